//! 选项: the options of a select.

use kernel::html::escape;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use std::fmt::Write;

/// Values and words in order; the one whose value is `chosen` starts selected. A page has hundreds of them: written out,
/// as icons are.
#[must_use]
pub fn options<V: AsRef<str>, W: AsRef<str>>(options: impl IntoIterator<Item = (V, W)>, chosen: &str) -> AnyView {
    let mut written = String::new();
    for (value, words) in options {
        let (value, words) = (value.as_ref(), words.as_ref());
        let selected = if value == chosen { " selected" } else { "" };
        // Writing into a string does not fail.
        let _ = write!(written, r#"<option value="{}"{selected}>{}</option>"#, escape(value), escape(words));
    }
    InertElement::new(written).into_any()
}

#[cfg(test)]
mod tests {
    use super::options;
    use leptos::prelude::RenderHtml;

    #[test]
    fn words_are_escaped_and_one_is_selected() {
        let drawn = options([("", "–"), ("a", "<b>\"&")], "a").to_html();
        assert_eq!(drawn, r#"<option value="">–</option><option value="a" selected>&lt;b&gt;&quot;&amp;</option>"#);
    }
}

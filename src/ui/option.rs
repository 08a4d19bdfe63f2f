//! 选项: the options of a select.

use crate::written::Written;
use maud::html;

/// Values and words in order; the one whose value is `chosen` starts selected.
#[must_use]
pub fn options<V: AsRef<str>, W: AsRef<str>>(options: impl IntoIterator<Item = (V, W)>, chosen: &str) -> Written {
    html! {
        @for (value, words) in options {
            option value=(value.as_ref()) selected[value.as_ref() == chosen] { (words.as_ref()) }
        }
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::options;
    use leptos::prelude::RenderHtml;

    #[test]
    fn words_are_escaped_and_one_is_selected() {
        let drawn = options([("", "–"), ("a", "<b>\"&")], "a").into_any().to_html();
        assert_eq!(drawn, r#"<option value="">–</option><option value="a" selected>&lt;b&gt;&quot;&amp;</option>"#);
    }
}

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

/// The same in groups under their words, behind one of no value; what is alone in a group of its own words stands by itself.
#[must_use]
pub fn grouped(empty: &str, groups: &[(String, Vec<(String, String)>)], chosen: &str) -> Written {
    html! {
        option value="" selected[chosen.is_empty()] { (empty) }
        @for (words, rows) in groups {
            @if rows.len() == 1 && rows[0].1 == *words {
                option value=(rows[0].0) selected[rows[0].0 == chosen] { (words) }
            } @else {
                optgroup label=(words) {
                    @for (value, words) in rows {
                        option value=(value) selected[*value == *chosen] { (words) }
                    }
                }
            }
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

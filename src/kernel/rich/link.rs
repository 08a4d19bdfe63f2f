//! Addresses in plain text.

use crate::html::escape;

/// Text with its addresses as links and its line breaks as such.
pub(super) fn linked(out: &mut String, text: &str) {
    let lines = |text: &str| escape(text).replace('\n', "<br>");
    let mut rest = text;
    while let Some(at) = rest.find("http://").into_iter().chain(rest.find("https://")).min() {
        let url = address(&rest[at..]);
        out.push_str(&lines(&rest[..at]));
        let words = escape(url);
        if url.ends_with("://") {
            out.push_str(&words);
        } else {
            out.push_str(&format!("<a href=\"{words}\" rel=\"noopener noreferrer nofollow\">{words}</a>"));
        }
        rest = &rest[at + url.len()..];
    }
    out.push_str(&lines(rest));
}

/// How far an address reaches: Chinese words follow it without a space, and a full stop behind it is not its own.
fn address(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '\'' | '`')).unwrap_or(text.len());
    let mut url = &text[..end];
    while let Some(last) = url.chars().next_back() {
        let is_loose = match last {
            ')' => url.matches(')').count() > url.matches('(').count(),
            ']' => url.matches(']').count() > url.matches('[').count(),
            _ => matches!(last, '.' | ',' | ';' | ':' | '!' | '?'),
        };
        if !is_loose {
            break;
        }
        url = &url[..url.len() - 1];
    }
    if url.len() > "https:".len() { url } else { &text[..text.find("://").map_or(0, |at| at + 3)] }
}

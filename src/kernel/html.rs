//! Rich text: sanitised on write and on read (S10), with a depth guard before every parser that is quadratic on
//! nesting.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Version of the rules below; stored beside sanitised text, and older text is sanitised again when it is read.
pub const SANITISER: i16 = 1;

/// Deepest nesting given to a parser: 50,000 levels cost 14 s.
const DEEPEST: usize = 500;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
    .into();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", ["href", "title"].into()),
        ("img", ["src", "alt", "width", "height"].into()),
        ("td", ["colspan", "rowspan", "align", "valign"].into()),
        ("th", ["colspan", "rowspan", "align", "valign"].into()),
        ("col", ["span", "width"].into()),
        ("ol", ["start"].into()),
        ("font", ["color"].into()),
    ]
    .into();
    let mut builder = ammonia::Builder::default();
    builder
        .tags(tags)
        .clean_content_tags(["script", "style", "title", "noscript", "template"].into())
        .tag_attributes(attributes)
        .generic_attributes(["dir", "lang"].into())
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    builder
});

/// Sanitised HTML of anything: no scripts, styles, frames, forms, svg or math; links of known schemes only (S13).
#[must_use]
pub fn sanitise(html: &str) -> String {
    CLEANER.clean(&shallow(html)).to_string()
}

/// Text of HTML, links as footnotes and quotes with `>`, for searching and previews.
#[must_use]
pub fn to_text(html: &str) -> String {
    let text = html2text::config::plain_no_decorate().string_from_read(shallow(html).as_bytes(), 10_000).unwrap_or_default();
    text.trim().to_owned()
}

/// HTML of plain text: escaped, with paragraphs and line breaks.
#[must_use]
pub fn from_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for paragraph in text.replace("\r\n", "\n").split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        out.push_str("<p>");
        out.push_str(&escape(paragraph.trim_matches('\n')).replace('\n', "<br>"));
        out.push_str("</p>");
    }
    out
}

/// Escapes text for HTML content and quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The same HTML, or its bare text when it is nested too deep to be parsed in reasonable time.
pub(crate) fn shallow(html: &str) -> Cow<'_, str> {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let bytes = html.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'<' {
            continue;
        }
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(next) if next.is_ascii_alphabetic() && !is_void(&html[at + 1..]) => depth += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest <= DEEPEST {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    Cow::Owned(text)
}

fn is_void(tag: &str) -> bool {
    let name: String = tag.chars().take(5).take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    matches!(name.as_str(), "br" | "hr" | "img" | "col" | "meta" | "link" | "input" | "wbr" | "p" | "li" | "td" | "tr" | "th")
}

#[cfg(test)]
mod tests {
    use super::{from_text, sanitise, to_text};

    #[test]
    fn nothing_that_runs_survives() {
        for evil in [
            "<script>x()</script>",
            "<img src=x onerror=x()>",
            "<svg onload=x()>",
            "<a href='javascript:x()'>a</a>",
            "<math><mtext><table><mglyph><style><img src onerror=x()>",
            "<iframe src=//e>",
            "<form action=//e><input></form>",
            "<a href=\"java\tscript:x()\">a</a>",
            "<style>@import '//e'</style>",
            "<object data=//e>",
            "<a href=\"data:text/html,x\">a</a>",
        ] {
            let clean = sanitise(evil);
            for bad in ["script", "onerror", "onload", "<svg", "<math", "<iframe", "<form", "<style", "<object", "data:"] {
                assert!(!clean.contains(bad), "{evil} → {clean}");
            }
            assert_eq!(sanitise(&clean), clean, "sanitising twice changes nothing");
        }
    }

    #[test]
    fn deep_nesting_is_flattened_quickly() {
        let deep = format!("{}text", "<div>".repeat(50_000));
        assert_eq!(sanitise(&deep), "text");
        assert_eq!(to_text(&deep), "text");
    }

    #[test]
    fn text_becomes_paragraphs() {
        assert_eq!(from_text("a\nb\n\n<c>"), "<p>a<br>b</p><p>&lt;c&gt;</p>");
    }
}

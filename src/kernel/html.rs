//! Rich text: sanitised on write and on read (S10), with a depth guard before every parser that is quadratic on
//! nesting.

use html2text::render::TextDecorator;
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

/// Text of HTML, quotes with `>`, tables cell by cell, for searching and previews.
#[must_use]
pub fn to_text(html: &str) -> String {
    const WIDTH: usize = 100_000;
    let bare = html2text::config::with_decorator(Bare).raw_mode(true).allow_width_overflow();
    let html = shallow(html).replace("<hr", "<p>-----</p><hr").replace("<HR", "<p>-----</p><hr");
    let text = bare.string_from_read(html.as_bytes(), WIDTH).unwrap_or_default();
    let mut out = String::with_capacity(text.len().min(html.len()));
    let mut blank = 0;
    for line in text.lines() {
        let line = line.replace('\u{a0}', " ");
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
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

/// Words without marks: no stars for bold text, no brackets for links.
#[derive(Clone)]
struct Bare;

impl TextDecorator for Bare {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        Default::default()
    }

    fn decorate_link_end(&mut self) -> String {
        String::new()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        Default::default()
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        Default::default()
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        Default::default()
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        Default::default()
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        // Programs write the name of the file where nobody described the picture.
        let is_name = [".png", ".jpg", ".jpeg", ".gif", ".bmp"].iter().any(|end| title.trim().to_lowercase().ends_with(end));
        (if is_name { String::new() } else { title.trim().to_owned() }, ())
    }

    fn decorate_superscript_start(&self) -> (String, ()) {
        Default::default()
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Bare
    }
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
    fn text_is_what_a_reader_sees() {
        for (html, text) in [
            ("<p>a <b>bold</b> <a href='https://x.example'>link</a></p>", "a bold link"),
            ("<h1>Title</h1><p>x&nbsp;y</p>", "Title\n\nx y"),
            ("<table border=1><tr><td>a</td><td>b</td></tr><tr><td>c</td><td><table><tr><td>d</td></tr></table></td></tr></table>", "a\nb\nc\nd"),
            ("a<hr>b", "a\n\n-----\n\nb"),
            ("<p>a</p><p>&nbsp;</p><p></p><p>b</p>", "a\n\nb"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<img src=x alt=''><img src=y><img src=z alt='image001.PNG'> <img src=l alt='Logo'>", "Logo"),
            ("a<br>b<div>c</div><div>d</div>", "a\nb\nc\nd"),
            ("<title>t</title><style>p{}</style>x", "x"),
            ("<blockquote>q</blockquote>", "> q"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    #[test]
    fn text_becomes_paragraphs() {
        assert_eq!(from_text("a\nb\n\n<c>"), "<p>a<br>b</p><p>&lt;c&gt;</p>");
    }
}

//! Rich text: sanitised on write and on read (S10), with a look at the cost before it is parsed.

mod cost;

use cost::Reading;
use html2text::Element;
use html2text::render::TextDecorator;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Version of the rules below; stored beside sanitised text, and older text is sanitised again when it is read.
pub const SANITISER: i16 = 1;

/// Most characters that quote signs and indents may add to a text: each stands before every line inside.
const MOST_INDENTS: usize = 32 * 1024 * 1024;

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
    let html = html.replace("<hr", "<p>-----</p><hr").replace("<HR", "<p>-----</p><hr");
    let html = affordable(&html, Reading::Page);
    let text = read(&html, WIDTH).unwrap_or_else(|| bare(&html));
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
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // What needs no escape is copied in one go.
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
    out
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

/// The text of affordable HTML; `None` when quotes in quotes would make it many times longer than itself.
fn read(html: &str, width: usize) -> Option<String> {
    let config = html2text::config::with_decorator(Bare).raw_mode(true).allow_width_overflow();
    let dom = config.parse_html(html.as_bytes()).ok()?;
    let (mut indents, mut deepest, mut has_pre) = (0_usize, 0, false);
    let mut open = vec![(dom.document.clone(), 0_usize)];
    while let Some((node, mut depth)) = open.pop() {
        if let Element { name, attrs, .. } = &node.data {
            depth += usize::from(matches!(&*name.local, "blockquote" | "ul" | "ol" | "li" | "dl" | "dd" | "dt"));
            has_pre |= &*name.local == "pre";
            // Cells stand one below the other, however far they reach; and no number is longer than a text of them.
            attrs.borrow_mut().retain(|attribute| match &*attribute.name.local {
                "colspan" | "rowspan" => false,
                "start" => attribute.value.parse::<u16>().is_ok(),
                _ => true,
            });
        }
        indents += depth;
        deepest = deepest.max(depth);
        open.extend(node.children.borrow().iter().map(|child| (child.clone(), depth)));
    }
    const LONGEST_INDENT: usize = 8;
    let lines = if has_pre { html.bytes().filter(|byte| *byte == b'\n').count() } else { 0 };
    if (indents + lines * deepest) * LONGEST_INDENT > MOST_INDENTS {
        return None;
    }
    let tree = config.dom_to_render_tree(&dom).ok()?;
    config.render_to_string(tree, width).ok()
}

/// The same HTML, or its bare text when it is made to be too much for a parser.
pub(crate) fn shallow(html: &str) -> Cow<'_, str> {
    affordable(html, Reading::Fragment)
}

fn affordable(html: &str, reading: Reading) -> Cow<'_, str> {
    if cost::is_bearable(html, reading) { Cow::Borrowed(html) } else { Cow::Owned(bare(html)) }
}

/// What stands between the tags, each on its line.
fn bare(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests;

//! 富文本: what people write in the editor. The elements are those of the editor's schema (`ui/editor/schema.mjs`) and no
//! others, so what is stored, shown, mailed and opened in the editor again is one and the same.

mod link;
mod plain;
mod token;

use crate::html::{escape, shallow};
use link::linked;
use plain::Writer;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use token::{Tag, Token, decoded, mapped, tokens};

/// Elements of the editor.
pub const TAGS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h2",
    "h3",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", ["href"].into()),
        ("img", ["src", "alt"].into()),
        ("td", ["colspan", "rowspan"].into()),
        ("th", ["colspan", "rowspan"].into()),
        ("ol", ["start"].into()),
    ]
    .into();
    let mut builder = ammonia::Builder::default();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(["script", "style", "title", "noscript", "template"].into())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(["http", "https", "mailto", "tel", "cid"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .attribute_filter(|element, attribute, value| {
            let fits = match (element, attribute) {
                // A picture of another site would tell it who reads the ticket: only our own files stand in the text.
                ("img", "src") => value.starts_with("cid:"),
                ("a", "href") => !value.starts_with("cid:"),
                (_, "colspan" | "rowspan" | "start") => value.parse::<u16>().is_ok_and(|number| number <= 1000),
                _ => true,
            };
            fits.then(|| value.into())
        })
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    builder
});

/// Sanitised HTML of what was written: the editor's elements, links of known schemes, pictures that are files of ours.
#[must_use]
pub fn clean(html: &str) -> String {
    // A picture without a source is a broken one.
    let mut cleaned =
        mapped(&CLEANER.clean(&shallow(html)).to_string(), |tag| (tag.name == "img" && tag.attribute("src").is_none()).then(String::new));
    // Parsers drop the line break that begins a `pre`, one each time they read it.
    while cleaned.contains("<pre>\n") {
        cleaned = cleaned.replace("<pre>\n", "<pre>");
    }
    cleaned
}

/// HTML of plain text: paragraphs, line breaks, and links of addresses.
#[must_use]
pub fn from_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for paragraph in text.replace("\r\n", "\n").split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        out.push_str("<p>");
        linked(&mut out, paragraph.trim_matches('\n'));
        out.push_str("</p>");
    }
    clean(&out)
}

/// Characters of text in sanitised HTML; markup and line breaks count nothing, as in the editor.
#[must_use]
pub fn count(clean: &str) -> usize {
    tokens(clean).map(|token| if let Token::Text(text) = token { decoded(text).chars().count() } else { 0 }).sum()
}

/// What the pictures of sanitised HTML are called, each once.
#[must_use]
pub fn pictures(clean: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens(clean) {
        if let Token::Tag(tag) = token
            && let Some(name) = picture(&tag)
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

/// The same without the pictures that are not to be kept.
#[must_use]
pub fn without_pictures(clean: &str, keep: impl Fn(&str) -> bool) -> String {
    mapped(clean, |tag| picture(tag).filter(|name| !keep(name)).map(|_| String::new()))
}

/// Whether sanitised HTML of a mail is nothing but words: paragraphs, lists, quotes, emphasis, links, and pictures that it
/// brought along. Tables, colours, headings of a page's size and pictures of other sites are somebody's layout.
#[must_use]
pub fn is_plain(clean: &str) -> bool {
    tokens(clean).all(|token| match token {
        Token::Text(_) => true,
        Token::Tag(tag) => match tag.name {
            "img" => picture(&tag).is_some(),
            "font" => tag.attribute("color").is_none(),
            "table" | "tbody" | "td" | "th" | "tr" => false,
            // What mail programs put around lines and words where the editor has elements of its own.
            "b" | "del" | "div" | "i" | "ins" | "small" | "span" | "strike" | "sub" | "sup" | "u" => true,
            name => TAGS.contains(&name),
        },
    })
}

/// How many pictures of sanitised HTML lie elsewhere.
#[must_use]
pub fn outside_pictures(clean: &str) -> usize {
    tokens(clean)
        .filter(
            |token| matches!(token, Token::Tag(tag) if tag.attribute("src").is_some_and(|source| tag.name == "img" && is_outside(&source))),
        )
        .count()
}

/// The same HTML with another source for each picture. One that gets none gives way to the words that stand for it, so
/// that nothing is asked for and nothing looks broken.
#[must_use]
pub fn with_pictures(clean: &str, source: impl Fn(&str) -> Option<String>) -> String {
    mapped(clean, |tag| {
        let was = tag.attribute("src").filter(|_| tag.name == "img" && !tag.is_end);
        let now = was.as_deref().and_then(&source);
        match (tag.name, now) {
            ("img", Some(now)) => {
                let size =
                    ["alt", "width", "height"].iter().filter_map(|name| Some(format!(" {name}=\"{}\"", escape(&tag.attribute(name)?))));
                Some(format!("<img src=\"{}\"{}>", escape(&now), size.collect::<String>()))
            }
            ("img", None) => {
                let words = tag.attribute("alt").unwrap_or_default();
                Some(if words.trim().is_empty() {
                    String::new()
                } else {
                    format!("<span class=\"picture\">{}</span>", escape(words.trim()))
                })
            }
            _ => None,
        }
    })
}

/// Whether a picture's source is another site's.
#[must_use]
pub fn is_outside(source: &str) -> bool {
    let source = source.trim_start().to_ascii_lowercase();
    source.starts_with("http:") || source.starts_with("https:")
}

/// Whether nothing was written: no word and no picture.
#[must_use]
pub fn is_empty(clean: &str) -> bool {
    tokens(clean).all(|token| match token {
        Token::Text(text) => decoded(text).trim().is_empty(),
        Token::Tag(tag) => tag.name != "img",
    })
}

/// The same for mail programs, which bring no style sheet: tables get lines, quotes an edge.
#[must_use]
pub fn for_mail(clean: &str) -> String {
    mapped(clean, |tag| {
        let dressed = match tag.name {
            _ if tag.is_end => return None,
            "table" => "<table border=\"1\" cellspacing=\"0\" cellpadding=\"6\" style=\"border-collapse:collapse\">",
            "blockquote" => "<blockquote style=\"margin:0 0 0 4px;padding-left:12px;border-left:3px solid #c8d0d6\">",
            "pre" => "<pre style=\"white-space:pre-wrap;padding:8px 12px;background:#f4f6f8\">",
            _ => return None,
        };
        Some(dressed.to_owned())
    })
}

/// Text of sanitised HTML, as one would type it: paragraphs apart, `- ` and `1. ` before items, `> ` before quotes, ` | `
/// between cells, addresses behind their words.
#[must_use]
pub fn to_text(clean: &str) -> String {
    let mut writer = Writer::default();
    for token in tokens(clean) {
        match token {
            Token::Text(text) => writer.text(&decoded(text)),
            Token::Tag(tag) if tag.is_end => writer.end(tag.name),
            Token::Tag(tag) => writer.start(&tag),
        }
    }
    writer.flush();
    writer.out.trim().to_owned()
}

fn picture(tag: &Tag) -> Option<String> {
    let source = tag.attribute("src").filter(|_| tag.name == "img")?;
    source.strip_prefix("cid:").map(str::to_owned)
}

#[cfg(test)]
mod tests;

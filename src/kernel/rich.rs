//! 富文本: what people write in the editor. The elements are those of the editor's schema (`ui/editor/schema.mjs`) and no
//! others, so what is stored, shown, mailed and opened in the editor again is one and the same.

use crate::html::{escape, shallow};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

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

/// A part of sanitised HTML.
enum Token<'a> {
    Tag(Tag<'a>),
    Text(&'a str),
}

struct Tag<'a> {
    name: &'a str,
    is_end: bool,
    attributes: &'a str,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.attributes.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| decoded(value))
    }
}

/// Reads what the cleaner wrote: lower-case names, every value in double quotes, `<` in words escaped.
fn tokens(clean: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = clean;
    core::iter::from_fn(move || {
        let Some(inside) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            return (!text.is_empty()).then_some(Token::Text(text));
        };
        let mut is_quoted = false;
        let end = inside.find(|c: char| {
            is_quoted ^= c == '"';
            c == '>' && !is_quoted
        });
        let (tag, after) = inside.split_at(end.unwrap_or(inside.len()));
        rest = after.strip_prefix('>').unwrap_or(after);
        let is_end = tag.starts_with('/');
        let tag = tag.trim_start_matches('/');
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        Some(Token::Tag(Tag { name, is_end, attributes }))
    })
}

/// The same HTML with some tags replaced.
fn mapped(clean: &str, replace: impl Fn(&Tag) -> Option<String>) -> String {
    let mut out = String::with_capacity(clean.len());
    for token in tokens(clean) {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Tag(tag) => match replace(&tag) {
                Some(other) => out.push_str(&other),
                None => {
                    out.push_str(if tag.is_end { "</" } else { "<" });
                    out.push_str(tag.name);
                    out.push_str(tag.attributes);
                    out.push('>');
                }
            },
        }
    }
    out
}

fn picture(tag: &Tag) -> Option<String> {
    let source = tag.attribute("src").filter(|_| tag.name == "img")?;
    source.strip_prefix("cid:").map(str::to_owned)
}

/// The five entities that the cleaner writes.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// Text with its addresses as links and its line breaks as such.
fn linked(out: &mut String, text: &str) {
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

/// Writes text line by line.
#[derive(Default)]
struct Writer {
    out: String,
    line: String,
    /// What stands before every line of a container.
    before: Vec<String>,
    /// What stands instead before the first line of an item.
    marker: Option<String>,
    /// The number that the next item of each list has; none in a list without numbers.
    lists: Vec<Option<u32>>,
    links: Vec<(String, usize)>,
    has_gap: bool,
    is_in_code: bool,
    cells: usize,
    items: usize,
    is_first_cell: bool,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if !self.is_in_code {
            self.line.push_str(&text.replace('\n', " "));
            return;
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.push_line();
            }
            self.line.push_str(line);
        }
    }

    fn start(&mut self, tag: &Tag) {
        match tag.name {
            "p" | "h2" | "h3" => self.block(),
            "pre" => {
                self.block();
                self.is_in_code = true;
            }
            "blockquote" => {
                self.block();
                self.before.push("> ".to_owned());
            }
            "ul" | "ol" => {
                self.block();
                let first = tag.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
                self.lists.push((tag.name == "ol").then_some(first));
            }
            "li" => {
                self.flush();
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.before.push(" ".repeat(marker.len()));
                self.marker = Some(marker);
                self.items += 1;
            }
            "table" => self.block(),
            "tr" => self.is_first_cell = true,
            "td" | "th" => {
                if !self.is_first_cell {
                    self.line.push_str(" | ");
                }
                self.is_first_cell = false;
                self.cells += 1;
            }
            "br" if self.cells > 0 => self.line.push(' '),
            "br" => self.push_line(),
            "hr" => {
                self.block();
                self.line.push_str("---");
                self.end("hr");
            }
            "img" => {
                if let Some(alt) = tag.attribute("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.line.push_str(&format!("[{alt}]"));
                }
            }
            "a" => self.links.push((tag.attribute("href").unwrap_or_default(), self.line.len())),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h2" | "h3" | "hr" | "table" => self.close(),
            "pre" => {
                self.is_in_code = false;
                self.close();
            }
            "blockquote" => {
                self.flush();
                self.before.pop();
                self.close();
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
                self.close();
            }
            "li" => {
                self.flush();
                self.before.pop();
                self.marker = None;
                self.has_gap = false;
                self.items = self.items.saturating_sub(1);
            }
            "td" | "th" => self.cells = self.cells.saturating_sub(1),
            "tr" if self.cells == 0 => self.flush(),
            "a" => {
                if let Some((href, from)) = self.links.pop() {
                    let words = self.line.get(from..).unwrap_or_default().trim().to_owned();
                    let bare = |text: &str| text.trim_start_matches("mailto:").trim_start_matches("tel:").trim_end_matches('/').to_owned();
                    if !href.is_empty() && bare(&href) != bare(&words) {
                        self.line.push_str(&format!(" ({href})"));
                    }
                }
            }
            _ => {}
        }
    }

    /// A block begins.
    fn block(&mut self) {
        if self.cells > 0 {
            if !self.line.ends_with([' ', '|']) && !self.line.is_empty() {
                self.line.push(' ');
            }
            return;
        }
        self.flush();
        self.fill_gap();
    }

    /// A block ends: outside items the next one stands apart.
    fn close(&mut self) {
        if self.cells == 0 {
            self.flush();
            self.has_gap = self.items == 0;
        }
    }

    fn flush(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
        } else {
            self.push_line();
        }
    }

    fn push_line(&mut self) {
        self.fill_gap();
        let marked = self.marker.take();
        let kept = self.before.len() - usize::from(marked.is_some());
        let line = format!("{}{}{}", self.before[..kept].concat(), marked.unwrap_or_default(), self.line);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
        self.line.clear();
    }

    fn fill_gap(&mut self) {
        if self.has_gap && !self.out.is_empty() {
            self.out.push_str(self.before.concat().trim_end());
            self.out.push('\n');
        }
        self.has_gap = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{TAGS, clean, count, for_mail, from_text, is_empty, pictures, to_text, tokens, without_pictures};
    use crate::html::sanitise;
    use proptest::prelude::*;

    /// One of everything that the editor makes.
    const ALL: &str = "<h2>标题</h2><h3>小</h3><p><strong>粗</strong><em>斜</em><s>删</s><code>码</code><br>\
        <a href=\"https://a.example/?b=1&amp;c=2\" rel=\"noopener noreferrer nofollow\">链接</a><img src=\"cid:0190\" alt=\"图\"></p>\
        <ul><li><p>一</p><ol start=\"3\"><li><p>二</p></li></ol></li></ul><blockquote><p>引</p></blockquote><pre><code>let a = 1 &lt; 2;\n</code></pre>\
        <hr><table><tbody><tr><th colspan=\"2\"><p>甲</p></th></tr><tr><td rowspan=\"2\"><p>乙</p></td><td><p>丙</p></td></tr></tbody></table>";

    #[test]
    fn what_the_editor_makes_stays_as_it_is() {
        assert_eq!(clean(ALL), ALL);
        assert_eq!(sanitise(ALL), ALL, "reading again with the rules of mail changes nothing");
        for tag in TAGS {
            assert!(ALL.contains(&format!("<{tag}")), "{tag} is not in the sample");
        }
    }

    #[test]
    fn nothing_else_gets_through() {
        for (written, expected) in [
            ("<p onclick=\"x()\" style=\"color:red\" class=\"a\" id=\"b\">a</p>", "<p>a</p>"),
            ("<script>x()</script><style>a{}</style>b", "b"),
            ("<a href=\"javascript:x()\">a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
            ("<a href=\"java\tscript:x()\">a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
            ("<a href=\"cid:a\">a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
            ("<p>a<img src=\"https://spy.example/p.png\" alt=\">\">b<img src=x onerror=x()>c</p>", "<p>abc</p>"),
            ("<img src=\"cid:1\" alt=\"&quot;>&lt;script>\" onload=\"x()\">", "<img src=\"cid:1\" alt=\"&quot;&gt;&lt;script&gt;\">"),
            ("<div><font color=red>a</font></div>", "a"),
            ("<iframe srcdoc=\"<script>\"></iframe><form><input></form><object></object>a", "a"),
            ("<ol start=\"99999999\"><li>a</li></ol>", "<ol><li>a</li></ol>"),
            ("<!-- a --><p>b", "<p>b</p>"),
        ] {
            let cleaned = clean(written);
            assert_eq!(cleaned, expected, "{written}");
            assert_eq!(clean(&cleaned), cleaned, "cleaning twice changes nothing");
        }
    }

    #[test]
    fn markup_that_changes_when_it_is_read_again_runs_nothing() {
        for evil in [
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
            "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<table><table><td><table><script>x()</script></table></table>",
            "<p><table><tr><td><svg><desc><table><tr><td><a href=javascript:x()>a",
            "<pre>\n\n<script>x()</script></pre>",
            "<pre><img src=x onerror=x()>\n</pre>",
            "<a href=\"&#106;avascript:x()\">a</a>",
            "<img src=\"cid:a\" alt=\"`><img src=x onerror=x()>\">",
        ] {
            let once = clean(evil);
            assert_eq!(clean(&once), once, "{evil}");
            assert_eq!(sanitise(&once), once, "{evil}");
            for bad in ["<script", "<style", "<svg", "<math", "<form", "javascript:", "<img src=\"1", "<img src=x"] {
                let outside: String = tokens(&once)
                    .map(|token| if let super::Token::Tag(tag) = token { format!("<{}", tag.name) } else { String::new() })
                    .collect();
                assert!(!outside.contains(bad), "{evil} → {once}");
            }
        }
    }

    #[test]
    fn text_is_counted_without_markup() {
        assert_eq!(count("<p>你好&amp;<strong>a&nbsp;b</strong></p><p>𠮷</p>"), 7);
        assert_eq!(count("<img src=\"cid:a\" alt=\"a > b\">"), 0);
        assert!(is_empty("<p>&nbsp; </p><ul><li><p></p></li></ul>"));
        assert!(!is_empty("<p><img src=\"cid:a\"></p>") && !is_empty("<p>a</p>"));
    }

    #[test]
    fn text_of_html_is_what_one_would_type() {
        let written = "<h2>步骤</h2><ol><li><p>打开<a href=\"https://a.example/x\">订单</a></p><ul><li><p>再点</p></li></ul></li><li><p>完成</p></li></ol>\
            <blockquote><p>原话</p><p>又一段</p></blockquote><p>a<br>b &lt; c</p><pre><code>x\n\n  y</code></pre>\
            <table><tbody><tr><th><p>货</p></th><th><p>价</p></th></tr><tr><td><p>笔</p></td><td><p>3</p></td></tr></tbody></table>\
            <p><a href=\"https://b.example\">https://b.example</a> <img src=\"cid:1\" alt=\"截图\"></p>";
        let expected = "步骤\n\n1. 打开订单 (https://a.example/x)\n   - 再点\n2. 完成\n\n> 原话\n>\n> 又一段\n\na\nb < c\n\nx\n\n  y\n\n货 | 价\n笔 | 3\n\nhttps://b.example [截图]";
        assert_eq!(to_text(written), expected);
    }

    #[test]
    fn text_becomes_paragraphs_with_links() {
        let link = |url: &str| format!("<a href=\"{url}\" rel=\"noopener noreferrer nofollow\">{url}</a>");
        assert_eq!(from_text("a\nb\n\n<c>"), "<p>a<br>b</p><p>&lt;c&gt;</p>");
        assert_eq!(from_text("见https://a.example/x?y=1，谢谢"), format!("<p>见{}，谢谢</p>", link("https://a.example/x?y=1")));
        assert_eq!(from_text("(http://a.example/b_(c))."), format!("<p>({}).</p>", link("http://a.example/b_(c)")));
        assert_eq!(from_text("https:// http://"), "<p>https:// http://</p>");
        assert_eq!(from_text("https://a.example/\"onclick=x"), format!("<p>{}\"onclick=x</p>", link("https://a.example/")));
    }

    #[test]
    fn pictures_are_found_and_dropped_by_name() {
        let html = "<p><img src=\"cid:a\" alt=\"src=cid:c\"><img src=\"cid:b\"><img src=\"cid:a\">x</p>";
        assert_eq!(pictures(html), ["a", "b"]);
        assert_eq!(without_pictures(html, |name| name == "b"), "<p><img src=\"cid:b\">x</p>");
    }

    #[test]
    fn mail_programs_get_lines_around_tables() {
        let mailed = for_mail("<p><img src=\"cid:a\" alt=\"<table>\"></p><table><tbody></tbody></table>");
        assert_eq!(mailed.matches("border-collapse").count(), 1, "{mailed}");
    }

    proptest! {
        #[test]
        fn plain_text_comes_back_and_is_counted(text in "[a-z0-9 <>&\"'，。你好\n/:.]{0,200}") {
            let html = from_text(&text);
            prop_assert_eq!(clean(&html), html.clone(), "what we make ourselves is clean");
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&to_text(&html)), bare(&text));
            prop_assert!(count(&html) <= text.chars().count());
        }

        #[test]
        fn no_markup_gets_through_however_often_it_is_read(parts in proptest::collection::vec(prop_oneof![
            Just("<p>"), Just("</p>"), Just("<table>"), Just("<tr>"), Just("<td>"), Just("</table>"), Just("<svg>"), Just("<math>"), Just("<style>"),
            Just("</style>"), Just("<!--"), Just("-->"), Just("<img src=x onerror=x()>"), Just("<a href='javascript:x()'>"), Just("\""), Just("'"), Just(">"),
            Just("<li>"), Just("<pre>"), Just("\n"), Just("&lt;script&gt;"), Just("<noscript>"), Just("<title>"), Just("<b>"), Just("你"), Just("&"),
        ], 0..30)) {
            let once = clean(&parts.concat());
            let (again, by_rules_of_mail) = (clean(&once), sanitise(&once));
            for token in [&once, &again, &by_rules_of_mail].into_iter().flat_map(|html| tokens(html)) {
                if let super::Token::Tag(tag) = token {
                    prop_assert!(TAGS.contains(&tag.name), "{}", tag.name);
                    prop_assert!(!tag.attributes.contains(" on") && !tag.attributes.contains("javascript"), "{}", tag.attributes);
                }
            }
        }
    }
}

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
mod tests {
    use super::{from_text, sanitise, to_text};
    use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};
    use proptest::sample::select;
    use proptest::test_runner::Config;

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
    fn small_bombs_do_not_go_off() {
        let fonts = |count: usize| (0..count).map(|at| format!("<font color=c{at}>")).collect::<String>();
        let attributes = (0..40_000).map(|at| format!(" a{at}")).collect::<String>();
        for bomb in [
            // Every paragraph opens all of them again.
            format!("<p>{}</p>{}", fonts(400), "<p>x</p>".repeat(1_000)),
            // The end of a paragraph that is not open is no step up.
            format!("{}x", "<div></p>".repeat(2_000)),
            format!("{}x", "<div></br></p></li>".repeat(2_000)),
            format!("{}x", "<table><tr><td>".repeat(1_000)),
            format!("{}x", fonts(2_000)),
            // One long word, said again in every paragraph.
            format!("<p><font color={}></p>{}", "c".repeat(1_000_000), "<p>x</p>".repeat(500)),
            // Each is put before the table and looks for its place.
            format!("<table>{}", "<i></i>x".repeat(20_000)),
            format!("<a{attributes}>x"),
            format!("<!-- <a x=\" --><a{attributes}>x"),
            "<select><selectedcontent></select>x".to_owned(),
        ] {
            let start = &bomb[..60.min(bomb.len())];
            assert_eq!(sanitise(&bomb).matches('<').count(), 0, "{start}");
            let text = to_text(&bomb);
            assert!(text.contains('x') && text.len() <= bomb.len(), "{start}");
        }
        // Cheap to parse, but its text would be indented by more than it says.
        let quotes = format!("{}<pre>{}", "<blockquote>".repeat(200), "x\n".repeat(200_000));
        assert!(to_text(&quotes).len() <= quotes.len());
        // Numbers that no table has.
        for wide in
            ["<table><tr><td colspan=18446744073709551615>x<td colspan=2 rowspan=99999999999>", "<ol start=9223372036854775807><li>x<li>y"]
        {
            assert!(to_text(wide).contains('x'), "{wide}");
        }
    }

    #[test]
    fn a_long_ordinary_page_keeps_its_shape() {
        let row = "<tr><td align=left><font color=red><b>x</b></font></td><td><p>y<br>z</p></td><td><a href='https://s.example/a?b=c'>k</a></td></tr>\n";
        let table = format!("<table><tbody>{}</tbody></table>", row.repeat(6_000));
        assert_eq!(sanitise(&table).matches("<tr>").count(), 6_000);
        let replies = format!("{}x", "<div class=gmail_quote><blockquote><div dir=ltr>y<br>".repeat(100));
        assert_eq!(sanitise(&replies).matches("<blockquote>").count(), 100);
        assert!(to_text(&replies).contains("> > > y"));
        let picture = format!("<p>x<img alt=a src='data:image/png;base64,{}'>", "abc/".repeat(30_000));
        assert_eq!(sanitise(&picture), "<p>x<img alt=\"a\"></p>");
    }

    /// Pieces of pages in any order, some of them very often.
    fn soup() -> impl Strategy<Value = String> {
        const PIECES: [&str; 44] = [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<b>",
            "</b>",
            "<i x=1>",
            "</i>",
            "<a href=https://s.example>",
            "</a>",
            "<font color=C>",
            "</font>",
            "<table>",
            "</table>",
            "<tr>",
            "<td colspan=3>",
            "</td>",
            "<caption>",
            "<ul>",
            "<li>",
            "</li>",
            "<blockquote>",
            "</blockquote>",
            "<pre>\n",
            "<object>",
            "</object>",
            "<template>",
            "</template>",
            "<select>",
            "<option>",
            "<svg>",
            "<math><mtext>",
            "</svg>",
            "<style>",
            "<!--",
            "-->",
            "<nobr>",
            "<button>",
            "<form>",
            "<body a=1>",
            "<frameset>",
            "text &amp; ",
            "</",
            "<hr><br>",
        ];
        let some = (prop::collection::vec(select(&PIECES[..]), 1..6), 1..400_usize, any::<bool>());
        prop::collection::vec(some, 1..8).prop_map(|runs| {
            let mut html = String::new();
            for (pieces, count, is_often) in runs {
                for at in 0..if is_often { count } else { 1 } {
                    for piece in &pieces {
                        html.push_str(&piece.replace('C', &at.to_string()));
                    }
                }
            }
            html
        })
    }

    proptest! {
        #![proptest_config(Config { cases: 48, ..Config::default() })]

        #[test]
        fn soup_is_survived(html in soup()) {
            const MOST: usize = 64 * 1024 * 1024;
            let clean = sanitise(&html);
            prop_assert!(clean.len() <= MOST && clean.matches('<').count() <= 400_000);
            prop_assert!(to_text(&html).len() <= MOST);
        }
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        for (html, text) in [
            ("<p>a <b>bold</b> <a href='https://x.example'>link</a></p>", "a bold link"),
            ("<h1>Title</h1><p>x&nbsp;y</p>", "Title\n\nx y"),
            (
                "<table border=1><tr><td>a</td><td>b</td></tr><tr><td>c</td><td><table><tr><td>d</td></tr></table></td></tr></table>",
                "a\nb\nc\nd",
            ),
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

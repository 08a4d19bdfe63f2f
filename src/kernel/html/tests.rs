//! Hostile and ordinary pages.

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

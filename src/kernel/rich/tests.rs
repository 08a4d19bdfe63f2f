use super::token::tokens;
use super::{
    TAGS, clean, count, for_mail, from_text, is_empty, is_plain, outside_pictures, pictures, to_text, with_pictures, without_pictures,
};
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
fn typed_text_is_plain_and_a_layout_is_not() {
    for plain in [
        "",
        "<p>您好<br>再见</p>",
        "<div dir=\"ltr\">a<b>b</b><span>c</span><font>d</font><ul><li>e</li></ul><blockquote>f</blockquote><pre>g</pre></div>",
        "<p><a href=\"https://a.example\">x</a><img src=\"cid:a\" width=\"9\"> 1 &lt; 2 <img src=\"cid:b\"></p>",
    ] {
        assert_eq!(sanitise(plain).replace(" rel=\"noopener noreferrer nofollow\"", ""), plain);
        assert!(is_plain(&sanitise(plain)), "{plain}");
    }
    for layout in [
        "<table><tr><td>a",
        "<font color=red>a</font>",
        "<img src=\"https://a.example/x\">",
        "<center>a</center>",
        "<h1>a</h1>",
        "<img alt=x>",
    ] {
        assert!(!is_plain(&sanitise(layout)), "{layout}");
    }
}

#[test]
fn pictures_of_other_sites_are_counted_and_give_way() {
    let html = sanitise(
        "<p><img src=\"https://a.example/x?a=1&b=2\" alt=\"<b>横幅\" width=9 height=8><img src='HTTP://b.example/y'><img src=\"cid:1\">src=\"http://c.example\"</p>",
    );
    assert_eq!(outside_pictures(&html), 2);
    let own = |source: &str| source.strip_prefix("cid:").map(|id| format!("data:{id}"));
    assert_eq!(
        with_pictures(&html, own),
        "<p><span class=\"picture\">&lt;b&gt;横幅</span><img src=\"data:1\">src=\"http://c.example\"</p>"
    );
    let all = with_pictures(&html, |source| Some(source.to_owned()));
    assert!(all.contains("<img src=\"https://a.example/x?a=1&amp;b=2\" alt=\"&lt;b&gt;横幅\" width=\"9\" height=\"8\">"), "{all}");
    assert_eq!(outside_pictures(&all), 2);
    let hostile = with_pictures(&html, |_| Some("https://x.example/\"><i onerror=x()>".to_owned()));
    assert_eq!(hostile.matches("src=\"https://x.example/&quot;&gt;&lt;i onerror=x()&gt;\"").count(), 3, "{hostile}");
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

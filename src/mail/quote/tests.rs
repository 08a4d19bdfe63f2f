//! Each client's own way of quoting.

use super::{fold_html, fold_text};

/// Each client's own way of quoting: its name, a mail, what is new in it.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "QQ Mail",
        "收到，谢谢。\n\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\" <kf@a.example>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: \"张三\"<zs@qq.com>;\n主题: Re: 订单\n\n您好",
        "收到，谢谢。",
    ),
    (
        "QQ Mail en",
        "Thanks\n\n------------------ Original ------------------\nFrom:  \"Support\"<s@a.example>;\nDate:  Fri, Nov 20, 2026 10:00 AM\nTo:  \"Li\"<l@qq.com>;\n\nhi",
        "Thanks",
    ),
    (
        "Foxmail",
        "好的\n\n\n\n张三\n \n发件人： 客服\n发送时间： 2026-11-20 10:00\n收件人： 张三\n主题： Re: 发货\n您好",
        "好的\n\n\n\n张三",
    ),
    ("Foxmail en", "ok\n\nFrom: Support\nDate: 2026-11-20 10:00\nTo: Li\nSubject: Re: x\nhello", "ok"),
    ("NetEase", "已经解决了\n\n在 2026-11-20 10:00:00，\"客服\" <kf@a.example> 写道：\n\n您好，请问\n还有问题吗", "已经解决了"),
    ("NetEase en", "fixed\n\nAt 2026-11-20 10:00:00, \"Support\" <kf@a.example> wrote:\n\nHello", "fixed"),
    (
        "NetEase master",
        "可以\n\n---- 回复的原邮件 ----\n| 发件人 | 客服<kf@a.example> |\n| 日期 | 2026年11月20日 10:00 |\n| 收件人 | zs@163.com |\n您好",
        "可以",
    ),
    (
        "Outlook zh",
        "请查收附件。\n\n________________________________\n发件人: 客服 <kf@a.example>\n发送时间: 2026年11月20日 10:00\n收件人: 张三 <zs@a.example>\n主题: 回复: 发票\n\n您好",
        "请查收附件。",
    ),
    (
        "Outlook zh old",
        "请查收\n\n-----邮件原件-----\n发件人: 客服 [mailto:kf@a.example]\n发送时间: 2026年11月20日 10:00\n收件人: 张三\n\n您好",
        "请查收",
    ),
    ("Outlook tw", "收到\n\n寄件者: 客服 <kf@a.example>\n寄件日期: 2026年11月20日\n收件者: 張三\n主旨: 發票\n\n您好", "收到"),
    (
        "Outlook en",
        "See attached.\n\nFrom: Support <s@a.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Li\nSubject: RE: Invoice\n\nHello",
        "See attached.",
    ),
    ("Outlook classic", "Yes\n\n-----Original Message-----\nFrom: Support\nSent: Friday\n\nHello", "Yes"),
    ("Gmail zh", "没问题\n\n客服 <kf@a.example> 于2026年11月20日周五 10:00写道：\n\n> 您好\n> 再见\n", "没问题"),
    ("Gmail en, two lines", "Sure\n\nOn Fri, Nov 20, 2026 at 10:00 AM Support Team\n<s@a.example> wrote:\n\n> Hello\n>\n> Bye", "Sure"),
    ("Apple Mail zh", "好\n\n> 在 2026年11月20日，上午10:00，客服 <kf@a.example> 写道：\n> \n> 您好", "好"),
    ("Apple Mail en", "Good\n\n> On Nov 20, 2026, at 10:00 AM, Support <s@a.example> wrote:\n> \n> Hello", "Good"),
    ("Thunderbird zh", "明白\n\n在 2026/11/20 10:00, 客服 写道:\n> 您好", "明白"),
    ("Gmail de", "Danke\n\nAm Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Support <s@a.example>:\n\n> Hallo", "Danke"),
    ("Gmail fr", "Merci\n\nLe ven. 20 nov. 2026 à 10:00, Support <s@a.example> a écrit :\n\n> Bonjour", "Merci"),
    ("bare quote below", "answer\n\n> question\n> more", "answer"),
    ("bare quote above", "> question\n\nanswer", "answer"),
    ("answer below", "On Fri, Nov 20, 2026 at 10:00 AM S <s@a.example> wrote:\n> question\n\nanswer", "answer"),
];

#[test]
fn every_client_is_known() {
    for (client, mail, fresh) in TEXTS.iter().copied() {
        let (found, quoted) = fold_text(mail);
        assert_eq!(found.trim(), fresh, "{client}");
        assert!(!quoted.is_empty(), "{client}");
    }
}

#[test]
fn nothing_is_folded_where_nothing_is_quoted() {
    for mail in [
        "只有一句话。",
        "From: 这是正文里的一句\n继续",
        "他写道：这是引文",
        "发件人：我\n我想问一下",
        "> only a quote\n> and no word of one's own",
        "",
        "-----\n签名",
        "a\n> q1\nanswer 1\n> q2\nanswer 2",
        "---------- Forwarded message ---------\nFrom: A <a@b.example>",
    ] {
        assert_eq!(fold_text(mail), (mail.to_owned(), String::new()), "{mail}");
    }
}

#[test]
fn html_of_every_client() {
    for (client, fresh, quoted) in [
        (
            "Gmail",
            "<div dir=\"ltr\">没问题</div>",
            "<br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">客服 于2026年 写道：<br></div><blockquote class=\"gmail_quote\">您好</blockquote></div>",
        ),
        (
            "Apple Mail",
            "<html><body>好<br><br>",
            "<div>在 2026年11月20日，上午10:00，客服 &lt;kf@a.example&gt; 写道：</div><br><blockquote type=\"cite\"><div>您好</div></blockquote>",
        ),
        (
            "Outlook web",
            "<div>收到</div>",
            "<hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>发件人:</b> 客服<br><b>发送时间:</b> 今天</div><div>您好</div>",
        ),
        (
            "Outlook Windows",
            "<div class=WordSection1><p class=MsoNormal>请查收</p>",
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b><span>发件人<span lang=EN-US>:</span></span></b> 客服</p></div></div><p>您好</p></div>",
        ),
        (
            "QQ Mail",
            "<div>谢谢</div><div><br></div>",
            "<div style=\"font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;\">------------------&nbsp;原始邮件&nbsp;------------------</div><div><b>发件人:</b> 客服</div><div>您好</div>",
        ),
        (
            "Foxmail",
            "<div>好的</div><div>&nbsp;</div>",
            "<div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><div>发件人：&nbsp;客服</div><div>发送时间：&nbsp;2026-11-20</div></div><div>您好</div>",
        ),
        (
            "NetEase",
            "<div>解决了</div><br>",
            "<p>在 2026-11-20 10:00:00，\"客服\" &lt;kf@a.example&gt; 写道：</p><blockquote id=\"isReplyContent\">您好</blockquote>",
        ),
        (
            "Thunderbird",
            "<p>ok</p>",
            "<div class=\"moz-cite-prefix\">On 20/11/2026 10:00, S wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x\">hi</blockquote>",
        ),
        ("Yahoo", "<div>ok</div>", "<div id=\"ydp1yahoo_quoted_2\" class=\"ydp1yahoo_quoted\">hi</div>"),
        ("headers only", "<p>ok</p>", "<p>From: S &lt;s@a.example&gt;<br>Sent: Friday<br>To: L<br>Subject: x</p><p>hi</p>"),
    ] {
        let (found, folded) = fold_html(&format!("{fresh}{quoted}"));
        assert_eq!(kernel::html::to_text(&found), kernel::html::to_text(fresh), "{client}: {found}");
        assert!(folded.contains("您好") || folded.contains("hi"), "{client}: {folded}");
    }
}

#[test]
fn html_without_a_quote_stays_whole() {
    for html in [
        "<p>你好</p>",
        "<blockquote>only</blockquote>",
        "<div style=\"border-top:solid #E1E1E1 1pt\">促销</div><p>x</p>",
        "<p unclosed",
        "<a href=\"",
        "&lt;",
        "",
    ] {
        assert_eq!(fold_html(html), (html.to_owned(), String::new()), "{html}");
    }
}

#[test]
fn an_answer_below_an_html_quote_is_found() {
    let (fresh, quoted) = fold_html("<blockquote>question</blockquote><p>answer</p>");
    assert_eq!((fresh.as_str(), quoted.as_str()), ("<p>answer</p>", "<blockquote>question</blockquote>"));
}

proptest::proptest! {
    #[test]
    fn nothing_is_ever_lost(text in "[a-c在写道：:>发件人\\-_ \n]{0,200}") {
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let (fresh, quoted) = fold_text(&text);
        proptest::prop_assert_eq!(bare(&fresh) + bare(&quoted), bare(&text));
    }

    #[test]
    fn any_markup_is_survived(html in "(<|>|\"|'|</?(div|blockquote|p|hr|style|!--)|-->|a|中| class=gmail_quote|&nbsp;|写道：){0,60}") {
        let (fresh, quoted) = fold_html(&html);
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        proptest::prop_assert_eq!(bare(&fresh) + bare(&quoted), bare(&html));
    }
}

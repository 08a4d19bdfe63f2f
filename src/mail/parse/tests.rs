//! Mails of Chinese clients, broken ones, hostile ones, and those of other projects.

use super::{LARGEST, Parsed, parse};
use crate::model::Reason;
use crate::quote::{fold_html, fold_text};

fn fixture(raw: &[u8]) -> Parsed {
    parse(raw).unwrap_or_else(|reason| panic!("{reason}"))
}

#[test]
fn chinese_clients() {
    let mail = fixture(include_bytes!("../fixtures/qq-reply-gb18030.eml"));
    assert_eq!((mail.from_address.as_str(), mail.from_name.as_str()), ("lilei@qq.example", "李雷"));
    assert_eq!(mail.subject, "回复：Re: 订单打不开");
    assert_eq!(mail.message_id.as_deref(), Some("tencent_5C0FFEE0000000000000000000000001@qq.example"));
    assert_eq!(mail.in_reply_to.as_deref(), Some("question.1@shop.example"));
    assert_eq!(mail.references, ["first.0@shop.example", "question.1@shop.example"]);
    assert_eq!(mail.dated, Some(1_795_143_723_000_000));
    assert_eq!(fold_text(&mail.text).0, "收到，还是打不开订单页面𠮷。");
    let (fresh, quoted) = fold_html(mail.html.as_deref().unwrap());
    assert_eq!(kernel::html::to_text(&fresh), "收到，还是打不开订单页面𠮷。");
    assert!(quoted.contains("哪个浏览器"));

    let mail = fixture(include_bytes!("../fixtures/bare-gbk-headers.eml"));
    assert_eq!((mail.from_name.as_str(), mail.subject.as_str()), ("韩梅梅", "发票抬头写错了，请重开"));
    assert_eq!(mail.text, "发票抬头应为“某某科技有限公司”，麻烦重开。");
    assert_eq!(mail.attachments[0].name, "发票.pdf");
    assert!(mail.attachments[0].content.starts_with(b"%PDF"));

    let mail = fixture(include_bytes!("../fixtures/foxmail-image-gb2312.eml"));
    assert_eq!(mail.cc, ["buy@corp.example", "second@corp.example"]);
    assert!(mail.html.as_deref().unwrap().contains("请看截图"));
    let files: Vec<_> = mail.attachments.iter().map(|file| (file.name.as_str(), file.content_id.as_deref())).collect();
    assert_eq!(files, [("shot.png", Some("shot@corp")), ("报价单（终稿）.xlsx", None)]);
}

#[test]
fn charsets_and_their_lies() {
    for (raw, name, subject, text) in [
        (&include_bytes!("../fixtures/big5.eml")[..], "陳小明", "無法登入帳號", "您好，我無法登入帳號，請協助。"),
        (include_bytes!("../fixtures/iso-2022-jp.eml"), "田中太郎", "請求書について", "請求書の送付をお願いします。"),
        (include_bytes!("../fixtures/utf8-called-gb2312.eml"), "张伟", "退款什么时候到账", "退款什么时候到账？已经等了七天。"),
    ] {
        let mail = fixture(raw);
        assert_eq!((mail.from_name.as_str(), mail.subject.as_str(), mail.text.as_str()), (name, subject, text));
    }
}

#[test]
fn a_broken_mail_is_read_as_far_as_it_can_be() {
    let mail = fixture(include_bytes!("../fixtures/no-sender-bad-date.eml"));
    assert_eq!((mail.from_address.as_str(), mail.dated, mail.message_id.as_deref()), ("", None, None));
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("没有发件人", "正文还在。"));

    for (head, address, name) in [
        ("From: \"Li Lei\" lilei@a.example", "lilei@a.example", "Li Lei"),
        ("From: Li Lei <LILEI@A.EXAMPLE>", "lilei@a.example", "Li Lei"),
        ("From: lilei@a.example (Li Lei)", "lilei@a.example", "Li Lei"),
        ("From: =?utf-8?B?IuW8oOS4iSIgPHpzQGEuZXhhbXBsZT4=?=", "zs@a.example", "张三"),
        ("From: root", "", "root"),
        ("From: Group: ;\r\nReply-To: <x@a.example>", "x@a.example", ""),
        ("Return-Path: <x@a.example>", "x@a.example", ""),
        ("From: \"a@b.example\" <evil@c.example>", "evil@c.example", "a@b.example"),
    ] {
        let mail = fixture(format!("{head}\r\nSubject: s\r\n\r\nx").as_bytes());
        assert_eq!((mail.from_address.as_str(), mail.from_name.as_str()), (address, name), "{head}");
    }
    // An empty alternative does not hide the text.
    let mail = fixture(b"From: a@b.example\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: text/html\r\n\r\n<html><body> </body></html>\r\n--b--");
    assert_eq!((mail.text.as_str(), mail.html), ("text", None));
    // A header cannot smuggle another line, a text no zero byte that the database refuses.
    let mail = fixture(b"From: a@b.example\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_x@y?=\r\n\r\na\0b");
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("a  Bcc: x@y", "ab"));
    let mail = fixture(b"\xef\xbb\xbf\r\nFrom x@y Fri Nov 20 11:02:03 2026\r\nFrom: a@b.example\r\n\r\nx");
    assert_eq!(mail.from_address, "a@b.example");
}

#[test]
fn parts_that_are_marked_wrongly_are_not_lost() {
    let files = |mail: &Parsed| mail.attachments.iter().map(|file| (file.name.clone(), file.content.len())).collect::<Vec<_>>();
    let head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (body, text, html, names) in [
        // Closed too early; never closed; another boundary than the one declared; no boundary at all.
        ("--b\r\n\r\none\r\n--b--\r\n--b\r\nContent-Disposition: attachment; filename=f\r\n\r\ntwo", "one", None, vec![("f", 3)]),
        ("--b\r\n\r\none\r\n--b\r\n\r\ntwo", "one\n\ntwo", None, vec![]),
        ("--c\r\nContent-Type: text/html\r\n\r\n<p>one</p>\r\n--c--", "one", Some("<p>one</p>"), vec![]),
        ("one: two", "one: two", None, vec![]),
        // The alternatives use the boundary of their parent.
        (
            "--b\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>one</b>\r\n--b--\r\n--b\r\nContent-Type: image/png; name=x.png\r\n\r\nx\r\n--b--",
            "one",
            Some("<b>one</b>"),
            vec![("x.png", 1)],
        ),
        // A mail inside that never closes its own parts ends where its parent says.
        (
            "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nin\r\n--b\r\n\r\none\r\n--b--",
            "one",
            None,
            vec![("s.eml", 66)],
        ),
    ] {
        let mail = fixture(format!("{head}{body}").as_bytes());
        assert_eq!((mail.text.as_str(), mail.html.as_deref()), (text, html), "{body}");
        assert_eq!(files(&mail), names.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect::<Vec<_>>(), "{body}");
    }
    let mail = fixture(b"From: a@b.example\r\nSubject: s\r\nthe blank line is missing\r\n\r\nmore");
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("s", "the blank line is missing\n\nmore"));
    let mail = fixture(b"From: a@b.example\r\nfolded without a space\r\nSubject: s\r\n\r\nmore");
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("s", "more"));
}

#[test]
fn of_two_ways_to_say_it_the_plain_one_is_the_text() {
    let mail = |plain: &str, page: &str| {
        fixture(format!("From: a@b.example\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n{page}\r\n--b--").as_bytes())
    };
    let said = mail("plain words", "<p>rich words</p>");
    assert_eq!((said.text.as_str(), said.html.as_deref()), ("plain words", Some("<p>rich words</p>")));
    assert!(said.attachments.is_empty());
    assert_eq!(mail("", "<p>rich words</p>").text, "rich words");
    let long = "rich words ".repeat(60);
    assert_eq!(mail("This mail needs a program that shows HTML.", &format!("<p>{long}</p>")).text, long.trim());
    assert_eq!(mail("Short answer.", &format!("<p>{long}</p>")).text, "Short answer.");
}

#[test]
fn reports() {
    let mail = fixture(include_bytes!("../fixtures/bounce.eml"));
    let report = mail.report.unwrap();
    assert!(report.is_failure && !report.is_receipt);
    assert_eq!(report.detail, "rfc822; nobody@b.example · 5.1.1 · smtp; 550 5.1.1 User unknown");
    let delayed = String::from_utf8_lossy(include_bytes!("../fixtures/bounce.eml")).replace("failed", "delayed").replace("5.1.1", "4.2.0");
    assert!(!fixture(delayed.as_bytes()).report.unwrap().is_failure);
}

#[test]
fn bombs_are_refused_with_their_reason() {
    let from = "From: a@b.example\r\n";
    let nested = |kind: &str, levels: usize| {
        let mut mail = from.to_owned();
        for level in 0..levels {
            mail.push_str(&if kind == "multipart" {
                format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
            } else {
                "Content-Type: message/rfc822\r\n\r\n".to_owned()
            });
        }
        mail + "\r\nx"
    };
    let parts = format!("{from}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--", "--b\r\n\r\nx\r\n".repeat(300));
    for (raw, reason) in [
        (vec![b'x'; LARGEST + 1], Reason::TooLarge),
        (format!("{from}{}\r\nx", "X-A: b\r\n".repeat(1001)).into_bytes(), Reason::TooManyHeaders),
        (parts.into_bytes(), Reason::TooManyParts),
        (nested("multipart", 30).into_bytes(), Reason::TooDeep),
        (nested("message", 30).into_bytes(), Reason::TooDeep),
        (nested("message", 100_000).into_bytes(), Reason::TooDeep),
        (Vec::new(), Reason::Unreadable),
        (b"\xd0\xcf\x11\xe0 a binary file: with a colon\n\nx".to_vec(), Reason::Unreadable),
    ] {
        assert_eq!(parse(&raw).err(), Some(reason));
    }
    assert!(parse(nested("multipart", 10).as_bytes()).is_ok());
}

#[test]
fn slow_headers_are_read_fast() {
    for evil in ["=?a?b?", "=?utf-8?Q?", "<", "\"", "(", "a@b,"] {
        let raw = format!("From: {0}\r\nTo: {0}\r\nSubject: {0}\r\nReferences: {0}\r\nContent-Type: {0}\r\n\r\n{0}", evil.repeat(200_000));
        let _ = parse(raw.as_bytes());
        let html = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{}", evil.repeat(100_000));
        if let Ok(mail) = parse(html.as_bytes()) {
            let _ = fold_html(mail.html.as_deref().unwrap_or_default());
            let _ = fold_text(&mail.text);
        }
    }
}

/// Mails of other projects, fetched by `bin/corpus` into the folder that `KEFU_TEST_CORPUS` names: none is lost.
#[test]
#[expect(clippy::disallowed_methods, reason = "the folder is named by the environment of the test run")]
fn real_mails_are_read() {
    let Some(folder) = std::env::var_os("KEFU_TEST_CORPUS") else { return };
    let (mut read, mut refused) = (0, Vec::new());
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for raw in crate::import::split_mbox(&bytes) {
                match parse(&raw) {
                    Ok(mail) => {
                        let (fresh, quoted) = fold_text(&mail.text);
                        let _ = mail.html.as_deref().map(fold_html);
                        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
                        assert_eq!(bare(&fresh) + bare(&quoted), bare(&mail.text), "{path:?}");
                        read += 1;
                    }
                    Err(reason) => refused.push((path.clone(), reason)),
                }
            }
        }
    }
    eprintln!("{read} mails read, refused: {refused:#?}");
    assert!(read >= 100);
}

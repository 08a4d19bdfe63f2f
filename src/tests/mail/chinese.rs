//! Mails as Chinese programs write them, through `kefu mail import`: each line says what a careful reader would.

use super::program::Program;
use crate::tests::app::TestApp;
use serde_json::{Value, json};
use std::path::Path;

/// File, sender, subject, text, attachments with their sizes.
type Expected = (&'static str, &'static str, &'static str, &'static str, &'static [(&'static str, usize)]);

const MAILS: &[Expected] = &[
    ("bare-gbk-headers.eml", "韩梅梅", "发票抬头写错了，请重开", "发票抬头应为“某某科技有限公司”，麻烦重开。", &[("发票.pdf", 15)]),
    ("big5.eml", "陳小明", "無法登入帳號", "您好，我無法登入帳號，請協助。", &[]),
    (
        "flowed-with-mail.eml",
        "赵六",
        "转交客户来信",
        "您好，附件是客户转来的邮件，请帮忙处理。\n\n-- \n赵六",
        &[("原来的问题.eml", 120), ("list.csv", 3)],
    ),
    ("html-only-gb2312.eml", "王芳", "少发一件", "您好：\n订单 202611200001 少发一件，请补发。\n谢谢\n王芳", &[("logo.gif", 6)]),
    ("iso-2022-jp.eml", "田中太郎", "請求書について", "請求書の送付をお願いします。", &[]),
    (
        "names-rfc2231.eml",
        "采购部 刘洋",
        "合同与报价单𠮷",
        "四个附件，请查收。",
        &[("合同（终稿）.pdf", 17), ("二〇二六年度报价单.xls", 100), ("備註.txt", 6), ("图.png", 8)],
    ),
    ("qq-reply-gb18030.eml", "李雷", "回复：Re: 订单打不开", "收到，还是打不开订单页面𠮷。", &[]),
    ("utf8-called-gb2312.eml", "张伟", "退款什么时候到账", "退款什么时候到账？已经等了七天。", &[]),
];

#[tokio::test]
async fn each_line_says_what_a_careful_reader_would() {
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/fixtures");
    let files: Vec<_> = MAILS.iter().map(|(file, ..)| folder.join(file)).collect();
    let lines = program.import(&files);
    assert_eq!(lines.len(), MAILS.len());
    for (line, (file, name, subject, text, attached)) in lines.iter().zip(MAILS) {
        let attached: Vec<Value> = attached.iter().map(|(name, size)| json!({ "name": name, "size": size })).collect();
        assert!(line["file"].as_str().is_some_and(|path| path.ends_with(file)), "{line}");
        for (key, expected) in [
            ("from_name", json!(name)),
            ("subject", json!(subject)),
            ("text", json!(text)),
            ("attachments", json!(attached)),
            ("verdict", json!("new_ticket")),
            ("auto_reply", json!(false)),
        ] {
            assert_eq!(line[key], expected, "{file}: {key}");
        }
    }
    let keys: Vec<&String> = lines[0].as_object().expect("an object").keys().collect();
    let all = "attachments auto_reply file from from_name in_reply_to message_id reason subject text ticket_number verdict";
    let mut sorted: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    sorted.sort_unstable();
    assert_eq!(sorted.join(" "), all);
    let html = &lines[3];
    assert_eq!((&html["message_id"], &html["in_reply_to"]), (&json!("html.1@163.example"), &json!("earlier.9@shop.example")));
    assert_eq!(html["from"], "wangfang@163.example");
    assert_eq!(lines[1]["ticket_number"].as_i64(), lines[0]["ticket_number"].as_i64().map(|number| number + 1));
}

#[tokio::test]
async fn what_programs_wrote_is_said_to_be_theirs_and_nothing_is_passed_over() {
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/fixtures");
    let empty = program.folder.join("empty.eml");
    std::fs::write(&empty, b"").expect("written");
    let files = [folder.join("qq-auto-reply.eml"), folder.join("bounce.eml"), empty, folder.join("two.mbox")];
    let lines = program.import(&files);
    let said: Vec<String> =
        lines.iter().map(|line| format!("{} {} {}", line["verdict"], line["reason"], line["auto_reply"]).replace('"', "")).collect();
    assert_eq!(
        said,
        [
            "suppressed auto_reply true",
            "suppressed delivery_report true",
            "quarantined unreadable false",
            "new_ticket first_contact false",
            "new_ticket first_contact false",
        ]
    );
    assert_eq!(program.import(&files), lines, "the same again changes nothing");
    assert_eq!(test.ask::<i64>("select count(*) from mails").await, 5);
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 2);
    let missing = program.folder.join("missing.eml");
    let arguments = ["mail", "import", "--company", "测试公司", "--mailbox", super::SERVICE, missing.to_str().expect("a path")];
    let mut running = program.start(&arguments, "missing");
    super::servers::until("it ends", async || running.has_ended()).await;
    let line = std::fs::read_to_string(program.folder.join("missing.out")).expect("an answer");
    assert!(line.contains("\"failed\"") && line.contains("missing.eml"), "{line}");
}

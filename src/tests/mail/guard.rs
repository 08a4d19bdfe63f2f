//! 循环与轰炸 (S22): programs are not answered, floods end, and what comes back of ours makes no ticket.

use super::{HE, Post, SERVICE, Written};
use jiff::SignedDuration;
use kernel::lang::Lang;
use mail::commands::send::{Outgoing, send};

#[tokio::test]
async fn s22_what_programs_send_makes_no_ticket_and_says_why() {
    let post = Post::new().await;
    for (name, value, reason) in [
        ("Auto-Submitted", "auto-replied", "auto_reply"),
        ("Auto-Submitted", "auto-generated", "auto_generated"),
        ("X-Autoreply", "yes", "auto_reply"),
        ("Precedence", "bulk", "bulk"),
        ("List-Id", "<news.vendor.example>", "mailing_list"),
        ("Return-Path", "<>", "null_sender"),
    ] {
        let fate = post.feed(&Written::by(HE, "你好").with(name, value)).await;
        assert_eq!((fate.said(), fate.ticket), (("suppressed", reason), None), "{name}: {value}");
        let detail: String = post.test.ask(format!("select reason_detail from mails where id = '{}'", fate.mail)).await;
        assert!(detail.to_lowercase().contains(&name.to_lowercase()), "the ledger names the header: {detail}");
    }
    assert_eq!(post.feed(&Written::by(SERVICE, "自己")).await.said(), ("suppressed", "own_address"));
    assert_eq!(
        post.feed(&Written::by("MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender")).await.said(),
        ("suppressed", "delivery_report")
    );
    assert_eq!((post.tickets().await, post.outgoing().await), (0, 0));
}

#[tokio::test]
async fn s22_an_automatic_answer_to_our_mail_is_a_note_that_moves_nothing() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    let fate = post.feed(&Written::by(HE, "自动回复：我在休假").answering(&ours).with("Auto-Submitted", "auto-replied")).await;
    assert_eq!((fate.said(), fate.ticket), (("appended", "token_matched"), Some(ticket)));
    let note: String = post.test.ask("select concat_ws(' ', reply_type, warning) from ticket_messages order by seq desc limit 1").await;
    assert_eq!(note, "1 auto_reply");
    assert_eq!(post.status(ticket).await, 2, "the customer is still waited for");
    post.test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(post.outgoing().await, 1);
}

#[tokio::test]
async fn f23_a_bounce_marks_our_mail_as_failed_and_the_ticket_says_so() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    // As if it had been handed over: kept mails never bounce.
    post.test.tamper(format!("update mails set state = 2 where id = '{}'", ours.id)).await;
    let report = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {SERVICE}\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe user is unknown.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {HE}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\nFrom: {SERVICE}\r\n\r\n--b--\r\n",
        ours.message_id
    );
    let fate = post.feed_raw(report.into_bytes()).await;
    assert!(["appended", "suppressed"].contains(&fate.verdict.as_str()), "{fate:?}");
    assert_eq!(post.test.ask::<i16>(format!("select state from mails where id = '{}'", ours.id)).await, 3);
    post.test.run_jobs().await;
    let kinds: Vec<String> = post.test.list(format!("select kind from ticket_changes where ticket_id = '{ticket}'")).await;
    assert!(kinds.contains(&"mail_failed".to_owned()), "{kinds:?}");
    assert_eq!(post.tickets().await, 1);
}

#[tokio::test]
async fn s22_our_own_mails_that_come_back_make_no_ticket() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    let fate = post.feed_raw(ours.raw.clone()).await;
    assert_eq!((fate.verdict.as_str(), fate.ticket), ("suppressed", None), "{fate:?}");
    let forwarded = format!(
        "From: {HE}\r\nTo: {SERVICE}\r\nSubject: fwd\r\nMessage-ID: <fwd@customer.example>\r\nX-Loop: {}\r\n\r\nx",
        mail::guard::loop_mark(post.test.company)
    );
    assert_eq!(post.feed_raw(forwarded.into_bytes()).await.said(), ("suppressed", "loop"));
    assert_eq!(post.tickets().await, 1);
}

async fn robot(post: &Post, to: &str, number: u32) {
    let mut tx = post.ctx.begin().await.expect("a transaction");
    let out = Outgoing {
        mailbox: None,
        to: vec![(to.to_owned(), String::new())],
        cc: Vec::new(),
        subject: format!("自动邮件 {number}"),
        html: String::new(),
        text: "已收到".to_owned(),
        ticket: None,
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang: Lang::Zh,
    };
    send(&mut tx, out).await.expect("written");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn s22_two_robots_fall_silent() {
    let post = Post::new().await;
    // Each of our automatic mails is answered by a robot that hides it; each answer would get another automatic mail.
    for number in 0..30 {
        robot(&post, "robot@customer.example", number).await;
        post.feed(&Written::by("robot@customer.example", &format!("收到您的第 {number} 封邮件"))).await;
        post.test.later(SignedDuration::from_secs(10)).await;
    }
    let states: Vec<i16> = post.test.sent_to("robot@customer.example").await.iter().map(|mail| mail.state).collect();
    assert_eq!(states.iter().filter(|state| **state != 5).count(), 5, "{states:?}");
    assert!(post.tickets().await <= 20, "its tickets end as well");
    assert_eq!(post.test.ask::<i64>("select count(*) from mails where reason = 'auto_flood'").await, 25);
    robot(&post, HE, 1).await;
    assert_ne!(post.test.sent_to(HE).await[0].state, 5, "others are not concerned");
    post.test.app.clock.advance(SignedDuration::from_mins(10));
    robot(&post, "robot@customer.example", 31).await;
    assert_ne!(post.test.sent_to("robot@customer.example").await[30].state, 5, "ten minutes later it may be tried again");
}

#[tokio::test]
async fn s22_our_automatic_mail_is_no_ticket_in_another_company() {
    let post = Post::new().await;
    robot(&post, "service@other.example", 1).await;
    let raw = post.test.sent_to("service@other.example").await.remove(0).raw;
    post.test.new_company("别家公司", "boss@other.example").await;
    let other = post.test.ctx_of("boss@other.example").await.as_system();
    let mailbox = mail::import::mailbox_for_import(&other, "service@other.example").await.expect("a mailbox");
    let arrival = mail::commands::Arrival { mailbox, uid: None, raw: raw.into(), seen_at: other.now() };
    let received = mail::commands::receive(&other, arrival).await.expect("stored");
    let taken = ticket::commands::take_mail(&other, received.mail).await.expect("taken");
    assert_eq!((taken.verdict.key(), taken.reason.key()), ("suppressed", "auto_generated"));
}

#[tokio::test]
async fn s22_a_senders_flood_ends_in_quarantine_and_others_go_on() {
    let post = Post::new().await;
    for number in 0..20 {
        post.opened("storm@evil.example", &format!("第 {number} 封")).await;
    }
    let fate = post.feed(&Written::by("storm@evil.example", "第 21 封")).await;
    assert_eq!((fate.said(), fate.ticket), (("quarantined", "sender_flood"), None));
    post.opened(HE, "正常的客户").await;
    post.test.app.clock.advance(SignedDuration::from_hours(1));
    post.opened("storm@evil.example", "一小时后").await;
}

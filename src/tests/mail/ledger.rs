//! 邮件台账: one row for every mail, whatever it is; nothing lost, nothing twice, and a way to process it again.

use super::{HE, Post, Written};
use crate::tests::app::problem;
use kernel::error::{Error, Problem};
use kernel::permission::Permission;
use mail::commands::{Arrival, receive, replay};
use mail::import::{mailbox_for_import, split_mbox};
use mail::model::ReplayInput;
use std::collections::BTreeSet;

/// Mails as programs in China and elsewhere write them.
const REAL: &[&[u8]] = &[
    include_bytes!("../../mail/fixtures/bare-gbk-headers.eml"),
    include_bytes!("../../mail/fixtures/big5.eml"),
    include_bytes!("../../mail/fixtures/bounce.eml"),
    include_bytes!("../../mail/fixtures/foxmail-image-gb2312.eml"),
    include_bytes!("../../mail/fixtures/iso-2022-jp.eml"),
    include_bytes!("../../mail/fixtures/no-sender-bad-date.eml"),
    include_bytes!("../../mail/fixtures/outlook-reply-zh.eml"),
    include_bytes!("../../mail/fixtures/qq-auto-reply.eml"),
    include_bytes!("../../mail/fixtures/qq-reply-gb18030.eml"),
    include_bytes!("../../mail/fixtures/two.mbox"),
    include_bytes!("../../mail/fixtures/utf8-called-gb2312.eml"),
];

#[tokio::test]
async fn every_mail_has_one_row_with_a_verdict_and_its_source() {
    let post = Post::new().await;
    let mails: Vec<Vec<u8>> =
        REAL.iter().flat_map(|file| split_mbox(file).into_iter().map(std::borrow::Cow::into_owned).collect::<Vec<_>>()).collect();
    assert_eq!(mails.len(), 12);
    for raw in &mails {
        let fate = post.feed_raw(raw.clone()).await;
        assert!(!fate.verdict.is_empty() && !fate.reason.is_empty(), "{fate:?}");
        let sha: Vec<u8> = post.test.ask(format!("select raw_sha256 from mails where id = '{}'", fate.mail)).await;
        assert_eq!(kernel::store::read(&post.ctx, &sha).await.expect("the source"), raw);
    }
    assert_eq!(post.test.ask::<i64>("select count(*) from mails where direction = 0").await, 12);
    let titles: Vec<String> = post.test.list("select title from tickets").await;
    assert!(!titles.is_empty() && titles.iter().all(|title| !title.contains('\u{fffd}') && !title.contains("=?")), "{titles:?}");
    let texts: Vec<String> = post.test.list("select text from ticket_messages").await;
    assert!(texts.iter().all(|text| !text.contains('\u{fffd}')), "{texts:?}");
}

#[tokio::test]
async fn the_same_mail_twice_is_one_row_and_one_ticket() {
    let post = Post::new().await;
    let raw = Written::by(HE, "只要一张").raw();
    let (first, second) = (post.feed_raw(raw.clone()).await, post.feed_raw(raw.clone()).await);
    assert_eq!(first, second);
    assert_eq!((post.tickets().await, post.test.ask::<i64>("select count(*) from mails").await), (1, 1));
    // Taken by many workers at once it is decided once.
    let mail = post.store(Written::by(HE, "一起来").raw()).await;
    let all = futures_util::future::join_all((0..16).map(|_| ticket::commands::take_mail(&post.ctx, mail))).await;
    let numbers: BTreeSet<Option<i64>> = all.iter().flatten().map(|taken| taken.ticket_number).collect();
    assert!(numbers.len() == 1 && !numbers.contains(&None), "whoever waited for the lock says the ticket too: {all:?}");
    post.test.run_jobs().await;
    assert_eq!(post.tickets().await, 2);
    assert_eq!(post.test.ask::<i64>("select count(*) from ticket_messages").await, 2);
}

#[tokio::test]
async fn a_mail_that_came_by_two_ways_is_one_ticket() {
    let post = Post::new().await;
    let mail = Written::by(HE, "发到两个别名").with("Message-ID", "<both@customer.example>");
    let first = post.feed(&mail).await;
    let second = post.feed(&mail.clone().with("X-Received-By", "mx2.shop.example")).await;
    assert_eq!(second.verdict, "suppressed", "{second:?}");
    assert_eq!((second.reason.as_str(), post.tickets().await), ("duplicate", 1), "{first:?}");
    // Somebody else who happens to use the same id is somebody else.
    let other = Written::by("li@customer.example", "我也用这个编号").with("Message-ID", "<both@customer.example>");
    assert_eq!(post.feed(&other).await.verdict, "new_ticket");
}

#[tokio::test]
async fn f22_a_poisonous_mail_is_set_aside_and_the_others_go_on() {
    let post = Post::new().await;
    let nested = |levels: usize| {
        let mut raw = format!("From: {HE}\r\nSubject: deep\r\n");
        for level in 0..levels {
            raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
        }
        raw.push_str("Content-Type: text/plain\r\n\r\nx\r\n");
        raw.into_bytes()
    };
    let parts = |count: usize| {
        let mut raw = format!("From: {HE}\r\nSubject: wide\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
        for part in 0..count {
            raw.push_str(&format!("--b\r\nContent-Type: text/plain; name=f{part}\r\n\r\nx\r\n"));
        }
        raw.push_str("--b--\r\n");
        raw.into_bytes()
    };
    let headers = |count: usize| format!("From: {HE}\r\nSubject: headers\r\n{}\r\nx", "X-A: 1\r\n".repeat(count)).into_bytes();
    let large = [format!("From: {HE}\r\nSubject: large\r\n\r\n").into_bytes(), vec![b'x'; 25 * 1024 * 1024 + 1]].concat();
    let poisons: [(Vec<u8>, Option<&str>); 9] = [
        (nested(60), Some("too_deep")),
        (parts(300), Some("too_many_parts")),
        (headers(1500), Some("too_many_headers")),
        (large, Some("too_large")),
        (vec![0; 4096], None),
        ((0..=255).cycle().take(10_000).collect(), None),
        (b"From: \xff\xfe\r\nSubject: \x00\x01\r\nDate: Fri, 99 Foo 99999 99:99:99 +9999\r\n\r\n\x00".to_vec(), None),
        (
            format!(
                "From: {HE}\r\nSubject: =?utf-8?B?////?=\r\nContent-Type: text/html; charset=\"nonsense\"\r\n\r\n{}",
                "<div>".repeat(20_000)
            )
            .into_bytes(),
            None,
        ),
        (b"\r\n\r\n".to_vec(), None),
    ];
    let mut stored = Vec::new();
    for (number, (poison, _)) in poisons.iter().enumerate() {
        stored.push(post.store(poison.clone()).await);
        post.store(Written::by(&format!("customer{number}@customer.example"), &format!("正常邮件 {number}")).raw()).await;
    }
    post.test.run_jobs().await;
    for (mail, (_, reason)) in stored.iter().zip(&poisons) {
        let fate = post.fate(*mail).await;
        assert!(!fate.verdict.is_empty(), "{fate:?}");
        if let Some(reason) = reason {
            assert_eq!(fate.said(), ("quarantined", *reason));
        }
    }
    assert_eq!(post.test.ask::<i64>("select count(*) from tickets where title like '正常邮件%'").await, 9);
    assert_eq!(post.test.ask::<i64>("select count(*) from mails").await, 18, "ledger = messages fed");
    assert_eq!(
        post.test.ask::<i64>("select count(*) from jobs where state in (0, 1) and kind in ('react', 'react_once')").await,
        0,
        "nothing is tried for ever"
    );
}

#[tokio::test]
async fn f22_a_mail_whose_processing_fails_again_and_again_is_set_aside_with_the_reason() {
    let post = Post::new().await;
    let mail = post.store(Written::by(HE, "读不出来").raw()).await;
    // Its source cannot be had for a while.
    post.test
        .tamper(format!("update mails set raw_sha256 = sha256('gone'), reason_detail = encode(raw_sha256, 'hex') where id = '{mail}'"))
        .await;
    let source: String = post.test.ask(format!("select reason_detail from mails where id = '{mail}'")).await;
    post.feed(&Written::by("li@customer.example", "正常的")).await;
    assert_eq!((post.fate(mail).await.verdict.as_str(), post.tickets().await), ("", 1), "it waits, the others go on");
    for _ in 0..20 {
        post.test.later(jiff::SignedDuration::from_hours(7)).await;
    }
    assert_eq!(post.fate(mail).await.said(), ("quarantined", "processing_failed"));
    // The job's own button and the mail's do the same.
    post.test.tamper(format!("update mails set raw_sha256 = decode('{source}', 'hex') where id = '{mail}'")).await;
    let admin = post.test.super_admin().await;
    let jobs = admin.get("/settings/jobs").await;
    let job = jobs.attribute("form[action='/do/job/replay'] input[name='input[job]']", "value");
    admin.submit("/settings/jobs", "/do/job/replay", &[("job", &job)]).await;
    post.test.run_jobs().await;
    assert_eq!((post.fate(mail).await.verdict.as_str(), post.tickets().await), ("new_ticket", 2));
}

#[tokio::test]
async fn a_mail_that_was_stopped_is_processed_again_when_somebody_says_so() {
    let post = Post::new().await;
    let admin = post.test.admin().await;
    let stopped = post.feed(&Written::by(HE, "真人写的").with("Precedence", "bulk")).await;
    let by = |force| ReplayInput { mail: stopped.mail, force };
    let lilei = post.test.ctx_of("lilei@example.com").await;
    assert!(matches!(replay(&lilei, by(true)).await, Err(Error::Forbidden(Permission::MailReplay))));
    replay(&admin, by(false)).await.expect("again");
    post.test.run_jobs().await;
    assert_eq!(post.fate(stopped.mail).await.said(), ("suppressed", "bulk"), "the same rules say the same");
    replay(&admin, by(true)).await.expect("forced");
    post.test.run_jobs().await;
    let forced = post.fate(stopped.mail).await;
    assert_eq!((forced.verdict.as_str(), forced.ticket.is_some(), post.tickets().await), ("new_ticket", true, 1));
    assert_eq!(problem(replay(&admin, by(true)).await), Problem::Stale, "what made a ticket is not made again");
    assert_eq!(post.test.ask::<i64>("select count(*) from audit_entries where action = 'mail.replayed'").await, 2);
    assert_eq!(post.test.ask::<i64>("select count(*) from mails where direction = 0").await, 1, "it is one mail all the time");
}

#[tokio::test]
async fn f24_a_fetched_mail_moves_the_cursor_with_it_and_is_not_taken_twice() {
    let post = Post::new().await;
    let mailbox = mailbox_for_import(&post.ctx, super::SERVICE).await.expect("a mailbox");
    let fetched = async |validity: i64, uid: i64, raw: Vec<u8>| {
        receive(&post.ctx, Arrival { mailbox, uid: Some((validity, uid)), raw: raw.into(), seen_at: post.ctx.now() }).await.expect("stored")
    };
    let cursor = async || post.test.ask::<String>("select concat_ws(' ', uid_validity, last_uid) from mailboxes").await;
    let (one, two) = (Written::by(HE, "一").raw(), Written::by(HE, "二").raw());
    assert!(fetched(7, 1, one.clone()).await.is_new);
    assert!(fetched(7, 2, two.clone()).await.is_new);
    assert_eq!(cursor().await, "7 2");
    assert!(!fetched(7, 1, one.clone()).await.is_new, "asked for again after a crash");
    assert_eq!(cursor().await, "7 2", "the cursor never goes back");
    // The server counts anew: the old mails come again under new numbers.
    assert!(!fetched(8, 1, one).await.is_new);
    assert!(!fetched(8, 2, two).await.is_new);
    assert_eq!(cursor().await, "8 2");
    post.test.run_jobs().await;
    assert_eq!((post.tickets().await, post.test.ask::<i64>("select count(*) from mails").await), (2, 2));
}

#[tokio::test]
async fn the_ledger_page_shows_why_and_the_body_runs_nothing() {
    let post = Post::new().await;
    let html =
        "<p>你好</p><img src=\"https://tracker.example/x.gif\"><script>window.__x=1</script><iframe src=\"https://evil.example\"></iframe>";
    let mut mail = Written::by(HE, "有图片").saying(html);
    mail.headers.push(("Content-Type", "text/html; charset=utf-8".to_owned()));
    let raw = String::from_utf8(mail.raw()).expect("text").replace("Content-Type: text/plain; charset=utf-8\r\n", "");
    let fate = post.feed_raw(raw.into_bytes()).await;
    post.feed(&Written::by(HE, "自动").with("Auto-Submitted", "auto-replied")).await;
    let browser = post.test.super_admin().await;
    let page = browser.get("/mail").await;
    assert!(page.status == 200 && page.body.contains("有图片") && page.body.contains("自动回复，不新建工单"), "{}", page.body);
    let body = browser.get(&format!("/mail/{}/body", fate.mail)).await;
    assert!(body.status == 200 && body.body.contains("你好"), "{}", body.body);
    let policy = body.headers["content-security-policy"].to_str().unwrap_or("").to_owned();
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
    assert!(!policy.contains("img-src https") && !policy.contains("img-src *"), "S12: no picture is fetched by itself: {policy}");
    assert!(!body.body.contains("<script>window") && !body.body.contains("<iframe"), "{}", body.body);
    let source = browser.get(&format!("/mail/{}/source", fate.mail)).await;
    assert!(source.status == 200 && source.body.contains("tracker.example"));
    assert!(
        source.headers["content-type"].to_str().unwrap_or("").starts_with("text/plain")
            || source.headers["content-disposition"].to_str().unwrap_or("").starts_with("attachment")
    );
    assert_eq!(post.test.signed_in("lilei@example.com").await.get(&format!("/mail/{}", fate.mail)).await.status, 403);
}

#[tokio::test]
async fn a_mail_whose_source_is_lost_still_says_what_the_ledger_knows() {
    let post = Post::new().await;
    let fate = post.feed(&Written::by(HE, "源码丢了")).await;
    let sha: Vec<u8> = post.test.ask(format!("select raw_sha256 from mails where id = '{}'", fate.mail)).await;
    kernel::store::remove(&post.ctx, &sha).await.expect("removed");
    let browser = post.test.super_admin().await;
    let page = browser.get(&format!("/mail/{}", fate.mail)).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("存放原文的地方读不到这封邮件"), "{}", page.body);
    assert!(page.body.contains(HE) && page.text("h1").contains("源码丢了") && page.body.contains("打开工单"), "{}", page.body);
    assert!(page.texts("iframe").is_empty() && !page.body.contains("/source\""), "nothing leads to what is not there");
    for part in ["body", "source"] {
        assert_eq!(browser.get(&format!("/mail/{}/{part}", fate.mail)).await.status, 404, "{part}");
    }
}

#[tokio::test]
async fn the_trail_names_the_group_of_a_mailbox() {
    use identity::model::company::GroupInput;
    use mail::model::MailboxInput;
    let post = Post::new().await;
    let admin = post.test.admin().await;
    let named = |name: &str| GroupInput { name: name.to_owned(), ..GroupInput::default() };
    let group = identity::commands::group::create(&admin, named("售后组")).await.expect("a group");
    let input = MailboxInput { address: "help@shop.example".to_owned(), group: Some(group), enabled: true, ..MailboxInput::default() };
    let id = mail::commands::mailbox::create(&admin, input.clone()).await.expect("a mailbox");
    let version = post.test.ask(format!("select version from mailboxes where id = '{id}'")).await;
    mail::commands::mailbox::edit(&admin, MailboxInput { id: Some(id), group: None, version, ..input }).await.expect("edited");
    let rows: Vec<String> = post
        .test
        .list("select concat_ws(' ', action, coalesce(before->>'group', '–'), coalesce(after->>'group', '–')) from audit_entries where object_kind = 'mailbox' and action like 'mailbox.%' order by sequence")
        .await;
    assert_eq!(rows, ["mailbox.created – 售后组", "mailbox.edited 售后组 –"]);
    let page = post.test.super_admin().await.get(&format!("/settings/audit?object={id}")).await;
    assert!(page.body.contains("受理组") && page.body.contains("售后组"), "{}", page.body);
}

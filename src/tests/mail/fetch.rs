//! Fetching from a real Dovecot: every mail once, whatever happens on the way (F22, F24).

use super::servers::{OwnDovecot, Servers, servers, somebody, until};
use super::{HE, Post, Written};
use crate::tests::app::problems;
use kernel::error::Problem;
use kernel::id::MailboxId;
use mail::commands::mailbox;
use mail::imap::{fetch_once, watch};

struct Box {
    post: Post,
    servers: Servers,
    user: String,
    id: MailboxId,
}

impl Box {
    async fn new(servers: Servers) -> Box {
        let (post, user) = (Post::new().await, somebody());
        let id = servers.mailbox(&post.test, &user).await;
        Box { post, servers, user, id }
    }

    fn arrives(&self, subject: &str) {
        self.servers.drop_off(&self.user, &Written::by(HE, subject).raw());
    }

    async fn fetch(&self) -> usize {
        let new = fetch_once(&self.post.ctx, self.id).await.expect("fetched");
        self.post.test.run_jobs().await;
        new
    }

    async fn titles(&self) -> Vec<String> {
        self.post.test.list("select title from tickets order by number").await
    }

    async fn rows(&self) -> i64 {
        self.post.test.ask("select count(*) from mails where direction = 0").await
    }

    async fn cursor(&self) -> (i64, i64) {
        (
            self.post.test.ask("select coalesce(uid_validity, 0) from mailboxes").await,
            self.post.test.ask("select last_uid from mailboxes").await,
        )
    }
}

#[tokio::test]
async fn mails_in_the_folder_become_tickets_once_and_the_cursor_goes_with_them() {
    let Some(servers) = servers() else { return };
    let here = Box::new(servers).await;
    assert_eq!(here.fetch().await, 0, "an empty folder");
    for number in 1..=60 {
        here.arrives(&format!("第 {number} 封"));
    }
    assert_eq!(here.fetch().await, 60);
    assert_eq!(here.cursor().await.1, 60);
    assert_eq!(here.fetch().await, 0);
    assert_eq!(here.rows().await, 60);
    assert_eq!(here.post.test.ask::<i64>("select count(*) from mails where verdict is null").await, 0);
    assert_eq!(
        here.post.test.ask::<i64>("select count(*) from mails where verdict = 'new_ticket'").await,
        20,
        "the sender's hour is full then"
    );
    let healthy: bool = here.post.test.ask("select fetched_at is not null and fetch_error is null from mailboxes").await;
    assert!(healthy);
}

#[tokio::test]
async fn f24_a_server_that_counts_anew_doubles_nothing_and_hides_nothing() {
    let Some(servers) = servers() else { return };
    let here = Box::new(servers).await;
    for number in 1..=3 {
        here.arrives(&format!("旧信 {number}"));
    }
    assert_eq!(here.fetch().await, 3);
    let before = here.cursor().await;
    here.servers.forget_numbers(&here.user);
    here.arrives("新信");
    assert_eq!(here.fetch().await, 1, "only the new one is new");
    let after = here.cursor().await;
    assert!(before.0 != after.0 && after.1 == 4, "{before:?} {after:?}");
    assert_eq!((here.rows().await, here.titles().await.len()), (4, 4));
    assert_eq!(here.fetch().await, 0);
}

#[tokio::test]
async fn a_new_mail_is_announced_and_fetched_at_once() {
    let Some(servers) = servers() else { return };
    let here = Box::new(servers).await;
    here.arrives("已经在了");
    let watcher = tokio::spawn(watch(here.post.test.app.clone()));
    until("the first mail is fetched", async || here.rows().await == 1).await;
    // The connection idles now; nothing else asks the server for five minutes.
    for number in 2..=4 {
        here.arrives(&format!("后来的 {number}"));
        until("it is announced", async || here.rows().await == number).await;
    }
    here.post.test.run_jobs().await;
    assert_eq!(here.titles().await.len(), 4);
    here.post.test.app.stopping.raise();
    watcher.await.expect("it stops");
    assert!(here.post.test.ask::<bool>("select lease_until is null from mailboxes").await, "the lease is given back");
}

#[tokio::test]
async fn f24_an_outage_is_noted_and_everything_is_caught_up_afterwards() {
    let Some(servers) = servers() else { return };
    let dovecot = OwnDovecot::start(&servers).await;
    let here = Box::new(dovecot.servers.clone()).await;
    here.arrives("之前");
    let watcher = tokio::spawn(watch(here.post.test.app.clone()));
    until("the first mail is fetched", async || here.rows().await == 1).await;
    let health =
        async || here.post.test.ask::<String>("select concat_ws(' ', fetch_error, failing_since is not null) from mailboxes").await;
    assert_eq!(health().await, "f");
    dovecot.down().await;
    until("the outage is noted", async || health().await == "mail_unreachable t").await;
    let browser = here.post.test.super_admin().await;
    let page = browser.get(&format!("/settings/mailboxes/{}", here.id)).await;
    assert!(page.body.contains(Problem::MailUnreachable.text(kernel::lang::Lang::Zh)), "the page says it in words: {}", page.body);
    let since = "select failing_since::text from mailboxes";
    let first: String = here.post.test.ask(since).await;
    for number in 1..=5 {
        here.arrives(&format!("停机时的 {number}"));
    }
    here.post.test.app.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    assert_eq!(here.post.test.ask::<String>(since).await, first, "since when it fails stays");
    dovecot.up().await;
    until("it catches up", async || here.rows().await == 6).await;
    until("it is well again", async || health().await == "f").await;
    here.post.test.run_jobs().await;
    assert_eq!(here.titles().await.len(), 6);
    here.post.test.app.stopping.raise();
    watcher.await.expect("it stops");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_plain_words() {
    let Some(servers) = servers() else { return };
    let here = Box::new(servers).await;
    let admin = here.post.test.admin().await;
    let wrong = mail::model::MailboxInput { password_imap: "wrong".to_owned(), ..here.servers.form(&somebody()) };
    assert_eq!(problems(mailbox::test(&admin, &wrong).await), [("password_imap".to_owned(), Problem::MailAuthFailed)]);
    let elsewhere = mail::model::MailboxInput { imap_port: "9".to_owned(), smtp_port: "9".to_owned(), ..here.servers.form(&somebody()) };
    let refused = problems(mailbox::test(&admin, &elsewhere).await);
    assert_eq!(refused, [("imap_host".to_owned(), Problem::MailUnreachable), ("smtp_host".to_owned(), Problem::MailUnreachable)]);
    let folder = mail::model::MailboxInput { imap_folder: "没有这个".to_owned(), ..here.servers.form(&somebody()) };
    assert_eq!(problems(mailbox::test(&admin, &folder).await).len(), 1);
    mailbox::test(&admin, &here.servers.form(&somebody())).await.expect("the right one is taken");
    let unfit = mailbox::create(&admin, wrong).await.expect("a mailbox");
    assert_eq!(problems(fetch_once(&here.post.ctx, unfit).await)[0].1, Problem::MailAuthFailed);
}

#[tokio::test]
async fn f22_a_poisonous_mail_on_the_server_does_not_hold_up_the_others() {
    let Some(servers) = servers() else { return };
    let here = Box::new(servers).await;
    let nested = (0..60).fold(format!("From: {HE}\r\nSubject: deep\r\n"), |raw, level| {
        raw + &format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
    });
    let large =
        [format!("From: {HE}\r\nSubject: large\r\n\r\n").into_bytes(), b"0123456789012345678901234567890123456789\r\n".repeat(650_000)]
            .concat();
    let poisons: [(Vec<u8>, &str); 6] = [
        (nested.into_bytes(), "quarantined too_deep"),
        (large, "quarantined too_large"),
        (Vec::new(), "quarantined"),
        (vec![0; 2048], "quarantined"),
        ((0..=255).cycle().take(4096).collect(), "quarantined unreadable"),
        (
            format!("From: {HE}\r\nSubject: torn\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n????\r\n").into_bytes(),
            "new_ticket",
        ),
    ];
    for (number, (poison, _)) in poisons.iter().enumerate() {
        here.servers.drop_off(&here.user, poison);
        here.arrives(&format!("正常 {number}"));
    }
    here.fetch().await;
    assert_eq!(here.rows().await, 12, "each has its row");
    let normal: Vec<String> = here.titles().await.into_iter().filter(|title| title.starts_with("正常")).collect();
    assert_eq!(normal.len(), 6);
    let said: Vec<String> =
        here.post.test.list("select concat_ws(' ', verdict, reason) from mails where subject not like '正常%' order by uid").await;
    for (said, (_, expected)) in said.iter().zip(&poisons) {
        assert!(said.starts_with(expected), "{said}, not {expected}");
    }
    let kept: i64 = here.post.test.ask("select max(raw_size) from mails").await;
    assert!(kept < 1_000_000, "of the large one the beginning is kept: {kept}");
}

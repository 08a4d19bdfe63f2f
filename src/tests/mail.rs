//! 邮件: what becomes of mails that come in, what goes out, and what attackers get out of either (S19–S23, F22, F24).

mod body;
mod chinese;
mod circle;
mod corpus;
mod fetch;
mod guard;
mod kill;
mod ledger;
pub mod program;
mod send;
mod servers;
mod team;
mod thread;

use crate::tests::app::{SentMail, TestApp};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::id::{MailId, TicketId};
use kernel::permission::Role;
use mail::commands::{Arrival, receive};
use mail::import::mailbox_for_import;
use sqlx::Row;
use std::fmt::Write;
use ticket::commands::reply::reply;
use ticket::model::ReplyType;
use ticket::model::reply::ReplyInput;

/// Address of the mailbox of these tests.
const SERVICE: &str = "service@shop.example";
/// A customer.
const HE: &str = "he@customer.example";
/// Somebody who wants to read what is not theirs.
const MALLORY: &str = "mallory@evil.example";

/// A mail that somebody writes.
#[derive(Clone, Debug)]
struct Written {
    from: String,
    subject: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Written {
    fn by(from: &str, subject: &str) -> Written {
        Written { from: from.to_owned(), subject: subject.to_owned(), headers: Vec::new(), body: format!("正文：{subject}") }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Written {
        self.headers.push((name, value.into()));
        self
    }

    fn saying(mut self, body: &str) -> Written {
        body.clone_into(&mut self.body);
        self
    }

    /// An answer to a mail of ours.
    fn answering(self, mail: &SentMail) -> Written {
        self.with("In-Reply-To", format!("<{}>", mail.message_id))
    }

    fn raw(&self) -> Vec<u8> {
        let mut raw = format!(
            "From: {}\r\nTo: {SERVICE}\r\nSubject: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n",
            self.from, self.subject
        );
        if !self.headers.iter().any(|(name, _)| *name == "Message-ID") {
            let _ = write!(raw, "Message-ID: <{}@somewhere.example>\r\n", kernel::rng::hex(&kernel::rng::bytes::<8>()));
        }
        for (name, value) in &self.headers {
            let _ = write!(raw, "{name}: {value}\r\n");
        }
        let _ = write!(raw, "\r\n{}\r\n", self.body);
        raw.into_bytes()
    }
}

/// What became of a mail, as the ledger says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fate {
    mail: MailId,
    verdict: String,
    reason: String,
    ticket: Option<TicketId>,
    duplicate_of: Option<TicketId>,
}

impl Fate {
    fn said(&self) -> (&str, &str) {
        (&self.verdict, &self.reason)
    }
}

/// Mails arrive the way fetched ones do, and the worker decides about them.
struct Post {
    test: TestApp,
    ctx: Ctx,
}

impl Post {
    async fn new() -> Post {
        let test = TestApp::new().await;
        test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
        let ctx = test.system().await;
        Post { test, ctx }
    }

    async fn store(&self, raw: Vec<u8>) -> MailId {
        let mailbox = mailbox_for_import(&self.ctx, SERVICE).await.expect("a mailbox");
        receive(&self.ctx, Arrival { mailbox, uid: Some((1, uid())), raw: raw.into(), seen_at: self.ctx.now() })
            .await
            .expect("it is stored")
            .mail
    }

    async fn feed_raw(&self, raw: Vec<u8>) -> Fate {
        let mail = self.store(raw).await;
        self.test.run_jobs().await;
        self.fate(mail).await
    }

    async fn feed(&self, mail: &Written) -> Fate {
        self.feed_raw(mail.raw()).await
    }

    async fn fate(&self, mail: MailId) -> Fate {
        let mut tx = self.ctx.read().await.expect("a transaction");
        let row = sqlx::query("select coalesce(verdict, ''), coalesce(reason, ''), ticket_id, duplicate_of from mails where id = $1")
            .bind(mail)
            .fetch_one(&mut *tx)
            .await
            .expect("a row");
        Fate { mail, verdict: row.get(0), reason: row.get(1), ticket: row.get(2), duplicate_of: row.get(3) }
    }

    /// A new ticket of this sender.
    async fn opened(&self, from: &str, subject: &str) -> TicketId {
        let fate = self.feed(&Written::by(from, subject)).await;
        assert_eq!(fate.said(), ("new_ticket", "first_contact"));
        fate.ticket.expect("a ticket")
    }

    /// The super admin replies to everyone; gives the mail the customer gets.
    async fn answered(&self, ticket: TicketId, to: &str) -> SentMail {
        let input = ReplyInput {
            ticket,
            html: String::new(),
            text: "您好，正在核实。".to_owned(),
            reply_type: ReplyType::Everyone,
            status: None,
            seen_seq: i32::MAX,
            confirmed: true,
            files: Vec::new(),
            fields: Default::default(),
        };
        reply(&self.test.admin().await, input, Vec::new()).await.expect("replied");
        self.test.later(SignedDuration::from_secs(10)).await;
        self.test.sent_to(to).await.pop().expect("the customer gets a mail")
    }

    async fn messages(&self, ticket: TicketId) -> i64 {
        self.test.ask(format!("select count(*) from ticket_messages where ticket_id = '{ticket}'")).await
    }

    async fn status(&self, ticket: TicketId) -> i16 {
        self.test.ask(format!("select status from tickets where id = '{ticket}'")).await
    }

    async fn tickets(&self) -> i64 {
        self.test.ask("select count(*) from tickets").await
    }

    /// Every mail that went out, to whomever.
    async fn outgoing(&self) -> i64 {
        self.test.ask("select count(*) from mails where direction = 1").await
    }
}

/// The next number on the server: what is fetched is judged, what is imported by hand is trusted.
fn uid() -> i64 {
    static LAST: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
    LAST.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1
}

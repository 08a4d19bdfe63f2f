//! Sending by a real OpenSMTPD: once, with what the recipient's programs need, and honestly when it fails (F03, F23, F24).

use super::servers::{Gate, Servers, Way, servers, somebody, until};
use super::{HE, Post, Written};
use jiff::SignedDuration;
use kernel::id::{MailId, MailboxId, TicketId};
use kernel::lang::Lang;
use mail::commands::mailbox;
use mail::commands::send::{Outgoing, send};
use mail::model::MailboxInput;
use mail::parse::{Parsed, parse};

struct Desk {
    post: Post,
    servers: Servers,
    gate: Gate,
    mailbox: MailboxId,
    /// Address of the mailbox.
    address: String,
}

impl Desk {
    async fn new(servers: Servers) -> Desk {
        let (post, user) = (Post::new().await, somebody());
        let gate = Gate::to(servers.smtp).await;
        let form = MailboxInput { smtp_port: gate.port.to_string(), display_name: "客服中心".to_owned(), ..servers.form(&user) };
        let address = form.address.clone();
        let mailbox = mailbox::create(&post.test.admin().await, form).await.expect("a mailbox");
        Desk { post, servers, gate, mailbox, address }
    }

    async fn write(&self, to: &str, ticket: Option<TicketId>, auto: bool) -> MailId {
        let mut tx = self.post.ctx.begin().await.expect("a transaction");
        let out = Outgoing {
            mailbox: Some(self.mailbox),
            to: vec![(to.to_owned(), "何静".to_owned())],
            cc: Vec::new(),
            subject: "Re: 订单打不开".to_owned(),
            html: "<p>您好，已处理。</p>".to_owned(),
            text: "您好，已处理。\n.\n..两个点".to_owned(),
            ticket,
            message: None,
            in_reply_to: Some("question@customer.example".to_owned()),
            references: vec!["first@customer.example".to_owned()],
            auto,
            files: Vec::new(),
            send_at: None,
            lang: Lang::Zh,
        };
        let mail = send(&mut tx, out).await.expect("written");
        tx.commit().await.expect("committed");
        mail
    }

    /// State, attempts and what is said of the last one.
    async fn state(&self, mail: MailId) -> String {
        let sql = format!("select concat_ws(' ', state, attempts, possibly_sent, last_error) from mails where id = '{mail}'");
        self.post.test.ask(sql).await
    }

    async fn health(&self) -> String {
        self.post.test.ask(format!("select coalesce(send_error, 'well') from mailboxes where id = '{}'", self.mailbox)).await
    }

    /// What has arrived for somebody; the server delivers in its own time, so one more mail shows that it is done.
    async fn delivered(&self, user: &str) -> Vec<Parsed> {
        let last = Written::by("marker@mail.test", &somebody());
        assert!(self.servers.hand_over("marker@mail.test", &format!("{user}@mail.test"), &last.raw()).await);
        let read = || self.servers.delivered_to(user).iter().map(|raw| parse(raw).expect("readable")).collect::<Vec<_>>();
        until("the last one arrives", async || read().iter().any(|mail| mail.subject == last.subject)).await;
        read().into_iter().filter(|mail| mail.subject != last.subject).collect()
    }
}

#[tokio::test]
async fn what_goes_out_arrives_with_all_that_answers_need() {
    let Some(servers) = servers() else { return };
    let desk = Desk::new(servers).await;
    let ticket = desk.post.opened(HE, "订单打不开").await;
    let he = somebody();
    let answer = desk.write(&format!("{he}@mail.test"), Some(ticket), false).await;
    let robot = desk.write(&format!("{he}@mail.test"), None, true).await;
    desk.post.test.run_jobs().await;
    assert_eq!(
        (desk.state(answer).await, desk.state(robot).await, desk.health().await),
        ("2 1 f".to_owned(), "2 1 f".to_owned(), "well".to_owned())
    );
    let mails = desk.delivered(&he).await;
    assert_eq!(mails.len(), 2);
    let (robot, answer) = mails.iter().partition::<Vec<&Parsed>, _>(|mail| mail.header("auto-submitted").is_some());
    let answer = answer[0];
    assert_eq!((answer.from_address.as_str(), answer.from_name.as_str()), (desk.address.as_str(), "客服中心"));
    assert_eq!((answer.subject.as_str(), answer.text.as_str()), ("Re: 订单打不开", "您好，已处理。\n.\n..两个点"));
    assert_eq!(answer.in_reply_to.as_deref(), Some("question@customer.example"));
    assert_eq!(answer.references, ["first@customer.example", "question@customer.example"]);
    let token = mail::thread::read(answer.message_id.as_deref().unwrap_or_default()).expect("the token of the ticket");
    assert_eq!(token.ticket, ticket);
    assert_eq!(answer.header("x-loop"), Some(mail::guard::loop_mark(desk.post.test.company).as_str()));
    assert_eq!(
        answer.header("return-path").map(|path| path.trim_matches(['<', '>'])),
        Some(desk.address.as_str()),
        "bounces come back here"
    );
    assert_eq!(robot[0].header("auto-submitted"), Some("auto-replied"));
    assert_eq!(robot[0].header("x-auto-response-suppress"), Some("All"));
}

#[tokio::test]
async fn f24_a_server_that_is_away_is_tried_again_until_it_takes_the_mail_once() {
    let Some(servers) = servers() else { return };
    let desk = Desk::new(servers).await;
    let he = somebody();
    desk.gate.set(Way::Closed);
    let mail = desk.write(&format!("{he}@mail.test"), None, false).await;
    desk.post.test.run_jobs().await;
    assert_eq!((desk.state(mail).await, desk.health().await), ("0 1 f unreachable".to_owned(), "unreachable".to_owned()));
    let page = desk.post.test.super_admin().await.get(&format!("/settings/mailboxes/{}", desk.mailbox)).await;
    assert!(page.body.contains(kernel::error::Problem::MailUnreachable.text(Lang::Zh)), "{}", page.body);
    desk.post.test.later(SignedDuration::from_secs(30)).await;
    assert_eq!(desk.state(mail).await, "0 1 f unreachable", "not at once");
    desk.post.test.later(SignedDuration::from_secs(31)).await;
    assert_eq!(desk.state(mail).await, "0 2 f unreachable", "after a minute");
    desk.gate.set(Way::Open);
    desk.post.test.later(SignedDuration::from_secs(61)).await;
    assert_eq!(desk.state(mail).await, "0 2 f unreachable", "then after two");
    desk.post.test.later(SignedDuration::from_secs(61)).await;
    assert_eq!((desk.state(mail).await, desk.health().await), ("2 3 f".to_owned(), "well".to_owned()));
    desk.post.test.later(SignedDuration::from_hours(80)).await;
    assert_eq!(desk.delivered(&he).await.len(), 1, "once");
}

#[tokio::test]
async fn f23_after_three_days_it_has_failed_and_the_ticket_says_so() {
    let Some(servers) = servers() else { return };
    let desk = Desk::new(servers).await;
    let ticket = desk.post.opened(HE, "订单打不开").await;
    desk.gate.set(Way::Closed);
    let mail = desk.write("he@mail.test", Some(ticket), false).await;
    for _ in 0..40 {
        desk.post.test.later(SignedDuration::from_hours(2)).await;
    }
    assert!(desk.state(mail).await.starts_with("3 "), "{}", desk.state(mail).await);
    let kinds: Vec<String> = desk.post.test.list(format!("select kind from ticket_changes where ticket_id = '{ticket}'")).await;
    assert!(kinds.contains(&"mail_failed".to_owned()), "{kinds:?}");
}

#[tokio::test]
async fn f23_a_refusal_for_good_is_not_tried_again_and_stands_in_the_ledger() {
    let Some(servers) = servers() else { return };
    let desk = Desk::new(servers).await;
    let ticket = desk.post.opened(HE, "订单打不开").await;
    let mail = desk.write("nobody@refused.test", Some(ticket), false).await;
    desk.post.test.run_jobs().await;
    let state = desk.state(mail).await;
    assert!(state.starts_with("3 1 f") && state.contains("550"), "{state}");
    assert_eq!(desk.health().await, "well", "the server is not to blame");
    desk.post.test.later(SignedDuration::from_hours(10)).await;
    assert!(desk.state(mail).await.starts_with("3 1"), "once");
    let kinds: Vec<String> = desk.post.test.list(format!("select kind from ticket_changes where ticket_id = '{ticket}'")).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "mail_failed").count(), 1, "{kinds:?}");
    let page = desk.post.test.super_admin().await.get(&format!("/mail/{mail}")).await;
    assert!(page.status == 200 && page.body.contains("550"), "{}", page.body);
}

#[tokio::test]
async fn f03_a_mail_whose_answer_was_lost_goes_out_again_as_the_very_same() {
    let Some(servers) = servers() else { return };
    let desk = Desk::new(servers).await;
    let he = somebody();
    desk.gate.set(Way::LosesAnswer);
    let mail = desk.write(&format!("{he}@mail.test"), None, false).await;
    desk.post.test.run_jobs().await;
    let state = desk.state(mail).await;
    assert!(state.starts_with("0 1 t"), "it may have been sent: {state}");
    desk.gate.set(Way::Open);
    desk.post.test.later(SignedDuration::from_secs(61)).await;
    assert_eq!(desk.state(mail).await, "2 2 f");
    let ids: Vec<_> = desk.delivered(&he).await.into_iter().map(|mail| mail.message_id).collect();
    assert!((1..=2).contains(&ids.len()) && ids.iter().all(|id| *id == ids[0]), "programs see one mail: {ids:?}");
}

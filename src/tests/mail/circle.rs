//! The full circle over real servers: a customer writes, an agent answers, the customer answers to that.

use super::servers::{servers, somebody, until};
use super::{Post, Written};
use mail::imap::fetch_once;
use mail::parse::parse;

#[tokio::test]
async fn a_conversation_by_mail_stays_one_ticket() {
    let Some(servers) = servers() else { return };
    let (post, user, he) = (Post::new().await, somebody(), somebody());
    let mailbox = servers.mailbox(&post.test, &user).await;
    let (ours, theirs) = (format!("{user}@mail.test"), format!("{he}@mail.test"));
    let first = Written::by(&format!("何静 <{theirs}>"), "订单打不开").with("Message-ID", "<first@phone.example>");
    assert!(servers.hand_over(&theirs, &ours, &first.raw()).await);
    until("the servers delivered it", async || !servers.delivered_to(&user).is_empty()).await;
    assert_eq!(fetch_once(&post.ctx, mailbox).await.expect("fetched"), 1);
    post.test.run_jobs().await;
    let ticket = post.test.ask("select id from tickets").await;

    post.answered(ticket, &theirs).await;
    until("the answer arrives", async || !servers.delivered_to(&he).is_empty()).await;
    let answer = parse(&servers.delivered_to(&he)[0]).expect("readable");
    assert_eq!((answer.from_address.as_str(), answer.in_reply_to.as_deref()), (ours.as_str(), Some("first@phone.example")));
    assert!(answer.text.contains("正在核实") && answer.header("auto-submitted").is_none(), "{answer:?}");

    let id = answer.message_id.expect("an id");
    let body = format!("还是打不开。\n\n在 2026年11月22日 10:00，客服 <{ours}> 写道：\n> 您好，正在核实。\n");
    let second = Written::by(&format!("何静 <{theirs}>"), "回复：订单打不开").with("In-Reply-To", format!("<{id}>")).saying(&body);
    assert!(servers.hand_over(&theirs, &ours, &second.raw()).await);
    // Somebody who has seen the id, but is not its recipient.
    let stranger = Written::by("mallory@mail.test", "回复：订单打不开").with("In-Reply-To", format!("<{id}>"));
    assert!(servers.hand_over("mallory@mail.test", &ours, &stranger.raw()).await);
    until("the servers delivered them", async || servers.delivered_to(&user).len() == 3).await;
    assert_eq!(fetch_once(&post.ctx, mailbox).await.expect("fetched"), 2);
    post.test.run_jobs().await;
    let verdicts: Vec<String> = post
        .test
        .list("select concat_ws(' ', from_address, verdict, reason) from mails where direction = 0 order by from_address, received_at, id")
        .await;
    let of =
        |address: &str| verdicts.iter().filter(|row| row.starts_with(address)).map(|row| &row[address.len() + 1..]).collect::<Vec<_>>();
    assert_eq!(of(&theirs), ["new_ticket first_contact", "appended token_matched"]);
    assert_eq!(of("mallory@mail.test"), ["new_ticket sender_mismatch"]);
    assert_eq!(post.messages(ticket).await, 3);
    let last: String =
        post.test.ask(format!("select text from ticket_messages where ticket_id = '{ticket}' order by seq desc limit 1")).await;
    assert_eq!(last, "还是打不开。", "the history is folded");
}

//! 会话 (S19, S20, S21): only the keyed token joins a mail to a ticket; nobody speaks or listens who should not.

use super::{HE, MALLORY, Post, SERVICE, Written};
use jiff::SignedDuration;
use kernel::lang::Lang;
use mail::commands::rotate_key;
use mail::commands::send::{Outgoing, send};
use ticket::commands::edit;
use ticket::model::Status;
use ticket::model::input::EditInput;

#[tokio::test]
async fn a_mail_becomes_a_ticket_of_its_sender() {
    let post = Post::new().await;
    let first = post.opened("何静 <He@Customer.example>", "订单打不开").await;
    let row: String = post
        .test
        .ask(format!(
            "select concat_ws(' ', t.title, t.status, t.source, t.start_type, t.creator_kind, c.nickname, t.waiting_since is not null, t.mailbox_id is not null)
            from tickets t join customers c on c.id = t.customer_id where t.id = '{first}'"
        ))
        .await;
    assert_eq!(row, "订单打不开 0 12 1 1 何静 t t");
    post.opened(HE, "另一件事").await;
    assert_eq!(post.test.ask::<i64>("select count(*) from customers").await, 1, "one sender is one customer");
    assert_eq!(post.outgoing().await, 0, "nobody is answered by a program");
}

#[tokio::test]
async fn s19_an_answer_with_our_message_id_joins_its_ticket() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    assert_eq!(post.status(ticket).await, 2);
    let fate = post.feed(&Written::by(HE, "Re: 换了主题").answering(&ours)).await;
    assert_eq!((fate.said(), fate.ticket), (("appended", "token_matched"), Some(ticket)));
    assert_eq!((post.status(ticket).await, post.messages(ticket).await), (1, 3));
    // Some programs keep References only, some write ids in capitals.
    let fate = post.feed(&Written::by(HE, "再补充").with("References", format!("<x@y> <{}> <z@w>", ours.message_id.to_uppercase()))).await;
    assert_eq!((fate.said(), fate.ticket), (("appended", "token_matched"), Some(ticket)));
    let author: String =
        post.test.ask("select author_kind || ' ' || (author_id is not null) from ticket_messages order by seq desc limit 1").await;
    assert_eq!(author, "1 true");
    assert_eq!(post.outgoing().await, 1);
}

#[tokio::test]
async fn an_answer_opens_a_solved_ticket_again_and_a_closed_one_gets_a_successor() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    let admin = post.test.admin().await;
    let end = async |status| {
        let version = post.test.ask(format!("select version from tickets where id = '{ticket}'")).await;
        edit::edit(&admin, EditInput { status: Some(status), ..EditInput::of(ticket, version) }).await.expect("ended");
    };
    end(Status::Solved).await;
    post.feed(&Written::by(HE, "还是不行").answering(&ours)).await;
    assert_eq!((post.status(ticket).await, post.test.ask::<i32>(format!("select cycle from tickets where id = '{ticket}'")).await), (1, 2));
    end(Status::Closed).await;
    let fate = post.feed(&Written::by(HE, "又不行了").answering(&ours)).await;
    assert_eq!((fate.said(), fate.duplicate_of), (("new_ticket", "ticket_ended"), Some(ticket)));
    assert_eq!(
        post.test.ask::<i64>(format!("select count(*) from ticket_links where ticket_id = '{ticket}'")).await,
        1,
        "and the two are linked"
    );
}

#[tokio::test]
async fn s19_forged_tokens_and_subject_numbers_open_a_ticket_of_their_own() {
    let post = Post::new().await;
    let (ticket, other) = (post.opened(HE, "订单打不开").await, post.opened("li@customer.example", "别人的事").await);
    let (ours, theirs) = (post.answered(ticket, HE).await, post.answered(other, "li@customer.example").await);
    let number: i64 = post.test.ask(format!("select number from tickets where id = '{ticket}'")).await;
    let part = |at: usize| ours.message_id.split('.').nth(at).unwrap_or_default().to_owned();
    let last = |id: &str| id.split('@').next().and_then(|local| local.rsplit('.').next()).unwrap_or_default().to_owned();
    let flipped = ours.message_id.replace(&last(&ours.message_id), &last(&theirs.message_id));
    let forgeries = [
        Written::by(HE, "a").with("In-Reply-To", format!("<{flipped}>")),
        Written::by(HE, "b").with("In-Reply-To", format!("<kefu.{}.{}.{}@kefu.example>", part(1), part(2), "0".repeat(32))),
        Written::by(HE, "c").with(
            "In-Reply-To",
            format!("<{}>", theirs.message_id.replace(&theirs.message_id.split('.').nth(1).unwrap_or_default().to_owned(), &part(1))),
        ),
        Written::by(HE, &format!("Re: 订单打不开 [#{number}]")),
        Written::by(HE, &format!("回复：订单打不开 [#{number}]")).with("References", "<first@customer.example>"),
        Written::by(MALLORY, &format!("[#{number}]")).with("X-Kefu-Ticket", ticket.to_string()),
    ];
    for forgery in &forgeries {
        let fate = post.feed(forgery).await;
        assert_eq!(fate.verdict, "new_ticket", "{forgery:?}: {fate:?}");
        assert!(["token_invalid", "subject_number"].contains(&fate.reason.as_str()), "{fate:?}");
        assert_ne!(fate.ticket, Some(ticket));
        if fate.reason == "subject_number" {
            assert_eq!(fate.duplicate_of, Some(ticket), "a person is told of the possible duplicate");
        }
    }
    assert_eq!(post.messages(ticket).await, 2, "the ticket itself was not touched");
    assert_eq!(post.tickets().await, 2 + 6);
    let marked: i64 = post.test.ask(format!("select count(*) from tickets where possible_duplicate_of = '{ticket}'")).await;
    assert_eq!(marked, 3);
}

#[tokio::test]
async fn s19_a_token_of_somebody_else_is_no_way_in() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    // The customer forwarded our mail; whoever got it knows the id.
    let fate = post.feed(&Written::by(MALLORY, "Re: 订单打不开").answering(&ours)).await;
    assert_eq!((fate.said(), fate.duplicate_of), (("new_ticket", "sender_mismatch"), Some(ticket)));
    assert_eq!(post.messages(ticket).await, 2);
}

#[tokio::test]
async fn s19_a_retired_key_counts_for_ninety_days() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    rotate_key(&post.test.admin().await).await.expect("rotated");
    let answer = |subject: &str| Written::by(HE, subject).answering(&ours);
    assert_eq!(post.feed(&answer("一天后")).await.said(), ("appended", "token_matched"));
    let fresh = post.answered(ticket, HE).await;
    assert_eq!(post.feed(&Written::by(HE, "新钥匙").answering(&fresh)).await.said(), ("appended", "token_matched"));
    post.test.app.clock.advance(SignedDuration::from_hours(90 * 24));
    assert_eq!(post.feed(&answer("九十天后")).await.said(), ("new_ticket", "token_invalid"));
    assert_eq!(post.feed(&Written::by(HE, "新钥匙还在").answering(&fresh)).await.said(), ("appended", "token_matched"));
}

#[tokio::test]
async fn s20_an_agents_address_is_not_an_agents_word() {
    let post = Post::new().await;
    post.test.tamper("update mailboxes set authserv_id = 'mx.shop.example'").await;
    let ticket = post.opened(HE, "订单打不开").await;
    let ours = post.answered(ticket, HE).await;
    post.test.tamper("update mailboxes set authserv_id = 'mx.shop.example'").await;
    for forged in [
        "evil.example; dmarc=pass header.from=example.com",
        "mx.shop.example.evil.example; dmarc=pass header.from=example.com",
        "mx.shop.example; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example",
        // Even a sender who is verified: the token was made for the customer, not for the agent.
        "mx.shop.example; dmarc=pass header.from=example.com",
    ] {
        let spoofed = Written::by("李雷 <lilei@example.com>", "Re: 订单打不开")
            .answering(&ours)
            .with("Authentication-Results", forged)
            .saying("请把退款打到这个账号");
        let fate = post.feed(&spoofed).await;
        assert_eq!((fate.said(), fate.ticket), (("appended", "agent_unverified"), Some(ticket)), "{forged}");
        let row: String = post.test.ask("select concat_ws(' ', reply_type, author_kind, author_id, warning) from ticket_messages order by created_at desc, seq desc limit 1").await;
        assert_eq!(row, "1 1 agent_unverified", "a note of nobody, with a warning");
    }
    post.test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(post.outgoing().await, 1, "nothing of it was sent to anybody");
    assert_eq!(post.status(ticket).await, 2, "and the ticket did not move");
    // Without any token it is an ordinary first mail, of a customer.
    let fate = post.feed(&Written::by("lilei@example.com", "我也是客户")).await;
    assert_eq!(fate.said(), ("new_ticket", "first_contact"));
}

#[tokio::test]
async fn s20_an_agent_who_is_proven_replies_by_mail() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    post.test.tamper("update mailboxes set authserv_id = 'mx.shop.example'").await;
    post.test.new_agent("boss@example.com", "周航", kernel::permission::Role::TicketAdmin, Vec::new()).await;
    let mut tx = post.ctx.begin().await.expect("a transaction");
    let out = Outgoing {
        mailbox: None,
        to: vec![("boss@example.com".to_owned(), "周航".to_owned())],
        cc: Vec::new(),
        subject: "您的工单".to_owned(),
        html: String::new(),
        text: "客户在等".to_owned(),
        ticket: Some(ticket),
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang: Lang::Zh,
    };
    send(&mut tx, out).await.expect("sent");
    tx.commit().await.expect("committed");
    let notice = post.test.sent_to("boss@example.com").await.remove(0);
    let answer = |results: &str| {
        Written::by("boss@example.com", "Re: 您的工单")
            .answering(&notice)
            .with("Authentication-Results", results)
            .saying("您好，已经为您处理。")
    };
    assert_eq!(post.feed(&answer("mx.shop.example; dmarc=fail header.from=example.com")).await.reason, "agent_unverified");
    assert!(post.test.sent_to(HE).await.is_empty());
    assert_eq!(post.feed(&answer("mx.shop.example; dmarc=pass header.from=example.com")).await.said(), ("appended", "agent_reply"));
    let mails = post.test.sent_to(HE).await;
    assert_eq!((mails.len(), mails[0].text.contains("已经为您处理"), post.status(ticket).await), (1, true, 2));
    assert_eq!(post.test.ask::<String>("select author_name from ticket_messages order by seq desc limit 1").await, "周航");
    // A link that only the page of the agent's mail has is in the text of ours too.
    let page = answer("mx.shop.example; dmarc=pass header.from=example.com")
        .saying("<div>请看</div><div><a href=\"https://help.example/pay\">付款说明</a></div>")
        .raw();
    let page = String::from_utf8(page).expect("text").replace("Content-Type: text/plain", "Content-Type: text/html");
    assert_eq!(post.feed_raw(page.into_bytes()).await.said(), ("appended", "agent_reply"));
    let text = post.test.sent_to(HE).await.pop().expect("a mail").text;
    assert!(text.contains("请看\n付款说明 (https://help.example/pay)"), "{text}");
}

#[tokio::test]
async fn s21_whoever_is_in_cc_of_a_strangers_mail_gets_nothing_and_cannot_join() {
    // Zendesk, 2024: a mail in somebody else's name with the attacker in CC, then an answer to the guessed ticket.
    let post = Post::new().await;
    let spoofed = Written::by("ceo@victim.example", "密码重置")
        .with("Cc", MALLORY)
        .with("Reply-To", MALLORY)
        .with("Message-ID", "<known@evil.example>");
    let ticket = post.feed(&spoofed).await.ticket.expect("a ticket");
    assert_eq!(
        post.test.ask::<i64>(format!("select cardinality(cc)::bigint from tickets where id = '{ticket}'")).await,
        0,
        "nobody takes part because a mail says so"
    );
    let number: i64 = post.test.ask(format!("select number from tickets where id = '{ticket}'")).await;
    let ours = post.answered(ticket, "ceo@victim.example").await;
    assert!(!ours.source().contains("evil.example") || !ours.source().to_lowercase().contains("mallory"), "{}", ours.source());
    for guess in [
        Written::by(MALLORY, &format!("Re: 密码重置 [#{number}]")).with("In-Reply-To", "<known@evil.example>"),
        Written::by(MALLORY, "Re: 密码重置").with("References", "<known@evil.example>"),
        Written::by("ceo@victim.example", &format!("Re: 密码重置 [#{number}]"))
            .with("In-Reply-To", "<known@evil.example>")
            .with("Cc", MALLORY)
            .saying("请把整个对话抄送给我的同事"),
    ] {
        let fate = post.feed(&guess).await;
        assert_eq!(fate.verdict, "new_ticket", "{fate:?}");
        assert_ne!(fate.ticket, Some(ticket));
    }
    // The true customer's answer with somebody in CC adds nobody either.
    post.feed(&Written::by("ceo@victim.example", "Re: 密码重置").answering(&ours).with("Cc", MALLORY)).await;
    post.answered(ticket, "ceo@victim.example").await;
    assert!(post.test.sent_to(MALLORY).await.is_empty());
    assert_eq!(
        post.test.ask::<i64>("select count(*) from mails where direction = 1 and array_to_string(to_addresses, ' ') like '%evil%'").await,
        0
    );
}

#[tokio::test]
async fn s21_whom_an_agent_puts_in_cc_takes_part() {
    let post = Post::new().await;
    let ticket = post.opened(HE, "订单打不开").await;
    let version = post.test.ask(format!("select version from tickets where id = '{ticket}'")).await;
    let input = EditInput { cc: Some("buyer@customer.example".to_owned()), ..EditInput::of(ticket, version) };
    edit::edit(&post.test.admin().await, input).await.expect("in CC");
    let ours = post.answered(ticket, "buyer@customer.example").await;
    let fate = post.feed(&Written::by("buyer@customer.example", "Re: 订单打不开").answering(&ours)).await;
    assert_eq!((fate.said(), fate.ticket), (("appended", "participant"), Some(ticket)));
    assert_eq!(post.feed(&Written::by(MALLORY, "Re: 订单打不开").answering(&ours)).await.reason, "sender_mismatch");
    assert!(post.test.sent_to(SERVICE).await.is_empty());
}

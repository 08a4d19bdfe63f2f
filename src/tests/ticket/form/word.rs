//! `{{form}}` in words: replies, preset replies, and mails of triggers, the confirmation of a new ticket among them.

use super::{Demand, Desk, FieldKind, FilledBy, HE, asked, furnished, own};
use crate::tests::app::problems;
use crate::tests::ticket::{note_to, reply_to};
use crate::tests::trigger::{rule, when};
use jiff::SignedDuration;
use kernel::error::Problem;
use preset::commands::insert::take;
use preset::model::{PresetInput, PresetKind, UseInput};
use ticket::commands::reply::reply;
use trigger::field::Field;
use trigger::model::{ActionInput, ActionKind, Moment, Operator};

const LINK: &str = "http://127.0.0.1:8080/f/";

#[tokio::test]
async fn in_a_reply_the_place_becomes_the_link_of_the_mail() {
    let (desk, ticket, ..) = furnished().await;
    reply(&desk.lilei, reply_to(ticket, "请打开 {{form}} 填写。"), Vec::new()).await.expect("replied");
    desk.test.later(SignedDuration::from_secs(15)).await;
    let mail = desk.test.sent_to(HE).await.pop().expect("a mail");
    assert!(mail.text.contains(LINK) && !mail.text.contains("{{"), "{}", mail.text);
    assert_eq!(desk.test.visitor().get(&format!("/f/{}", mail.token("/f/"))).await.status, 200);
    let stored: String = desk.test.ask("select text || html from ticket_messages order by seq desc limit 1").await;
    assert!(stored.contains("请打开 {{form}} 填写。") && !stored.contains("/f/"), "the link is the customer's alone: {stored}");
    reply(&desk.lilei, note_to(ticket, "客户还没填 {{form}}"), Vec::new()).await.expect("a note");
    let note: String = desk.test.ask("select text from ticket_messages order by seq desc limit 1").await;
    assert_eq!(note, "客户还没填 {{form}}", "agents have no form to fill in");
    let plain = Desk::new().await;
    let ticket = plain.ticket("没有字段").await.ticket;
    let refused = reply(&plain.lilei, reply_to(ticket, "请打开 {{form}}"), Vec::new()).await;
    assert_eq!(problems(refused), [("text".to_owned(), Problem::NothingToFillIn)]);
}

#[tokio::test]
async fn in_words_that_nobody_looks_at_the_place_is_nothing_when_there_is_nothing_to_fill_in() {
    let desk = Desk::new().await;
    let mail = ActionInput {
        kind: Some(ActionKind::MailCustomer),
        value: String::new(),
        text: "{{customer}}，已收到“{{title}}”。{{form}}".to_owned(),
        own: None,
    };
    let conditions = vec![when(Field::Title, Operator::Contains, "退货")];
    trigger::commands::save(&desk.admin, rule("确认", Moment::Created, conditions, vec![mail])).await.expect("saved");
    let words = PresetInput { text: "请填写：{{form}}".to_owned(), ..PresetInput::named(PresetKind::Reply, "请填写") };
    let words = preset::commands::save(&desk.admin, words).await.expect("saved");

    let plain = desk.ticket("退货一").await.ticket;
    desk.test.run_jobs().await;
    let sent = desk.test.sent_to(HE).await.pop().expect("a confirmation").text;
    assert!(sent.contains("已收到“退货一”。") && !sent.contains("{{") && !sent.contains("/f/"), "{sent}");
    assert_eq!(take(&desk.lilei, UseInput { ticket: plain, preset: words }).await.expect("words"), "<p>请填写：</p>");

    let order = own(&desk, "订单号", FieldKind::Line, FilledBy::Customer).await;
    asked(&desk, &[(order, Demand::Never)]).await;
    let ticket = desk.ticket("退货二").await.ticket;
    desk.test.run_jobs().await;
    let sent = desk.test.sent_to(HE).await.pop().expect("a confirmation");
    let token = sent.token("/f/");
    assert_eq!(desk.test.visitor().get(&format!("/f/{token}")).await.status, 200);
    let noted: i64 = desk.test.ask(format!("select count(*) from ticket_messages where strpos(text || html, '{token}') > 0")).await;
    assert_eq!(noted, 0, "the note of the mail names the place alone");
    let inserted = take(&desk.lilei, UseInput { ticket, preset: words }).await.expect("words");
    assert_eq!(inserted, "<p>请填写：{{form}}</p>", "the reply fills the place");
    // Filled in, there is nothing left.
    desk.test.tamper(format!("update tickets set fields = jsonb_build_object('{order}', 'A-1') where id = '{ticket}'")).await;
    assert_eq!(take(&desk.lilei, UseInput { ticket, preset: words }).await.expect("words"), "<p>请填写：</p>");
}

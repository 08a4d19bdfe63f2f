//! 草稿: what is typed of a ticket that does not exist yet, what a reply that is taken back finds there, and what becomes of
//! pictures whose text was thrown away.

use super::{Desk, HE, note_to, reply_to};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Error;
use kernel::id::{FileId, TicketId};
use ticket::commands::create::create;
use ticket::commands::message::NewFile;
use ticket::commands::reply::{reply, undo_reply};
use ticket::commands::{draft, picture};
use ticket::model::ReplyType;
use ticket::model::input::CreateInput;
use ticket::model::reply::DraftInput;
use ticket::queries::draft::new_draft;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const NEW: &str = "/tickets/new";

#[tokio::test]
async fn a_new_ticket_that_was_typed_is_there_again_and_gone_when_it_was_created() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let customer = desk.customer.to_string();
    let group = desk.group.to_string();
    let typed = [
        ("customer", &*customer),
        ("title", "订单付了两次"),
        ("html", "<p>请<strong>尽快</strong>退一笔</p><script>x()</script>"),
        ("text", "请尽快退一笔"),
        ("group", &*group),
        ("cc", "不是邮箱"),
    ];
    let saved = browser.call("/do/ticket/new_draft", &typed).await;
    assert!(saved.status == 200 && !saved.json()["at"].as_str().expect("a time").is_empty(), "{}", saved.body);
    desk.test.app.clock.advance(SignedDuration::from_mins(3));

    let page = browser.get(NEW).await;
    assert!(page.text(".note").contains("已恢复 3 分钟前的草稿"), "{}", page.text(".note"));
    assert_eq!(page.attribute("input[name='input[title]']", "value"), "订单付了两次");
    assert_eq!(page.attribute("input[name='input[customer]']", "value"), customer);
    assert_eq!(page.attribute("[data-rich]", "data-html"), "<p>请<strong>尽快</strong>退一笔</p>");
    assert!(page.text("textarea[name='input[text]']").contains("请尽快退一笔"), "without an editor, too");
    assert_eq!(page.attribute("select[name='input[group]'] option[selected]", "value"), group);
    assert_eq!(page.text("textarea[name='input[cc]']"), "不是邮箱", "as it was typed, right or wrong");
    // For whomever the next ticket is opened, the sheet is the same one, and it says for whom it was.
    let new = browser.get("/tickets/new?new=true").await;
    assert!(new.text(".note").contains("何静"), "{}", new.text(".note"));
    assert_eq!(new.attribute("input[name='input[title]']", "value"), "订单付了两次");
    draft::save_new(&desk.admin, CreateInput { customer: None, nickname: "孙立".to_owned(), ..desk.input("新人") }).await.expect("kept");
    let other = desk.test.super_admin().await.get(&format!("/tickets/new?customer={customer}")).await;
    assert!(other.text(".note").contains("为“孙立”写的草稿"), "{}", other.text(".note"));
    draft::discard_new(&desk.admin).await.expect("discarded");
    // The way to another customer leads there.
    assert!(!browser.get("/tickets/new?step=customer").await.texts("input[name='find']").is_empty());
    assert!(desk.test.super_admin().await.get(NEW).await.texts(".note").is_empty(), "it is nobody else's");

    let refused = create(&desk.lilei, CreateInput { cc: "不是邮箱".to_owned(), ..desk.input("订单付了两次") }, Vec::new()).await;
    assert!(refused.is_err() && new_draft(&desk.lilei).await.expect("asked").is_some(), "what was refused is not lost");
    create(&desk.lilei, desk.input("订单付了两次"), Vec::new()).await.expect("created");
    assert!(new_draft(&desk.lilei).await.expect("asked").is_none());
    assert!(browser.get(NEW).await.texts(".note").is_empty());
}

#[tokio::test]
async fn a_draft_of_a_new_ticket_is_one_and_can_be_thrown_away() {
    let desk = Desk::new().await;
    let input = |title: &str| CreateInput { text: String::new(), ..desk.input(title) };
    for title in ["一", "二"] {
        draft::save_new(&desk.lilei, input(title)).await.expect("kept");
    }
    draft::save_new(&desk.admin, input("三")).await.expect("kept");
    assert_eq!(desk.test.ask::<i64>("select count(*) from ticket_drafts").await, 2);
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = browser.submit(NEW, "/do/ticket/discard_new_draft", &[("sure", "true")]).await;
    assert!(page.body.contains("草稿已丢弃") && !page.body.contains("value=\"二\""), "{}", page.body);
    assert_eq!(desk.test.list::<String>("select form ->> 'title' from ticket_drafts").await, ["三"]);
    // Nothing written any more is nothing to keep, whatever is chosen.
    let nothing = CreateInput { group: Some(desk.group), ..input(" ") };
    assert!(draft::save_new(&desk.admin, nothing).await.expect("kept").at.is_empty());
    assert_eq!(desk.test.ask::<i64>("select count(*) from ticket_drafts").await, 0);
    let bomb = CreateInput { title: "长".repeat(5_001), ..desk.input("") };
    assert!(matches!(draft::save_new(&desk.lilei, bomb).await, Err(Error::Problems(_))));
}

#[tokio::test]
async fn a_form_that_is_refused_is_shown_again_before_the_draft() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    draft::save_new(&desk.lilei, desk.input("较早的草稿")).await.expect("kept");
    let customer = desk.customer.to_string();
    let answer = browser.upload(NEW, "/do/ticket/create", &[("customer", &customer), ("title", "刚写的"), ("text", "")], &[]).await;
    let page = browser.get(&answer.location()).await;
    assert_eq!(page.attribute("input[name='input[title]']", "value"), "刚写的", "{}", page.body);
    assert!(page.texts(".note").is_empty());
}

#[tokio::test]
async fn a_reply_that_is_taken_back_leaves_what_was_typed_since() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let html = async || desk.test.ask::<String>("select html from ticket_drafts").await;
    let sent = reply(&desk.lilei, reply_to(ticket, "先发的"), Vec::new()).await.expect("replied");
    draft::save(&desk.lilei, typed(ticket, "后写的", ReplyType::Everyone)).await.expect("kept");
    undo_reply(&desk.lilei, sent.message).await.expect("in time");
    assert_eq!(html().await, "<p>先发的</p><hr><p>后写的</p>");
    assert_eq!(desk.test.ask::<i16>("select reply_type from ticket_drafts").await, ReplyType::Everyone.code());
    // Nothing but the reply itself: it is not doubled.
    let sent = reply(&desk.lilei, reply_to(ticket, "再发的"), Vec::new()).await.expect("replied");
    draft::save(&desk.lilei, typed(ticket, "再发的", ReplyType::Everyone)).await.expect("kept");
    undo_reply(&desk.lilei, sent.message).await.expect("in time");
    assert_eq!(html().await, "<p>再发的</p>");
}

#[tokio::test]
async fn a_note_begun_meanwhile_does_not_go_to_the_customer_with_the_reply() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("订单待付款").await.ticket;
    let sent = reply(&desk.lilei, reply_to(ticket, "您好"), Vec::new()).await.expect("replied");
    draft::save(&desk.lilei, typed(ticket, "这位客户难缠", ReplyType::AgentsOnly)).await.expect("kept");
    undo_reply(&desk.lilei, sent.message).await.expect("in time");
    assert_eq!(desk.test.ask::<i16>("select reply_type from ticket_drafts").await, ReplyType::AgentsOnly.code());
    let page = desk.test.signed_in("lilei@example.com").await.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(page.attribute("input[name='input[reply_type]'][checked]", "value"), "agents_only");
    assert!(desk.test.sent_to(HE).await.iter().all(|mail| !mail.text.contains("难缠")));
}

#[tokio::test]
async fn pictures_go_with_the_text_that_was_thrown_away() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    let here = async |id: FileId| desk.test.ask::<bool>(format!("select exists (select from files where id = '{id}')")).await;
    let (thrown, both) = (put(&desk.lilei).await, put(&desk.lilei).await);
    draft::save(&desk.lilei, DraftInput { html: shows(&[thrown, both]), ..typed(ticket, "", ReplyType::Everyone) }).await.expect("kept");
    draft::save_new(&desk.lilei, CreateInput { html: shows(&[both]), ..desk.input("另一张") }).await.expect("kept");
    draft::discard(&desk.lilei, ticket).await.expect("discarded");
    assert_eq!((here(thrown).await, here(both).await), (false, true), "one that stands in another text stays");
    draft::discard_new(&desk.lilei).await.expect("discarded");
    assert!(!here(both).await);

    // Left out of the note that is sent in the end.
    let (sent, left) = (put(&desk.lilei).await, put(&desk.lilei).await);
    draft::save(&desk.lilei, DraftInput { html: shows(&[sent, left]), ..typed(ticket, "", ReplyType::Everyone) }).await.expect("kept");
    let note = ticket::model::reply::ReplyInput { html: shows(&[sent]), ..note_to(ticket, "") };
    reply(&desk.lilei, note, Vec::new()).await.expect("noted");
    assert_eq!((here(sent).await, here(left).await), (true, false));
}

#[tokio::test]
async fn pictures_that_stand_in_no_text_are_swept() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    let (lost, kept, mut ids) = (put(&desk.lilei).await, put(&desk.lilei).await, Vec::new());
    draft::save(&desk.lilei, DraftInput { html: shows(&[kept]), ..typed(ticket, "", ReplyType::Everyone) }).await.expect("kept");
    for hours in [47, 2] {
        desk.test.app.clock.advance(SignedDuration::from_hours(hours));
        crate::worker::schedule::housekeeping(&desk.test.system().await).await.expect("swept");
        ids.push(desk.test.list::<String>("select id::text from files where owner_kind = 'picture' order by id").await);
    }
    assert_eq!(ids, [vec![lost.to_string(), kept.to_string()], vec![kept.to_string()]]);
}

/// A picture in a text of theirs.
async fn put(who: &Ctx) -> FileId {
    picture::keep(who, NewFile { name: "图.png".to_owned(), content: PNG.into(), content_id: None }).await.expect("kept")
}

fn shows(pictures: &[FileId]) -> String {
    pictures.iter().map(|id| format!("<p><img src=\"cid:{id}\" alt=\"图\"></p>")).collect()
}

fn typed(ticket: TicketId, text: &str, reply_type: ReplyType) -> DraftInput {
    DraftInput { ticket, html: String::new(), text: text.to_owned(), reply_type, seen_seq: 0 }
}

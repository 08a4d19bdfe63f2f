//! 富文本: what is written in the editor, how much of it, and the pictures in it.

use super::{Desk, HE, note_to, reply_to};
use crate::tests::app::problems;
use kernel::error::Problem;
use kernel::id::FileId;
use ticket::commands::create::create;
use ticket::commands::message::NewFile;
use ticket::commands::picture;
use ticket::commands::reply::{reply, undo_reply};
use ticket::model::TEXT_MOST;
use ticket::model::input::CreateInput;
use ticket::model::reply::ReplyInput;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn rich(ticket: kernel::id::TicketId, html: &str) -> ReplyInput {
    ReplyInput { html: html.to_owned(), ..reply_to(ticket, "") }
}

#[tokio::test]
async fn formats_stand_in_the_ticket_and_in_the_mail() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    let html = "<p>请<strong>先</strong>看<a href=\"https://a.example/x\">说明</a></p><table><tbody><tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table>";
    reply(&desk.lilei, rich(ticket, &format!("{html}<script>x()</script><p onclick=\"x()\"></p>")), Vec::new()).await.expect("replied");
    let stored: String = desk.test.ask("select html from ticket_messages where seq > 1").await;
    assert!(stored.contains("<strong>先</strong>") && stored.contains("<table>") && !stored.contains("onclick"), "{stored}");
    let mail = desk.test.sent_to(HE).await.remove(0);
    assert!(mail.text.contains("请先看说明 (https://a.example/x)\n\n甲 | 乙"), "{}", mail.text);
}

#[tokio::test]
async fn text_is_counted_without_markup_and_nothing_is_lost_when_it_is_too_long() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    let most = format!("<p>{}</p>", "<strong>字</strong>&amp;".repeat(TEXT_MOST / 2));
    // The copy as plain text has line breaks besides; only the words count.
    let both = ReplyInput { text: "字\n\n".repeat(TEXT_MOST), ..rich(ticket, &most) };
    reply(&desk.lilei, both, Vec::new()).await.expect("as much as fits");
    let one_more = rich(ticket, &format!("{most}<p>多</p>"));
    assert_eq!(problems(reply(&desk.lilei, one_more, Vec::new()).await), [("text".to_owned(), Problem::DescriptionTooLong)]);
    for nothing in ["<p></p>", "<p>&nbsp;</p><ul><li><p> </p></li></ul>", "<p><img src=\"https://spy.example/x\"></p>"] {
        assert_eq!(
            problems(reply(&desk.lilei, rich(ticket, nothing), Vec::new()).await),
            [("text".to_owned(), Problem::Required)],
            "{nothing}"
        );
    }

    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = format!("/tickets/{ticket}");
    let long = format!("<p><em>斜</em>{}</p>", "长".repeat(TEXT_MOST));
    let id = ticket.to_string();
    let fields = [("ticket", &*id), ("reply_type", "everyone"), ("seen_seq", "99"), ("html", &*long), ("text", "斜长")];
    browser.upload(&page, "/do/ticket/reply", &fields, &[]).await;
    let again = browser.get(&page).await;
    assert!(
        again.body.contains(&long.replace('<', "&lt;").replace('>', "&gt;")) || again.body.contains(&long),
        "it is in the editor again"
    );
}

#[tokio::test]
async fn plain_text_keeps_its_lines_and_its_links() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    reply(&desk.lilei, note_to(ticket, "甲\n乙见https://a.example/x。\n\n<b>丙</b>"), Vec::new()).await.expect("noted");
    let stored: String = desk.test.ask("select html from ticket_messages where seq > 1").await;
    let link = "<a href=\"https://a.example/x\" rel=\"noopener noreferrer nofollow\">https://a.example/x</a>";
    assert_eq!(stored, format!("<p>甲<br>乙见{link}。</p><p>&lt;b&gt;丙&lt;/b&gt;</p>"));
}

#[tokio::test]
async fn a_picture_goes_with_its_text_and_is_its_writers_until_then() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("怎么退款").await.ticket;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let other = desk.test.signed_in("zhou@example.com").await;
    let answer = browser.call_with_files("/do/ticket/picture", &[], &[("file", "图.png", PNG)]).await;
    let id: FileId = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("an id: {}", answer.body));
    assert_eq!(browser.get(&format!("/files/{id}")).await.status, 200);
    assert_eq!(other.get(&format!("/files/{id}")).await.status, 404);

    let html = format!("<p>如图<img src=\"cid:{id}\" alt=\"图\"></p>");
    reply(&desk.admin, rich(ticket, &html), Vec::new()).await.expect("replied");
    let stored: String = desk.test.ask("select html from ticket_messages order by seq desc limit 1").await;
    assert_eq!(stored, "<p>如图</p>", "somebody else's picture is not taken");

    let replied = reply(&desk.lilei, rich(ticket, &html), Vec::new()).await.expect("replied");
    let owner = || desk.test.ask::<String>(format!("select owner_kind from files where id = '{id}'"));
    assert_eq!(owner().await, "ticket_message");
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(page.body.contains(&format!("src=\"/files/{id}\"")), "it stands in the text");
    undo_reply(&desk.lilei, replied.message).await.expect("in time");
    assert_eq!(owner().await, "picture");
    let files: Vec<String> = desk.test.list("select name from files where owner_kind = 'draft'").await;
    assert!(files.is_empty(), "a picture of the text is no file of the draft");

    let created = create(&desk.lilei, CreateInput { html, ..desk.input("另一张") }, Vec::new()).await.expect("created");
    assert_eq!(desk.number_of("file_count", created.ticket).await, 1);
    assert_eq!(owner().await, "ticket_message");
}

#[tokio::test]
async fn only_pictures_are_kept_as_pictures() {
    let desk = Desk::new().await;
    for content in [&b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"[..], b"%PDF-1.7", b"text"] {
        let file = NewFile { name: "x.png".to_owned(), content: content.to_vec().into(), content_id: None };
        assert_eq!(problems(picture::keep(&desk.lilei, file).await), [("file".to_owned(), Problem::NotAPicture)]);
    }
}

//! 邮件正文 in a ticket: layouts stand in a frame that runs nothing, asks nothing of other sites until somebody wants it,
//! and is as far away as the ticket itself for whoever may not see that.

use super::{HE, Post, SERVICE, Written};
use crate::tests::browser::Answer;
use identity::model::company::GroupInput;
use kernel::id::{MessageId, TicketId};
use kernel::permission::Role;
use ticket::commands::reply::delete_reply;

/// A newsletter: a table, a colour, two pictures of another site and one that came with it.
const LAYOUT: &str = "<table width=600><tr><td bgcolor=#eee><font color=red>限时优惠</font><img src=\"https://spy.example/a.png\" alt=\"横幅\">\
    <img src=\"http://spy.example/pixel.gif\" width=1 height=1><img src=\"cid:logo@news\" alt=\"标志\"></td></tr></table>";
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A mail with HTML and the picture it calls `logo@news`.
fn page(from: &str, subject: &str, html: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {SERVICE}\r\nCc: buy@corp.example, Boss <boss@corp.example>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Message-ID: <{}@news.example>\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         {html}\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <logo@news>\r\nContent-Disposition: inline; filename=logo.png\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{PNG}\r\n--b--\r\n",
        kernel::rng::hex(&kernel::rng::bytes::<8>())
    )
    .into_bytes()
}

impl Post {
    /// The ticket a mail made, and its first message.
    async fn made(&self, raw: Vec<u8>) -> (TicketId, MessageId) {
        let fate = self.feed_raw(raw).await;
        let ticket = fate.ticket.unwrap_or_else(|| panic!("a ticket: {fate:?}"));
        (ticket, self.test.ask(format!("select id from ticket_messages where ticket_id = '{ticket}' and seq = 1")).await)
    }
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

#[tokio::test]
async fn a_layout_stands_in_a_frame_and_words_stand_in_the_page() {
    let post = Post::new().await;
    let (ticket, message) = post.made(page(HE, "优惠", LAYOUT)).await;
    let browser = post.test.super_admin().await;
    let shown = browser.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(shown.attribute(".talk iframe", "src"), format!("/tickets/{ticket}/messages/{message}/body?part=fresh"));
    let sandbox = shown.attribute(".talk iframe", "sandbox");
    assert!(sandbox.contains("allow-same-origin") && !sandbox.contains("allow-scripts"), "{sandbox}");
    assert!(shown.texts(".talk .prose table").is_empty() && !shown.body.contains("spy.example"), "nothing of it stands in the page");
    assert!(shown.attribute(".talk iframe", "height").parse::<u32>().is_ok_and(|height| height >= 96));
    assert!(shown.texts(".talk .files").is_empty(), "a picture of the text is no file beside it");

    // What typed text becomes in mail programs reads best in the page; its history may be another matter.
    let typed = "<div dir=\"ltr\">您好，<b>急</b>：<br><ul><li>一</li></ul><img src=\"cid:logo@news\"></div>";
    let (ticket, _) = post.made(page(HE, "急", typed)).await;
    let shown = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(shown.texts("iframe").is_empty());
    assert!(shown.text(".talk .prose").contains("您好"), "{}", shown.body);
    assert!(shown.attribute(".talk .prose img", "src").starts_with("/files/"), "a picture that came along is there at once");
    let quoted = format!(
        "<div>收到</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, a@b.example wrote:</div><blockquote>{LAYOUT}</blockquote></div>"
    );
    let (ticket, message) = post.made(page(HE, "Re: 优惠", &quoted)).await;
    let shown = browser.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(shown.text(".talk .prose"), "收到");
    assert_eq!(shown.attribute("details.quoted iframe", "src"), format!("/tickets/{ticket}/messages/{message}/body?part=quoted"));
    assert_eq!(shown.texts("iframe").len(), 1);
    let history = browser.get(&format!("/tickets/{ticket}/messages/{message}/body?part=quoted")).await;
    assert!(history.body.contains("限时优惠") && !history.body.contains("收到"), "{}", history.body);
}

#[tokio::test]
async fn s12_pictures_of_other_sites_wait_for_a_click() {
    let post = Post::new().await;
    let (ticket, message) = post.made(page(HE, "优惠", LAYOUT)).await;
    let browser = post.test.super_admin().await;
    let address = format!("/tickets/{ticket}/messages/{message}/body");
    let first = browser.get(&address).await;
    let policy = header(&first, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; img-src data:; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("; sandbox allow-same-origin") && policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(!policy.contains("allow-scripts") && !policy.contains("allow-forms") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((header(&first, "referrer-policy"), header(&first, "cache-control")), ("no-referrer", "no-store"));
    assert!(!first.body.contains("spy.example"), "{}", first.body);
    assert!(first.text(".note").starts_with("有 2 张远程图片没有载入"), "{}", first.text(".note"));
    assert_eq!(first.attribute(".note a", "href"), "?images=1");
    assert_eq!(first.text(".picture"), "横幅", "its words stand for a picture");
    assert!(first.attribute("img", "src").starts_with("data:image/png;base64,iVBOR"), "its own picture is there at once");

    let loaded = browser.get(&format!("{address}?images=1")).await;
    assert!(header(&loaded, "content-security-policy").contains("img-src data: https: http:;"));
    assert!(loaded.body.contains("src=\"https://spy.example/a.png\"") && loaded.texts(".note").is_empty(), "{}", loaded.body);
    assert_eq!(header(&loaded, "referrer-policy"), "no-referrer");
    let part = browser.get(&format!("{address}?part=fresh")).await;
    assert_eq!(part.attribute(".note a", "href"), "?images=1&part=fresh");
    // The ledger draws it with the same hand.
    let mail: kernel::id::MailId = post.test.ask("select id from mails").await;
    let ledger = browser.get(&format!("/mail/{mail}/body")).await;
    assert_eq!((ledger.body.as_str(), header(&ledger, "content-security-policy")), (first.body.as_str(), policy));
}

#[tokio::test]
async fn s03_the_words_of_a_mail_are_as_far_away_as_their_ticket() {
    let post = Post::new().await;
    let (ticket, message) = post.made(page(HE, "优惠", LAYOUT)).await;
    let (other, _) = post.made(Written::by(HE, "另一件事").raw()).await;
    let admin = post.test.admin().await;
    let group = identity::commands::group::create(&admin, GroupInput { name: "财务组".to_owned(), ..GroupInput::default() }).await;
    post.test.tamper(format!("update tickets set group_id = '{}' where id = '{ticket}'", group.expect("a group"))).await;
    post.test.new_agent("online@example.com", "在线", Role::OnlineAgent, Vec::new()).await;
    post.test.new_company("别家公司", "boss@other.example").await;

    let address = format!("/tickets/{ticket}/messages/{message}/body");
    let unknown = format!("/tickets/{ticket}/messages/{}/body", MessageId(admin.uuid()));
    assert_eq!(post.test.super_admin().await.get(&address).await.status, 200);
    for email in ["lilei@example.com", "boss@other.example"] {
        let browser = post.test.signed_in(email).await;
        let (hidden, none) = (browser.get(&address).await, browser.get(&unknown).await);
        assert_eq!((hidden.status, none.status), (404, 404), "{email}");
        assert!(!hidden.body.contains("限时优惠"));
    }
    assert_eq!(post.test.signed_in("online@example.com").await.get(&address).await.status, 403);
    assert_eq!(post.test.visitor().get(&address).await.status, 303);
    let browser = post.test.super_admin().await;
    assert_eq!(browser.get(&unknown).await.status, 404);
    assert_eq!(browser.get(&format!("/tickets/{other}/messages/{message}/body")).await.status, 404, "of another ticket");
    post.test.tamper(format!("update ticket_messages set seq = 99 where id = '{message}'")).await;
    delete_reply(&admin, message).await.expect("deleted");
    assert_eq!(browser.get(&address).await.status, 404, "what was deleted is gone");
}

#[tokio::test]
async fn a_mail_keeps_to_whom_it_was_copied() {
    let post = Post::new().await;
    let (ticket, _) = post.made(page(HE, "优惠", LAYOUT)).await;
    let shown = post.test.super_admin().await.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(shown.text(".talk .route"), format!("邮件，发给 {SERVICE}，抄送 buy@corp.example、boss@corp.example"));
}

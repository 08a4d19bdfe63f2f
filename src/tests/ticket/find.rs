//! 边输边查: what the palette and the customer's box are answered, and to whom.

use super::Desk;
use crate::tests::app::problem;
use customer::model::CustomerInput;
use jiff::SignedDuration;
use kernel::error::Problem;
use ticket::commands::create::create;
use ticket::commands::{assign, bulk, other_customer, reply};
use ticket::model::bulk::{BulkAct, BulkInput};
use ticket::model::input::{CreateInput, CustomerChange};

#[tokio::test]
async fn the_palette_finds_tickets_by_number_and_word_as_far_as_one_sees() {
    let desk = Desk::new().await;
    let (mine, theirs) = (desk.ticket("发票抬头").await, desk.input("发票金额"));
    let theirs = create(&desk.admin, CreateInput { group: Some(desk.other), ..theirs }, Vec::new()).await.expect("a ticket");
    desk.test.app.clock.advance(SignedDuration::from_hours(24));
    let today = desk.ticket("今天的第一张").await;
    let lilei = desk.test.signed_in("lilei@example.com").await;
    let found = async |typed: &str| {
        let answer = lilei.call("/do/ticket/find", &[("text", typed)]).await.json();
        let rows = answer.as_array().expect("a list").iter();
        rows.map(|row| row["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&mine.number.to_string()).await, [mine.ticket.to_string()]);
    assert_eq!(found(&format!("#{}", mine.number)).await, [mine.ticket.to_string()]);
    assert_eq!(found("#1").await, [today.ticket.to_string(), mine.ticket.to_string()], "the first of its day, the newest first");
    assert_eq!(found("发票").await, [mine.ticket.to_string()], "another group's is not theirs to see");
    assert!(found(&theirs.number.to_string()).await.is_empty() && found("#2").await.is_empty());
    let row = lilei.call("/do/ticket/find", &[("text", "抬头")]).await.json()[0].clone();
    assert_eq!((row["title"].as_str(), row["tag"].as_str()), (Some("发票抬头"), Some("尚未受理")));
    assert_eq!(row["href"].as_str(), Some(&*format!("/tickets/{}", mine.ticket)));
}

#[tokio::test]
async fn the_box_finds_a_customer_by_everything_they_are_known_by() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    for typed in ["何静", "he@example.com", "138 0013 8000", "CM-88213"] {
        let found = browser.call("/do/customer/lookup", &[("text", typed)]).await.json();
        assert_eq!(found[0]["id"].as_str(), Some(&*desk.customer.to_string()), "{typed}: {found}");
        assert!(found[0]["facts"].to_string().contains("对接ID CM-88213"), "{found}");
    }
    // Without scripting the form of the page does the same.
    let page = browser.get("/tickets/new?find=CM-88213").await;
    assert!(page.texts(".rows a.to").contains(&"何静".to_owned()), "{}", page.body);
    assert_eq!(page.attribute("form[role=search] input[name=find]", "value"), "CM-88213");
}

#[tokio::test]
async fn a_ticket_can_be_another_customers_after_all() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("认错人了").await.ticket;
    let other = CustomerInput { nickname: "何晶".to_owned(), emails: "jing@example.com".to_owned(), ..CustomerInput::default() };
    let other = customer::commands::create(&desk.admin, other).await.expect("a customer");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let address = format!("/tickets/{ticket}/customer");
    assert!(browser.get(&format!("/tickets/{ticket}")).await.body.contains(&address), "the ticket leads there");
    let found = browser.get(&format!("{address}?q=jing@example.com")).await;
    assert_eq!(found.attribute(".rows a.to", "href"), format!("{address}?with={other}"), "without scripting, too");
    let confirm = browser.get(&format!("{address}?with={other}")).await;
    let fields = ["ticket", "from", "to"].map(|name| (name, confirm.attribute(&format!("main input[name='input[{name}]']"), "value")));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.submit(&address, "/do/ticket/customer", &fields).await;
    assert!(done.body.contains("客户已更换") && done.text(".cust").contains("何晶"), "{}", done.body);
    assert_eq!(desk.history(ticket).await.last().map(String::as_str), Some("edited 李雷"));
    let late = CustomerChange { ticket, from: desk.customer, to: desk.customer };
    assert_eq!(problem(other_customer::change(&desk.admin, late).await), Problem::Stale);
    reply::reply(&desk.lilei, super::reply_to(ticket, "您好"), Vec::new()).await.expect("replied");
    desk.test.later(SignedDuration::from_secs(10)).await;
    assert_eq!((desk.test.sent_to("jing@example.com").await.len(), desk.test.sent_to(super::HE).await.len()), (1, 0));
}

#[tokio::test]
async fn who_does_not_work_in_the_group_is_told_how_to_take_a_ticket() {
    let desk = Desk::new().await;
    desk.test
        .tamper(format!(
            "delete from group_members where group_id = '{}' and agent_id = '{}'",
            desk.group,
            desk.admin.actor.uuid().expect("an agent")
        ))
        .await;
    let admin = desk.test.admin().await;
    let ticket = desk.ticket("邮件来的").await.ticket;
    assert_eq!(problem(assign::take(&admin, ticket).await), Problem::NotYourGroup);
    let browser = desk.test.super_admin().await;
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(page.text("#take-why").contains("先把受理组改成您所在的组"), "{}", page.body);
    let (id, me) = (ticket.to_string(), admin.actor.uuid().expect("an agent").to_string());
    let version = page.attribute("form.props input[name='input[version]']", "value");
    let fields = [
        ("ticket", &*id),
        ("version", &*version),
        ("agent", &*me),
        ("group", &*desk.group.to_string()),
        ("priority", "medium"),
        ("status", "not_accepted"),
    ];
    let shown = browser.submit(&format!("/tickets/{ticket}"), "/do/ticket/edit", &fields).await;
    assert!(
        shown.text(".prop.has-error .wrong").contains("您不在这张工单的受理组里"),
        "beside the field: {}",
        shown.text(".prop.has-error")
    );
    let input = BulkInput {
        tickets: vec![ticket],
        act: BulkAct::Take,
        group: None,
        agent: None,
        priority: None,
        category: None,
        back: String::new(),
    };
    assert_eq!(bulk::preview(&admin, &input).await.expect("a preview").refused[0].1, Problem::NotYourGroup);
}

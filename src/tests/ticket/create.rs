//! 新建工单: on behalf of a customer who is found by anything, with numbers that never repeat.

use super::{Desk, HE};
use crate::tests::app::problems;
use jiff::SignedDuration;
use kernel::error::Problem;
use std::collections::BTreeSet;
use ticket::commands::category;
use ticket::commands::create::create;
use ticket::model::category::CategoryInput;
use ticket::model::input::CreateInput;

#[tokio::test]
async fn an_agent_creates_for_a_customer_found_by_the_integration_id() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let found = browser.get("/tickets/new?find=CM-88213").await;
    assert!(found.status == 200 && found.body.contains("何静"), "{}", found.body);
    let hits = browser.call("/do/customer/lookup", &[("text", "CM-88213")]).await.json();
    assert_eq!(hits[0]["id"], desk.customer.to_string());

    let customer = desk.customer.to_string();
    let form = format!("/tickets/new?customer={customer}");
    assert_eq!(browser.get(&form).await.attribute("input[name='input[customer]']", "value"), customer);
    let group = desk.group.to_string();
    let fields = [
        ("customer", &*customer),
        ("title", "支付成功但订单一直显示待付款"),
        ("text", "请帮忙核实"),
        ("priority", "high"),
        ("group", &*group),
    ];
    let answer = browser.upload(&form, "/do/ticket/create", &fields, &[("files", "截图 1.png", b"\x89PNG\r\n\x1a\n0000")]).await;
    let location = answer.location();
    assert!(location.starts_with("/tickets/0"), "{location} {}", answer.body);
    let page = browser.get(&location).await;
    for text in ["支付成功但订单一直显示待付款", "请帮忙核实", "何静", "20261122000001", "截图 1.png"] {
        assert!(page.body.contains(text), "{text} is on the page: {}", page.body);
    }
    let row: String = desk
        .test
        .ask(
            "select concat_ws(' ', source, start_type, status, priority, creator_name, waiting_since is not null, file_count) from tickets",
        )
        .await;
    assert_eq!(row, "0 0 0 2 李雷 t 1");
}

#[tokio::test]
async fn a_new_customer_is_saved_with_the_ticket_and_not_left_behind_by_a_refused_one() {
    let desk = Desk::new().await;
    let parent =
        category::create(&desk.admin, CategoryInput { name: "交易".to_owned(), ..CategoryInput::default() }).await.expect("a category");
    category::create(&desk.admin, CategoryInput { name: "退款".to_owned(), parent: Some(parent), ..CategoryInput::default() })
        .await
        .expect("a leaf");
    let new = CreateInput { customer: None, nickname: "孙立".to_owned(), email: "sun@example.com".to_owned(), ..desk.input("咨询") };
    let refused = create(&desk.lilei, CreateInput { category: Some(parent), ..new.clone() }, Vec::new()).await;
    assert_eq!(problems(refused), [("category".to_owned(), Problem::CategoryNotLeaf)]);
    let refused =
        create(&desk.lilei, CreateInput { agent: desk.zhou.actor.agent(), group: Some(desk.group), ..new.clone() }, Vec::new()).await;
    assert_eq!(problems(refused), [("agent".to_owned(), Problem::GroupAgentMismatch)]);
    assert_eq!(desk.test.ask::<i64>("select count(*) from customers").await, 1);
    let taken = create(&desk.lilei, CreateInput { email: HE.to_uppercase(), ..new.clone() }, Vec::new()).await;
    assert_eq!(problems(taken), [("email".to_owned(), Problem::ContactTaken)]);

    create(&desk.lilei, new, Vec::new()).await.expect("created");
    assert_eq!(desk.test.ask::<String>("select c.nickname from tickets t join customers c on c.id = t.customer_id").await, "孙立");
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_with_the_problem_beside_its_field() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let page = "/tickets/new?new=true";
    let long = "字".repeat(5_001);
    let fields = [("nickname", "孙立"), ("email", "no address"), ("title", ""), ("text", &*long), ("priority", "urgent")];
    let answer = browser.upload(page, "/do/ticket/create", &fields, &[]).await;
    assert_eq!(answer.location(), page);
    let shown = browser.get(page).await;
    assert_eq!(shown.attribute("input[name='input[nickname]']", "value"), "孙立");
    assert_eq!(shown.text("textarea[name='input[text]']").chars().count(), 5_001);
    for problem in ["邮箱格式不对", "请填写这一项", "描述最多 5000 字"] {
        assert!(shown.text(".wrongs").contains(problem), "{problem}: {}", shown.text(".wrongs"));
    }
    assert_eq!(desk.test.ask::<i64>("select count(*) from tickets").await, 0);
}

#[tokio::test]
async fn whoever_creates_is_warned_of_what_the_customer_created_lately() {
    let desk = Desk::new().await;
    let mine = desk.ticket("售后组看得到").await;
    create(&desk.admin, CreateInput { group: Some(desk.other), ..desk.input("财务组的秘密") }, Vec::new()).await.expect("a ticket");
    let browser = desk.test.signed_in("lilei@example.com").await;
    let form = format!("/tickets/new?customer={}", desk.customer);
    let page = browser.get(&form).await;
    assert!(page.text(".note.warn").contains("24 小时内已有 2 张工单"), "{}", page.body);
    assert!(page.body.contains(&mine.number.to_string()) && !page.body.contains("财务组的秘密"), "only what is theirs to see is named");
    desk.test.app.clock.advance(SignedDuration::from_hours(24));
    let browser = desk.test.signed_in("lilei@example.com").await;
    assert_eq!(browser.get(&form).await.text(".note.warn"), "");
}

#[tokio::test]
async fn s58_twenty_at_once_get_twenty_numbers_without_a_gap() {
    let desk = Desk::new().await;
    let all = (0..20).map(|number| create(&desk.admin, desk.input(&format!("并发 {number}")), Vec::new()));
    let numbers: BTreeSet<i64> =
        futures_util::future::join_all(all).await.into_iter().map(|created| created.expect("created").number).collect();
    let expected: BTreeSet<i64> = (1..=20).map(|count| 20_261_122_000_000 + count).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn a_number_names_the_day_in_the_companys_zone() {
    let desk = Desk::new().await;
    // 09:30 in Shanghai; at 23:59:59 it is still the same day, a second later the next.
    desk.test.app.clock.advance(SignedDuration::from_hours(14) + SignedDuration::from_mins(30) - SignedDuration::from_secs(1));
    assert_eq!(desk.ticket("今天").await.number, 20_261_122_000_001);
    desk.test.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(desk.ticket("明天").await.number, 20_261_123_000_001);
}

#[tokio::test]
async fn s10_a_description_runs_nothing() {
    let desk = Desk::new().await;
    let html = "<p onclick=\"x()\">退款</p><script>window.__x=1</script><img src=x onerror=\"x()\"><a href=\"javascript:x()\">a</a><svg onload=\"x()\"></svg>";
    let created = create(
        &desk.admin,
        CreateInput { html: html.to_owned(), title: "<script>window.__x=1</script>".to_owned(), ..desk.input("x") },
        Vec::new(),
    )
    .await
    .expect("created");
    let stored: String = desk.test.ask("select html from ticket_messages").await;
    assert!(
        stored.contains("退款")
            && !stored.contains("script")
            && !stored.contains("onclick")
            && !stored.contains("onerror")
            && !stored.contains("svg"),
        "{stored}"
    );
    let page = desk.test.super_admin().await.get(&format!("/tickets/{}", created.ticket)).await;
    for poison in ["<script>window", "onerror=", "onclick=", "javascript:x", "<svg onload"] {
        assert!(!page.body.contains(poison), "{poison}: {}", page.body);
    }
}

#[tokio::test]
async fn s15_a_file_is_what_its_bytes_say_and_is_read_by_those_who_see_the_ticket() {
    let desk = Desk::new().await;
    let browser = desk.test.signed_in("lilei@example.com").await;
    let (customer, group) = (desk.customer.to_string(), desk.group.to_string());
    let fields = [("customer", &*customer), ("title", "附件"), ("text", "见附件"), ("group", &*group)];
    let evil: &[u8] = b"<html><script>window.__x=1</script></html>";
    browser
        .upload("/tickets/new", "/do/ticket/create", &fields, &[("files", "x.png", evil), ("files", "发票 \"1\".pdf", b"%PDF-1.7")])
        .await;
    let files: Vec<uuid::Uuid> = desk.test.list("select id from files where owner_kind = 'ticket_message' order by name").await;
    assert_eq!(files.len(), 2);
    for file in &files {
        let answer = browser.get(&format!("/files/{file}")).await;
        assert_eq!(answer.status, 200);
        let header = |name: &str| answer.headers[name].to_str().unwrap_or("").to_owned();
        assert!(header("content-disposition").starts_with("attachment"), "{:?}", answer.headers);
        assert!(
            !header("content-type").starts_with("image") && header("content-security-policy").contains("sandbox"),
            "{:?}",
            answer.headers
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(
            desk.test.signed_in("zhou@example.com").await.get(&format!("/files/{file}")).await.status,
            404,
            "another group's ticket"
        );
        assert_ne!(desk.test.visitor().get(&format!("/files/{file}")).await.status, 200);
    }
    let many: Vec<(&str, &str, &[u8])> = (0..21).map(|_| ("files", "a.txt", &b"x"[..])).collect();
    browser.upload("/tickets/new?new=true", "/do/ticket/create", &fields, &many).await;
    assert!(browser.get("/tickets/new?new=true").await.body.contains("最多 20 个附件"));
    assert_eq!(desk.test.ask::<i64>("select count(*) from tickets").await, 1);
}

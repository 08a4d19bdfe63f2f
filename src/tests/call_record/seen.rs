//! Who sees which call, and whose numbers whole.

use super::{Phones, story};
use crate::tests::app::ADMIN;
use kernel::id::CallId;
use kernel::permission::{Permission, Role, Scope};

/// What A, B, C and the supervisor M see of a call.
const SEEN: &[(&str, [bool; 4])] = &[
    ("呼入接听", [true, false, false, true]),
    ("咨询客服", [true, true, false, true]),
    ("咨询的客服没接", [true, true, false, true]),
    ("咨询的客服没有振铃", [true, false, false, true]),
    ("咨询两次", [true, true, true, true]),
    ("转接已确认", [true, true, false, true]),
    ("转接未确认", [true, true, false, true]),
    ("转接的客服没接", [true, true, false, true]),
    ("IVR放弃", [false, false, false, true]),
];

const PEOPLE: [&str; 4] = ["a@example.com", "b@example.com", "c@example.com", "m@example.com"];

#[tokio::test]
async fn agents_see_their_own_calls_and_those_they_were_drawn_into() {
    let phones = Phones::new().await;
    phones.test.new_agent("x@example.com", "路人", Role::CallAgent, Vec::new()).await;
    phones.test.new_agent("t@example.com", "工单客服", Role::TicketAgent, Vec::new()).await;
    phones.test.new_company("别家公司", "boss@other.example").await;
    let mut calls: Vec<CallId> = Vec::new();
    for (minutes, (name, _)) in (1..).zip(SEEN) {
        calls.push(phones.play_named(name, minutes * 10).await);
    }
    for (place, email) in PEOPLE.iter().enumerate() {
        let browser = phones.test.signed_in(email).await;
        let mut seen = 0;
        for (call, (name, who)) in calls.iter().zip(SEEN) {
            let status = browser.get(&format!("/calls/{call}")).await.status;
            assert_eq!(status, if who[place] { 200 } else { 404 }, "{email} {name}");
            seen += usize::from(who[place]);
        }
        let listed = browser.get("/calls/records").await;
        assert_eq!(listed.texts("tbody > tr:not(.legs)").len(), seen, "{email}: the list has as many");
    }
    for email in ["x@example.com", "boss@other.example"] {
        let browser = phones.test.signed_in(email).await;
        for call in &calls {
            assert_eq!(browser.get(&format!("/calls/{call}")).await.status, 404, "{email}");
        }
        assert!(browser.get("/calls/records?type=all").await.texts("tbody > tr").is_empty(), "{email}");
    }
    let known = phones.test.signed_in("a@example.com").await.get("/calls/records").await;
    assert!(known.body.contains("何静") && known.texts("tbody a[href^='/customers/']").is_empty(), "no link that is refused");
    let outsider = phones.test.signed_in("t@example.com").await;
    assert_eq!(outsider.get("/calls/records").await.status, 403);
}

#[tokio::test]
async fn a_supervisor_who_listened_in_sees_the_call_by_the_right_to_all_only() {
    let phones = Phones::new().await;
    let group = identity::model::permission::PermissionGroupInput {
        name: "只看自己".to_owned(),
        base_role: Some(Role::CallAdmin),
        items: vec![Permission::CallRecordOwn],
        ticket_scope: Some(Scope::All),
        ..Default::default()
    };
    let group = identity::commands::permission_group::create(&phones.admin, group).await.expect("a permission group");
    let call = phones.play(&monitored(), 10).await;
    let listener = phones.test.signed_in("m@example.com").await;
    assert_eq!(listener.get(&format!("/calls/{call}")).await.status, 200);
    phones.test.tamper(format!("update agents set permission_group_id = '{group}' where email = 'm@example.com'")).await;
    assert_eq!(listener.get(&format!("/calls/{call}")).await.status, 404);
}

#[tokio::test]
async fn reports_link_to_calls_for_whoever_may_open_them() {
    let phones = Phones::new().await;
    let call = phones.play(&story("呼入接听"), 10).await;
    phones.test.tamper("update calls set ended_at = null, queue_entered_at = started_at, queue_left_at = null").await;
    let group = identity::model::permission::PermissionGroupInput {
        name: "只看统计".to_owned(),
        base_role: Some(Role::CallAdmin),
        items: vec![Permission::StatisticsCall],
        ticket_scope: Some(Scope::All),
        ..Default::default()
    };
    let group = identity::commands::permission_group::create(&phones.admin, group).await.expect("a permission group");
    phones.test.tamper(format!("update agents set permission_group_id = '{group}' where email = 'm@example.com'")).await;
    let (reader, boss) = (phones.test.signed_in("m@example.com").await, phones.test.super_admin().await);
    let link = format!("tbody a[href='/calls/{call}']");
    for path in ["/reports/calls/rows?range=today", "/calls/wall"] {
        let (plain, linked) = (reader.get(path).await, boss.get(path).await);
        assert!(!plain.texts("tbody tr").is_empty() && plain.texts(&link).is_empty(), "{path}: {}", plain.body);
        assert_eq!(linked.texts(&link).len(), 1, "{path}: {}", linked.body);
    }
}

fn monitored() -> call::story::Story {
    call::story::all()
        .into_iter()
        .find(|story| story.records.iter().any(|record| record.call_type == call::model::CallType::Monitor))
        .expect("a story with a supervisor who listens")
}

#[tokio::test]
async fn numbers_are_masked_until_somebody_shows_them_which_is_taken_down() {
    let phones = Phones::new().await;
    let call = phones.play(&story("呼入接听"), 10).await;
    let (agent, boss) = (phones.test.signed_in("a@example.com").await, phones.test.signed_in(ADMIN).await);
    let (page, list) = (format!("/calls/{call}"), "/calls/records");
    for path in [page.as_str(), list] {
        let shown = agent.get(path).await;
        assert!(shown.body.contains("138****8000") && !shown.body.contains("13800138000"), "{path}: {}", shown.body);
        let whole = boss.get(path).await;
        assert!(whole.body.contains("13800138000") && !whole.body.contains("/do/call/number"), "{path}");
    }
    let revealed = agent.submit(&page, "/do/call/number", &[("call", &call.to_string())]).await;
    assert!(revealed.text(".facts").len() < revealed.body.len() && revealed.body.contains("13800138000"), "{}", revealed.body);
    assert!(!agent.get(&page).await.body.contains("13800138000"), "shown once");
    let audited: Vec<String> = phones
        .test
        .list(format!("select concat_ws(' ', actor_name, object_label) from audit_entries where action = 'call.number_revealed' and object_id = '{call}'"))
        .await;
    assert_eq!(audited, ["李雷 +86138****8000"], "who and which, and no number in the trail");
    let other = phones.test.signed_in("b@example.com").await;
    let refused = other.call("/do/call/number", &[("call", &call.to_string())]).await;
    assert_eq!(refused.json()["problems"], serde_json::json!([["", "not_found"]]));
    assert_eq!(phones.test.ask::<i64>("select count(*) from audit_entries where action = 'call.number_revealed'").await, 1);
}

#[tokio::test]
async fn who_sees_numbers_masked_finds_whole_ones_only() {
    let phones = Phones::new().await;
    let call = phones.play(&story("呼入接听"), 10).await;
    let (agent, boss) = (phones.test.signed_in("a@example.com").await, phones.test.super_admin().await);
    for (typed, finds) in [("0138000", false), ("13800138000", true), ("+86 138 0013 8000", true)] {
        let number = ui::visit::encoded(typed);
        let rows = agent.get(&format!("/calls/records?number={number}")).await.texts("tbody > tr").len();
        assert_eq!(rows > 0, finds, "{typed}");
        let found = agent.call("/do/call/find", &[("text", typed)]).await.json();
        assert_eq!(found.as_array().map(|lines| !lines.is_empty()), Some(finds), "{typed}: {found}");
    }
    let asked = agent.get("/calls/records?number=8000").await;
    assert_eq!(asked.text("#f-number-e"), "请输入完整号码", "not a nothing that is not true: {}", asked.body);
    assert!(asked.text("[role=alert]").contains("请输入完整号码"), "{}", asked.body);
    assert!(boss.get("/calls/records?number=8000").await.texts("#f-number-e").is_empty(), "ends are for who sees numbers");
    let told = agent.call("/do/call/find", &[("text", "8000")]).await.json();
    assert_eq!((told[0]["title"].as_str(), told[0]["href"].as_str()), (Some("请输入完整号码"), Some("/calls/records?number=8000")));
    let found = boss.call("/do/call/find", &[("text", "8000")]).await.json();
    assert_eq!(found[0]["href"], format!("/calls/{call}"));
    assert_eq!(boss.call("/do/call/find", &[("text", "发票 2026")]).await.json(), serde_json::json!([]), "no number, no call");
}

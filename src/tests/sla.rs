//! 时效: which policy a ticket gets, how its clocks go on with what happens, what is said and when.

use crate::tests::app::TestApp;
use crate::tests::ticket::change::set;
use crate::tests::ticket::{Desk, note_to, reply_to};
use jiff::SignedDuration;
use kernel::id::{PolicyId, TicketId};
use kernel::step::Step;
use sla::commands::{refresh, save, step};
use sla::model::{GoalsInput, PolicyInput, PolicyStep};
use ticket::commands::{assign, edit, reply};
use ticket::model::input::EditInput;
use ticket::model::{Priority, Source, Status};

fn goals(first: &str, next: &str, solve: &str) -> GoalsInput {
    GoalsInput { first: first.to_owned(), next: next.to_owned(), solve: solve.to_owned() }
}

/// Day and night: an hour for the first word, half for the next, eight for the solution; twice as fast when urgent.
fn policy(name: &str) -> PolicyInput {
    PolicyInput {
        name: name.to_owned(),
        enabled: true,
        medium: goals("1h", "30m", "8h"),
        urgent: goals("30m", "15m", "4h"),
        pauses: true,
        ..PolicyInput::default()
    }
}

/// A ticket that the customer began by mail, as far as clocks see: the desk makes it and its starter is turned.
async fn from_customer(desk: &Desk, title: &str) -> TicketId {
    let ticket = desk.ticket(title).await.ticket;
    desk.test.tamper(format!("update tickets set start_type = 1 where id = '{ticket}'")).await;
    desk.test.run_jobs().await;
    ticket
}

/// Each clock: target, its number, its state, minutes used.
async fn clocks(test: &TestApp, ticket: TicketId) -> Vec<String> {
    test.list(format!(
        "select concat_ws(' ', target, no, state, used_ms / 60000) from sla_clocks where ticket_id = '{ticket}' order by target, no"
    ))
    .await
}

async fn due(test: &TestApp, ticket: TicketId) -> String {
    test.ask(format!("select concat_ws(' ', due_target, due_state, due_at is not null) from tickets where id = '{ticket}'")).await
}

/// What was said of the ticket's clocks.
async fn said(test: &TestApp, ticket: TicketId) -> Vec<String> {
    test.list(format!(
        "select kind || ' ' || (payload ->> 'target') from events where subject_id = '{ticket}' and kind in ('ticket_nearly_due', 'ticket_overdue')
        order by created_at, id"
    ))
    .await
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn clocks_go_on_with_the_ticket_and_say_once_what_they_have_to_say() {
    let desk = Desk::new().await;
    save(&desk.admin, policy("标准")).await.expect("saved");
    let ticket = from_customer(&desk, "发票").await;
    assert_eq!(clocks(&desk.test, ticket).await, ["1 1 1 0", "3 1 1 0"]);
    assert_eq!(due(&desk.test, ticket).await, "1 1 t", "the first word is due next");
    assign::take(&desk.lilei, ticket).await.expect("taken");
    desk.test.run_jobs().await;
    desk.test.later(MINUTE * 47).await;
    assert!(said(&desk.test, ticket).await.is_empty());
    desk.test.later(MINUTE).await;
    assert_eq!(said(&desk.test, ticket).await, ["ticket_nearly_due 1"], "80 % of an hour");
    desk.test.later(MINUTE * 12).await;
    refresh::refresh(&desk.test.system().await, ticket).await.expect("once more");
    desk.test.run_jobs().await;
    assert_eq!(said(&desk.test, ticket).await, ["ticket_nearly_due 1", "ticket_overdue 1"], "once each");
    let told: Vec<String> = desk
        .test
        .list(format!(
            "select e.payload ->> 'what' from live_events e join agents a on a.id = e.agent_id
            where a.name = '李雷' and e.payload ->> 'ticket' = '{ticket}' and e.payload ? 'href' and e.payload ->> 'what' like '%due' order by e.seq"
        ))
        .await;
    assert_eq!(told, ["ticket_nearly_due", "ticket_overdue"], "the bell of whoever handles it");
    // A note is no answer; a word to the customer is.
    desk.test.later(MINUTE).await;
    reply::reply(&desk.lilei, note_to(ticket, "查一下"), Vec::new()).await.expect("noted");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await[0], "1 1 3 61");
    reply::reply(&desk.lilei, reply_to(ticket, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await[0], "1 1 5 61", "late");
    // The reply leaves the ticket waiting for the customer, or not, by the settings: now it waits.
    set(&desk, &desk.lilei, ticket, Status::WaitingReply).await;
    desk.test.later(MINUTE * 600).await;
    assert_eq!(due(&desk.test, ticket).await, "3 2 f", "it stands still");
    set(&desk, &desk.lilei, ticket, Status::InProgress).await;
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await[1], "3 1 1 61");
    set(&desk, &desk.lilei, ticket, Status::Solved).await;
    desk.test.run_jobs().await;
    assert_eq!(due(&desk.test, ticket).await, "3 4 f", "in time");
    assert_eq!(said(&desk.test, ticket).await.len(), 2);
}

#[tokio::test]
async fn the_first_policy_that_fits_rules_and_an_edit_changes_no_clock_that_runs() {
    let desk = Desk::new().await;
    let all = save(&desk.admin, policy("所有工单")).await.expect("saved");
    let group = save(&desk.admin, PolicyInput { groups: vec![desk.group], ..policy("售后组") }).await.expect("saved");
    let name = async |ticket: TicketId| -> String {
        desk.test.ask(format!("select policy_name from ticket_slas where ticket_id = '{ticket}' and until is null")).await
    };
    let first = from_customer(&desk, "先来的").await;
    assert_eq!(name(first).await, "所有工单");
    step(&desk.admin, PolicyStep { policy: group, step: Step::Up }).await.expect("moved");
    let second = from_customer(&desk, "后来的").await;
    assert_eq!(name(second).await, "售后组");
    // Why it is not the first one, as it was when it was chosen.
    let elsewhere = PolicyInput { sources: vec![Source::Email], vip_from: "3".to_owned(), ..policy("贵宾") };
    let elsewhere = save(&desk.admin, elsewhere).await.expect("saved");
    for _ in 0..2 {
        step(&desk.admin, PolicyStep { policy: elsewhere, step: Step::Up }).await.expect("moved");
    }
    let third = from_customer(&desk, "再来的").await;
    assert_eq!(name(third).await, "售后组");
    let page = desk.test.super_admin().await.get(&format!("/tickets/{third}")).await;
    assert!(page.body.contains("为什么是这条规则"), "{}", page.body);
    assert!(page.body.contains("不符：来源、VIP等级"), "{}", page.body);
    sla::commands::delete(&desk.admin, sla::model::PolicyChoice { policy: elsewhere }).await.expect("deleted");
    let slower = PolicyInput { id: Some(group), version: 1, medium: goals("5h", "", ""), groups: vec![desk.group], ..policy("售后组") };
    save(&desk.admin, slower).await.expect("saved");
    desk.test.later(MINUTE).await;
    reply::reply(&desk.admin, note_to(second, "看"), Vec::new()).await.expect("noted");
    desk.test.run_jobs().await;
    assert_eq!(
        desk.test.ask::<i64>(format!("select max(allowed_ms) / 3600000 from sla_clocks where ticket_id = '{second}' and target = 1")).await,
        1
    );
    // More urgent, another goal; what was over stays as it was.
    reply::reply(&desk.admin, reply_to(first, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    desk.test.later(MINUTE).await;
    let urgent = EditInput { priority: Some(Priority::Urgent), ..EditInput::of(first, desk.version(first).await) };
    edit::edit(&desk.admin, urgent).await.expect("edited");
    desk.test.run_jobs().await;
    assert_eq!(name(first).await, "售后组", "chosen anew, since the priority changed");
    let kept: Vec<String> = desk
        .test
        .list(format!(
            "select concat_ws(' ', target, policy_name, allowed_ms / 60000) from sla_clocks where ticket_id = '{first}' order by target"
        ))
        .await;
    assert_eq!(kept, ["1 所有工单 60", "3 售后组 240"]);
    assert_eq!(desk.test.ask::<i64>(format!("select count(*) from ticket_slas where ticket_id = '{first}'")).await, 2);
    assert_ne!(all, group);
    // Nothing fits: no clock is left that runs.
    for id in [all, group] {
        sla::commands::delete(&desk.admin, sla::model::PolicyChoice { policy: id }).await.expect("deleted");
    }
    let low = EditInput { priority: Some(Priority::Low), ..EditInput::of(first, desk.version(first).await) };
    edit::edit(&desk.admin, low).await.expect("edited");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, first).await.len(), 1, "the one that was over stays");
    assert_eq!(due(&desk.test, first).await, "f");
}

#[tokio::test]
async fn the_page_shows_what_the_timer_keeps() {
    let desk = Desk::new().await;
    let day = || "00:00-24:00".to_owned();
    let office = routing::model::CalendarInput {
        name: "白班".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        monday: day(),
        tuesday: day(),
        wednesday: day(),
        thursday: day(),
        friday: day(),
        saturday: day(),
        sunday: day(),
        is_default: true,
        ..routing::model::CalendarInput::default()
    };
    routing::commands::save(&desk.admin, office).await.expect("saved");
    save(&desk.admin, PolicyInput { in_duty_time: true, ..policy("标准") }).await.expect("saved");
    let ticket = from_customer(&desk, "发票").await;
    desk.test.later(MINUTE * 20).await;
    refresh::refresh(&desk.test.system().await, ticket).await.expect("refreshed");
    let mut tx = desk.admin.read().await.expect("a transaction");
    let shown = sla::queries::of_ticket(&mut tx, ticket).await.expect("clocks").expect("a policy");
    drop(tx);
    let words: Vec<String> = shown
        .clocks
        .iter()
        .map(|clock| format!("{} {} {} {}", clock.target.code(), clock.no, clock.state.code(), clock.used.as_mins()))
        .collect();
    assert_eq!(words, ["1 1 1 20", "3 1 1 20"]);
    assert_eq!(words, clocks(&desk.test, ticket).await);
    let browser = desk.test.super_admin().await;
    let page = browser.get(&format!("/tickets/{ticket}")).await;
    assert!(page.body.contains("按“白班”计时") && page.body.contains("首次响应"), "{}", page.body);
    let list = browser.get("/tickets?sort=due").await;
    assert_eq!(list.status, 200);
    assert!(list.text(".c-sla .sla").contains('剩'), "{}", list.body);
    assert!(!browser.get("/tickets?flag[]=overdue").await.body.contains("发票"), "not yet");
    desk.test.app.clock.advance(MINUTE * 40);
    let late = browser.get("/tickets?flag[]=overdue").await;
    assert!(late.body.contains("发票"), "also before the job of that moment ran: {} {}", late.status, late.body);
}

#[tokio::test]
async fn a_trigger_acts_when_a_clock_is_over() {
    let desk = Desk::new().await;
    save(&desk.admin, policy("标准")).await.expect("saved");
    let rule = serde_json::json!({
        "kind": "flow", "name": "超时升级", "enabled": true, "moments": ["overdue"],
        "all": [{ "field": "status", "operator": "is", "values": ["not_accepted"] }],
        "actions": [{ "kind": "priority", "value": "urgent" }],
    });
    trigger::commands::save(&desk.admin, serde_json::from_value(rule).expect("an input")).await.expect("a trigger");
    let ticket = from_customer(&desk, "发票").await;
    desk.test.later(MINUTE * 59).await;
    assert_eq!(desk.number_of("priority", ticket).await, i64::from(Priority::Medium.code()), "nearly is not over");
    desk.test.later(MINUTE).await;
    desk.test.run_jobs().await;
    assert_eq!(desk.number_of("priority", ticket).await, i64::from(Priority::Urgent.code()));
    let said: Vec<String> = desk
        .test
        .list(format!("select kind || ' ' || note from ticket_changes where ticket_id = '{ticket}' and note like '%标准%' order by seq"))
        .await;
    assert_eq!(said, ["nearly_due 首次响应（标准）", "overdue 首次响应（标准）"], "in the history, once each");
}

#[tokio::test]
async fn a_clock_that_was_over_under_another_policy_runs_again_with_its_ticket() {
    let desk = Desk::new().await;
    save(&desk.admin, policy("标准")).await.expect("saved");
    let ticket = from_customer(&desk, "发票").await;
    reply::reply(&desk.lilei, reply_to(ticket, "好的"), Vec::new()).await.expect("replied");
    // Solved and moved in one edit: the policy is chosen anew after the solution.
    let solved =
        EditInput { status: Some(Status::Solved), priority: Some(Priority::Urgent), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.lilei, solved).await.expect("solved");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await[1], "3 1 4 0");
    desk.test.later(MINUTE).await;
    let again = ticket::model::input::ActivateInput { ticket, reason: "还没有好".to_owned() };
    edit::activate(&desk.lilei, again).await.expect("opened again");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await[1], "3 1 1 0");
    desk.test.later(MINUTE * 240).await;
    assert!(said(&desk.test, ticket).await.contains(&"ticket_overdue 3".to_owned()), "{:?}", said(&desk.test, ticket).await);
}

#[tokio::test]
async fn what_was_said_of_a_clock_is_not_said_again_when_the_ticket_had_no_policy_for_a_while() {
    let desk = Desk::new().await;
    let only = PolicyInput { groups: vec![desk.group], ..policy("售后组") };
    save(&desk.admin, only).await.expect("saved");
    let ticket = from_customer(&desk, "发票").await;
    desk.test.later(MINUTE * 61).await;
    let before = said(&desk.test, ticket).await;
    assert!(!before.is_empty(), "it is over, and was said to be");
    for group in [None, Some(desk.group)] {
        let moved = EditInput { group: Some(group), ..EditInput::of(ticket, desk.version(ticket).await) };
        edit::edit(&desk.admin, moved).await.expect("edited");
        desk.test.run_jobs().await;
    }
    assert!(!clocks(&desk.test, ticket).await.is_empty(), "it has a policy again");
    assert_eq!(said(&desk.test, ticket).await, before);
}

#[tokio::test]
async fn nobody_waits_in_the_recycle_bin() {
    let desk = Desk::new().await;
    save(&desk.admin, policy("标准")).await.expect("saved");
    let ticket = from_customer(&desk, "广告").await;
    edit::delete(&desk.admin, ticket).await.expect("deleted");
    desk.test.run_jobs().await;
    let shown = sla::queries::of_ticket(&mut desk.admin.read().await.expect("a transaction"), ticket).await.expect("an answer");
    assert!(shown.is_none(), "its page shows none");
    assert!(clocks(&desk.test, ticket).await.is_empty(), "a deleted ticket was not answered in time");
    edit::restore(&desk.admin, ticket).await.expect("restored");
    desk.test.run_jobs().await;
    assert_eq!(clocks(&desk.test, ticket).await, ["1 1 1 0", "3 1 1 0"]);
}

#[tokio::test]
async fn c2_a_clock_that_is_over_keeps_who_was_responsible() {
    let desk = Desk::new().await;
    save(&desk.admin, policy("标准")).await.expect("saved");
    let ticket = from_customer(&desk, "发票").await;
    assign::take(&desk.lilei, ticket).await.expect("taken");
    desk.test.later(MINUTE).await;
    reply::reply(&desk.lilei, reply_to(ticket, "好的"), Vec::new()).await.expect("replied");
    desk.test.run_jobs().await;
    let moved = EditInput { agent: Some(None), ..EditInput::of(ticket, desk.version(ticket).await) };
    edit::edit(&desk.admin, moved).await.expect("moved");
    desk.test.later(MINUTE).await;
    let names: Vec<String> =
        desk.test.list(format!("select target || ' ' || agent_name from sla_clocks where ticket_id = '{ticket}' order by target")).await;
    assert_eq!(names, ["1 李雷", "3 "], "the first word was his; who solves it is open");
}

#[tokio::test]
async fn a_goal_that_cannot_be_read_is_said_beside_its_field() {
    let desk = Desk::new().await;
    let browser = desk.test.super_admin().await;
    let fields = [("name", "标准"), ("urgent[first]", "很快"), ("medium[solve]", "8h"), ("in_duty_time", "true")];
    let page = browser.submit("/settings/sla/new", "/do/sla/save", &fields).await;
    assert!(page.body.contains("看不懂这个时长"), "{}", page.body);
    assert!(page.body.contains(r#"value="很快""#) && page.body.contains(r#"value="8h""#), "nothing typed is lost: {}", page.body);
    let fields = [("name", "标准"), ("urgent[first]", "30m"), ("vip_from", "99999"), ("near_percent", "80.5")];
    let page = browser.submit("/settings/sla/new", "/do/sla/save", &fields).await;
    for field in ["vip_from", "near_percent"] {
        assert_eq!(page.attribute(&format!("#policy-{field}"), "aria-invalid"), "true", "{field}: {}", page.body);
    }
    let empty = browser.submit("/settings/sla/new", "/do/sla/save", &[("name", "标准")]).await;
    assert!(empty.body.contains("至少填写一个目标时长"), "{}", empty.body);
    let fields = [("name", "标准"), ("enabled", "true"), ("urgent[first]", "30 分钟"), ("sources[]", "email"), ("vip_from", "2")];
    let answer = browser.post("/settings/sla/new", "/do/sla/save", &fields).await;
    assert_eq!(answer.location(), "/settings/sla", "{}", answer.body);
    let list = browser.get("/settings/sla").await;
    assert!(list.body.contains("VIP等级不低于 2") && list.body.contains("紧急：首次响应 30m"), "{}", list.body);
    let again = browser.submit("/settings/sla/new", "/do/sla/save", &[("name", "标准"), ("low[next]", "1h")]).await;
    assert!(again.body.contains("已有同名的时效规则"), "400119: {}", again.body);
    let id: PolicyId = PolicyId(desk.test.ask("select id from sla_policies").await);
    assert_eq!(browser.get(&format!("/settings/sla/{id}")).await.status, 200);
}

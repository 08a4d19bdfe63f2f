//! 试运行: what a rule would have done is what it did.

use super::{rule, then, when};
use crate::tests::ticket::{Desk, reply_to};
use jiff::SignedDuration;
use kernel::id::{TicketId, TriggerId};
use kernel::time::Stamp;
use ticket::commands::reply::reply;
use ticket::model::Priority;
use ticket::model::input::EditInput;
use trigger::commands::save;
use trigger::field::Field;
use trigger::model::{ActionInput, ActionKind, Effect, Moment, Operator, SwitchInput, TriggerInput};
use trigger::queries::trial::trial;

fn note() -> ActionInput {
    ActionInput { kind: Some(ActionKind::Note), value: String::new(), text: "看到了".to_owned(), own: None }
}

async fn edit(desk: &Desk, ticket: TicketId, change: impl FnOnce(EditInput) -> EditInput) {
    desk.test.later(SignedDuration::from_mins(7)).await;
    let version = desk.version(ticket).await;
    ticket::commands::edit::edit(&desk.admin, change(EditInput::of(ticket, version))).await.expect("edited");
    desk.test.run_jobs().await;
}

/// A week of a few tickets.
async fn days(desk: &Desk) {
    let mut tickets = Vec::new();
    for title in ["发票抬头", "退款", "发票丢失"] {
        desk.test.later(SignedDuration::from_mins(11)).await;
        tickets.push(desk.ticket(title).await.ticket);
        desk.test.run_jobs().await;
    }
    let zhou = desk.zhou.actor.agent();
    for (at, ticket) in tickets.iter().enumerate() {
        edit(desk, *ticket, |edit| EditInput { priority: Some(if at == 1 { Priority::Urgent } else { Priority::High }), ..edit }).await;
        edit(desk, *ticket, |edit| EditInput { group: Some(Some(desk.other)), agent: Some(zhou), ..edit }).await;
        desk.test.later(SignedDuration::from_mins(5)).await;
        reply(&desk.admin, reply_to(*ticket, "请看"), Vec::new()).await.expect("a reply");
        desk.test.run_jobs().await;
        edit(desk, *ticket, |edit| EditInput { priority: Some(Priority::Low), title: Some(format!("改过 {at}")), ..edit }).await;
    }
}

#[tokio::test]
async fn what_it_would_have_done_is_what_it_did() {
    let desk = Desk::new().await;
    let (high, group) = (when(Field::Priority, Operator::ChangedTo, "high"), when(Field::Group, Operator::Is, &desk.other.to_string()));
    let rules = [
        rule("发票", Moment::Created, vec![when(Field::Title, Operator::Contains, "发票")], vec![note()]),
        rule("升高", Moment::Updated, vec![high], vec![note()]),
        rule("财务急", Moment::Updated, vec![group, when(Field::Priority, Operator::IsNot, "low")], vec![note()]),
        rule("原题", Moment::AgentReplied, vec![when(Field::Title, Operator::ContainsNot, "改过")], vec![note()]),
        rule("一小时", Moment::Updated, vec![when(Field::HoursSinceCreated, Operator::AtLeast, "1")], vec![note()]),
    ];
    let mut ids: Vec<TriggerId> = Vec::new();
    for rule in rules {
        ids.push(save(&desk.admin, rule).await.expect("saved"));
    }
    days(&desk).await;
    let mut matched = 0;
    for id in ids {
        let did: Vec<(i64, Stamp)> = live(&desk, id).await;
        let (trigger, would) = trial(&desk.admin, id).await.expect("tried");
        let mut would: Vec<(i64, Stamp)> = would.hits.iter().map(|hit| (hit.number, hit.at)).collect();
        would.sort_unstable();
        assert_eq!(would, did, "{}", trigger.name);
        matched += did.len();
    }
    assert!(matched > 10, "the rules have something to do: {matched}");
    let before: i64 = desk.test.ask("select count(*) from trigger_runs").await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from trigger_runs").await, before, "a trial leaves no record");
}

async fn live(desk: &Desk, trigger: TriggerId) -> Vec<(i64, Stamp)> {
    let rows: Vec<String> = desk
        .test
        .list(format!(
            "select ticket_number || ' ' || (extract(epoch from created_at) * 1000000)::bigint from trigger_runs
            where trigger_id = '{trigger}' and outcome = 1 order by ticket_number, created_at"
        ))
        .await;
    let read = |row: &String| {
        let (number, at) = row.split_once(' ').expect("two");
        (number.parse().expect("a number"), Stamp::from_micros(at.parse().expect("micros")).expect("a moment"))
    };
    rows.iter().map(read).collect()
}

#[tokio::test]
async fn a_draft_is_tried_on_what_happened_before_it_and_then_enabled() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("发票抬头").await;
    desk.ticket("别的").await;
    let browser = desk.test.super_admin().await;
    let fields = [
        ("trigger", ""),
        ("version", "0"),
        ("kind", "flow"),
        ("name", "发票升级"),
        ("moments[]", "created"),
        ("enabled", "true"),
        ("all[0][field]", "title"),
        ("all[0][operator]", "contains"),
        ("all[0][values][]", "发票"),
        ("actions[0][kind]", "priority"),
        ("actions[0][value]", "urgent"),
        ("step", "try"),
    ];
    let answer = browser.post("/settings/triggers/new", "/do/trigger/save", &fields).await;
    let address = answer.location().to_owned();
    assert!(address.ends_with("/try"), "{address}");
    let page = browser.get(&address).await;
    for words in ["1 次命中", "发票抬头", "标题 包含 “发票”", "会执行", "启用触发器"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("别的"), "the other ticket does not match");
    assert_eq!(desk.test.ask::<i64>("select count(*) from trigger_runs").await, 0);
    assert_eq!(desk.number_of("priority", ticket.ticket).await, i64::from(Priority::Medium.code()), "nothing was changed");
    // One that never was, in the address.
    let page = browser.get(&format!("{address}?title=%E5%8F%91%E7%A5%A8")).await;
    assert!(page.body.contains("命中：会执行它的动作"), "{}", page.body);
    let page = browser.get(&format!("{address}?title=x")).await;
    assert!(page.body.contains("未命中：什么也不做"), "{}", page.body);
    assert_eq!(page.attribute("#try-title", "value"), "x");
    let trigger = desk.test.ask("select id from triggers").await;
    trigger::commands::switch(&desk.admin, SwitchInput { trigger, enabled: true }).await.expect("enabled");
    assert!(!browser.get(&address).await.body.contains("启用触发器"));
}

#[tokio::test]
async fn a_timed_one_is_tried_on_what_stands_open_now() {
    let desk = Desk::new().await;
    let ticket = desk.ticket("等着").await.ticket;
    desk.test.later(SignedDuration::from_hours(3)).await;
    desk.ticket("刚来").await;
    let timed =
        rule("等", Moment::Created, vec![when(Field::HoursWaiting, Operator::AtLeast, "2")], vec![then(ActionKind::Priority, "medium")]);
    let timed = TriggerInput { kind: trigger::model::TriggerKind::Timed, moments: Vec::new(), enabled: false, ..timed };
    let id = save(&desk.admin, timed).await.expect("saved");
    let (_, found) = trial(&desk.admin, id).await.expect("tried");
    assert_eq!((found.tickets, found.matched), (2, 1));
    assert_eq!((found.hits[0].ticket, found.hits[0].effects[0].effect), (ticket, Effect::Unchanged));
    assert_eq!(found.hits[0].since, None);
    trigger::commands::switch(&desk.admin, SwitchInput { trigger: id, enabled: true }).await.expect("enabled");
    trigger::commands::timed::run(&desk.test.system().await).await.expect("a run");
    let (_, found) = trial(&desk.admin, id).await.expect("tried");
    assert_eq!(found.hits[0].since, Some(desk.test.app.clock.now()), "it acted, and would not act again");
    assert!(trial(&desk.lilei, id).await.is_err(), "an agent tries no rules");
}

//! Events that cannot be understood, and the settings of switches.

use super::{Exchange, switch};
use call::commands::refusal;
use call::commands::take::{Outcome, take_bodies};
use call::model::switch::Refusal;
use kernel::permission::Role;
use serde_json::{Value, json};

async fn give(exchange: &Exchange, bodies: &[Value]) -> Vec<Outcome> {
    let mut tx = exchange.test.system().await.begin().await.expect("a transaction");
    let outcomes = take_bodies(&mut tx, exchange.switch, bodies).await.expect("taken");
    tx.commit().await.expect("committed");
    outcomes
}

fn reason(outcome: &Outcome) -> Option<Refusal> {
    match outcome {
        Outcome::Refused(reason, _) => Some(*reason),
        _ => None,
    }
}

#[tokio::test]
async fn what_is_wrong_is_set_aside_and_its_neighbours_go_on() {
    let exchange = Exchange::new().await;
    let now = exchange.test.app.clock.now().micros() / 1000;
    let start = json!({ "id": "1", "call": "c", "at": now, "type": "started", "direction": "inbound", "caller": "13800138000",
        "callee": "400", "shown": "", "line": "call_center", "task": null });
    let nobody = uuid::Uuid::from_u128(7);
    let bad = [
        (json!("x"), Refusal::Shape),
        (json!({ "id": "2", "call": "c", "at": now, "type": "beamed" }), Refusal::Shape),
        (json!({ "id": "", "call": "c", "at": now, "type": "ivr_entered" }), Refusal::Shape),
        (json!({ "id": "2\0", "call": "c", "at": now, "type": "ivr_entered" }), Refusal::Shape),
        (json!({ "id": "2", "call": "c", "at": now, "type": "ivr_entered", "x\0": 1 }), Refusal::Shape),
        (json!({ "id": "3", "call": "x".repeat(101), "at": now, "type": "ivr_entered" }), Refusal::Shape),
        (json!({ "id": "4", "call": "c", "at": 5, "type": "ivr_entered" }), Refusal::Time),
        (json!({ "id": "5", "call": "c", "at": now + 2 * 86_400_000, "type": "ivr_entered" }), Refusal::Time),
        (json!({ "id": "6", "call": "c", "at": i64::MAX, "type": "ivr_entered" }), Refusal::Time),
        (
            json!({ "id": "7", "call": "c", "at": now, "type": "recorded", "leg": "a", "url": "file:///etc/passwd", "ms": 5 }),
            Refusal::Shape,
        ),
        (json!({ "id": "8", "call": "c", "at": now, "type": "queue_entered", "group": nobody }), Refusal::UnknownGroup),
        (
            json!({ "id": "9", "call": "c", "at": now, "type": "dialled", "leg": "a", "purpose": "reception", "from": null,
            "party": { "kind": "agent", "agent": nobody, "group": null, "way": "web" } }),
            Refusal::UnknownAgent,
        ),
    ];
    let mut bodies: Vec<Value> = bad.iter().map(|(body, _)| body.clone()).collect();
    bodies.insert(4, start);
    let outcomes = give(&exchange, &bodies).await;
    assert_eq!(outcomes[4], Outcome::Accepted);
    let refused: Vec<Refusal> = outcomes.iter().filter_map(reason).collect();
    assert_eq!(refused, bad.iter().map(|(_, reason)| *reason).collect::<Vec<_>>());
    assert_eq!(exchange.test.ask::<i64>("select count(*) from calls").await, 1);
    give(&exchange, &bodies[..1]).await;
    assert_eq!(exchange.test.ask::<i32>("select max(times) from switch_refusals").await, 2, "the same again counts up");
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switch_refusals").await, 12);
}

#[tokio::test]
async fn a_full_quarantine_says_so() {
    let exchange = Exchange::new().await;
    let bodies: Vec<Value> = (0..=refusal::MOST).map(|at| json!({ "id": at })).collect();
    let outcomes = give(&exchange, &bodies).await;
    assert!(matches!(outcomes.as_slice(), [.., Outcome::Refused(..), Outcome::Dropped(Refusal::Shape, _)]), "{:?}", outcomes.last());
    assert_eq!(reason(&give(&exchange, &bodies[..1]).await[0]), Some(Refusal::Shape), "one that lies there already counts up");
    let page = exchange.test.super_admin().await.get(&format!("/settings/switches/{}", exchange.switch)).await;
    assert!(page.body.contains("隔离区已满"), "{}", page.body);
    // Those tried longest ago come first: what stays in quarantine holds nothing back.
    exchange.test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    refusal::replay_all(&exchange.admin).await.expect("tried");
    exchange.test.app.clock.advance(jiff::SignedDuration::from_secs(1));
    refusal::replay_all(&exchange.admin).await.expect("tried");
    assert_eq!(exchange.test.ask::<i32>("select min(times) from switch_refusals").await, 2, "each had its turn");
}

#[tokio::test]
async fn an_event_is_taken_again_once_its_cause_is_gone() {
    let exchange = Exchange::new().await;
    let late = kernel::id::GroupId(uuid::Uuid::from_u128(0x7777));
    let strange = call::story::Cast { groups: [late; 2], ..exchange.cast.clone() };
    let now = exchange.test.app.clock.now().micros() / 1000;
    let events = super::named("呼入，客服挂断").played("c", now, &strange);
    let outcomes = call::commands::take::take(&exchange.admin, exchange.switch, &events).await.expect("taken");
    assert_eq!(outcomes.iter().filter_map(reason).collect::<Vec<_>>(), [Refusal::UnknownGroup]);
    assert_eq!(exchange.test.ask::<String>("select name from call_legs").await, "", "nobody is known to have answered");
    assert_eq!(refusal::replay_all(&exchange.admin).await.expect("tried"), 0, "nothing has changed");
    let company = exchange.test.company;
    exchange
        .test
        .tamper(format!("insert into groups (company_id, id, kind, name, created_at) values ('{company}', '{late}', 2, '新组', now())"))
        .await;
    let browser = exchange.test.super_admin().await;
    let address = format!("/settings/switches/{}", exchange.switch);
    let page = browser.get(&address).await;
    assert!(page.body.contains("没有这个技能组") && page.body.contains(&late.to_string()), "{}", page.body);
    let id = page.attribute("form[action='/do/switch/replay'] input[name='input[refusal]']", "value");
    let after = browser.submit(&address, "/do/switch/replay", &[("refusal", &id)]).await;
    assert!(after.body.contains("事件已处理"), "{}", after.body);
    assert_eq!(
        exchange.test.ask::<String>("select concat_ws(' ', name, agent_name, result, talk_ms) from call_legs").await,
        "a 李雷 10 20000"
    );
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switch_refusals").await, 0);
}

#[tokio::test]
async fn a_switch_is_set_up_without_scripting_and_its_secret_is_seen_once() {
    let exchange = Exchange::new().await;
    let browser = exchange.test.super_admin().await;
    let wrong =
        browser.submit("/settings/switches/new", "/do/switch/save", &[("name", ""), ("kind", "asterisk"), ("enabled", "true")]).await;
    assert!(wrong.text(".wrong").contains("请填写这一项"), "{}", wrong.body);
    let fields = [("name", "总机"), ("kind", "http"), ("enabled", "true")];
    let taken = browser.submit("/settings/switches/new", "/do/switch/save", &fields).await;
    assert!(taken.text(".wrong").contains("这个名称已被使用"), "{}", taken.body);
    assert_eq!(taken.attribute("input[name='input[name]']", "value"), "总机", "what was typed is still there");
    let fields = [("name", "二号总机"), ("kind", "http"), ("enabled", "true")];
    let page = browser.submit("/settings/switches/new", "/do/switch/save", &fields).await;
    assert_eq!(page.text("h1"), "二号总机");
    let id = page.attribute("form[action='/do/switch/key'] input[name='input[switch]']", "value");
    let address = format!("/settings/switches/{id}");
    let shown = browser.submit(&address, "/do/switch/key", &[("switch", &id)]).await;
    let secret = shown.text("code.secret");
    assert_eq!(secret.len(), 43, "256 bits: {secret:?}");
    assert!(!browser.get(&address).await.body.contains(&secret), "once");
    assert_eq!(
        exchange.test.ask::<i64>(format!("select count(*) from switches where encode(secret, 'escape') like '%{secret}%'")).await,
        0
    );
    let list = browser.get("/settings/switches").await;
    assert!(list.body.contains("二号总机") && list.body.contains("还没有"), "{}", list.body);
    let answer = browser.post(&address, "/do/switch/delete", &[("switch", &id)]).await;
    assert_eq!(answer.location(), "/settings/switches");
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switches where key <> ''").await, 0);
}

#[tokio::test]
async fn only_who_manages_switches_sees_them() {
    let exchange = Exchange::new().await;
    exchange.test.new_agent("admin@calls.example", "呼叫管理员", Role::CallAdmin, Vec::new()).await;
    assert_eq!(exchange.test.signed_in("admin@calls.example").await.get("/settings/switches").await.status, 200);
    assert_eq!(exchange.test.signed_in("0@example.com").await.get("/settings/switches").await.status, 403);
    let agent = exchange.test.ctx(exchange.cast.agents[0]).await;
    assert!(refusal::replay_all(&agent).await.is_err());
    let _ = switch(&exchange.admin, "二号").await;
}

//! Forwarding by triggers and as configuration.

use super::receiver::Catcher;
use super::{SECOND, desk, to};
use crate::tests::config::file::{EMPTY, plan_of, put, said};
use crate::tests::ticket::reply_to;
use crate::tests::trigger::{rule, then, when};
use config::commands::export;
use trigger::commands::save;
use trigger::field::Field;
use trigger::model::{ActionKind, Effect, Moment, Operator};
use trigger::queries::trial::trial;
use webhook::model::{Profile, Topic, WebhookInput, WebhookSwitch};

#[tokio::test]
async fn what_a_trigger_would_tell_is_what_it_tells() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let quiet = WebhookInput { topics: Vec::new(), ..to(&catcher.url, "值班群", Profile::Standard) };
    let hook = webhook::commands::save(&desk.admin, quiet).await.expect("saved");
    let urgent =
        rule("通知值班", Moment::Created, vec![when(Field::Title, Operator::Contains, "急")], vec![then(ActionKind::Forward, hook)]);
    let id = save(&desk.admin, urgent).await.expect("saved");
    let ticket = desk.ticket("急：付款失败").await.ticket;
    desk.ticket("不急").await;
    desk.ticket("慢慢来").await;
    desk.test.run_jobs().await;
    let caught = catcher.caught();
    assert_eq!(caught.iter().map(|one| one.topic()).collect::<Vec<_>>(), ["trigger.matched", "trigger.matched"], "it asked for no topic");
    let told = caught.iter().find(|one| one.title() == "急：付款失败").expect("it is told").json();
    let data = &told["data"];
    assert_eq!((data["trigger"]["name"].as_str(), data["ticketId"].as_str()), (Some("通知值班"), Some(ticket.to_string().as_str())));
    let (_, found) = trial(&desk.admin, id).await.expect("a trial");
    let predicted: Vec<Effect> = found.hits.iter().flat_map(|hit| hit.effects.iter().map(|one| one.effect)).collect();
    let live: Vec<String> = desk.test.list("select effects -> 0 ->> 'effect' from trigger_runs where outcome = 1").await;
    assert_eq!((predicted, live), (vec![Effect::Done; 2], vec!["done".to_owned(); 2]));
    // Switched off: refused live, and the trial says so.
    webhook::commands::switch(&desk.admin, WebhookSwitch { webhook: hook, enabled: false }).await.expect("off");
    desk.ticket("又急").await;
    desk.test.run_jobs().await;
    let last: String =
        desk.test.ask("select (effects -> 0 ->> 'effect') || ' ' || (effects -> 0 ->> 'problem') from trigger_runs where outcome = 1 order by created_at desc, id desc limit 1").await;
    assert_eq!(last, "refused webhook_off");
    let (_, found) = trial(&desk.admin, id).await.expect("a trial");
    assert!(found.hits.iter().all(|hit| hit.effects[0].effect == Effect::Refused));
    let browser = desk.test.super_admin().await;
    let page = browser.get(&format!("/settings/triggers/{id}/try")).await;
    assert!(page.body.contains("值班群") && page.body.contains("这个消息转发已停用"), "{}", page.body);
    assert!(browser.get("/settings/triggers").await.body.contains("消息转发 给 值班群"));
}

#[tokio::test]
async fn what_a_trigger_tells_comes_after_what_set_it_off() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let replies = WebhookInput { topics: vec![Topic::TicketAgentReplied], ..to(&catcher.url, "值班群", Profile::Standard) };
    let hook = webhook::commands::save(&desk.admin, replies).await.expect("saved");
    let any = vec![when(Field::Title, Operator::NotEmpty, "")];
    save(&desk.admin, rule("回复时通知", Moment::AgentReplied, any, vec![then(ActionKind::Forward, hook)])).await.expect("saved");
    let ticket = desk.ticket("退款").await.ticket;
    desk.test.later(SECOND).await;
    ticket::commands::reply::reply(&desk.admin, reply_to(ticket, "马上处理"), Vec::new()).await.expect("a reply");
    desk.test.run_jobs().await;
    assert!(catcher.caught().is_empty(), "the reply can still be taken back");
    desk.test.later(SECOND * 30).await;
    let caught = catcher.caught();
    assert_eq!(caught.iter().map(|one| one.topic()).collect::<Vec<_>>(), ["ticket.agent_replied", "trigger.matched"]);
    let data = &caught[1].json()["data"];
    assert_eq!((&data["ticketId"], &data["trigger"]["name"]), (&ticket.to_string().into(), &"回复时通知".into()));
}

#[tokio::test]
async fn a_file_names_it_holds_no_secret_and_makes_it_switched_off() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let hook = webhook::commands::save(&desk.admin, to(&catcher.url, "值班群", Profile::Original)).await.expect("saved");
    let urgent =
        rule("通知值班", Moment::Created, vec![when(Field::Title, Operator::Contains, "急")], vec![then(ActionKind::Forward, hook)]);
    save(&desk.admin, urgent).await.expect("saved");
    let secret = webhook::queries::secret(&desk.admin, hook).await.expect("a secret");
    let file = export(&desk.admin, None).await.expect("a file");
    assert!(file.contains("[[webhook]]") && file.contains("@webhook/值班群"), "{file}");
    assert!(!file.contains(&secret), "no secret in a file");
    assert!(plan_of(&desk.admin, &file, true).await.plan.steps.is_empty(), "it is what it is");
    desk.test.new_company("另一家", "boss@elsewhere.example").await;
    let boss = desk.test.ctx_of("boss@elsewhere.example").await;
    // Tables of one bracket belong to a rule, or are settings of other kinds behind the last rule.
    let of_rules = |part: &str| part.split("\n[").enumerate().take_while(|(at, table)| *at == 0 || table.starts_with("trigger")).count();
    let parts: Vec<String> = file
        .split("\n[[")
        .filter(|part| part.starts_with("webhook]]") || part.starts_with("trigger"))
        .map(|part| part.split("\n[").take(of_rules(part)).collect::<Vec<_>>().join("\n["))
        .collect();
    let moved = format!("{EMPTY}\n[[{}", parts.join("\n[["));
    put(&boss, &moved, false).await;
    let (list, there) =
        (webhook::queries::list(&boss).await.expect("a list"), webhook::queries::all(&mut boss.read().await.expect("a transaction")).await);
    assert!(!list[0].0.enabled, "it waits for somebody to switch it on");
    let id = there.expect("subscriptions")[0].id;
    assert_ne!(webhook::queries::secret(&boss, id).await.expect("a secret"), secret, "with a secret of its own");
    let triggers = trigger::queries::list(&boss).await.expect("triggers");
    assert_eq!(triggers[0].rule.actions[0].value, id.to_string());
    let bad = moved.replace(&catcher.url, "https://10.0.0.1:22/");
    assert!(!said(&plan_of(&boss, &bad, false).await).is_empty(), "the address is checked there too");
}

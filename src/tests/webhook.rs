//! 消息转发: what a real receiver gets, in which order, when again, and what people see of it.

mod fault;
mod page;
mod receiver;
mod rule;

use crate::tests::app::{TestApp, problem};
use crate::tests::ticket::Desk;
use jiff::SignedDuration;
use kernel::error::Problem;
use kernel::id::{TicketId, WebhookId};
use receiver::{Catcher, Mood};
use serde_json::Value;
use std::collections::BTreeSet;
use ticket::commands::edit::edit;
use ticket::model::Priority;
use ticket::model::input::EditInput;
use webhook::commands::{rotate, save};
use webhook::model::{DeliveryChoice, LogFilter, Profile, Topic, WebhookChoice, WebhookInput};
use webhook::sign::{is_original, is_standard};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A desk whose program may send to the receivers of a test.
async fn desk() -> Desk {
    Desk::of(TestApp::configured(|config| config.private_webhook_hosts = true).await).await
}

fn to(url: &str, name: &str, profile: Profile) -> WebhookInput {
    WebhookInput {
        name: name.to_owned(),
        url: url.to_owned(),
        profile: Some(profile),
        topics: Topic::offered().collect(),
        enabled: true,
        ..WebhookInput::default()
    }
}

/// The secrets of a subscription, the one in force first.
async fn secrets(test: &TestApp, id: WebhookId) -> Vec<Vec<u8>> {
    let mut tx = test.system().await.read().await.expect("a transaction");
    let (secret, previous): (Vec<u8>, Option<Vec<u8>>) =
        sqlx::query_as("select secret_sealed, previous_sealed from webhooks where id = $1")
            .bind(id)
            .fetch_one(&mut *tx)
            .await
            .expect("a row");
    let place = format!("{}/webhooks/secret/{id}", test.company);
    [Some(secret), previous].into_iter().flatten().map(|sealed| test.app.vault.open(&place, &sealed).expect("a secret")).collect()
}

async fn prioritise(desk: &Desk, ticket: TicketId, priority: Priority) {
    let version = desk.version(ticket).await;
    edit(&desk.admin, EditInput { priority: Some(priority), ..EditInput::of(ticket, version) }).await.expect("edited");
}

/// What became of the messages, oldest first: topic, state, attempts.
async fn log(test: &TestApp) -> Vec<String> {
    test.list("select topic || ' ' || state || ' ' || attempt from webhook_deliveries order by created_at, id").await
}

#[tokio::test]
async fn a_standard_receiver_gets_signed_messages_in_their_order() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    let ticket = desk.ticket("退款").await.ticket;
    prioritise(&desk, ticket, Priority::Urgent).await;
    desk.test.run_jobs().await;
    let caught = catcher.caught();
    assert_eq!(caught.iter().map(|one| one.topic()).collect::<Vec<_>>(), ["ticket.created", "ticket.updated"]);
    let ids: BTreeSet<&str> = caught.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids.len(), 2, "each message has its own id");
    let secrets = secrets(&desk.test, id).await;
    for one in &caught {
        let seconds = one.header("webhook-timestamp").parse().expect("seconds");
        assert!(is_standard(one.header("webhook-signature"), &secrets, one.header("webhook-id"), seconds, &one.body));
        assert!(!is_standard(one.header("webhook-signature"), &[vec![0; 24]], one.header("webhook-id"), seconds, &one.body));
        let data = &one.json()["data"];
        assert_eq!((&data["ticketId"], &data["ticket"]["title"]), (&Value::from(ticket.to_string()), &Value::from("退款")));
        assert_eq!(data["ticket"]["customer"]["partnerId"], "CM-88213");
    }
    assert_eq!(log(&desk.test).await, ["101 1 1", "106 1 1"]);
}

#[tokio::test]
async fn the_original_profile_sends_batches_and_waits_for_its_ret_code() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "旧系统", Profile::Original)).await.expect("saved");
    for title in ["一", "二", "三"] {
        desk.ticket(title).await;
    }
    desk.test.run_jobs().await;
    assert!(catcher.caught().is_empty(), "others may join within a second");
    catcher.answer(Mood::Words("{\"ret_code\":\"100001\"}"));
    desk.test.later(SECOND).await;
    catcher.answer(Mood::Words("{\"ret_code\":\"000000\"}"));
    assert_eq!(log(&desk.test).await, ["101 0 1", "101 0 1", "101 0 1"], "200 alone takes nothing");
    desk.test.later(SECOND * 5).await;
    let caught = catcher.caught();
    assert_eq!(caught.len(), 2);
    let body = caught[1].json();
    assert_eq!((&body["type"], &body["companyId"]), (&Value::from("ticket.created"), &Value::from(desk.test.company.to_string())));
    let mut titles: Vec<&str> =
        body["items"].as_array().expect("items").iter().filter_map(|item| item["data"]["ticket"]["title"].as_str()).collect();
    // They are three tickets of one moment: nothing orders them.
    titles.sort_unstable();
    assert_eq!(titles, ["一", "三", "二"]);
    let ids = |body: &Value| body["items"].as_array().into_iter().flatten().map(|item| item["id"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!(ids(&caught[0].json()), ids(&body), "the same messages under the same ids");
    let (millis, random) = (caught[1].header("x-log-timestamp").parse().expect("milliseconds"), caught[1].header("x-log-randomcode"));
    assert!(is_original(caught[1].header("x-log-sign"), &secrets(&desk.test, id).await, desk.test.company, millis, random));
    assert_ne!(random, caught[0].header("x-log-randomcode"));
    assert_eq!(log(&desk.test).await, ["101 1 2", "101 1 2", "101 1 2"]);
}

#[tokio::test]
async fn a_refused_message_holds_its_own_ticket_and_no_other() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Status(500));
    let first = desk.ticket("第一张").await.ticket;
    desk.test.run_jobs().await;
    catcher.answer(Mood::Status(204));
    prioritise(&desk, first, Priority::High).await;
    desk.ticket("第二张").await;
    desk.test.run_jobs().await;
    let sent = |catcher: &Catcher| catcher.caught().iter().map(|one| format!("{} {}", one.topic(), one.title())).collect::<Vec<_>>();
    assert_eq!(sent(&catcher), ["ticket.created 第一张", "ticket.created 第二张"], "the change waits for the creation");
    desk.test.later(SECOND * 5).await;
    assert_eq!(sent(&catcher)[2..], ["ticket.created 第一张", "ticket.updated 第一张"]);
    let caught = catcher.caught();
    assert_eq!(caught[0].header("webhook-id"), caught[2].header("webhook-id"));
    assert_eq!(caught[0].body, caught[2].body, "what is sent again is what was sent: the change is not in it");
}

#[tokio::test]
async fn it_is_tried_for_seventy_two_hours_and_then_the_next_one_goes() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Status(503));
    let ticket = desk.ticket("没人收").await.ticket;
    desk.test.run_jobs().await;
    prioritise(&desk, ticket, Priority::Low).await;
    desk.test.run_jobs().await;
    let mut seen = vec![catcher.caught().len()];
    for wait in webhook::schedule::WAITS {
        desk.test.later(wait).await;
        seen.push(catcher.caught().iter().filter(|one| one.topic() == "ticket.created").count());
    }
    assert_eq!(seen, (1..=12).collect::<Vec<_>>(), "one attempt after each wait");
    assert_eq!(log(&desk.test).await[0], "101 2 12", "given up");
    let after = catcher.caught();
    assert!(after.iter().any(|one| one.topic() == "ticket.updated"), "the next one of its ticket is not held any longer");
}

#[tokio::test]
async fn while_a_secret_is_replaced_a_receiver_may_know_either() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    rotate(&desk.admin, WebhookChoice { webhook: id }).await.expect("replaced");
    desk.ticket("轮换").await;
    desk.test.run_jobs().await;
    let known = secrets(&desk.test, id).await;
    let signed_by = |at: usize, secret: &Vec<u8>| {
        let one = &catcher.caught()[at];
        let seconds = one.header("webhook-timestamp").parse().expect("seconds");
        is_standard(one.header("webhook-signature"), std::slice::from_ref(secret), one.header("webhook-id"), seconds, &one.body)
    };
    assert_eq!(known.len(), 2);
    assert!(known.iter().all(|secret| signed_by(0, secret)));
    desk.test.later(SignedDuration::from_hours(25)).await;
    desk.ticket("之后").await;
    desk.test.run_jobs().await;
    assert!(signed_by(1, &known[0]) && !signed_by(1, &known[1]), "a day later the new one signs alone");
}

#[tokio::test]
async fn a_secret_that_is_replaced_twice_in_a_day_still_signs() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let id = save(&admin, to("https://crm.example.com/", "CRM", Profile::Standard)).await.expect("saved");
    let first = secrets(&test, id).await.remove(0);
    for _ in 0..2 {
        rotate(&admin, WebhookChoice { webhook: id }).await.expect("replaced");
    }
    let known = secrets(&test, id).await;
    assert_eq!((known.len(), known[0] == first, known[1] == first), (2, false, true), "it is the one that the receiver knows");
}

#[tokio::test]
async fn one_message_or_all_of_a_filter_are_sent_again_as_they_were() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    for title in ["一", "二"] {
        desk.ticket(title).await;
    }
    desk.test.run_jobs().await;
    let first: uuid::Uuid = desk.test.ask("select id from webhook_deliveries order by created_at, id limit 1").await;
    webhook::commands::log::replay(&desk.admin, DeliveryChoice { delivery: kernel::id::DeliveryId(first) }).await.expect("again");
    desk.test.run_jobs().await;
    let caught = catcher.caught();
    assert_eq!(caught.len(), 3);
    assert_eq!((caught[0].header("webhook-id"), &caught[0].body), (caught[2].header("webhook-id"), &caught[2].body));
    let all = LogFilter { webhook: id.to_string(), topic: "ticket.created".to_owned(), ..LogFilter::default() };
    assert_eq!(webhook::commands::log::replay_all(&desk.admin, all.clone()).await.expect("again"), 2);
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 5);
    let none = LogFilter { to: "2026-11-01".to_owned(), ..all };
    assert_eq!(webhook::commands::log::replay_all(&desk.admin, none).await.expect("nothing"), 0);
    assert!(webhook::commands::log::replay_all(&desk.admin, LogFilter::default()).await.is_err(), "everything is nothing one means");
    let unread = LogFilter { from: "2026/11/22".to_owned(), ..LogFilter::default() };
    assert_eq!(problem(webhook::commands::log::replay_all(&desk.admin, unread).await), Problem::BadDate);
    let unread = LogFilter { state: "failed".to_owned(), ..LogFilter::default() };
    assert_eq!(problem(webhook::commands::log::replay_all(&desk.admin, unread).await), Problem::BadChoice);
    // A program that was killed between sending and noting: the row says that it waits, and it goes out once more.
    desk.test.tamper(format!("update webhook_deliveries set state = 0, attempt = 0 where id = '{first}'")).await;
    webhook::commands::lane::run(&desk.test.system().await).await.expect("sent");
    let caught = catcher.caught();
    assert_eq!(caught[5].header("webhook-id"), caught[0].header("webhook-id"));
    // After thirty days nothing is left of it.
    desk.test.later(SignedDuration::from_hours(32 * 24)).await;
    for table in ["webhook_deliveries", "webhook_attempts", "webhook_requests"] {
        assert_eq!(desk.test.ask::<i64>(format!("select count(*) from {table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_reply_that_is_taken_back_is_told_to_nobody() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let only =
        WebhookInput { topics: vec![Topic::TicketAgentReplied, Topic::TicketStatusChanged], ..to(&catcher.url, "CRM", Profile::Standard) };
    save(&desk.admin, only).await.expect("saved");
    let ticket = desk.ticket("撤回").await.ticket;
    desk.test.run_jobs().await;
    let reply = crate::tests::ticket::reply_to(ticket, "马上处理");
    ticket::commands::reply::reply(&desk.admin, reply, Vec::new()).await.expect("a reply");
    desk.test.run_jobs().await;
    assert!(catcher.caught().is_empty(), "it can still be taken back");
    desk.test.later(SECOND * 30).await;
    let topics: Vec<String> = catcher.caught().iter().map(|one| one.topic()).collect();
    assert!(topics.contains(&"ticket.agent_replied".to_owned()), "{topics:?}");
    let told = catcher.caught().iter().find(|one| one.topic() == "ticket.agent_replied").expect("the reply").json();
    assert_eq!(told["data"]["message"]["text"], "马上处理");
}

#[tokio::test]
async fn samples_have_the_keys_of_what_is_sent() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    let ticket = desk.ticket("样例").await.ticket;
    prioritise(&desk, ticket, Priority::High).await;
    ticket::commands::reply::reply(&desk.admin, crate::tests::ticket::reply_to(ticket, "好"), Vec::new()).await.expect("a reply");
    desk.test.run_jobs().await;
    desk.test.later(SECOND * 30).await;
    let caught = catcher.caught();
    let mut topics = BTreeSet::new();
    for one in &caught {
        let topic: Topic = one.topic().parse().expect("a topic");
        topics.insert(topic);
        let sample = crate::worker::forward::sample(topic);
        assert_eq!(keys(&one.json()["data"]), keys(&sample), "{topic}");
    }
    assert!(topics.len() >= 3, "{topics:?}");
}

/// The keys of the first two levels.
fn keys(value: &Value) -> BTreeSet<String> {
    let Some(map) = value.as_object() else { return BTreeSet::new() };
    let below = |(key, value): (&String, &Value)| {
        let inner = value.as_object().into_iter().flat_map(|map| map.keys().cloned());
        let inner: Vec<String> = inner.map(|inner| format!("{key}.{inner}")).collect();
        std::iter::once(key.clone()).chain(inner)
    };
    map.iter().flat_map(|(key, value)| below((key, value)).collect::<Vec<_>>()).collect()
}

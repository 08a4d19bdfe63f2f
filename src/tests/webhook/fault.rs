//! What goes wrong: receivers that hang, go away, are forbidden or fail for days; a payload that cannot be made.

use super::receiver::{Catcher, Mood};
use super::{SECOND, desk, log, to};
use crate::tests::app::{TestApp, problem, problems};
use jiff::SignedDuration;
use kernel::error::Problem;
use kernel::event::Event;
use kernel::id::{DeliveryId, TicketId};
use kernel::tx::React;
use std::time::{Duration, Instant};
use webhook::commands::log::replay;
use webhook::commands::{save, switch};
use webhook::model::{DeliveryChoice, Profile, WebhookChoice, WebhookSwitch};

#[tokio::test]
async fn a_receiver_that_hangs_costs_its_own_lane() {
    let (desk, dead, alive) = (desk().await, Catcher::start().await, Catcher::start().await);
    dead.answer(Mood::Hang);
    save(&desk.admin, to(&dead.url, "坏的", Profile::Standard)).await.expect("saved");
    save(&desk.admin, to(&alive.url, "好的", Profile::Standard)).await.expect("saved");
    desk.ticket("一").await;
    let system = desk.test.system().await;
    let (begun, app) = (Instant::now(), desk.test.app.clone());
    let working = tokio::spawn(async move { crate::worker::run_due(&app).await });
    let until = async |count: usize| {
        while alive.caught().len() < count {
            assert!(begun.elapsed() < Duration::from_secs(12), "the other receiver waits for the one that hangs");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    until(1).await;
    // What is written while the first lane hangs goes out at once in the other.
    let told = serde_json::json!({}).to_string();
    let mut tx = system.begin().await.expect("a transaction");
    let news = webhook::commands::send::News {
        topic: webhook::model::Topic::TicketUrged,
        order_key: uuid::Uuid::max(),
        event: system.uuid(),
        happened_at: system.now(),
        about: String::new(),
        data: told,
    };
    let both = webhook::queries::listeners(&mut tx, news.topic, None).await.expect("two");
    webhook::commands::send::record(&mut tx, &news, &both).await.expect("written");
    tx.commit().await.expect("committed");
    until(2).await;
    assert!(!working.is_finished(), "the first request still hangs");
    working.await.expect("no panic").expect("jobs run");
    let faults: Vec<String> = desk
        .test
        .list("select w.name || ' ' || coalesce(l.last_fault, 0) || ' ' || (l.paused_until is not null) from webhook_lanes l join webhooks w on w.id = l.webhook_id order by w.id")
        .await;
    assert_eq!(faults, ["坏的 6 true", "好的 0 false"]);
}

#[tokio::test]
async fn what_is_no_answer_is_named_and_tried_again() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Away("http://127.0.0.1:1/"));
    desk.ticket("跳转").await;
    desk.test.run_jobs().await;
    assert_eq!(desk.test.list::<i16>("select fault from webhook_requests").await, [9]);
    assert_eq!(desk.test.list::<i16>("select status from webhook_requests").await, [301]);
    catcher.answer(Mood::Status(200));
    desk.test.later(SECOND * 5).await;
    assert_eq!(log(&desk.test).await, ["101 1 2"]);
    assert_eq!(desk.test.ask::<i64>("select count(*) from webhook_lanes where failing_since is null and failures = 0").await, 1);
}

#[tokio::test]
async fn after_five_days_it_is_switched_off_and_its_managers_hear_of_it() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Status(500));
    for day in 0..5 {
        desk.ticket(&format!("第 {day} 天")).await;
        desk.test.run_jobs().await;
        assert!(desk.test.ask::<bool>("select enabled from webhooks").await, "day {day}");
        desk.test.later(SignedDuration::from_hours(24)).await;
    }
    assert!(desk.test.ask::<bool>("select not enabled and halted_at is not null from webhooks").await);
    let notice: i64 = desk.test.ask(format!("select count(*) from live_events where payload ->> 'href' = '/settings/webhooks/{id}'")).await;
    assert_eq!(notice, 1, "the super admin's bell rings");
    let bell = desk.test.super_admin().await.get("/notices").await;
    assert!(bell.body.contains("连续 5 天没有送达，已自动停用"), "{}", bell.body);
    let audited: i64 = desk.test.ask("select count(*) from audit_entries where action = 'webhook.halted'").await;
    assert_eq!(audited, 1);
    // Nothing is sent while it is off, and what happens then is told to nobody; afterwards what waits is.
    catcher.answer(Mood::Status(200));
    desk.ticket("停用中").await;
    let before = catcher.caught().len();
    desk.test.later(SignedDuration::from_hours(13)).await;
    assert_eq!(catcher.caught().len(), before);
    switch(&desk.admin, WebhookSwitch { webhook: id, enabled: true }).await.expect("on");
    desk.test.run_jobs().await;
    let after: Vec<String> = catcher.caught()[before..].iter().map(|one| one.title()).collect();
    assert!(after.contains(&"第 4 天".to_owned()) && !after.contains(&"停用中".to_owned()), "{after:?}");
}

#[tokio::test]
async fn s24_a_private_address_is_refused_beside_its_field_and_never_asked() {
    let (test, catcher) = (TestApp::new().await, Catcher::start().await);
    let admin = test.admin().await;
    let secret = catcher.url.replace("http://", "https://");
    assert_eq!(problems(save(&admin, to(&secret, "内网", Profile::Standard)).await), [("url".to_owned(), Problem::WebhookForbidden)]);
    assert_eq!(problems(save(&admin, to(&catcher.url, "明文", Profile::Standard)).await), [("url".to_owned(), Problem::BadWebhookUrl)]);
    // One that slipped in some other way is not asked either.
    let id = save(&admin, to("https://crm.example.com/", "CRM", Profile::Standard)).await.expect("saved");
    test.tamper(format!("update webhooks set url = '{secret}'")).await;
    webhook::commands::test(&admin, WebhookChoice { webhook: id }).await.expect("queued");
    test.run_jobs().await;
    assert_eq!(test.list::<i16>("select fault from webhook_requests").await, [2]);
    assert!(catcher.caught().is_empty());
}

#[tokio::test]
async fn f22_a_payload_that_cannot_be_made_is_set_aside_and_stops_nobody() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    let mut tx = desk.test.system().await.begin().await.expect("a transaction");
    let event = Event::TicketUrged { ticket: TicketId(uuid::Uuid::max()) };
    let react = React { event, id: tx.ctx.uuid(), by: None, by_customer: false };
    let poison = crate::worker::dispatch::ReactOnce { happened: react, reaction: crate::worker::dispatch::Reaction::Forward };
    kernel::job::enqueue(&mut tx, &poison).await.expect("enqueued");
    tx.commit().await.expect("committed");
    desk.ticket("正常").await;
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 1, "the others go out");
    for _ in 0..12 {
        desk.test.later(SignedDuration::from_hours(7)).await;
    }
    let page = desk.test.super_admin().await.get("/settings/jobs").await;
    assert!(page.body.contains("写入消息转发"), "{}", page.body);
}

#[tokio::test]
async fn an_event_whose_reaction_is_late_is_told_before_a_later_one() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    desk.test.later(SECOND).await;
    let ticket = desk.ticket("先来后到").await.ticket;
    // The first reaction is held up, as when its worker died.
    desk.test.tamper("update jobs set run_at = run_at + interval '2 hours' where state = 0").await;
    desk.test.app.clock.advance(SignedDuration::from_hours(1));
    super::prioritise(&desk, ticket, ticket::model::Priority::High).await;
    desk.test.run_jobs().await;
    let topics = |catcher: &Catcher| catcher.caught().iter().map(|one| one.topic()).collect::<Vec<_>>();
    assert_eq!(topics(&catcher), ["ticket.created", "ticket.updated"]);
    desk.test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(topics(&catcher), ["ticket.created", "ticket.updated"], "and once");
}

#[tokio::test]
async fn a_receiver_that_is_back_gets_at_once_what_it_missed() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Status(500));
    desk.ticket("一").await;
    desk.test.run_jobs().await;
    for wait in &webhook::schedule::WAITS[..3] {
        desk.test.later(*wait).await;
    }
    assert_eq!(log(&desk.test).await, ["101 0 4"], "the next attempt is two hours away");
    catcher.answer(Mood::Status(200));
    desk.ticket("二").await;
    desk.test.run_jobs().await;
    assert_eq!(log(&desk.test).await, ["101 1 5", "101 1 1"]);
}

#[tokio::test]
async fn one_failure_after_a_quiet_week_switches_nothing_off() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Status(500));
    desk.ticket("放弃了").await;
    desk.test.run_jobs().await;
    // As when it was tried for three days.
    desk.test.tamper("update webhook_deliveries set state = 2, finished_at = created_at").await;
    desk.test.later(SignedDuration::from_hours(7 * 24)).await;
    desk.ticket("一周以后").await;
    desk.test.run_jobs().await;
    assert_eq!(log(&desk.test).await, ["101 2 1", "101 0 1"]);
    assert!(desk.test.ask::<bool>("select enabled from webhooks").await, "it has failed for a moment only");
}

#[tokio::test]
async fn one_that_is_switched_off_gets_nothing_more_and_what_waits_is_given_up_in_the_end() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    for title in ["一", "二"] {
        desk.ticket(title).await;
    }
    // Somebody switches it off while the first request is under way.
    let off = "create function switch_off() returns trigger language plpgsql security definer as
        $$ begin update public.webhooks set enabled = false; return null; end $$;
        create trigger switch_off after insert on webhook_requests for each statement execute function switch_off()";
    desk.test.tamper(off).await;
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 1, "the second message stays");
    desk.test.tamper("drop trigger switch_off on webhook_requests").await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from webhook_deliveries where state = 0").await, 1);
    desk.test.later(SignedDuration::from_hours(4 * 24)).await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from webhook_deliveries where state = 2").await, 1, "nobody wants it now");
    switch(&desk.admin, WebhookSwitch { webhook: id, enabled: true }).await.expect("on");
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 1);
}

#[tokio::test]
async fn who_tests_or_sends_again_does_not_wait_for_the_end_of_a_pause() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let id = save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    let pause = "update webhook_lanes set paused_until = '2100-01-01'";
    desk.test.tamper(pause).await;
    webhook::commands::test(&desk.admin, WebhookChoice { webhook: id }).await.expect("queued");
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 1);
    desk.test.tamper(pause).await;
    let choice = DeliveryChoice { delivery: DeliveryId(desk.test.ask("select id from webhook_deliveries").await) };
    replay(&desk.admin, choice).await.expect("again");
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 2);
    switch(&desk.admin, WebhookSwitch { webhook: id, enabled: false }).await.expect("off");
    assert_eq!(problem(replay(&desk.admin, choice).await), Problem::WebhookOff);
    assert_eq!(log(&desk.test).await, ["999 1 1"], "nothing waits for somebody to switch it on");
}

#[tokio::test]
async fn f21_a_program_that_stops_takes_up_no_lane() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    desk.ticket("一").await;
    desk.test.run_jobs().await;
    desk.test.tamper("update webhook_deliveries set state = 0, attempt = 0").await;
    desk.test.app.stopping.raise();
    webhook::commands::lane::run(&desk.test.system().await).await.expect("it ends");
    assert_eq!(catcher.caught().len(), 1);
    let comes_back: i64 = desk.test.ask("select count(*) from jobs where kind = 'forward_messages' and state = 0").await;
    assert_eq!(comes_back, 1);
}

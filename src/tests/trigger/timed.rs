//! 定时触发器: every full hour, once for each time a ticket begins to match.

use super::{rule, runs, then, when};
use crate::tests::ticket::{Desk, reply_to};
use jiff::SignedDuration;
use kernel::id::TicketId;
use ticket::commands::reply::reply;
use ticket::model::Status;
use trigger::commands::save;
use trigger::field::Field;
use trigger::model::{ActionInput, ActionKind, ConditionInput, Moment, Operator, TriggerInput, TriggerKind};

fn timed(name: &str, all: Vec<ConditionInput>, actions: Vec<ActionInput>) -> TriggerInput {
    TriggerInput { kind: TriggerKind::Timed, moments: Vec::new(), ..rule(name, Moment::Created, all, actions) }
}

fn note(text: &str) -> ActionInput {
    ActionInput { kind: Some(ActionKind::Note), value: String::new(), text: text.to_owned(), own: None }
}

async fn hours(desk: &Desk, hours: i64) {
    for _ in 0..hours {
        desk.test.later(SignedDuration::from_hours(1)).await;
    }
}

async fn notes(desk: &Desk, ticket: TicketId) -> i64 {
    desk.test.ask(format!("select count(*) from ticket_messages where author_kind = 2 and ticket_id = '{ticket}'")).await
}

#[tokio::test]
async fn it_acts_once_when_a_ticket_begins_to_match() {
    let desk = Desk::new().await;
    save(&desk.admin, timed("等久了", vec![when(Field::HoursWaiting, Operator::AtLeast, "3")], vec![note("已等三小时")]))
        .await
        .expect("saved");
    let ticket = desk.ticket("等着").await.ticket;
    hours(&desk, 2).await;
    assert_eq!(notes(&desk, ticket).await, 0, "not yet");
    hours(&desk, 2).await;
    assert_eq!(notes(&desk, ticket).await, 1);
    assert_eq!(runs(&desk.test, ticket).await, ["等久了 0 1"]);
    let kinds: Vec<i16> = desk.test.list("select kind from trigger_runs").await;
    assert_eq!(kinds, [TriggerKind::Timed.code()]);
    hours(&desk, 5).await;
    assert_eq!(notes(&desk, ticket).await, 1, "it goes on matching, and that is no news");
    // Answered, it matches no more; the next wait is another one.
    reply(&desk.admin, reply_to(ticket, "查到了"), Vec::new()).await.expect("a reply");
    hours(&desk, 1).await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from trigger_matches").await, 0);
    let since: kernel::time::Stamp = desk.test.app.clock.now();
    desk.test.tamper(format!("update tickets set waiting_since = '{}' where id = '{ticket}'", since.machine())).await;
    hours(&desk, 4).await;
    assert_eq!(notes(&desk, ticket).await, 2);
}

#[tokio::test]
async fn missed_hours_are_caught_up_once_and_a_repeated_run_does_nothing_twice() {
    let desk = Desk::new().await;
    save(&desk.admin, timed("一天", vec![when(Field::HoursSinceCreated, Operator::AtLeast, "1")], vec![note("一小时了")]))
        .await
        .expect("saved");
    let ticket = desk.ticket("停机").await.ticket;
    // The schedule begins when the company's jobs are first looked at.
    desk.test.run_jobs().await;
    desk.test.later(SignedDuration::from_hours(10)).await;
    assert_eq!(desk.test.list::<i32>("select tickets from trigger_hours").await, [1], "ten hours late: one look");
    assert_eq!(notes(&desk, ticket).await, 1);
    let system = desk.test.system().await;
    for _ in 0..2 {
        trigger::commands::timed::run(&system).await.expect("a run");
    }
    assert_eq!(notes(&desk, ticket).await, 1);
    // With nothing enabled an hour costs no job.
    let trigger = desk.test.ask("select id from triggers").await;
    trigger::commands::switch(&desk.admin, trigger::model::SwitchInput { trigger, enabled: false }).await.expect("switched off");
    let before: i64 = desk.test.ask("select count(*) from jobs where kind = 'timed_triggers'").await;
    hours(&desk, 2).await;
    assert_eq!(desk.test.ask::<i64>("select count(*) from jobs where kind = 'timed_triggers'").await, before);
}

#[tokio::test]
async fn each_looks_at_what_the_one_before_left_and_one_may_end_it() {
    let desk = Desk::new().await;
    let hour = || when(Field::HoursSinceCreated, Operator::AtLeast, "1");
    save(&desk.admin, timed("一", vec![hour()], vec![then(ActionKind::Priority, "urgent")])).await.expect("saved");
    let second = timed("二", vec![when(Field::Priority, Operator::Is, "urgent")], vec![then(ActionKind::Status, "in_progress")]);
    save(&desk.admin, TriggerInput { stop: true, ..second }).await.expect("saved");
    save(&desk.admin, timed("三", vec![hour()], vec![then(ActionKind::Priority, "low")])).await.expect("saved");
    let ticket = desk.ticket("按次序").await.ticket;
    hours(&desk, 3).await;
    assert_eq!(runs(&desk.test, ticket).await, ["一 0 1", "二 0 1"]);
    let from: Vec<i16> = desk.test.list("select log_from from ticket_changes where actor_kind = 2").await;
    assert_eq!(from, [3, 3], "F§4.1: log_from 3");
}

#[tokio::test]
async fn a_closed_ticket_is_left_alone_and_begins_anew_when_it_is_opened_again() {
    let desk = Desk::new().await;
    save(&desk.admin, timed("满一小时", vec![when(Field::HoursSinceCreated, Operator::AtLeast, "1")], vec![note("满了")]))
        .await
        .expect("saved");
    let ticket = desk.ticket("关了又开").await.ticket;
    hours(&desk, 2).await;
    assert_eq!(notes(&desk, ticket).await, 1);
    desk.test.tamper(format!("update tickets set status = {} where id = '{ticket}'", Status::Closed.code())).await;
    hours(&desk, 1).await;
    assert_eq!(desk.test.ask::<i32>("select tickets from trigger_hours order by looked_at desc limit 1").await, 0);
    desk.test.tamper(format!("update tickets set status = {} where id = '{ticket}'", Status::InProgress.code())).await;
    hours(&desk, 1).await;
    assert_eq!(notes(&desk, ticket).await, 2);
    // Other conditions are another question.
    let mut input = timed("满一小时", vec![when(Field::HoursSinceCreated, Operator::AtLeast, "2")], vec![note("满了")]);
    input.trigger = Some(desk.test.ask("select id from triggers").await);
    input.version = 1;
    save(&desk.admin, input).await.expect("saved");
    hours(&desk, 1).await;
    assert_eq!(notes(&desk, ticket).await, 3);
    let asks_before = timed("不许", vec![when(Field::Status, Operator::Changed, "")], vec![note("x")]);
    let kept = save(&desk.admin, asks_before).await;
    assert!(kept.is_err(), "nothing changes at an hour: {kept:?}");
}

#[tokio::test]
async fn f22_one_ticket_that_fails_keeps_no_other_from_its_hour() {
    let desk = Desk::new().await;
    save(&desk.admin, timed("满一小时", vec![when(Field::HoursSinceCreated, Operator::AtLeast, "1")], vec![note("满了")]))
        .await
        .expect("saved");
    let (bad, good) = (desk.ticket("坏的").await.ticket, desk.ticket("好的").await.ticket);
    desk.test
        .tamper(format!(
            "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
            create trigger refuse before insert on trigger_matches for each row when (new.ticket_id = '{bad}') execute function refuse();"
        ))
        .await;
    desk.test.app.clock.advance(SignedDuration::from_hours(2));
    let system = desk.test.system().await;
    assert!(trigger::commands::timed::run(&system).await.is_err(), "the job comes back");
    assert_eq!((notes(&desk, bad).await, notes(&desk, good).await), (0, 1));
    desk.test.tamper("drop trigger refuse on trigger_matches").await;
    trigger::commands::timed::run(&system).await.expect("a run");
    assert_eq!((notes(&desk, bad).await, notes(&desk, good).await), (1, 1), "and does nothing twice");
}

//! Pure tests of the worker; what needs the database stands in `src/tests/worker.rs`.

use crate::worker::dispatch::{Reaction, reactions};
use crate::worker::queue::{LONGEST_WAIT, backoff};
use crate::worker::schedule::Every;
use jiff::SignedDuration;
use jiff::civil::Time;
use kernel::event::Event;
use kernel::id::{TicketId, TriggerId, WebhookId};
use kernel::time::{Stamp, zone};
use proptest::prelude::{any, prop_assert, proptest};
use proptest::sample::Index;

fn at(text: &str) -> Stamp {
    Stamp(text.parse().expect("a time"))
}

fn next(every: Every, now: &str, name: &str) -> String {
    every.next(at(now), &zone(name).expect("a zone")).machine()
}

#[test]
fn waits_double_and_end_at_six_hours() {
    let middle = |attempt| backoff(attempt, 128).as_secs();
    assert_eq!([middle(1), middle(2), middle(3), middle(7)], [10, 20, 40, 640]);
    assert_eq!(backoff(1, 0), SignedDuration::from_secs(8));
    assert_eq!(backoff(1, 255), SignedDuration::from_secs(12));
    assert_eq!(backoff(30, 255), LONGEST_WAIT);
    assert_eq!(backoff(i32::MAX, 255), LONGEST_WAIT);
    assert!(backoff(0, 0) > SignedDuration::ZERO && backoff(-1, 0) > SignedDuration::ZERO);
}

#[test]
fn minutes_and_hours() {
    let shanghai = "Asia/Shanghai";
    assert_eq!(next(Every::Minutes(15), "2026-11-22T01:30:00Z", shanghai), "2026-11-22T01:45:00Z");
    assert_eq!(next(Every::Minutes(15), "2026-11-22T01:44:59.999Z", shanghai), "2026-11-22T01:45:00Z");
    assert_eq!(next(Every::Minutes(7), "2026-11-22T01:57:00Z", shanghai), "2026-11-22T02:00:00Z");
    assert_eq!(next(Every::Minutes(0), "2026-11-22T01:57:30Z", shanghai), "2026-11-22T01:58:00Z");
    assert_eq!(next(Every::Hour(0), "2026-11-22T01:30:00Z", shanghai), "2026-11-22T02:00:00Z");
    assert_eq!(next(Every::Hour(30), "2026-11-22T01:30:00Z", shanghai), "2026-11-22T02:30:00Z");
    // A zone that is half an hour off: its hours begin elsewhere.
    assert_eq!(next(Every::Hour(0), "2026-11-22T01:40:00Z", "Asia/Kolkata"), "2026-11-22T02:30:00Z");
}

#[test]
fn days_are_days_of_the_company() {
    let daily = Every::Day(Time::constant(3, 20, 0, 0));
    assert_eq!(next(daily, "2026-11-21T19:19:59Z", "Asia/Shanghai"), "2026-11-21T19:20:00Z");
    assert_eq!(next(daily, "2026-11-21T19:20:00Z", "Asia/Shanghai"), "2026-11-22T19:20:00Z");
    // Five days late: once, then ahead.
    assert_eq!(next(daily, "2026-11-26T23:00:00Z", "Asia/Shanghai"), "2026-11-27T19:20:00Z");
}

#[test]
fn daily_times_that_do_not_exist_or_come_twice() {
    let daily = Every::Day(Time::constant(2, 30, 0, 0));
    // 29 March 2026, Berlin: 02:00 becomes 03:00, so 02:30 is 03:30 that day.
    assert_eq!(next(daily, "2026-03-28T02:00:00Z", "Europe/Berlin"), "2026-03-29T01:30:00Z");
    assert_eq!(next(daily, "2026-03-29T01:30:00Z", "Europe/Berlin"), "2026-03-30T00:30:00Z");
    // 25 October 2026: 02:30 comes twice, the first one counts and the second is no other.
    assert_eq!(next(daily, "2026-10-24T22:00:00Z", "Europe/Berlin"), "2026-10-25T00:30:00Z");
    assert_eq!(next(daily, "2026-10-25T00:30:00Z", "Europe/Berlin"), "2026-10-26T01:30:00Z");
}

proptest! {
    #[test]
    fn next_is_always_ahead_and_near(seconds in 1_700_000_000_i64..1_900_000_000, kind in 0..3, step in 1_i64..60, hour in 0_i8..24, place in any::<Index>()) {
        let zones = ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"];
        let zone = zone(zones[place.index(zones.len())]).expect("a zone");
        let now = Stamp::from_micros(seconds * 1_000_000).expect("a time");
        let (every, longest) = match kind {
            0 => (Every::Minutes(step), SignedDuration::from_hours(1)),
            1 => (Every::Hour(step), SignedDuration::from_hours(1)),
            _ => (Every::Day(Time::constant(hour, 30, 0, 0)), SignedDuration::from_hours(26)),
        };
        let next = every.next(now, &zone);
        prop_assert!(next > now && next.since(now) <= longest);
    }
}

#[test]
fn what_follows_an_event() {
    let ticket = TicketId(uuid::Uuid::max());
    let solved = Event::TicketStatusChanged { ticket, from: 1, to: ticket::model::Status::Solved.code() };
    let reopened = Event::TicketStatusChanged { ticket, from: 3, to: ticket::model::Status::InProgress.code() };
    let [clocks, triggers, forward, live] = [Reaction::RefreshClocks, Reaction::RunTriggers, Reaction::Forward, Reaction::TellLive];
    assert_eq!(reactions(&solved), [Reaction::InviteToRate, clocks, triggers, forward, live]);
    assert_eq!(reactions(&reopened), [Reaction::WithdrawInvitation, clocks, triggers, forward, live]);
    let (trigger, webhook) = (TriggerId(uuid::Uuid::max()), WebhookId(uuid::Uuid::max()));
    assert_eq!(reactions(&Event::TriggerMatched { ticket, trigger, name: String::new(), webhook }), [forward], "it sets nothing off");
    assert!(reactions(&Event::RatingInvited { invitation: kernel::id::InvitationId(uuid::Uuid::max()), ticket }).is_empty());
}

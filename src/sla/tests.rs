//! Clocks over pauses, nights, reopened tickets.

use crate::clock::{Clock, Life, Pace, Step, Terms, clocks};
use crate::model::{Goals, Target, read_minutes, write_minutes};
use jiff::SignedDuration;
use kernel::time::Stamp;
use proptest::prelude::*;
use routing::calendar::{Calendar, read_spans};
use ticket::model::Status;
use ticket::model::due::ClockState;

const GOALS: Goals = Goals { first: Some(60), next: Some(30), solve: Some(8 * 60) };

fn office() -> Calendar {
    let hours = read_spans("09:00-12:00, 13:00-18:00").unwrap();
    let week = std::array::from_fn(|day| if day < 5 { hours.clone() } else { Vec::new() });
    Calendar { time_zone: "Asia/Shanghai".to_owned(), week, days: Vec::new() }
}

/// On Monday the 23rd of November and the days after: `2 14:30` is the Tuesday.
fn at(text: &str) -> Stamp {
    let (day, time) = text.split_once(' ').unwrap();
    Stamp(format!("2026-11-{}T{time}:00+08:00", 22 + day.parse::<u8>().unwrap()).parse().unwrap())
}

fn life(began: &str, steps: &[(&str, Step)]) -> Life {
    Life {
        created_at: at(began),
        by_customer: true,
        began_as: Status::NotAccepted,
        steps: steps.iter().map(|(time, step)| (at(time), *step)).collect(),
    }
}

fn of(life: &Life, calendar: &Calendar, now: &str) -> Vec<Clock> {
    clocks(life, Terms { goals: GOALS, pauses: true, near_percent: 80, calendar }, at(now))
}

fn one(life: &Life, target: Target, now: &str) -> Clock {
    of(life, &office(), now).into_iter().find(|clock| clock.target == target).unwrap()
}

fn minutes(clock: &Clock) -> i128 {
    clock.used.as_millis() / 60_000
}

#[test]
fn a_first_response_is_due_within_the_hours_of_duty() {
    // Half an hour before the end of the day: the other half is the next morning.
    let waits = life("1 17:30", &[]);
    let clock = one(&waits, Target::First, "1 17:40");
    assert_eq!((clock.state, minutes(&clock), clock.due_at), (ClockState::Running, 10, Some(at("2 09:30"))));
    assert_eq!(clock.near_at, Some(at("2 09:18")), "80 % of an hour");
    let night = one(&waits, Target::First, "1 23:00");
    assert_eq!((night.state, minutes(&night)), (ClockState::Running, 30));
    assert_eq!(night.segments.last().map(|segment| segment.pace), Some(Pace::OffDuty));
    assert_eq!(one(&waits, Target::First, "2 09:30").state, ClockState::Overdue);
    let answered = life("1 17:30", &[("2 09:30", Step::AgentReplied)]);
    assert_eq!(one(&answered, Target::First, "3 12:00").state, ClockState::Met, "at the last moment");
    let late = life("1 17:30", &[("2 09:31", Step::AgentReplied)]);
    let clock = one(&late, Target::First, "3 12:00");
    assert_eq!((clock.state, clock.ended_at, clock.due_at), (ClockState::Missed, Some(at("2 09:31")), Some(at("2 09:30"))));
}

#[test]
fn nobody_waits_for_a_first_word_of_a_ticket_that_we_began() {
    let ours = Life { by_customer: false, ..life("1 10:00", &[("1 10:30", Step::CustomerWrote)]) };
    let found = of(&ours, &office(), "1 10:40");
    assert!(found.iter().all(|clock| clock.target != Target::First));
    assert_eq!(found.iter().filter(|clock| clock.target == Target::Next).count(), 1, "their first word waits for our next");
}

#[test]
fn each_word_of_the_customer_waits_for_one_answer() {
    use Step::{AgentReplied, CustomerWrote};
    let talk = life(
        "1 09:00",
        &[
            ("1 09:05", CustomerWrote),
            ("1 09:10", AgentReplied),
            ("1 10:00", CustomerWrote),
            ("1 10:10", CustomerWrote),
            ("1 10:31", AgentReplied),
            ("1 10:40", AgentReplied),
            ("1 11:50", CustomerWrote),
        ],
    );
    let next: Vec<Clock> = of(&talk, &office(), "1 13:10").into_iter().filter(|clock| clock.target == Target::Next).collect();
    assert_eq!(next.len(), 2, "before our first word there is no next one, and two in a row wait once");
    assert_eq!((next[0].no, next[0].state, minutes(&next[0])), (1, ClockState::Missed, 31));
    assert_eq!((next[1].no, next[1].state, minutes(&next[1]), next[1].due_at), (2, ClockState::Running, 20, Some(at("1 13:20"))));
}

#[test]
fn the_solution_stands_still_while_we_wait_for_the_customer() {
    use Step::Became;
    let steps = [
        ("1 10:00", Became(Status::InProgress)),
        ("1 11:00", Became(Status::WaitingReply)),
        ("2 10:00", Became(Status::InProgress)),
        ("2 11:00", Became(Status::Solved)),
    ];
    let waiting = one(&life("1 09:00", &steps[..2]), Target::Solve, "1 16:00");
    assert_eq!((waiting.state, minutes(&waiting), waiting.due_at), (ClockState::Paused, 120, None));
    assert_eq!(waiting.segments.last().map(|segment| segment.pace), Some(Pace::Pauses));
    let solved = one(&life("1 09:00", &steps), Target::Solve, "5 09:00");
    assert_eq!((solved.state, minutes(&solved), solved.ended_at), (ClockState::Met, 180, Some(at("2 11:00"))));
    // Opened again it goes on from where it stood.
    let mut again = steps.to_vec();
    again.push(("3 09:00", Became(Status::InProgress)));
    let clock = one(&life("1 09:00", &again), Target::Solve, "3 12:00");
    assert_eq!((clock.state, minutes(&clock), clock.due_at), (ClockState::Running, 360, Some(at("3 15:00"))));
    let late = one(&life("1 09:00", &again), Target::Solve, "3 15:00");
    assert_eq!(late.state, ClockState::Overdue);
    again.push(("3 16:00", Became(Status::WaitingReply)));
    assert_eq!(one(&life("1 09:00", &again), Target::Solve, "4 12:00").state, ClockState::Overdue, "late is late, standing or not");
}

#[test]
fn who_finishes_without_a_word_owes_none_as_long_as_it_stays_finished() {
    use Step::{AgentReplied, Became, CustomerWrote};
    let mut steps = vec![("1 09:20", Became(Status::Solved))];
    let done = one(&life("1 09:00", &steps), Target::First, "1 18:00");
    assert_eq!((done.state, minutes(&done)), (ClockState::Met, 20));
    // Opened again, the same wait goes on: also when a reply that solved it was taken back.
    steps.push(("1 10:00", Became(Status::InProgress)));
    let again = one(&life("1 09:00", &steps), Target::First, "1 10:10");
    assert_eq!((again.state, minutes(&again), again.due_at), (ClockState::Running, 30, Some(at("1 10:40"))));
    steps.extend([
        ("1 10:20", AgentReplied),
        ("1 10:30", CustomerWrote),
        ("1 10:40", Became(Status::Solved)),
        ("1 11:00", Became(Status::InProgress)),
    ]);
    let next: Vec<Clock> =
        of(&life("1 09:00", &steps), &office(), "1 11:10").into_iter().filter(|clock| clock.target == Target::Next).collect();
    assert_eq!(next.len(), 1);
    assert_eq!((next[0].state, minutes(&next[0]), next[0].due_at), (ClockState::Running, 20, Some(at("1 11:20"))));
}

#[test]
fn lengths_are_read_as_people_write_them() {
    let read = |text: &str| read_minutes(text).map(write_minutes);
    for (text, expected) in
        [("30", "30m"), ("4h", "4h"), ("1h30m", "1h30m"), ("1 小时 30 分", "1h30m"), ("2天", "48h"), ("90 分钟", "1h30m"), ("1H", "1h")]
    {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
    for wrong in ["", "0", "h", "soon", "1.5h", "91d", "99999999999"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::CustomerWrote),
        Just(Step::AgentReplied),
        prop::sample::select(vec![Status::InProgress, Status::WaitingReply, Status::Solved, Status::Closed]).prop_map(Step::Became),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_minute_of_a_clock_is_accounted_for(
        by_customer in any::<bool>(),
        pauses in any::<bool>(),
        near_percent in 10u8..99,
        steps in prop::collection::vec((1i64..4_000, any_step()), 0..14),
        after in 0i64..6_000,
    ) {
        let calendar = office();
        let mut time = at("1 08:00");
        let created_at = time;
        let steps: Vec<(Stamp, Step)> = steps.into_iter().map(|(minutes, step)| { time = time.plus(SignedDuration::from_mins(minutes)); (time, step) }).collect();
        let life = Life { created_at, by_customer, began_as: Status::NotAccepted, steps };
        let terms = Terms { goals: GOALS, pauses, near_percent, calendar: &calendar };
        let now = time.plus(SignedDuration::from_mins(after));
        for clock in clocks(&life, terms, now) {
            let runs = clock.segments.iter().filter(|segment| segment.pace == Pace::Runs);
            let ran: SignedDuration = runs.map(|segment| segment.to.since(segment.from)).sum();
            prop_assert_eq!(ran, clock.used);
            prop_assert!(clock.segments.windows(2).all(|pair| pair[0].to == pair[1].from), "no gap, no overlap: {:?}", clock);
            prop_assert!(clock.segments.iter().all(|segment| segment.from < segment.to));
            if let (Some(first), Some(last)) = (clock.segments.first(), clock.segments.last()) {
                prop_assert_eq!(first.from, clock.started_at);
                prop_assert_eq!(last.to, clock.ended_at.unwrap_or(now));
            }
            if let Some(due) = clock.due_at {
                prop_assert!(clock.near_at.is_some_and(|near| near <= due));
                match clock.state {
                    ClockState::Running => prop_assert!(due > now),
                    ClockState::Overdue => prop_assert!(due <= now),
                    ClockState::Missed => prop_assert!(clock.ended_at.is_some_and(|end| due < end)),
                    ClockState::Met | ClockState::Paused => prop_assert!(due <= now),
                }
            }
            // What was foretold comes true when nothing else happens.
            if clock.state == ClockState::Running {
                let due = clock.due_at.unwrap();
                let same = |now: Stamp| clocks(&life, terms, now).into_iter().find(|later| (later.target, later.no) == (clock.target, clock.no)).unwrap();
                prop_assert_eq!(same(due).state, ClockState::Overdue);
                prop_assert_eq!(same(due.minus(SignedDuration::from_secs(1))).state, ClockState::Running);
                prop_assert_eq!(same(due).due_at, Some(due));
            }
        }
    }
}

//! 时效的时钟: how long each clock ran, stood still and may still run. One pure function for the timer, the report and
//! what a person is shown (R8).

use crate::model::{Goals, Target};
use jiff::SignedDuration;
use kernel::time::Stamp;
use routing::calendar::Calendar;
use ticket::model::Status;
use ticket::model::due::ClockState;

/// What happened to a ticket, as clocks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The customer wrote.
    CustomerWrote,
    /// An agent wrote to the customer.
    AgentReplied,
    /// It got this status.
    Became(Status),
}

/// A ticket's life, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// When it came to be.
    pub created_at: Stamp,
    /// Whether the customer began it: else nobody waits for a first response.
    pub by_customer: bool,
    /// Its first status.
    pub began_as: Status,
    /// What happened then.
    pub steps: Vec<(Stamp, Step)>,
}

/// What a clock is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// 目标时长.
    pub goals: Goals,
    /// Whether the solution's clock stands still while we wait for the customer.
    pub pauses: bool,
    /// Percent of the time after which it is nearly over.
    pub near_percent: u8,
    /// The hours that count.
    pub calendar: &'a Calendar,
}

/// What a stretch of time was for a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It counted.
    Runs,
    /// It did not: nobody was on duty.
    OffDuty,
    /// It did not: we waited for the customer, or the ticket was solved.
    Pauses,
}

/// A stretch of a clock's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// It begins.
    pub from: Stamp,
    /// It has ended.
    pub to: Stamp,
    /// What it was.
    pub pace: Pace,
}

/// 时钟: one thing that we owe the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Towards what.
    pub target: Target,
    /// Which of its kind, from 1: a ticket has many next responses.
    pub no: i32,
    /// How long it may run.
    pub allowed: SignedDuration,
    /// How long it ran.
    pub used: SignedDuration,
    /// It began.
    pub started_at: Stamp,
    /// It came to its end: answered, or solved.
    pub ended_at: Option<Stamp>,
    /// When so much time will have passed that it is nearly over, as long as it runs on; when it was, once it was.
    pub near_at: Option<Stamp>,
    /// When the time will be over, as long as it runs on; when it was, once it was.
    pub due_at: Option<Stamp>,
    /// How it stands.
    pub state: ClockState,
    /// All its time until now or its end, stretch by stretch.
    pub segments: Vec<Segment>,
}

/// Every clock of a ticket as it stands at `now`, in the order in which they began.
#[must_use]
pub fn clocks(life: &Life, terms: Terms<'_>, now: Stamp) -> Vec<Clock> {
    let mut found = Vec::new();
    let steps: Vec<(Stamp, Step)> = life.steps.iter().copied().filter(|(at, _)| *at <= now).collect();
    let first_answer = steps.iter().position(|(_, step)| *step == Step::AgentReplied);
    if let Some(goal) = terms.goals.first.filter(|_| life.by_customer) {
        found.push(clock(Target::First, 1, goal, &until_answer(life, &steps, first_answer), terms, now));
    }
    if let Some(goal) = terms.goals.next {
        let waits = waits(life, &steps, first_answer);
        found.extend((1..).zip(waits).map(|(no, wait)| clock(Target::Next, no, goal, &wait, terms, now)));
    }
    if let Some(goal) = terms.goals.solve {
        let became = |(_, step): &(Stamp, Step)| if let Step::Became(status) = step { Some(*status) } else { None };
        let status = steps.iter().rev().find_map(became).unwrap_or(life.began_as);
        let clock = clock(Target::Solve, 1, goal, &runs(life, &steps, terms.pauses), terms, now);
        found.push(if is_over(status) { clock } else { standing(clock, now) });
    }
    found.sort_by_key(|clock| (clock.started_at, clock.target.code()));
    found
}

/// A stretch of a clock; open while it has no end.
type Run = (Stamp, Option<Stamp>);

/// Until our first word. Who finishes a ticket without one owes none, as long as it stays finished.
fn until_answer(life: &Life, steps: &[(Stamp, Step)], first_answer: Option<usize>) -> Vec<Run> {
    let before = &steps[..first_answer.unwrap_or(steps.len())];
    let mut found = runs(life, before, false);
    if let (Some(at), Some((_, open @ None))) = (first_answer, found.last_mut()) {
        *open = Some(steps[at].0);
    }
    found
}

/// From a word of the customer after our first until our next. While the ticket is over nobody waits; opened again without
/// an answer, the same wait goes on.
fn waits(life: &Life, steps: &[(Stamp, Step)], first_answer: Option<usize>) -> Vec<Vec<Run>> {
    let mut found: Vec<Vec<Run>> = Vec::new();
    // A ticket that we began has no first response: the customer's first word waits for a next one.
    let start = match (first_answer, life.by_customer) {
        (Some(at), true) => at + 1,
        (None, true) => return found,
        (_, false) => 0,
    };
    let mut wait: Option<Vec<Run>> = None;
    for (at, step) in steps.iter().skip(start) {
        let last = wait.as_mut().and_then(|wait| wait.last_mut());
        match (step, last) {
            (Step::CustomerWrote, None) => wait = Some(vec![(*at, None)]),
            (Step::AgentReplied, Some((_, end))) => {
                *end = end.or(Some(*at));
                found.extend(wait.take());
            }
            (Step::Became(status), Some((_, end))) if is_over(*status) => *end = end.or(Some(*at)),
            (Step::CustomerWrote | Step::Became(_), Some((_, Some(_)))) => wait.iter_mut().for_each(|wait| wait.push((*at, None))),
            _ => {}
        }
    }
    found.extend(wait);
    found
}

/// Stretches in which the solution's clock is not stopped by the ticket's status; the last one is open while it is not.
fn runs(life: &Life, steps: &[(Stamp, Step)], pauses: bool) -> Vec<Run> {
    let stands = |status: Status| is_over(status) || pauses && status == Status::WaitingReply;
    let mut found = Vec::new();
    let mut since = (!stands(life.began_as)).then_some(life.created_at);
    for (at, step) in steps {
        let Step::Became(status) = step else { continue };
        match (stands(*status), since) {
            (true, Some(from)) => {
                found.push((from, Some(*at)));
                since = None;
            }
            (false, None) => since = Some(*at),
            _ => {}
        }
    }
    match since {
        Some(from) => found.push((from, None)),
        // It never ran.
        None if found.is_empty() => found.push((life.created_at, Some(life.created_at))),
        None => {}
    }
    found
}

fn is_over(status: Status) -> bool {
    matches!(status, Status::Solved | Status::Closed | Status::Deleted)
}

/// A clock that ran in these stretches, of which only the last may be open.
fn clock(target: Target, no: i32, goal: u32, runs: &[Run], terms: Terms<'_>, now: Stamp) -> Clock {
    let allowed = SignedDuration::from_mins(goal.into());
    let near = allowed / 100 * i32::from(terms.near_percent);
    let started_at = runs.first().map_or(now, |(from, _)| *from);
    let is_open = runs.last().is_some_and(|(_, to)| to.is_none());
    let (mut used, mut segments) = (SignedDuration::ZERO, Vec::new());
    let (mut near_at, mut due_at, mut last) = (None, None, None::<Stamp>);
    for (from, to) in runs {
        let end = to.unwrap_or(now).max(*from);
        if let Some(before) = last.filter(|before| before < from) {
            segments.push(Segment { from: before, to: *from, pace: Pace::Pauses });
        }
        let mut passed = *from;
        for section in terms.calendar.sections(*from, end) {
            if passed < section.from {
                segments.push(Segment { from: passed, to: section.from, pace: Pace::OffDuty });
            }
            segments.push(Segment { from: section.from, to: section.to, pace: Pace::Runs });
            let length = section.to.since(section.from);
            let reaches = |amount: SignedDuration| (used + length >= amount).then(|| section.from.plus(amount - used));
            near_at = near_at.or_else(|| reaches(near));
            due_at = due_at.or_else(|| reaches(allowed));
            used += length;
            passed = section.to;
        }
        if passed < end {
            segments.push(Segment { from: passed, to: end, pace: Pace::OffDuty });
        }
        last = Some(end);
    }
    // At its last moment it is over for whoever waits, and in time for whoever ends it.
    let is_late = if is_open { used >= allowed } else { used > allowed };
    if is_open {
        near_at = near_at.or_else(|| terms.calendar.after(now, near - used));
        due_at = due_at.or_else(|| terms.calendar.after(now, allowed - used));
    }
    let state = match (is_open, is_late) {
        (true, true) => ClockState::Overdue,
        (true, false) => ClockState::Running,
        (false, true) => ClockState::Missed,
        (false, false) => ClockState::Met,
    };
    Clock { target, no, allowed, used, started_at, ended_at: last.filter(|_| !is_open), near_at, due_at, state, segments }
}

/// The clock of a ticket that is not over: when it does not run, it stands still.
fn standing(mut clock: Clock, now: Stamp) -> Clock {
    let Some(since) = clock.ended_at.take() else { return clock };
    if since < now {
        clock.segments.push(Segment { from: since, to: now, pace: Pace::Pauses });
    }
    clock.state = if clock.state == ClockState::Missed { ClockState::Overdue } else { ClockState::Paused };
    clock
}

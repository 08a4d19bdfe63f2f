//! 通话经过: who did what when, and whether every second has its place. Pure: from the records and the ledger of a call.

use crate::model::{Bucket, CallType};
use crate::queries::detail::{CallDetail, LegRow, Side, StretchRow};
use kernel::id::{AgentId, LegId};
use kernel::time::Stamp;

/// Whose lane it is. An agent has one, however many records of the call are theirs; a third party one for each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// 客户.
    Customer,
    /// 客服.
    Agent(AgentId),
    /// 第三方.
    Third(LegId),
}

/// 泳道: one person over the time of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Whose.
    pub who: Who,
    /// The agent's name, a third party's number unmasked, nothing for the customer.
    pub name: String,
    /// 呼叫类型 of the person's first record.
    pub role: Option<CallType>,
    /// What they did, one after the other.
    pub parts: Vec<Part>,
}

/// A stretch of a lane, in milliseconds since the call began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// 时间归属.
    pub bucket: Bucket,
    /// From.
    pub from: i64,
    /// To.
    pub to: i64,
}

/// 对账: terms that have to add up to a total, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance<T> {
    /// What is added up.
    pub terms: Vec<(T, i64)>,
    /// What it has to come to.
    pub total: i64,
}

impl Part {
    /// How long.
    #[must_use]
    pub const fn length(self) -> i64 {
        self.to - self.from
    }
}

impl<T> Balance<T> {
    /// What the terms come to.
    #[must_use]
    pub fn sum(&self) -> i64 {
        self.terms.iter().map(|(_, length)| length).sum()
    }

    /// 对得上: whether it adds up, to the millisecond.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.sum() == self.total
    }
}

/// Milliseconds since the call began.
fn since(begin: Stamp, at: Stamp) -> i64 {
    (at.micros() - begin.micros()) / 1_000
}

/// How long the call lasted, or has lasted at `now`.
#[must_use]
pub fn length(detail: &CallDetail, now: Stamp) -> i64 {
    since(detail.call.started_at, detail.call.ended_at.unwrap_or(now)).max(0)
}

/// The lanes: the customer's first, then everybody in the order in which they came. What still runs lasts until `now`.
#[must_use]
pub fn lanes(detail: &CallDetail, now: Stamp) -> Vec<Lane> {
    let begin = detail.call.started_at;
    let mut lanes = vec![Lane { who: Who::Customer, name: String::new(), role: None, parts: Vec::new() }];
    for stretch in &detail.ledger {
        let Some(who) = who(stretch) else { continue };
        let part = Part { bucket: stretch.bucket, from: since(begin, stretch.from_at), to: since(begin, stretch.to_at.unwrap_or(now)) };
        match lanes.iter_mut().find(|lane| lane.who == who) {
            Some(lane) => lane.parts.push(part),
            None => {
                let leg = leg_of(&detail.legs, who);
                let frozen = leg.map(|leg| if leg.record.agent_id.is_some() { &leg.record.agent_name } else { &leg.record.other_number });
                let name = frozen.or(stretch.agent_name.as_ref()).cloned().unwrap_or_default();
                lanes.push(Lane { who, name, role: leg.map(|leg| leg.record.call_type), parts: vec![part] });
            }
        }
    }
    for lane in &mut lanes {
        lane.parts.sort_by_key(|part| (part.from, part.to));
    }
    lanes[1..].sort_by_key(|lane| lane.parts.first().map(|part| part.from));
    lanes
}

fn who(stretch: &StretchRow) -> Option<Who> {
    match stretch.who {
        Side::Customer => Some(Who::Customer),
        Side::Agent => stretch.agent_id.map(Who::Agent),
        Side::Third => stretch.leg_id.map(Who::Third),
    }
}

/// The person's first record; whoever was only rung beside others has none.
fn leg_of(legs: &[LegRow], who: Who) -> Option<&LegRow> {
    legs.iter().find(|leg| match who {
        Who::Customer => false,
        Who::Agent(agent) => leg.record.agent_id == Some(agent),
        Who::Third(third) => leg.record.id == third && leg.record.agent_id.is_none(),
    })
}

/// How long somebody spent in each bucket, without those of nothing, in the order of the catalog.
#[must_use]
pub fn spent(parts: &[Part]) -> Vec<(Bucket, i64)> {
    let of = |bucket: Bucket| parts.iter().filter(|part| part.bucket == bucket).map(|part| part.length()).sum::<i64>();
    Bucket::ALL.iter().map(|bucket| (*bucket, of(*bucket))).filter(|(_, length)| *length != 0).collect()
}

/// 客户的每一秒: the customer's buckets come to the length of the call.
#[must_use]
pub fn customer_balance(lanes: &[Lane], length: i64) -> Balance<Bucket> {
    Balance { terms: lanes.first().map(|lane| spent(&lane.parts)).unwrap_or_default(), total: length }
}

/// 通话时长: those of the records come to the time in which the customer talked.
#[must_use]
pub fn talk_balance(legs: &[LegRow], lanes: &[Lane]) -> Balance<LegId> {
    let terms = legs.iter().filter(|leg| leg.record.talk_ms != 0).map(|leg| (leg.record.id, leg.record.talk_ms)).collect();
    let talked = |part: &&Part| matches!(part.bucket, Bucket::Talk | Bucket::ThreeWay);
    let total = lanes.first().map_or(0, |lane| lane.parts.iter().filter(talked).map(|part| part.length()).sum());
    Balance { terms, total }
}

/// Steps of the time axis: five to nine of them, at even moments.
#[must_use]
pub fn ticks(length: i64) -> Vec<i64> {
    const STEPS: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
    let step = STEPS.iter().map(|step| step * 1_000).find(|step| length / step <= 8).unwrap_or(length / 8).max(1);
    (0..=length / step).map(|number| number * step).collect()
}

/// Records as a tree: each with its depth, right after the one whose agent asked for it.
#[must_use]
pub fn tree(legs: &[LegRow]) -> Vec<(usize, &LegRow)> {
    let mut ordered = Vec::with_capacity(legs.len());
    let has_parent =
        |leg: &LegRow| leg.from_leg_id.is_some_and(|from| from != leg.record.id && legs.iter().any(|other| other.record.id == from));
    let mut open: Vec<(usize, &LegRow)> = legs.iter().filter(|leg| !has_parent(leg)).map(|leg| (0, leg)).rev().collect();
    while let Some((depth, leg)) = open.pop() {
        if ordered.iter().any(|(_, seen): &(usize, &LegRow)| seen.record.id == leg.record.id) {
            continue;
        }
        ordered.push((depth, leg));
        let below = legs.iter().filter(|other| other.record.id != leg.record.id && other.from_leg_id == Some(leg.record.id));
        open.extend(below.map(|other| (depth + 1, other)).rev());
    }
    // The main record is the root of those that nobody asked for: a transfer by a rule, a supervisor.
    let main = ordered.first().map(|(_, leg)| leg.record.id);
    ordered.into_iter().map(|(depth, leg)| (if Some(leg.record.id) == main { 0 } else { depth.max(1) }, leg)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Balance, Bucket, Part, spent, ticks};
    use proptest::prelude::*;

    #[test]
    fn a_balance_holds_to_the_millisecond() {
        let balance = |total| Balance { terms: vec![("a", 1_500), ("b", 2_501)], total };
        assert!(balance(4_001).holds());
        assert!(!balance(4_000).holds());
    }

    proptest! {
        #[test]
        fn what_was_spent_is_as_long_as_the_parts(lengths in proptest::collection::vec((0..10_usize, 0..90_000_i64), 0..20)) {
            let mut at = 0;
            let parts: Vec<Part> = lengths.iter().map(|(bucket, length)| {
                let part = Part { bucket: Bucket::ALL[*bucket], from: at, to: at + length };
                at += length;
                part
            }).collect();
            prop_assert_eq!(spent(&parts).iter().map(|(_, length)| length).sum::<i64>(), at);
        }

        #[test]
        fn an_axis_has_few_steps(length in 0..40_000_000_i64) {
            let ticks = ticks(length);
            prop_assert!(ticks.len() <= 10, "{ticks:?}");
            prop_assert_eq!(ticks[0], 0);
            prop_assert!(ticks.last() <= Some(&length));
        }
    }
}

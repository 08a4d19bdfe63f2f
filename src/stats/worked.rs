//! 坐席工作状态: how an agent's time was spent, from changes of state and from the ledger of calls. Pure: the same facts give the
//! same figures, and days add up to any range.

use crate::figure::Figure;
use crate::metric::Words;
use call::model::Bucket;
use identity::model::AgentState;
use std::collections::BTreeMap;

/// What is known of one agent; times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// From when on which state, in order; before the first nothing is known.
    pub states: Vec<(i64, AgentState)>,
    /// What of calls took the agent from when to when; stretches of one call do not overlap.
    pub calls: Vec<(Bucket, i64, i64)>,
}

/// 工时: milliseconds by what they were spent with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// By state.
    pub states: BTreeMap<AgentState, i64>,
    /// 空闲总时长: available, and no call.
    pub idle: i64,
    /// 振铃时长, of whatever leg.
    pub ring: i64,
    /// 通话时长, of whatever leg: with customers, consulting and consulted, three-way, monitoring.
    pub talk: i64,
    /// 保持时长.
    pub hold: i64,
}

/// What page and file show of it: word and length, in order.
pub const COLUMNS: [(Words, fn(&Worked) -> i64); 8] = [
    (Words { zh: "在线总时长", en: "Online" }, Worked::online),
    (Words { zh: "空闲总时长", en: "Idle" }, |worked| worked.idle),
    (Words { zh: "振铃时长", en: "Ringing" }, |worked| worked.ring),
    (Words { zh: "通话时长", en: "Talk" }, |worked| worked.talk),
    (Words { zh: "保持时长", en: "Hold" }, |worked| worked.hold),
    (Words { zh: "后处理总时长", en: "After-call work" }, |worked| worked.state(AgentState::AfterCall)),
    (Words { zh: "忙碌", en: "Busy" }, |worked| worked.state(AgentState::Busy)),
    (Words { zh: "小休、用餐、会议、培训、活动", en: "Break, meal, meeting, training, activity" }, Worked::away),
];

/// 坐席利用率.
pub const UTILISATION: Words = Words { zh: "坐席利用率", en: "Utilisation" };

impl Worked {
    /// Adds another span of time.
    pub fn add(&mut self, other: &Worked) {
        for (state, millis) in &other.states {
            *self.states.entry(*state).or_insert(0) += millis;
        }
        self.idle += other.idle;
        self.ring += other.ring;
        self.talk += other.talk;
        self.hold += other.hold;
    }

    /// How long in this state.
    #[must_use]
    pub fn state(&self, state: AgentState) -> i64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// 在线总时长: in any state but offline.
    #[must_use]
    pub fn online(&self) -> i64 {
        self.states.iter().filter(|(state, _)| **state != AgentState::Offline).map(|(_, millis)| millis).sum()
    }

    /// Away from the phone, for whatever reason there is a state for.
    #[must_use]
    pub fn away(&self) -> i64 {
        use AgentState::{Activity, Break, Meal, Meeting, Training};
        [Break, Meal, Meeting, Training, Activity].into_iter().map(|state| self.state(state)).sum()
    }

    /// 坐席利用率: (talk + idle + after-call) / online; no value for whoever was not online.
    #[must_use]
    pub fn utilisation(&self) -> Figure {
        Figure::Ratio(self.talk + self.idle + self.state(AgentState::AfterCall), self.online())
    }

    /// Whether there is anything to show.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.online() == 0 && self.ring + self.talk + self.hold == 0
    }
}

/// How the time of a span was spent, its end not included. What goes on across an end is cut there.
#[must_use]
pub fn worked(facts: &Facts, (from, until): (i64, i64)) -> Worked {
    let clipped = |start: i64, end: i64| (start.max(from), end.min(until));
    let length = |(start, end): (i64, i64)| (end - start).max(0);
    let mut out = Worked::default();
    for (bucket, start, end) in &facts.calls {
        let millis = length(clipped(*start, *end));
        match bucket {
            Bucket::Ring => out.ring += millis,
            Bucket::Talk | Bucket::Consult | Bucket::ThreeWay | Bucket::Monitor => out.talk += millis,
            Bucket::Hold => out.hold += millis,
            // The customer's own, and waiting for the customer's phone: no bucket of an agent's report.
            Bucket::Ivr | Bucket::Queue | Bucket::Dial | Bucket::Voicemail => {}
        }
    }
    let occupied = united(&facts.calls);
    let ends = facts.states.iter().skip(1).map(|(at, _)| *at).chain([until]);
    for ((start, state), end) in facts.states.iter().zip(ends) {
        let (start, end) = clipped(*start, end);
        let millis = length((start, end));
        if millis == 0 {
            continue;
        }
        *out.states.entry(*state).or_insert(0) += millis;
        if *state == AgentState::Available {
            let taken: i64 = occupied.iter().map(|(a, b)| length(((*a).max(start), (*b).min(end)))).sum();
            out.idle += millis - taken;
        }
    }
    out
}

/// The time that calls took, without what overlaps.
fn united(calls: &[(Bucket, i64, i64)]) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = calls.iter().map(|(_, start, end)| (*start, *end)).filter(|(start, end)| start < end).collect();
    spans.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match out.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => out.push((start, end)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Facts, worked};
    use crate::figure::Figure;
    use call::model::Bucket;
    use identity::model::AgentState;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn utilisation_is_talk_idle_and_after_call_work_of_the_time_online() {
        let facts = Facts {
            states: vec![
                (0, AgentState::Available),
                (4 * HOUR, AgentState::AfterCall),
                (5 * HOUR, AgentState::Break),
                (8 * HOUR, AgentState::Offline),
            ],
            calls: vec![(Bucket::Ring, HOUR, 2 * HOUR), (Bucket::Talk, 2 * HOUR, 3 * HOUR), (Bucket::Hold, 3 * HOUR, 4 * HOUR)],
        };
        let all = worked(&facts, (0, 24 * HOUR));
        assert_eq!((all.online(), all.idle, all.ring, all.talk, all.hold), (8 * HOUR, HOUR, HOUR, HOUR, HOUR));
        // One hour of talk, one idle, one of after-call work, of eight.
        assert_eq!(all.utilisation(), Figure::Ratio(3 * HOUR, 8 * HOUR));
        assert_eq!(worked(&Facts::default(), (0, HOUR)).utilisation().scaled(100), None, "who was not online has none");
    }

    proptest! {
        #[test]
        fn spans_add_up_wherever_they_are_cut(
            changes in proptest::collection::vec((0_i64..1000, 0_usize..9), 0..12),
            calls in proptest::collection::vec((0_i64..1000, 0_i64..200, 0_usize..10), 0..12),
            cut in 0_i64..1000,
        ) {
            let mut states: Vec<(i64, AgentState)> = changes.iter().map(|(at, state)| (*at, AgentState::ALL[*state])).collect();
            states.sort_by_key(|(at, _)| *at);
            let calls = calls.iter().map(|(from, long, bucket)| (Bucket::ALL[*bucket], *from, from + long)).collect();
            let facts = Facts { states, calls };
            let whole = worked(&facts, (0, 1000));
            let mut sum = worked(&facts, (0, cut));
            sum.add(&worked(&facts, (cut, 1000)));
            prop_assert_eq!(&sum, &whole);
            let known = facts.states.first().map_or(0, |(at, _)| 1000 - at);
            prop_assert_eq!(whole.states.values().sum::<i64>(), known, "each moment is in one state");
            prop_assert!(whole.idle >= 0 && whole.idle <= whole.state(AgentState::Available));
        }
    }
}

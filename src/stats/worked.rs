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
    /// From when on which state, and whether it is one of the company's own that counts as work; in order. Before the first nothing
    /// is known.
    pub states: Vec<(i64, AgentState, bool)>,
    /// What of calls took the agent from when to when. Stretches of one call do not overlap, those of two may.
    pub calls: Vec<(Bucket, i64, i64)>,
}

/// 工时: milliseconds by what they were spent with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// By state.
    pub states: BTreeMap<AgentState, i64>,
    /// 空闲总时长: available, and no call.
    pub idle: i64,
    /// 后处理总时长: after-call work, and no call.
    pub after: i64,
    /// 计入工作的自定义状态: the part of being busy that is a state of the company's own and counts as work.
    pub works: i64,
    /// 振铃时长, of whatever leg.
    pub ring: i64,
    /// 通话时长, of whatever leg: with customers, consulting and consulted, three-way, monitoring. A moment counts once.
    pub talk: i64,
    /// The part of it while the agent was online.
    pub talk_online: i64,
    /// 保持时长.
    pub hold: i64,
}

/// One length of it.
pub type Length = fn(&Worked) -> i64;

/// What page and file show of it: word and length, in order.
pub const COLUMNS: [(Words, Length); 9] = [
    (Words { zh: "在线总时长", en: "Online" }, Worked::online),
    (Words { zh: "空闲总时长", en: "Idle" }, |worked| worked.idle),
    (Words { zh: "振铃时长", en: "Ringing" }, |worked| worked.ring),
    (Words { zh: "通话时长", en: "Talk" }, |worked| worked.talk),
    (Words { zh: "保持时长", en: "Hold" }, |worked| worked.hold),
    (Words { zh: "后处理总时长", en: "After-call work" }, |worked| worked.after),
    (Words { zh: "自定义状态（计入工作）", en: "Own states (work)" }, |worked| worked.works),
    (Words { zh: "忙碌", en: "Busy" }, |worked| worked.state(AgentState::Busy) - worked.works),
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
        self.after += other.after;
        self.works += other.works;
        self.ring += other.ring;
        self.talk += other.talk;
        self.talk_online += other.talk_online;
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

    /// 坐席利用率: (talk + idle + after-call) / online; no value for whoever was not online. The parts are parts of the time online
    /// and share no moment, so that it never exceeds the whole: talk while offline counts on neither side. States of the company's
    /// own that count as work stand in a column of their own: the formula is the release note's and knows none.
    #[must_use]
    pub fn utilisation(&self) -> Figure {
        Figure::Ratio(self.talk_online + self.idle + self.after, self.online())
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
            Bucket::Hold => out.hold += millis,
            // Talk is added up below; the rest is the customer's own, and waiting for the customer's phone: no bucket of an agent's report.
            Bucket::Talk
            | Bucket::Consult
            | Bucket::ThreeWay
            | Bucket::Monitor
            | Bucket::Ivr
            | Bucket::Queue
            | Bucket::Dial
            | Bucket::Voicemail => {}
        }
    }
    let (occupied, talks) = (united(&facts.calls, |_| true), united(&facts.calls, is_talk));
    let within =
        |spans: &[(i64, i64)], start: i64, end: i64| -> i64 { spans.iter().map(|(a, b)| length(((*a).max(start), (*b).min(end)))).sum() };
    out.talk = within(&talks, from, until);
    let ends = facts.states.iter().skip(1).map(|(at, ..)| *at).chain([until]);
    for ((start, state, works), end) in facts.states.iter().zip(ends) {
        let (start, end) = clipped(*start, end);
        let millis = length((start, end));
        if millis == 0 {
            continue;
        }
        *out.states.entry(*state).or_insert(0) += millis;
        if *state != AgentState::Offline {
            out.talk_online += within(&talks, start, end);
        }
        match state {
            AgentState::Available => out.idle += millis - within(&occupied, start, end),
            // A call may be taken meanwhile.
            AgentState::AfterCall => out.after += millis - within(&occupied, start, end),
            AgentState::Busy if *works => out.works += millis,
            _ => {}
        }
    }
    out
}

/// 通话, on whichever side of it.
const fn is_talk(bucket: Bucket) -> bool {
    matches!(bucket, Bucket::Talk | Bucket::Consult | Bucket::ThreeWay | Bucket::Monitor)
}

/// The time that calls took in buckets of this kind, without what overlaps.
fn united(calls: &[(Bucket, i64, i64)], is_meant: impl Fn(Bucket) -> bool) -> Vec<(i64, i64)> {
    let taken = calls.iter().filter(|(bucket, start, end)| is_meant(*bucket) && start < end);
    let mut spans: Vec<(i64, i64)> = taken.map(|(_, start, end)| (*start, *end)).collect();
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
    use super::{COLUMNS, Facts, worked};
    use crate::figure::Figure;
    use call::model::Bucket;
    use identity::model::AgentState;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn utilisation_is_talk_idle_and_after_call_work_of_the_time_online() {
        let facts = Facts {
            states: vec![
                (0, AgentState::Available, false),
                (4 * HOUR, AgentState::AfterCall, false),
                (5 * HOUR, AgentState::Break, false),
                (8 * HOUR, AgentState::Offline, false),
            ],
            calls: vec![(Bucket::Ring, HOUR, 2 * HOUR), (Bucket::Talk, 2 * HOUR, 3 * HOUR), (Bucket::Hold, 3 * HOUR, 4 * HOUR)],
        };
        let all = worked(&facts, (0, 24 * HOUR));
        assert_eq!((all.online(), all.idle, all.ring, all.talk, all.hold), (8 * HOUR, HOUR, HOUR, HOUR, HOUR));
        // One hour of talk, one idle, one of after-call work, of eight.
        assert_eq!(all.utilisation(), Figure::Ratio(3 * HOUR, 8 * HOUR));
        assert_eq!(worked(&Facts::default(), (0, HOUR)).utilisation().scaled(100), None, "who was not online has none");
    }

    #[test]
    fn a_moment_counts_once_and_only_while_online() {
        let facts = Facts {
            states: vec![(0, AgentState::AfterCall, false), (2 * HOUR, AgentState::Busy, true), (4 * HOUR, AgentState::Offline, false)],
            calls: vec![
                (Bucket::Talk, 0, HOUR),
                (Bucket::Monitor, 0, HOUR),
                (Bucket::Talk, 3 * HOUR, 4 * HOUR),
                (Bucket::Talk, 4 * HOUR, 6 * HOUR),
            ],
        };
        let all = worked(&facts, (0, 24 * HOUR));
        assert_eq!((all.talk, all.talk_online, all.after, all.works), (4 * HOUR, 2 * HOUR, HOUR, 2 * HOUR));
        // Two hours of talk and one of after-call work, of four; what goes on while offline counts on neither side.
        assert_eq!(all.utilisation(), Figure::Ratio(3 * HOUR, 4 * HOUR));
        let busy = COLUMNS.iter().find(|(name, _)| name.en == "Busy").map(|(_, of)| of(&all));
        assert_eq!(busy, Some(0), "a state that counts as work stands apart");
    }

    proptest! {
        #[test]
        fn spans_add_up_wherever_they_are_cut(
            changes in proptest::collection::vec((0_i64..1000, 0_usize..9, any::<bool>()), 0..12),
            calls in proptest::collection::vec((0_i64..1000, 0_i64..200, 0_usize..10), 0..12),
            cut in 0_i64..1000,
        ) {
            let mut states: Vec<(i64, AgentState, bool)> =
                changes.iter().map(|(at, state, works)| (*at, AgentState::ALL[*state], *works)).collect();
            states.sort_by_key(|(at, ..)| *at);
            let calls = calls.iter().map(|(from, long, bucket)| (Bucket::ALL[*bucket], *from, from + long)).collect();
            let facts = Facts { states, calls };
            let whole = worked(&facts, (0, 1000));
            let mut sum = worked(&facts, (0, cut));
            sum.add(&worked(&facts, (cut, 1000)));
            prop_assert_eq!(&sum, &whole);
            let known = facts.states.first().map_or(0, |(at, ..)| 1000 - at);
            prop_assert_eq!(whole.states.values().sum::<i64>(), known, "each moment is in one state");
            prop_assert!(whole.idle >= 0 && whole.idle <= whole.state(AgentState::Available));
            prop_assert!(whole.after >= 0 && whole.works <= whole.state(AgentState::Busy));
            let is_part = matches!(whole.utilisation(), Figure::Ratio(used, online) if used <= online);
            prop_assert!(is_part, "nobody is used more than they are there: {:?}", whole.utilisation());
        }
    }
}

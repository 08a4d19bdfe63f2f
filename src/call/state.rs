//! 通话状态机: the records of a call from the set of its events (F§3.3), as one pure function.
//!
//! The events are put in order by their time at the switch, so that the order of arrival means nothing; one that came twice
//! counts once; one that is late changes what was worked out without it. A label is never final: a leg that was a transfer
//! consultation is a transfer as soon as the confirmation is told, whenever that is.
//!
//! What the field leaves open is decided here:
//! - **Who has the customer.** At each moment at most one leg has the customer, and what the customer talks then is that
//!   leg's talk. In a three-way call and during a barge-in it stays the leg that had the customer before; the others have
//!   their time in the ledger only. Whoever remains when that leg leaves has the customer from then on.
//! - **Leaving a three-way call** gives the call to the consulted side: that is a transfer, as if it had been confirmed.
//! - **Waiting for a consulted side** belongs to the consultation from the moment of dialling; the customer is on hold.
//! - **A reception that nobody answered** makes no record of its own: the main record says who answered, or who rang last.
//!   The others' ringing stands in the ledger.
//! - **A transfer consultation that rings out** is a record of type 21 with result 11: who was rung can see it. The flag
//!   of the transfer is not set. One with a third party is a consultation (12) until it is confirmed (23).
//! - **Customer hung up at once** (18): within three seconds, when neither queue nor agent was reached.
//! - **An end that is never told** is taken to be the last thing that was told (`Cause::Crashed`, an event of ours); it counts
//!   only as long as nothing later and no other end is told.

pub(crate) mod floor;
mod record;

use crate::ledger::Ledger;
use crate::model::event::{Cause, Happening, SwitchEvent};
use crate::model::record::Call;
use floor::Floor;
use std::collections::{BTreeMap, BTreeSet};

/// 客户速挂: hung up this soon, in milliseconds.
pub const QUICK_MS: i64 = 3_000;

/// 振铃到结束: a phone that stopped ringing so shortly before the end rang until it, in milliseconds: switches tell one thing after
/// another.
const SAME_MS: i64 = 1_000;

/// The call that these events tell of; nothing while its beginning is not told.
#[must_use]
pub fn call(events: &[SwitchEvent]) -> Option<Call> {
    let told = in_order(events);
    let (start, direction) = told.iter().find_map(|event| match event.what {
        Happening::Started { direction, .. } => Some((*event, direction)),
        _ => None,
    })?;
    // A clock that was set back at the switch must not let a call begin before its beginning.
    let when = |at: i64| at.max(start.at);
    let mut moments: BTreeSet<i64> = told.iter().map(|event| when(event.at)).collect();
    let mut floor = Floor::new(direction);
    for event in &told {
        if let Happening::Voicemail { ms, .. } = event.what {
            let window = (when(event.at.saturating_sub(ms)), when(event.at));
            moments.insert(window.0);
            floor.voicemail_windows.push(window);
        }
    }
    let (mut rest, mut ledger) = (told.iter().peekable(), Ledger::default());
    for at in moments {
        while let Some(event) = rest.next_if(|event| when(event.at) <= at) {
            floor.take(at, &event.what);
        }
        ledger.note(at, floor.positions(at));
    }
    record::call(start, &floor, ledger.rows())
}

/// In the order in which it happened, each event once, without an end of ours that something real has overtaken.
pub(crate) fn in_order(events: &[SwitchEvent]) -> Vec<&SwitchEvent> {
    let mut once: BTreeMap<&str, &SwitchEvent> = BTreeMap::new();
    for event in events {
        let known = once.entry(&event.id).or_insert(event);
        if (event.at, event.what.rank()) < (known.at, known.what.rank()) {
            *known = event;
        }
    }
    let mut told: Vec<&SwitchEvent> = once.into_values().collect();
    told.sort_by(|a, b| (a.at, a.what.rank(), &a.id).cmp(&(b.at, b.what.rank(), &b.id)));
    let is_ours = |event: &SwitchEvent| matches!(event.what, Happening::Ended { cause: Cause::Crashed, .. });
    let real = told.iter().filter(|event| !is_ours(event));
    // What is told when it is ready, long after the call, does not say that the call went on.
    let is_late = |event: &SwitchEvent| event.what.comes_later();
    let last = real.clone().filter(|event| !is_late(event)).map(|event| event.at).max();
    let has_end = real.clone().any(|event| matches!(event.what, Happening::Ended { .. }));
    told.retain(|event| !is_ours(event) || (!has_end && last.is_none_or(|last| last <= event.at)));
    told
}

//! 回放: a ticket as it stood at each thing that happened to it, worked out backwards from how it stands now. Pure.
//!
//! The history tells what every property and own field was before a change; urges are counted back. Before the first change of status
//! that is known the ticket has its status since it was created. A rating, the customer's level and addresses, how long the
//! customer waits and how often the ticket was opened are taken as they are now: nothing keeps what they were.

use crate::evaluate::{Facts, Happened};
use crate::model::{Action, ActionKind, Effect, Moment};
use kernel::error::Problem;
use kernel::id::CategoryId;
use kernel::time::Stamp;
use ticket::model::Property;

/// One thing that happened: when, and as what it counts; nothing when no trigger waits for it.
pub type Occasion = (Stamp, Option<Happened>);

/// The ticket as a trigger would have seen it at each occasion that one waits for, oldest first. `now` is how it stands
/// after the last of them; `above` gives a category and those above it. What happened at one moment was one commit: a
/// trigger that looked at any of it saw all of it.
#[must_use]
pub fn replay(now: &Facts, occasions: &[Occasion], above: impl Fn(CategoryId) -> Vec<CategoryId>) -> Vec<(Stamp, Facts)> {
    let mut facts = Facts { happened: None, ..now.clone() };
    let mut seen = Vec::new();
    let mut earlier = occasions;
    while let Some((at, _)) = earlier.last().cloned() {
        let begin = earlier.iter().rposition(|(other, _)| *other != at).map_or(0, |place| place + 1);
        let (before, together) = earlier.split_at(begin);
        let heard: Vec<&Happened> = together.iter().rev().filter_map(|(_, happened)| happened.as_ref()).collect();
        if !heard.is_empty() {
            facts.updated_at = at;
        }
        seen.extend(heard.iter().map(|happened| (at, Facts { happened: Some((*happened).clone()), ..facts.clone() })));
        heard.iter().for_each(|happened| undo(&mut facts, happened, &above));
        if heard.iter().any(|happened| moved(happened)) {
            let moved_before = before.iter().rev().find(|(_, happened)| happened.as_ref().is_some_and(moved));
            facts.status_since = moved_before.map_or(facts.created_at, |(at, _)| *at);
        }
        earlier = before;
    }
    seen.reverse();
    seen
}

/// Whether it changed the status.
fn moved(happened: &Happened) -> bool {
    happened.changed.iter().any(|(property, ..)| *property == Property::Status)
}

/// The ticket before a change.
fn undo(facts: &mut Facts, happened: &Happened, above: &impl Fn(CategoryId) -> Vec<CategoryId>) {
    if happened.changed.is_empty() && happened.own.is_empty() && happened.moments.contains(&Moment::Updated) {
        // A change of nothing is an urge.
        facts.urge_count = (facts.urge_count - 1).max(0);
    }
    for (property, from, _) in &happened.changed {
        match property {
            Property::Title => facts.title.clone_from(from),
            Property::Status => facts.status = from.parse().unwrap_or(facts.status),
            Property::Priority => facts.priority = from.parse().unwrap_or(facts.priority),
            Property::Category => facts.categories = from.parse().map(above).unwrap_or_default(),
            Property::Group => facts.group = from.parse().ok(),
            Property::Agent => facts.agent = from.parse().ok(),
            Property::Customer | Property::Cc | Property::Link => {}
        }
    }
    for (field, from, _) in &happened.own {
        // One that is switched off stays unknown.
        if let Some(values) = facts.own.get_mut(field) {
            values.clone_from(from);
        }
    }
}

/// What the action would have done to the ticket: a property that has the value already is left alone.
#[must_use]
pub fn predict(action: &Action, facts: &Facts) -> Effect {
    let is = |held: Option<String>| held.is_some_and(|held| held == action.value);
    let own = action.own.map(|own| facts.own.get(&own.id));
    if own == Some(None) {
        // Its field is switched off.
        return Effect::Refused;
    }
    let is_so = match action.kind {
        ActionKind::Own => own.flatten().is_some_and(|values| *values == [action.value.clone()]),
        ActionKind::Group => is(facts.group.map(|id| id.to_string())),
        ActionKind::Agent => is(facts.agent.map(|id| id.to_string())),
        ActionKind::Status => facts.status.key() == action.value,
        ActionKind::Priority => facts.priority.key() == action.value,
        ActionKind::Category => is(facts.categories.first().map(ToString::to_string)),
        // What is written is written each time; whom nobody follows or copies is not kept.
        ActionKind::Cc
        | ActionKind::Follow
        | ActionKind::Note
        | ActionKind::Urge
        | ActionKind::MailCustomer
        | ActionKind::MailAgent
        | ActionKind::MailAddress
        | ActionKind::Forward => false,
    };
    if is_so { Effect::Unchanged } else { Effect::Done }
}

/// Why a message to a subscription is refused: it is gone, or switched off. `is_on`: whether it is on; nothing for one that is
/// gone.
#[must_use]
pub const fn refusal(is_on: Option<bool>) -> Option<Problem> {
    match is_on {
        Some(true) => None,
        Some(false) => Some(Problem::WebhookOff),
        None => Some(Problem::BadChoice),
    }
}

#[cfg(test)]
mod tests;

//! 检查: what only the company's choices tell of a rule that is about to be kept.

use crate::evaluate::pattern;
use crate::field::{Aspect, Field, Holds, OwnField};
use crate::model::{ActionKind, Condition, Operator, Rule};
use crate::queries::Choices;
use kernel::error::{Problem, Problems, Result};

/// Who may not see an own field neither asks for it nor sets it; what the rule named before stays.
pub(super) fn check_seen(rule: &Rule, before: Option<&Rule>, known: &Choices) -> Result {
    let is_foreign = |own: &OwnField| known.own_field(*own).is_some_and(|field| !field.is_seen);
    let is_new = |own: &OwnField| before.is_none_or(|before| own_fields(before).all(|(_, named)| named != *own));
    let mut problems = Problems::default();
    for (place, _) in own_fields(rule).filter(|(_, own)| is_foreign(own) && is_new(own)) {
        problems.add(&place, Problem::BadChoice);
    }
    problems.end()
}

/// The own fields that a rule names, each with the name of its control in the form.
fn own_fields(rule: &Rule) -> impl Iterator<Item = (String, OwnField)> {
    let lists = [("all", &rule.all), ("any", &rule.any)].into_iter();
    let asked = lists.flat_map(|(list, conditions)| {
        conditions.iter().enumerate().map(move |(at, one)| (format!("{list}[{at}][values]"), one.field.own()))
    });
    let set = rule.actions.iter().enumerate().map(|(at, action)| (format!("actions[{at}][value]"), action.own));
    asked.chain(set).filter_map(|(place, own)| Some((place, own?)))
}

/// Every id, key and pattern of the rule is one: each problem beside its line.
pub(super) fn check_rule(rule: &Rule, known: &Choices) -> Result {
    let mut problems = Problems::default();
    for (list, conditions) in [("all", &rule.all), ("any", &rule.any)] {
        for (at, condition) in conditions.iter().enumerate() {
            problems.need(values_exist(condition, known), &format!("{list}[{at}][values]"), Problem::BadChoice);
        }
    }
    for (at, action) in rule.actions.iter().enumerate() {
        let exists = match action.kind {
            ActionKind::Note
            | ActionKind::Urge
            | ActionKind::Cc
            | ActionKind::MailCustomer
            | ActionKind::MailAgent
            | ActionKind::MailAddress => true,
            ActionKind::Agent | ActionKind::Follow => known.has(Field::Agent.into(), &action.value),
            ActionKind::Group => known.has(Field::Group.into(), &action.value),
            ActionKind::Category => known.leaves.contains(&action.value),
            ActionKind::Status => known.has(Field::Status.into(), &action.value),
            ActionKind::Priority => known.has(Field::Priority.into(), &action.value),
            ActionKind::Forward => known.webhooks.iter().any(|row| row.choice.0 == action.value),
            ActionKind::Own => action.own.is_some_and(|own| known.has(Aspect::Own(own), &action.value)),
        };
        problems.need(exists, &format!("actions[{at}][value]"), Problem::BadChoice);
    }
    problems.end()
}

fn values_exist(condition: &Condition, known: &Choices) -> bool {
    // One that is switched off cannot be asked for, whatever it is asked.
    if condition.field.own().is_some_and(|own| known.own_field(own).is_none()) {
        return false;
    }
    condition.values.iter().all(|value| match condition.operator {
        Operator::Matches => pattern(value).is_some(),
        // Parts of a text need not be what the field takes.
        _ if condition.field.holds() == Holds::Text => true,
        _ => known.has(condition.field, value),
    })
}

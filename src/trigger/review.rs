//! 规则检查: what a rule can never do, said before somebody wonders why it does nothing. Pure. It speaks only where it is
//! sure: what may match once in a hundred years is no warning.

use crate::field::{Aspect, Field, Holds};
use crate::model::{Action, ActionKind, Condition, Moment, Operator, Rule, TriggerKind};
use crate::queries::{Choices, Trigger};
use kernel::answer::rank;
use kernel::field::FieldKind;

/// 警告 about a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// 自相矛盾: these two of 满足所有 never hold together.
    Contradiction(Condition, Condition),
    /// It asks what a change found, and does not look at changes.
    NoChange(Condition),
    /// 字段停用: it asks for an own field that is switched off, and does not hold.
    FieldGone(Condition),
    /// 字段停用: it sets an own field that is switched off, and is refused.
    ActionGone(Action),
    /// 被遮住: whatever matches it matches an earlier one, by name, that ends the look.
    Shadowed(String),
}

/// What is wrong with the trigger at this place of the order; `order` holds all of its kind.
#[must_use]
pub fn review(order: &[Trigger], at: usize) -> Vec<Warning> {
    let Some(trigger) = order.get(at) else { return Vec::new() };
    let mut warnings = Vec::new();
    warnings.extend(contradiction(&trigger.rule));
    if trigger.kind == TriggerKind::Flow && !trigger.rule.moments.contains(&Moment::Updated) {
        let needs = |condition: &&Condition| condition.operator.asks_before();
        let of_any = trigger.rule.any.iter().find(needs).filter(|_| trigger.rule.any.iter().all(|one| needs(&one)));
        warnings.extend(trigger.rule.all.iter().find(needs).or(of_any).cloned().map(Warning::NoChange));
    }
    warnings.extend(shadow(order, at));
    warnings
}

/// What of the rule concerns own fields that are switched off.
#[must_use]
pub fn gone(rule: &Rule, choices: &Choices) -> Vec<Warning> {
    let is_gone = |aspect: Aspect| aspect.own().is_some_and(|own| choices.own_field(own).is_none());
    let conditions = rule.all.iter().chain(&rule.any).filter(|one| is_gone(one.field)).cloned().map(Warning::FieldGone);
    let actions = rule.actions.iter().filter(|one| one.own.is_some_and(|own| is_gone(Aspect::Own(own))));
    conditions.chain(actions.cloned().map(Warning::ActionGone)).collect()
}

/// The first two conditions of 满足所有 that never hold together.
fn contradiction(rule: &Rule) -> Option<Warning> {
    rule.all.iter().enumerate().find_map(|(at, one)| {
        let other = rule.all[at + 1..].iter().find(|other| excludes(one, other) || excludes(other, one))?;
        Some(Warning::Contradiction(one.clone(), other.clone()))
    })
}

/// An earlier enabled trigger that matches whatever this one matches, and ends the look.
fn shadow(order: &[Trigger], at: usize) -> Option<Warning> {
    let rule = &order[at].rule;
    let by = order[..at].iter().enumerate().find(|(place, other)| {
        let between = order[place + 1..at].iter().filter(|trigger| trigger.enabled_at.is_some());
        other.enabled_at.is_some()
            && other.rule.stop
            && rule.moments.iter().all(|moment| other.rule.moments.contains(moment))
            && implies(rule, &other.rule)
            // One between them may make the ticket match this one only then.
            && between.flat_map(|trigger| &trigger.rule.actions).all(|action| !disturbs(action, &other.rule))
    });
    by.map(|(_, other)| Warning::Shadowed(other.name.clone()))
}

/// Whether a ticket that matches the first rule always matches the second.
#[must_use]
pub fn implies(rule: &Rule, other: &Rule) -> bool {
    let follows = |wanted: &Condition| rule.all.iter().any(|held| entails(held, wanted));
    let any_follows = |held: &Condition| other.any.iter().any(|wanted| entails(held, wanted));
    let of_any = other.any.is_empty() || other.any.iter().any(follows) || !rule.any.is_empty() && rule.any.iter().all(any_follows);
    other.all.iter().all(follows) && of_any
}

/// Whether the action changes what the rule looks at.
fn disturbs(action: &Action, rule: &Rule) -> bool {
    let changed: &[Field] = match action.kind {
        ActionKind::Group => &[Field::Group, Field::Agent],
        ActionKind::Agent => &[Field::Agent, Field::Group, Field::Status],
        ActionKind::Status => &[Field::Status, Field::HoursInStatus, Field::HoursWaiting, Field::Cycle],
        ActionKind::Priority => &[Field::Priority],
        ActionKind::Category => &[Field::Category, Field::Template],
        ActionKind::Urge => &[Field::UrgeCount],
        ActionKind::Own
        | ActionKind::Cc
        | ActionKind::Follow
        | ActionKind::Note
        | ActionKind::MailCustomer
        | ActionKind::MailAgent
        | ActionKind::MailAddress
        | ActionKind::Forward => &[],
    };
    // Whatever is done is a change of the ticket.
    let touches = |aspect: Aspect| match aspect {
        Aspect::Field(field) => changed.contains(&field) || field == Field::HoursSinceUpdated,
        Aspect::Own(own) => action.own.is_some_and(|set| set.id == own.id),
    };
    rule.all.iter().chain(&rule.any).any(|one| touches(one.field))
}

/// Whether a field holds one value at most, as it is written: a category counts as those above it too, a customer has several
/// addresses, of boxes several are ticked.
fn is_single(aspect: Aspect) -> bool {
    let is_one = aspect.own().is_some_and(|own| own.kind != FieldKind::Checks);
    match aspect.holds() {
        Holds::Choice => true,
        Holds::Maybe => is_one || aspect.own().is_none() && aspect != Field::Category,
        Holds::Text => is_one || aspect == Field::Title,
        Holds::Number | Holds::Amount => false,
    }
}

fn words(condition: &Condition) -> Vec<String> {
    let is_text = condition.field.holds() == Holds::Text;
    condition.values.iter().map(|value| if is_text { value.to_lowercase() } else { value.clone() }).collect()
}

/// The numbers between which the field is when the condition holds, where the condition says so.
fn between(condition: &Condition) -> Option<(f64, f64)> {
    let kind = match condition.field.holds() {
        Holds::Number => FieldKind::Number,
        Holds::Amount => condition.field.own()?.kind,
        _ => return None,
    };
    let numbers: Vec<f64> = condition.values.iter().filter_map(|value| rank(kind, value)).collect();
    let least = numbers.iter().copied().reduce(f64::min)?;
    let most = numbers.iter().copied().reduce(f64::max)?;
    match condition.operator {
        Operator::AtLeast => Some((least, f64::INFINITY)),
        Operator::AtMost => Some((f64::NEG_INFINITY, most)),
        Operator::Is => Some((least, most)),
        _ => None,
    }
}

/// Whether the condition only holds of a field that has something.
const fn needs_something(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Is
            | Operator::Contains
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::Matches
            | Operator::AtLeast
            | Operator::AtMost
            | Operator::NotEmpty
    )
}

/// Whether the two never hold together; asked both ways round.
fn excludes(one: &Condition, other: &Condition) -> bool {
    if one.field != other.field {
        return false;
    }
    let (mine, theirs) = (words(one), words(other));
    match (one.operator, other.operator) {
        (operator, Operator::Empty) => needs_something(operator),
        (Operator::Is, Operator::Is) if is_single(one.field) => !mine.iter().any(|word| theirs.contains(word)),
        (Operator::Is, Operator::IsNot) => mine.iter().all(|word| theirs.contains(word)),
        (Operator::Is | Operator::Contains | Operator::StartsWith | Operator::EndsWith, Operator::ContainsNot) => {
            mine.iter().all(|word| theirs.iter().any(|part| word.contains(part)))
        }
        _ => match (between(one), between(other)) {
            (Some((least, most)), Some((from, to))) => most < from || to < least,
            _ => false,
        },
    }
}

/// Whether the second holds wherever the first does.
fn entails(held: &Condition, wanted: &Condition) -> bool {
    if held.field != wanted.field {
        return false;
    }
    if held.operator == wanted.operator && held.values == wanted.values {
        return true;
    }
    let (mine, theirs) = (words(held), words(wanted));
    match (held.operator, wanted.operator) {
        (operator, Operator::NotEmpty) => needs_something(operator),
        (Operator::Is, Operator::Is) | (Operator::ChangedTo, Operator::ChangedTo) | (Operator::ChangedFrom, Operator::ChangedFrom) => {
            mine.iter().all(|word| theirs.contains(word))
        }
        (Operator::ChangedTo | Operator::ChangedFrom, Operator::Changed) => true,
        (Operator::IsNot, Operator::IsNot) => theirs.iter().all(|word| mine.contains(word)),
        (Operator::Is | Operator::Contains | Operator::StartsWith | Operator::EndsWith, Operator::Contains) => {
            mine.iter().all(|word| theirs.iter().any(|part| word.contains(part)))
        }
        (_, Operator::AtLeast) => matches!((between(held), between(wanted)), (Some((least, _)), Some((from, _))) if least >= from),
        (_, Operator::AtMost) => matches!((between(held), between(wanted)), (Some((_, most)), Some((_, to))) if most <= to),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

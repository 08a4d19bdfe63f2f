//! 虚构工单: a ticket that never was, to see what a rule makes of it. It asks only for what the rule looks at.

use crate::evaluate::{Facts, Happened};
use crate::field::{Aspect, Duty, Field};
use crate::model::{Condition, Moment, Rule};
use jiff::SignedDuration;
use kernel::id::{CategoryId, TemplateId};
use kernel::time::Stamp;
use routing::queries::Calendars;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use ticket::model::template::{Template, Templates};
use ticket::model::{Priority, Source, StartType, Status};

/// What a rule looks at: a field, and whether it also asks what it was before.
#[must_use]
pub fn asked(rule: &Rule) -> Vec<(Aspect, bool)> {
    let conditions: Vec<&Condition> = rule.all.iter().chain(&rule.any).collect();
    let before = |aspect: Aspect| conditions.iter().any(|one| one.field == aspect && one.operator.asks_before());
    let mut asked: Vec<Aspect> = conditions.iter().map(|one| one.field).collect();
    asked.sort_unstable();
    asked.dedup();
    asked.into_iter().map(|aspect| (aspect, before(aspect))).collect()
}

/// The ticket with these values; `value` gives what was typed for a field, `before` what it was before, `above` a category
/// and those above it. What was left empty is the usual ticket's, or nothing.
#[must_use]
pub fn ticket(
    rule: &Rule,
    value: impl Fn(Aspect) -> String,
    before: impl Fn(Aspect) -> String,
    above: impl Fn(CategoryId) -> Vec<CategoryId>,
    moment: Option<Moment>,
    now: Stamp,
) -> Facts {
    fn read<T: FromStr>(text: &str) -> Option<T> {
        text.trim().parse().ok()
    }
    let (mut changed, mut changed_own, mut own) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (aspect, asks_before) in asked(rule) {
        let (from, to) = (if asks_before { before(aspect) } else { value(aspect) }, value(aspect));
        match aspect {
            Aspect::Own(field) => {
                own.insert(field.id, one(&to));
                changed_own.extend((from != to).then(|| (field.id, one(&from), one(&to))));
            }
            Aspect::Field(field) => changed.extend(field.kept().filter(|_| from != to).map(|property| (property, from, to))),
        }
    }
    let value = |field: Field| value(field.into());
    let hours = |field: Field| read::<i64>(&value(field)).map(|hours| now.minus(SignedDuration::from_hours(hours.clamp(0, 1_000_000))));
    let number = |field: Field| read::<i16>(&value(field));
    let sender = value(Field::Sender).trim().to_lowercase();
    let domain = value(Field::SenderDomain).trim().to_lowercase();
    let sender = if sender.is_empty() && !domain.is_empty() { format!("customer@{domain}") } else { sender };
    Facts {
        title: value(Field::Title),
        description: value(Field::Content),
        status: read(&value(Field::Status)).unwrap_or(Status::NotAccepted),
        priority: read(&value(Field::Priority)).unwrap_or(Priority::Medium),
        categories: read(&value(Field::Category)).map(above).unwrap_or_default(),
        source: read(&value(Field::Source)).unwrap_or(Source::Email),
        starter: read(&value(Field::Starter)).unwrap_or(StartType::Customer),
        group: read(&value(Field::Group)),
        agent: read(&value(Field::Agent)),
        mailbox: read(&value(Field::Mailbox)),
        senders: (!sender.is_empty()).then_some(sender).into_iter().collect(),
        vip_level: number(Field::CustomerLevel).unwrap_or(0),
        created_at: hours(Field::HoursSinceCreated).unwrap_or(now),
        updated_at: hours(Field::HoursSinceUpdated).unwrap_or(now),
        status_since: hours(Field::HoursInStatus).unwrap_or(now),
        waiting_since: hours(Field::HoursWaiting),
        urge_count: number(Field::UrgeCount).unwrap_or(0).into(),
        cycle: number(Field::Cycle).unwrap_or(1).into(),
        score: number(Field::Score),
        calendars: Arc::new(if read(&value(Field::Duty)) == Some(Duty::Off) { Calendars::never() } else { Calendars::default() }),
        templates: Arc::new(only(read(&value(Field::Template)))),
        own,
        happened: moment.map(|moment| Happened { moments: vec![moment], changed, own: changed_own }),
    }
}

/// A value that was typed, when one was.
fn one(typed: &str) -> Vec<String> {
    let typed = typed.trim();
    if typed.is_empty() { Vec::new() } else { vec![typed.to_owned()] }
}

/// A company in which every ticket has this template, or none.
fn only(template: Option<TemplateId>) -> Templates {
    let default = |id| Template { id, name: String::new(), description: String::new(), slots: Vec::new(), is_default: true, version: 1 };
    Templates { all: template.map(default).into_iter().collect(), ..Templates::default() }
}

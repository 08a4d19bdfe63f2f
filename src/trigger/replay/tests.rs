//! Tickets as they stood, and one that never was.

use crate::evaluate::{Facts, Happened, evaluate};
use crate::field::{Aspect, Field, OwnField};
use crate::invent;
use crate::model::{Action, ActionKind, Condition, Effect, Moment, Operator, Rule};
use crate::replay::{Occasion, predict, replay};
use crate::tests::{ago, facts, id, now, own_field};
use kernel::field::FieldKind;
use kernel::id::{AgentId, CategoryId, GroupId};
use proptest::prelude::*;
use ticket::model::{Priority, Property, Status};

/// A change of one property, by number.
#[derive(Clone, Debug)]
enum Step {
    Status(usize),
    Priority(usize),
    Group(Option<u128>),
    Agent(Option<u128>),
    Category(Option<u128>),
    Title(u8),
    Own(Vec<bool>),
    Urge,
    Reply,
    Unheard,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let maybe = || proptest::option::of(1..4_u128);
    let step = prop_oneof![
        (0..4_usize).prop_map(Step::Status),
        (0..4_usize).prop_map(Step::Priority),
        maybe().prop_map(Step::Group),
        maybe().prop_map(Step::Agent),
        maybe().prop_map(Step::Category),
        any::<u8>().prop_map(Step::Title),
        proptest::collection::vec(any::<bool>(), 2).prop_map(Step::Own),
        Just(Step::Urge),
        Just(Step::Reply),
        Just(Step::Unheard),
    ];
    proptest::collection::vec(step, 0..12)
}

/// Every category stands under the first one.
fn above(category: CategoryId) -> Vec<CategoryId> {
    if category == CategoryId(id(1)) { vec![category] } else { vec![category, CategoryId(id(1))] }
}

fn written<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Makes the change, and says it as a history does.
fn change(facts: &mut Facts, step: &Step) -> Option<Happened> {
    let old = facts.clone();
    let (property, from, to) = match step {
        Step::Status(at) => {
            facts.status = Status::CHOICES[*at];
            (Property::Status, old.status.key().to_owned(), facts.status.key().to_owned())
        }
        Step::Priority(at) => {
            facts.priority = Priority::ALL[*at];
            (Property::Priority, old.priority.key().to_owned(), facts.priority.key().to_owned())
        }
        Step::Group(group) => {
            facts.group = group.map(|number| GroupId(id(number)));
            (Property::Group, written(old.group.as_ref()), written(facts.group.as_ref()))
        }
        Step::Agent(agent) => {
            facts.agent = agent.map(|number| AgentId(id(number)));
            (Property::Agent, written(old.agent.as_ref()), written(facts.agent.as_ref()))
        }
        Step::Category(category) => {
            facts.categories = category.map(|number| above(CategoryId(id(number)))).unwrap_or_default();
            (Property::Category, written(old.categories.first()), written(facts.categories.first()))
        }
        Step::Title(letter) => {
            facts.title = format!("标题 {letter}");
            (Property::Title, old.title, facts.title.clone())
        }
        Step::Own(ticked) => {
            let boxes = ["甲", "乙"].into_iter().zip(ticked).filter(|(_, ticked)| **ticked);
            let (field, to): (_, Vec<String>) = (own_field(FieldKind::Checks).id, boxes.map(|(word, _)| word.to_owned()).collect());
            let from = facts.own.insert(field, to.clone()).unwrap_or_default();
            return Some(Happened { moments: vec![Moment::Updated], own: vec![(field, from, to)], ..Happened::default() });
        }
        Step::Urge => {
            facts.urge_count += 1;
            return Some(Happened { moments: vec![Moment::Updated], ..Happened::default() });
        }
        Step::Reply => return Some(Happened { moments: vec![Moment::CustomerReplied], ..Happened::default() }),
        Step::Unheard => return None,
    };
    Some(Happened { moments: vec![Moment::Updated], changed: vec![(property, from, to)], own: Vec::new() })
}

proptest! {
    #[test]
    fn every_moment_is_found_as_it_was(steps in steps()) {
        let boxes = [(own_field(FieldKind::Checks).id, Vec::new())].into();
        let mut ticket = Facts { own: boxes, categories: above(CategoryId(id(2))), status_since: facts().created_at, happened: None, ..facts() };
        let mut occasions: Vec<Occasion> = Vec::new();
        let mut after = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            // Two by two at one moment, as commits are.
            let at = ago(100).plus(jiff::SignedDuration::from_mins(i64::try_from(at / 2).expect("few")));
            let happened = change(&mut ticket, step);
            if happened.is_some() {
                ticket.updated_at = at;
            }
            if matches!(step, Step::Status(_)) {
                ticket.status_since = at;
            }
            occasions.push((at, happened));
            after.push(ticket.clone());
        }
        let heard = occasions.iter().enumerate().filter_map(|(place, (at, happened))| {
            let last = if occasions.get(place ^ 1).is_some() { place | 1 } else { place };
            Some((*at, format!("{:?}", Facts { happened: Some(happened.clone()?), ..after[last].clone() })))
        });
        let stood: Vec<_> = heard.collect();
        let found: Vec<_> = replay(&ticket, &occasions, above).into_iter().map(|(at, facts)| (at, format!("{facts:?}"))).collect();
        prop_assert_eq!(found, stood);
    }
}

#[test]
fn an_action_that_finds_its_value_changes_nothing() {
    let action = |kind, value: &str| Action { kind, value: value.to_owned(), text: String::new(), own: None };
    for (kind, same, other) in [
        (ActionKind::Status, "in_progress".to_owned(), "solved".to_owned()),
        (ActionKind::Priority, "high".to_owned(), "low".to_owned()),
        (ActionKind::Group, id(21).to_string(), id(22).to_string()),
        (ActionKind::Agent, id(31).to_string(), id(32).to_string()),
        (ActionKind::Category, id(11).to_string(), id(1).to_string()),
    ] {
        assert_eq!(predict(&action(kind, &same), &facts()), Effect::Unchanged, "{kind}");
        assert_eq!(predict(&action(kind, &other), &facts()), Effect::Done, "{kind}");
    }
    assert_eq!(predict(&action(ActionKind::Note, ""), &facts()), Effect::Done);
    let set = |field: OwnField, value| Action { own: Some(field), ..action(ActionKind::Own, value) };
    let paid = Facts { own: [(own_field(FieldKind::Choice).id, vec!["月结".to_owned()])].into(), ..facts() };
    assert_eq!(predict(&set(own_field(FieldKind::Choice), "月结"), &paid), Effect::Unchanged);
    assert_eq!(predict(&set(own_field(FieldKind::Choice), "现结"), &paid), Effect::Done);
    assert_eq!(predict(&set(own_field(FieldKind::Line), "x"), &paid), Effect::Refused, "it is switched off");
}

#[test]
fn a_ticket_that_never_was_is_asked_only_what_the_rule_asks() {
    let of = |field: Field, operator, value: &str| Condition { field: field.into(), operator, values: vec![value.to_owned()] };
    let rule = Rule {
        moments: vec![Moment::Updated],
        all: vec![of(Field::Priority, Operator::ChangedTo, "urgent"), of(Field::HoursWaiting, Operator::AtLeast, "4")],
        any: vec![of(Field::SenderDomain, Operator::Is, "shop.example"), of(Field::Category, Operator::Is, &id(1).to_string())],
        ..Rule::default()
    };
    let asked = [(Field::Priority, true), (Field::Category, false), (Field::SenderDomain, false), (Field::HoursWaiting, false)];
    assert_eq!(invent::asked(&rule), asked.map(|(field, before)| (Aspect::from(field), before)));
    let verdict = |hours: &str, from: &str, category: &str| {
        let value = |field| match field {
            Aspect::Field(Field::Priority) => "urgent".to_owned(),
            Aspect::Field(Field::HoursWaiting) => hours.to_owned(),
            Aspect::Field(Field::Category) => category.to_owned(),
            _ => String::new(),
        };
        let before = |_| from.to_owned();
        let ticket = invent::ticket(&rule, value, before, above, Some(Moment::Updated), now());
        evaluate(&rule, &ticket, now()).matches
    };
    let below = id(3).to_string();
    assert!(verdict("4", "low", &below), "a category counts as those above it");
    assert!(!verdict("3", "low", &below));
    assert!(!verdict("", "low", &below), "nobody waits");
    assert!(!verdict("4", "urgent", &below), "nothing changed");
    assert!(!verdict("4", "low", ""));
}

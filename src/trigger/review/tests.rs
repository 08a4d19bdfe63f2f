//! What the review is sure of is so, whatever the ticket.

use super::{Warning, contradiction, entails, excludes, implies, review};
use crate::evaluate::{Facts, Happened, evaluate};
use crate::field::{Aspect, Field, Holds};
use crate::model::{Action, ActionKind, Condition, Moment, Operator, Rule, TriggerKind};
use crate::queries::Trigger;
use crate::tests::{facts, id, now, own_field};
use kernel::field::FieldKind;
use kernel::id::{CategoryId, GroupId, TicketFieldId, TriggerId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use ticket::model::{Priority, Property, Status};

fn line(field: impl Into<Aspect>, operator: Operator, values: &[&str]) -> Condition {
    Condition { field: field.into(), operator, values: values.iter().map(|value| (*value).to_owned()).collect() }
}

fn trigger(number: u128, rule: Rule) -> Trigger {
    Trigger {
        id: TriggerId(id(number)),
        kind: TriggerKind::Flow,
        name: format!("第 {number} 个"),
        description: String::new(),
        position: 0,
        enabled_at: Some(now()),
        rule: Rule { moments: if rule.moments.is_empty() { vec![Moment::Updated] } else { rule.moments.clone() }, ..rule },
        version: 1,
        updated_at: now(),
    }
}

/// A condition on one of these fields, over few values, so that they meet often.
fn of(aspect: Aspect) -> BoxedStrategy<Condition> {
    let Aspect::Field(field) = aspect else { return of_own(aspect) };
    let words: &'static [&'static str] = match field {
        Field::Priority => &["low", "high", "urgent"],
        Field::Status => &["in_progress", "solved"],
        Field::Group | Field::Category => &["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"],
        Field::Title | Field::Sender => &["a", "ab", "B", "abc"],
        _ => &["0", "1", "2", "3"],
    };
    (proptest::sample::select(aspect.operators(true)), proptest::sample::subsequence(words, 1..=words.len()))
        .prop_map(move |(operator, values)| line(field, operator, if operator.has_values() { &values } else { &[] }))
        .boxed()
}

/// The same on an own field.
fn of_own(aspect: Aspect) -> BoxedStrategy<Condition> {
    let words: &'static [&'static str] = if aspect.holds() == Holds::Amount { &["0", "1", "1.5", "-2"] } else { &["a", "b", "c"] };
    (proptest::sample::select(aspect.operators(true)), proptest::sample::subsequence(words, 1..=words.len()))
        .prop_map(move |(operator, values)| line(aspect, operator, if operator.has_values() { &values } else { &[] }))
        .boxed()
}

fn aspects() -> Vec<Aspect> {
    let fields =
        [Field::Priority, Field::Status, Field::Group, Field::Category, Field::Title, Field::Sender, Field::UrgeCount, Field::Score];
    let own = [FieldKind::Number, FieldKind::Choice, FieldKind::Checks, FieldKind::Line];
    fields.map(Aspect::Field).into_iter().chain(own.map(|kind| Aspect::Own(own_field(kind)))).collect()
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    proptest::collection::vec(proptest::sample::select(aspects()).prop_flat_map(of), 0..3)
}

/// Two conditions on the same field.
fn pairs() -> impl Strategy<Value = (Condition, Condition)> {
    proptest::sample::select(aspects()).prop_flat_map(|aspect| (of(aspect), of(aspect)))
}

fn tickets() -> impl Strategy<Value = Facts> {
    let word = || proptest::sample::select(vec!["", "a", "ab", "abc", "b", "ba"]);
    let maybe = || proptest::option::of(1..3_u128);
    (
        (0..4_usize, 0..4_usize, maybe(), proptest::collection::vec(1..3_u128, 0..3)),
        (word(), proptest::collection::vec(word(), 0..3), 0..4_i32, proptest::option::of(0..4_i16)),
        proptest::option::of((0..2_usize, 0..3_usize, 0..3_usize)),
        filled(),
    )
        .prop_map(|((status, priority, group, categories), (title, senders, urged, score), changed, own)| {
            let key = |at: usize| ["low", "high", "urgent"][at].to_owned();
            let state = |at: usize| ["in_progress", "solved", "not_accepted"][at].to_owned();
            let changed = changed.map(|(which, from, to)| match which {
                0 => (Property::Priority, key(from), key(to)),
                _ => (Property::Status, state(from), state(to)),
            });
            Facts {
                status: Status::CHOICES[status],
                priority: Priority::ALL[priority],
                group: group.map(|number| GroupId(id(number))),
                categories: categories.into_iter().map(|number| CategoryId(id(number))).collect(),
                title: title.to_owned(),
                senders: senders.into_iter().map(str::to_owned).collect(),
                urge_count: urged,
                score,
                own,
                happened: Some(Happened { moments: vec![Moment::Updated], changed: changed.into_iter().collect(), own: Vec::new() }),
                ..facts()
            }
        })
}

/// What was filled in of own fields; one that is missing is switched off.
fn filled() -> impl Strategy<Value = BTreeMap<TicketFieldId, Vec<String>>> {
    let one = |kind: FieldKind, words: &'static [&'static str], most: usize| {
        proptest::option::of(proptest::sample::subsequence(words, 0..=most))
            .prop_map(move |values| values.map(|values| (own_field(kind).id, values.into_iter().map(str::to_owned).collect::<Vec<_>>())))
    };
    let words = &["a", "b", "c"];
    (
        one(FieldKind::Number, &["0", "1.0", "2", "-2"], 1),
        one(FieldKind::Choice, words, 1),
        one(FieldKind::Checks, words, 3),
        one(FieldKind::Line, words, 1),
    )
        .prop_map(|(number, choice, boxes, line)| [number, choice, boxes, line].into_iter().flatten().collect())
}

fn rules() -> impl Strategy<Value = Rule> {
    (conditions(), conditions()).prop_map(|(all, any)| Rule { moments: vec![Moment::Updated], all, any, ..Rule::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn two_that_exclude_each_other_never_hold_together_and_what_follows_holds((one, other) in pairs(), ticket in tickets()) {
        let holds = |condition: &Condition| {
            let rule = Rule { moments: vec![Moment::Updated], all: vec![condition.clone()], ..Rule::default() };
            evaluate(&rule, &ticket, now()).matches
        };
        if excludes(&one, &other) {
            prop_assert!(!(holds(&one) && holds(&other)), "{:?} and {:?}", one, other);
        }
        if entails(&one, &other) && holds(&one) {
            prop_assert!(holds(&other), "{:?}, so {:?}", one, other);
        }
    }

    #[test]
    fn what_contradicts_itself_never_matches(rule in rules(), ticket in tickets()) {
        if contradiction(&rule).is_some() {
            prop_assert!(!evaluate(&rule, &ticket, now()).matches);
        }
    }

    #[test]
    fn what_is_implied_matches(rule in rules(), other in rules(), ticket in tickets()) {
        if implies(&rule, &other) && evaluate(&rule, &ticket, now()).matches {
            prop_assert!(evaluate(&other, &ticket, now()).matches);
        }
    }
}

#[test]
fn contradictions_are_found() {
    use Operator::*;
    for (one, other) in [
        (line(Field::Status, Is, &["solved"]), line(Field::Status, Is, &["closed", "in_progress"])),
        (line(Field::Category, Is, &["a"]), line(Field::Category, IsNot, &["b", "a"])),
        (line(Field::HoursWaiting, AtLeast, &["8"]), line(Field::HoursWaiting, AtMost, &["4"])),
        (line(Field::Score, Is, &["1", "2"]), line(Field::Score, AtLeast, &["3"])),
        (line(Field::Group, Is, &["a"]), line(Field::Group, Empty, &[])),
        (line(Field::Sender, Contains, &["Shop.example"]), line(Field::Sender, ContainsNot, &["shop"])),
    ] {
        for all in [vec![one.clone(), other.clone()], vec![other, one]] {
            assert!(contradiction(&Rule { all: all.clone(), ..Rule::default() }).is_some(), "{all:?}");
        }
    }
    for (one, other) in [
        (line(Field::Category, Is, &["a"]), line(Field::Category, Is, &["b"])),
        (line(Field::Sender, Is, &["a"]), line(Field::Sender, Is, &["b"])),
        (line(Field::HoursWaiting, AtLeast, &["4"]), line(Field::HoursWaiting, AtMost, &["4"])),
    ] {
        assert_eq!(contradiction(&Rule { all: vec![one, other], ..Rule::default() }), None, "may hold together");
    }
    let (number, choice) = (Aspect::Own(own_field(FieldKind::Number)), Aspect::Own(own_field(FieldKind::Choice)));
    for (one, other) in
        [(line(number, AtLeast, &["1.5"]), line(number, AtMost, &["1.25"])), (line(choice, Is, &["a"]), line(choice, Is, &["b"]))]
    {
        assert!(excludes(&one, &other), "{one:?} {other:?}");
    }
    let boxes = Aspect::Own(own_field(FieldKind::Checks));
    assert!(!excludes(&line(boxes, Is, &["a"]), &line(boxes, Is, &["b"])), "both boxes may be ticked");
    let created = Rule { moments: vec![Moment::Created], all: vec![line(Field::Status, Changed, &[])], ..Rule::default() };
    assert_eq!(review(&[trigger(1, created.clone())], 0), [Warning::NoChange(created.all[0].clone())]);
}

#[test]
fn a_shadow_falls_from_what_stops_and_not_past_what_may_help() {
    let urgent = line(Field::Priority, Operator::Is, &["urgent", "high"]);
    let first = |stop| Rule { all: vec![urgent.clone()], stop, ..Rule::default() };
    let narrower = Rule {
        all: vec![line(Field::Priority, Operator::Is, &["urgent"]), line(Field::Title, Operator::Contains, &["发票"])],
        ..Rule::default()
    };
    let shadowed = [Warning::Shadowed("第 1 个".to_owned())];
    let order = |stop| vec![trigger(1, first(stop)), trigger(2, narrower.clone())];
    assert_eq!(review(&order(true), 1), shadowed);
    assert_eq!(review(&order(false), 1), []);
    let off = Trigger { enabled_at: None, ..trigger(1, first(true)) };
    assert_eq!(review(&[off, trigger(2, narrower.clone())], 1), [], "one that is off stops nothing");
    // One between them that makes tickets urgent lets it see them; one that writes a note does not.
    let acting = |kind, value: &str| Rule {
        actions: vec![Action { kind, value: value.to_owned(), text: "x".to_owned(), own: None }],
        ..first(false)
    };
    let with = |rule: Rule| vec![trigger(1, first(true)), trigger(3, rule), trigger(2, narrower.clone())];
    assert_eq!(review(&with(acting(ActionKind::Priority, "urgent")), 2), []);
    assert_eq!(review(&with(acting(ActionKind::Note, "")), 2), shadowed);
    // It looks at more moments than the first.
    let more = Rule { moments: vec![Moment::Created, Moment::Updated], ..narrower };
    assert_eq!(review(&[trigger(1, first(true)), trigger(2, more)], 1), []);
}

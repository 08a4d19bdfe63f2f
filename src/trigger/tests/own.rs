//! Own fields in conditions: each kind with each of its operators, and how they are kept.

use super::{facts, holds, own_field};
use crate::evaluate::{Facts, Happened};
use crate::field::{Aspect, Field};
use crate::model::{Condition, Moment, Operator};
use kernel::field::FieldKind;
use std::collections::BTreeMap;

/// Own fields by what they hold: value, a condition that holds of it and one that does not.
#[test]
fn every_own_field_with_every_operator() {
    use Operator::*;
    let texts = [
        (Contains, "抬头", "别的"),
        (ContainsNot, "别的", "抬头"),
        (Is, "抬头A", "抬头"),
        (IsNot, "抬头", "抬头a"),
        (StartsWith, "抬", "头"),
        (EndsWith, "a", "抬"),
        (Matches, "^抬头.$", "^头"),
    ];
    let choices = [(Is, "乙", "丙"), (IsNot, "丙", "乙"), (ChangedTo, "乙", "甲"), (ChangedFrom, "甲", "丙")];
    let numbers = [(AtLeast, "2.50", "2.51"), (AtMost, "2.5", "-3"), (Is, "2.50", "2")];
    let days = [(AtLeast, "2026-11-22", "2026-11-23"), (AtMost, "2027-01-01", "2026-11-21"), (Is, "2026-11-22", "2026-11-21")];
    let times = [(AtLeast, "09:00", "09:31"), (AtMost, "09:30", "09:29"), (Is, "09:30:00", "09:00")];
    for kind in FieldKind::ALL {
        let (values, cases): (&[&str], &[(Operator, &str, &str)]) = match kind {
            FieldKind::Line | FieldKind::Text => (&["抬头a"], &texts),
            FieldKind::Date => (&["2026-11-22"], &days),
            FieldKind::Time => (&["09:30"], &times),
            FieldKind::Number => (&["2.5"], &numbers),
            FieldKind::Checks => (&["甲", "乙"], &choices),
            FieldKind::Choice | FieldKind::Radio | FieldKind::Cascade => (&["乙"], &choices),
        };
        let field = own_field(*kind);
        let words = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        let changed =
            Happened { moments: vec![Moment::Updated], own: vec![(field.id, words(&["甲"]), words(&["乙"]))], ..Happened::default() };
        let filled = Facts { own: [(field.id, words(values))].into(), happened: Some(changed.clone()), ..facts() };
        let empty = Facts { own: [(field.id, Vec::new())].into(), ..facts() };
        let off = Facts { own: BTreeMap::new(), happened: Some(changed), ..facts() };
        for operator in Aspect::Own(field).operators(true) {
            let of = |values: &[&str], facts: &Facts| holds(Aspect::Own(field), operator, values, facts);
            match cases.iter().find(|(of, ..)| *of == operator) {
                Some((_, yes, no)) => {
                    assert!(of(&[yes], &filled), "{field} {operator} {yes}");
                    assert!(!of(&[no], &filled), "{field} {operator} {no}");
                    let negates = matches!(operator, IsNot | ContainsNot);
                    assert_eq!(of(&[yes], &empty), negates, "{field} {operator} of nothing");
                    assert!(!of(&[yes], &off), "{field} {operator}: switched off");
                }
                None => {
                    assert!(!operator.has_values(), "{field} {operator} has its case");
                    assert_eq!(of(&[], &filled), operator != Empty, "{field} {operator}");
                    assert_eq!(of(&[], &empty), operator == Empty, "{field} {operator} of nothing");
                    assert!(!of(&[], &off), "{field} {operator}: switched off");
                }
            }
        }
    }
}

#[test]
fn own_fields_are_kept_and_sent_as_one_word() {
    for aspect in [Aspect::Field(Field::Title), Aspect::Own(own_field(FieldKind::Cascade))] {
        assert_eq!(aspect.to_string().parse(), Ok(aspect));
        let condition = Condition { field: aspect, operator: Operator::Empty, values: Vec::new() };
        let kept = serde_json::to_value(&condition).expect("it can be kept");
        assert_eq!(kept["field"], aspect.to_string());
        assert_eq!(serde_json::from_value::<Condition>(kept).expect("and read"), condition);
    }
    assert!("own-nothing-0192".parse::<Aspect>().is_err());
}

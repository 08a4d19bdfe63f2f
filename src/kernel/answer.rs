//! 自定义字段的值: what was filled in, checked against its field, kept, compared and shown. Pure.
//!
//! Kept is one object for each customer or ticket: the id of the field → a text, or a list of texts for checkboxes. A field
//! that nothing was filled in has no entry.

use crate::error::Problem;
use crate::field::{Asked, FieldKind, LEVEL};
use serde_json::{Map, Value};

/// A single line at most, in characters.
pub const LINE_MOST: usize = 200;
/// Several lines at most, in characters.
pub const TEXT_MOST: usize = 1_000;
/// A number, a date, a time at most, in characters.
pub const SHORT_MOST: usize = 40;

/// Fills one field in over what it was: nothing filled in empties it. What is wrong with the values, when something is; then
/// the field stays what it was.
pub fn put(kept: &mut Map<String, Value>, key: &str, asked: &Asked<'_>, values: Vec<String>) -> Option<Problem> {
    if let Some(problem) = wrong(asked, &values, kept.get(key)) {
        return Some(problem);
    }
    match stored(asked.kind, values) {
        Some(value) => kept.insert(key.to_owned(), value),
        None => kept.remove(key),
    };
    None
}

/// What is wrong with an answer, beside what the field was. An option that was taken off the list since stays where it was
/// chosen.
#[must_use]
pub fn wrong(asked: &Asked<'_>, values: &[String], was: Option<&Value>) -> Option<Problem> {
    let is_repeated = values.iter().enumerate().any(|(at, value)| values[..at].contains(value));
    if is_repeated || values.len() > 1 && asked.kind != FieldKind::Checks {
        return Some(Problem::BadChoice);
    }
    let chosen = values_of(was);
    values.iter().find_map(|value| wrong_value(asked, value, &chosen))
}

fn wrong_value(asked: &Asked<'_>, value: &str, chosen: &[String]) -> Option<Problem> {
    let length = value.chars().count();
    let (holds, problem) = match asked.kind {
        FieldKind::Line => (length <= LINE_MOST, Problem::TooLong),
        FieldKind::Text => (length <= TEXT_MOST, Problem::TooLong),
        FieldKind::Date | FieldKind::Time | FieldKind::Number if length > SHORT_MOST => (false, Problem::TooLong),
        FieldKind::Date => (value.parse::<jiff::civil::Date>().is_ok(), Problem::BadDate),
        FieldKind::Time => (value.parse::<jiff::civil::Time>().is_ok(), Problem::BadFormat),
        FieldKind::Number => (number(value).is_some(), Problem::BadNumber),
        FieldKind::Choice | FieldKind::Checks | FieldKind::Radio | FieldKind::Cascade => {
            (asked.options.iter().any(|option| option == value) || chosen.iter().any(|option| option == value), Problem::BadChoice)
        }
    };
    (!holds).then_some(problem)
}

/// An answer as it is kept.
#[must_use]
pub fn stored(kind: FieldKind, values: Vec<String>) -> Option<Value> {
    if kind == FieldKind::Checks && !values.is_empty() {
        return Some(Value::from(values));
    }
    values.into_iter().next().map(Value::from)
}

/// The values of an answer that is kept.
#[must_use]
pub fn values_of(kept: Option<&Value>) -> Vec<String> {
    match kept {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A value as people read it: a path with room between its levels.
#[must_use]
pub fn words(kind: FieldKind, value: &str) -> String {
    if kind == FieldKind::Cascade { value.replace(LEVEL, " / ") } else { value.to_owned() }
}

/// Values as people read them, in one line.
#[must_use]
pub fn all_words(kind: FieldKind, values: &[String], between: &str) -> String {
    values.iter().map(|value| words(kind, value)).collect::<Vec<_>>().join(between)
}

/// An answer that is kept, where nobody knows its field: boxes joined by a comma.
#[must_use]
pub fn text(kept: Option<&Value>) -> String {
    values_of(kept).join(", ")
}

/// Where a value stands among others of its kind: days, seconds of the day, or the number itself. Nothing for a kind that
/// has no order, or what cannot be read.
#[must_use]
pub fn rank(kind: FieldKind, value: &str) -> Option<f64> {
    match kind {
        FieldKind::Number => number(value),
        FieldKind::Date => {
            let date: jiff::civil::Date = value.trim().parse().ok()?;
            // Days of a year are fewer than that.
            Some(f64::from(date.year()) * 400.0 + f64::from(date.day_of_year()))
        }
        FieldKind::Time => {
            let time: jiff::civil::Time = value.trim().parse().ok()?;
            Some(f64::from(time.hour()) * 3_600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second()))
        }
        _ => None,
    }
}

/// A number as people type it. Adding zero makes one zero of two.
fn number(value: &str) -> Option<f64> {
    value.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number + 0.0)
}

#[cfg(test)]
mod tests {
    use super::{Asked, FieldKind, Map, Problem, Value, put, rank, values_of, wrong};
    use proptest::prelude::*;

    fn asked(kind: FieldKind, options: &[String]) -> Asked<'_> {
        Asked { label: "字段", hint: "", kind, options }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_kept_and_shown_as_the_same_values(
            kind in proptest::sample::select(FieldKind::ALL),
            values in proptest::collection::vec("[a-c]|[0-9]{1,3}(\\.[0-9])?|20[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-2][0-9]:[0-6][0-9]|甲/乙|\\PC{1,3}", 0..4),
            before in proptest::option::of("[a-d]"),
        ) {
            let options: Vec<String> = ["a", "b", "甲/乙"].map(str::to_owned).into();
            let mut kept = Map::new();
            kept.extend(before.map(|value| ("f".to_owned(), Value::from(value))));
            let was = kept.clone();
            let problem = put(&mut kept, "f", &asked(kind, &options), values.clone());
            match problem {
                None => prop_assert_eq!(values_of(kept.get("f")), values),
                Some(_) => prop_assert_eq!(kept, was, "what is refused changes nothing"),
            }
        }
    }

    #[test]
    fn one_value_of_what_holds_one_and_no_box_twice() {
        let options = ["月结".to_owned(), "现结".to_owned()];
        let both: Vec<String> = options.to_vec();
        assert_eq!(wrong(&asked(FieldKind::Checks, &options), &both, None), None);
        assert_eq!(wrong(&asked(FieldKind::Radio, &options), &both, None), Some(Problem::BadChoice));
        assert_eq!(wrong(&asked(FieldKind::Checks, &options), &[both[0].clone(), both[0].clone()], None), Some(Problem::BadChoice));
        let gone = Value::from("年结");
        assert_eq!(wrong(&asked(FieldKind::Choice, &options), &["年结".to_owned()], Some(&gone)), None, "taken off since");
        assert_eq!(wrong(&asked(FieldKind::Choice, &options), &["年结".to_owned()], None), Some(Problem::BadChoice));
    }

    #[test]
    fn later_days_and_times_stand_behind() {
        assert!(rank(FieldKind::Date, "2026-12-31") < rank(FieldKind::Date, "2027-01-01"));
        assert!(rank(FieldKind::Date, "2026-02-28") < rank(FieldKind::Date, "2026-03-01"));
        assert!(rank(FieldKind::Time, "09:30") < rank(FieldKind::Time, "09:30:01"));
        assert!(rank(FieldKind::Number, "-3.5") < rank(FieldKind::Number, "-3"));
        assert_eq!(rank(FieldKind::Number, "-0"), rank(FieldKind::Number, "0"));
        assert_eq!((rank(FieldKind::Number, "三"), rank(FieldKind::Line, "3")), (None, None));
    }
}

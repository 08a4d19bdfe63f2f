//! 内容冲突: what an edit of an older copy means for the ticket as it is now, property by property (400057).

use super::Property;
use super::input::addresses;

/// What a value that was sent is, beside what the editor had before them and what the ticket is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The editor left it as it was: what it is now stays.
    Untouched,
    /// The editor changed it and nobody else did.
    Mine,
    /// Both changed it to the same.
    Agreed,
    /// Both changed it, to different values.
    Conflict,
}

/// Weighs one property. Values are as the form sends them; `was` is none when nobody knows what the editor had before
/// them: then everything that differs may be a conflict.
#[must_use]
pub fn claim(property: Property, was: Option<&str>, mine: &str, now: &str) -> Claim {
    let same = |one: &str, other: &str| match property {
        Property::Cc => addresses(one) == addresses(other),
        _ => one.trim() == other.trim(),
    };
    weigh(was, mine, now, same)
}

/// Weighs one own field, of which several values can be chosen.
#[must_use]
pub fn claim_values(was: Option<&Vec<String>>, mine: &[String], now: &[String]) -> Claim {
    weigh(was.map(Vec::as_slice), mine, now, |one, other| one == other)
}

fn weigh<T: ?Sized>(was: Option<&T>, mine: &T, now: &T, same: impl Fn(&T, &T) -> bool) -> Claim {
    if same(mine, now) {
        return match was {
            Some(was) if same(was, now) => Claim::Untouched,
            _ => Claim::Agreed,
        };
    }
    match was {
        Some(was) if same(mine, was) => Claim::Untouched,
        Some(was) if same(was, now) => Claim::Mine,
        _ => Claim::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, claim};
    use crate::model::Property;

    #[test]
    fn only_what_both_changed_differently_is_a_conflict() {
        let weigh = |was, mine, now| claim(Property::Priority, was, mine, now);
        assert_eq!(weigh(Some("low"), "low", "high"), Claim::Untouched);
        assert_eq!(weigh(Some("low"), "low", "low"), Claim::Untouched);
        assert_eq!(weigh(Some("low"), "high", "low"), Claim::Mine);
        assert_eq!(weigh(Some("low"), "high", "high"), Claim::Agreed);
        assert_eq!(weigh(Some("low"), "high", "urgent"), Claim::Conflict);
        assert_eq!(weigh(None, "high", "urgent"), Claim::Conflict);
        assert_eq!(weigh(None, "high", "high"), Claim::Agreed);
        assert_eq!(claim(Property::Agent, Some("a"), "", "a"), Claim::Mine, "emptied");
        let cc = "a@b.example\nc@d.example";
        assert_eq!(claim(Property::Cc, Some("a@b.example, c@d.example"), cc, "x@y.example"), Claim::Untouched);
    }
}

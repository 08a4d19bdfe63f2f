//! 时间范围 of lists: from a moment until before another, and a year at most.

use super::value::{Described, Local, Taken, text};
use crate::error::{Problem, Problems};
use crate::time::Stamp;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The longest range (400003).
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// How long `2026-11-22` is: a text that is no longer names no time.
const DAY: usize = 10;

/// 结束时间: written as `Local`, it takes in the whole second, or the whole day when it names no time. Moments are kept in
/// microseconds: a row of the last second is later than the second itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until(DateTime);

impl Until {
    /// The first moment after it, in this zone.
    #[must_use]
    pub fn at(self, zone: &TimeZone) -> Option<Stamp> {
        Local(self.0).at(zone)
    }
}

impl Described for Until {
    fn schema() -> Value {
        Local::schema()
    }
}

impl Taken for Until {
    fn take(sent: Option<&Value>) -> Result<Until, Problem> {
        let Local(last) = Local::take(sent)?;
        let is_day = text(sent)?.is_some_and(|text| text.len() <= DAY);
        let lasts = if is_day { SignedDuration::from_hours(24) } else { SignedDuration::from_secs(1) };
        last.checked_add(lasts).map(Until).map_err(|_| Problem::BadFormat)
    }
}

/// 时间范围: from a moment until before another. Both are known, or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub from: Option<Stamp>,
    /// The first moment after it.
    pub until: Option<Stamp>,
}

impl Window {
    /// The range that was asked for; what is wrong with it is noted beside the field of its end. An end that was left open is the
    /// longest range away from the other.
    #[must_use]
    pub fn asked(zone: &TimeZone, problems: &mut Problems, field: &str, (from, until): (Option<Local>, Option<Until>)) -> Window {
        let (first, after) = (from.and_then(|at| at.at(zone)), until.and_then(|at| at.at(zone)));
        problems.need(from.is_some() == first.is_some() && until.is_some() == after.is_some(), field, Problem::BadFormat);
        if let (Some(first), Some(after)) = (first, after) {
            problems.need(first < after, field, Problem::RangeReversed);
            problems.need(after.since(first).as_hours() <= LONGEST.as_hours(), field, Problem::RangeTooLong);
        }
        Window { from: first.or(after.map(|after| after.minus(LONGEST))), until: after.or(first.map(|first| first.plus(LONGEST))) }
    }

    /// Whether no range was asked for.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Until, Window};
    use crate::api::value::{Local, Taken};
    use crate::error::{Problem, Problems};
    use serde_json::json;

    #[test]
    fn an_end_takes_in_its_second_or_its_day() {
        let zone = crate::time::zone("Asia/Shanghai").unwrap();
        let end = |sent: &str| Until::take(Some(&json!(sent))).unwrap().at(&zone).unwrap().machine();
        assert_eq!(end("2026-11-22 09:30:00"), "2026-11-22T01:30:01Z");
        assert_eq!(end("2026-11-22"), "2026-11-22T16:00:00Z");
        assert_eq!(Until::take(Some(&json!("gestern"))), Err(Problem::BadFormat));
    }

    #[test]
    fn an_open_end_is_a_year_away_and_a_wrong_range_is_refused() {
        let zone = crate::time::zone("UTC").unwrap();
        let asked = |from: Option<&str>, until: Option<&str>| {
            let mut problems = Problems::default();
            let from = from.map(|sent| Local::take(Some(&json!(sent))).unwrap());
            let until = until.map(|sent| Until::take(Some(&json!(sent))).unwrap());
            let window = Window::asked(&zone, &mut problems, "end", (from, until));
            (window, problems.0.first().map(|(_, problem)| *problem))
        };
        let (from, _) = asked(Some("2026-01-01"), None);
        assert_eq!(from.until.zip(from.from).map(|(until, from)| until.since(from)), Some(LONGEST));
        let (until, _) = asked(None, Some("2026-01-01"));
        assert_eq!(until.until.zip(until.from).map(|(until, from)| until.since(from)), Some(LONGEST));
        assert!(asked(None, None).0.is_open() && !from.is_open());
        assert_eq!(asked(Some("2026-01-01"), Some("2026-01-01")).1, None, "one day");
        assert_eq!(asked(Some("2026-01-02"), Some("2026-01-01 23:00:00")).1, Some(Problem::RangeReversed));
        assert_eq!(asked(Some("2025-01-01"), Some("2026-02-01")).1, Some(Problem::RangeTooLong));
    }
}

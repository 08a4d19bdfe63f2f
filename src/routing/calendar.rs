//! 工作时间的算法: when a calendar is on duty. Everything is worked out from civil days in the calendar's zone, never by
//! adding 24 hours, so that days of 23 and 25 hours come out right.

mod read;

pub use read::{read_days, read_spans, write_days, write_spans};

use jiff::SignedDuration;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kernel::time::Stamp;
use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;
/// How far `after` looks: a calendar that is off duty longer than this gives no moment.
const FAR: i32 = 800;

/// Hours of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First minute of the day that is on duty, 0 to 1439.
    pub from: u16,
    /// First minute that is not: up to 1440, and of the next day when it is not later than `from`.
    pub to: u16,
}

/// 节假日与调休: one day that is not like its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Which.
    pub date: Date,
    /// On duty then; nothing for a day off.
    pub spans: Vec<Span>,
    /// What it is called.
    pub name: String,
}

/// 工作时间: a week, and the days that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// IANA zone.
    pub time_zone: String,
    /// Monday first.
    pub week: [Vec<Span>; 7],
    /// In order of their dates, each once.
    pub days: Vec<SpecialDay>,
}

/// A stretch of time on duty, from the first moment to the first that is no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// It begins.
    pub from: Stamp,
    /// It has ended.
    pub to: Stamp,
}

impl Calendar {
    /// Day and night, every day.
    #[must_use]
    pub fn always() -> Calendar {
        Calendar { time_zone: "UTC".to_owned(), week: std::array::from_fn(|_| vec![Span { from: 0, to: DAY }]), days: Vec::new() }
    }

    /// The zone; UTC for a name that is none.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        kernel::time::zone(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Hours that begin on this day, and what the day is called when it is not like its weekday.
    #[must_use]
    pub fn hours_of(&self, date: Date) -> (&[Span], Option<&str>) {
        if let Ok(at) = self.days.binary_search_by_key(&date, |day| day.date) {
            return (&self.days[at].spans, Some(&self.days[at].name));
        }
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        (&self.week[weekday], None)
    }

    /// Stretches on duty between two moments, in order, apart from each other.
    #[must_use]
    pub fn sections(&self, from: Stamp, to: Stamp) -> Vec<Section> {
        let mut found: Vec<Section> = Vec::new();
        if from >= to {
            return found;
        }
        let zone = self.zone();
        // What began the day before may last into this one.
        let mut date = from.date(&zone).yesterday().unwrap_or(Date::MIN);
        let last = to.date(&zone);
        while date <= last {
            for section in self.of_day(date, &zone) {
                let section = Section { from: section.from.max(from), to: section.to.min(to) };
                match found.last_mut() {
                    _ if section.from >= section.to => {}
                    Some(before) if section.from <= before.to => before.to = before.to.max(section.to),
                    _ => found.push(section),
                }
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        found
    }

    /// What begins on this day, in order of its beginning; a stretch that the clocks jump over is shorter, or not there.
    fn of_day(&self, date: Date, zone: &TimeZone) -> Vec<Section> {
        let mut spans = self.hours_of(date).0.to_vec();
        spans.sort_unstable();
        spans
            .into_iter()
            .filter_map(|span| {
                let next = span.to <= span.from;
                let end_day = if next || span.to == DAY { date.tomorrow().ok()? } else { date };
                let to = if span.to == DAY { 0 } else { span.to };
                Some(Section { from: moment(date, span.from, zone)?, to: moment(end_day, to, zone)? })
            })
            .collect()
    }

    /// Whether a moment is on duty.
    #[must_use]
    pub fn is_on(&self, at: Stamp) -> bool {
        !self.sections(at, at.plus(SignedDuration::from_micros(1))).is_empty()
    }

    /// Time on duty between two moments.
    #[must_use]
    pub fn between(&self, from: Stamp, to: Stamp) -> SignedDuration {
        self.sections(from, to).iter().map(|section| section.to.since(section.from)).sum()
    }

    /// The first moment by which so much time on duty has passed; nothing when the calendar is off for years.
    #[must_use]
    pub fn after(&self, from: Stamp, mut amount: SignedDuration) -> Option<Stamp> {
        if amount <= SignedDuration::ZERO {
            return Some(from);
        }
        let mut start = from;
        // A month at a time: most answers lie in the first.
        for _ in 0..(FAR / 30) {
            let end = start.plus(SignedDuration::from_hours(24 * 30));
            for section in self.sections(start, end) {
                let length = section.to.since(section.from);
                if length >= amount {
                    return Some(section.from.plus(amount));
                }
                amount -= length;
            }
            start = end;
        }
        None
    }
}

/// A minute of a day as a moment. One that the clocks jump over is the moment of the jump, and of two the first.
fn moment(date: Date, minute: u16, zone: &TimeZone) -> Option<Stamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let at = zone.to_ambiguous_timestamp(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?));
    let moment = match at.offset() {
        jiff::tz::AmbiguousOffset::Gap { .. } => {
            let later = at.later().ok()?;
            // Strictly before: a gap's first minute is the jump itself.
            zone.preceding(later + SignedDuration::from_secs(1))
                .next()
                .map(|jump| jump.timestamp())
                .filter(|jump| *jump <= later)
                .unwrap_or(later)
        }
        _ => at.earlier().ok()?,
    };
    Some(Stamp(moment))
}

/// Monday to Sunday.
pub const WEEK: [Weekday; 7] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday, Weekday::Saturday, Weekday::Sunday];

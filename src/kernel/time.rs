//! Times are UTC; people read them in their company's zone. One type maps `timestamptz`.

use crate::lang::Lang;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type, encode::IsNull, error::BoxDynError};

/// 时刻: a point in time, microseconds since 1970 in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(pub Timestamp);

/// The first day of the year 1.
const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// A day as an address or a form has it, `2026-11-22`: of the years 1 to 9998, which have a day before and after in
/// every zone, in the calendar and in the database.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok().filter(|day| is_known(*day))
}

/// Whether a day lies in the years 1 to 9998.
#[must_use]
pub fn is_known(day: Date) -> bool {
    (1..=9998).contains(&day.year())
}

impl Stamp {
    /// The point `duration` later.
    #[must_use]
    pub fn plus(self, duration: SignedDuration) -> Stamp {
        Stamp(self.0.saturating_add(duration).unwrap_or(Timestamp::MAX))
    }

    /// The point `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: SignedDuration) -> Stamp {
        Stamp(self.0.saturating_sub(duration).unwrap_or(Timestamp::MIN))
    }

    /// How long after `earlier`.
    #[must_use]
    pub fn since(self, earlier: Stamp) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }

    /// Microseconds since 1970: the sort key of a cursor.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The point of a cursor's sort key; none before the year 1 or after 9999, which the database or the calendar does
    /// not know.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Stamp> {
        let at = Timestamp::from_microsecond(micros).ok()?;
        (at >= EARLIEST).then_some(Stamp(at))
    }

    /// The day in the zone.
    #[must_use]
    pub fn date(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.0).date()
    }

    /// Minutes since midnight in the zone, by its clocks.
    #[must_use]
    pub fn minute_of_day(self, zone: &TimeZone) -> u16 {
        let time = zone.to_datetime(self.0).time();
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    }

    /// `09:41`, in the zone.
    #[must_use]
    pub fn clock(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.0).strftime("%H:%M").to_string()
    }

    /// `2026-11-22 09:30`, for tables, exports and the `datetime` attribute's title.
    #[must_use]
    pub fn table(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.0).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// `11 月 22 日 09:30` or `22 Nov 2026, 09:30`.
    #[must_use]
    pub fn long(self, zone: &TimeZone, lang: Lang) -> String {
        let local = zone.to_datetime(self.0);
        match lang {
            Lang::Zh => format!("{} 月 {} 日 {}", local.month(), local.day(), local.strftime("%H:%M")),
            Lang::En => local.strftime("%-d %b %Y, %H:%M").to_string(),
        }
    }

    /// `2 分钟前`, `昨天 18:22`, `11 月 3 日` — or in English: relative within a day, then absolute.
    #[must_use]
    pub fn relative(self, now: Stamp, zone: &TimeZone, lang: Lang) -> String {
        let seconds = now.since(self).as_secs();
        let local = zone.to_datetime(self.0);
        let days = self.date(zone).until(now.date(zone)).map_or(0, |span| span.get_days());
        match seconds {
            ..60 => crate::t!(lang, "刚刚", "just now").to_owned(),
            60..3600 => crate::t!(lang, "{} 分钟前", "{} min ago", seconds / 60),
            3600..86_400 if days == 0 => crate::t!(lang, "{} 小时前", "{} h ago", seconds / 3600),
            _ if days == 1 => crate::t!(lang, "昨天 {}", "yesterday {}", local.strftime("%H:%M")),
            _ if local.year() == zone.to_datetime(now.0).year() => match lang {
                Lang::Zh => format!("{} 月 {} 日", local.month(), local.day()),
                Lang::En => local.strftime("%-d %b").to_string(),
            },
            _ => local.strftime("%Y-%m-%d").to_string(),
        }
    }

    /// RFC 3339, for the `datetime` attribute and interfaces.
    #[must_use]
    pub fn machine(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// The UTC point where a civil day begins in the zone; a day that begins in a gap begins after it.
#[must_use]
pub fn start_of_day(day: Date, zone: &TimeZone) -> Stamp {
    let begin = zone.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()));
    Stamp(begin.compatible().unwrap_or(Timestamp::MIN))
}

/// The zone with this IANA name.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// Names of the zones that name a place, and UTC.
#[must_use]
pub fn zones() -> Vec<String> {
    const OTHERS: [&str; 8] = ["Etc/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Mexico/", "Chile/"];
    let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> =
        names.filter(|name| name.contains('/') && !OTHERS.iter().any(|other| name.starts_with(other))).chain(["UTC".to_owned()]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// `UTC+8`, as words beside a report.
#[must_use]
pub fn offset_words(zone: &TimeZone, at: Stamp) -> String {
    let seconds = zone.to_offset(at.0).seconds();
    let (hours, minutes) = (seconds / 3600, (seconds % 3600).abs() / 60);
    if minutes == 0 { format!("UTC{hours:+}") } else { format!("UTC{hours:+}:{minutes:02}") }
}

/// The zone by name and offset, beside a file's figures: `Asia/Shanghai，UTC+8`.
#[must_use]
pub fn zone_words(zone: &TimeZone, at: Stamp, lang: Lang) -> String {
    let offset = offset_words(zone, at);
    zone.iana_name().map_or_else(|| offset.clone(), |name| crate::t!(lang, "{}，{}", "{}, {}", name, offset))
}

impl From<Timestamp> for Stamp {
    fn from(at: Timestamp) -> Self {
        Stamp(at)
    }
}

impl Type<Postgres> for Stamp {
    fn type_info() -> PgTypeInfo {
        <jiff_sqlx::Timestamp as Type<Postgres>>::type_info()
    }
}

impl PgHasArrayType for Stamp {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("_timestamptz")
    }
}

impl Encode<'_, Postgres> for Stamp {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <jiff_sqlx::Timestamp as Encode<Postgres>>::encode_by_ref(&jiff_sqlx::Timestamp::from(self.0), buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Stamp {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        <jiff_sqlx::Timestamp as Decode<Postgres>>::decode(value).map(|at| Stamp(at.to_jiff()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Lang, Stamp, day, start_of_day, zone};
    use jiff::{SignedDuration, civil::date};

    #[test]
    fn days_begin_in_the_company_zone() {
        let shanghai = zone("Asia/Shanghai").unwrap();
        assert_eq!(start_of_day(date(2026, 11, 22), &shanghai).machine(), "2026-11-21T16:00:00Z");
        // Midnight does not exist here on this day: clocks go from 00:00 to 01:00.
        let santiago = zone("America/Santiago").unwrap();
        assert_eq!(start_of_day(date(2026, 9, 6), &santiago).machine(), "2026-09-06T04:00:00Z");
    }

    #[test]
    fn days_and_keys_beyond_the_calendar_are_none() {
        assert_eq!(day(" 2026-11-22 "), Some(date(2026, 11, 22)));
        for far in ["-009999-01-01", "0000-12-31", "9999-12-31", "2026-02-30", ""] {
            assert_eq!(day(far), None, "{far}");
        }
        assert!(Stamp::from_micros(0).is_some());
        assert!(Stamp::from_micros(-377_000_000_000_000_000).is_none() && Stamp::from_micros(i64::MAX).is_none());
    }

    #[test]
    fn relative_words() {
        let shanghai = zone("Asia/Shanghai").unwrap();
        let now = Stamp("2026-11-22T01:30:00Z".parse().unwrap());
        let words = |minutes, lang| now.minus(SignedDuration::from_mins(minutes)).relative(now, &shanghai, lang);
        assert_eq!(words(2, Lang::Zh), "2 分钟前");
        assert_eq!(words(180, Lang::En), "3 h ago");
        assert_eq!(words(12 * 60, Lang::Zh), "昨天 21:30");
        assert_eq!(words(24 * 60 * 400, Lang::En), "2025-10-18");
    }
}

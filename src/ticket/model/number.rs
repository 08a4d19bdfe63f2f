//! 工单号: 14 digits, the day in the company's zone and a counter of that day (F§4.1, D2).

/// Tickets of one day at most.
pub const DAY_MOST: i64 = 999_999;

/// The number of the day's `count`th ticket, from 1; `None` when the day is full or the date is none of four digits.
#[must_use]
pub fn number(year: i16, month: i8, day: i8, count: i64) -> Option<i64> {
    let possible = (1000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && (1..=DAY_MOST).contains(&count);
    possible.then(|| day_number(year, month, day) * 1_000_000 + count)
}

/// Name of the day's counter.
#[must_use]
pub fn counter(year: i16, month: i8, day: i8) -> String {
    format!("ticket:{}", day_number(year, month, day))
}

/// A typed number: 14 digits, with a `#` before them or spaces around.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let digits = text.trim().trim_start_matches('#');
    (digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// The end of a typed number, as people say it: the count of its day, with or without a `#`.
#[must_use]
pub fn parse_short(text: &str) -> Option<i64> {
    let digits = text.trim().trim_start_matches(['#', '＃']);
    let is_short = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| digits.parse().ok()).flatten().filter(|count| (1..=DAY_MOST).contains(count))
}

/// The number in a mail's subject, written `[#20261122000087]`.
#[must_use]
pub fn in_subject(subject: &str) -> Option<i64> {
    subject.split("[#").skip(1).find_map(|rest| parse(rest.split(']').next()?))
}

fn day_number(year: i16, month: i8, day: i8) -> i64 {
    i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day)
}

//! Hours and special days as people type and paste them, and as the form shows them again.

use super::{DAY, Span, SpecialDay};
use jiff::civil::Date;

/// Stretches of one day at most.
const SPANS_MOST: usize = 8;
/// Special days of one calendar at most.
const DAYS_MOST: usize = 400;
/// Characters of a special day's name.
const NAME_MOST: usize = 40;

/// `09:00-12:00, 13:30-18:00`; nothing for a day off. `None` when it cannot be read or two of them overlap.
#[must_use]
pub fn read_spans(text: &str) -> Option<Vec<Span>> {
    let text = text.trim();
    let mut spans = Vec::new();
    for part in text.split([',', '，', '、', ';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
        spans.push(span(part)?);
    }
    spans.sort_unstable();
    let overlap = spans.windows(2).any(|pair| end(pair[0]) > pair[1].from);
    // The last one may reach into the next day, but not into the first of the same hours.
    let wraps = spans.first().zip(spans.last()).is_some_and(|(first, last)| spans.len() > 1 && end(*last) > DAY + first.from);
    (!overlap && !wraps && spans.len() <= SPANS_MOST).then_some(spans)
}

/// Minutes since the day began at which it ends, beyond 1440 when on the next day.
const fn end(span: Span) -> u16 {
    if span.to <= span.from { span.to + DAY } else { span.to }
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once(['-', '–', '—', '~', '～', '至'])?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from < DAY && from != to).then_some(Span { from, to: if to == 0 { DAY } else { to } })
}

fn minute(text: &str) -> Option<u16> {
    let text = text.trim().replace('：', ":");
    let (hour, minute) = text.split_once(':').unwrap_or((&text, "00"));
    let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

/// The stretches as `read_spans` takes them.
#[must_use]
pub fn write_spans(spans: &[Span]) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    spans.iter().map(|span| format!("{}-{}", time(span.from), time(span.to))).collect::<Vec<_>>().join(", ")
}

/// One line for each day or range: `2026-10-01~2026-10-07 国庆节` is off, `2026-10-10 09:00-18:00 调休` on duty so long.
/// A later line wins over an earlier one.
///
/// # Errors
/// The number of the first line that cannot be read, from 1.
pub fn read_days(text: &str) -> Result<Vec<SpecialDay>, usize> {
    let mut days: Vec<SpecialDay> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let read = day_line(line).ok_or(at + 1)?;
        for day in read {
            days.retain(|known| known.date != day.date);
            days.push(day);
        }
        if days.len() > DAYS_MOST {
            return Err(at + 1);
        }
    }
    days.sort_by_key(|day| day.date);
    Ok(days)
}

fn day_line(line: &str) -> Option<Vec<SpecialDay>> {
    let (dates, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (first, last) = match dates.split_once(['~', '～', '至']) {
        Some((first, last)) => (date(first)?, date(last)?),
        None => (date(dates)?, date(dates)?),
    };
    // Hours come before the name: as many words as can be read as such.
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_hours = |word: &&&str| word.starts_with(|char: char| char.is_ascii_digit()) && read_spans(word).is_some();
    let count = words.iter().take_while(is_hours).count();
    let spans = read_spans(&words[..count].join(","))?;
    let name: String = words[count..].join(" ").chars().take(NAME_MOST).collect();
    let length = first.until(last).ok()?.get_days();
    if !(0..=366).contains(&length) {
        return None;
    }
    let mut found = Vec::new();
    let mut date = first;
    while date <= last {
        found.push(SpecialDay { date, spans: spans.clone(), name: name.clone() });
        date = date.tomorrow().ok()?;
    }
    Some(found)
}

fn date(text: &str) -> Option<Date> {
    kernel::time::day(&text.replace(['/', '.'], "-"))
}

/// The days as `read_days` takes them; neighbours that are alike stand in one line.
#[must_use]
pub fn write_days(days: &[SpecialDay]) -> String {
    let mut lines: Vec<(Date, &SpecialDay)> = Vec::new();
    for day in days {
        match lines.last_mut() {
            Some((_, last))
                if last.date.tomorrow().is_ok_and(|next| next == day.date) && last.spans == day.spans && last.name == day.name =>
            {
                *last = day
            }
            _ => lines.push((day.date, day)),
        }
    }
    let line = |(first, last): &(Date, &SpecialDay)| {
        let dates = if *first == last.date { first.to_string() } else { format!("{first}~{}", last.date) };
        [dates, write_spans(&last.spans), last.name.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

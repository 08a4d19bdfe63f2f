//! 处理完的时间, as the mail and the page tell it: who finished the matter, and when, seen from the moment of reading.

use crate::queries::day;
use jiff::{SignedDuration, tz::TimeZone};
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;

/// How long “just” lasts.
const JUST: SignedDuration = SignedDuration::from_hours(1);

/// `客服李雷刚刚为您处理完这件事：`, with today, yesterday or the day when it is longer ago. Nobody is named without an agent,
/// and no time when none is known.
#[must_use]
pub(crate) fn sentence(agent: &str, ended: Option<Stamp>, now: Stamp, zone: &TimeZone, lang: Lang) -> String {
    let when = ended.map(|at| words(at, now, zone, lang));
    match (lang, agent) {
        (Lang::Zh, "") => format!("我们{}为您处理完这件事：", when.as_deref().unwrap_or("已")),
        (Lang::Zh, agent) => format!("客服{agent}{}为您处理完这件事：", when.as_deref().unwrap_or("已")),
        (Lang::En, agent) => {
            let who = if agent.is_empty() { "We" } else { agent };
            match (ended, when) {
                (Some(at), _) if is_just(at, now) => {
                    format!("{who} {} just finished this for you:", if agent.is_empty() { "have" } else { "has" })
                }
                (_, Some(when)) => format!("{who} finished this for you {when}:"),
                _ => format!("{who} finished this for you:"),
            }
        }
    }
}

fn is_just(at: Stamp, now: Stamp) -> bool {
    now.since(at) < JUST
}

fn words(at: Stamp, now: Stamp, zone: &TimeZone, lang: Lang) -> String {
    let (date, today) = (at.date(zone), now.date(zone));
    if is_just(at, now) {
        t!(lang, "刚刚", "just now").to_owned()
    } else if date == today {
        t!(lang, "今天", "today").to_owned()
    } else if date.tomorrow().is_ok_and(|next| next == today) {
        t!(lang, "昨天", "yesterday").to_owned()
    } else if date.year() == today.year() {
        t!(lang, "在 {}", "on {}", day(at, zone, lang))
    } else {
        t!(lang, "在 {1} 年 {0}", "on {0} {1}", day(at, zone, lang), date.year())
    }
}

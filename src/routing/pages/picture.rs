//! The days to come as a picture: one line a day, dark where the calendar is on duty. The same hours stand beside it as
//! text, so that nothing is said by the picture alone.

use crate::calendar::{Calendar, DAY, Span, write_spans};
use crate::model::day_name;
use jiff::civil::Date;
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;

/// Days of the picture.
const SHOWN: usize = 14;

/// The next two weeks.
pub(super) fn days(lang: Lang, calendar: &Calendar, now: Stamp) -> AnyView {
    let mut rows = Vec::with_capacity(SHOWN);
    let mut date = now.date(&calendar.zone());
    let mut late = date.yesterday().map(|before| over_midnight(calendar, before)).unwrap_or_default();
    for _ in 0..SHOWN {
        rows.push(day(lang, calendar, date, &late));
        late = over_midnight(calendar, date);
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    view! {
        <section aria-labelledby="d5">
            <div class="side-h"><h2 id="d5">{t!(lang, "接下来两周", "The next two weeks")}</h2><p>{t!(lang, "按已保存的内容。", "As saved.")}</p></div>
            <div class="card"><ol class="duty">{rows}</ol></div>
        </section>
    }
    .into_any()
}

/// Minutes of the next day that belong to hours of this one.
fn over_midnight(calendar: &Calendar, date: Date) -> Vec<(u16, u16)> {
    calendar.hours_of(date).0.iter().filter(|span| span.to <= span.from).map(|span| (0, span.to)).collect()
}

fn day(lang: Lang, calendar: &Calendar, date: Date, late: &[(u16, u16)]) -> AnyView {
    let (spans, name) = calendar.hours_of(date);
    let weekday = day_name(lang, usize::from(date.weekday().to_monday_zero_offset().unsigned_abs()));
    let own = spans.iter().map(|span: &Span| (span.from, if span.to <= span.from { DAY } else { span.to }));
    let bars: Vec<AnyView> = late
        .iter()
        .copied()
        .chain(own)
        .map(|(from, to)| view! { <rect class="on" x=from.to_string() y="0" width=(to - from).to_string() height="60"></rect> }.into_any())
        .collect();
    let tick = |hour: u16| view! { <rect class="tick" x=(hour * 60).to_string() y="0" width="4" height="60"></rect> }.into_any();
    let ticks = [6, 12, 18].map(tick);
    let words = if spans.is_empty() { t!(lang, "休息", "Off").to_owned() } else { write_spans(spans) };
    let called = name.filter(|name| !name.is_empty()).map(|name| view! { <span class="tag">{name.to_owned()}</span> });
    view! {
        <li>
            <span class="when"><b>{format!("{}-{:02}", date.month(), date.day())}</b>" "{weekday}" "{called}</span>
            <svg viewBox="0 0 1440 60" preserveAspectRatio="none" aria-hidden="true"><rect class="off" x="0" y="0" width="1440" height="60"></rect>{bars}{ticks}</svg>
            <span class="hours small">{words}</span>
        </li>
    }
    .into_any()
}

//! 工单的时效: the clocks of one ticket, each as a line of time with what counted and what did not.

use super::ADDRESS;
use crate::clock::{Clock, Pace, Segment};
use crate::pick::Passed;
use crate::queries::TicketClocks;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use ticket::model::due::ClockState;
use ui::icon::icon_s;
use ui::tag::{Tone, tag};

/// Units of the picture's width.
const WIDTH: i64 = 1_000;
/// Stretches of a clock that are listed, the last ones.
const STRETCHES_SHOWN: usize = 40;
/// Clocks that came to their end and are shown beside those that run.
const OVER_SHOWN: usize = 3;

/// The card beside a ticket; nothing without a policy.
pub fn card(ctx: &Ctx, clocks: Option<&TicketClocks>) -> AnyView {
    let Some(found) = clocks else { return ().into_any() };
    let lang = ctx.lang();
    let mut shown: Vec<&Clock> = found.clocks.iter().filter(|clock| !clock.state.is_over()).collect();
    shown.sort_by_key(|clock| (clock.due_at.is_none(), clock.due_at));
    shown.extend(found.clocks.iter().rev().filter(|clock| clock.state.is_over()).take(OVER_SHOWN));
    let lines: Vec<AnyView> = shown.into_iter().map(|clock| line(ctx, clock, found)).collect();
    let name = found.name.clone();
    let policy = if ctx.may(Permission::SlaManage) {
        view! { <a class="link small" href=format!("{ADDRESS}/{}", found.policy)>{name}</a> }.into_any()
    } else {
        view! { <span class="small mute">{name}</span> }.into_any()
    };
    let hours = match found.calendar_name.as_str() {
        "" => t!(lang, "按全天 24 小时计时", "Counts day and night").to_owned(),
        name => t!(lang, "按“{}”计时", "Counts in “{}”", name),
    };
    view! {
        <section class="card" aria-labelledby="sla-h">
            <header><h2 id="sla-h">{t!(lang, "时效", "SLA")}</h2><span class="act">{policy}</span></header>
            <div class="in stack">{lines}<p class="small mute">{hours}</p>{why(&found.passed, lang)}</div>
        </section>
    }
    .into_any()
}

/// Why it is this policy: those before it, each with what of it did not fit.
fn why(passed: &[Passed], lang: Lang) -> Option<AnyView> {
    if passed.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = passed
        .iter()
        .map(|before| {
            let misfits: Vec<&str> = before.misfits.iter().map(|part| part.label(lang)).collect();
            let misfits = t!(lang, "不符：{}", "no match: {}", misfits.join(t!(lang, "、", ", ")));
            view! { <li class="mute">{icon_s("x")}<span>{before.name.clone()}<span class="sub">{misfits}</span></span></li> }.into_any()
        })
        .collect();
    Some(
        view! {
            <details class="opens">
                <summary class="small dim">{icon_s("chevron-right")}<span>{t!(lang, "为什么是这条规则", "Why this policy")}</span></summary>
                <ol class="small stretches">{rows}</ol>
            </details>
        }
        .into_any(),
    )
}

fn line(ctx: &Ctx, clock: &Clock, found: &TicketClocks) -> AnyView {
    let (lang, now) = (ctx.lang(), found.now);
    let (tone, picture) = match clock.state {
        ClockState::Running => (Tone::Plain, "timer"),
        ClockState::Paused => (Tone::Plain, "circle-pause"),
        ClockState::Overdue | ClockState::Missed => (Tone::Bad, "timer"),
        ClockState::Met => (Tone::Ok, "check"),
    };
    let state = match (clock.state, clock.due_at) {
        (ClockState::Running, Some(due)) => t!(lang, "剩 {}", "{} left", away(due.since(now), lang)),
        (ClockState::Overdue, Some(due)) => t!(lang, "已超 {}", "{} late", away(now.since(due), lang)),
        _ => clock.state.label(lang).to_owned(),
    };
    let label = match clock.no {
        1 => clock.target.label(lang).to_owned(),
        no => t!(lang, "{0}（第 {1} 次）", "{0} ({1})", clock.target.label(lang), no),
    };
    let used = t!(lang, "用了 {0}，限 {1}", "{0} of {1} used", length(clock.used, lang), length(clock.allowed, lang));
    let due = clock.due_at.map(|due| t!(lang, "，时限 {}", ", due {}", due.table(&ctx.zone)));
    let stretches = clock.segments.len();
    let before = stretches.saturating_sub(STRETCHES_SHOWN);
    let rows: Vec<AnyView> = clock.segments.iter().skip(before).map(|segment| row(ctx, *segment)).collect();
    let before = (before > 0).then(|| view! { <li class="mute">{t!(lang, "之前还有 {} 段", "{} earlier stretches", before)}</li> });
    view! {
        <div class="clock">
            <div class="row"><b>{label}</b><span class="end">{tag(tone, picture, state)}</span></div>
            {picture_of(clock, now)}
            <details class="opens">
                <summary class="small dim">{icon_s("chevron-right")}<span>{used}{due}</span></summary>
                <ol class="small stretches" aria-label=t!(lang, "{} 段时间", "{} stretches of time", stretches)>{before}{rows}</ol>
            </details>
        </div>
    }
    .into_any()
}

/// One stretch in words: what the picture shows.
fn row(ctx: &Ctx, segment: Segment) -> AnyView {
    let lang = ctx.lang();
    let (picture, what) = match segment.pace {
        Pace::Runs => ("timer", t!(lang, "计时", "counted")),
        Pace::OffDuty => ("moon", t!(lang, "下班", "off duty")),
        Pace::Pauses => ("circle-pause", t!(lang, "暂停", "paused")),
    };
    let class = if segment.pace == Pace::Runs { "" } else { "mute" };
    let (from, to) = (segment.from, segment.to);
    let day = |at: Stamp| at.date(&ctx.zone).strftime("%m-%d").to_string();
    let end = if day(from) == day(to) { String::new() } else { format!("{} ", day(to)) };
    let times = format!("{} {} – {end}{}", day(from), from.clock(&ctx.zone), to.clock(&ctx.zone));
    let length = length(to.since(from), lang);
    view! { <li class=class>{icon_s(picture)}<span>{what}" "{length}<span class="sub">{times}</span></span></li> }.into_any()
}

/// The clock's time from its beginning to its end, its due moment or now, whichever is last.
fn picture_of(clock: &Clock, now: Stamp) -> AnyView {
    let end = clock.ended_at.unwrap_or(now).max(clock.due_at.unwrap_or(clock.started_at));
    let whole = end.since(clock.started_at).as_millis().max(1);
    let x = |at: Stamp| i64::try_from(at.since(clock.started_at).as_millis() * i128::from(WIDTH) / whole).unwrap_or(0);
    let bars: Vec<AnyView> = clock
        .segments
        .iter()
        // Narrower than the picture can show.
        .filter(|segment| x(segment.from) < x(segment.to))
        .map(|segment| {
            let class = match (segment.pace, clock.due_at.is_some_and(|due| segment.from >= due)) {
                (Pace::Runs, true) => "late",
                (Pace::Runs, false) => "runs",
                (Pace::OffDuty, _) => "off",
                (Pace::Pauses, _) => "stands",
            };
            let (from, to) = (x(segment.from), x(segment.to));
            view! { <rect class=class x=from.to_string() y="0" width=(to - from).max(1).to_string() height="40"></rect> }.into_any()
        })
        .collect();
    let due = clock.due_at.map(|due| view! { <rect class="due" x=(x(due) - 4).max(0).to_string() y="0" width="5" height="40"></rect> });
    view! { <svg class="clock-line" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true"><rect class="ahead" x="0" y="0" width="1000" height="40"></rect>{bars}{due}</svg> }
        .into_any()
}

/// How far a moment is away, by the clock on the wall: `4 天 16 小时`.
fn away(far: SignedDuration, lang: Lang) -> String {
    match (far.as_hours() / 24, far.as_hours() % 24) {
        (0, _) => length(far, lang),
        (days, 0) => t!(lang, "{} 天", "{} d", days),
        (days, hours) => t!(lang, "{0} 天 {1} 小时", "{0} d {1} h", days, hours),
    }
}

/// `59 小时 5 分`; seconds only below a minute, and no days, since a day on duty has other hours than 24.
fn length(length: SignedDuration, lang: Lang) -> String {
    let (seconds, minutes) = (length.as_secs().max(0), length.as_mins().max(0));
    match (minutes / 60, minutes % 60) {
        (0, 0) => t!(lang, "{} 秒", "{} s", seconds),
        (0, rest) => t!(lang, "{} 分", "{} min", rest),
        (hours, 0) => t!(lang, "{} 小时", "{} h", hours),
        (hours, rest) => t!(lang, "{0} 小时 {1} 分", "{0} h {1} min", hours, rest),
    }
}

//! 泳道: who did what when, one lane a person over the time of the call. Each stretch has a fill, a pattern or a dashed edge,
//! a title, and a word where it fits; the same stands as a table below.

use super::mark::{self, Numbers};
use crate::lineage::{Lane, Part, Who, ticks};
use crate::model::Bucket;
use core::fmt::Write;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, html};
use ui::icon;
use ui::written::Written;

/// Share of the axis, in thousandths, from which a word fits into a stretch.
const ROOM: i64 = 90;

/// The card; `length` is that of the call in milliseconds.
pub(super) fn card(lanes: &[Lane], length: i64, numbers: Numbers, lang: Lang) -> AnyView {
    // A call of no length has an axis too.
    let whole = length.max(lanes.iter().flat_map(|lane| &lane.parts).map(|part| part.to).max().unwrap_or(0)).max(1);
    let steps = ticks(whole);
    let drawn: Written = html! {
        svg.sr width="0" height="0" aria-hidden="true" { defs {
            pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect.h0 width="6" height="6" {}
                rect.h1 width="2" height="6" {}
            }
        } }
        div.lanes role="list" aria-label=(t!(lang, "参与方", "Who took part")) {
            div.guides aria-hidden="true" {
                span {}
                svg width="100%" height="100%" {
                    @for step in &steps { @let x = share(*step, whole); line.tick x1=(x) x2=(x) y1="0" y2="100%" {} }
                }
            }
            @for lane in lanes { (self::lane(lane, whole, numbers, lang)) }
        }
        div.axis aria-hidden="true" {
            span {}
            svg width="100%" height="16" {
                @for step in &steps {
                    @let anchor = if *step == 0 { "start" } else if *step * 10 > whole * 9 { "end" } else { "middle" };
                    text x=(share(*step, whole)) y="12" text-anchor=(anchor) { (mark::clock(*step)) }
                }
            }
        }
    }
    .into();
    view! {
        <section class="card" aria-labelledby="lanes">
            <header><h2 id="lanes">{t!(lang, "通话经过", "What happened")}</h2>{legend(lanes, lang)}</header>
            <div class="in swim">{drawn}</div>
            <details class="in as-table"><summary>{t!(lang, "用表格看", "As a table")}</summary>{twin(lanes, numbers, lang)}</details>
        </section>
    }
    .into_any()
}

fn lane(lane: &Lane, whole: i64, numbers: Numbers, lang: Lang) -> Markup {
    let name = name(lane, numbers, lang);
    let role = match (lane.who, lane.role) {
        (Who::Customer, _) => t!(lang, "客户", "Customer"),
        (_, Some(role)) => role.label(lang),
        (Who::Agent(_), None) => t!(lang, "客服", "Agent"),
        (Who::Third(_), None) => t!(lang, "第三方", "Third party"),
    };
    let picture = match lane.who {
        Who::Customer => "user-round",
        Who::Agent(_) => "headset",
        Who::Third(_) => "phone",
    };
    let spoken = lane.parts.iter().fold(name.clone(), |mut spoken, part| {
        let _ = write!(spoken, "{}{}", t!(lang, "，", ", "), words(*part, lang));
        spoken
    });
    html! {
        div.lane role="listitem" {
            div.who-l { (icon::written(picture, "i")) span { b { (name) } @if name != role { small { (role) } } } }
            svg width="100%" height="36" role="img" aria-label=(spoken) {
                @for part in &lane.parts { (stretch(*part, whole, lang)) }
            }
        }
    }
}

fn stretch(part: Part, whole: i64, lang: Lang) -> Markup {
    let fill = fill(part.bucket);
    let class = format!("g-{fill}");
    let title = format!(
        "{} {}–{}{}{}",
        part.bucket.label(lang),
        mark::clock(part.from),
        mark::clock(part.to),
        t!(lang, "，", ", "),
        long(part.length(), lang)
    );
    let has_room = part.length() * 1_000 / whole >= ROOM;
    html! {
        g {
            title { (title) }
            rect class=(class) x=(share(part.from, whole)) y="5" width=(share(part.length(), whole)) height="26" rx="3" {}
            @if has_room {
                text class=(format!("x-{fill}")) x=(share(part.from + part.length() / 2, whole)) y="22" text-anchor="middle" { (short(part.bucket, lang)) }
            }
        }
    }
}

/// The customer's own word, an agent's name, a third party's number.
pub(super) fn name(lane: &Lane, numbers: Numbers, lang: Lang) -> String {
    match lane.who {
        Who::Customer => t!(lang, "客户", "Customer").to_owned(),
        Who::Agent(_) => lane.name.clone(),
        Who::Third(_) if lane.name.is_empty() => t!(lang, "第三方", "Third party").to_owned(),
        Who::Third(_) => numbers.show(&lane.name),
    }
}

/// `3.67%`, in whole numbers.
fn share(ms: i64, whole: i64) -> String {
    let hundredths = ms * 10_000 / whole;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Which fill of the style sheet a bucket has.
pub(super) const fn fill(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Talk | Bucket::ThreeWay => "talk",
        Bucket::Consult => "side",
        Bucket::Hold => "hold",
        Bucket::Ring | Bucket::Dial => "ring",
        Bucket::Ivr | Bucket::Queue => "wait",
        Bucket::Voicemail => "after",
        Bucket::Monitor => "ear",
    }
}

/// A bucket in a stretch, where room is short.
const fn short(bucket: Bucket, lang: Lang) -> &'static str {
    match (bucket, lang) {
        (Bucket::Talk, Lang::En) => "Talk",
        (Bucket::ThreeWay, Lang::Zh) => "三方",
        (Bucket::ThreeWay, Lang::En) => "Three-way",
        (Bucket::Consult, Lang::En) => "Consult",
        _ => bucket.label(lang),
    }
}

fn long(ms: i64, lang: Lang) -> String {
    t!(lang, "{} 秒", "{} s", mark::seconds(ms))
}

fn words(part: Part, lang: Lang) -> String {
    format!("{} {}", part.bucket.label(lang), long(part.length(), lang))
}

/// The buckets that occur, each once with its fill.
fn legend(lanes: &[Lane], lang: Lang) -> AnyView {
    let occurs = |bucket: &&Bucket| lanes.iter().any(|lane| lane.parts.iter().any(|part| part.bucket == **bucket));
    let keys: Written = html! {
        @for bucket in Bucket::ALL.iter().filter(occurs) { span { (key(*bucket)) (bucket.label(lang)) } }
    }
    .into();
    view! { <span class="act legend2 small">{keys}</span> }.into_any()
}

/// The fill of a bucket as a small square.
pub(super) fn key(bucket: Bucket) -> Markup {
    let class = format!("g-{}", fill(bucket));
    html! { svg width="12" height="10" aria-hidden="true" { rect class=(class) x=".5" y=".5" width="11" height="9" rx="2" {} } }
}

/// Every stretch as a row.
fn twin(lanes: &[Lane], numbers: Numbers, lang: Lang) -> AnyView {
    let rows: Written = html! {
        @for lane in lanes {
            @let name = name(lane, numbers, lang);
            @for part in &lane.parts {
                tr {
                    th scope="row" { (name) }
                    td { (part.bucket.label(lang)) }
                    td.num { (mark::clock(part.from)) }
                    td.num { (mark::clock(part.to)) }
                    td.num { (mark::length(part.length(), lang)) }
                }
            }
        }
    }
    .into();
    let table = view! {
        <table class="table tight">
            <thead><tr>
                <th scope="col">{t!(lang, "参与方", "Who")}</th>
                <th scope="col">{t!(lang, "时间归属", "Bucket")}</th>
                <th scope="col" class="num">{t!(lang, "从", "From")}</th>
                <th scope="col" class="num">{t!(lang, "到", "To")}</th>
                <th scope="col" class="num">{t!(lang, "时长", "Length")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    ui::table::scroll(t!(lang, "通话经过", "What happened"), table)
}

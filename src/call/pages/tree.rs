//! 通话记录 of one call as a tree: the main record, and under each who was asked from it; recordings stand beside theirs.

use super::mark::{self, Numbers};
use super::table::other_end;
use crate::actions::record::FetchAgain;
use crate::lineage;
use crate::queries::detail::{CallDetail, LegRow};
use crate::queries::recording::Source;
use kernel::ctx::Ctx;
use kernel::id::LegId;
use kernel::permission::Permission;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use maud::{Markup, display, html};
use ui::form::{html_name, path_of};
use ui::tag::or_dash;
use ui::written::Written;

/// Where the sounds of records are.
pub(super) struct Sounds {
    /// The records whose sound is kept here.
    pub(super) kept: Vec<LegId>,
    /// What became of those that switches told of.
    pub(super) sources: Vec<Source>,
}

/// The card.
pub(super) fn card(detail: &CallDetail, sounds: &Sounds, numbers: Numbers, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let rows: Written = html! { @for (depth, leg) in lineage::tree(&detail.legs) { (row(depth, leg, numbers, ctx)) } }.into();
    let table = view! {
        <table class="table fold" role="table">
            <thead role="rowgroup"><tr role="row">
                <th role="columnheader" scope="col">{t!(lang, "呼叫类型", "Call type")}</th>
                <th role="columnheader" scope="col">{t!(lang, "客服或号码", "Agent or number")}</th>
                <th role="columnheader" scope="col" class="num">{t!(lang, "开始", "Started")}</th>
                <th role="columnheader" scope="col" class="num">{t!(lang, "振铃", "Ring")}</th>
                <th role="columnheader" scope="col" class="num">{t!(lang, "通话", "Talk")}</th>
                <th role="columnheader" scope="col" class="num">{t!(lang, "保持", "Hold")}</th>
                <th role="columnheader" scope="col">{t!(lang, "通话结果", "Result")}</th>
                <th role="columnheader" scope="col">{t!(lang, "挂断方", "Hung up by")}</th>
            </tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    let children = detail.legs.len().saturating_sub(1);
    let words = t!(lang, "1 条主记录，{} 条子记录", "1 main record, {} child records", children);
    view! {
        <section class="card" aria-labelledby="legs">
            <header><h2 id="legs">{t!(lang, "通话记录", "Records")}</h2><span class="count">{detail.legs.len()}</span><span class="act small mute">{words}</span></header>
            {ui::table::scroll(t!(lang, "通话记录", "Records"), table)}
            {recordings(detail, sounds, numbers, ctx)}
        </section>
    }
    .into_any()
}

fn row(depth: usize, leg: &LegRow, numbers: Numbers, ctx: &Ctx) -> Markup {
    let (lang, record) = (ctx.lang(), &leg.record);
    let hold = if leg.hold_count > 0 { mark::length(record.hold_ms, lang) } else { or_dash("") };
    html! {
        tr role="row" data-depth=(depth) {
            th.leg role="rowheader" scope="row" {
                @for _ in 0..depth { span.twig aria-hidden="true" {} }
                (mark::call_type(record.call_type, lang))
                @if depth == 0 { span.tag.line { (t!(lang, "主", "Main")) } }
            }
            td role="cell" data-k=(t!(lang, "客服或号码", "Agent or number")) {
                (other_end(record, numbers))
                @if leg.is_three_way { " " span.tag.line { (t!(lang, "三方通话", "Three-way")) } }
            }
            td.num role="cell" data-k=(t!(lang, "开始", "Started")) { (moment(record.started_at, ctx)) }
            td.num role="cell" data-k=(t!(lang, "振铃", "Ring")) { (mark::length(record.ring_ms, lang)) }
            td.num role="cell" data-k=(t!(lang, "通话", "Talk")) { (mark::length(record.talk_ms, lang)) }
            td.num role="cell" data-k=(t!(lang, "保持", "Hold")) { (hold) }
            td role="cell" data-k=(t!(lang, "通话结果", "Result")) { (mark::result(record.result, lang)) }
            td role="cell" data-k=(t!(lang, "挂断方", "Hung up by")) { (or_dash(record.ender.map_or("", |ender| ender.label(lang)))) }
        }
    }
}

/// `09:12:46`, the day on hover.
fn moment(at: Stamp, ctx: &Ctx) -> Markup {
    let words = ctx.zone.to_datetime(at.0).strftime("%H:%M:%S").to_string();
    html! { time datetime=(at.machine()) title=(at.table(&ctx.zone)) { (words) } }
}

/// Players for whoever may listen. What a switch keeps elsewhere is not fetched by the reader's browser.
fn recordings(detail: &CallDetail, sounds: &Sounds, numbers: Numbers, ctx: &Ctx) -> Option<AnyView> {
    let (lang, kept) = (ctx.lang(), &sounds.kept);
    let recorded: Vec<&LegRow> = detail.legs.iter().filter(|leg| leg.record.is_recorded || kept.contains(&leg.record.id)).collect();
    if recorded.is_empty() {
        return None;
    }
    let may_listen = ctx.may(Permission::RecordingListen);
    let rows: Written = html! {
        @for leg in recorded {
            @let label = t!(lang, "{}的录音", "Recording: {}", leg.record.call_type.label(lang));
            li {
                div.grow {
                    (leg.record.call_type.label(lang)) " " (other_end(&leg.record, numbers))
                    @if let Some(ms) = leg.recording_ms { " " span.mute.small { (mark::length(ms, lang)) } }
                }
                @if !may_listen {
                    span.mute.small { (t!(lang, "您没有收听录音的权限", "You may not listen to recordings")) }
                } @else if kept.contains(&leg.record.id) {
                    audio controls preload="none" aria-label=(label)
                        src={ "/calls/" (display(detail.call.id)) "/recordings/" (display(leg.record.id)) } {}
                } @else {
                    @match sounds.sources.iter().find(|source| source.leg == leg.record.id).map(|source| source.state) {
                        Some(state) if state.has_failed() => {
                            span.mute.small { (t!(lang, "没有取回：", "Not fetched: ")) (state.label(lang)) }
                            form method="post" action=(path_of::<FetchAgain>()) {
                                input type="hidden" name=(html_name("call")) value=(display(detail.call.id));
                                input type="hidden" name=(html_name("leg")) value=(display(leg.record.id));
                                button.btn.mini type="submit" { (t!(lang, "再取一次", "Fetch again")) }
                            }
                        }
                        _ => span.mute.small { (t!(lang, "录音在交换机上，还没有取回", "Kept by the switch, not fetched yet")) },
                    }
                }
            }
        }
    }
    .into();
    let audited = may_listen
        .then(|| view! { <p class="in small mute">{t!(lang, "收听录音会记入审计。", "Listening is noted in the audit trail.")}</p> });
    Some(view! { <h3 class="in">{t!(lang, "录音", "Recordings")}</h3><ul class="rows">{rows}</ul>{audited} }.into_any())
}

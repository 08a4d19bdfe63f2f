//! 实时大屏: what a supervisor looks at from afar. Every figure leads to the list it counts.

use crate::figure::{Figure, clock};
use crate::metric::call::{ABANDON_RATE, SERVICE_LEVEL};
use crate::metric::{Metric, Unit};
use crate::model::{By, ReportQuery};
use crate::pages::details::rows_of;
use crate::queries;
use crate::queries::wall::{Seat, Waiting, seats, waiting};
use crate::report::Filter;
use crate::reports::call::REPORT;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use ui::icon;
use ui::page::Page;
use ui::tag::{Tone, or_dash};
use ui::visit::Visit;
use ui::written::Written;

/// 等待偏长 and 过长, in seconds: the 20 seconds of the service level, and a minute.
const WAITS: (i64, i64) = (20, 60);
/// 服务水平偏低 and 过低, in percent.
const LEVELS: (i64, i64) = (80, 60);
/// How often the page is loaded anew when it is asked to, in seconds.
const EVERY: &str = "10";

/// How a figure stands to its threshold, said by a word as well as by its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// As it should be.
    Calm,
    /// Past the first threshold.
    Watch,
    /// Past the second.
    Act,
}

/// What a row of the queue opens: the call, for whoever may see every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    Calls,
    Nothing,
}

/// The alarm of a wait.
#[must_use]
pub const fn alarm_of_wait(seconds: i64) -> Alarm {
    match seconds {
        seconds if seconds > WAITS.1 => Alarm::Act,
        seconds if seconds > WAITS.0 => Alarm::Watch,
        _ => Alarm::Calm,
    }
}

/// The alarm of a service level; none while nobody has asked for an agent.
#[must_use]
pub fn alarm_of_level(level: Figure) -> Alarm {
    match level.scaled(100) {
        Some(percent) if percent < LEVELS.1 => Alarm::Act,
        Some(percent) if percent < LEVELS.0 => Alarm::Watch,
        _ => Alarm::Calm,
    }
}

/// The address of the wall.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WallQuery {
    /// 自动刷新: `1` loads the page anew every so often.
    live: String,
}

/// 实时大屏, `/calls/wall`.
pub async fn wall_page(visit: Visit) -> Result<Page> {
    let (lang, now) = (visit.lang(), visit.now());
    let query = ReportQuery { range: "today".to_owned(), compare: "no".to_owned(), ..ReportQuery::default() };
    let today = Filter::strict(&query, &REPORT, now.date(&visit.ctx.zone))?;
    let total = queries::table::table(&visit.ctx, &REPORT, Filter { by: By::Day, ..today }).await?.total;
    let (queue, seats) = (waiting(&visit.ctx).await?, seats(&visit.ctx).await?);
    let is_live = visit.query::<WallQuery>().live == "1";
    let zone = visit.ctx.zone.clone();
    let opens = if visit.ctx.may(Permission::CallRecordView) { Opens::Calls } else { Opens::Nothing };
    let page = Page::new(t!(lang, "实时大屏", "Live wall")).lead(t!(
        lang,
        "{} 的排队和坐席，今天的服务水平。",
        "Queue and agents at {}, and the service level of today.",
        now.clock(&zone)
    ));
    let page = page.action(move || {
        let (href, words) = if is_live {
            ("/calls/wall", t!(lang, "停止自动刷新", "Stop refreshing"))
        } else {
            ("/calls/wall?live=1", t!(lang, "每 10 秒刷新", "Refresh every 10 s"))
        };
        view! { <a class="btn" href=href>{words}</a> }.into_any()
    });
    Ok(page.body(move || {
        let refresh = is_live.then(|| view! { <meta http-equiv="refresh" content=EVERY/> });
        let query = today.query();
        let rows = rows_of(&REPORT, &query);
        let open = |metric: &Metric| format!("{rows}{}", metric.key);
        let longest = queue.first().map(|first| seconds(first.since, now));
        let on_call = seats.iter().filter(|seat| seat.call.is_some()).count();
        let free = seats.iter().filter(|seat| seat.is_free()).count();
        let level = total.figure(&SERVICE_LEVEL);
        let figure = |metric: &'static Metric| (metric.name.of(lang), open(metric), total.figure(metric).show(metric.unit));
        let calm = Alarm::Calm;
        let tiles = html! {
            section.tiles aria-label=(t!(lang, "关键指标", "Key figures")) {
                (tile((t!(lang, "排队人数", "Waiting"), "#queue"), &queue.len().to_string(), if queue.is_empty() { calm } else { Alarm::Watch }, lang))
                (tile((t!(lang, "最长等待", "Longest wait"), "#queue"), &longest.map_or_else(|| "–".to_owned(), clock), longest.map_or(calm, alarm_of_wait), lang))
                (tile((t!(lang, "空闲坐席", "Free agents"), "#seats"), &free.to_string(), calm, lang))
                (tile((t!(lang, "通话中坐席", "On a call"), "#seats"), &on_call.to_string(), calm, lang))
                (tile((SERVICE_LEVEL.name.of(lang), &open(&SERVICE_LEVEL)), &level.show(Unit::Percent), alarm_of_level(level), lang))
                @let (name, href, shown) = figure(&ABANDON_RATE);
                (tile((name, &href), &shown, calm, lang))
            }
        };
        let tiles: Written = tiles.into();
        view! {
            {refresh}
            <div class="body report">
                {tiles}
                {queue_card(&queue, now, opens, lang)}
                {seats_card(&seats, now, lang)}
            </div>
        }
    }))
}

fn tile((name, href): (&str, &str), shown: &str, alarm: Alarm, lang: Lang) -> Markup {
    html! {
        div.tile {
            div.k { (name) }
            a.v href=(href) { (shown) }
            div.small { (said(alarm, lang)) }
        }
    }
}

/// An alarm as a mark of colour and word.
fn said(alarm: Alarm, lang: Lang) -> Markup {
    let (tone, picture, word) = match alarm {
        Alarm::Calm => return html! { span.mute { (t!(lang, "正常", "Normal")) } },
        Alarm::Watch => (Tone::Warn, "triangle-alert", t!(lang, "注意", "Watch")),
        Alarm::Act => (Tone::Bad, "triangle-alert", t!(lang, "需要处理", "Act now")),
    };
    html! { span class=(format!("tag {}", tone.class())) { (icon::written(picture, "i")) (word) } }
}

fn queue_card(queue: &[Waiting], now: Stamp, opens: Opens, lang: Lang) -> Written {
    html! {
        section.card aria-labelledby="queue" {
            header { h2 id="queue" { (t!(lang, "排队中", "Waiting")) } }
            @if queue.is_empty() {
                div.in { p.mute { (t!(lang, "现在没有人排队", "Nobody waits now")) } }
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="queue" {
                    table.table {
                        thead { tr {
                            th scope="col" { (t!(lang, "技能组", "Group")) }
                            th scope="col" { (t!(lang, "业务线", "Line")) }
                            th.num scope="col" { (t!(lang, "已等待", "Waited")) }
                            th scope="col" { (t!(lang, "状态", "State")) }
                        } }
                        tbody {
                            @for call in queue {
                                @let waited = seconds(call.since, now);
                                tr {
                                    th scope="row" {
                                        @match opens {
                                            Opens::Calls => a.to href=(format!("/calls/{}", call.call)) { (or_dash(&call.group)) },
                                            Opens::Nothing => (or_dash(&call.group)),
                                        }
                                    }
                                    td { (call.line.label(lang)) }
                                    td.num { (clock(waited)) }
                                    td { (said(alarm_of_wait(waited), lang)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    .into()
}

fn seats_card(seats: &[Seat], now: Stamp, lang: Lang) -> Written {
    html! {
        section.card aria-labelledby="seats" {
            header { h2 id="seats" { (t!(lang, "坐席", "Agents")) } }
            @if seats.is_empty() {
                div.in { p.mute { (t!(lang, "现在没有坐席在线", "No agent is online")) } }
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="seats" {
                    table.table {
                        thead { tr {
                            th scope="col" { (t!(lang, "客服", "Agent")) }
                            th scope="col" { (t!(lang, "状态", "State")) }
                            th scope="col" { (t!(lang, "通话", "Call")) }
                            th.num scope="col" { (t!(lang, "已持续", "For")) }
                        } }
                        tbody {
                            @for seat in seats {
                                tr {
                                    th scope="row" { (seat.name) }
                                    td { span class=(seat.state.light()) aria-hidden="true" {} " " (seat.state.label(lang)) }
                                    td { (or_dash(seat.call.map_or("", |(bucket, _)| bucket.label(lang)))) }
                                    td.num {
                                        @match seat.call.map(|(_, since)| since).or(seat.since) {
                                            Some(since) => (clock(seconds(since, now))),
                                            None => "–",
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    .into()
}

fn seconds(since: Stamp, now: Stamp) -> i64 {
    now.since(since).as_secs().max(0)
}

//! 时长构成: a total with its parts as a sum that can be followed, each part opening its rows.

use crate::figure::{Figure, Sums};
use crate::metric::Metric;
use crate::model::ReportQuery;
use crate::pages::details::rows_of;
use crate::pages::help;
use crate::queries::spread::Spread;
use crate::reports::{Bridge, Report};
use kernel::lang::Lang;
use kernel::t;
use maud::{Markup, html};
use ui::written::Written;

/// The bridge between the total and what other reports count of it.
pub(super) fn bridge(bridge: &'static Bridge, sums: &Sums, query: &ReportQuery, lang: Lang) -> Written {
    let rows = rows_of(bridge.report, query);
    let line = |sign: &str, metric: &'static Metric| -> Markup {
        let shown = sums.figure(metric).show(metric.unit);
        html! {
            tr {
                td aria-hidden="true" { (sign) }
                th scope="row" { span.th { (metric.name.of(lang)) (help("b", metric, lang)) } }
                td.num {
                    a.n href={ (rows) (metric.key) } aria-label=(t!(lang, "{}：{}，查看通话记录", "{}: {}, show the call records", metric.name.of(lang), shown)) { (shown) }
                }
            }
        }
    };
    html! {
        section.card aria-labelledby="bridge" {
            header {
                h2 id="bridge" { (t!(lang, "通话总时长怎么来的", "How the total talk time comes about")) }
                span.act.small.mute.not-phone {
                    (t!(lang, "通话报表算全部，坐席工作效率和技能组报表只算“{}”", "The report of calls counts all of it, those of agents and groups only “{}”", bridge.own.name.of(lang)))
                }
            }
            div.scroll tabindex="0" role="group" aria-labelledby="bridge" {
                table.table {
                    tbody {
                        @for (at, part) in bridge.parts.iter().enumerate() { (line(if at == 0 { "" } else { "+" }, part)) }
                    }
                    tfoot { (line("=", bridge.total)) }
                }
            }
            div.in {
                p.small.mute {
                    @let outside = sums.figure(bridge.outside).show(bridge.outside.unit);
                    (bridge.outside.tip.of(lang)) (t!(lang, "：", ": "))
                    a.link href={ (rows) (bridge.outside.key) } { (outside) }
                }
            }
        }
    }
    .into()
}

/// 分位 in a sentence.
pub(super) fn spread(report: &'static Report, spread: Option<Spread>, lang: Lang) -> Option<Written> {
    let (metric, spread) = report.spread.zip(spread)?;
    let show = |millis: i64| Figure::Whole(millis).show(metric.unit);
    let words = t!(
        lang,
        "{}：一半的通话不超过 {}（p50），九成不超过 {}（p90）",
        "{}: half of the calls do not exceed {} (p50), nine in ten not {} (p90)",
        metric.name.of(lang),
        show(spread.half),
        show(spread.most)
    );
    Some(html! { p.small.mute { (words) } }.into())
}

//! 趋势: the report's chart, one column a day or a week, and one figure in a panel of its own.

use crate::figure::{Figure, Sums};
use crate::metric::{Metric, Unit, Value};
use crate::model::{By, ReportQuery};
use crate::queries::table::Table;
use crate::report::{Filter, Range};
use crate::reports::{Panel, Report};
use jiff::civil::Date;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::chart::{ChartData, Label, Series, line, stacked_columns};

/// The chart as a card; its numbers stand in the table below, grouped by day.
pub(super) fn trend(report: &'static Report, table: &Table, lang: Lang) -> AnyView {
    let today = table.as_of.date(&jiff::tz::TimeZone::UTC);
    let labels = labels(report, table, today, lang);
    let panel = report.panel.as_ref().map(|shown| panel(shown, table, &labels, today, lang));
    let columns = ChartData {
        id: "by-day",
        title: in_words(report, table, lang),
        labels,
        series: report
            .parts
            .iter()
            .map(|part| Series {
                name: part.metric.name.of(lang).to_owned(),
                values: table.series.iter().map(|(_, sums)| Some(sums.get(part.metric) as f32)).collect(),
                tone: part.tone,
            })
            .collect(),
        before: table.series_before.iter().map(|(_, sums)| Some(sums.get(report.whole) as f32)).collect(),
        height: 190,
        bounds: None,
        point: None,
    };
    let caption = if table.step == By::Day { report.texts.daily } else { report.texts.weekly };
    let was = table.previous.as_ref().map(|_| view! { <span><i class="was"></i>{t!(lang, "上期", "Period before")}</span> });
    let legend: Vec<AnyView> = report
        .parts
        .iter()
        .map(|part| {
            let class = format!("m{}", part.tone);
            view! { <span title=part.metric.tip.of(lang)><i class=class></i>{part.legend.of(lang)}</span> }.into_any()
        })
        .collect();
    view! {
        <section class="card"><div class="in">
            <figure class="chart" aria-labelledby="c-cap">
                <figcaption id="c-cap"><b>{caption.of(lang)}</b><span class="legend">{legend}{was}</span></figcaption>
                <div class="plot" inner_html=stacked_columns(&columns)></div>
                {panel}
            </figure>
        </div></section>
    }
    .into_any()
}

/// The places along the axis, each with what it counts and the way to its rows.
fn labels(report: &'static Report, table: &Table, today: Date, lang: Lang) -> Vec<Label> {
    let whole = report.whole;
    let counted: Vec<&'static Metric> = core::iter::once(whole).chain(report.parts.iter().map(|part| part.metric)).collect();
    let mut before = table.series_before.iter();
    table
        .series
        .iter()
        .map(|(range, sums)| {
            let counts: Vec<String> = counted.iter().map(|metric| format!("{} {}", metric.short(lang), sums.get(metric))).collect();
            let query = ReportQuery { metric: whole.key.to_owned(), ..Filter { range: *range, ..table.filter }.query() };
            let before = before.next().map(|(range, sums)| {
                let was = format!("{} {}", whole.short(lang), sums.get(whole));
                t!(lang, "；上期 {}：{}", "; before, {}: {}", range.words(today, lang), was)
            });
            Label {
                text: range.from.strftime("%m-%d").to_string(),
                title: t!(lang, "{}：{}", "{}: {}", range.words(today, lang), counts.join(t!(lang, "，", ", ")))
                    + &before.unwrap_or_default(),
                href: (sums.get(whole) > 0).then(|| query.href(report.rows_path)),
            }
        })
        .collect()
}

/// The columns as a sentence: how many, in how many days.
fn in_words(report: &'static Report, table: &Table, lang: Lang) -> String {
    let days = t!(lang, "{} 天", "{} days", table.filter.range.days());
    let before = table
        .previous
        .as_ref()
        .map_or_else(String::new, |before| t!(lang, "，上期 {} 次", ", {} in the period before", before.get(report.whole)));
    t!(
        lang,
        "堆叠柱形图：{0}共 {1} {2}{3}。数字见下方表格，按“日”分组。",
        "Stacked columns: {1} {2} in {0}{3}. The table below has the numbers, grouped by day.",
        days,
        table.total.get(report.whole),
        report.texts.counted.of(lang),
        before
    )
}

/// One figure over the range as a line, with its lowest place.
fn panel(panel: &'static Panel, table: &Table, labels: &[Label], today: Date, lang: Lang) -> AnyView {
    let is_daily = table.step == By::Day;
    let width = if is_daily { 7 } else { 1 };
    let (scale, unit) = precision(panel.metric.unit);
    let (figures, before) = (sliding(&table.series, panel.metric, width), sliding(&table.series_before, panel.metric, width));
    let lowest = figures
        .iter()
        .filter_map(|(range, figure)| figure.scaled(scale).map(|value| (value, *range, *figure)))
        .min_by_key(|(value, ..)| *value);
    let latest = figures.iter().rev().find(|(_, figure)| figure.scaled(1).is_some());
    let shown = figures.iter().chain(&before).filter_map(|(_, figure)| figure.scaled(scale));
    let least = shown.min().map_or(f32::INFINITY, |value| value as f32 / unit);
    let bounds = panel.bounds.iter().find(|(low, _)| *low <= least).or(panel.bounds.last());
    let value = |(_, figure): &(Range, Figure)| figure.scaled(scale).map(|value| value as f32 / unit);
    let show = |figure: Figure| figure.show(panel.metric.unit);
    let data = ChartData {
        id: panel.id,
        title: match (lowest, latest) {
            (Some((_, _, lowest)), Some((_, latest))) => t!(
                lang,
                "折线图：{}最低 {}，最近 {}",
                "Line: {} is {} at its lowest, {} at the end",
                panel.said.of(lang),
                show(lowest),
                show(*latest)
            ),
            _ => panel.nothing.of(lang).to_owned(),
        },
        labels: labels.iter().map(|label| Label { text: String::new(), title: label.title.clone(), href: None }).collect(),
        series: vec![Series { name: panel.metric.name.of(lang).to_owned(), values: figures.iter().map(value).collect(), tone: 1 }],
        before: before.iter().map(value).collect(),
        height: 60,
        bounds: bounds.copied(),
        point: lowest.and_then(|(_, range, _)| figures.iter().position(|(place, _)| *place == range)),
    };
    let caption = if is_daily { panel.daily } else { panel.weekly };
    let note = lowest
        .map(|(_, range, figure)| t!(lang, "最低 {}·{}", "lowest {}, {}", show(figure), last_day(range, is_daily).words(today, lang)));
    view! {
        <div class="sub-h"><b>{caption.of(lang)}</b><span class="mute small">{note}</span></div>
        <div class="plot" inner_html=line(&data)></div>
    }
    .into_any()
}

/// How exactly a figure is drawn: its scale, and what of that is one on the axis.
fn precision(unit: Unit) -> (i64, f32) {
    match unit {
        Unit::Tickets | Unit::Calls => (1, 1.0),
        Unit::Duration => (1, 1000.0),
        Unit::Percent => (1000, 10.0),
        Unit::Score => (100, 100.0),
    }
}

/// The figure over each place and those right before it, as the ratio of their sums.
fn sliding(series: &[(Range, Sums)], metric: &Metric, width: usize) -> Vec<(Range, Figure)> {
    (0..series.len())
        .map(|at| {
            let window = &series[(at + 1).saturating_sub(width)..=at];
            let sum = |metric: &Metric| window.iter().map(|(_, sums)| sums.get(metric)).sum::<i64>();
            let figure = match metric.value {
                Value::Ratio(above, below) => Figure::Ratio(sum(above), sum(below)),
                Value::Count(_) | Value::Sum(..) => Figure::Whole(sum(metric)),
            };
            (series[at].0, figure)
        })
        .collect()
}

fn last_day(range: Range, is_daily: bool) -> Range {
    if is_daily { Range { from: range.to, to: range.to } } else { range }
}

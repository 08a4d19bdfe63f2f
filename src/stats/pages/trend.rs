//! 趋势: the report's chart, one column a day or a week, and the average in a panel of its own.

use crate::figure::{Figure, Sums};
use crate::metric::{AVERAGE, BAD, FAIR, GOOD, RATED, SCORES, Unit};
use crate::model::{By, ReportQuery};
use crate::queries::table::Table;
use crate::report::{Filter, Range};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::chart::{ChartData, Label, Series, line, stacked_columns};

/// The chart as a card; its numbers stand in the table below, grouped by day.
pub(super) fn trend(table: &Table, rows_path: &str, lang: Lang) -> AnyView {
    let is_daily = table.step == By::Day;
    let today = table.as_of.date(&jiff::tz::TimeZone::UTC);
    let parts = [&GOOD, &FAIR, &BAD];
    let mut before = table.series_before.iter();
    let labels: Vec<Label> = table
        .series
        .iter()
        .map(|(range, sums)| {
            let counts: Vec<String> =
                [&RATED, &GOOD, &FAIR, &BAD].iter().map(|metric| format!("{} {}", metric.short(lang), sums.get(metric))).collect();
            let query = ReportQuery { metric: RATED.key.to_owned(), ..Filter { range: *range, ..table.filter }.query() };
            let before = before.next().map(|(range, sums)| {
                let rated = format!("{} {}", RATED.short(lang), sums.get(&RATED));
                t!(lang, "；上期 {}：{}", "; before, {}: {}", range.words(today, lang), rated)
            });
            Label {
                text: range.from.strftime("%m-%d").to_string(),
                title: t!(lang, "{}：{}", "{}: {}", range.words(today, lang), counts.join(t!(lang, "，", ", ")))
                    + &before.unwrap_or_default(),
                href: (sums.get(&RATED) > 0).then(|| query.href(rows_path)),
            }
        })
        .collect();
    let columns = ChartData {
        id: "by-day",
        title: t!(
            lang,
            "堆叠柱形图：{}共 {} 次评价{}。数字见下方表格，按“日”分组。",
            "Stacked columns: {} ratings in {}{}. The table below has the numbers, grouped by day.",
            total_words(table, lang).0,
            total_words(table, lang).1,
            table.previous.as_ref().map_or_else(String::new, |before| t!(
                lang,
                "，上期 {} 次",
                ", {} in the period before",
                before.get(&RATED)
            ))
        ),
        labels: labels.clone(),
        series: parts
            .iter()
            .zip(1_u8..)
            .map(|(metric, tone)| Series {
                name: metric.name.of(lang).to_owned(),
                values: table.series.iter().map(|(_, sums)| Some(sums.get(metric) as f32)).collect(),
                tone,
            })
            .collect(),
        before: table.series_before.iter().map(|(_, sums)| Some(sums.get(&RATED) as f32)).collect(),
        height: 190,
        bounds: None,
        point: None,
    };
    let width = if is_daily { 7 } else { 1 };
    let (averages, averages_before) = (sliding(&table.series, width), sliding(&table.series_before, width));
    let lowest = averages
        .iter()
        .filter_map(|(range, figure)| figure.scaled(100).map(|value| (value, *range, *figure)))
        .min_by_key(|(value, ..)| *value);
    let latest = averages.iter().rev().find(|(_, figure)| figure.scaled(1).is_some());
    let shown = averages.iter().chain(&averages_before).filter_map(|(_, figure)| figure.scaled(100));
    let low = if shown.min().is_none_or(|value| value >= 300) { 3.0 } else { 1.0 };
    let value = |(_, figure): &(Range, Figure)| figure.scaled(100).map(|value| value as f32 / 100.0);
    let show = |figure: Figure| figure.show(Unit::Score);
    let panel = ChartData {
        id: "average",
        title: match (lowest, latest) {
            (Some((_, _, lowest)), Some((_, latest))) => t!(
                lang,
                "折线图：平均分最低 {}，最近 {}",
                "Line: the average is {} at its lowest, {} at the end",
                show(lowest),
                show(*latest)
            ),
            _ => t!(lang, "折线图：还没有评价", "Line: no ratings yet").to_owned(),
        },
        labels: labels.into_iter().map(|label| Label { text: String::new(), href: None, ..label }).collect(),
        series: vec![Series { name: AVERAGE.name.of(lang).to_owned(), values: averages.iter().map(value).collect(), tone: 1 }],
        before: averages_before.iter().map(value).collect(),
        height: 60,
        bounds: Some((low, 5.0)),
        point: lowest.and_then(|(_, range, _)| averages.iter().position(|(place, _)| *place == range)),
    };
    let caption = if is_daily {
        t!(lang, "每日邀评收到的好中差评", "Ratings by the day of their invitation")
    } else {
        t!(lang, "每周邀评收到的好中差评", "Ratings by the week of their invitation")
    };
    let panel_caption = if is_daily {
        t!(lang, "平均分，7 日滑动", "Average, over 7 days")
    } else {
        t!(lang, "平均分，按周", "Average, by week")
    };
    let panel_note = lowest
        .map(|(_, range, figure)| t!(lang, "最低 {}·{}", "lowest {}, {}", show(figure), last_day(range, is_daily).words(today, lang)));
    let was = table.previous.as_ref().map(|_| view! { <span><i class="was"></i>{t!(lang, "上期", "Period before")}</span> });
    let legend: Vec<AnyView> = parts
        .iter()
        .zip(1..)
        .map(|(metric, tone)| {
            let words = match tone {
                1 => t!(lang, "好评 5", "Good 5"),
                2 => t!(lang, "中评 3–4", "Fair 3–4"),
                _ => t!(lang, "差评 1–2", "Bad 1–2"),
            };
            view! { <span title=metric.tip.of(lang)><i class=format!("m{tone}")></i>{words}</span> }.into_any()
        })
        .collect();
    view! {
        <section class="card"><div class="in">
            <figure class="chart" aria-labelledby="c-cap">
                <figcaption id="c-cap"><b>{caption}</b><span class="legend">{legend}{was}</span></figcaption>
                <div class="plot" inner_html=stacked_columns(&columns)></div>
                <div class="sub-h"><b>{panel_caption}</b><span class="mute small">{panel_note}</span></div>
                <div class="plot" inner_html=line(&panel)></div>
            </figure>
        </div></section>
    }
    .into_any()
}

/// How many ratings, in how many days.
fn total_words(table: &Table, lang: Lang) -> (String, String) {
    let days = t!(lang, "{} 天", "{} days", table.filter.range.days());
    let ratings = table.total.get(&RATED).to_string();
    match lang {
        Lang::Zh => (days, ratings),
        Lang::En => (ratings, days),
    }
}

/// The average over each place and those right before it, as the ratio of their sums.
fn sliding(series: &[(Range, Sums)], width: usize) -> Vec<(Range, Figure)> {
    (0..series.len())
        .map(|at| {
            let window = &series[(at + 1).saturating_sub(width)..=at];
            let sum = |metric| window.iter().map(|(_, sums)| sums.get(metric)).sum();
            (series[at].0, Figure::Ratio(sum(&SCORES), sum(&RATED)))
        })
        .collect()
}

fn last_day(range: Range, is_daily: bool) -> Range {
    if is_daily { Range { from: range.to, to: range.to } } else { range }
}

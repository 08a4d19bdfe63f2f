//! 统计表: a report's table, whose every number leads to the rows it counts.

use crate::figure::{Change, Sums};
use crate::metric::Metric;
use crate::model::{By, ReportQuery};
use crate::pages::help;
use crate::queries::table::{Line, Table};
use crate::reports::Report;
use core::cmp::Ordering;
use kernel::html::escape;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, PreEscaped, html};
use ui::avatar;
use ui::chart::Fixed;
use ui::icon::icon_s;
use ui::visit::Visit;
use ui::written::Written;

/// How far a figure moved: an arrow of the style sheet, words, and colour where it is good or bad news. `was` is said where it is not
/// written.
pub(super) fn changed(change: Change, was: Option<String>, lang: Lang) -> Written {
    let (class, said) = match change.is_better {
        Some(true) => ("d ok", t!(lang, "好转", "better")),
        Some(false) => ("d bad", t!(lang, "变差", "worse")),
        None => ("d", ""),
    };
    let (arrow, direction) = match change.direction {
        Ordering::Greater => (" up", t!(lang, "上升 ", "up ")),
        Ordering::Less => (" down", t!(lang, "下降 ", "down ")),
        Ordering::Equal => ("", t!(lang, "持平 ", "unchanged ")),
    };
    let was = was.map(|was| t!(lang, "上期 {}", "before {}", was));
    html! {
        div class={ (class) (arrow) } title=[&was] {
            span.sr {
                @if let Some(was) = &was { (was) (t!(lang, "，", ", ")) }
                (direction)
            }
            (change.words)
            @if !said.is_empty() { span.sr { " " (said) } }
        }
    }
    .into()
}

/// The table of a report: a row of what it is grouped by, each with its parts as a bar.
pub(super) fn details(visit: &Visit, report: &'static Report, table: &Table) -> AnyView {
    let lang = visit.lang();
    let query = table.filter.query();
    let subject = report.subject();
    let segments: Vec<AnyView> = subject
        .dimensions()
        .iter()
        .map(|by| {
            let href = ReportQuery { by: by.key().to_owned(), sort: String::new(), ..query.clone() }.href(visit.path());
            let is_current = table.filter.by == *by;
            view! { <a href=href aria-current=is_current.then_some("true")>{subject.dimension(*by, lang)}</a> }.into_any()
        })
        .collect();
    let heads: Vec<AnyView> = report.metrics.iter().map(|metric| head(visit, &query, metric, table)).collect();
    let lines: Written = html! { @for line in &table.lines { (row(report, line, table.filter.by, lang)) } }.into();
    let total: Written = cells(report, &table.total, table.previous.as_ref(), &query, lang).into();
    let name_head = sorted_head(visit, &query, "name", subject.dimension(table.filter.by, lang), "stick", None, table);
    view! {
        <section class="card" aria-labelledby="tb">
            <header>
                <h2 id="tb">{t!(lang, "明细", "Details")}</h2>
                <nav class="seg" aria-label=t!(lang, "分组方式", "Group by")>{segments}</nav>
                <span class="act small mute not-phone">{t!(lang, "每个数字都能点开看到它数的{}", "Every number opens the {} it counts", subject.row().of(lang))}</span>
            </header>
            <div class="scroll" tabindex="0" role="group" aria-labelledby="tb">
                <table class="table wide-t">
                    <thead><tr>{name_head}<th scope="col">{report.texts.bar.of(lang)}</th>{heads}</tr></thead>
                    <tbody>{lines}</tbody>
                    <tfoot><tr><th scope="row" class="stick">{t!(lang, "合计", "Total")}</th>{total}</tr></tfoot>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn head(visit: &Visit, query: &ReportQuery, metric: &'static Metric, table: &Table) -> AnyView {
    let lang = visit.lang();
    sorted_head(visit, query, metric.key, metric.name.of(lang), "num", Some(help("h", metric, lang)), table)
}

fn sorted_head(
    visit: &Visit,
    query: &ReportQuery,
    key: &'static str,
    label: &'static str,
    class: &'static str,
    help: Option<Written>,
    table: &Table,
) -> AnyView {
    let sort = table.filter.sort;
    let is_sorted = sort.metric.map_or("name", |metric| metric.key) == key;
    let next = if is_sorted && sort.descending {
        key.to_owned()
    } else if is_sorted || key != "name" {
        format!("-{key}")
    } else {
        key.to_owned()
    };
    let href = ReportQuery { sort: next, ..query.clone() }.href(visit.path());
    let (aria, arrow) = match (is_sorted, sort.descending) {
        (false, _) => (None, None),
        (true, true) => (Some("descending"), Some(icon_s("arrow-down"))),
        (true, false) => (Some("ascending"), Some(icon_s("arrow-up"))),
    };
    view! { <th scope="col" class=class aria-sort=aria><span class="th"><a class="sort" href=href>{label}{arrow}</a>{help.unwrap_or_default()}</span></th> }
        .into_any()
}

fn row(report: &'static Report, line: &Line, by: By, lang: Lang) -> Markup {
    html! {
        tr {
            th.stick scope="row" {
                @match (by, line.id) {
                    (By::Agent, Some(id)) => (avatar::avatar(id, &line.name)),
                    _ => (line.name),
                }
            }
            (cells(report, &line.sums, line.before.as_ref(), &line.query, lang))
        }
    }
}

fn cells(report: &'static Report, sums: &Sums, before: Option<&Sums>, query: &ReportQuery, lang: Lang) -> Markup {
    // Escaped once for the whole row.
    let rows = PreEscaped(escape(&rows_of(report, query)));
    html! {
        td.c-dist { (distribution(report, sums)) }
        @for metric in report.metrics {
            @let figure = sums.figure(metric);
            @let shown = figure.show(metric.unit);
            td.num.strong[report.strong.contains(&metric.key)] {
                // A rate without anything below its line is no number.
                @if shown == "–" {
                    (shown)
                } @else {
                    // What the number counts is said by the heads of its column and its row (WCAG H79).
                    a.n href={ (rows) (metric.key) } { (shown) }
                }
                @if let Some(was) = before.map(|before| before.figure(metric)) {
                    @if let Some(change) = figure.difference(was, metric, lang) {
                        (changed(change, Some(was.show(metric.unit)), lang))
                    }
                }
            }
        }
    }
}

/// The parts of a row as one bar; the numbers stand beside it.
fn distribution(report: &'static Report, sums: &Sums) -> Markup {
    let whole = sums.get(report.whole);
    if whole == 0 {
        return html! { span.nil aria-hidden="true" { "–" } };
    }
    let mut from = 0.0;
    let marks = report.parts.iter().map(|part| {
        let share = sums.get(part.metric) as f32 * 100.0 / whole as f32;
        let start = from;
        from += share;
        (start, share, part.tone)
    });
    html! {
        svg.dist width="72" height="8" aria-hidden="true" {
            @for (start, share, tone) in marks {
                @if share > 0.0 {
                    // A hair of ground keeps the marks apart.
                    rect x={ (Fixed::<1>(start)) "%" } width={ (Fixed::<1>((share - 1.0).max(0.5))) "%" } height="8" rx="1" class={ "m" (tone) } {}
                }
            }
        }
    }
}

/// Address of the rows behind the numbers of one line, up to the key of the metric.
pub(super) fn rows_of(report: &'static Report, query: &ReportQuery) -> String {
    let (compare, by, sort) = Default::default();
    let common = ReportQuery { metric: String::new(), compare, by, sort, ..query.clone() }.href(report.rows_path);
    let glue = if common.contains('?') { '&' } else { '?' };
    format!("{common}{glue}metric=")
}

//! 工单满意度统计: tiles, chart and table of one set of rows; every count leads to the tickets it counts.

use crate::figure::{Change, Sums};
use crate::metric::{BAD, FAIR, GOOD, Metric, RATED, Unit, Value};
use crate::model::{By, Content, ReportQuery};
use crate::pages::filter_bar::filter_bar;
use crate::pages::trend::trend;
use crate::pages::{export_menu, help};
use crate::queries;
use crate::queries::table::{Line, Table};
use crate::report::{Filter, Pick};
use crate::reports::ticket_satisfaction::REPORT;
use core::cmp::Ordering;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use maud::{Markup, html};
use ui::avatar;
use ui::icon::{self, icon, icon_s};
use ui::page::Page;
use ui::visit::Visit;
use ui::written::Written;

/// Where the tickets behind a number are listed.
pub(super) const ROWS: &str = "/reports/ticket-satisfaction/rows";

/// 工单满意度统计, `/reports/ticket-satisfaction`.
pub async fn ticket_satisfaction_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let query: ReportQuery = visit.query();
    let today = visit.now().date(&visit.ctx.zone);
    let (filter, problems) = Filter::read(&query, &REPORT, today);
    let table = queries::table::table(&visit.ctx, &REPORT, filter).await?;
    let choices = queries::choices(&visit.ctx).await?;
    let bar = filter_bar(&visit, &filter, &problems, &choices);
    let mut page =
        Page::new(REPORT.name.of(lang)).crumb(t!(lang, "统计", "Reports"), REPORT.path).crumb(t!(lang, "工单", "Tickets"), REPORT.path);
    if visit.ctx.may(Permission::StatisticsExport) {
        let query = filter.query();
        page = page.action(move || export_menu(lang, Content::Table, &query));
    }
    let failed = visit.form("export");
    Ok(page.body(move || {
        let inside = if table.total.get(&crate::metric::INVITED) == 0 {
            nothing(&visit, &filter)
        } else {
            view! {
                {tiles(&table, lang)}
                {trend(&table, ROWS, lang)}
                {details(&visit, &table)}
            }
            .into_any()
        };
        view! { {bar}<div class="body report">{failed.summary()}{inside}{as_of(&visit, &table)}</div> }
    }))
}

fn tiles(table: &Table, lang: Lang) -> AnyView {
    let tiles: Vec<AnyView> = REPORT.tiles.iter().map(|metric| tile(table, metric, lang)).collect();
    view! { <section class="tiles" aria-label=t!(lang, "关键指标", "Key figures")>{tiles}</section> }.into_any()
}

fn tile(table: &Table, metric: &'static Metric, lang: Lang) -> AnyView {
    let figure = table.total.figure(metric);
    let before = table.previous.as_ref().map(|sums| sums.figure(metric));
    let change =
        before.and_then(|before| figure.change(before, metric, lang)).map(|change| changed(change, None, lang)).unwrap_or_default();
    let beside = match &metric.value {
        Value::Count(_) => {
            let days = i64::from(table.filter.range.days());
            let daily = crate::figure::Figure::Ratio(table.total.get(metric), days).scaled(1).unwrap_or(0);
            t!(lang, "·日均 {} 张", ", {} a day", daily)
        }
        Value::Ratio(above, _) if metric.unit == Unit::Percent => {
            let what = above.short(lang).trim_end_matches('数').to_lowercase();
            t!(lang, "·{0} {1} 张", ", {1} {0}", what, kernel::lang::grouped(table.total.get(above)))
        }
        _ => String::new(),
    };
    let under = before.map(|before| {
        let words = t!(lang, "上期 {}", "before {}", before.show(metric.unit));
        let href = open(&table.filter.before().query(), metric);
        view! { <a class="link" href=href>{words}</a>{beside} }
    });
    let href = open(&table.filter.query(), metric);
    view! {
        <div class="tile">
            <div class="k">{metric.name.of(lang)}{help("t", metric, lang)}</div>
            <a class="v" href=href>{figure.show(metric.unit)}</a>
            {change}
            <div class="small mute">{under}</div>
        </div>
    }
    .into_any()
}

/// How far a figure moved: an arrow, words, and colour where it is good or bad news. `was` is said where it is not
/// written.
fn changed(change: Change, was: Option<String>, lang: Lang) -> Written {
    let (class, said) = match change.is_better {
        Some(true) => ("d ok", t!(lang, "好转", "better")),
        Some(false) => ("d bad", t!(lang, "变差", "worse")),
        None => ("d", ""),
    };
    let (arrow, direction) = match change.direction {
        Ordering::Greater => (icon::written("arrow-up", "i s"), t!(lang, "上升 ", "up ")),
        Ordering::Less => (icon::written("arrow-down", "i s"), t!(lang, "下降 ", "down ")),
        Ordering::Equal => (Written::default(), t!(lang, "持平 ", "unchanged ")),
    };
    let was = was.map(|was| t!(lang, "上期 {}", "before {}", was));
    html! {
        div class=(class) title=[&was] {
            @if let Some(was) = &was { span.sr { (was) (t!(lang, "，", ", ")) } }
            (arrow)
            span.sr { (direction) }
            (change.words)
            span.sr { " " (said) }
        }
    }
    .into()
}

fn details(visit: &Visit, table: &Table) -> AnyView {
    let lang = visit.lang();
    let query = table.filter.query();
    let segments: Vec<AnyView> = By::ALL
        .iter()
        .map(|by| {
            let href = ReportQuery { by: by.key().to_owned(), sort: String::new(), ..query.clone() }.href(visit.path());
            let is_current = table.filter.by == *by;
            view! { <a href=href aria-current=is_current.then_some("true")>{by.label(lang)}</a> }.into_any()
        })
        .collect();
    let heads: Vec<AnyView> = REPORT.metrics.iter().map(|metric| head(visit, &query, metric, table)).collect();
    let lines: Written = html! { @for line in &table.lines { (row(line, table.filter.by, lang)) } }.into();
    let total: Written = cells(&table.total, table.previous.as_ref(), &query, lang).into();
    let name_head = sorted_head(visit, &query, "name", table.filter.by.label(lang), "stick", None, table);
    view! {
        <section class="card" aria-labelledby="tb">
            <header>
                <h2 id="tb">{t!(lang, "明细", "Details")}</h2>
                <nav class="seg" aria-label=t!(lang, "分组方式", "Group by")>{segments}</nav>
                <span class="act small mute not-phone">{t!(lang, "每个数字都能点开看到它数的工单", "Every number opens the tickets it counts")}</span>
            </header>
            <div class="scroll" tabindex="0" role="group" aria-labelledby="tb">
                <table class="table wide-t">
                    <thead><tr>{name_head}<th scope="col">{t!(lang, "好 / 中 / 差", "Good / fair / bad")}</th>{heads}</tr></thead>
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

fn row(line: &Line, by: By, lang: Lang) -> Markup {
    html! {
        tr {
            th.stick scope="row" {
                @match (by, line.id) {
                    (By::Agent, Some(id)) => (avatar::avatar(id, &line.name)),
                    _ => (line.name),
                }
            }
            (cells(&line.sums, line.before.as_ref(), &line.query, lang))
        }
    }
}

fn cells(sums: &Sums, before: Option<&Sums>, query: &ReportQuery, lang: Lang) -> Markup {
    let opener = opener(query);
    html! {
        td.c-dist { (distribution(sums)) }
        @for metric in REPORT.metrics {
            @let figure = sums.figure(metric);
            @let shown = figure.show(metric.unit);
            td.num.strong[matches!(metric.key, "average" | "good_rate")] {
                // A rate without anything below its line is no number.
                @if shown == "–" {
                    (shown)
                } @else {
                    @let label = t!(lang, "{}：{}，查看工单", "{}: {}, show the tickets", metric.name.of(lang), shown);
                    a.n href=(opener(metric)) aria-label=(label) { (shown) }
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

/// Good, fair and bad as one bar; the numbers stand beside it.
fn distribution(sums: &Sums) -> Markup {
    let rated = sums.get(&RATED);
    if rated == 0 {
        return html! { span.nil aria-hidden="true" { "–" } };
    }
    let mut from = 0.0;
    let marks = [(&GOOD, "m1"), (&FAIR, "m2"), (&BAD, "m3")].map(|(metric, class)| {
        let share = sums.get(metric) as f64 * 100.0 / rated as f64;
        let start = from;
        from += share;
        (start, share, class)
    });
    html! {
        svg.dist width="72" height="8" aria-hidden="true" {
            @for (start, share, class) in marks {
                @if share > 0.0 {
                    // A hair of ground keeps the marks apart.
                    rect x=(format!("{start:.1}%")) width=(format!("{:.1}%", (share - 1.0).max(0.5))) y="0" height="8" rx="1" class=(class) {}
                }
            }
        }
    }
}

fn open(query: &ReportQuery, metric: &Metric) -> String {
    opener(query)(metric)
}

/// Addresses of the tickets behind the numbers of one row, which have everything but the metric in common.
fn opener(query: &ReportQuery) -> impl Fn(&Metric) -> String {
    let (compare, by, sort) = Default::default();
    let common = ReportQuery { metric: String::new(), compare, by, sort, ..query.clone() }.href(ROWS);
    let glue = if common.contains('?') { '&' } else { '?' };
    move |metric| format!("{common}{glue}metric={}", metric.key)
}

fn nothing(visit: &Visit, filter: &Filter) -> AnyView {
    let lang = visit.lang();
    let is_open = filter.group == Pick::Any && filter.agent == Pick::Any && filter.category == Pick::Any && filter.channel.is_none();
    if !is_open {
        let query = filter.query();
        let clear = ReportQuery { from: query.from, to: query.to, by: query.by, ..ReportQuery::default() }.href(visit.path());
        return ui::empty::no_result(
            t!(lang, "这些筛选下没有邀评", "No invitations match the filter"),
            clear,
            t!(lang, "清除筛选，保留日期", "Clear the filter, keep the dates"),
        );
    }
    let action = visit.ctx.may(Permission::SatisfactionManage).then(
        || view! { <a class="btn" href="/settings/satisfaction">{icon("settings")}{t!(lang, "设置何时邀评", "Choose when to invite")}</a> },
    );
    ui::empty::empty(
        "smile",
        t!(lang, "这段时间没有邀评", "No invitations in these days"),
        t!(
            lang,
            "工单结束后自动请客户评价，评价和比率会出现在这里。",
            "Customers are asked for a rating when their ticket ends; ratings and rates appear here."
        ),
        action,
    )
}

/// Which days the period before is.
fn compared(table: &Table, lang: Lang) -> String {
    let today = table.as_of.date(&jiff::tz::TimeZone::UTC);
    let days = table.filter.range.before().words(today, lang);
    t!(
        lang,
        "上期是 {}；按时间分组时，每行与早 {} 天的那一段相比。",
        "The period before is {}; rows of time are compared with those {} days earlier. ",
        days,
        table.filter.range.days()
    )
}

fn as_of(visit: &Visit, table: &Table) -> AnyView {
    let lang = visit.lang();
    let zone = kernel::time::offset_words(&visit.ctx.zone, table.as_of);
    view! {
        <p class="small mute asof">
            {icon_s("info")}
            <span>
                {table.filter.compares.then(|| compared(table, lang))}
                {t!(lang, "合计行的比率 = 分子之和 ÷ 分母之和。归属以邀评时的客服和受理组为准，之后改派不影响。", "Rates of the total row are ratios of sums. Agent and group are those of the invitation; a later reassignment changes nothing. ")}
                {t!(lang, "数据截至 {}（{}）。", "As of {} ({}). ", table.as_of.table(&visit.ctx.zone), zone)}
                <a class="link" href="/reports/definitions">{t!(lang, "指标定义", "Definitions")}</a>
            </span>
        </p>
    }
    .into_any()
}

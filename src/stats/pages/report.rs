//! 报表页: tiles, chart and table of one set of rows; every count leads to the rows it counts. Every report is drawn here.

use crate::figure::{Figure, Sums};
use crate::metric::{Metric, Unit, Value};
use crate::model::{By, Content, ReportQuery};
use crate::pages::bridge::{bridge, spread};
use crate::pages::details::{changed, details, rows_of};
use crate::pages::filter_bar::filter_bar;
use crate::pages::trend::trend;
use crate::pages::{export_menu, help};
use crate::queries;
use crate::queries::table::Table;
use crate::report::Filter;
use crate::reports::{self, Report};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::visit::Visit;

/// 工单满意度统计, `/reports/ticket-satisfaction`.
pub async fn ticket_satisfaction_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::ticket_satisfaction::REPORT).await
}

/// 时效统计, `/reports/sla`.
pub async fn sla_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::sla::REPORT).await
}

/// 通话报表, `/reports/calls`.
pub async fn call_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::call::REPORT).await
}

/// 坐席工作效率, `/reports/call-agents`.
pub async fn call_agent_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::call_agent::REPORT).await
}

/// 技能组报表, `/reports/call-groups`.
pub async fn call_group_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::call_group::REPORT).await
}

/// 通话满意度统计, `/reports/call-satisfaction`.
pub async fn call_satisfaction_page(visit: Visit) -> Result<Page> {
    report_page(visit, &reports::call_satisfaction::REPORT).await
}

async fn report_page(visit: Visit, report: &'static Report) -> Result<Page> {
    let lang = visit.lang();
    let query: ReportQuery = visit.query();
    let today = visit.now().date(&visit.ctx.zone);
    let (filter, problems) = Filter::read(&query, report, today);
    let table = queries::table::table(&visit.ctx, report, filter).await?;
    let choices = queries::choices(&visit.ctx, report.subject()).await?;
    let whole = bridged(&visit, report, &table).await?;
    let quantiles = match report.spread {
        Some(metric) => queries::spread::spread(&visit.ctx, &filter, metric).await?,
        None => None,
    };
    let bar = filter_bar(&visit, &filter, &problems, &choices);
    let mut page = Page::new(report.name.of(lang))
        .crumb(t!(lang, "统计", "Reports"), reports::home(report.subject()))
        .crumb(report.subject().name().of(lang), reports::home(report.subject()));
    if visit.ctx.may(Permission::StatisticsExport) {
        let query = filter.query();
        page = page.action(move || export_menu(lang, (report.key, report.subject()), Content::Table, &query));
    }
    let failed = visit.form("export");
    Ok(page.body(move || {
        let inside = if table.total.get(report.population) == 0 {
            nothing(&visit, report, &filter)
        } else {
            view! {
                {tiles(report, &table, lang)}
                {spread(report, quantiles, lang).unwrap_or_default()}
                {trend(report, &table, lang)}
                {details(&visit, report, &table)}
                {report.bridge.map(|known| bridge(known, &whole, &filter.query(), lang)).unwrap_or_default()}
            }
            .into_any()
        };
        view! { {bar}<div class="body report">{failed.summary()}{inside}{as_of(&visit, report, &table)}</div> }
    }))
}

/// What the bridge adds up: the report's own sums, or those that another report has under the same filter.
async fn bridged(visit: &Visit, report: &'static Report, table: &Table) -> Result<Sums> {
    match report.bridge {
        Some(bridge) if !core::ptr::eq(bridge.report, report) => {
            let same = Filter { by: By::Day, compares: false, ..table.filter };
            Ok(queries::table::table(&visit.ctx, bridge.report, same).await?.total)
        }
        _ => Ok(table.total.clone()),
    }
}

fn tiles(report: &'static Report, table: &Table, lang: Lang) -> AnyView {
    let tiles: Vec<AnyView> = report.tiles.iter().map(|metric| tile(report, table, metric, lang)).collect();
    view! { <section class="tiles" aria-label=t!(lang, "关键指标", "Key figures")>{tiles}</section> }.into_any()
}

fn tile(report: &'static Report, table: &Table, metric: &'static Metric, lang: Lang) -> AnyView {
    let figure = table.total.figure(metric);
    let before = table.previous.as_ref().map(|sums| sums.figure(metric));
    let change =
        before.and_then(|before| figure.change(before, metric, lang)).map(|change| changed(change, None, lang)).unwrap_or_default();
    let counter = report.subject().counter();
    let beside = match &metric.value {
        Value::Count(_) => {
            let days = i64::from(table.filter.range.days());
            let daily = Figure::Ratio(table.total.get(metric), days).scaled(1).unwrap_or(0);
            match lang {
                Lang::Zh => format!("·日均 {daily} {counter}"),
                Lang::En => format!(", {daily} a day"),
            }
        }
        Value::Sum(..) if metric.unit == Unit::Duration => {
            let daily = Figure::Ratio(table.total.get(metric), i64::from(table.filter.range.days())).show(metric.unit);
            t!(lang, "·日均 {}", ", {} a day", daily)
        }
        Value::Ratio(above, _) if metric.unit == Unit::Percent => {
            let what = above.short(lang).trim_end_matches('数').to_lowercase();
            let above = kernel::lang::grouped(table.total.get(above));
            match lang {
                Lang::Zh => format!("·{what} {above} {counter}"),
                Lang::En => format!(", {above} {what}"),
            }
        }
        _ => String::new(),
    };
    let under = before.map(|before| {
        let words = t!(lang, "上期 {}", "before {}", before.show(metric.unit));
        // What has no value counts nothing that could be opened.
        let href = before.scaled(1).map(|_| rows_of(report, &table.filter.before().query()) + metric.key);
        let words = match href {
            Some(href) => view! { <a class="link" href=href>{words}</a> }.into_any(),
            None => words.into_any(),
        };
        view! { {words}{beside} }
    });
    let href = rows_of(report, &table.filter.query()) + metric.key;
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

fn nothing(visit: &Visit, report: &'static Report, filter: &Filter) -> AnyView {
    let lang = visit.lang();
    if !filter.is_open() {
        let query = filter.query();
        let clear = ReportQuery { from: query.from, to: query.to, by: query.by, ..ReportQuery::default() }.href(visit.path());
        return ui::empty::no_result(
            report.empty.filtered.of(lang),
            clear,
            t!(lang, "清除筛选，保留日期", "Clear the filter, keep the dates"),
        );
    }
    let empty = &report.empty;
    let action = empty.action.filter(|(item, ..)| visit.ctx.may(*item));
    let action = action.map(|(_, href, label)| view! { <a class="btn" href=href>{icon("settings")}{label.of(lang)}</a> });
    ui::empty::empty(empty.icon, empty.title.of(lang), empty.text.of(lang), action)
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

fn as_of(visit: &Visit, report: &'static Report, table: &Table) -> AnyView {
    let lang = visit.lang();
    let zone = kernel::time::offset_words(&visit.ctx.zone, table.as_of);
    view! {
        <p class="small mute asof">
            {icon_s("info")}
            <span>
                {table.filter.compares.then(|| compared(table, lang))}
                {t!(lang, "合计行的比率 = 分子之和 ÷ 分母之和。{}", "Rates of the total row are ratios of sums. {}", report.texts.attribution.of(lang))}
                {t!(lang, "数据截至 {}（{}）。", "As of {} ({}). ", table.as_of.table(&visit.ctx.zone), zone)}
                <a class="link" href=report.subject().definitions()>{t!(lang, "指标定义", "Definitions")}</a>
            </span>
        </p>
    }
    .into_any()
}

//! 指标口径: every number's name, sentence, formula, rows, clock and attribution, from the statics that compute it.

use crate::metric::{DEFINITIONS, Metric, Unit, Value};
use crate::reports::{self, Report};
use crate::subject::Subject;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::icon::icon_s;
use ui::page::Page;
use ui::visit::Visit;

/// 指标口径 of tickets, `/reports/definitions`.
pub async fn definitions_page(visit: Visit) -> Result<Page> {
    page_of(visit, Subject::Tickets)
}

/// 指标口径 of calls, `/reports/call-definitions`.
pub async fn call_definitions_page(visit: Visit) -> Result<Page> {
    page_of(visit, Subject::Calls)
}

fn page_of(visit: Visit, subject: Subject) -> Result<Page> {
    visit.ctx.require(subject.needs())?;
    let lang = visit.lang();
    let defined = defined(subject);
    let count: usize = defined.iter().map(|(_, metrics)| metrics.len()).sum();
    let (version, since, ..) = DEFINITIONS.last().copied().unwrap_or((0, "", "", ""));
    let page = Page::new(t!(lang, "指标定义", "Definitions"))
        .crumb(t!(lang, "统计", "Reports"), reports::home(subject))
        .count(count)
        .lead(t!(
            lang,
            "每个数字叫什么、怎么算、算哪些、归谁。报表、明细和导出都用这一份。第 {} 版，{} 起。",
            "What each number is called, how it is computed, what it counts and whose it is. Reports, lists and exports use these very lines. Version {}, since {}.",
            version,
            since
        ));
    Ok(page.body(move || {
        let sections: Vec<AnyView> = defined.iter().map(|(report, metrics)| section(report, metrics, lang)).collect();
        let links: Vec<AnyView> = defined
            .iter()
            .flat_map(|(_, metrics)| metrics.iter())
            .map(|metric| view! { <a href=format!("#{}", metric.key)>{metric.name.of(lang)}</a> }.into_any())
            .collect();
        let versions: Vec<AnyView> = DEFINITIONS
            .iter()
            .rev()
            .map(|(version, since, zh, en)| {
                let what = match lang {
                    Lang::Zh => *zh,
                    Lang::En => *en,
                };
                view! { <li>{t!(lang, "第 {} 版", "Version {}", version)}" "<span class="mute">{*since}</span>" "{what}</li> }.into_any()
            })
            .collect();
        view! {
            <div class="body">
                <div class="defs">
                    <div>
                        {sections}
                        <h2>{t!(lang, "版本", "Versions")}</h2>
                        <ul>{versions}</ul>
                    </div>
                    <nav aria-label=t!(lang, "指标", "Metrics")><h2>{t!(lang, "指标", "Metrics")}</h2>{links}</nav>
                </div>
            </div>
        }
    }))
}

/// The metrics of each report, without those that an earlier one has defined.
fn defined(subject: Subject) -> Vec<(&'static Report, Vec<&'static Metric>)> {
    let mut known: Vec<&'static str> = Vec::new();
    let mut fresh = |metric: &&'static Metric| {
        let is_new = !known.contains(&metric.key);
        known.push(metric.key);
        is_new
    };
    reports::about(subject).map(|report| (report, report.metrics.iter().copied().filter(&mut fresh).collect())).collect()
}

fn section(report: &'static Report, metrics: &[&'static Metric], lang: Lang) -> AnyView {
    let definitions: Vec<AnyView> = metrics.iter().map(|metric| definition(metric, report, lang)).collect();
    view! { <h2>{report.name.of(lang)}</h2>{definitions} }.into_any()
}

fn definition(metric: &'static Metric, report: &'static Report, lang: Lang) -> AnyView {
    let relation = metric.relation;
    let formula = metric.formula(lang).map(|formula| view! { <p class="formula">{formula}</p> });
    let total = match metric.value {
        Value::Ratio(..) => t!(lang, "分子之和 ÷ 分母之和", "Sum of the numerators ÷ sum of the denominators"),
        Value::Count(_) | Value::Sum(..) => t!(lang, "各行之和", "Sum of the rows"),
    };
    let unit = match metric.unit {
        Unit::Tickets => t!(lang, "张", "Tickets"),
        Unit::Calls => t!(lang, "次", "Calls"),
        Unit::Duration => t!(
            lang,
            "时长，显示到秒，导出为秒、两位小数，四舍五入；平均时长的分母为 0 显示 –",
            "A length of time, in seconds on screen and with two decimals in files, half up; an average shows – when its denominator is 0"
        ),
        Unit::Percent => t!(
            lang,
            "百分比，显示一位小数，导出两位，四舍五入；分母为 0 显示 –",
            "Percent, one decimal on screen and two in files, half up; – when the denominator is 0"
        ),
        Unit::Score => t!(lang, "1 至 5 分，两位小数，四舍五入；没有评价显示 –", "1 to 5, two decimals, half up; – without ratings"),
    };
    view! {
        <article class="def" id=metric.key>
            <header>
                <h3>{metric.name.of(lang)}</h3>
                <code>{format!("{}.{}", report.key, metric.key)}</code>
                <a class="end link small" href=report.path>{icon_s("chart-column")}" "{t!(lang, "在报表里看", "In the report")}</a>
            </header>
            <p>{metric.tip.of(lang)}</p>
            {formula}
            <dl class="facts">
                <dt>{t!(lang, "算哪些", "Rows")}</dt><dd>{relation.rows.of(lang)}</dd>
                <dt>{t!(lang, "时间", "Time")}</dt><dd>{relation.clock_words.of(lang)}</dd>
                <dt>{t!(lang, "归谁", "Whose")}</dt><dd>{relation.attribution.of(lang)}</dd>
                <dt>{t!(lang, "合计行", "Total row")}</dt><dd>{total}</dd>
                <dt>{t!(lang, "单位", "Unit")}</dt><dd>{unit}</dd>
            </dl>
        </article>
    }
    .into_any()
}

//! 明细: the rows behind a number of a report, by the very predicate that counted them. What stands in a row is its
//! report's; the head, the other numbers, the table's frame and the pager are the same for all.

use crate::metric::{Metric, Value};
use crate::model::{Content, ReportQuery};
use crate::pages::export_menu;
use crate::pages::filter_bar::{problem_note, words};
use crate::queries::{self, Choices};
use crate::report::Filter;
use crate::reports::{self, Report};
use kernel::error::{Error, Problems, Result};
use kernel::lang::{Lang, grouped};
use kernel::page::{Cursor, Paged};
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::page::Page;
use ui::visit::Visit;

/// What is asked for, and everything about it but the rows.
pub(super) struct List {
    report: &'static Report,
    query: ReportQuery,
    problems: Problems,
    count: i64,
    earlier: i64,
    choices: Choices,
    /// 筛选.
    pub(super) filter: Filter,
    /// Which number.
    pub(super) metric: &'static Metric,
    /// Where the page begins.
    pub(super) cursor: Option<Cursor>,
}

impl List {
    /// Reads the address, and how many rows there are, now and in the period before.
    pub(super) async fn read(visit: &Visit, report: &'static Report) -> Result<List> {
        let ctx = &visit.ctx;
        let query: ReportQuery = visit.query();
        let (filter, problems) = Filter::read(&query, report, visit.now().date(&ctx.zone));
        let metric = match query.metric.as_str() {
            "" => report.metrics.first().copied(),
            key => report.metric(key),
        }
        .ok_or(Error::NotFound)?;
        let cursor: Option<Cursor> = query.at.parse().ok();
        let count = queries::count(ctx, &filter, metric).await?;
        let earlier = queries::count(ctx, &filter.before(), metric).await?;
        let choices = queries::choices(ctx, report.subject()).await?;
        Ok(List { report, query, problems, count, earlier, choices, filter, metric, cursor })
    }

    /// The page: a column for each of the heads, a line for each of the rows.
    pub(super) fn page<T, F>(self, visit: Visit, rows: Paged<T>, heads: Vec<&'static str>, line: F) -> Page
    where
        T: Send + 'static,
        F: Fn(&Visit, &T) -> AnyView + Send + 'static,
    {
        let List { report, query, problems, count, earlier, choices, filter, metric, cursor: _ } = self;
        let lang = visit.lang();
        let back = ReportQuery { metric: String::new(), at: String::new(), ..query.clone() }.href(report.path);
        let clear = ReportQuery { metric: metric.key.to_owned(), ..ReportQuery::default() }.href(report.rows_path);
        let mut facts = vec![filter.range.words(visit.now().date(&visit.ctx.zone), lang)];
        facts.extend(words(&filter, &choices, lang));
        facts.push(report.texts.moment.of(lang).to_owned());
        let lead = format!("{}{}{}", metric.tip.of(lang), t!(lang, "。", ". "), facts.join(t!(lang, "，", ", ")));
        let mut page = Page::new(metric.name.of(lang))
            .crumb(t!(lang, "统计", "Reports"), reports::home(report.subject()))
            .crumb(report.name.of(lang), back)
            .count(grouped(count))
            .lead(lead);
        if visit.ctx.may(Permission::StatisticsExport) && count > 0 {
            let query = ReportQuery { metric: metric.key.to_owned(), ..filter.query() };
            page = page.action(move || export_menu(lang, (report.key, report.subject()), Content::Rows, &query));
        }
        let failed = visit.form("export");
        page.body(move || {
            let failed = failed.is_shown_again().then(|| view! { <div class="filters">{failed.summary()}</div> });
            let wrong = view! { {failed}{problem_note(&problems, lang)} };
            let switch = switch(report, &query, metric, (&filter, earlier), lang);
            if rows.rows.is_empty() {
                let none = ui::empty::no_result(
                    t!(lang, "没有{}", "No {}", report.subject().row().of(lang)),
                    clear,
                    t!(lang, "清除筛选", "Clear the filter"),
                );
                return view! { {wrong}{switch}{none} }.into_any();
            }
            let order = t!(lang, "共 {} {}", "{} {}", grouped(count), report.texts.order.of(lang));
            let pager = ui::pager::pager(&rows, &visit.place, lang, order);
            let heads: Vec<AnyView> =
                heads.into_iter().map(|head| view! { <th scope="col" role="columnheader">{head}</th> }.into_any()).collect();
            let lines: Vec<AnyView> = rows.rows.iter().map(|row| line(&visit, row)).collect();
            view! {
                {wrong}
                {switch}
                <div class="edge">
                    <div class="scroll" tabindex="0" role="group" aria-label=metric.name.of(lang)>
                        <table class="table fold" role="table">
                            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                            <tbody role="rowgroup">{lines}</tbody>
                        </table>
                    </div>
                </div>
                {pager}
            }
            .into_any()
        })
    }
}

/// The other counts of the same filter, one link each, and the same count of the period before.
fn switch(report: &'static Report, query: &ReportQuery, metric: &Metric, (filter, earlier): (&Filter, i64), lang: Lang) -> AnyView {
    let links: Vec<AnyView> = report
        .metrics
        .iter()
        .filter(|other| matches!(other.value, Value::Count(_) | Value::Sum(..)))
        .map(|other| {
            let is_current = other.key == metric.key;
            let class = if is_current { "chip on" } else { "chip" };
            let href = ReportQuery { metric: other.key.to_owned(), at: String::new(), ..query.clone() }.href(report.rows_path);
            view! { <a class=class href=href aria-current=is_current.then_some("true")>{other.name.of(lang)}</a> }.into_any()
        })
        .collect();
    let before = ReportQuery { metric: metric.key.to_owned(), ..filter.before().query() }.href(report.rows_path);
    let words = match lang {
        Lang::Zh => format!("上期 {} {}", grouped(earlier), report.subject().counter()),
        Lang::En => format!("{} in the period before", grouped(earlier)),
    };
    view! {
        <nav class="filters" aria-label=t!(lang, "指标", "Metric")><div class="chips">{links}</div><a class="btn quiet end" href=before>{words}</a></nav>
    }
    .into_any()
}

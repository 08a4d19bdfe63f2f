//! 工单明细: the tickets behind a number of the report, by the very predicate that counted them.

use crate::metric::{Metric, Value};
use crate::model::{Content, ReportQuery};
use crate::pages::export_menu;
use crate::pages::filter_bar::{problem_note, words};
use crate::pages::ticket_satisfaction::ROWS;
use crate::queries::{self, PAGE, RatedTicket};
use crate::report::Filter;
use crate::reports::ticket_satisfaction::REPORT;
use kernel::error::{Error, Result};
use kernel::lang::{Lang, grouped};
use kernel::page::Cursor;
use kernel::permission::Permission;
use kernel::{setting, t};
use leptos::prelude::*;
use satisfaction::model::SatisfactionSettings;
use ui::page::Page;
use ui::visit::Visit;

/// 工单明细, `/reports/ticket-satisfaction/rows`.
pub async fn rows_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), &visit.ctx);
    let query: ReportQuery = visit.query();
    let today = visit.now().date(&ctx.zone);
    let (filter, problems) = Filter::read(&query, &REPORT, today);
    let metric = match query.metric.as_str() {
        "" => REPORT.metrics.first().copied(),
        key => REPORT.metric(key),
    }
    .ok_or(Error::NotFound)?;
    let cursor: Option<Cursor> = query.at.parse().ok();
    let count = queries::count(ctx, &filter, metric).await?;
    let earlier = queries::count(ctx, &filter.before(), metric).await?;
    let rows = queries::rows(ctx, &filter, metric, cursor.as_ref(), PAGE).await?;
    let choices = queries::choices(ctx).await?;
    let wording = setting::in_force::<SatisfactionSettings>(&mut ctx.read().await?).await?.value;
    let back = ReportQuery { metric: String::new(), at: String::new(), ..query.clone() }.href(REPORT.path);
    let clear = ReportQuery { metric: metric.key.to_owned(), ..ReportQuery::default() }.href(ROWS);
    let mut facts = vec![filter.range.words(today, lang)];
    facts.extend(words(&filter, &choices, lang));
    facts.push(t!(lang, "按邀评时间", "by time of invitation").to_owned());
    let lead = format!("{}{}{}", metric.tip.of(lang), t!(lang, "。", ". "), facts.join(t!(lang, "，", ", ")));
    let mut page = Page::new(metric.name.of(lang))
        .crumb(t!(lang, "统计", "Reports"), REPORT.path)
        .crumb(REPORT.name.of(lang), back)
        .count(grouped(count))
        .lead(lead);
    if ctx.may(Permission::StatisticsExport) && count > 0 {
        let query = ReportQuery { metric: metric.key.to_owned(), ..filter.query() };
        page = page.action(move || export_menu(lang, Content::Rows, &query));
    }
    let failed = visit.form("export");
    Ok(page.body(move || {
        let failed = failed.is_shown_again().then(|| view! { <div class="filters">{failed.summary()}</div> });
        let wrong = view! { {failed}{problem_note(&problems, lang)} };
        let switch = switch(&query, metric, (&filter, earlier), lang);
        if rows.rows.is_empty() {
            let none = ui::empty::no_result(t!(lang, "没有工单", "No tickets"), clear, t!(lang, "清除筛选", "Clear the filter"));
            return view! { {wrong}{switch}{none} }.into_any();
        }
        let pager = ui::pager::pager(
            &rows,
            &visit.place,
            lang,
            t!(lang, "共 {} 张，按邀评时间从新到旧", "{} tickets, latest invitation first", grouped(count)),
        );
        let lines: Vec<AnyView> = rows.rows.iter().map(|row| line(&visit, row, &wording)).collect();
        view! {
            {wrong}
            {switch}
            <div class="edge">
                <div class="scroll" tabindex="0" role="group" aria-label=metric.name.of(lang)>
                    <table class="table fold" role="table">
                        <thead role="rowgroup"><tr role="row">
                            <th scope="col" role="columnheader">{t!(lang, "工单", "Ticket")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "客户", "Customer")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "客服（邀评时）", "Agent at invitation")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "渠道", "Channel")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "邀评时间", "Invited")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "评价时间", "Rated")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "分数", "Score")}</th>
                            <th scope="col" role="columnheader">{t!(lang, "原因与说明", "Reasons and remark")}</th>
                        </tr></thead>
                        <tbody role="rowgroup">{lines}</tbody>
                    </table>
                </div>
            </div>
            {pager}
        }
        .into_any()
    }))
}

/// The other counts of the same filter, one link each, and the same count of the period before.
fn switch(query: &ReportQuery, metric: &Metric, (filter, earlier): (&Filter, i64), lang: Lang) -> AnyView {
    let links: Vec<AnyView> = REPORT
        .metrics
        .iter()
        .filter(|other| matches!(other.value, Value::Count(_)))
        .map(|other| {
            let is_current = other.key == metric.key;
            let class = if is_current { "chip on" } else { "chip" };
            let href = ReportQuery { metric: other.key.to_owned(), at: String::new(), ..query.clone() }.href(ROWS);
            view! { <a class=class href=href aria-current=is_current.then_some("true")>{other.name.of(lang)}</a> }.into_any()
        })
        .collect();
    let before = ReportQuery { metric: metric.key.to_owned(), ..filter.before().query() }.href(ROWS);
    let words = t!(lang, "上期 {} 张", "{} in the period before", grouped(earlier));
    view! {
        <nav class="filters" aria-label=t!(lang, "指标", "Metric")><div class="chips">{links}</div><a class="btn quiet end" href=before>{words}</a></nav>
    }
    .into_any()
}

fn line(visit: &Visit, row: &RatedTicket, wording: &SatisfactionSettings) -> AnyView {
    let lang = visit.lang();
    let nil = || view! { <span class="nil">"–"</span> }.into_any();
    let score = row.score.map_or_else(nil, |score| five(score, t!(lang, "{} 分", "{} of 5", score)));
    let rated = row.rated_at.map_or_else(nil, |at| ui::time::cell(at, &visit.ctx).into_any());
    let reasons: Vec<AnyView> = row
        .reasons
        .iter()
        .map(|reason| {
            let reason = wording.reason(row.score.unwrap_or_default(), reason, lang).to_owned();
            view! { <span class="tag">{reason}</span>" " }.into_any()
        })
        .collect();
    let said = if row.reasons.is_empty() && row.remark.is_empty() { nil() } else { view! { {reasons}{row.remark.clone()} }.into_any() };
    let agent = if row.agent.is_empty() { nil() } else { row.agent.clone().into_any() };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="to" href=format!("/tickets/{}", row.ticket)>{row.title.clone()}</a><span class="sub">{row.number}</span></th>
            <td role="cell" data-k=t!(lang, "客户", "Customer")>{row.customer.clone()}</td>
            <td role="cell" data-k=t!(lang, "客服", "Agent")>{agent}</td>
            <td role="cell" data-k=t!(lang, "渠道", "Channel")>{row.channel.label(lang)}</td>
            <td role="cell" data-k=t!(lang, "邀评时间", "Invited")>{ui::time::cell(row.sent_at, &visit.ctx)}</td>
            <td role="cell" data-k=t!(lang, "评价时间", "Rated")>{rated}</td>
            <td role="cell" data-k=t!(lang, "分数", "Score")>{score}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "原因", "Reasons")>{said}</td>
        </tr>
    }
    .into_any()
}

/// A score as stars, said as a number.
fn five(score: i16, label: String) -> AnyView {
    let stars: Vec<AnyView> = (1..=5_i16)
        .map(|star| {
            let class = if star <= score { "i s on" } else { "i s" };
            view! { <svg class=class aria-hidden="true"><use href="/icons.svg#star"></use></svg> }.into_any()
        })
        .collect();
    view! { <span class="five" role="img" aria-label=label>{stars}</span>" "{score} }.into_any()
}

//! 工单明细: the rated tickets behind a number of the satisfaction report.

use crate::pages::list::List;
use crate::queries::{self, PAGE, RatedTicket};
use crate::reports::ticket_satisfaction::REPORT;
use kernel::error::Result;
use kernel::{setting, t};
use leptos::prelude::*;
use satisfaction::model::SatisfactionSettings;
use ui::page::Page;
use ui::visit::Visit;

/// 工单明细, `/reports/ticket-satisfaction/rows`.
pub async fn rows_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), &visit.ctx);
    let list = List::read(&visit, &REPORT).await?;
    let rows = queries::rows(ctx, &list.filter, list.metric, list.cursor.as_ref(), PAGE).await?;
    let wording = setting::in_force::<SatisfactionSettings>(&mut ctx.read().await?).await?.value;
    let heads = vec![
        t!(lang, "工单", "Ticket"),
        t!(lang, "客户", "Customer"),
        t!(lang, "客服（邀评时）", "Agent at invitation"),
        t!(lang, "渠道", "Channel"),
        t!(lang, "邀评时间", "Invited"),
        t!(lang, "评价时间", "Rated"),
        t!(lang, "分数", "Score"),
        t!(lang, "原因与说明", "Reasons and remark"),
    ];
    Ok(list.page(visit, rows, heads, move |visit, row| line(visit, row, &wording)))
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

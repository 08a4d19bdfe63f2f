//! 时钟明细: the clocks behind a number of the SLA report.

use crate::pages::list::List;
use crate::queries::PAGE;
use crate::queries::clocks::{self, TicketClock};
use crate::reports::sla::REPORT;
use kernel::error::Result;
use kernel::t;
use leptos::prelude::*;
use ticket::model::due::ClockState;
use ui::page::Page;
use ui::tag::{Tone, or_dash, tag};
use ui::visit::Visit;

/// 时钟明细, `/reports/sla/rows`.
pub async fn rows_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let list = List::read(&visit, &REPORT).await?;
    let rows = clocks::rows(&visit.ctx, &list.filter, list.metric, list.cursor.as_ref(), PAGE).await?;
    let heads = vec![
        t!(lang, "工单", "Ticket"),
        t!(lang, "客户", "Customer"),
        t!(lang, "客服", "Agent"),
        t!(lang, "渠道", "Channel"),
        t!(lang, "时效规则", "SLA policy"),
        t!(lang, "指标", "Target"),
        t!(lang, "开始时间", "Began"),
        t!(lang, "时限", "Due"),
        t!(lang, "结束时间", "Ended"),
        t!(lang, "用时 / 限时", "Used / allowed"),
        t!(lang, "状态", "State"),
    ];
    Ok(list.page(visit, rows, heads, line))
}

fn line(visit: &Visit, row: &TicketClock) -> AnyView {
    let lang = visit.lang();
    let time = |at: Option<kernel::time::Stamp>| match at {
        Some(at) => ui::time::cell(at, &visit.ctx),
        None => or_dash(""),
    };
    let (tone, picture) = match row.state {
        ClockState::Running => (Tone::Plain, "timer"),
        ClockState::Paused => (Tone::Plain, "circle-pause"),
        ClockState::Overdue | ClockState::Missed => (Tone::Bad, "timer"),
        ClockState::Met => (Tone::Ok, "check"),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="to" href=format!("/tickets/{}", row.ticket)>{row.title.clone()}</a><span class="sub">{row.number}</span></th>
            <td role="cell" data-k=t!(lang, "客户", "Customer")>{row.customer.clone()}</td>
            <td role="cell" data-k=t!(lang, "客服", "Agent")>{or_dash(&row.agent)}</td>
            <td role="cell" data-k=t!(lang, "渠道", "Channel")>{row.channel.label(lang)}</td>
            <td role="cell" data-k=t!(lang, "时效规则", "SLA policy")>{row.policy.clone()}</td>
            <td role="cell" data-k=t!(lang, "指标", "Target")>{row.aim(lang)}</td>
            <td role="cell" data-k=t!(lang, "开始时间", "Began")>{ui::time::cell(row.started_at, &visit.ctx)}</td>
            <td role="cell" data-k=t!(lang, "时限", "Due")>{time(row.due_at)}</td>
            <td role="cell" data-k=t!(lang, "结束时间", "Ended")>{time(row.ended_at)}</td>
            <td role="cell" data-k=t!(lang, "用时 / 限时", "Used / allowed")>{format!("{} / {}", short(row.used_ms), short(row.allowed_ms))}</td>
            <td role="cell" data-k=t!(lang, "状态", "State")>{tag(tone, picture, row.state.label(lang))}</td>
        </tr>
    }
    .into_any()
}

/// A length of time, short: `1h30m`.
fn short(millis: i64) -> String {
    sla::model::write_minutes(u32::try_from(millis / 60_000).unwrap_or_default())
}

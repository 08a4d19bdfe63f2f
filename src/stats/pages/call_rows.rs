//! 通话明细: the call records behind a number of a report of calls.

use crate::figure::clock;
use crate::pages::list::List;
use crate::queries::PAGE;
use crate::queries::legs::{self, CallRow};
use crate::reports::{self, Report};
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::page::Page;
use ui::tag::or_dash;
use ui::visit::Visit;

/// 通话明细 of the report of calls, `/reports/calls/rows`.
pub async fn call_page(visit: Visit) -> Result<Page> {
    rows_page(visit, &reports::call::REPORT).await
}

/// 通话明细 of agents' work, `/reports/call-agents/rows`.
pub async fn agent_page(visit: Visit) -> Result<Page> {
    rows_page(visit, &reports::call_agent::REPORT).await
}

/// 通话明细 of groups' work, `/reports/call-groups/rows`.
pub async fn group_page(visit: Visit) -> Result<Page> {
    rows_page(visit, &reports::call_group::REPORT).await
}

/// 通话明细 of ratings, `/reports/call-satisfaction/rows`.
pub async fn satisfaction_page(visit: Visit) -> Result<Page> {
    rows_page(visit, &reports::call_satisfaction::REPORT).await
}

async fn rows_page(visit: Visit, report: &'static Report) -> Result<Page> {
    let lang = visit.lang();
    let list = List::read(&visit, report).await?;
    let rows = legs::rows(&visit.ctx, &list.filter, list.metric, list.cursor.as_ref(), PAGE).await?;
    let mut heads = vec![
        t!(lang, "开始时间", "Began"),
        t!(lang, "呼叫类型", "Type"),
        t!(lang, "客户", "Customer"),
        t!(lang, "客服", "Agent"),
        t!(lang, "技能组", "Group"),
        t!(lang, "业务线", "Line"),
        t!(lang, "排队", "Queue"),
        t!(lang, "振铃", "Ringing"),
        t!(lang, "通话", "Talk"),
        t!(lang, "通话结果", "Result"),
    ];
    let metric = list.metric;
    // What each row adds to a sum stands beside it, so that the rows can be added up.
    if metric.worth().is_some() {
        heads.push(t!(lang, "计入", "Counts"));
    }
    Ok(list.page(visit, rows, heads, line))
}

fn line(visit: &Visit, row: &CallRow) -> AnyView {
    let lang = visit.lang();
    let began = ui::time::cell(row.started_at, &visit.ctx);
    // A scope of reports may count calls that their reader may not open.
    let began = match visit.ctx.may(Permission::CallRecordView) {
        true => view! { <a class="to" href=format!("/calls/{}", row.call)>{began}</a> }.into_any(),
        false => began.into_any(),
    };
    let result = row.result.map_or("", |result| result.label(lang));
    let worth = row.worth.map(|millis| view! { <td role="cell" class="num" data-k=t!(lang, "计入", "Counts")>{length(millis)}</td> });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{began}</th>
            <td role="cell" data-k=t!(lang, "呼叫类型", "Type")>{row.call_type.label(lang)}</td>
            <td role="cell" data-k=t!(lang, "客户", "Customer")>{or_dash(&row.customer)}</td>
            <td role="cell" data-k=t!(lang, "客服", "Agent")>{or_dash(&row.agent)}</td>
            <td role="cell" data-k=t!(lang, "技能组", "Group")>{or_dash(&row.group)}</td>
            <td role="cell" data-k=t!(lang, "业务线", "Line")>{row.line.label(lang)}</td>
            <td role="cell" class="num" data-k=t!(lang, "排队", "Queue")>{length(row.queue_ms)}</td>
            <td role="cell" class="num" data-k=t!(lang, "振铃", "Ringing")>{length(row.ring_ms)}</td>
            <td role="cell" class="num" data-k=t!(lang, "通话", "Talk")>{length(row.talk_ms)}</td>
            <td role="cell" data-k=t!(lang, "通话结果", "Result")>{or_dash(result)}</td>
            {worth}
        </tr>
    }
    .into_any()
}

/// Milliseconds in whole seconds, half up; a dash for none at all.
fn length(millis: i64) -> String {
    if millis == 0 { "–".to_owned() } else { clock((millis + 500) / 1000) }
}

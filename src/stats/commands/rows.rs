//! 导出明细: the rows behind a number as a file; each kind of row has its own columns.

use crate::metric::Metric;
use crate::queries::clocks::{self, TicketClock};
use crate::queries::legs::{self, CallRow};
use crate::queries::{self, RatedTicket};
use crate::report::Filter;
use crate::reports::{Report, Rows};
use export::commands::Running;
use export::commands::sheet::{Cell, Sheet};
use export::model::MOST_ROWS;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::page::Cursor;
use kernel::t;
use kernel::time::Stamp;

/// Rows read at once.
const BATCH: usize = 1_000;

/// Writes them, and says how many they are.
pub(super) async fn write(running: &Running, report: &'static Report, filter: &Filter, metric: &'static Metric) -> Result<(Sheet, i64)> {
    let ctx = &running.ctx;
    let lang = ctx.lang();
    let head: Vec<String> = head(report.rows, lang).into_iter().map(str::to_owned).collect();
    let mut sheet = Sheet::new(running.format, metric.short(lang), &head)?;
    let total = queries::count(ctx, filter, metric).await?;
    let (mut rows, mut cursor) = (0_i64, None);
    loop {
        let (lines, next) = batch(ctx, report.rows, filter, metric, cursor.as_ref()).await?;
        for line in &lines {
            sheet.row(line)?;
        }
        rows += i64::try_from(lines.len()).unwrap_or(0);
        cursor = next;
        if cursor.is_none() || rows >= MOST_ROWS {
            return Ok((sheet, rows));
        }
        running.progress(rows, total).await?;
    }
}

fn head(rows: Rows, lang: Lang) -> Vec<&'static str> {
    match rows {
        Rows::Rated => vec![
            t!(lang, "工单编号", "Ticket"),
            t!(lang, "标题", "Title"),
            t!(lang, "客户", "Customer"),
            t!(lang, "客服（邀评时）", "Agent at invitation"),
            t!(lang, "渠道", "Channel"),
            t!(lang, "邀评时间", "Invited"),
            t!(lang, "评价时间", "Rated"),
            t!(lang, "分数", "Score"),
            t!(lang, "原因", "Reasons"),
            t!(lang, "说明", "Remark"),
        ],
        Rows::Clocks => vec![
            t!(lang, "工单编号", "Ticket"),
            t!(lang, "标题", "Title"),
            t!(lang, "客户", "Customer"),
            t!(lang, "客服", "Agent"),
            t!(lang, "渠道", "Channel"),
            t!(lang, "时效规则", "SLA policy"),
            t!(lang, "指标", "Target"),
            t!(lang, "第几次", "No."),
            t!(lang, "开始时间", "Began"),
            t!(lang, "时限", "Due"),
            t!(lang, "结束时间", "Ended"),
            t!(lang, "用时（分钟）", "Used (minutes)"),
            t!(lang, "限时（分钟）", "Allowed (minutes)"),
            t!(lang, "状态", "State"),
        ],
        Rows::Calls => vec![
            t!(lang, "主通话记录", "Main record"),
            t!(lang, "通话记录", "Record"),
            t!(lang, "呼叫类型", "Type"),
            t!(lang, "业务线", "Line"),
            t!(lang, "客户", "Customer"),
            t!(lang, "客服", "Agent"),
            t!(lang, "技能组", "Group"),
            t!(lang, "开始时间", "Began"),
            t!(lang, "排队（秒）", "Queue (seconds)"),
            t!(lang, "振铃（秒）", "Ringing (seconds)"),
            t!(lang, "通话（秒）", "Talk (seconds)"),
            t!(lang, "通话结果", "Result"),
            t!(lang, "计入（秒）", "Counts (seconds)"),
        ],
    }
}

/// Some of them as cells, and where to go on.
async fn batch(
    ctx: &Ctx,
    rows: Rows,
    filter: &Filter,
    metric: &'static Metric,
    cursor: Option<&Cursor>,
) -> Result<(Vec<Vec<Cell>>, Option<Cursor>)> {
    match rows {
        Rows::Rated => {
            let page = queries::rows(ctx, filter, metric, cursor, BATCH).await?;
            Ok((page.rows.iter().map(|row| rated(ctx, row)).collect(), page.next))
        }
        Rows::Clocks => {
            let page = clocks::rows(ctx, filter, metric, cursor, BATCH).await?;
            Ok((page.rows.iter().map(|row| clock(ctx, row)).collect(), page.next))
        }
        Rows::Calls => {
            let page = legs::rows(ctx, filter, metric, cursor, BATCH).await?;
            Ok((page.rows.iter().map(|row| call(ctx, row)).collect(), page.next))
        }
    }
}

fn rated(ctx: &Ctx, row: &RatedTicket) -> Vec<Cell> {
    vec![
        Cell::Whole(row.number),
        text(&row.title),
        text(&row.customer),
        text(&row.agent),
        text(row.channel.label(ctx.lang())),
        text(&row.sent_at.table(&ctx.zone)),
        time(ctx, row.rated_at),
        row.score.map_or(Cell::Empty, |score| Cell::Whole(i64::from(score))),
        text(&row.reasons.join("; ")),
        text(&row.remark),
    ]
}

fn clock(ctx: &Ctx, row: &TicketClock) -> Vec<Cell> {
    let lang = ctx.lang();
    vec![
        Cell::Whole(row.number),
        text(&row.title),
        text(&row.customer),
        text(&row.agent),
        text(row.channel.label(lang)),
        text(&row.policy),
        text(row.target.label(lang)),
        Cell::Whole(i64::from(row.no)),
        text(&row.started_at.table(&ctx.zone)),
        time(ctx, row.due_at),
        time(ctx, row.ended_at),
        // Hundredths of a minute.
        Cell::Decimal(row.used_ms / 600),
        Cell::Whole(row.allowed_ms / 60_000),
        text(row.state.label(lang)),
    ]
}

fn call(ctx: &Ctx, row: &CallRow) -> Vec<Cell> {
    let lang = ctx.lang();
    // Hundredths of a second.
    let seconds = |millis: i64| Cell::Decimal((millis + 5) / 10);
    vec![
        text(&row.call.to_string()),
        text(&row.leg.to_string()),
        text(row.call_type.label(lang)),
        text(row.line.label(lang)),
        text(&row.customer),
        text(&row.agent),
        text(&row.group),
        text(&row.started_at.table(&ctx.zone)),
        seconds(row.queue_ms),
        seconds(row.ring_ms),
        seconds(row.talk_ms),
        text(row.result.map_or("", |result| result.label(lang))),
        row.worth.map_or(Cell::Empty, seconds),
    ]
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn time(ctx: &Ctx, at: Option<Stamp>) -> Cell {
    at.map_or(Cell::Empty, |at| Cell::Text(at.table(&ctx.zone)))
}

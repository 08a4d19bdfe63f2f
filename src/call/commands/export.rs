//! 导出通话记录: the list on screen as a file, written in the background with the rights of whoever asked.

use crate::filter::RecordFilter;
use crate::jobs::CallExport;
use crate::model::BusinessLine;
use crate::model::number::masked;
use crate::model::summary::RecordExportInput;
use crate::queries::record::{self, RecordRow};
use export::commands::sheet::{Cell, Sheet};
use export::commands::{Order, Running, Written};
use export::model::{Format, Kind, MOST_ROWS};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::ExportId;
use kernel::permission::Permission;
use kernel::time::{Stamp, zone_words};
use kernel::{job, t};
use serde::{Deserialize, Serialize};

/// Rows read at once.
const BATCH: usize = 1_000;

/// What the job needs to know: the list as its address says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wanted {
    line: BusinessLine,
    query: String,
}

/// Asks for a file of a list: audited, written in the background. A list of more rows than a file takes is
/// `Problem::TooManyRecords`.
pub async fn export(ctx: &Ctx, input: RecordExportInput) -> Result<ExportId> {
    ctx.require(Permission::CallRecordOwn)?;
    ctx.require(Permission::CallExport)?;
    let (line, filter) = (input.line.unwrap_or(BusinessLine::CallCenter), RecordFilter::parse(&input.query));
    bounded(ctx, line, &filter).await?;
    let order = Order {
        kind: Kind::Calls,
        name: format!("{} {}", t!(ctx.lang(), "通话记录", "Call records"), ctx.now().date(&ctx.zone)),
        format: input.format.unwrap_or(Format::Xlsx),
        wanted: serde_json::to_value(Wanted { line, query: filter.to_query() }).map_err(Error::internal)?,
    };
    let mut tx = ctx.begin().await?;
    let export = export::commands::ask(&mut tx, order).await?;
    job::enqueue(&mut tx, &CallExport { export }).await?;
    tx.commit().await?;
    Ok(export)
}

/// Writes the file of an export and tells whoever asked. System: the worker's job; a second run writes it again.
pub async fn run_export(ctx: &Ctx, export: ExportId) -> Result {
    let Some(running) = export::commands::begin(ctx, export).await? else { return Ok(()) };
    let written = write(&running).await;
    export::commands::end(ctx, &running, written).await
}

async fn write(running: &Running) -> Result<Written> {
    let (ctx, as_of, lang) = (&running.ctx, running.ctx.now(), running.ctx.lang());
    let Wanted { line, query } = running.wanted()?;
    let filter = RecordFilter::parse(&query);
    // It may have grown since it was asked for.
    let total = bounded(ctx, line, &filter).await?;
    let head = [
        t!(lang, "通话记录id", "Record id"),
        t!(lang, "主通话记录id", "Main record id"),
        t!(lang, "呼叫类型", "Call type"),
        t!(lang, "通话结果", "Result"),
        t!(lang, "挂断方", "Hung up by"),
        t!(lang, "接听方式", "Answered on"),
        t!(lang, "客服", "Agent"),
        t!(lang, "技能组", "Group"),
        t!(lang, "客户", "Customer"),
        t!(lang, "客户号码", "Customer's number"),
        t!(lang, "第三方号码", "Third party's number"),
        t!(lang, "开始时间", "Started"),
        t!(lang, "结束时间", "Ended"),
        t!(lang, "排队时长（毫秒）", "Queue, ms"),
        t!(lang, "振铃时长（毫秒）", "Ring, ms"),
        t!(lang, "通话时长（毫秒）", "Talk, ms"),
        t!(lang, "保持时长（毫秒）", "Hold, ms"),
        t!(lang, "转接次数", "Transfers"),
        t!(lang, "咨询次数", "Consultations"),
        t!(lang, "满意度级数", "Satisfaction levels"),
        t!(lang, "满意度按键", "Satisfaction key"),
        t!(lang, "质检", "Inspected"),
    ];
    let head = head.map(str::to_owned);
    let mut sheet = Sheet::new(running.format, t!(lang, "通话记录", "Call records"), &head)?;
    let (mut walk, mut rows) = (record::walk(ctx, line, &filter).await?, 0_i64);
    loop {
        let batch = walk.next(BATCH).await?;
        for row in batch.iter().take(usize::try_from(MOST_ROWS - rows).unwrap_or(0)) {
            sheet.row(&cells(ctx, row))?;
        }
        rows = (rows + i64::try_from(batch.len()).unwrap_or(0)).min(MOST_ROWS);
        if batch.len() < BATCH || rows >= MOST_ROWS {
            break;
        }
        running.progress(rows, total).await?;
    }
    let row = |name: &str, value: String| (name.to_owned(), value);
    let may_see = ctx.may(Permission::CallNumberView);
    let numbers = if may_see { t!(lang, "完整", "In full") } else { t!(lang, "隐藏中间", "Masked in the middle") };
    let page = crate::model::address(line);
    let manifest = vec![
        row(t!(lang, "业务线", "Line"), line.label(lang).to_owned()),
        row(t!(lang, "筛选", "Filter"), ctx.app.config.link(&format!("{page}?{query}"))),
        row(t!(lang, "号码", "Numbers"), numbers.to_owned()),
        row(t!(lang, "时区", "Time zone"), zone_words(&ctx.zone, as_of, lang)),
        row(t!(lang, "数据截至", "As of"), as_of.table(&ctx.zone)),
    ];
    running.finish(sheet, manifest, rows).await
}

/// How many records match; refuses more than a file takes.
async fn bounded(ctx: &Ctx, line: BusinessLine, filter: &RecordFilter) -> Result<i64> {
    match record::count_up_to(ctx, line, filter, MOST_ROWS + 1).await? {
        total if total > MOST_ROWS => Err(Problem::TooManyRecords.into()),
        total => Ok(total),
    }
}

fn cells(ctx: &Ctx, row: &RecordRow) -> [Cell; 22] {
    let lang = ctx.lang();
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let number = |number: &str| text(&if ctx.may(Permission::CallNumberView) { number.to_owned() } else { masked(number) });
    let time = |at: Option<Stamp>| at.map_or(Cell::Empty, |at| text(&at.table(&ctx.zone)));
    [
        text(&row.id.to_string()),
        text(&row.call_id.to_string()),
        text(row.call_type.label(lang)),
        text(row.result.map_or("", |result| result.label(lang))),
        text(row.ender.map_or("", |ender| ender.label(lang))),
        text(row.answer_way.map_or("", |way| way.label(lang))),
        text(&row.agent_name),
        text(row.group_name.as_deref().unwrap_or_default()),
        text(row.customer_nickname.as_deref().unwrap_or_default()),
        number(&row.customer_number),
        number(&row.other_number),
        time(Some(row.started_at)),
        time(row.ended_at),
        Cell::Whole(row.queue_ms),
        Cell::Whole(row.ring_ms),
        Cell::Whole(row.talk_ms),
        Cell::Whole(row.hold_ms),
        Cell::Whole(i64::from(row.transfer_count)),
        Cell::Whole(i64::from(row.consult_count)),
        Cell::Whole(i64::from(row.satisfy_levels)),
        Cell::Whole(i64::from(row.satisfy_key)),
        text(if row.is_inspected { t!(lang, "已质检", "Inspected") } else { "" }),
    ]
}

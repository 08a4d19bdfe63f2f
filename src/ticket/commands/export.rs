//! 导出工单: the list on screen as a file, written in the background. The rows are those that whoever asked may see when
//! the file is written, from one moment: what changes meanwhile neither slips through nor comes twice.

use crate::jobs::TicketExport;
use crate::model::export::ExportInput;
use crate::model::field::TicketField;
use crate::model::list::ListQuery;
use crate::queries::list::{self, TicketRow};
use crate::queries::{count, field};
use export::commands::sheet::{Cell, Sheet};
use export::commands::{Order, Running, Written};
use export::model::{Format, Kind, MOST_ROWS};
use kernel::answer::{all_words, values_of};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::field::FieldKind;
use kernel::id::ExportId;
use kernel::permission::Permission;
use kernel::time::zone_words;
use kernel::{job, t};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// Rows read at once.
const BATCH: usize = 1_000;

/// What the job needs to know: the list as its address says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wanted {
    query: String,
}

/// Asks for a file of a list: audited, written in the background. A list of more rows than a file takes is
/// `Problem::ExportTooLarge`.
pub async fn export(ctx: &Ctx, input: ExportInput) -> Result<ExportId> {
    ctx.require(Permission::TicketView)?;
    ctx.require(Permission::TicketExport)?;
    let list = ListQuery::parse(&input.query).without_place();
    list::check(&list)?;
    bounded(ctx, &list).await?;
    let lang = ctx.lang();
    let order = Order {
        kind: Kind::Tickets,
        name: format!("{} {}", list.start().label(lang), ctx.now().date(&ctx.zone)),
        format: input.format.unwrap_or(Format::Xlsx),
        wanted: serde_json::to_value(Wanted { query: list.to_query() }).map_err(Error::internal)?,
    };
    let mut tx = ctx.begin().await?;
    let export = export::commands::ask(&mut tx, order).await?;
    job::enqueue(&mut tx, &TicketExport { export }).await?;
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
    let list = ListQuery::parse(&running.wanted::<Wanted>()?.query);
    // It may have grown since it was asked for.
    let total = bounded(ctx, &list).await?;
    let head = [
        t!(lang, "工单编号", "Ticket"),
        t!(lang, "标题", "Title"),
        t!(lang, "状态", "Status"),
        t!(lang, "优先级", "Priority"),
        t!(lang, "来源", "Source"),
        t!(lang, "分类", "Category"),
        t!(lang, "客户", "Customer"),
        t!(lang, "VIP等级", "VIP level"),
        t!(lang, "受理组", "Group"),
        t!(lang, "受理客服", "Agent"),
        t!(lang, "客户等待自", "Customer waits since"),
        t!(lang, "消息数", "Messages"),
        t!(lang, "附件数", "Files"),
        t!(lang, "催单次数", "Urged"),
        t!(lang, "重新打开次数", "Reopened"),
        t!(lang, "创建时间", "Created"),
        t!(lang, "更新时间", "Updated"),
    ];
    // A column for each own field that its reader may see.
    let own = field::seen(&mut ctx.read().await?).await?;
    let head: Vec<String> = head.into_iter().map(str::to_owned).chain(own.iter().map(|field| field.label.clone())).collect();
    let mut sheet = Sheet::new(running.format, t!(lang, "工单", "Tickets"), &head)?;
    let (mut walk, mut rows) = (list::walk(ctx, &list).await?, 0_i64);
    loop {
        let batch = walk.next(BATCH).await?;
        let kept = if own.is_empty() { HashMap::new() } else { walk.kept(&batch).await? };
        for row in batch.iter().take(usize::try_from(MOST_ROWS - rows).unwrap_or(0)) {
            let kept = kept.get(&row.id);
            let own = own.iter().map(|field| own_cell(field, kept));
            sheet.row(&cells(ctx, row).into_iter().chain(own).collect::<Vec<_>>())?;
        }
        rows = (rows + i64::try_from(batch.len()).unwrap_or(0)).min(MOST_ROWS);
        if batch.len() < BATCH || rows >= MOST_ROWS {
            break;
        }
        running.progress(rows, total).await?;
    }
    let row = |name: &str, value: String| (name.to_owned(), value);
    let manifest = vec![
        row(t!(lang, "列表", "List"), list.start().label(lang).to_owned()),
        row(t!(lang, "筛选", "Filter"), ctx.app.config.link(&format!("/tickets?{}", list.to_query()))),
        row(t!(lang, "排序", "Order"), list.order().label(lang).to_owned()),
        row(t!(lang, "数据范围", "Row scope"), ctx.grants.tickets.label(lang).to_owned()),
        row(t!(lang, "时区", "Time zone"), zone_words(&ctx.zone, as_of, lang)),
        row(t!(lang, "数据截至", "As of"), as_of.table(&ctx.zone)),
    ];
    running.finish(sheet, manifest, rows).await
}

/// How many tickets stand in the list; refuses more than a file takes.
async fn bounded(ctx: &Ctx, list: &ListQuery) -> Result<i64> {
    match count::count_up_to(ctx, list, MOST_ROWS + 1).await? {
        total if total > MOST_ROWS => Err(Problem::ExportTooLarge.into()),
        total => Ok(total),
    }
}

/// What was filled in: whole numbers as numbers, everything else as it reads.
fn own_cell(field: &TicketField, kept: Option<&Value>) -> Cell {
    let values = values_of(kept.and_then(|kept| kept.get(field.id.to_string())));
    let words = all_words(field.kind, &values, ", ");
    match words.parse::<i64>() {
        _ if words.is_empty() => Cell::Empty,
        Ok(number) if field.kind == FieldKind::Number => Cell::Whole(number),
        _ => Cell::Text(words),
    }
}

fn cells(ctx: &Ctx, row: &TicketRow) -> [Cell; 17] {
    let lang = ctx.lang();
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let maybe = |words: &Option<String>| text(words.as_deref().unwrap_or_default());
    [
        Cell::Whole(row.number),
        text(&row.title),
        text(row.status.label(lang)),
        text(row.priority.label(lang)),
        text(row.source.label(lang)),
        maybe(&row.category_path),
        text(&row.customer_nickname),
        Cell::Whole(i64::from(row.vip_level)),
        maybe(&row.group_name),
        maybe(&row.agent_name),
        row.waiting_since.filter(|_| row.status.is_open()).map_or(Cell::Empty, |since| text(&since.table(&ctx.zone))),
        Cell::Whole(i64::from(row.message_count)),
        Cell::Whole(i64::from(row.file_count)),
        Cell::Whole(i64::from(row.urge_count)),
        Cell::Whole(i64::from(row.cycle - 1)),
        text(&row.created_at.table(&ctx.zone)),
        text(&row.updated_at.table(&ctx.zone)),
    ]
}

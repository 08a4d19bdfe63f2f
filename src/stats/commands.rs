//! 导出: what is on screen, written by a background job with the rights and the words of whoever asked.

use crate::jobs::StatsExport;
use crate::metric::{DEFINITIONS, Metric};
use crate::model::{Content, ExportInput, ExportState, Format, ReportQuery};
use crate::queries::{self, RatedTicket};
use crate::report::{Filter, Pick, zone_words};
use crate::reports::Report;
use crate::reports::ticket_satisfaction::REPORT;
use crate::sheet::{Cell, Sheet};
use bytes::Bytes;
use kernel::actor::Actor;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, ExportId, GroupId};
use kernel::lang::Lang;
use kernel::permission::{Grants, Permission, Scope};
use kernel::tx::Subject;
use kernel::{job, live, store, t};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Tickets of one list at most: what a spreadsheet still opens.
const MOST_ROWS: i64 = 200_000;
/// Rows read at once.
const BATCH: usize = 1_000;

/// What the job needs to know: the address with days for names, and who sees how much in which language.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Wanted {
    content: Content,
    query: ReportQuery,
    lang: Lang,
    scope: Scope,
    groups: Vec<GroupId>,
    agent_name: String,
}

/// Asks for a file of a report: audited, written in the background.
pub async fn export(ctx: &Ctx, input: ExportInput) -> Result<ExportId> {
    ctx.require(Permission::StatisticsTicket)?;
    ctx.require(Permission::StatisticsExport)?;
    let format = input.format.unwrap_or(Format::Xlsx);
    let content = input.content.unwrap_or(Content::Table);
    let today = ctx.now().date(&ctx.zone);
    let filter = Filter::strict(&input.query, &REPORT, today)?;
    let metric = metric(&REPORT, &input.query)?;
    let query = ReportQuery { metric: metric.key.to_owned(), ..filter.query() };
    if content == Content::Rows && queries::count(ctx, &filter, metric).await? > MOST_ROWS {
        return Err(Error::Problems(Problems::one("", Problem::ExportTooLarge)));
    }
    let lang = ctx.lang();
    let agent = ctx.agent()?;
    let title = match content {
        Content::Table => REPORT.name.of(lang).to_owned(),
        Content::Rows => format!("{} {}", REPORT.name.of(lang), metric.short(lang)),
    };
    let name = t!(lang, "{} {} 至 {}", "{} {} to {}", title, filter.range.from, filter.range.to);
    let wanted =
        Wanted { content, query, lang, scope: ctx.grants.tickets, groups: ctx.groups.to_vec(), agent_name: ctx.actor.name().to_owned() };
    let document = serde_json::to_value(&wanted).map_err(Error::internal)?;
    let (company, now, id) = (ctx.company, ctx.now(), ExportId(ctx.uuid()));
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "insert into exports (company_id, id, agent_id, name, format, query, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        company as _,
        id as _,
        agent as _,
        name,
        format.key(),
        document,
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.audit("statistics.exported", Subject::named("export", Some(id.0), &name), None, Some(document)).await?;
    job::enqueue(&mut tx, &StatsExport { export: id }).await?;
    tx.commit().await?;
    Ok(id)
}

/// Writes the file of an export and tells whoever asked. System: the worker's job; a second run writes it again.
pub async fn run_export(ctx: &Ctx, export: ExportId) -> Result {
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        r#"select agent_id as "agent: AgentId", name, format, query, state as "state: ExportState"
        from exports
        where company_id = $1
        and id = $2"#,
        company as _,
        export as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    drop(tx);
    if row.state == ExportState::Done {
        return Ok(());
    }
    let wanted: Wanted = serde_json::from_value(row.query).map_err(Error::internal)?;
    let format = Format::from_key(&row.format).unwrap_or(Format::Csv);
    progress(ctx, export, 1).await?;
    let written = write(&as_asked(ctx, row.agent, &wanted), export, &wanted, format).await;
    let (content, rows) = match written {
        Ok(written) => written,
        Err(error) => {
            fail(ctx, export, row.agent, &wanted).await?;
            return Err(error);
        }
    };
    let put = store::put(ctx, Bytes::from(content)).await?;
    let mut tx = ctx.begin().await?;
    let owner = store::Owner { kind: "export", id: export.0 };
    let file = store::name(&mut tx, &put, &format!("{}.{}", row.name, format.key()), owner, None).await?;
    let now = ctx.now();
    sqlx::query!(
        "update exports
        set state = $3, progress = 100, row_count = $4, file_id = $5, error = null, finished_at = $6
        where company_id = $1
        and id = $2",
        company as _,
        export as _,
        ExportState::Done as _,
        rows,
        file as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let text = t!(wanted.lang, "{} 已导出", "{} is ready", row.name);
    let notice =
        serde_json::json!({ "export": export, "state": ExportState::Done, "file": file, "title": text, "href": format!("/files/{file}") });
    live::tell(&mut tx, &[row.agent], "export", &notice).await?;
    tx.commit().await
}

/// Says of an export whose job failed too often that it failed, once. System: the worker gave up.
pub async fn give_up(ctx: &Ctx, export: ExportId) -> Result {
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        r#"select agent_id as "agent: AgentId", query, state as "state: ExportState" from exports where company_id = $1 and id = $2"#,
        company as _,
        export as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    drop(tx);
    if matches!(row.state, ExportState::Done | ExportState::Failed) {
        return Ok(());
    }
    let wanted: Wanted = serde_json::from_value(row.query).map_err(Error::internal)?;
    fail(ctx, export, row.agent, &wanted).await
}

/// The context of whoever asked, with the rows and the language they had.
fn as_asked(ctx: &Ctx, agent: AgentId, wanted: &Wanted) -> Ctx {
    let mut grants = Grants::all();
    grants.tickets = wanted.scope;
    let mut asked = Ctx {
        actor: Actor::Agent { id: agent, name: wanted.agent_name.clone() },
        grants,
        groups: Arc::from(wanted.groups.clone()),
        ..ctx.clone()
    };
    asked.request.lang = wanted.lang;
    asked
}

async fn write(ctx: &Ctx, export: ExportId, wanted: &Wanted, format: Format) -> Result<(Vec<u8>, i64)> {
    let (lang, as_of) = (wanted.lang, ctx.now());
    let filter = Filter::strict(&wanted.query, &REPORT, as_of.date(&ctx.zone))?;
    let metric = metric(&REPORT, &wanted.query)?;
    let (sheet, rows) = match wanted.content {
        Content::Table => write_table(ctx, &filter, format).await?,
        Content::Rows => write_rows(ctx, export, &filter, metric, format).await?,
    };
    let mut manifest = manifest(ctx, &filter, lang, as_of).await?;
    if wanted.content == Content::Rows {
        manifest.insert(1, (t!(lang, "指标", "Metric").to_owned(), format!("{}: {}", metric.name.of(lang), metric.tip.of(lang))));
    }
    manifest.push((t!(lang, "行数", "Rows").to_owned(), rows.to_string()));
    // Compressing a large workbook takes a while of one core.
    let title = t!(lang, "说明", "About").to_owned();
    let content = tokio::task::spawn_blocking(move || sheet.finish(&title, &manifest)).await.map_err(Error::internal)??;
    Ok((content, rows))
}

async fn write_table(ctx: &Ctx, filter: &Filter, format: Format) -> Result<(Sheet, i64)> {
    let lang = ctx.lang();
    let table = queries::table(ctx, &REPORT, Filter { compares: false, ..*filter }).await?;
    let head: Vec<String> = core::iter::once(filter.by.label(lang).to_owned())
        .chain(REPORT.metrics.iter().map(|metric| metric.name.of(lang).to_owned()))
        .collect();
    let mut sheet = Sheet::new(format, REPORT.name.of(lang), &head)?;
    let row = |name: &str, sums: &crate::figure::Sums| -> Vec<Cell> {
        let figures = REPORT.metrics.iter().map(|metric| Cell::Figure(sums.figure(metric), metric.unit));
        core::iter::once(Cell::Text(name.to_owned())).chain(figures).collect()
    };
    for line in &table.lines {
        sheet.row(&row(&line.name, &line.sums))?;
    }
    sheet.row(&row(t!(lang, "合计", "Total"), &table.total))?;
    Ok((sheet, i64::try_from(table.lines.len()).unwrap_or(0)))
}

async fn write_rows(ctx: &Ctx, export: ExportId, filter: &Filter, metric: &'static Metric, format: Format) -> Result<(Sheet, i64)> {
    let lang = ctx.lang();
    let head = [
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
    ];
    let mut sheet = Sheet::new(format, metric.short(lang), &head.map(str::to_owned))?;
    let total = queries::count(ctx, filter, metric).await?.max(1);
    let (mut rows, mut cursor) = (0_i64, None);
    loop {
        let page = queries::rows(ctx, filter, metric, cursor.as_ref(), BATCH).await?;
        for row in &page.rows {
            sheet.row(&ticket_cells(ctx, row))?;
        }
        rows += i64::try_from(page.rows.len()).unwrap_or(0);
        cursor = page.next;
        if cursor.is_none() || rows >= MOST_ROWS {
            return Ok((sheet, rows));
        }
        progress(ctx, export, i16::try_from((rows * 95 / total).clamp(1, 95)).unwrap_or(95)).await?;
    }
}

fn ticket_cells(ctx: &Ctx, row: &RatedTicket) -> [Cell; 10] {
    let lang = ctx.lang();
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    [
        Cell::Whole(row.number),
        text(&row.title),
        text(&row.customer),
        text(&row.agent),
        text(row.channel.label(lang)),
        text(&row.sent_at.table(&ctx.zone)),
        row.rated_at.map_or(Cell::Empty, |at| Cell::Text(at.table(&ctx.zone))),
        row.score.map_or(Cell::Empty, |score| Cell::Whole(i64::from(score))),
        text(&row.reasons.join("; ")),
        text(&row.remark),
    ]
}

/// What the file is: report, filter, zone, as-of, version of the definitions.
async fn manifest(ctx: &Ctx, filter: &Filter, lang: Lang, as_of: kernel::time::Stamp) -> Result<Vec<(String, String)>> {
    let choices = queries::choices(ctx).await?;
    let all = || t!(lang, "全部", "All").to_owned();
    let none = || t!(lang, "无", "None").to_owned();
    let version = DEFINITIONS.last().map_or(0, |(version, ..)| *version);
    let agent = match filter.agent {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(id) => choices.agents.iter().find(|agent| agent.id == id).map_or_else(|| id.to_string(), |agent| agent.name.clone()),
    };
    let group = match filter.group {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(id) => choices.groups.iter().find(|group| group.id == id).map_or_else(|| id.to_string(), |group| group.name.clone()),
    };
    let category = match filter.category {
        Pick::Any => all(),
        Pick::Nobody => none(),
        Pick::One(branch) => {
            let path = choices.categories.iter().find(|(known, _)| *known == branch.id()).map(|(_, path)| path.clone());
            branch.words(&path.unwrap_or_else(|| branch.id().to_string()), lang)
        }
    };
    let channel = filter.channel.map_or_else(all, |channel| channel.label(lang).to_owned());
    let row = |name: &str, value: String| (name.to_owned(), value);
    Ok(vec![
        row(t!(lang, "报表", "Report"), REPORT.name.of(lang).to_owned()),
        row(t!(lang, "日期", "Dates"), format!("{} – {}", filter.range.from, filter.range.to)),
        row(t!(lang, "受理组", "Group"), group),
        row(t!(lang, "客服", "Agent"), agent),
        row(t!(lang, "分类", "Category"), category),
        row(t!(lang, "渠道", "Channel"), channel),
        row(t!(lang, "数据范围", "Row scope"), ctx.grants.tickets.label(lang).to_owned()),
        row(t!(lang, "时区", "Time zone"), zone_words(&ctx.zone, as_of, lang)),
        row(t!(lang, "数据截至", "As of"), as_of.table(&ctx.zone)),
        row(t!(lang, "口径版本", "Definitions"), version.to_string()),
        row(t!(lang, "导出人", "Exported by"), ctx.actor.name().to_owned()),
    ])
}

async fn progress(ctx: &Ctx, export: ExportId, percent: i16) -> Result {
    let company = ctx.company;
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "update exports set state = $3, progress = $4 where company_id = $1 and id = $2 and state <> $5",
        company as _,
        export as _,
        ExportState::Running as _,
        percent,
        ExportState::Done as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn fail(ctx: &Ctx, export: ExportId, agent: AgentId, wanted: &Wanted) -> Result {
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    let text = Problem::Internal.text(wanted.lang);
    sqlx::query!(
        "update exports set state = $3, error = $4, finished_at = $5 where company_id = $1 and id = $2",
        company as _,
        export as _,
        ExportState::Failed as _,
        text,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let notice = serde_json::json!({ "export": export, "state": ExportState::Failed, "title": text, "href": "/reports/exports" });
    live::tell(&mut tx, &[agent], "export", &notice).await?;
    tx.commit().await
}

/// The metric an address names; the first of the report when it names none.
fn metric(report: &'static Report, query: &ReportQuery) -> Result<&'static Metric> {
    match query.metric.as_str() {
        "" => report.metrics.first().copied().ok_or(Error::NotFound),
        key => report.metric(key).ok_or(Error::NotFound),
    }
}

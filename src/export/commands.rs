//! 导出: asking for a file, and carrying it out in a background job.

pub mod sheet;

use crate::model::{ExportState, Format, Kind};
use bytes::Bytes;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Result};
use kernel::id::{AgentId, ExportId};
use kernel::lang::Lang;
use kernel::tx::{Subject, Tx};
use kernel::{live, store, t};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sheet::Sheet;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Order {
    /// Whose rows.
    pub kind: Kind,
    /// What the file is called, without its ending.
    pub name: String,
    /// What kind of file.
    pub format: Format,
    /// What its slice needs to write it.
    pub wanted: Value,
}

/// An export that is being carried out.
#[derive(Clone, Debug)]
pub struct Running {
    /// Whoever asked, with the rights, groups and scope they have now and the language they asked in.
    pub ctx: Ctx,
    /// What kind of file.
    pub format: Format,
    id: ExportId,
    wanted: Value,
}

/// A file that is written.
#[derive(Clone, Debug)]
pub struct Written {
    content: Vec<u8>,
    rows: i64,
}

/// What is kept of an order beside its name.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    lang: Lang,
    wanted: Value,
}

struct Row {
    agent: AgentId,
    kind: Kind,
    name: String,
    format: String,
    query: Value,
    state: ExportState,
}

impl Row {
    /// The language of whoever asked; the company's when it cannot be read.
    fn lang(&self, ctx: &Ctx) -> Lang {
        self.query["lang"].as_str().and_then(Lang::from_key).unwrap_or(ctx.company_lang)
    }
}

/// Keeps an order, audited. The caller has asked for the permission and enqueues the job that carries it out, in this
/// transaction.
pub async fn ask(tx: &mut Tx, order: Order) -> Result<ExportId> {
    let (company, agent, now) = (tx.ctx.company, tx.ctx.agent()?, tx.ctx.now());
    let id = ExportId(tx.ctx.uuid());
    let kept = serde_json::to_value(Kept { lang: tx.ctx.lang(), wanted: order.wanted }).map_err(Error::internal)?;
    sqlx::query!(
        "insert into exports (company_id, id, agent_id, kind, name, format, query, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        company as _,
        id as _,
        agent as _,
        order.kind as _,
        order.name,
        order.format.key(),
        kept,
        now,
    )
    .execute(&mut **tx)
    .await?;
    tx.audit(order.kind.action(), Subject::named("export", Some(id.0), &order.name), None, Some(kept)).await?;
    Ok(id)
}

/// Begins to carry an export out; `None` when there is nothing more to do. System: called by the job of the slice that
/// took the order. A second run writes the file again, unless it is done.
pub async fn begin(ctx: &Ctx, export: ExportId) -> Result<Option<Running>> {
    let row = find(ctx, export).await?;
    if row.state == ExportState::Done {
        return Ok(None);
    }
    progress(ctx, export, 1).await?;
    match running(ctx, export, &row).await {
        Ok(running) => Ok(Some(running)),
        Err(error) => told(ctx, export, &row, error).await.map(|()| None),
    }
}

/// Ends it: keeps the file and tells whoever asked. System, like `begin`. An error that another attempt may mend is given
/// back for it; the others, such as a right that was taken away, are told at once.
pub async fn end(ctx: &Ctx, running: &Running, written: Result<Written>) -> Result {
    let row = find(ctx, running.id).await?;
    match written {
        Ok(written) => done(ctx, running.id, &row, written).await,
        Err(error) => told(ctx, running.id, &row, error).await,
    }
}

/// Says of an export whose job failed too often that it failed, once. System: the worker gave up.
pub async fn give_up(ctx: &Ctx, export: ExportId) -> Result {
    let row = find(ctx, export).await?;
    match row.state {
        ExportState::Done | ExportState::Failed => Ok(()),
        ExportState::Waiting | ExportState::Running => fail(ctx, export, &row, Problem::Internal).await,
    }
}

impl Running {
    /// What its slice had kept.
    pub fn wanted<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.wanted).map_err(Error::internal)
    }

    /// Shows how far it is.
    pub async fn progress(&self, rows: i64, of: i64) -> Result {
        let percent = (rows * 95 / of.max(1)).clamp(1, 95);
        progress(&self.ctx, self.id, i16::try_from(percent).unwrap_or(95)).await
    }

    /// Ends the file, saying what it is.
    pub async fn finish(&self, sheet: Sheet, mut manifest: Vec<(String, String)>, rows: i64) -> Result<Written> {
        let lang = self.ctx.lang();
        manifest.push((t!(lang, "导出人", "Exported by").to_owned(), self.ctx.actor.name().to_owned()));
        manifest.push((t!(lang, "行数", "Rows").to_owned(), rows.to_string()));
        let title = t!(lang, "说明", "About").to_owned();
        // Compressing a large workbook takes a while of one core.
        let content = tokio::task::spawn_blocking(move || sheet.finish(&title, &manifest)).await.map_err(Error::internal)??;
        Ok(Written { content, rows })
    }
}

async fn find(ctx: &Ctx, export: ExportId) -> Result<Row> {
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Row,
        r#"select agent_id as "agent: AgentId", kind as "kind: Kind", name, format, query, state as "state: ExportState"
        from exports
        where company_id = $1
        and id = $2"#,
        company as _,
        export as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// The order as its owner would give it now.
async fn running(ctx: &Ctx, export: ExportId, row: &Row) -> Result<Running> {
    let kept = Kept::deserialize(&row.query).map_err(Error::internal)?;
    let request = Request { lang: kept.lang, ..ctx.request.clone() };
    let mut asked = identity::queries::person(&ctx.app, ctx.company, row.agent, request).await?.ctx;
    asked.request.lang = kept.lang;
    for item in row.kind.needs() {
        asked.require(item)?;
    }
    Ok(Running { ctx: asked, format: Format::from_key(&row.format).unwrap_or(Format::Csv), id: export, wanted: kept.wanted })
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

async fn done(ctx: &Ctx, export: ExportId, row: &Row, written: Written) -> Result {
    let (company, now, lang) = (ctx.company, ctx.now(), row.lang(ctx));
    let put = store::put(ctx, Bytes::from(written.content)).await?;
    let mut tx = ctx.begin().await?;
    let owner = store::Owner { kind: "export", id: export.0 };
    let file = store::name(&mut tx, &put, &format!("{}.{}", row.name, row.format), owner, None).await?;
    sqlx::query!(
        "update exports
        set state = $3, progress = 100, row_count = $4, file_id = $5, error = null, finished_at = $6
        where company_id = $1
        and id = $2",
        company as _,
        export as _,
        ExportState::Done as _,
        written.rows,
        file as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let text = t!(lang, "{} 已导出", "{} is ready", row.name);
    let notice =
        serde_json::json!({ "export": export, "state": ExportState::Done, "file": file, "title": text, "href": format!("/files/{file}") });
    live::tell(&mut tx, &[row.agent], "export", &notice).await?;
    tx.commit().await
}

/// Tells what no further attempt can mend; gives everything else back.
async fn told(ctx: &Ctx, export: ExportId, row: &Row, error: Error) -> Result {
    match error {
        Error::Busy | Error::Internal(_) => Err(error),
        _ => fail(ctx, export, row, error.problem()).await,
    }
}

async fn fail(ctx: &Ctx, export: ExportId, row: &Row, problem: Problem) -> Result {
    let (company, now, lang) = (ctx.company, ctx.now(), row.lang(ctx));
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "update exports set state = $3, error = $4, finished_at = $5 where company_id = $1 and id = $2",
        company as _,
        export as _,
        ExportState::Failed as _,
        problem.text(lang),
        now,
    )
    .execute(&mut *tx)
    .await?;
    let text = t!(lang, "{} 没有导出：{}", "{} was not exported: {}", row.name, problem.text(lang));
    let notice = serde_json::json!({ "export": export, "state": ExportState::Failed, "title": text, "href": row.kind.page() });
    live::tell(&mut tx, &[row.agent], "export", &notice).await?;
    tx.commit().await
}

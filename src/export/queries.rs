//! Reads of background exports: a person sees the own ones.

use crate::model::{ExportState, Kind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{ExportId, FileId};
use kernel::time::Stamp;

/// 导出: one row of the list.
#[derive(Clone, Debug)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// Whose rows.
    pub kind: Kind,
    /// What it is called; also the file's name, without its ending.
    pub name: String,
    /// Key of its format.
    pub format: String,
    /// How far it is.
    pub state: ExportState,
    /// Percent.
    pub progress: i16,
    /// Rows written.
    pub row_count: Option<i64>,
    /// The file, when it is done.
    pub file_id: Option<FileId>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Stamp,
    /// When it ended.
    pub finished_at: Option<Stamp>,
}

/// The latest exports of whoever asks, at most 50. No permission: they are their own.
pub async fn mine(ctx: &Ctx) -> Result<Vec<Export>> {
    let (company, agent) = (ctx.company, ctx.agent()?);
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Export,
        r#"select id as "id: ExportId", kind as "kind: Kind", name, format, state as "state: ExportState", progress, row_count,
            file_id as "file_id: FileId", error, created_at, finished_at
        from exports
        where company_id = $1
        and agent_id = $2
        order by created_at desc, id desc
        limit 50"#,
        company as _,
        agent as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// Whether whoever asks may fetch the file of an export: it is their own, and they may still export its kind.
pub async fn file_for(ctx: &Ctx, file: FileId) -> Result {
    let (company, agent) = (ctx.company, ctx.agent()?);
    let mut tx = ctx.read().await?;
    let kind = sqlx::query_scalar!(
        r#"select kind as "kind: Kind" from exports where company_id = $1 and agent_id = $2 and file_id = $3"#,
        company as _,
        agent as _,
        file as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    kind.needs().into_iter().try_for_each(|item| ctx.require(item))
}

//! 导入报告: what became of each row of an import of accounts.

use crate::model::account::ImportRow;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::AgentId;
use kernel::permission::Permission;
use kernel::time::Stamp;
use sqlx::types::Uuid;

/// Reports of the actor's own imports that can still be read, the newest first.
pub async fn import_reports(ctx: &Ctx) -> Result<Vec<(Uuid, Stamp)>> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select id, created_at as "created_at: Stamp"
        from agent_imports
        where company_id = $1
        and agent_id is not distinct from $2
        and expires_at > $3
        order by created_at desc, id desc"#,
        ctx.company as _,
        ctx.actor.uuid(),
        ctx.now(),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.created_at)).collect())
}

/// The report of an import, for the one who imported. An import that ended halfway may have made the account of a row
/// and not said so: it is looked for.
pub async fn import_report(ctx: &Ctx, id: Uuid) -> Result<Vec<ImportRow>> {
    ctx.require(Permission::AgentManage)?;
    let now = ctx.now();
    let mut tx = ctx.read().await?;
    let kept = sqlx::query!(
        "select report, created_at
        from agent_imports
        where company_id = $1
        and id = $2
        and agent_id is not distinct from $3
        and expires_at > $4",
        ctx.company as _,
        id,
        ctx.actor.uuid(),
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    let plain = ctx.app.vault.open(&crate::commands::import::report_place(ctx, id), &kept.report)?;
    let mut rows: Vec<ImportRow> = serde_json::from_slice(&plain).map_err(Error::internal)?;
    for row in rows.iter_mut().filter(|row| row.agent.is_none() && row.problems.0.is_empty()) {
        row.agent = sqlx::query_scalar!(
            r#"select id as "id: AgentId" from agents where company_id = $1 and email = $2 and created_at >= $3"#,
            ctx.company as _,
            kernel::input::email(&row.email).unwrap_or_default(),
            kept.created_at,
        )
        .fetch_optional(&mut *tx)
        .await?;
        row.password = row.password.take().filter(|_| row.agent.is_some());
    }
    Ok(rows)
}

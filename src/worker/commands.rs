//! What a person does with quarantined jobs.

use crate::worker::queue;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::JobId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Runs a quarantined job again, with all its attempts.
pub async fn replay(ctx: &Ctx, job: JobId) -> Result {
    ctx.require(Permission::JobManage)?;
    let mut tx = ctx.begin().await?;
    let kind = wake(&mut tx, Some(job)).await?.pop().ok_or(Error::NotFound)?;
    tx.audit("job.replayed", Subject::named("job", Some(job.0), kind), None, None).await?;
    commit_due(tx).await
}

/// Runs every quarantined job again; gives how many.
pub async fn replay_all(ctx: &Ctx) -> Result<usize> {
    ctx.require(Permission::JobManage)?;
    let mut tx = ctx.begin().await?;
    let kinds = wake(&mut tx, None).await?;
    tx.audit("job.replayed", Subject::named("job", None, ""), None, Some(json!(kinds))).await?;
    commit_due(tx).await?;
    Ok(kinds.len())
}

/// Gives a quarantined job up; it stays among the done ones for a week.
pub async fn discard(ctx: &Ctx, job: JobId) -> Result {
    settle(ctx, job, "job.discarded").await
}

/// Brings a job that was given up back to the quarantine.
pub async fn restore(ctx: &Ctx, job: JobId) -> Result {
    settle(ctx, job, "job.restored").await
}

/// Lets quarantined jobs wait again, due now. Their dedup key is dropped: a newer job with it may wait already.
async fn wake(tx: &mut Tx, job: Option<JobId>) -> Result<Vec<String>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    Ok(sqlx::query_scalar!(
        "update jobs
        set state = 0, attempt = 0, run_at = $2, dedup_key = null, lease_until = null, finished_at = null
        where company_id = $1 and state = 3 and ($3::uuid is null or id = $3)
        returning kind",
        company as _,
        now,
        job as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn commit_due(mut tx: Tx) -> Result {
    let (app, now) = (tx.ctx.app.clone(), tx.ctx.now());
    queue::due(&mut tx, now).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

async fn settle(ctx: &Ctx, job: JobId, action: &str) -> Result {
    ctx.require(Permission::JobManage)?;
    let (from, to) = if action == "job.discarded" { (3_i16, 2_i16) } else { (2, 3) };
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    let row = sqlx::query!(
        "update jobs set state = $4, finished_at = $5
        where company_id = $1 and id = $2 and state = $3 and error is not null
        returning kind, payload, error",
        company as _,
        job as _,
        from,
        to,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    let before = json!({ "payload": row.payload, "error": row.error });
    tx.audit(action, Subject::named("job", Some(job.0), row.kind), Some(before), None).await?;
    tx.commit().await
}

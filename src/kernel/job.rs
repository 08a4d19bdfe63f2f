//! Jobs: work that happens after the transaction that asked for it. The queue itself lives in `worker/`; slices only
//! enqueue, in their own transaction.

use crate::error::{Error, Result};
use crate::id::JobId;
use crate::time::Stamp;
use crate::tx::Tx;
use serde::{Serialize, de::DeserializeOwned};

/// 后台任务: what a job carries. The worker's dispatch table names who runs it.
pub trait Job: Serialize + DeserializeOwned + Send {
    /// The stable word it is stored under.
    const KIND: &'static str;

    /// Tries before the quarantine.
    const ATTEMPTS: i32 = 8;

    /// Waiting jobs of one kind with one key are one job: the later payload wins.
    fn dedup_key(&self) -> Option<String> {
        None
    }
}

/// Enqueues a job in this transaction, due at once.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J) -> Result<JobId> {
    let now = tx.ctx.now();
    enqueue_at(tx, job, now).await
}

/// Enqueues a job in this transaction, due at `run_at`.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_at<J: Job>(tx: &mut Tx, job: &J, run_at: Stamp) -> Result<JobId> {
    let payload = serde_json::to_value(job).map_err(Error::internal)?;
    enqueue_raw(tx, J::KIND, payload, job.dedup_key(), J::ATTEMPTS, run_at).await
}

pub(crate) async fn enqueue_raw(
    tx: &mut Tx,
    kind: &str,
    payload: serde_json::Value,
    dedup_key: Option<String>,
    attempts: i32,
    run_at: Stamp,
) -> Result<JobId> {
    let id = JobId(tx.ctx.uuid());
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let id = sqlx::query_scalar!(
        r#"insert into jobs (company_id, id, kind, payload, dedup_key, run_at, max_attempts, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (company_id, kind, dedup_key) where state = 0 and dedup_key is not null
        do update set payload = excluded.payload, run_at = least(jobs.run_at, excluded.run_at)
        returning id as "id: JobId""#,
        company as _,
        id as _,
        kind,
        payload,
        dedup_key,
        run_at,
        attempts,
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    tx.woke_worker(run_at);
    Ok(id)
}

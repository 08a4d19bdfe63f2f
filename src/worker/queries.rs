//! Reads of jobs, for the quarantine page.

use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::JobId;
use kernel::permission::Permission;
use kernel::time::Stamp;
use serde_json::Value;

/// 隔离的任务: a job that will not be tried again by itself.
#[derive(Clone, Debug)]
pub struct Quarantined {
    /// Which.
    pub id: JobId,
    /// What runs it.
    pub kind: String,
    /// What it carries.
    pub payload: Value,
    /// The last error.
    pub error: String,
    /// How often it was tried.
    pub attempt: i32,
    /// When it was enqueued.
    pub created_at: Stamp,
    /// When it was tried last.
    pub finished_at: Option<Stamp>,
}

/// How the queue of a company stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Jobs that wait, for now or for later.
    pub waiting: i64,
    /// Jobs that run.
    pub running: i64,
    /// Jobs done within 24 hours.
    pub done: i64,
    /// Jobs in quarantine.
    pub quarantined: i64,
}

/// The quarantined jobs, the newest first, at most 100.
pub async fn quarantined(ctx: &Ctx) -> Result<Vec<Quarantined>> {
    ctx.require(Permission::JobManage)?;
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Quarantined,
        r#"select id as "id: JobId", kind, payload, coalesce(error, '') as "error!", attempt, created_at, finished_at
        from jobs
        where company_id = $1 and state = 3
        order by created_at desc, id desc
        limit 100"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// How many jobs wait, run, are done and are quarantined.
pub async fn standing(ctx: &Ctx) -> Result<Standing> {
    ctx.require(Permission::JobManage)?;
    let (company, since) = (ctx.company, ctx.now().minus(jiff::SignedDuration::from_hours(24)));
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Standing,
        r#"select
            (select count(*) from jobs where company_id = $1 and state = 0) as "waiting!",
            (select count(*) from jobs where company_id = $1 and state = 1) as "running!",
            (select count(*) from jobs where company_id = $1 and state = 2 and finished_at > $2) as "done!",
            (select count(*) from jobs where company_id = $1 and state = 3) as "quarantined!""#,
        company as _,
        since,
    )
    .fetch_one(&mut *tx)
    .await?)
}

//! 任务队列: claiming, finishing, failing. Every statement names its company; nothing here knows what a job does.
//!
//! A job is held as long as it has a lease. Who ends one names its lease and not its state: by the state PostgreSQL may
//! look through everything that is due, which the partial index of open jobs has all of, for the one job of this id.

use crate::worker::{dispatch, schedule};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::{CompanyId, JobId, RequestId};
use kernel::job::Job;
use kernel::rng;
use kernel::time::Stamp;
use kernel::tx::Tx;
use mail::jobs::MailSend;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use webhook::jobs::ForwardMessages;

/// Most jobs of one company in one claim.
pub const BATCH: usize = 20;
/// How long a claim holds without being renewed.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How often a running job renews its lease.
pub const RENEW: Duration = Duration::from_secs(20);
/// Longest wait after a failure.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// Most jobs of one company that run at once in one process.
const LANES: usize = 4;
/// Of these, mails being handed over: a server may take minutes to say nothing.
const LETTERS: usize = 2;
/// Jobs of one company that forward messages, beside its lanes: each sends to many receivers at once. While one waits for
/// receivers that hang, a second one goes on with the others.
const FORWARDS: usize = 2;
/// Jobs that forward messages and run at once in one process, of all companies, beside everything else.
const FORWARDS_MOST: usize = 16;
/// What is said of a job that ends its process each time.
const KILLED: &str = "lease expired on last attempt";
/// Companies looked at in one round.
const ROUND: i64 = 64;

/// How many more jobs of one company may run at once.
#[derive(Clone, Copy, Debug)]
struct Lanes {
    most: usize,
    /// Of these, mails being handed over.
    letters: usize,
    /// Beside these, those that forward messages.
    forwards: usize,
}

impl Lanes {
    fn all(most: usize) -> Lanes {
        Lanes { most, letters: most, forwards: FORWARDS }
    }
}

/// A job that this worker holds.
#[derive(Clone, Debug)]
pub struct Leased {
    /// The program's own context in the job's company.
    pub ctx: Ctx,
    /// Which.
    pub id: JobId,
    /// What runs it.
    pub kind: String,
    /// What it carries.
    pub payload: Value,
    /// 1 for the first try.
    pub attempt: i32,
    /// Tries before the quarantine.
    pub max_attempts: i32,
    /// Grows with every lease.
    pub fence: i64,
    /// When it was due.
    pub due_at: Stamp,
}

/// Claims up to `room` jobs that are due, and beside them what forwards messages: companies that waited longest first, each at
/// most its share of the room.
pub async fn claim(app: &Arc<App>, room: usize) -> Result<Vec<Leased>> {
    share_out(app, room, FORWARDS_MOST, |_| Lanes::all(BATCH)).await
}

/// The same beside jobs that run already, so that a company never has more than its lanes and slow mail servers never
/// have all of them. `room` is for jobs that do not forward messages; those that do come beside it.
pub async fn claim_beside(app: &Arc<App>, room: usize, running: &[&Leased]) -> Result<Vec<Leased>> {
    let forwards = running.iter().filter(|job| is_beside(job)).count();
    share_out(app, room, FORWARDS_MOST.saturating_sub(forwards), |company| {
        let own = running.iter().filter(|job| job.ctx.company == company);
        let letters = own.clone().filter(|job| job.kind == MailSend::KIND).count();
        let forwards = own.clone().filter(|job| is_beside(job)).count();
        Lanes {
            most: LANES.saturating_sub(own.count() - forwards),
            letters: LETTERS.saturating_sub(letters),
            forwards: FORWARDS.saturating_sub(forwards),
        }
    })
    .await
}

/// Whether a job takes none of the room that jobs share: one that forwards messages waits for other people's servers, so that
/// there is a number for these alone.
pub fn is_beside(job: &Leased) -> bool {
    job.kind == ForwardMessages::KIND
}

async fn share_out(app: &Arc<App>, room: usize, forwards: usize, lanes: impl Fn(CompanyId) -> Lanes) -> Result<Vec<Leased>> {
    if room == 0 {
        return Ok(Vec::new());
    }
    let mut claimed: Vec<Leased> = Vec::new();
    let companies = due_companies(app).await?;
    // With more companies than room the first ones get one each; they stand at the end of the line afterwards.
    for (at, company) in companies.iter().enumerate() {
        let beside = claimed.iter().filter(|job| is_beside(job)).count();
        let (left, forwards) = (room - (claimed.len() - beside), forwards - beside);
        if left == 0 {
            break;
        }
        let lanes = lanes(*company);
        let share = left.div_ceil(companies.len() - at).min(lanes.most);
        let forwards = lanes.forwards.min(forwards);
        if share == 0 && forwards == 0 {
            continue;
        }
        match claim_within(app, *company, Lanes { most: share, forwards, ..lanes }).await {
            Ok(jobs) => claimed.extend(jobs),
            Err(Error::NotFound) => forget(app, *company).await?,
            // What is leased already is run; the error comes again when it lasts.
            Err(_) if !claimed.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(claimed)
}

/// Notes that a job is done; false when its lease was lost.
pub async fn finish(job: &Leased) -> Result<bool> {
    let mut tx = job.ctx.begin().await?;
    let now = tx.ctx.now();
    let ended = sqlx::query!(
        "update jobs set state = 2, finished_at = $4, lease_until = null, error = null
        where company_id = $1 and id = $2 and fence = $3 and lease_until is not null",
        job.ctx.company as _,
        job.id as _,
        job.fence,
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(ended.rows_affected() == 1)
}

/// Notes that a job failed: it waits for its next attempt, or is quarantined after the last one. False when its lease
/// was lost.
pub async fn fail(job: &Leased, error: &str) -> Result<bool> {
    let mut tx = job.ctx.begin().await?;
    let now = tx.ctx.now();
    let counts = if job.attempt >= job.max_attempts {
        sqlx::query!(
            "update jobs set state = 3, finished_at = $4, lease_until = null, error = $5
            where company_id = $1 and id = $2 and fence = $3 and lease_until is not null",
            job.ctx.company as _,
            job.id as _,
            job.fence,
            now,
            error,
        )
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1
    } else {
        let [chance] = rng::bytes::<1>();
        wait(&mut tx, job, now.plus(backoff(job.attempt, chance)), job.attempt, Some(error)).await?
    };
    tx.commit().await?;
    Ok(counts)
}

/// Gives a lease back on a graceful stop: the attempt counts for nothing, the job is due at once.
pub async fn release(job: &Leased) -> Result<bool> {
    let mut tx = job.ctx.begin().await?;
    let now = tx.ctx.now();
    let counts = wait(&mut tx, job, now, job.attempt - 1, None).await?;
    tx.commit().await?;
    Ok(counts)
}

/// Keeps a lease while the job runs; false when it was lost.
pub async fn renew(job: &Leased) -> Result<bool> {
    let mut tx = job.ctx.begin().await?;
    let until = tx.ctx.now().plus(LEASE);
    let kept = sqlx::query!(
        "update jobs set lease_until = $4 where company_id = $1 and id = $2 and fence = $3 and lease_until is not null",
        job.ctx.company as _,
        job.id as _,
        job.fence,
        until,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(kept.rows_affected() == 1)
}

/// Says that the company has something due at `at`; inside the caller's transaction, as its last statement.
pub async fn due(tx: &mut Tx, at: Stamp) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "insert into directory.ready_companies as ready (company_id, next_at) values ($1, $2)
        on conflict (company_id) do update set next_at = excluded.next_at where ready.next_at > excluded.next_at",
        company as _,
        at,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The wait after this attempt: 5 s · 2^attempt with a fifth of chance either way, at most six hours. `chance` is any
/// byte; it keeps jobs that failed together from coming back together.
pub fn backoff(attempt: i32, chance: u8) -> SignedDuration {
    let doublings = u32::try_from(attempt.clamp(0, 20)).unwrap_or(0);
    let millis = 5_000_i64.saturating_mul(1 << doublings);
    let millis = millis.min(i64::try_from(LONGEST_WAIT.as_millis()).unwrap_or(i64::MAX));
    let part = 800 + i64::from(chance) * 400 / 255;
    SignedDuration::from_millis(millis * part / 1_000).min(LONGEST_WAIT)
}

/// Companies with something due, without a lock: two workers may read the same ones, the claim sorts it out.
async fn due_companies(app: &Arc<App>) -> Result<Vec<CompanyId>> {
    let now = app.clock.now();
    let mut tx = app.directory().await?;
    Ok(sqlx::query_scalar!(
        r#"select ready.company_id as "id: CompanyId"
        from directory.ready_companies ready
        where ready.next_at <= $1
        and not exists (select from directory.companies c where c.company_id = ready.company_id and c.is_paused)
        order by ready.next_at
        limit $2"#,
        now,
        ROUND,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// Claims due jobs of one company, paused or not.
pub async fn claim_in(app: &Arc<App>, company: CompanyId, most: usize) -> Result<Vec<Leased>> {
    claim_within(app, company, Lanes::all(most)).await
}

async fn claim_within(app: &Arc<App>, company: CompanyId, lanes: Lanes) -> Result<Vec<Leased>> {
    let ctx = app.system(company).await?;
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    schedule::enqueue_due(&mut tx).await?;
    let killers = sqlx::query!(
        "update jobs set state = 3, error = $3, finished_at = $2, lease_until = null
        where company_id = $1
        and id in (
            select id from jobs
            where company_id = $1 and state = 1 and lease_until < $2 and attempt >= max_attempts
            for update skip locked
        )
        returning kind, payload",
        company as _,
        now,
        KILLED,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut rows = sqlx::query!(
        r#"with letters as (
            select id
            from jobs
            where company_id = $1 and state in (0, 1) and kind = 'mail_send' and run_at <= $2 and (state = 0 or lease_until < $2)
            order by run_at, id
            limit $5
        ),
        forwards as (
            select id
            from jobs
            where company_id = $1 and state in (0, 1) and kind = 'forward_messages' and run_at <= $2 and (state = 0 or lease_until < $2)
            order by run_at, id
            limit $6
            for update skip locked
        ),
        others as (
            select id
            from jobs
            where company_id = $1 and state in (0, 1) and run_at <= $2 and (state = 0 or lease_until < $2)
            and kind <> 'forward_messages'
            and (kind <> 'mail_send' or id in (select id from letters))
            order by run_at, id
            limit $4
            for update skip locked
        )
        update jobs
        set state = 1, attempt = jobs.attempt + 1, fence = jobs.fence + 1, lease_until = $3
        from (select id from others union all select id from forwards) as picked
        where jobs.company_id = $1 and jobs.id = picked.id
        returning jobs.id as "id: JobId", jobs.kind, jobs.payload, jobs.attempt, jobs.max_attempts, jobs.fence, jobs.run_at"#,
        company as _,
        now,
        now.plus(LEASE),
        i64::try_from(lanes.most).unwrap_or(1),
        i64::try_from(lanes.letters).unwrap_or(0),
        i64::try_from(lanes.forwards).unwrap_or(0),
    )
    .fetch_all(&mut *tx)
    .await?;
    rows.sort_by_key(|row| (row.run_at, row.id));
    // Who was asked for what it forwards alone keeps its place in the line.
    if lanes.most > 0 {
        move_on(&mut tx, now).await?;
    }
    tx.commit().await?;
    for killer in killers {
        if let Err(error) = dispatch::gave_up(&ctx, &killer.kind, &killer.payload, KILLED).await {
            tracing::warn!(%error, kind = killer.kind, "that a job was given up could not be noted");
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            // Each run has its own request id, so that its audit entries and logs can be told apart.
            let request = Request { id: RequestId(ctx.uuid()), ..ctx.request.clone() };
            let ctx = Ctx { request, ..ctx.clone() };
            let (id, kind, payload) = (row.id, row.kind, row.payload);
            Leased { ctx, id, kind, payload, attempt: row.attempt, max_attempts: row.max_attempts, fence: row.fence, due_at: row.run_at }
        })
        .collect())
}

/// Puts the company where its next job, lease or schedule is due, and never before those that wait now.
///
/// The row is locked first and read by the next statement, which then sees every job whose transaction held the row:
/// none can slip through. While another transaction holds it the company stays due and is looked at again.
async fn move_on(tx: &mut Tx, now: Stamp) -> Result {
    let company = tx.ctx.company;
    let mine = sqlx::query_scalar!("select 1 from directory.ready_companies where company_id = $1 for update skip locked", company as _)
        .fetch_optional(&mut **tx)
        .await?;
    if mine.is_none() {
        return Ok(());
    }
    let next = sqlx::query_scalar!(
        r#"select least(
            (select run_at from jobs where company_id = $1 and state = 0 order by run_at limit 1),
            (select $2::timestamptz from jobs where company_id = $1 and state = 1 limit 1),
            (select min(next_at) from schedules where company_id = $1)
        ) as next"#,
        company as _,
        now.plus(LEASE),
    )
    .fetch_one(&mut **tx)
    .await?;
    match next {
        Some(next) => {
            sqlx::query!("update directory.ready_companies set next_at = $2 where company_id = $1", company as _, next.max(now))
                .execute(&mut **tx)
                .await?
        }
        None => sqlx::query!("delete from directory.ready_companies where company_id = $1", company as _).execute(&mut **tx).await?,
    };
    Ok(())
}

/// Puts a leased job back to wait. When a newer job with the same dedup key waits already, this one is done: the newer
/// payload wins here too.
async fn wait(tx: &mut Tx, job: &Leased, run_at: Stamp, attempt: i32, error: Option<&str>) -> Result<bool> {
    let now = tx.ctx.now();
    let back = sqlx::query_scalar!(
        r#"update jobs
        set state = case when superseded.yes then 2 else 0 end,
            finished_at = case when superseded.yes then $7::timestamptz end,
            run_at = $4, attempt = $5, error = coalesce($6, error), lease_until = null
        from (
            select exists (
                select from jobs mine
                join jobs newer on newer.company_id = mine.company_id and newer.kind = mine.kind and newer.dedup_key = mine.dedup_key
                where mine.company_id = $1 and mine.id = $2 and newer.state = 0
            ) as yes
        ) as superseded
        where company_id = $1 and id = $2 and fence = $3 and lease_until is not null
        returning state"#,
        job.ctx.company as _,
        job.id as _,
        job.fence,
        run_at,
        attempt,
        error,
        now,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if back == Some(0) {
        due(tx, run_at).await?;
    }
    Ok(back.is_some())
}

/// A company that is gone needs no turn.
async fn forget(app: &Arc<App>, company: CompanyId) -> Result {
    let mut tx = app.directory().await?;
    sqlx::query!("delete from directory.ready_companies where company_id = $1", company as _).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

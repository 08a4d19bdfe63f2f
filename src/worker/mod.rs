//! 后台任务: the worker — a queue over PostgreSQL, schedules, and the table of what follows an event.
//!
//! # Why a queue of our own
//!
//! Work that follows a change must be written in the transaction of that change, and must then happen although
//! processes are killed, paused and upgraded. The libraries that could be had were run or read against that:
//!
//! - **graphile_worker** 0.14 enqueues in our transaction, retries with backoff and has schedules, but it finishes a job
//!   by its id alone: a worker that was paused and came back deleted the row under its successor, whose failure then
//!   left nothing. A job that kills its process is given its attempt back and so kills for ever. Every enqueue sends a
//!   NOTIFY, which lets PostgreSQL commit one transaction after the other: 660 to 680 a second, where a plain insert
//!   makes 3,300 to 3,540 on the same machine. It claims over all companies at once, in a schema of its own.
//! - **apalis** with its PostgreSQL backend has no public way to enqueue in a transaction of ours, knows a worker's name
//!   where the attempt is needed, keeps a dedup key for ever, and notifies by a row trigger.
//! - **pgmq** is a message queue with a visibility timeout: no attempts, no dedup key, no schedules, a table for each
//!   queue.
//! - The others stand on an older sqlx.
//!
//! None claims company by company, so none works behind forced row-level security or on tables that are distributed by
//! company. What is needed is small, and outgoing mail needs the same leases anyway.
//!
//! # How it works
//!
//! - `kernel::job::enqueue` inserts the job and says in `directory.ready_companies` when its company is next due, in the
//!   caller's transaction. A waiting job with the same dedup key takes the newer payload instead.
//! - The worker wakes by `app.work` or once a second. It reads which companies are due, the one that waited longest
//!   first, without locking anything; then it claims within one company by `for update skip locked` and puts that
//!   company at the end of the line (D7). Under another company's flood everybody keeps their turn: a company has at
//!   most half of a program's lanes, mails being handed over to slow servers at most half of those. Forwarding takes none of
//!   them: its jobs, which have lanes of their own inside, run beside all others up to a number of their own.
//! - A claim is a lease of 60 seconds, renewed while the job runs, with a fence that grows by one. Finishing and failing
//!   carry the fence: who lost the lease changes nothing.
//! - A failure waits 5 s · 2^attempt, at most six hours. After the last attempt, or when the lease of the last attempt
//!   ran out because the job killed its process, the job is quarantined: its neighbours go on, and a person sees it on
//!   a page, with a button that runs it again (F22).
//! - A job may run twice: everything it calls is idempotent.
//! - On stop, what runs has 20 seconds; the leases of the rest are given back at once.

pub mod actions;
pub mod commands;
pub mod dispatch;
pub mod forward;
pub mod pages;
pub mod queries;
pub mod queue;
pub mod schedule;
#[cfg(test)]
mod tests;
pub mod topics;

use crate::measure::{self, Outcome};
use crate::worker::queue::Leased;
use futures_util::FutureExt;
use kernel::app::App;
use kernel::error::{Error, Result};
use kernel::id::CompanyId;
use kernel::time::Stamp;
use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};

/// Jobs that run at once in one process, without those that forward messages.
const AT_ONCE: usize = 8;
/// Longest wait before looking again.
const POLL: Duration = Duration::from_secs(1);
/// How often the installation's own schedules are looked at.
const UPKEEP: Duration = Duration::from_secs(600);
/// How long running jobs may take when the program is asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Runs jobs until the program is asked to stop.
pub async fn run(app: Arc<App>) {
    let mut running = JoinSet::new();
    let mut leases: HashMap<Id, Leased> = HashMap::new();
    let mut upkeep_at = Instant::now();
    let mut was_broken = false;
    while !app.stopping.is_raised() {
        if Instant::now() >= upkeep_at {
            upkeep_at = Instant::now() + UPKEEP;
            if let Err(error) = schedule::upkeep(&app).await {
                tracing::warn!(%error, "the upkeep of the installation was put off");
            }
        }
        let room = room_of(&leases);
        let claimed = match queue::claim_beside(&app, room, &leases.values().collect::<Vec<_>>()).await {
            Ok(claimed) => {
                was_broken = false;
                claimed
            }
            Err(error) => {
                // Once, not every second: the database comes back or somebody reads the first line.
                if !was_broken {
                    tracing::error!(%error, "no job can be claimed");
                }
                was_broken = true;
                Vec::new()
            }
        };
        let found_none = claimed.is_empty();
        for job in claimed {
            let task = running.spawn(execute(job.clone()));
            leases.insert(task.id(), job);
        }
        let has_room = room_of(&leases) > 0;
        if found_none || !has_room {
            tokio::select! {
                () = app.work.notified(), if has_room => {}
                () = sleep(POLL) => {}
                () = app.stopping.raised() => {}
                Some(ended) = running.join_next_with_id(), if !running.is_empty() => forget(&mut leases, ended),
            }
        }
        while let Some(ended) = running.try_join_next_with_id() {
            forget(&mut leases, ended);
        }
    }
    let finished = timeout(GRACE, async {
        while let Some(ended) = running.join_next_with_id().await {
            forget(&mut leases, ended);
        }
    });
    if finished.await.is_err() {
        running.shutdown().await;
        for job in leases.values() {
            if let Err(error) = queue::release(job).await {
                tracing::warn!(%error, kind = job.kind, job = %job.id, "a lease was not given back: it runs out by itself");
            }
        }
    }
}

/// Runs everything that is due now, one after the other, until nothing is; gives how many jobs ran. For tests, which
/// hold the clock, and for the command line.
pub async fn run_due(app: &Arc<App>) -> Result<usize> {
    schedule::upkeep(app).await?;
    let mut count = 0;
    loop {
        let claimed = queue::claim(app, queue::BATCH).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        for job in claimed {
            execute(job).await;
            count += 1;
        }
    }
}

/// Runs everything of one company that is due by the program's clock, paused or not: the demo is made this way while the
/// worker of the present leaves it alone.
pub async fn run_company(app: &Arc<App>, company: CompanyId) -> Result<usize> {
    let mut count = 0;
    loop {
        let claimed = queue::claim_in(app, company, queue::BATCH).await?;
        if claimed.is_empty() {
            return Ok(count);
        }
        for job in claimed {
            execute(job).await;
            count += 1;
        }
    }
}

/// Runs one job and writes down how it ended. What cannot be written is left to the lease: it runs out.
async fn execute(job: Leased) {
    let (begun, waited) = (Instant::now(), since(&job, job.due_at));
    let outcome = run_leased(&job).await;
    measured(&job, outcome.as_ref(), waited, begun.elapsed());
    let ended = match outcome {
        Some(Ok(())) => queue::finish(&job).await,
        Some(Err(error)) => {
            tracing::warn!(%error, kind = job.kind, job = %job.id, company = %job.ctx.company, attempt = job.attempt, "a job failed");
            let counts = queue::fail(&job, &error.to_string()).await;
            if matches!(counts, Ok(true)) && job.attempt >= job.max_attempts {
                note_end(&job, &error.to_string()).await;
            }
            counts
        }
        None => Ok(false),
    };
    match ended {
        Ok(true) => {}
        Ok(false) => {
            tracing::warn!(kind = job.kind, job = %job.id, fence = job.fence, "a job had lost its lease: its end counts for nothing")
        }
        Err(error) => tracing::error!(%error, kind = job.kind, job = %job.id, "the end of a job could not be written down"),
    }
}

/// How long ago something was, by the job's clock.
fn since(job: &Leased, at: Stamp) -> Duration {
    Duration::try_from(job.ctx.now().since(at)).unwrap_or_default()
}

fn measured(job: &Leased, outcome: Option<&Result>, waited: Duration, took: Duration) {
    let outcome = match outcome {
        Some(Ok(())) => Outcome::Done,
        Some(Err(_)) => Outcome::Failed,
        None => Outcome::Lost,
    };
    measure::job(&job.kind, outcome, waited, took);
    if outcome == Outcome::Done
        && let Some(at) = dispatch::mail_came_at(&job.kind, &job.payload)
    {
        measure::mail(since(job, at));
    }
}

/// The last attempt is over: whoever waits for the job learns it.
async fn note_end(job: &Leased, error: &str) {
    if let Err(error) = dispatch::gave_up(&job.ctx, &job.kind, &job.payload, error).await {
        tracing::warn!(%error, kind = job.kind, job = %job.id, "that a job was given up could not be noted");
    }
}

/// The outcome of the job, a panic being a failure; `None` when the lease was lost on the way.
async fn run_leased(job: &Leased) -> Option<Result> {
    let work = AssertUnwindSafe(dispatch::run(&job.ctx, &job.kind, &job.payload)).catch_unwind();
    tokio::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return Some(outcome.unwrap_or_else(|panic| Err(Error::internal(words_of(&*panic))))),
            () = sleep(queue::RENEW) => match queue::renew(job).await {
                Ok(true) => {}
                // Somebody else runs it by now: this run must end before it does more.
                Ok(false) => return None,
                Err(error) => tracing::warn!(%error, job = %job.id, "a lease could not be renewed"),
            },
        }
    }
}

/// How many more jobs may run, beside those that forward messages.
fn room_of(leases: &HashMap<Id, Leased>) -> usize {
    AT_ONCE.saturating_sub(leases.values().filter(|job| !queue::is_beside(job)).count())
}

fn forget(leases: &mut HashMap<Id, Leased>, ended: std::result::Result<(Id, ()), JoinError>) {
    let id = match ended {
        Ok((id, ())) => id,
        Err(error) => error.id(),
    };
    leases.remove(&id);
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}

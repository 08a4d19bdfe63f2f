//! What the quarantine page posts to.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::worker::commands;
use kernel::error::Wire;
use kernel::id::JobId;
use kernel::t;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use ui::act::{Done, run};
use ui::form::path_of;

/// One quarantined job.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobChoice {
    /// Which.
    pub job: JobId,
}

/// All quarantined jobs: nothing needs to be said.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllJobs {
    /// Always true: a form of no field would post nothing.
    pub all: bool,
}

/// Runs a quarantined job again.
#[server(prefix = "/do", endpoint = "job/replay")]
pub async fn replay_job(input: JobChoice) -> Result<(), Wire> {
    run("jobs", input, async |ctx, input| {
        commands::replay(&ctx, input.job).await?;
        Ok(Done::to("/settings/jobs").say(t!(ctx.lang(), "任务已重新排队", "The job runs again")))
    })
    .await
}

/// Runs every quarantined job again.
#[server(prefix = "/do", endpoint = "job/replay_all")]
pub async fn replay_all_jobs(input: AllJobs) -> Result<(), Wire> {
    run("jobs", input, async |ctx, _| {
        let count = commands::replay_all(&ctx).await?;
        Ok(Done::to("/settings/jobs").say(t!(ctx.lang(), "{} 个任务已重新排队", "{} jobs run again", count)))
    })
    .await
}

/// Gives a quarantined job up.
#[server(prefix = "/do", endpoint = "job/discard")]
pub async fn discard_job(input: JobChoice) -> Result<(), Wire> {
    run("jobs", input, async |ctx, input| {
        commands::discard(&ctx, input.job).await?;
        let fields = vec![("job".to_owned(), input.job.to_string())];
        Ok(Done::to("/settings/jobs").say(t!(ctx.lang(), "任务已放弃", "The job is given up")).undo(
            t!(ctx.lang(), "放回隔离区", "Put it back"),
            path_of::<RestoreJob>(),
            fields,
        ))
    })
    .await
}

/// Brings a job that was given up back.
#[server(prefix = "/do", endpoint = "job/restore")]
pub async fn restore_job(input: JobChoice) -> Result<(), Wire> {
    run("jobs", input, async |ctx, input| {
        commands::restore(&ctx, input.job).await?;
        Ok(Done::to("/settings/jobs").say(t!(ctx.lang(), "任务已放回隔离区", "The job is back in quarantine")))
    })
    .await
}

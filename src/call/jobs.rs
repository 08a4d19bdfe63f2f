//! Background jobs of calls: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CallId, ExportId, LegId};
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 补记通话结束: ends calls of which nothing has been told for hours.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EndCalls {}

impl Job for EndCalls {
    const KIND: &'static str = "end_calls";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Runs it. System: the worker.
pub async fn end_calls(ctx: &Ctx) -> Result {
    commands::reap::reap(ctx).await.map(|_| ())
}

/// 取回录音: fetches the sound of one record from the switch that keeps it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FetchRecording {
    /// Of which call.
    pub call: CallId,
    /// Of which record.
    pub leg: LegId,
}

impl Job for FetchRecording {
    const KIND: &'static str = "fetch_recording";
    const ATTEMPTS: i32 = 5;

    fn dedup_key(&self) -> Option<String> {
        Some(self.leg.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn fetch_recording(ctx: &Ctx, job: FetchRecording) -> Result {
    commands::recording::fetch(ctx, job.call, job.leg).await
}

/// 导出通话记录: writes the file of one export.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CallExport {
    /// Which.
    pub export: ExportId,
}

impl Job for CallExport {
    const KIND: &'static str = "call_export";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(self.export.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn call_export(ctx: &Ctx, job: CallExport) -> Result {
    commands::export::run_export(ctx, job.export).await
}

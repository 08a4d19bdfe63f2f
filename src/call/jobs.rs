//! Background jobs of calls: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::ExportId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

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

//! Background jobs of statistics: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::ExportId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 导出统计: writes the file of one export.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct StatsExport {
    /// Which.
    pub export: ExportId,
}

impl Job for StatsExport {
    const KIND: &'static str = "stats_export";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(self.export.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn stats_export(ctx: &Ctx, job: StatsExport) -> Result {
    commands::run_export(ctx, job.export).await
}

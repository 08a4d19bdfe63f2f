//! Background jobs of tickets: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::ExportId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 导出工单: writes the file of one export.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TicketExport {
    /// Which.
    pub export: ExportId,
}

impl Job for TicketExport {
    const KIND: &'static str = "ticket_export";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(self.export.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn ticket_export(ctx: &Ctx, job: TicketExport) -> Result {
    commands::export::run_export(ctx, job.export).await
}

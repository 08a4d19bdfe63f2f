//! Background jobs of tickets: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, ExportId};
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

/// 提醒邮件: sends what waits for one agent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReminderDigest {
    /// For whom.
    pub agent: AgentId,
}

impl Job for ReminderDigest {
    const KIND: &'static str = "reminder_digest";

    fn dedup_key(&self) -> Option<String> {
        Some(self.agent.to_string())
    }
}

/// Sends it. System: the worker calls this.
pub async fn reminder_digest(ctx: &Ctx, job: ReminderDigest) -> Result {
    commands::digest::send_digest(ctx, job.agent).await
}

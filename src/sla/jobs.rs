//! Background jobs of SLA: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 到点: a clock of a ticket has something to say. One job waits for each ticket whose clock runs; one that comes too
/// early, since the clock stood still meanwhile, waits for the next moment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RefreshClocks {
    /// Which.
    pub ticket: TicketId,
}

impl Job for RefreshClocks {
    const KIND: &'static str = "refresh_clocks";

    fn dedup_key(&self) -> Option<String> {
        Some(self.ticket.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn refresh_clocks(ctx: &Ctx, job: RefreshClocks) -> Result {
    commands::refresh::refresh(ctx, job.ticket).await
}

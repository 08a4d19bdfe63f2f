//! Background jobs of ticket satisfaction: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::InvitationId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 发送邀评: due when the delay of the settings is over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SendInvitation {
    /// Which.
    pub invitation: InvitationId,
}

impl Job for SendInvitation {
    const KIND: &'static str = "satisfaction_send";

    fn dedup_key(&self) -> Option<String> {
        Some(self.invitation.to_string())
    }
}

/// Runs it. System: the worker calls this.
pub async fn send_invitation(ctx: &Ctx, job: SendInvitation) -> Result {
    commands::send_due(ctx, job.invitation).await
}

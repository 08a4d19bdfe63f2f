//! Background jobs of message forwarding: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 转发: everything of a company that is due, every lane beside the others. One waits for the moment at which something is
/// due next; one that runs picks up what comes meanwhile.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ForwardMessages {}

impl Job for ForwardMessages {
    const KIND: &'static str = "forward_messages";

    fn dedup_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// Runs it. System: the worker calls this.
pub async fn forward_messages(ctx: &Ctx) -> Result {
    commands::lane::run(ctx).await
}

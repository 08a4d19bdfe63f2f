//! Background jobs of calls: each is one call of a command.

use crate::commands;
use kernel::ctx::Ctx;
use kernel::error::Result;
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

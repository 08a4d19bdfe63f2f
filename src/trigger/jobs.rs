//! Jobs of the slice.

use kernel::job::Job;
use serde::{Deserialize, Serialize};

/// 定时触发器: one look of all of them, at a full hour of the company's clock. However late it is, it looks once.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TimedTriggers {}

impl Job for TimedTriggers {
    const KIND: &'static str = "timed_triggers";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(String::new())
    }
}

//! Background jobs of phones: each is one call of a command.

use crate::simulated::play;
use crate::simulated::tale::Rest;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::AgentId;
use kernel::job::Job;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 后处理到时: an agent's after-call work may be over. One job waits for each agent; one that comes too early, since the
/// time was extended meanwhile, does nothing.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EndWrapUp {
    /// Whose.
    pub agent: AgentId,
}

impl Job for EndWrapUp {
    const KIND: &'static str = "end_wrap_up";
}

/// Runs it. System: the worker calls this.
pub async fn end_wrap_up(ctx: &Ctx, job: EndWrapUp) -> Result {
    super::commands::wrap::over(ctx, job.agent).await
}

/// 模拟交换机的下一步: something in a simulated call takes its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SimulatedStep {
    /// In which call.
    pub call: Uuid,
    /// What.
    pub due: Due,
}

/// What takes its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub enum Due {
    /// A step of an outside number's script, by its place.
    Outside {
        /// The leg to it.
        leg: String,
        /// Which step.
        step: usize,
    },
    /// An agent's phone rang long enough.
    RingOut {
        /// Which leg.
        leg: String,
    },
    /// A story goes on.
    Story {
        /// With what is still to come.
        rest: Rest,
    },
    /// Nobody ended the call.
    Crash,
}

impl Job for SimulatedStep {
    const KIND: &'static str = "simulated_step";
}

/// Runs it. System: the worker calls this.
pub async fn simulated_step(ctx: &Ctx, job: SimulatedStep) -> Result {
    play::due(ctx, &job).await
}

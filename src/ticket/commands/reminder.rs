//! 工单提醒设置: what is saved.

use crate::model::reminder::{ReminderSettings, RemindersInput, Tone};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::permission::Permission;
use kernel::setting::{self, Setting};

impl Setting for ReminderSettings {
    const KIND: &'static str = "reminder";

    fn check(&self) -> Result {
        self.problems().end()
    }
}

/// Saves a new version of the settings.
pub async fn save(ctx: &Ctx, input: RemindersInput) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut agents = input.agents;
    agents.sort_unstable();
    agents.dedup();
    let value = ReminderSettings {
        pop_up: input.pop_up,
        sound: input.sound,
        to_agent: input.to_agent,
        to_group: input.to_group,
        to_creator: input.to_creator,
        to_followers: input.to_followers,
        agents,
        tone: input.tone.unwrap_or(Tone::Soft),
    };
    let mut tx = ctx.begin().await?;
    let known = identity::queries::agent_options(&mut tx).await?;
    if !value.agents.iter().all(|agent| known.iter().any(|option| option.id == *agent)) {
        return Err(Error::Problems(Problems::one("agents", Problem::BadChoice)));
    }
    setting::save(&mut tx, &value, input.version, input.reason.trim()).await?;
    tx.commit().await
}

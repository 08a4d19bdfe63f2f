//! 工单设置.

use crate::model::setting::{SettingsInput, TicketSettings};
use kernel::configured::Words;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Problems, Result};
use kernel::permission::Permission;
use kernel::setting::{self, Setting};

impl Setting for TicketSettings {
    const KIND: &'static str = "ticket";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("reopen_on_reply", ("客户回复后重新打开", "Reopen on reply")),
        ("recent_hours", ("重复提醒（小时）", "Repeat warning, hours")),
        ("sender_hourly", ("每小时来信上限", "Mails an hour")),
    ];

    fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.need((0..=720).contains(&self.recent_hours), "recent_hours", Problem::BadNumber);
        problems.need((1..=1000).contains(&self.sender_hourly), "sender_hourly", Problem::BadNumber);
        problems.end()
    }
}

/// Saves a new version of the settings.
pub async fn save(ctx: &Ctx, input: SettingsInput) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let value =
        TicketSettings { reopen_on_reply: input.reopen_on_reply, recent_hours: input.recent_hours, sender_hourly: input.sender_hourly };
    let mut tx = ctx.begin().await?;
    setting::save(&mut tx, &value, input.version, input.reason.trim()).await?;
    tx.commit().await
}

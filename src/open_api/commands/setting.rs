//! 开放平台设置.

use crate::model::{OpenPlatform, SettingsInput};
use kernel::configured::Words;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::setting::{self, Setting};

impl Setting for OpenPlatform {
    const KIND: &'static str = "open_platform";
    const KEYS: &'static [(&'static str, Words)] = &[("login", ("登录接口", "Login interface"))];

    fn check(&self) -> Result {
        Ok(())
    }
}

/// Saves a new version of the settings.
pub async fn save(ctx: &Ctx, input: SettingsInput) -> Result {
    ctx.require(Permission::AppManage)?;
    let mut tx = ctx.begin().await?;
    setting::save(&mut tx, &OpenPlatform { login: input.login }, input.version, input.reason.trim()).await?;
    tx.commit().await
}

//! The settings: every save is a new version with who, when and why.

use crate::model::SatisfactionSettings;
use crate::model::input::{RestoreInput, SatisfactionInput};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::permission::Permission;
use kernel::setting::{self, Setting};
use kernel::t;

/// Saves the settings as a new version.
pub async fn save(ctx: &Ctx, input: SatisfactionInput) -> Result<i32> {
    ctx.require(Permission::SatisfactionManage)?;
    let settings = input.settings()?;
    let mut tx = ctx.begin().await?;
    let version = setting::save(&mut tx, &settings, input.version, input.why.trim()).await?;
    tx.commit().await?;
    Ok(version)
}

/// Brings the values of an earlier version back, as a new version. Version 0 is what held before anybody saved.
pub async fn restore(ctx: &Ctx, input: RestoreInput) -> Result<i32> {
    ctx.require(Permission::SatisfactionManage)?;
    let mut tx = ctx.begin().await?;
    let settings = match input.restore {
        0 => SatisfactionSettings::default(),
        wanted => {
            let kept = setting::history(&mut tx, SatisfactionSettings::KIND).await?;
            let kept = kept.into_iter().find(|kept| kept.version == wanted).ok_or(Error::NotFound)?;
            serde_json::from_value(kept.document).map_err(Error::internal)?
        }
    };
    let why = t!(ctx.lang(), "恢复到第 {} 版", "Restored version {}", input.restore);
    let version = setting::save(&mut tx, &settings, input.version, &why).await?;
    tx.commit().await?;
    Ok(version)
}

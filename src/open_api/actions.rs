//! What forms of applications do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{AppChoice, AppInput, SettingsInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Makes an application; its page shows the key once.
#[server(prefix = "/do", endpoint = "app/create")]
pub async fn create_app(input: AppInput) -> Result<(), Wire> {
    ui::act::run("app", input, async |ctx, input| {
        let keys = crate::commands::app::create(&ctx, input).await?;
        let said = kernel::t!(ctx.lang(), "应用已创建，请现在复制密钥", "Application created: copy its key now");
        Ok(crate::pages::key::shown_once(&ctx, &keys).say(said))
    })
    .await
}

/// Edits an application.
#[server(prefix = "/do", endpoint = "app/edit")]
pub async fn edit_app(input: AppInput) -> Result<(), Wire> {
    ui::act::run("app", input, async |ctx, input| {
        crate::commands::app::edit(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "应用已保存", "Application saved")))
    })
    .await
}

/// Gives an application another key; its page shows it once.
#[server(prefix = "/do", endpoint = "app/rotate")]
pub async fn rotate_app(input: AppChoice) -> Result<(), Wire> {
    ui::act::run("app_rotate", input, async |ctx, input| {
        let keys = crate::commands::app::rotate(&ctx, input).await?;
        let said = kernel::t!(ctx.lang(), "密钥已更换，旧的立即失效", "The key was replaced; the one before stopped working");
        Ok(crate::pages::key::shown_once(&ctx, &keys).say(said))
    })
    .await
}

/// Revokes an application.
#[server(prefix = "/do", endpoint = "app/revoke")]
pub async fn revoke_app(input: AppChoice) -> Result<(), Wire> {
    ui::act::run("app_revoke", input, async |ctx, input| {
        crate::commands::app::revoke(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/apps").say(kernel::t!(ctx.lang(), "应用已停用", "Application revoked")))
    })
    .await
}

/// Saves the settings of the open platform.
#[server(prefix = "/do", endpoint = "app/settings")]
pub async fn save_platform(input: SettingsInput) -> Result<(), Wire> {
    ui::act::run("open_platform", input, async |ctx, input| {
        crate::commands::setting::save(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "设置已保存", "Settings saved")))
    })
    .await
}

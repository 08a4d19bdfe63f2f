//! What forms of the configuration do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{ApplyInput, RestoreInput};
use kernel::error::Wire;
use leptos::prelude::*;
use leptos::server_fn::codec::{MultipartData, MultipartFormData};

/// Brings a version of an object back.
#[server(prefix = "/do", endpoint = "config/restore")]
pub async fn restore_version(input: RestoreInput) -> Result<(), Wire> {
    ui::act::run("config_restore", input, async |ctx, input: RestoreInput| {
        crate::commands::roll_back(&ctx, &input).await?;
        let said = kernel::t!(ctx.lang(), "已恢复到第 {} 版", "Version {} is back", input.version);
        Ok(ui::act::Done::to(format!("/settings/history/{}/{}", input.kind, input.object)).say(said))
    })
    .await
}

/// Takes a file of configuration and shows what it would change.
#[server(prefix = "/do", endpoint = "config/upload", input = MultipartFormData)]
pub async fn upload_configuration(data: MultipartData) -> Result<(), Wire> {
    ui::act::upload("config_upload", data, async |ctx, _: crate::model::UploadInput, files: Vec<ui::act::Upload>| {
        let (name, content) = files.into_iter().next().map(|file| (file.name, file.content)).unwrap_or_default();
        let id = crate::commands::keep_file(&ctx, &name, &content).await?;
        Ok(ui::act::Done::to(format!("/settings/configuration/plan/{id}")))
    })
    .await
}

/// Applies a file whose plan was looked at.
#[server(prefix = "/do", endpoint = "config/apply")]
pub async fn apply_configuration(input: ApplyInput) -> Result<(), Wire> {
    ui::act::run("config_apply", input, async |ctx, input| {
        crate::commands::apply_file(&ctx, &input).await?;
        Ok(ui::act::Done::to("/settings/history").say(kernel::t!(ctx.lang(), "配置已导入", "Configuration imported")))
    })
    .await
}

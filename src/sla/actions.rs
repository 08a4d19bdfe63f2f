//! What forms of policies do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{PolicyChoice, PolicyInput, PolicyStep};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a policy.
#[server(prefix = "/do", endpoint = "sla/save")]
pub async fn save_policy(input: PolicyInput) -> Result<(), Wire> {
    ui::act::run("policy", input, async |ctx, input| {
        crate::commands::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/sla").say(kernel::t!(ctx.lang(), "时效规则已保存", "Policy saved")))
    })
    .await
}

/// Deletes a policy.
#[server(prefix = "/do", endpoint = "sla/delete")]
pub async fn delete_policy(input: PolicyChoice) -> Result<(), Wire> {
    ui::act::run("policy_delete", input, async |ctx, input| {
        crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/sla").say(kernel::t!(ctx.lang(), "时效规则已删除", "Policy deleted")))
    })
    .await
}

/// Moves a policy one place.
#[server(prefix = "/do", endpoint = "sla/step")]
pub async fn step_policy(input: PolicyStep) -> Result<(), Wire> {
    ui::act::run("policy_step", input, async |ctx, input| {
        crate::commands::step(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

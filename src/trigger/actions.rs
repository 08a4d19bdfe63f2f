//! What forms of triggers do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{ChoiceInput, OrderInput, StepInput, SwitchInput, TriggerInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a trigger; a step of the form comes back with what was chosen so far, `try` leads to its trial.
#[server(prefix = "/do", endpoint = "trigger/save")]
pub async fn save_trigger(input: TriggerInput) -> Result<(), Wire> {
    ui::act::run("trigger", input, async |ctx, mut input: TriggerInput| {
        let lang = ctx.lang();
        if input.step == "try" {
            // One that is new waits for what its trial says.
            input.enabled = input.enabled && input.trigger.is_some();
            let text = if input.enabled {
                kernel::t!(lang, "触发器已保存", "Trigger saved")
            } else {
                kernel::t!(lang, "已保存，还没有启用", "Saved, not enabled yet")
            };
            let id = crate::commands::save(&ctx, input).await?;
            return Ok(ui::act::Done::to(format!("/settings/triggers/{id}/try")).say(text));
        }
        if !input.step.is_empty() {
            ctx.require(kernel::permission::Permission::TriggerManage)?;
            return Err(kernel::error::Error::Problems(kernel::error::Problems::default()));
        }
        crate::commands::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/triggers").say(kernel::t!(lang, "触发器已保存", "Trigger saved")))
    })
    .await
}

/// Copies a trigger.
#[server(prefix = "/do", endpoint = "trigger/copy")]
pub async fn copy_trigger(input: ChoiceInput) -> Result<(), Wire> {
    ui::act::run("trigger_copy", input, async |ctx, input| {
        let copy = crate::commands::copy(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "已复制，副本还没有启用", "Copied; the copy is not enabled yet");
        Ok(ui::act::Done::to(format!("/settings/triggers/{copy}")).say(text))
    })
    .await
}

/// Switches a trigger on or off.
#[server(prefix = "/do", endpoint = "trigger/switch")]
pub async fn switch_trigger(input: SwitchInput) -> Result<(), Wire> {
    ui::act::run("trigger_switch", input, async |ctx, input: SwitchInput| {
        crate::commands::switch(&ctx, input).await?;
        let lang = ctx.lang();
        let text = if input.enabled { kernel::t!(lang, "已启用", "Enabled") } else { kernel::t!(lang, "已停用", "Disabled") };
        Ok(ui::act::Done::back().say(text))
    })
    .await
}

/// Moves a trigger one place.
#[server(prefix = "/do", endpoint = "trigger/step")]
pub async fn step_trigger(input: StepInput) -> Result<(), Wire> {
    ui::act::run("trigger_step", input, async |ctx, input| {
        crate::commands::step(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// Puts the triggers of a kind into the order they were dragged to.
#[server(prefix = "/do", endpoint = "trigger/order")]
pub async fn order_triggers(input: OrderInput) -> Result<(), Wire> {
    ui::act::run("trigger_order", input, async |ctx, input| {
        crate::commands::arrange(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "次序已保存", "Order saved")))
    })
    .await
}

/// Deletes a trigger.
#[server(prefix = "/do", endpoint = "trigger/delete")]
pub async fn delete_trigger(input: ChoiceInput) -> Result<(), Wire> {
    ui::act::run("trigger_delete", input, async |ctx, input| {
        crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/triggers").say(kernel::t!(ctx.lang(), "触发器已删除", "Trigger deleted")))
    })
    .await
}

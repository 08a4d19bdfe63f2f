//! What forms of presets do, and what the editor asks for.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{FindInput, InsertInput, Offer, PresetChoice, PresetInput, SwitchInput, UseInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a preset.
#[server(prefix = "/do", endpoint = "preset/save")]
pub async fn save_preset(input: PresetInput) -> Result<(), Wire> {
    ui::act::run("preset", input, async |ctx, input: PresetInput| {
        let (kind, shelf) = (input.kind, crate::queries::Shelf::of(input.visibility));
        crate::commands::save(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "{}已保存", "{} saved", kind.label(ctx.lang()));
        Ok(ui::act::Done::to(crate::pages::address(shelf, kind)).say(text))
    })
    .await
}

/// Copies a preset.
#[server(prefix = "/do", endpoint = "preset/copy")]
pub async fn copy_preset(input: PresetChoice) -> Result<(), Wire> {
    ui::act::run("preset_copy", input, async |ctx, input| {
        let (copy, shelf) = crate::commands::copy(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "已复制，副本还没有启用", "Copied; the copy is not enabled yet");
        Ok(ui::act::Done::to(format!("{}/{copy}", crate::pages::home(shelf))).say(text))
    })
    .await
}

/// Switches a preset on or off.
#[server(prefix = "/do", endpoint = "preset/switch")]
pub async fn switch_preset(input: SwitchInput) -> Result<(), Wire> {
    ui::act::run("preset_switch", input, async |ctx, input: SwitchInput| {
        crate::commands::switch(&ctx, input).await?;
        let lang = ctx.lang();
        let text = if input.enabled { kernel::t!(lang, "已启用", "Enabled") } else { kernel::t!(lang, "已停用", "Disabled") };
        Ok(ui::act::Done::back().say(text))
    })
    .await
}

/// Deletes a preset.
#[server(prefix = "/do", endpoint = "preset/delete")]
pub async fn delete_preset(input: PresetChoice) -> Result<(), Wire> {
    ui::act::run("preset_delete", input, async |ctx, input| {
        let shelf = crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to(crate::pages::home(shelf)).say(kernel::t!(ctx.lang(), "已删除", "Deleted")))
    })
    .await
}

/// Finds what can be used, for the list beneath a `/`.
#[server(prefix = "/do", endpoint = "preset/find")]
pub async fn find_presets(input: FindInput) -> Result<Vec<Offer>, Wire> {
    ui::act::call(async |ctx| crate::queries::offers(&ctx, &input).await).await
}

/// Takes the words of a preset reply, for the cursor of an editor.
#[server(prefix = "/do", endpoint = "preset/take")]
pub async fn take_preset(input: UseInput) -> Result<String, Wire> {
    ui::act::call(async |ctx| crate::commands::insert::take(&ctx, input).await).await
}

/// Puts a preset behind what stands in the composer, which is shown again with it.
#[server(prefix = "/do", endpoint = "preset/insert")]
pub async fn insert_preset(input: InsertInput) -> Result<(), Wire> {
    ui::act::run("ticket_reply", input, async |ctx, input: InsertInput| {
        let inserted = crate::commands::insert::insert(&ctx, input).await?;
        let back = ui::act::Done::back().at("reply").again("ticket_reply", &inserted.begun);
        Ok(match inserted.outcome {
            Some(outcome) if outcome.is_seen => back.say(crate::pages::tool::said(&outcome, ctx.lang())),
            Some(outcome) => ui::act::Done::to("/tickets").say(crate::pages::tool::said(&outcome, ctx.lang())),
            None => back,
        })
    })
    .await
}

/// Uses a macro on a ticket.
#[server(prefix = "/do", endpoint = "preset/apply")]
pub async fn apply_macro(input: UseInput) -> Result<(), Wire> {
    ui::act::run("macro", input, async |ctx, input| {
        let outcome = crate::commands::insert::apply(&ctx, input).await?;
        let done = if outcome.is_seen { ui::act::Done::back() } else { ui::act::Done::to("/tickets") };
        Ok(done.say(crate::pages::tool::said(&outcome, ctx.lang())))
    })
    .await
}

//! What forms of switches do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

pub mod phone;
pub mod record;

use crate::model::switch::{AllRefusals, RefusalChoice, SwitchChoice, SwitchInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a switch.
#[server(prefix = "/do", endpoint = "switch/save")]
pub async fn save_switch(input: SwitchInput) -> Result<(), Wire> {
    ui::act::run("switch", input, async |ctx, input| {
        let id = crate::commands::save(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "交换机已保存", "Switch saved");
        Ok(ui::act::Done::to(format!("/settings/switches/{id}")).say(text))
    })
    .await
}

/// Deletes a switch.
#[server(prefix = "/do", endpoint = "switch/delete")]
pub async fn delete_switch(input: SwitchChoice) -> Result<(), Wire> {
    ui::act::run("switch_delete", input, async |ctx, input| {
        crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/switches").say(kernel::t!(ctx.lang(), "交换机已删除", "Switch deleted")))
    })
    .await
}

/// Gives a switch a new key and secret.
#[server(prefix = "/do", endpoint = "switch/key")]
pub async fn issue_switch_key(input: SwitchChoice) -> Result<(), Wire> {
    ui::act::run("switch_issue", input, async |ctx, input: SwitchChoice| {
        let credential = crate::commands::credential::issue(&ctx, input).await?;
        let text = kernel::t!(ctx.lang(), "密钥已生成，请现在复制", "The key is made: copy it now");
        let shown = crate::pages::key::sealed(&ctx, &credential);
        Ok(ui::act::Done::to(format!("/settings/switches/{}", input.switch)).at("key").say(text).again("switch_key", &shown))
    })
    .await
}

/// Takes an event of the quarantine again.
#[server(prefix = "/do", endpoint = "switch/replay")]
pub async fn replay_refusal(input: RefusalChoice) -> Result<(), Wire> {
    ui::act::run("switch_refusal", input, async |ctx, input| {
        let text = match crate::commands::refusal::replay(&ctx, input).await? {
            true => kernel::t!(ctx.lang(), "事件已处理", "The event is taken"),
            false => kernel::t!(ctx.lang(), "还是看不懂，原因写在旁边", "It still cannot be understood; the reason stands beside it"),
        };
        Ok(ui::act::Done::back().say(text))
    })
    .await
}

/// Takes all events of the quarantine again.
#[server(prefix = "/do", endpoint = "switch/replay_all")]
pub async fn replay_all_refusals(input: AllRefusals) -> Result<(), Wire> {
    ui::act::run("switch_refusal", input, async |ctx, _| {
        let count = crate::commands::refusal::replay_all(&ctx).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "{} 个事件已处理", "{} events are taken", count)))
    })
    .await
}

/// Throws an event of the quarantine away.
#[server(prefix = "/do", endpoint = "switch/discard")]
pub async fn discard_refusal(input: RefusalChoice) -> Result<(), Wire> {
    ui::act::run("switch_refusal", input, async |ctx, input| {
        crate::commands::refusal::discard(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "事件已丢弃", "The event is discarded")))
    })
    .await
}

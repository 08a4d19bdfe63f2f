//! What forms of message forwarding do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::{DeliveryChoice, LogFilter, ReplyInput, Sure, WebhookChoice, WebhookInput, WebhookSwitch};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves a subscription; the page of a new one shows its secret once, and again where another profile spells it otherwise.
#[server(prefix = "/do", endpoint = "webhook/save")]
pub async fn save_webhook(input: WebhookInput) -> Result<(), Wire> {
    ui::act::run("webhook", input, async |ctx, input| {
        let spelled = match input.id {
            Some(id) => Some(crate::queries::one(&ctx, id).await?.0.profile),
            None => None,
        };
        let is_news = spelled != Some(input.profile());
        let id = crate::commands::save(&ctx, input).await?;
        let done = ui::act::Done::to(format!("/settings/webhooks/{id}")).say(kernel::t!(ctx.lang(), "消息转发已保存", "Saved"));
        Ok(if is_news { done.again(crate::pages::editor::SECRET, &Sure { sure: true }) } else { done })
    })
    .await
}

/// Deletes a subscription.
#[server(prefix = "/do", endpoint = "webhook/delete")]
pub async fn delete_webhook(input: WebhookChoice) -> Result<(), Wire> {
    ui::act::run("webhook_delete", input, async |ctx, input| {
        crate::commands::delete(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/webhooks").say(kernel::t!(ctx.lang(), "消息转发已删除", "Deleted")))
    })
    .await
}

/// Switches a subscription on or off.
#[server(prefix = "/do", endpoint = "webhook/switch")]
pub async fn switch_webhook(input: WebhookSwitch) -> Result<(), Wire> {
    ui::act::run("webhook_switch", input, async |ctx, input| {
        crate::commands::switch(&ctx, input).await?;
        let words = match input.enabled {
            true => kernel::t!(ctx.lang(), "消息转发已启用", "Switched on"),
            false => kernel::t!(ctx.lang(), "消息转发已停用", "Switched off"),
        };
        Ok(ui::act::Done::back().say(words))
    })
    .await
}

/// Gives a subscription a new secret, which its page shows once.
#[server(prefix = "/do", endpoint = "webhook/rotate")]
pub async fn rotate_webhook(input: WebhookChoice) -> Result<(), Wire> {
    ui::act::run("webhook_rotate", input, async |ctx, input| {
        crate::commands::rotate(&ctx, input).await?;
        let done = ui::act::Done::to(format!("/settings/webhooks/{}", input.webhook));
        let done = done.say(kernel::t!(ctx.lang(), "密钥已更换", "The secret was replaced"));
        Ok(done.again(crate::pages::editor::SECRET, &Sure { sure: true }))
    })
    .await
}

/// Sends a test message.
#[server(prefix = "/do", endpoint = "webhook/test")]
pub async fn test_webhook(input: WebhookChoice) -> Result<(), Wire> {
    ui::act::run("webhook_test", input, async |ctx, input| {
        crate::commands::test(&ctx, input).await?;
        let words = kernel::t!(ctx.lang(), "测试消息已排队，结果在转发记录里", "A test message is on its way; the log has its outcome");
        Ok(ui::act::Done::to(format!("/settings/webhooks/log?webhook={}", input.webhook)).say(words))
    })
    .await
}

/// Sends one message again.
#[server(prefix = "/do", endpoint = "webhook/replay")]
pub async fn replay_delivery(input: DeliveryChoice) -> Result<(), Wire> {
    ui::act::run("webhook_replay", input, async |ctx, input| {
        crate::commands::log::replay(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "会重新发送", "It is sent again")))
    })
    .await
}

/// Sends again what a filter finds.
#[server(prefix = "/do", endpoint = "webhook/replay_all")]
pub async fn replay_deliveries(input: LogFilter) -> Result<(), Wire> {
    ui::act::run("webhook_replay_all", input, async |ctx, input| {
        let count = crate::commands::log::replay_all(&ctx, input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "会重新发送 {} 条", "{} are sent again", count)))
    })
    .await
}

/// Makes the installation's own receiver, or gives it another address.
#[server(prefix = "/do", endpoint = "webhook/receiver/open")]
pub async fn open_receiver(input: Sure) -> Result<(), Wire> {
    ui::act::run("webhook_receiver", input, async |ctx, _| {
        crate::commands::receive::open(&ctx).await?;
        Ok(ui::act::Done::to("/settings/webhooks/receiver").say(kernel::t!(ctx.lang(), "有新的试收地址", "There is a new address")))
    })
    .await
}

/// Says what the receiver answers next.
#[server(prefix = "/do", endpoint = "webhook/receiver/answer")]
pub async fn answer_next(input: ReplyInput) -> Result<(), Wire> {
    ui::act::run("webhook_receiver", input, async |ctx, input| {
        crate::commands::receive::answer_next(&ctx, input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// Forgets what came to the receiver.
#[server(prefix = "/do", endpoint = "webhook/receiver/clear")]
pub async fn clear_receiver(input: Sure) -> Result<(), Wire> {
    ui::act::run("webhook_receiver", input, async |ctx, _| {
        crate::commands::receive::clear(&ctx).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

//! What forms of this slice do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::input::{HandInput, RateInput, RestoreInput, SatisfactionInput};
use kernel::error::Wire;
use leptos::prelude::*;

/// Saves the settings.
#[server(prefix = "/do", endpoint = "satisfaction/save")]
pub async fn save_satisfaction(input: SatisfactionInput) -> Result<(), Wire> {
    ui::act::run("satisfaction", input, async |ctx, input| {
        crate::commands::settings::save(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/satisfaction").say(kernel::t!(ctx.lang(), "满意度设置已保存", "Satisfaction settings saved")))
    })
    .await
}

/// Restores a version of the settings.
#[server(prefix = "/do", endpoint = "satisfaction/restore")]
pub async fn restore_satisfaction(input: RestoreInput) -> Result<(), Wire> {
    ui::act::run("satisfaction", input, async |ctx, input| {
        crate::commands::settings::restore(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/satisfaction").say(kernel::t!(ctx.lang(), "已恢复", "Restored")))
    })
    .await
}

/// Takes the link of an invitation, to hand it over.
#[server(prefix = "/do", endpoint = "satisfaction/take_link")]
pub async fn take_rating_link(input: HandInput) -> Result<(), Wire> {
    ui::act::run("rating_link", input, async |ctx, input| {
        use crate::commands::hand::{Taken, take_link};
        let lang = ctx.lang();
        let text = match take_link(&ctx, input).await? {
            Taken::Link => kernel::t!(
                lang,
                "评价链接在满意度卡片里，可以复制给客户了",
                "The rating link stands on the satisfaction card: copy it for the customer"
            )
            .to_owned(),
            Taken::Withheld(rule) => kernel::t!(lang, "没有邀评：{}", "Not invited: {}", rule.label(lang)),
        };
        Ok(ui::act::Done::back().say(text))
    })
    .await
}

/// Rates a ticket, or changes the rating.
#[server(prefix = "/do", endpoint = "rating/send")]
pub async fn send_rating(input: RateInput) -> Result<(), Wire> {
    ui::act::run_public("rate", input, async |call, input| {
        let lang = input.lang.as_deref().and_then(kernel::lang::Lang::from_key).unwrap_or(call.lang());
        let page = format!("/r/{}?done=1&lang={}", input.token, lang.key());
        let ctx = crate::commands::rate::visitor(&call.app, &input.token, call.request.clone()).await?;
        crate::commands::rate::rate(&ctx, input).await?;
        Ok(ui::act::Done::to(page))
    })
    .await
}

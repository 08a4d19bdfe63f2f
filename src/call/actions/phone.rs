//! What the phone bar, its page and the settings of phones do.
#![expect(missing_docs, reason = "the macro makes a struct of each function, whose one field has no place for a doc")]

use crate::model::phone::{
    AccountInput, BarInput, CallChoice, ChooseInput, ClickInput, ExtensionsInput, PhoneSettingsInput, PressInput, SimulateInput,
    StoryInput, WrapInput,
};
use kernel::error::Wire;
use leptos::prelude::*;

/// 电话按钮.
#[server(prefix = "/do", endpoint = "phone/press")]
pub async fn press_phone(input: PressInput) -> Result<(), Wire> {
    ui::act::run("phone", input, async |ctx, input| {
        crate::phone::commands::press(&ctx, &input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// 点击状态.
#[server(prefix = "/do", endpoint = "phone/click")]
pub async fn click_phone(input: ClickInput) -> Result<(), Wire> {
    ui::act::run("phone", input, async |ctx, input| {
        crate::phone::commands::click(&ctx, &input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// 选择状态.
#[server(prefix = "/do", endpoint = "phone/state")]
pub async fn choose_phone_state(input: ChooseInput) -> Result<(), Wire> {
    ui::act::run("phone", input, async |ctx, input: ChooseInput| {
        crate::phone::commands::choose(&ctx, &input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// 延长后处理.
#[server(prefix = "/do", endpoint = "phone/wrap")]
pub async fn extend_wrap_up(input: WrapInput) -> Result<(), Wire> {
    ui::act::run("phone", input, async |ctx, input| {
        crate::phone::commands::wrap::extend(&ctx, &input).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

/// 电话条 as it stands now, as markup: what open pages ask for when they hear that it changed.
#[server(prefix = "/do", endpoint = "phone/bar")]
pub async fn phone_bar(input: BarInput) -> Result<String, Wire> {
    ui::act::call(async |ctx| crate::phone::pages::bar::inside(&ctx, &input).await).await
}

/// 电话设置.
#[server(prefix = "/do", endpoint = "phone/settings")]
pub async fn save_phone_settings(input: PhoneSettingsInput) -> Result<(), Wire> {
    ui::act::run("phone_settings", input, async |ctx, input| {
        crate::phone::commands::account::save_settings(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/phones").say(kernel::t!(ctx.lang(), "电话设置已保存", "Phone settings saved")))
    })
    .await
}

/// SIP分机.
#[server(prefix = "/do", endpoint = "phone/extensions")]
pub async fn save_extensions(input: ExtensionsInput) -> Result<(), Wire> {
    ui::act::run("phone_extensions", input, async |ctx, input| {
        crate::phone::commands::account::set_extensions(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/phones").say(kernel::t!(ctx.lang(), "分机已保存", "Extensions saved")))
    })
    .await
}

/// 绑定SIP分机.
#[server(prefix = "/do", endpoint = "phone/account")]
pub async fn bind_phone(input: AccountInput) -> Result<(), Wire> {
    ui::act::run("phone_account", input, async |ctx, input| {
        crate::phone::commands::account::bind(&ctx, input).await?;
        Ok(ui::act::Done::to("/settings/phones").say(kernel::t!(ctx.lang(), "电话账号已保存", "Phone account saved")))
    })
    .await
}

/// 模拟来电.
#[server(prefix = "/do", endpoint = "phone/simulate")]
pub async fn simulate_call(input: SimulateInput) -> Result<(), Wire> {
    ui::act::run("simulate", input, async |ctx, input| {
        crate::simulated::play::ring_in(&ctx, &input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "电话正在振铃", "The phone is ringing")))
    })
    .await
}

/// 播放剧本.
#[server(prefix = "/do", endpoint = "phone/simulate/story")]
pub async fn play_story(input: StoryInput) -> Result<(), Wire> {
    ui::act::run("story", input, async |ctx, input| {
        crate::simulated::tale::play(&ctx, &input).await?;
        Ok(ui::act::Done::back().say(kernel::t!(ctx.lang(), "剧本开始了", "The story has begun")))
    })
    .await
}

/// 客户挂断, in a simulated call.
#[server(prefix = "/do", endpoint = "phone/simulate/end")]
pub async fn end_simulated_call(input: CallChoice) -> Result<(), Wire> {
    ui::act::run("simulate_end", input, async |ctx, input: CallChoice| {
        crate::simulated::play::customer_leaves(&ctx, input.call).await?;
        Ok(ui::act::Done::back())
    })
    .await
}

//! 密钥, shown once: between the form and the page that shows it, it lies sealed in the session.

use super::ADDRESS;
use crate::commands::app::Keys;
use kernel::ctx::Ctx;
use kernel::id::AppId;
use kernel::lang::Lang;
use kernel::rng;
use kernel::t;
use leptos::prelude::*;
use serde::Serialize;
use ui::act::Done;
use ui::form::FormState;
use ui::islands::copy::Copy;

/// Under which name the session keeps it.
pub(super) const FORM: &str = "app_key";

#[derive(Serialize)]
struct Sealed {
    sealed: String,
}

/// On to the application's page, which shows the key.
pub(crate) fn shown_once(ctx: &Ctx, keys: &Keys) -> Done {
    let sealed = ctx.app.vault.seal(&place(ctx, keys.app), keys.app_key.as_bytes());
    Done::to(format!("{ADDRESS}/{}", keys.app)).again(FORM, &Sealed { sealed: rng::to_base64(&sealed) })
}

/// The key that the last form made, when this page follows it.
pub(super) fn of(ctx: &Ctx, app: AppId, form: &FormState) -> Option<String> {
    let sealed = rng::from_base64(&form.value_or("sealed", "")).filter(|sealed| !sealed.is_empty())?;
    let key = ctx.app.vault.open(&place(ctx, app), &sealed).ok()?;
    String::from_utf8(key).ok()
}

fn place(ctx: &Ctx, app: AppId) -> String {
    format!("{}/session/app_key/{app}", ctx.company)
}

/// A value with its button to copy it.
pub(super) fn value(lang: Lang, label: &'static str, text: &str) -> AnyView {
    let words = [t!(lang, "复制", "Copy"), t!(lang, "已复制", "Copied")].map(str::to_owned);
    let text = text.to_owned();
    view! { <dt>{label}</dt><dd class="row tight"><code>{text.clone()}</code><Copy text=text words=words/></dd> }.into_any()
}

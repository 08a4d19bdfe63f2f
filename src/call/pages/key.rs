//! 接入凭证 on a switch's page: the key, the secret once after it was made, and how a request is signed.

use crate::actions::IssueSwitchKey;
use crate::api;
use crate::commands::credential::Credential;
use crate::queries::Kept;
use kernel::ctx::Ctx;
use kernel::rng;
use kernel::t;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use ui::dialog::{Confirm, confirm};
use ui::form::{hidden, path_of};
use ui::visit::Visit;

/// A credential on its way to the next page: sealed, since it lies in the session meanwhile (S51).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sealed {
    sealed: String,
}

/// Seals a credential for the page that shows it once.
#[must_use]
pub fn sealed(ctx: &Ctx, credential: &Credential) -> Sealed {
    let text = serde_json::to_vec(credential).unwrap_or_default();
    Sealed { sealed: rng::to_base64(&ctx.app.vault.seal(&place(ctx), &text)) }
}

/// The credential that was made a moment ago.
pub(super) fn shown(visit: &Visit) -> Option<Credential> {
    let sealed = rng::from_base64(&visit.form("switch_key").value_or("sealed", ""))?;
    let text = visit.ctx.app.vault.open(&place(&visit.ctx), &sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

fn place(ctx: &Ctx) -> String {
    format!("{}/sessions/switch_key/{}", ctx.company, ctx.actor.uuid().unwrap_or_default())
}

/// The key and how it is used.
pub(super) fn section(kept: &Kept, shown: Option<&Credential>, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let made = shown.filter(|shown| shown.switch == kept.id);
    let secret = made.map(|made| {
        view! {
            <div class="note ok" role="status">
                <p><b>{t!(lang, "密钥只显示这一次，请现在复制：", "The secret is shown this once. Copy it now:")}</b></p>
                <p><code class="secret">{made.secret.clone()}</code></p>
            </div>
        }
    });
    let key = match kept.key.as_str() {
        "" => {
            view! { <p class="mute">{t!(lang, "还没有密钥，它发来的事件都会被拒绝。", "It has no key yet: its events are refused.")}</p> }
                .into_any()
        }
        key => view! { <p>"x-kefu-key: "<code>{key.to_owned()}</code></p> }.into_any(),
    };
    let address = ctx.app.config.link(api::PATH);
    view! {
        <section aria-labelledby="key">
            <div class="side-h"><h2 id="key">{t!(lang, "接入凭证", "Credential")}</h2><p>{t!(lang, "公司由密钥决定，事件里写的公司不算数。", "The company is the key's, whatever an event says.")}</p></div>
            <div class="card"><div class="in stack">
                {secret}{key}
                <p>"POST "<code>{address}</code></p>
                <p>{t!(
                    lang,
                    "签名：以密钥对 时间戳.随机串.正文 做 HMAC-SHA256，十六进制写在 x-kefu-signature；时间戳（秒）写在 x-kefu-timestamp，随机串写在 x-kefu-nonce。",
                    "Signature: HMAC-SHA256 with the secret over timestamp.nonce.body, in hexadecimal in x-kefu-signature; the timestamp in seconds in x-kefu-timestamp, the nonce in x-kefu-nonce."
                )}</p>
                {issue(kept, ctx)}
            </div></div>
        </section>
    }
    .into_any()
}

fn issue(kept: &Kept, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    if kept.key.is_empty() {
        return view! {
            <form method="post" action={path_of::<IssueSwitchKey>()}>
                {hidden("switch", kept.id)}
                <button class="btn" type="submit">{t!(lang, "生成密钥", "Make a key")}</button>
            </form>
        }
        .into_any();
    }
    confirm(
        "btn",
        t!(lang, "更换密钥", "Replace the key"),
        Confirm {
            id: "replace-key",
            title: t!(lang, "更换“{}”的密钥？", "Replace the key of “{}”?", kept.name),
            text: t!(
                lang,
                "旧密钥马上失效；交换机换上新密钥之前，它发来的事件都会被拒绝，之后可以补发。",
                "The old one is worth nothing at once. Until the switch has the new one its events are refused; it can send them again."
            )
            .to_owned(),
            keep: t!(lang, "不更换", "Keep it").to_owned(),
            act: t!(lang, "更换密钥", "Replace the key").to_owned(),
            path: path_of::<IssueSwitchKey>(),
            fields: vec![("switch".to_owned(), kept.id.to_string())],
        },
    )
}

//! 消息转发编辑: name, address, profile, topics; below it the secret and what can be done with the subscription.

use super::{ADDRESS, below, facts, state, switch};
use crate::actions::{DeleteWebhook, RotateWebhook, SaveWebhook, TestWebhook};
use crate::model::{NAME_MOST, Profile, Topic, URL_MOST};
use crate::queries::{self, Health, Webhook};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::WebhookId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::{Check, Checks, Select};
use ui::form::field::{Input, why};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::islands::copy::Copy;
use ui::page::Page;
use ui::visit::Visit;

/// The form.
const FORM: &str = "webhook";
/// What tells the next page to show the secret, once.
pub(crate) const SECRET: &str = "webhook_secret";

/// 新建消息转发, `/settings/webhooks/new`.
pub async fn new_page(visit: Visit) -> Result<Page> {
    let (lang, form) = (visit.lang(), visit.form(FORM));
    let page = below(Page::new(t!(lang, "新建消息转发", "New subscription")), lang);
    Ok(page.body(move || editor(lang, None, &form)))
}

/// 修改消息转发, `/settings/webhooks/{id}`.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: WebhookId = visit.param("id")?;
    let (webhook, health) = queries::one(&ctx, id).await?;
    let is_shown = visit.form(SECRET).is_shown_again();
    let secret = if is_shown { Some(queries::secret(&ctx, id).await?) } else { None };
    let form = visit.form(FORM);
    let others = ["webhook_delete", "webhook_switch", "webhook_rotate", "webhook_test"].map(|name| visit.form(name));
    let page = below(Page::new(webhook.name.clone()), lang);
    let (marked, acted) = ((webhook.clone(), health.clone()), webhook.clone());
    let page = page.mark(move || state(lang, &marked.0, &marked.1)).action(move || acts(lang, &acted));
    Ok(page.body(move || {
        let failed: Vec<AnyView> = others.iter().map(FormState::summary).collect();
        view! { {failed}{standing(&ctx, &webhook, &health, secret)}{editor(lang, Some(&webhook), &form)} }
    }))
}

/// Its health and its secret, above the form.
fn standing(ctx: &Ctx, webhook: &Webhook, health: &Health, secret: Option<String>) -> AnyView {
    let lang = ctx.lang();
    let halted = webhook.halted_at.map(|at| {
        let title = t!(lang, "{} 自动停用：连续 5 天没有送达", "Switched off {}: nothing was taken for five days", at.table(&ctx.zone));
        let text = t!(
            lang,
            "修好接收方后重新启用，等待不到 72 小时的消息会继续发送。",
            "Switch it on again once the receiver works: what has waited for less than 72 hours is sent then."
        );
        ui::tag::note(ui::tag::Tone::Bad, "triangle-alert", title, text)
    });
    let shown = secret.map(|secret| {
        let words = [t!(lang, "复制密钥", "Copy the secret"), t!(lang, "已复制", "Copied")].map(str::to_owned);
        view! {
            <div class="note ok">{icon("key-round")}<div>
                <b>{t!(lang, "密钥只显示这一次，请现在保存", "The secret is shown this once: keep it now")}</b>
                <div class="secret"><code id="secret">{secret.clone()}</code><Copy text=secret words=words/></div>
            </div></div>
        }
    });
    let both = webhook.previous_until.filter(|until| *until > ctx.now()).map(|until| {
        let words = match webhook.profile {
            Profile::Standard => t!(lang, "旧密钥同时有效，到 {}", "The secret before signs too, until {}", until.table(&ctx.zone)),
            Profile::Original => t!(lang, "已经只用新密钥签名", "The new secret alone signs").to_owned(),
        };
        view! { <p class="small dim">{words}</p> }
    });
    view! {
        <div class="body">
            {halted}
            {shown}
            <section class="card" aria-labelledby="w-health">
                <header><h2 id="w-health">{t!(lang, "接收方", "The receiver")}</h2><a class="act link" href=format!("{ADDRESS}/log?webhook={}", webhook.id)>{t!(lang, "转发记录", "Log")}</a></header>
                <div class="in stack near"><p>{facts(ctx, health)}</p>{both}
                    <div class="row">
                        {button(path_of::<TestWebhook>(), webhook.id, "send", t!(lang, "发送测试消息", "Send a test message"))}
                        {rotate(lang, webhook)}
                    </div>
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn button(path: &'static str, id: WebhookId, picture: &'static str, words: &'static str) -> AnyView {
    view! { <form method="post" action=path>{hidden("webhook", id)}<button class="btn" type="submit">{icon(picture)}{words}</button></form> }
        .into_any()
}

fn rotate(lang: Lang, webhook: &Webhook) -> AnyView {
    let text = match webhook.profile {
        Profile::Standard => t!(
            lang,
            "24 小时内新旧密钥都签名，接收方可以从容更换。",
            "For 24 hours both secrets sign, so that the receiver can change over in between."
        ),
        Profile::Original => {
            t!(lang, "这种推送只有一个签名：立刻改用新密钥。", "This profile has one signature: the new secret signs at once.")
        }
    };
    confirm(
        "btn",
        t!(lang, "更换密钥", "Replace the secret"),
        Confirm {
            id: "rotate-webhook",
            title: t!(lang, "更换“{}”的密钥？", "Replace the secret of “{}”?", webhook.name),
            text: text.to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "更换密钥", "Replace the secret").to_owned(),
            path: path_of::<RotateWebhook>(),
            fields: vec![("webhook".to_owned(), webhook.id.to_string())],
        },
    )
}

fn acts(lang: Lang, webhook: &Webhook) -> AnyView {
    let delete = confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-webhook",
            title: t!(lang, "删除消息转发“{}”？", "Delete the subscription “{}”?", webhook.name),
            text: t!(lang, "等待送达的消息不再发送；转发记录保留 30 天。", "What waits is not sent any more; the log stays for 30 days.")
                .to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "删除消息转发", "Delete the subscription").to_owned(),
            path: path_of::<DeleteWebhook>(),
            fields: vec![("webhook".to_owned(), webhook.id.to_string())],
        },
    );
    view! { {switch(lang, webhook)}{delete} }.into_any()
}

fn editor(lang: Lang, kept: Option<&Webhook>, form: &FormState) -> AnyView {
    let (name, url) = kept.map(|kept| (kept.name.clone(), kept.url.clone())).unwrap_or_default();
    let profile = kept.map_or(Profile::Standard, |kept| kept.profile);
    let topics: Vec<&str> = match kept {
        Some(kept) => kept.topics.iter().map(|topic| topic.key()).collect(),
        None => Topic::offered().map(Topic::key).collect(),
    };
    let profiles = Profile::ALL.iter().map(|row| (row.key(), row.label(lang)));
    let offered = Topic::offered().map(|topic| (topic.key(), topic.label(lang)));
    view! {
        <form class="settings" method="post" id=FORM action={path_of::<SaveWebhook>()}>
            {kept.map(|kept| view! { {hidden("id", kept.id)}{hidden("version", kept.version)} })}
            <div class="body sections">
                {form.summary()}
                <section aria-labelledby="w1">
                    <div class="side-h"><h2 id="w1">{t!(lang, "发到哪里", "Where to")}</h2><p>{t!(lang, "15 秒内答复 2xx 算送达；不跟随跳转。", "An answer of 2xx within 15 seconds takes the message; redirects are not followed.")}</p></div>
                    <div class="card"><div class="in stack">
                        {Input::text("name", t!(lang, "名称", "Name")).value(name).max(NAME_MOST).required().view(form)}
                        {Input::text("url", t!(lang, "接收地址", "Address")).kind("url").value(url).max(URL_MOST).placeholder("https://crm.example.com/kefu").required()
                            .hint(t!(lang, "公网上的 https 地址，或本系统的试收地址", "An https address on the internet, or this installation's receiver")).view(form)}
                        {Select::new("profile", t!(lang, "推送方式", "Profile")).options(profiles).selected(profile.key())
                            .hint(t!(lang, "新系统选 Standard Webhooks；已按原产品对接的系统选兼容推送", "Standard Webhooks for new systems; the other one for systems that were built for the original product")).view(form)}
                        {Check::new("enabled", t!(lang, "启用", "Enabled")).checked(kept.is_none_or(|kept| kept.enabled)).hint(t!(lang, "停用期间的事不会补发", "What happens while it is off is not sent later")).switch().view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="w2">
                    <div class="side-h"><h2 id="w2">{t!(lang, "哪些消息", "Which messages")}</h2><p><a class="link" href=format!("{ADDRESS}/topics")>{t!(lang, "每种消息的内容", "What each of them says")}</a></p></div>
                    <div class="card"><div class="in stack">
                        {Checks::new("topics", t!(lang, "消息类型", "Topics")).options(offered).selected(topics).view(form)}
                        <p class="small dim">{t!(lang, "都不选时，只接收触发器的“消息转发”动作发来的消息。", "With none of them it gets what the action “forward the message” of triggers sends, and nothing else.")}</p>
                    </div></div>
                </section>
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                {why(form)}
                <span class="end row"><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{t!(lang, "保存消息转发", "Save the subscription")}</button></span>
            </div>
        </form>
    }
    .into_any()
}

//! 消息转发: the subscriptions, each with how its receiver is.

pub mod editor;
pub mod entry;
pub mod log;
pub mod receiver;

use crate::actions::SwitchWebhook;
use crate::model::Topic;
use crate::queries::{self, Health, Webhook};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/settings/webhooks";

/// 消息转发, `/settings/webhooks`.
pub async fn webhooks_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (webhooks, failed) = (queries::list(&ctx).await?, visit.form("webhook_switch"));
    let page = Page::new(t!(lang, "消息转发", "Message forwarding"))
        .history(&visit.ctx, "webhook")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(webhooks.len())
        .lead(t!(
            lang,
            "这里发生的事，用 HTTP 告诉别的系统：按先后、带签名、送到为止，最多 72 小时。",
            "Other systems are told by HTTP what happens here: in order, signed, until they have it, for 72 hours at most."
        ))
        .action(move || links(lang))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if webhooks.is_empty() {
            let text = t!(
                lang,
                "例如：工单一创建就告诉 CRM，客户一评价就进数据仓库。对方还没准备好时，先发到本系统的试收地址。",
                "For example: the CRM hears of every new ticket, the data warehouse of every rating. Before the other side is ready, send to the receiver of this installation."
            );
            return empty("webhook", t!(lang, "还没有消息转发", "Nothing is forwarded yet"), text, new_button(lang));
        }
        let rows: Vec<AnyView> = webhooks.iter().map(|(webhook, health)| row(&ctx, webhook, health)).collect();
        view! { <div class="body">{failed.summary()}<section class="card"><ul class="rows">{rows}</ul></section></div> }.into_any()
    }))
}

fn row(ctx: &Ctx, webhook: &Webhook, health: &Health) -> AnyView {
    let lang = ctx.lang();
    view! {
        <li>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{}", webhook.id)>{webhook.name.clone()}</a>" "{state(lang, webhook, health)}
                <small>{webhook.url.clone()}</small>
                <small>{asked(lang, webhook)}</small>
                <small>{facts(ctx, health)}</small>
            </div>
            <span class="end tools">
                <a class="btn quiet" href=format!("{ADDRESS}/log?webhook={}", webhook.id)>{t!(lang, "转发记录", "Log")}</a>
                {switch(lang, webhook)}
            </span>
        </li>
    }
    .into_any()
}

/// How it stands, as a tag.
pub(crate) fn state(lang: Lang, webhook: &Webhook, health: &Health) -> AnyView {
    match (webhook.enabled, webhook.halted_at, health.failing_since) {
        (false, Some(_), _) => tag(Tone::Bad, "triangle-alert", t!(lang, "失败太久，已自动停用", "Switched off after failing for days")),
        (false, None, _) => tag(Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")),
        (true, _, Some(_)) => tag(Tone::Warn, "triangle-alert", t!(lang, "正在失败", "Failing")),
        (true, _, None) => tag(Tone::Ok, "circle-check", t!(lang, "启用", "Enabled")),
    }
}

/// Which topics it asked for, in words.
fn asked(lang: Lang, webhook: &Webhook) -> String {
    let all = Topic::offered().count();
    let labels: Vec<&str> = webhook.topics.iter().map(|topic| topic.label(lang)).collect();
    match labels.len() {
        0 => t!(lang, "只接收触发器发来的", "What triggers send it, and nothing else").to_owned(),
        count if count == all => t!(lang, "全部消息类型", "Every topic").to_owned(),
        _ => labels.join(t!(lang, "、", ", ")),
    }
}

/// When its receiver took something last, since when it fails and why, and what waits.
pub(crate) fn facts(ctx: &Ctx, health: &Health) -> String {
    let (lang, now) = (ctx.lang(), ctx.now());
    let ago = |at: kernel::time::Stamp| at.relative(now, &ctx.zone, lang);
    let mut facts = vec![match health.last_success_at {
        Some(at) => t!(lang, "上次送达 {}", "Last taken {}", ago(at)),
        None => t!(lang, "还没有送达过", "Nothing was taken yet").to_owned(),
    }];
    if let Some(since) = health.failing_since {
        let why = health.last_fault.map_or("", |fault| fault.label(lang));
        facts.push(t!(lang, "从 {0} 起失败 {1} 次：{2}", "failing since {0}, {1} times: {2}", ago(since), health.failures, why));
    }
    if health.waiting > 0 {
        facts.push(t!(lang, "等待送达 {} 条", "{} waiting", health.waiting));
    }
    facts.join(t!(lang, "；", "; "))
}

/// The button that switches it.
pub(crate) fn switch(lang: Lang, webhook: &Webhook) -> AnyView {
    let words = match webhook.enabled {
        true => t!(lang, "停用", "Disable"),
        false => t!(lang, "启用", "Enable"),
    };
    view! {
        <form method="post" action={path_of::<SwitchWebhook>()}>
            {hidden("webhook", webhook.id)}
            {hidden("enabled", !webhook.enabled)}
            <button class="btn quiet" type="submit" aria-label=format!("{words} {}", webhook.name)>{words}</button>
        </form>
    }
    .into_any()
}

fn links(lang: Lang) -> AnyView {
    view! {
        <a class="btn" href=format!("{ADDRESS}/log")>{icon("history")}{t!(lang, "转发记录", "Log")}</a>
        <a class="btn" href=format!("{ADDRESS}/topics")>{icon("braces")}{t!(lang, "消息格式", "Payloads")}</a>
        <a class="btn" href=format!("{ADDRESS}/receiver")>{icon("inbox")}{t!(lang, "试收地址", "Receiver")}</a>
    }
    .into_any()
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建消息转发", "New subscription")}</a> }.into_any()
}

/// Crumbs of the pages below the list.
pub(crate) fn below(page: Page, lang: Lang) -> Page {
    page.crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "消息转发", "Message forwarding"), ADDRESS)
}

/// Headers as they stand on the wire.
pub(crate) fn header_lines(headers: &[(String, String)]) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// JSON with a line for each part; anything else as it came.
pub(crate) fn pretty(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned())
}

//! 一条转发: the message, and each request that carried it with what came back.

use super::{ADDRESS, below, header_lines, log, pretty};
use crate::actions::ReplayDelivery;
use crate::model::DeliveryState;
use crate::queries::log::{Entry, Request, entry};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::DeliveryId;
use kernel::t;
use leptos::prelude::*;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 一条转发, `/settings/webhooks/log/{id}`.
pub async fn entry_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: DeliveryId = visit.param("id")?;
    let (found, failed) = (entry(&ctx, id).await?, visit.form("webhook_replay"));
    let row = found.row.clone();
    let page = below(Page::new(row.topic.label(lang)), lang)
        .crumb(t!(lang, "转发记录", "Log of messages"), format!("{ADDRESS}/log?webhook={}", row.webhook_id))
        .mark(move || log::standing(lang, &row));
    let can_replay = found.is_kept && found.row.state != DeliveryState::Waiting;
    let page = if can_replay { page.action(move || again(lang, id)) } else { page };
    Ok(page.body(move || body(&ctx, &found, failed.summary())))
}

fn again(lang: kernel::lang::Lang, id: DeliveryId) -> AnyView {
    view! {
        <form method="post" action={path_of::<ReplayDelivery>()}>
            {hidden("delivery", id)}
            <button class="btn main" type="submit">{icon("rotate-ccw")}{t!(lang, "重新发送", "Send again")}</button>
        </form>
    }
    .into_any()
}

fn body(ctx: &Ctx, entry: &Entry, failed: AnyView) -> AnyView {
    let (lang, row) = (ctx.lang(), &entry.row);
    let next = (row.state == DeliveryState::Waiting)
        .then(|| view! { <dt>{t!(lang, "下次发送", "Next attempt")}</dt><dd>{ui::time::full(row.next_at, ctx)}</dd> });
    let about = (!row.about.is_empty()).then(|| view! { <dt>{t!(lang, "编号", "Number")}</dt><dd>{row.about.clone()}</dd> });
    let requests: Vec<AnyView> = entry.requests.iter().map(|one| request(ctx, one)).collect();
    let none = requests.is_empty().then(|| view! { <p class="in dim">{t!(lang, "还没有发送过。", "It was not sent yet.")}</p> });
    view! {
        <div class="body">
            {failed}
            <section class="card" aria-labelledby="d1">
                <header><h2 id="d1">{t!(lang, "消息", "The message")}</h2></header>
                <div class="in stack">
                    <dl class="facts">
                        <dt>{t!(lang, "转发到", "To")}</dt><dd>{row.webhook.clone()}</dd>
                        <dt>{t!(lang, "消息号", "Message id")}</dt><dd><code>{row.id.to_string()}</code></dd>
                        {about}
                        <dt>{t!(lang, "发生时间", "Happened")}</dt><dd>{ui::time::full(row.happened_at, ctx)}</dd>
                        {next}
                    </dl>
                    <pre class="raw wrap" tabindex="0" role="group" aria-label=t!(lang, "消息内容", "What it says")>{pretty(&entry.body)}</pre>
                </div>
            </section>
            <section class="card" aria-labelledby="d2">
                <header><h2 id="d2">{t!(lang, "请求与答复", "Requests and answers")}</h2></header>
                {none}
                <ul class="audit">{requests}</ul>
            </section>
        </div>
    }
    .into_any()
}

fn request(ctx: &Ctx, request: &Request) -> AnyView {
    let lang = ctx.lang();
    let status = request.status.map(|status| status.to_string()).unwrap_or_default();
    let (tone, picture, words) = match request.fault {
        None => (Tone::Ok, "check", t!(lang, "已接收", "Taken")),
        Some(fault) => (Tone::Bad, "x", fault.label(lang)),
    };
    let cut = request.answer_cut.then(|| view! { <p class="small mute">{t!(lang, "只保留前 64 KB。", "Its first 64 KB.")}</p> });
    let answer = request.status.map(|status| {
        let answer = format!("{status}\n{}\n\n{}", header_lines(&request.answer_headers), pretty(&request.answer));
        view! { <h3 class="small mute">{t!(lang, "答复", "Answer")}</h3><pre class="raw wrap" tabindex="0">{answer}</pre>{cut} }
    });
    let said = format!("POST {}\n{}\n\n{}", request.url, header_lines(&request.headers), pretty(&request.body));
    view! {
        <li>
            <details>
                <summary>
                    {ui::time::ago(request.sent_at, ctx)}
                    <span class="who">{t!(lang, "第 {} 次", "Attempt {}", request.no)}</span>
                    <span class="what cut">{status}" "<span class="mute">{t!(lang, "{} 毫秒", "{} ms", request.took_ms)}</span></span>
                    {tag(tone, picture, words)}
                    <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg>
                </summary>
                <div class="more stack near">
                    <h3 class="small mute">{t!(lang, "请求", "Request")}</h3><pre class="raw wrap" tabindex="0">{said}</pre>
                    {answer}
                </div>
            </details>
        </li>
    }
    .into_any()
}

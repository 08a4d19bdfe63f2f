//! 试收地址: the address, what it answers next, and what came.

use super::{ADDRESS, below, header_lines, pretty};
use crate::actions::{AnswerNext, ClearReceiver, OpenReceiver};
use crate::model::{Reply, Seal};
use crate::queries::receiver::{Catch, Receiver, catches, receiver};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::islands::copy::Copy;
use ui::option::options;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 试收地址, `/settings/webhooks/receiver`.
pub async fn receiver_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (found, came, failed) = (receiver(&ctx).await?, catches(&ctx).await?, visit.form("webhook_receiver"));
    let page = below(Page::new(t!(lang, "试收地址", "Receiver")), lang).lead(t!(
        lang,
        "本系统自己的一个接收地址：核对签名，留下最近 50 个请求，还能故意失败一次，看看怎么重试。",
        "An address of this installation itself: it checks signatures, keeps the last 50 requests, and can fail once on purpose to show what follows."
    ));
    Ok(page.body(move || {
        let Some(found) = found else {
            let text = t!(lang, "生成一个只有您知道的地址，填进消息转发的“接收地址”。", "Make an address that only you know, and enter it as the address of a subscription.");
            return view! { <div class="body">{failed.summary()}{empty("inbox", t!(lang, "还没有试收地址", "There is no receiver yet"), text, open("btn main", t!(lang, "生成试收地址", "Make a receiver")))}</div> }.into_any();
        };
        let rows: Vec<AnyView> = came.iter().map(|one| row(&ctx, one)).collect();
        let none = rows.is_empty().then(|| {
            view! { <p class="in dim">{t!(lang, "还没有收到请求。到消息转发里点“发送测试消息”。", "Nothing came yet. Open a subscription and send a test message.")}</p> }
        });
        view! {
            <div class="body">
                {failed.summary()}
                {address(lang, &found)}
                <section class="card" aria-labelledby="r2">
                    <header><h2 id="r2">{t!(lang, "收到的请求", "What came")}</h2><span class="act">{clear(lang)}</span></header>
                    {none}
                    <ul class="audit">{rows}</ul>
                </section>
            </div>
        }
        .into_any()
    }))
}

fn address(lang: Lang, found: &Receiver) -> AnyView {
    let words = [t!(lang, "复制地址", "Copy the address"), t!(lang, "已复制", "Copied")].map(str::to_owned);
    let replies = options(Reply::ALL.iter().map(|row| (row.key(), row.label(lang))), found.next_answer.key());
    let url = found.url.clone();
    view! {
        <section class="card" aria-labelledby="r1">
            <header><h2 id="r1">{t!(lang, "地址", "Address")}</h2><span class="act">{open("btn quiet", t!(lang, "换一个地址", "Take another address"))}</span></header>
            <div class="in stack">
                <div class="field">
                    <label for="receiver-url">{t!(lang, "接收地址", "Address")}</label>
                    <span class="row tight take-along"><input class="input mono" id="receiver-url" readonly=true value=url.clone()/><Copy text=url words=words/></span>
                    <span class="hint"><a class="link" href=format!("{ADDRESS}/new")>{t!(lang, "用它新建消息转发", "Make a subscription with it")}</a></span>
                </div>
                <form class="row" method="post" action={path_of::<AnswerNext>()}>
                    <label for="receiver-reply">{t!(lang, "下一个请求", "The next request")}</label>
                    <select class="input short" id="receiver-reply" name="input[reply]">{replies}</select>
                    <button class="btn" type="submit">{t!(lang, "就这样答复", "Answer like this")}</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

fn open(class: &'static str, words: &'static str) -> AnyView {
    view! { <form method="post" action={path_of::<OpenReceiver>()}>{hidden("sure", true)}<button class=class type="submit">{icon("refresh-cw")}{words}</button></form> }
        .into_any()
}

fn clear(lang: Lang) -> AnyView {
    view! { <form method="post" action={path_of::<ClearReceiver>()}>{hidden("sure", true)}<button class="btn quiet" type="submit">{t!(lang, "清空", "Clear")}</button></form> }
        .into_any()
}

fn row(ctx: &Ctx, one: &Catch) -> AnyView {
    let lang = ctx.lang();
    let (tone, picture) = match one.seal {
        Seal::Standard | Seal::Original => (Tone::Ok, "shield-check"),
        Seal::Wrong => (Tone::Bad, "shield-alert"),
        Seal::Missing => (Tone::Warn, "shield"),
    };
    let cut = one.is_cut.then(|| view! { <p class="small mute">{t!(lang, "只保留前 64 KB。", "Its first 64 KB.")}</p> });
    view! {
        <li>
            <details>
                <summary>
                    {ui::time::ago(one.caught_at, ctx)}
                    <span class="who">{topic(lang, &one.body)}</span>
                    <span class="what cut">{t!(lang, "答复：{}", "Answered: {}", one.reply.label(lang))}</span>
                    {tag(tone, picture, one.seal.label(lang))}
                    <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg>
                </summary>
                <div class="more stack near">
                    <pre class="raw wrap" tabindex="0">{format!("{}\n\n{}", header_lines(&one.headers), pretty(&one.body))}</pre>
                    {cut}
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// What a body says it is.
fn topic(lang: Lang, body: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default();
    let key = parsed["type"].as_str().unwrap_or_default();
    crate::model::Topic::spell(key, lang).unwrap_or(t!(lang, "未知消息", "Unknown")).to_owned()
}

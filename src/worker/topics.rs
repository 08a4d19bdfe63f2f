//! 消息格式: every topic with an example of each profile. It stands here because payloads are made of every slice.

use crate::worker::forward::sample;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::DeliveryId;
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use leptos::prelude::*;
use ui::page::Page;
use ui::visit::Visit;
use webhook::envelope::{Message, original_body, standard_body};
use webhook::model::Topic;

/// 消息格式, `/settings/webhooks/topics`.
pub async fn topics_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let page = Page::new(t!(lang, "消息格式", "Payloads"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "消息转发", "Message forwarding"), "/settings/webhooks")
        .lead(t!(lang, "每种消息的内容。时间是 UTC。", "What each message says. Times are UTC."));
    Ok(page.body(move || {
        let topics: Vec<AnyView> = Topic::ALL.iter().map(|topic| one(&ctx, *topic)).collect();
        view! { <div class="body">{rules(lang)}{topics}</div> }
    }))
}

/// What holds of all of them.
fn rules(lang: Lang) -> AnyView {
    view! {
        <section class="card" aria-labelledby="t-rules">
            <header><h2 id="t-rules">{t!(lang, "怎么送，怎么验", "How it is sent and checked")}</h2></header>
            <div class="in prose">
                <p>{t!(lang, "15 秒内答复 2xx 就算送达。否则过 5 秒、5 分、30 分、2 小时、5 小时、10 小时……再试，最多 72 小时；连续 5 天没有送达就自动停用。", "An answer of 2xx within 15 seconds takes a message. Otherwise it is tried again after 5 seconds, 5 minutes, 30 minutes, 2, 5 and 10 hours and so on, for 72 hours; after five days without success the subscription is switched off.")}</p>
                <p>{t!(lang, "至少送达一次：同一条消息可能来两次，消息号相同。同一张工单的消息按先后送达，前一条没送到，后一条就等着。", "At least once: a message may come twice, under the same id. Messages about one ticket come in order: a later one waits until the earlier one was taken or given up.")}</p>
                <p><b>"Standard Webhooks"</b>{t!(lang, "：请求头 webhook-id、webhook-timestamp（秒）、webhook-signature；签名是 v1, 加上 base64(HMAC-SHA256(密钥, id.timestamp.正文))，密钥是 whsec_ 之后那段 base64 解码。", ": the headers webhook-id, webhook-timestamp (seconds) and webhook-signature, which is v1, and base64(HMAC-SHA256(secret, id.timestamp.body)); the secret is what stands in base64 after whsec_.")}</p>
                <p><b>{t!(lang, "兼容原推送", "As the original product pushes")}</b>{t!(lang, "：一次最多 20 条同类消息，或等满 1 秒；请求头 X-Log-TimeStamp（毫秒）、X-Log-RandomCode、X-Log-Sign = md5(companyId + 时间 + 随机码 + 密钥) 小写；答复 JSON 里的 ret_code 是 000000 才算送达。", ": up to 20 messages of one topic, or what is there after a second; the headers X-Log-TimeStamp (milliseconds), X-Log-RandomCode and X-Log-Sign = md5(companyId + timestamp + random code + key) in lower case; a JSON answer with the ret_code 000000 takes them.")}</p>
            </div>
        </section>
    }
    .into_any()
}

fn one(ctx: &Ctx, topic: Topic) -> AnyView {
    let lang = ctx.lang();
    let message = Message {
        id: DeliveryId(uuid::Uuid::from_u128(0x0193_5c1a_7b00_7000_8000_0000_0000_0000)),
        topic,
        happened_at: Stamp::from_micros(1_795_311_730_000_000).unwrap_or_else(|| ctx.now()),
        data: sample(topic).to_string(),
        attempt: 0,
        since: ctx.now(),
    };
    let id = format!("t-{}", topic.code());
    let heading = id.clone();
    let by_hand = (!topic.is_asked_for()).then(|| {
        let words = match topic {
            Topic::TriggerMatched => t!(lang, "由触发器的“消息转发”动作发送", "Sent by the action “forward the message” of triggers"),
            _ => t!(lang, "由“发送测试消息”发送", "Sent by “send a test message”"),
        };
        view! { <p class="dim">{words}</p> }
    });
    view! {
        <section class="card" aria-labelledby=id>
            <header><h2 id=heading>{topic.label(lang)}</h2><code class="act">{topic.key()}</code></header>
            <div class="in stack near">
                <p class="small mute">{topic.order().label(lang)}</p>
                {by_hand}
                <pre class="raw wrap" tabindex="0" role="group" aria-label=format!("{} Standard Webhooks", topic.label(lang))>{pretty(&standard_body(&message))}</pre>
                <details class="opens">
                    <summary>{ui::icon::icon_s("chevron-right")}<span>{t!(lang, "兼容原推送", "As the original product pushes")}</span></summary>
                    <pre class="raw wrap" tabindex="0">{pretty(&original_body(ctx.company, core::slice::from_ref(&message)))}</pre>
                </details>
            </div>
        </section>
    }
    .into_any()
}

fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

//! 转发记录: every message of the last 30 days, and the button that sends again what was filtered for.

use super::{ADDRESS, below};
use crate::actions::ReplayDeliveries;
use crate::model::{DeliveryState, LogFilter, Topic};
use crate::queries::log::{Row, list};
use crate::queries::{self, Webhook};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::page::Paged;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::{empty, no_result};
use ui::form::path_of;
use ui::option::options;
use ui::page::Page;
use ui::pager::pager;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 转发记录, `/settings/webhooks/log`.
pub async fn log_page(visit: Visit) -> Result<Page> {
    let (lang, filter): (_, LogFilter) = (visit.lang(), visit.query());
    let webhooks = queries::known(&visit.ctx).await?;
    let found = list(&visit.ctx, &filter).await?;
    let failed = visit.form("webhook_replay_all");
    let page = below(Page::new(t!(lang, "转发记录", "Log of messages")), lang).lead(t!(
        lang,
        "保留 30 天，最新的在前。",
        "Kept for 30 days, newest first."
    ));
    let again = (filter.is_narrow() && !found.rows.is_empty()).then(|| filter.clone());
    let page = match again {
        Some(filter) => page.action(move || replay(lang, &filter)),
        None => page,
    };
    Ok(page.body(move || {
        let body = shown(&visit, &found, &filter);
        view! { <div class="body">{failed.summary()}{filters(lang, &filter, &webhooks)}{body}</div> }
    }))
}

fn shown(visit: &Visit, found: &Paged<Row>, filter: &LogFilter) -> AnyView {
    let lang = visit.lang();
    match (found.rows.is_empty(), filter.is_narrow()) {
        (true, true) => {
            no_result(t!(lang, "没有符合条件的消息", "No message matches"), format!("{ADDRESS}/log"), t!(lang, "清除条件", "Clear filters"))
        }
        (true, false) => {
            let text = t!(
                lang,
                "启用消息转发后，发出的每条消息都在这里：发了什么，对方答复了什么，下次什么时候再试。",
                "Each message that is forwarded is written down here: what was said, what was answered, when it is tried again."
            );
            empty("history", t!(lang, "还没有转发过", "Nothing was forwarded yet"), text, ())
        }
        (false, _) => {
            let rows: Vec<AnyView> = found.rows.iter().map(|row| line(&visit.ctx, row)).collect();
            view! { {table(lang, rows)}{pager(found, &visit.place, lang, t!(lang, "由近到远", "Newest first"))} }.into_any()
        }
    }
}

fn filters(lang: Lang, filter: &LogFilter, webhooks: &[Webhook]) -> AnyView {
    let every = |words: &'static str| core::iter::once((String::new(), words.to_owned()));
    let to = webhooks.iter().map(|webhook| (webhook.id.to_string(), webhook.name.clone()));
    let to = options(every(t!(lang, "全部转发", "Every subscription")).chain(to), &filter.webhook);
    let states = DeliveryState::ALL.iter().map(|row| (row.key().to_owned(), row.label(lang).to_owned()));
    let states = options(every(t!(lang, "全部状态", "Every state")).chain(states), &filter.state);
    let topics = Topic::ALL.iter().map(|row| (row.key().to_owned(), row.label(lang).to_owned()));
    let topics = options(every(t!(lang, "全部类型", "Every topic")).chain(topics), &filter.topic);
    view! {
        <form class="filters" method="get" action=format!("{ADDRESS}/log") role="search" aria-label=t!(lang, "筛选转发记录", "Filter messages")>
            <select class="input" name="webhook" aria-label=t!(lang, "消息转发", "Subscription")>{to}</select>
            <select class="input" name="state" aria-label=t!(lang, "状态", "State")>{states}</select>
            <select class="input" name="topic" aria-label=t!(lang, "消息类型", "Topic")>{topics}</select>
            <input class="input" type="date" name="from" value=filter.from.clone() aria-label=t!(lang, "从哪天", "From")/>
            <input class="input" type="date" name="to" value=filter.to.clone() aria-label=t!(lang, "到哪天", "To")/>
            <button class="btn" type="submit">{t!(lang, "筛选", "Filter")}</button>
        </form>
    }
    .into_any()
}

fn table(lang: Lang, rows: Vec<AnyView>) -> AnyView {
    let table = view! {
        <table class="table roomy fold" role="table" aria-label=t!(lang, "转发记录", "Messages")>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "消息", "Message")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "转发到", "To")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "状态", "State")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "次数", "Attempts")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "时间", "Time")}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    };
    view! { <div class="edge">{ui::table::scroll(t!(lang, "转发记录", "Messages"), table)}</div> }.into_any()
}

fn line(ctx: &Ctx, row: &Row) -> AnyView {
    let lang = ctx.lang();
    let about = (!row.about.is_empty()).then(|| view! { <span class="sub">{row.about.clone()}</span> });
    let why = row.fault.map(|fault| view! { <span class="sub">{fault.label(lang)}</span> });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("{ADDRESS}/log/{}", row.id)>{row.topic.label(lang)}</a>{about}</th>
            <td role="cell" data-k=t!(lang, "转发到", "To")>{row.webhook.clone()}</td>
            <td role="cell" class="wrap">{standing(lang, row)}{why}</td>
            <td role="cell" class="num" data-k=t!(lang, "次数", "Attempts")>{row.attempt}</td>
            <td role="cell" class="num c-end">{ui::time::ago(row.created_at, ctx)}</td>
        </tr>
    }
    .into_any()
}

/// How far it is, as a tag.
pub(super) fn standing(lang: Lang, row: &Row) -> AnyView {
    let (tone, picture) = match (row.state, row.attempt) {
        (DeliveryState::Waiting, 0) => (Tone::Info, "clock"),
        (DeliveryState::Waiting, _) => (Tone::Warn, "clock"),
        (DeliveryState::Delivered, _) => (Tone::Ok, "check"),
        (DeliveryState::GivenUp, _) => (Tone::Bad, "x"),
    };
    tag(tone, picture, row.state.label(lang))
}

fn replay(lang: Lang, filter: &LogFilter) -> AnyView {
    let fields =
        [("webhook", &filter.webhook), ("state", &filter.state), ("topic", &filter.topic), ("from", &filter.from), ("to", &filter.to)];
    confirm(
        "btn",
        t!(lang, "重新发送筛选出的", "Send these again"),
        Confirm {
            id: "replay-all",
            title: t!(lang, "重新发送筛选出的消息？", "Send all of these again?").to_owned(),
            text: t!(
                lang,
                "已有结果的都会再发一次，最早的在前，最多 10,000 条；内容和消息号不变，接收方可以据此去重。",
                "All that are finished are sent once more, oldest first, 10,000 at most; content and ids stay, so that the receiver can tell what it has."
            )
            .to_owned(),
            keep: t!(lang, "不发", "Do not").to_owned(),
            act: t!(lang, "重新发送", "Send again").to_owned(),
            path: path_of::<ReplayDeliveries>(),
            fields: fields.map(|(name, value)| (name.to_owned(), value.clone())).to_vec(),
        },
    )
}

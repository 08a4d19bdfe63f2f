//! 隔离的事件 of a switch: what could not be understood, with the reason and a button that takes it again.

use crate::actions::{DiscardRefusal, ReplayAllRefusals, ReplayRefusal};
use crate::commands::refusal::MOST;
use crate::queries::Refused;
use kernel::ctx::Ctx;
use kernel::t;
use leptos::prelude::*;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::tag::{Tone, note, tag};

/// The events, the newest first; `count` is how many there are, of which the page shows some.
pub(super) fn section(refused: &[Refused], count: i64, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let inside = if refused.is_empty() {
        view! { <p class="mute">{t!(lang, "没有隔离的事件。看不懂的事件会停在这里，不影响别的事件，修好原因后可以重新处理。", "Nothing is in quarantine. What cannot be understood stops here, holds nothing else up, and can be taken again once its cause is gone.")}</p> }.into_any()
    } else {
        let rows: Vec<AnyView> = refused.iter().map(|one| row(one, ctx)).collect();
        view! { {(count >= MOST).then(|| full(ctx))}{(refused.len() > 1).then(|| replay_all(ctx))}<ol class="rows">{rows}</ol> }.into_any()
    };
    view! {
        <section aria-labelledby="quarantine">
            <div class="side-h"><h2 id="quarantine">{t!(lang, "隔离的事件", "Quarantined events")}</h2></div>
            <div class="card"><div class="in stack">{inside}</div></div>
        </section>
    }
    .into_any()
}

fn row(one: &Refused, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let body = serde_json::to_string_pretty(&one.body).unwrap_or_default();
    let times = (one.times > 1).then(|| t!(lang, "，来过 {} 次", ", {} times", one.times));
    let name = one.body.get("id").and_then(|id| id.as_str()).unwrap_or("–").to_owned();
    view! {
        <li>
            <div class="grow">
                <b>{name.clone()}</b>" "{tag(Tone::Warn, "triangle-alert", one.reason.label(lang))}
                <small><code>{one.detail.clone()}</code></small>
                <small>{ui::time::ago(one.last_at, ctx)}{times}</small>
                <details><summary>{t!(lang, "事件原文", "The event as it came")}</summary><pre>{body}</pre></details>
            </div>
            <span class="end tools">
                <form method="post" action={path_of::<ReplayRefusal>()}>
                    {hidden("refusal", one.id)}
                    <button class="btn" type="submit" aria-label=t!(lang, "重新处理 {}", "Take {} again", name)>{icon("rotate-ccw")}{t!(lang, "重新处理", "Take again")}</button>
                </form>
                <form method="post" action={path_of::<DiscardRefusal>()}>
                    {hidden("refusal", one.id)}
                    <button class="btn quiet" type="submit" aria-label=t!(lang, "丢弃 {}", "Discard {}", name)>{icon("trash-2")}{t!(lang, "丢弃", "Discard")}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}

/// The quarantine takes no more: whoever reads this must know that events are lost.
fn full(ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let text = t!(
        lang,
        "已有 {} 个事件，后来看不懂的事件不再保留，交换机会收到 dropped。请处理或丢弃一些。",
        "It holds {} events. Further ones that cannot be understood are not kept; the switch is told “dropped”. Take some again, or discard them.",
        MOST
    );
    note(Tone::Warn, "triangle-alert", t!(lang, "隔离区已满", "The quarantine is full"), text)
}

fn replay_all(ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    view! {
        <form method="post" action={path_of::<ReplayAllRefusals>()}>
            {hidden("all", true)}
            <button class="btn" type="submit">{icon("rotate-ccw")}{t!(lang, "全部重新处理", "Take all again")}</button>
        </form>
    }
    .into_any()
}

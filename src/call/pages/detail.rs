//! 通话详情: the call with its records as a tree, as lanes over time and as a ledger, who called, what was written of it.

use super::mark::{self, Numbers};
use super::{lanes, ledger, summary, tree};
use crate::actions::record::RevealNumber;
use crate::lineage;
use crate::model::{QueueState, address};
use crate::queries::detail::{self, CallDetail, CallFacts, Told};
use crate::queries::recording;
use customer::queries::CustomerCard;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CallId, LegId};
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::or_dash;
use ui::visit::Visit;

/// The customer of a call that the reader may see, for who draws more of the customer beside it.
///
/// # Errors
/// `NotFound` for a call that the reader may not see.
pub async fn load(visit: &Visit) -> Result<CallDetail> {
    let call: CallId = visit.param("id")?;
    detail::call(&visit.ctx, call).await
}

/// 通话详情, `/calls/{id}`; `past` draws what the slices above know of the customer.
pub async fn call_page(visit: Visit, detail: CallDetail, past: impl FnOnce() -> AnyView + Send + 'static) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let call = detail.call.id;
    let legs: Vec<LegId> = detail.legs.iter().map(|leg| leg.record.id).collect();
    let mut tx = ctx.read().await?;
    let sounds = tree::Sounds { kept: recording::kept(&mut tx, &legs).await?, sources: recording::sources(&mut tx, call).await? };
    let customer = match detail.call.customer_id.filter(|_| ctx.may(Permission::CustomerView)) {
        Some(id) => customer::queries::cards(&mut tx, &[id]).await?.into_iter().next(),
        None => None,
    };
    drop(tx);
    let form = visit.form("call_summary");
    let summary = summary::load(&ctx, call, &form).await?;
    let may_see_told = ctx.may(Permission::CallRecordView) && ctx.may(Permission::CallNumberView);
    let told = if may_see_told { detail::told(&ctx, &detail.call).await? } else { Vec::new() };
    // Only the command that takes it down leaves this behind.
    let is_revealed = ctx.may(Permission::CallNumberReveal) && visit.form("revealed").value_or("call", "") == call.to_string();
    let numbers = if is_revealed { Numbers::Whole } else { Numbers::of(&ctx) };
    let failed = ["reveal_number", "recording"].map(|form| visit.form(form));
    let who = detail.legs.first().and_then(|leg| leg.record.customer_nickname.clone());
    let who = who.unwrap_or_else(|| numbers.show(&detail.call.customer_number));
    let title = match detail.call.direction {
        crate::model::event::Direction::Inbound => t!(lang, "{} 的来电", "Call from {}", who),
        crate::model::event::Direction::Outbound => t!(lang, "呼叫 {}", "Call to {}", who),
    };
    let result = detail.legs.first().and_then(|leg| leg.record.result);
    let page =
        Page::new(title).crumb(detail.call.line.label(lang), address(detail.call.line)).mark(move || mark::result(result, lang).into_any());
    let now = visit.now();
    Ok(page.body(move || {
        let length = lineage::length(&detail, now);
        let drawn = lineage::lanes(&detail, now);
        let failed: Vec<AnyView> = failed.iter().map(ui::form::FormState::summary).collect();
        view! {
            <div class="body"><div class="split call-detail">
                <div>
                    {failed}
                    {facts(&detail, length, &ctx)}
                    {lanes::card(&drawn, length, numbers, lang)}
                    {tree::card(&detail, &sounds, numbers, &ctx)}
                    {ledger::card(&detail, &drawn, length, numbers, lang)}
                    {past()}
                    {events(&told, &ctx)}
                </div>
                <aside aria-label=t!(lang, "客户与服务小结", "Customer and summary")>
                    {customer_card(&detail.call, customer.as_ref(), numbers, &ctx)}
                    {summary.draw(&form, &ctx)}
                    {ratings(&detail, &ctx)}
                </aside>
            </div></div>
        }
    }))
}

/// The facts of the whole call.
fn facts(detail: &CallDetail, length: i64, ctx: &Ctx) -> AnyView {
    let (lang, call) = (ctx.lang(), &detail.call);
    let end = match call.ended_at {
        Some(at) => ui::time::cell(at, ctx).into_any(),
        None => view! { <span class="mute">{t!(lang, "还没有结束", "Still running")}</span> }.into_any(),
    };
    let queue = match (call.queue_state, &call.queue_group) {
        (QueueState::None, _) => or_dash("").into_any(),
        (state, group) => {
            let waited = detail.legs.first().map_or(0, |leg| leg.record.queue_ms);
            let group = group.clone().unwrap_or_default();
            view! { {group}" "{state.label(lang)}" "{mark::length(waited, lang)} }.into_any()
        }
    };
    let voicemail =
        call.voicemail_ms.map(|ms| view! { <div><dt>{t!(lang, "留言", "Voicemail")}</dt><dd>{mark::length(ms, lang)}</dd></div> });
    view! {
        <section class="card"><div class="in"><dl class="facts cols">
            <div><dt>{t!(lang, "业务线", "Line")}</dt><dd>{call.line.label(lang)}</dd></div>
            <div><dt>{t!(lang, "开始时间", "Started")}</dt><dd>{ui::time::cell(call.started_at, ctx)}</dd></div>
            <div><dt>{t!(lang, "结束时间", "Ended")}</dt><dd>{end}</dd></div>
            <div><dt>{t!(lang, "全程", "Whole call")}</dt><dd>{mark::length(length, lang)}</dd></div>
            <div><dt>{t!(lang, "排队", "Queue")}</dt><dd>{queue}</dd></div>
            <div><dt>{t!(lang, "外显号码", "Shown number")}</dt><dd>{or_dash(&call.shown)}</dd></div>
            {voicemail}
            <div><dt>{t!(lang, "主通话记录id", "Main record id")}</dt><dd><code>{call.id.to_string()}</code></dd></div>
        </dl></div></section>
    }
    .into_any()
}

fn customer_card(call: &CallFacts, card: Option<&CustomerCard>, numbers: Numbers, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let name = card.map(|card| {
        view! {
            <div class="row">
                {ui::avatar::mark(card.id.0, &card.nickname)}
                <div><a class="link" href=format!("/customers/{}", card.id)><b>{card.nickname.clone()}</b></a>" "{ui::tag::vip(card.vip_level)}<div class="small mute">{card.organisation.clone()}</div></div>
            </div>
        }
    });
    let number = numbers.show(&call.customer_number);
    let reveal = (numbers == Numbers::Masked && ctx.may(Permission::CallNumberReveal)).then(|| {
        view! {
            <form method="post" action={path_of::<RevealNumber>()}>
                {hidden("call", call.id)}
                <button class="btn mini" type="submit" title=t!(lang, "会记入审计", "Noted in the audit trail")>{icon("eye")}{t!(lang, "显示号码", "Show number")}</button>
            </form>
        }
    });
    let is_unknown = call.customer_id.is_none() && !call.customer_number.is_empty();
    // A new customer's form takes the number along, and so would show it.
    let new = (is_unknown && numbers == Numbers::Whole && ctx.may(Permission::CustomerEdit)).then(|| {
        let href = format!("/customers/new?phone={}", ui::visit::encoded(&call.customer_number));
        view! { <a class="btn" href=href>{icon("user-plus")}{t!(lang, "新建客户", "New customer")}</a> }
    });
    view! {
        <section class="card">
            <header><h2>{t!(lang, "客户", "Customer")}</h2></header>
            <div class="in cust">
                {name}
                <dl class="facts"><dt>{t!(lang, "电话", "Phone")}</dt><dd class="row">{or_dash(&number)}{reveal}</dd></dl>
                {new}
            </div>
        </section>
    }
    .into_any()
}

fn ratings(detail: &CallDetail, ctx: &Ctx) -> AnyView {
    let (lang, call) = (ctx.lang(), &detail.call);
    let rated = match (call.satisfy_levels, call.satisfy_key) {
        (0, _) => t!(lang, "没有邀评", "Not asked").to_owned(),
        (_, 0) => t!(lang, "邀评了，没有评价", "Asked, not rated").to_owned(),
        (levels, key) => t!(lang, "{} 级制，按 {}", "key {1} of {0} levels", levels, key),
    };
    let is_inspected = detail.legs.iter().any(|leg| leg.record.is_inspected);
    let inspected = if is_inspected { t!(lang, "已质检", "Inspected") } else { t!(lang, "未质检", "Not inspected") };
    view! {
        <section class="card">
            <header><h2>{t!(lang, "评价与质检", "Rating and inspection")}</h2></header>
            <div class="in"><dl class="facts">
                <dt>{t!(lang, "满意度", "Rating")}</dt><dd>{rated}</dd>
                <dt>{t!(lang, "质检", "Inspection")}</dt><dd>{inspected}</dd>
            </dl></div>
        </section>
    }
    .into_any()
}

/// 交换机事件, as they were told; nothing for whoever may not see them.
fn events(told: &[Told], ctx: &Ctx) -> Option<AnyView> {
    let lang = ctx.lang();
    if told.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = told
        .iter()
        .map(|event| {
            let at = event.happened_at.0.strftime("%H:%M:%S%.3f").to_string();
            let late = event.received_at.since(event.happened_at).as_millis();
            let late = t!(lang, "{} 毫秒后收到", "came {} ms later", late);
            view! { <li><div class="grow"><code>{event.body.to_string()}</code><small>{format!("UTC {at}{}{late}", t!(lang, "，", ", "))}</small></div></li> }.into_any()
        })
        .collect();
    let words = t!(lang, "交换机事件（{} 条）", "Events of the switch ({})", rows.len());
    Some(view! { <details class="card"><summary class="in">{words}</summary><ul class="rows">{rows}</ul></details> }.into_any())
}

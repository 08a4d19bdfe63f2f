//! 运行记录: each look of a trigger at a ticket, with every condition, what it found, and what followed.

use super::trace::{self, Tense};
use super::{ADDRESS, trial_button};
use crate::evaluate::Tested;
use crate::model::{Outcome, TriggerKind};
use crate::queries::run::{Hour, RUNS, Run, last_hour, runs, runs_of_ticket};
use crate::queries::{self, Choices};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{TicketId, TriggerId};
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 运行记录, `/settings/triggers/{id}/runs`.
pub async fn runs_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: TriggerId = visit.param("id")?;
    let trigger = queries::one(&ctx, id).await?;
    let runs = runs(&ctx, id).await?;
    let hour = if trigger.kind == TriggerKind::Timed { last_hour(&ctx).await? } else { None };
    let choices = queries::choices(&mut ctx.read().await?).await?;
    let page = Page::new(t!(lang, "运行记录", "Runs"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "触发器", "Triggers"), ADDRESS)
        .crumb(trigger.name.clone(), format!("{ADDRESS}/{id}"))
        .lead(t!(lang, "最近 {} 次，最新的在前，保留 30 天。", "The latest {}, newest first; kept for 30 days.", RUNS));
    Ok(page.action(move || trial_button(lang, id)).body(move || {
        let looked = hour.map(|hour| looked(&ctx, &hour));
        if runs.is_empty() {
            return view! { <div class="body">{looked}{nothing(lang, trigger.kind)}</div> }.into_any();
        }
        let rows: Vec<AnyView> = runs.iter().map(|run| row(&ctx, run, &choices, Beside::Ticket)).collect();
        view! { <div class="body">{looked}<section class="card"><ul class="audit runs">{rows}</ul></section></div> }.into_any()
    }))
}

/// 触发器运行记录 of a ticket, `/tickets/{id}/runs`: which triggers looked at it, and why they did what they did.
pub async fn ticket_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: TicketId = visit.param("id")?;
    let ticket = ticket::queries::detail::detail(&ctx, id).await?.ticket;
    let runs = runs_of_ticket(&ctx, id).await?;
    let choices = queries::choices(&mut ctx.read().await?).await?;
    let page = Page::new(t!(lang, "触发器运行记录", "Runs of triggers"))
        .crumb(t!(lang, "工单", "Tickets"), "/tickets")
        .crumb(ticket.title, format!("/tickets/{id}"))
        .lead(t!(lang, "最近 {} 次，最新的在前，保留 30 天。", "The latest {}, newest first; kept for 30 days.", RUNS));
    Ok(page.body(move || {
        if runs.is_empty() {
            let text = t!(lang, "工单有动静时看它的触发器，会在这里留下记录。", "Triggers that look at it when something happens leave a record here.");
            return view! { <div class="body">{empty("history", t!(lang, "还没有触发器看过这张工单", "No trigger has looked at this ticket"), text, ())}</div> }.into_any();
        }
        let rows: Vec<AnyView> = runs.iter().map(|run| row(&ctx, run, &choices, Beside::Trigger)).collect();
        view! { <div class="body"><section class="card"><ul class="audit runs">{rows}</ul></section></div> }.into_any()
    }))
}

/// What a run names beside its time: the other one stands in the title of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Ticket,
    Trigger,
}

/// When timed triggers looked last, and at how many tickets: why there may be no record.
fn looked(ctx: &Ctx, hour: &Hour) -> AnyView {
    let lang = ctx.lang();
    let words = t!(
        lang,
        "，看了 {0} 张没有关闭的工单，其中 {1} 张有触发器执行。",
        ", at {0} tickets that are not closed; a trigger acted in {1} of them.",
        hour.tickets,
        hour.acted
    );
    view! { <p class="dim">{t!(lang, "定时触发器最近一次：", "Timed triggers last looked ")}{ui::time::ago(hour.looked_at, ctx)}{words}</p> }.into_any()
}

fn nothing(lang: Lang, kind: TriggerKind) -> AnyView {
    let text = match kind {
        TriggerKind::Flow => t!(
            lang,
            "启用以后，它每看一张工单就有一条记录：每个条件看到了什么，做了什么。",
            "Once it is enabled, each look at a ticket leaves a record: what every condition found, and what was done."
        ),
        TriggerKind::Timed => t!(
            lang,
            "启用以后，一张工单开始符合条件时有一条记录：每个条件看到了什么，做了什么。",
            "Once it is enabled, each ticket that begins to match leaves a record: what every condition found, and what was done."
        ),
    };
    empty("history", t!(lang, "还没有运行过", "It has not run yet"), text, ())
}

fn row(ctx: &Ctx, run: &Run, choices: &Choices, beside: Beside) -> AnyView {
    let lang = ctx.lang();
    let (who, (href, open)) = match beside {
        Beside::Ticket => (run.ticket_number.to_string(), (format!("/tickets/{}", run.ticket), t!(lang, "打开工单", "Open the ticket"))),
        Beside::Trigger => (run.trigger_name.clone(), (format!("{ADDRESS}/{}", run.trigger), t!(lang, "打开触发器", "Open the trigger"))),
    };
    let (tone, picture) = match run.outcome {
        Outcome::Matched => (Tone::Ok, "circle-check"),
        Outcome::NotMatched => (Tone::Plain, "circle-dashed"),
        Outcome::Stopped | Outcome::TooOften => (Tone::Bad, "triangle-alert"),
    };
    view! {
        <li>
            <details>
                <summary>
                    {ui::time::ago(run.created_at, ctx)}
                    <span class="who">{who}</span>
                    <span class="what cut">{gist(run, choices, lang)}</span>
                    {tag(tone, picture, run.outcome.label(lang))}
                    <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg>
                </summary>
                <div class="more stack near">
                    {trace::draw(&run.verdict, &run.effects, choices, Tense::Past, lang)}
                    <a class="link small" href=href>{open}</a>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// What was done, or the first condition that did not hold.
fn gist(run: &Run, choices: &Choices, lang: Lang) -> String {
    let failed = || {
        let words = |one: &Tested| say::condition(&one.condition, choices, lang);
        match run.verdict.all.iter().find(|one| !one.holds) {
            Some(one) => t!(lang, "不符合：{}", "Not so: {}", words(one)),
            None => t!(lang, "“满足任一”都不符合", "None of the second list").to_owned(),
        }
    };
    match run.outcome {
        Outcome::NotMatched => failed(),
        Outcome::Matched | Outcome::Stopped | Outcome::TooOften => {
            let done: Vec<String> = run.effects.iter().map(|one| say::action(&one.action, choices, lang)).collect();
            done.join(t!(lang, "；", "; "))
        }
    }
}

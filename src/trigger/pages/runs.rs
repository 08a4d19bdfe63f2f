//! 运行记录: each look of a trigger at a ticket, with every condition, what it found, and what followed.

use super::ADDRESS;
use crate::evaluate::Tested;
use crate::field::Holds;
use crate::model::{Acted, Effect, Outcome};
use crate::queries::{self, Choices, RUNS, Run};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// 运行记录, `/settings/triggers/{id}/runs`.
pub async fn runs_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: TriggerId = visit.param("id")?;
    let trigger = queries::one(&ctx, id).await?;
    let runs = queries::runs(&ctx, id).await?;
    let choices = queries::choices(&mut ctx.read().await?).await?;
    let page = Page::new(t!(lang, "运行记录", "Runs"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "触发器", "Triggers"), ADDRESS)
        .crumb(trigger.name, format!("{ADDRESS}/{id}"))
        .lead(t!(lang, "最近 {} 次，最新的在前，保留 30 天。", "The latest {}, newest first; kept for 30 days.", RUNS));
    Ok(page.body(move || {
        if runs.is_empty() {
            let text = t!(
                lang,
                "启用以后，它每看一张工单就有一条记录：每个条件看到了什么，做了什么。",
                "Once it is enabled, each look at a ticket leaves a record: what every condition found, and what was done."
            );
            return view! { <div class="body">{empty("history", t!(lang, "还没有运行过", "It has not run yet"), text, ())}</div> }
                .into_any();
        }
        let rows: Vec<AnyView> = runs.iter().map(|run| row(&ctx, run, &choices)).collect();
        view! { <div class="body"><section class="card"><ul class="audit runs">{rows}</ul></section></div> }.into_any()
    }))
}

fn row(ctx: &Ctx, run: &Run, choices: &Choices) -> AnyView {
    let lang = ctx.lang();
    let (tone, picture) = match run.outcome {
        Outcome::Matched => (Tone::Ok, "circle-check"),
        Outcome::NotMatched => (Tone::Plain, "circle-dashed"),
        Outcome::Stopped => (Tone::Bad, "triangle-alert"),
    };
    let tested = |tested: &[Tested]| -> Vec<AnyView> { tested.iter().map(|one| condition(one, choices, lang)).collect() };
    let list = |title: &'static str, lines: Vec<AnyView>| {
        (!lines.is_empty()).then(|| view! { <h3 class="small mute">{title}</h3><ul class="trace">{lines}</ul> })
    };
    let effects: Vec<AnyView> = run.effects.iter().map(|one| effect(one, choices, lang)).collect();
    view! {
        <li>
            <details>
                <summary>
                    {ui::time::ago(run.created_at, ctx)}
                    <span class="who">{run.ticket_number.to_string()}</span>
                    <span class="what cut">{gist(run, choices, lang)}</span>
                    {tag(tone, picture, run.outcome.label(lang))}
                    <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg>
                </summary>
                <div class="more stack near">
                    {list(t!(lang, "满足所有", "All of these"), tested(&run.verdict.all))}
                    {list(t!(lang, "满足任一", "Any of these"), tested(&run.verdict.any))}
                    {list(t!(lang, "动作", "Actions"), effects)}
                    <a class="link small" href=format!("/tickets/{}", run.ticket)>{t!(lang, "打开工单", "Open the ticket")}</a>
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
        Outcome::Matched | Outcome::Stopped => {
            let done: Vec<String> = run.effects.iter().map(|one| say::action(&one.action, choices, lang)).collect();
            done.join(t!(lang, "；", "; "))
        }
    }
}

fn condition(tested: &Tested, choices: &Choices, lang: Lang) -> AnyView {
    let words = say::condition(&tested.condition, choices, lang);
    let found: Vec<String> = match tested.condition.field.holds() {
        // A text may be long; what is asked stands beside it.
        Holds::Text => tested.found.iter().map(|text| text.chars().take(60).collect()).collect(),
        _ => tested.found.iter().map(|value| say::value_words(tested.condition.field, value, choices, lang)).collect(),
    };
    let found = if found.is_empty() { "–".to_owned() } else { found.join(t!(lang, "、", ", ")) };
    let (picture, said) = if tested.holds { ("check", t!(lang, "符合", "holds")) } else { ("x", t!(lang, "不符合", "does not hold")) };
    let class = if tested.holds { "ok" } else { "bad" };
    view! { <li class=class>{icon(picture)}<span class="sr">{said}{t!(lang, "：", ": ")}</span><span>{words}</span><small class="mute">{t!(lang, "实际：{}", "found: {}", found)}</small></li> }.into_any()
}

fn effect(acted: &Acted, choices: &Choices, lang: Lang) -> AnyView {
    let words = say::action(&acted.action, choices, lang);
    let (picture, class) = match acted.effect {
        Effect::Done => ("check", "ok"),
        Effect::Unchanged => ("equal", ""),
        Effect::Refused => ("x", "bad"),
    };
    let why = acted.problem.map_or_else(|| acted.effect.label(lang).to_owned(), |problem| problem.text(lang).to_owned());
    view! { <li class=class>{icon(picture)}<span>{words}</span><small class="mute">{why}</small></li> }.into_any()
}

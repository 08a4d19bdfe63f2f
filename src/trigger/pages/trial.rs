//! 试运行: what the trigger would have done in the last days, and what it makes of a ticket that never was. Nothing changes;
//! the ticket that never was stands in the address, so a trial can be sent to a colleague.

use super::ADDRESS;
use super::trace::{self, Tense};
use crate::actions::SwitchTrigger;
use crate::evaluate::{Verdict, evaluate};
use crate::field::{Aspect, Holds};
use crate::invent;
use crate::model::{Moment, TriggerKind};
use crate::queries::trial::{DAYS, HITS_MOST, Hit, TICKETS_MOST, Trial, categories, trial};
use crate::queries::{self, Choices, Trigger};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use std::collections::BTreeMap;
use ui::empty::empty;
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::option::options;
use ui::page::Page;
use ui::tag::{Tone, note, tag};
use ui::visit::Visit;

/// What was typed, by the key of its field; what it was before, by `was_` and the key.
type Typed = BTreeMap<String, String>;

/// 试运行, `/settings/triggers/{id}/try`.
pub async fn trial_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: TriggerId = visit.param("id")?;
    let (trigger, found) = trial(&ctx, id).await?;
    let mut tx = ctx.read().await?;
    let choices = queries::choices(&mut tx).await?;
    let above = categories(&mut tx).await?;
    drop(tx);
    let typed: Typed = visit.query();
    let verdict = (!typed.is_empty()).then(|| {
        let value = |aspect: Aspect| typed.get(&aspect.to_string()).cloned().unwrap_or_default();
        let before = |aspect: Aspect| typed.get(&was(aspect)).cloned().unwrap_or_default();
        let moment = typed.get("moment").and_then(|moment| Moment::from_key(moment));
        let moment = moment.or(trigger.rule.moments.first().copied());
        let mut facts = invent::ticket(&trigger.rule, value, before, |id| above.get(&id).cloned().unwrap_or_default(), moment, ctx.now());
        // One that is switched off is not asked for, in a trial neither.
        facts.own.retain(|id, _| choices.own.iter().any(|field| field.id == *id));
        evaluate(&trigger.rule, &facts, ctx.now())
    });
    let page = Page::new(t!(lang, "试运行", "Trial"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "触发器", "Triggers"), ADDRESS)
        .crumb(trigger.name.clone(), format!("{ADDRESS}/{id}"))
        .lead(t!(lang, "只看不做：没有工单被改动。", "It only looks: no ticket is changed."));
    let is_off = trigger.enabled_at.is_none();
    let page = if is_off { page.action(move || enable_button(lang, id)) } else { page };
    Ok(page.body(move || {
        view! {
            <div class="body">
                <p class="summary-line">{say::sentence(&trigger.rule, &choices, lang)}</p>
                {invented(lang, &trigger, &typed, verdict.as_ref(), &choices)}
                {hits(&ctx, &trigger, &found, &choices)}
            </div>
        }
    }))
}

fn was(aspect: Aspect) -> String {
    format!("was_{aspect}")
}

fn enable_button(lang: Lang, id: TriggerId) -> AnyView {
    view! {
        <form method="post" action={path_of::<SwitchTrigger>()}>
            {hidden("trigger", id)}
            {hidden("enabled", true)}
            <button class="btn main" type="submit">{icon("play")}{t!(lang, "启用触发器", "Enable the trigger")}</button>
        </form>
    }
    .into_any()
}

/// 虚构工单: the fields that the rule looks at, and what it makes of them.
fn invented(lang: Lang, trigger: &Trigger, typed: &Typed, verdict: Option<&Verdict>, choices: &Choices) -> AnyView {
    let asked = invent::asked(&trigger.rule);
    let mut fields: Vec<AnyView> = Vec::new();
    if trigger.rule.moments.len() > 1 {
        let rows = trigger.rule.moments.iter().map(|moment| (moment.key().to_owned(), moment.label(lang).to_owned())).collect();
        fields.push(select("moment".to_owned(), t!(lang, "发生了什么", "What happened").to_owned(), rows, typed));
    }
    for (field, asks_before) in asked {
        let name = say::aspect(field, choices, lang);
        if asks_before {
            let label = t!(lang, "{}（之前）", "{} before", name);
            fields.push(control(field, was(field), label, choices, typed, lang));
        }
        let label = if asks_before { t!(lang, "{}（之后）", "{} after", name) } else { name };
        fields.push(control(field, field.to_string(), label, choices, typed, lang));
    }
    let answer = verdict.map(|verdict| {
        let (tone, picture, words) = match verdict.matches {
            true => (Tone::Ok, "circle-check", t!(lang, "命中：会执行它的动作", "Matched: it would act")),
            false => (Tone::Plain, "circle-dashed", t!(lang, "未命中：什么也不做", "Not matched: it would do nothing")),
        };
        view! { <div class="stack near" id="answer">{tag(tone, picture, words)}{trace::draw(verdict, &[], choices, Tense::Trial, lang)}</div> }
    });
    view! {
        <section class="card" aria-labelledby="invented">
            <header><h2 id="invented">{t!(lang, "一张虚构的工单", "A ticket that never was")}</h2><span class="act small mute">{t!(lang, "只问规则用到的", "Only what the rule asks")}</span></header>
            <div class="in stack">
                <form class="stack" method="get" action=format!("{ADDRESS}/{}/try", trigger.id)>
                    <div class="two">{fields}</div>
                    <div class="row"><button class="btn" type="submit">{icon("flask-conical")}{t!(lang, "试一试", "Try it")}</button></div>
                </form>
                {answer}
            </div>
        </section>
    }
    .into_any()
}

/// The control of a field, as its kind wants it.
fn control(field: Aspect, name: String, label: String, choices: &Choices, typed: &Typed, lang: Lang) -> AnyView {
    let value = typed.get(&name).cloned().unwrap_or_default();
    let id = format!("try-{name}");
    match field.holds() {
        Holds::Choice => select(name, label, choices.of(field, lang), typed),
        Holds::Maybe => {
            let none = (String::new(), "–".to_owned());
            select(name, label, core::iter::once(none).chain(choices.of(field, lang)).collect(), typed)
        }
        Holds::Number => view! {
            <div class="field"><label for=id.clone()>{label}</label><input class="input few" type="number" min="0" id=id name=name value=value/></div>
        }
        .into_any(),
        Holds::Amount => view! {
            <div class="field"><label for=id.clone()>{label}</label><input class="input few" type=super::line::input_kind(field) maxlength="40" id=id name=name value=value/></div>
        }
        .into_any(),
        Holds::Text => view! {
            <div class="field"><label for=id.clone()>{label}</label><input class="input" type="text" maxlength="2000" id=id name=name value=value/></div>
        }
        .into_any(),
    }
}

fn select(name: String, label: String, rows: Vec<(String, String)>, typed: &Typed) -> AnyView {
    let id = format!("try-{name}");
    let chosen = typed.get(&name).cloned().unwrap_or_default();
    view! { <div class="field"><label for=id.clone()>{label}</label><select class="input" id=id name=name>{options(rows, &chosen)}</select></div> }
        .into_any()
}

fn hits(ctx: &Ctx, trigger: &Trigger, found: &Trial, choices: &Choices) -> AnyView {
    let lang = ctx.lang();
    let (title, nothing, looked) = match trigger.kind {
        TriggerKind::Flow => (
            t!(lang, "过去 {} 天", "The last {} days", DAYS),
            t!(lang, "过去 {} 天里它什么也不会做", "It would have done nothing in the last {} days", DAYS),
            t!(
                lang,
                "看了这几天有变化的 {} 张工单，按当时的状态、优先级、分类、受理组、客服、标题和自定义字段判断；其他条件按现在的值。",
                "Tried on the {} tickets that changed in these days, with the status, priority, category, group, agent, title and own fields of then; everything else as it is now.",
                found.tickets
            ),
        ),
        TriggerKind::Timed => (
            t!(lang, "如果现在是整点", "If the hour struck now").to_owned(),
            t!(lang, "现在没有工单符合", "No ticket matches now").to_owned(),
            t!(
                lang,
                "看了 {} 张没有关闭的工单，按现在的样子判断。",
                "Tried on the {} tickets that are not closed, as they are now.",
                found.tickets
            ),
        ),
    };
    let cut = found.is_cut.then(|| {
        let text = t!(lang, "工单很多，只看了其中 {} 张。", "There are many tickets; {} of them were tried.", TICKETS_MOST);
        note(Tone::Warn, "triangle-alert", t!(lang, "没有看完", "Not all of them"), text)
    });
    let fewer = (found.matched > found.hits.len())
        .then(|| view! { <p class="foot">{t!(lang, "只列出最近的 {} 次。", "The newest {} are listed.", HITS_MOST)}</p> });
    let rows: Vec<AnyView> = found.hits.iter().map(|hit| row(ctx, hit, choices)).collect();
    let list = if rows.is_empty() {
        empty("flask-conical", nothing, looked, ())
    } else {
        view! { <p class="in small mute">{looked}</p><ul class="audit runs">{rows}</ul>{fewer} }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="hits">
            <header><h2 id="hits">{title}</h2><span class="act count">{t!(lang, "{} 次命中", "matched {}×", found.matched)}</span></header>
            {cut}
            {list}
        </section>
    }
    .into_any()
}

fn row(ctx: &Ctx, hit: &Hit, choices: &Choices) -> AnyView {
    let lang = ctx.lang();
    let since = hit.since.map(|since| {
        view! { <p class="small mute">{t!(lang, "从 ", "It matches since ")}{ui::time::ago(since, ctx)}{t!(lang, "起一直符合，那时已经执行过，不会再执行。", "; it acted then and does not act again.")}</p> }
    });
    let is_known = hit.since.is_some().then(|| tag(Tone::Plain, "check", t!(lang, "执行过", "Acted before")));
    view! {
        <li>
            <details>
                <summary>
                    {ui::time::ago(hit.at, ctx)}
                    <span class="who">{hit.number.to_string()}</span>
                    <span class="what cut">{hit.title.clone()}</span>
                    {is_known}
                    <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg>
                </summary>
                <div class="more stack near">
                    {since}
                    {trace::draw(&hit.verdict, &hit.effects, choices, Tense::Trial, lang)}
                    <a class="link small" href=format!("/tickets/{}", hit.ticket)>{t!(lang, "打开工单", "Open the ticket")}</a>
                </div>
            </details>
        </li>
    }
    .into_any()
}

//! 触发器列表: the triggers in the order in which they look, each as a sentence.

pub mod editor;
mod line;
pub mod runs;
mod trace;
pub mod trial;

use crate::actions::{CopyTrigger, DeleteTrigger, OrderTriggers, StepTrigger, SwitchTrigger};
use crate::model::TriggerKind;
use crate::queries::{self, Choices, Trigger};
use crate::review::{Warning, gone, review};
use crate::say;
use kernel::error::Result;
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::islands::order::Order;
use ui::page::Page;
use ui::step::Steps;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/settings/triggers";

/// 触发器, `/settings/triggers`.
pub async fn triggers_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let triggers = queries::list(&ctx).await?;
    let choices = queries::choices(&mut ctx.read().await?).await?;
    let forms = ["trigger_step", "trigger_order", "trigger_switch", "trigger_copy", "trigger_delete"].map(|id| visit.form(id));
    let page = Page::new(t!(lang, "触发器", "Triggers"))
        .history(&visit.ctx, "trigger")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(triggers.len())
        .lead(t!(
            lang,
            "从上到下逐个看工单：条件符合就执行动作。",
            "They look at tickets from top to bottom; one whose conditions hold acts."
        ));
    Ok(page.body(move || {
        let problems: Vec<AnyView> = forms.iter().map(FormState::summary).collect();
        let sections: Vec<AnyView> = TriggerKind::ALL.iter().map(|kind| section(lang, *kind, &triggers, &choices)).collect();
        view! { <div class="body">{problems}{sections}</div> }
    }))
}

/// The triggers of one kind, or what they are for.
fn section(lang: Lang, kind: TriggerKind, triggers: &[Trigger], choices: &Choices) -> AnyView {
    let mine: Vec<Trigger> = triggers.iter().filter(|trigger| trigger.kind == kind).cloned().collect();
    let last = mine.len().saturating_sub(1);
    let warnings = |at: usize| [review(&mine, at), gone(&mine[at].rule, choices)].concat();
    let rows: Vec<AnyView> =
        mine.iter().enumerate().map(|(at, trigger)| row(lang, trigger, choices, &warnings(at), (at > 0, at < last))).collect();
    let (picture, when, none, example) = match kind {
        TriggerKind::Flow => (
            "workflow",
            t!(lang, "工单有动静时看", "Look when something happens to a ticket"),
            t!(lang, "还没有流转触发器", "No flow triggers yet"),
            t!(
                lang,
                "例如：发到 billing@ 邮箱的新工单直接分配到财务组；客户等了很久又来催的工单升为紧急。",
                "For example: new tickets that came to billing@ go straight to the finance group; a ticket that is urged becomes urgent."
            ),
        ),
        TriggerKind::Timed => (
            "timer",
            t!(lang, "每个整点看所有没有关闭的工单", "Look at every full hour at all tickets that are not closed"),
            t!(lang, "还没有定时触发器", "No timed triggers yet"),
            t!(
                lang,
                "例如：客户等了 24 小时的工单升为紧急；已解决三天的工单自动关闭。",
                "For example: a ticket whose customer waits for 24 hours becomes urgent; one that was solved three days ago is closed."
            ),
        ),
    };
    let content = if rows.is_empty() {
        empty(picture, none, example, new_button(lang, kind))
    } else {
        let (list, form) = (format!("order-{}", kind.key()), format!("arrange-{}", kind.key()));
        view! {
            <ol class="rows order" id=list.clone()>{rows}</ol>
            <form id=form.clone() method="post" action={path_of::<OrderTriggers>()} hidden=true>{hidden("kind", kind.key())}{hidden("order", "")}</form>
            <Order list form/>
        }
        .into_any()
    };
    let new = (!mine.is_empty()).then(|| view! { <span class="act">{new_button(lang, kind)}</span> });
    let id = format!("triggers-{}", kind.key());
    view! {
        <section class="card" aria-labelledby=id.clone()>
            <header><h2 id=id.clone()>{kind.label(lang)}</h2><span class="small mute not-phone">{when}</span>{new}</header>
            {content}
        </section>
    }
    .into_any()
}

fn new_button(lang: Lang, kind: TriggerKind) -> AnyView {
    let words = match kind {
        TriggerKind::Flow => t!(lang, "新建流转触发器", "New flow trigger"),
        TriggerKind::Timed => t!(lang, "新建定时触发器", "New timed trigger"),
    };
    view! { <a class="btn" href=format!("{ADDRESS}/new?kind={}", kind.key())>{icon("plus")}{words}</a> }.into_any()
}

/// 试运行 of a trigger.
pub(crate) fn trial_button(lang: Lang, trigger: TriggerId) -> AnyView {
    view! { <a class="btn" href=format!("{ADDRESS}/{trigger}/try")>{icon("flask-conical")}{t!(lang, "试运行", "Trial")}</a> }.into_any()
}

fn row(lang: Lang, trigger: &Trigger, choices: &Choices, warnings: &[Warning], (can_rise, can_sink): (bool, bool)) -> AnyView {
    let (id, name) = (trigger.id, trigger.name.clone());
    let is_on = trigger.enabled_at.is_some();
    let switch_words = if is_on { t!(lang, "停用 {}", "Disable {}", name) } else { t!(lang, "启用 {}", "Enable {}", name) };
    let (tone, picture, state) = match is_on {
        true => (Tone::Ok, "circle-check", t!(lang, "启用", "Enabled")),
        false => (Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")),
    };
    let steps = Steps { action: path_of::<StepTrigger>(), field: "trigger", id: id.to_string(), name: &name, can_rise, can_sink };
    view! {
        <li data-id=id.to_string()>
            <span class="no" aria-hidden="true"></span>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{id}")>{name.clone()}</a>" "{tag(tone, picture, state)}
                <small>{say::sentence(&trigger.rule, choices, lang)}</small>
                {warned(warnings, choices, lang)}
            </div>
            <span class="end tools">
                <form method="post" action={path_of::<SwitchTrigger>()}>
                    {hidden("trigger", id)}
                    {hidden("enabled", !is_on)}
                    <button class="btn quiet icon mini" type="submit" aria-label=switch_words.clone() title=switch_words>{icon(if is_on { "pause" } else { "play" })}</button>
                </form>
                {steps.view(lang)}
                <a class="btn quiet icon mini" href=format!("{ADDRESS}/{id}/try") aria-label=t!(lang, "试运行 {}", "Trial of {}", name) title=t!(lang, "试运行", "Trial")>{icon("flask-conical")}</a>
                <a class="btn quiet icon mini" href=format!("{ADDRESS}/{id}/runs") aria-label=t!(lang, "{} 的运行记录", "Runs of {}", name) title=t!(lang, "运行记录", "Runs")>{icon("history")}</a>
                <form method="post" action={path_of::<CopyTrigger>()}>
                    {hidden("trigger", id)}
                    <button class="btn quiet icon mini" type="submit" aria-label=t!(lang, "复制 {}", "Copy {}", name) title=t!(lang, "复制", "Copy")>{icon("copy")}</button>
                </form>
            </span>
        </li>
    }
    .into_any()
}

/// What the rule can never do.
fn warned(warnings: &[Warning], choices: &Choices, lang: Lang) -> Vec<AnyView> {
    let one = |warning: &Warning| view! { <small class="warned">{icon("triangle-alert")}{say::warning(warning, choices, lang)}</small> };
    warnings.iter().map(|warning| one(warning).into_any()).collect()
}

/// 删除, asked once more.
pub(crate) fn delete_button(lang: Lang, trigger: &Trigger) -> AnyView {
    confirm(
        "btn quiet risky",
        t!(lang, "删除触发器", "Delete trigger"),
        Confirm {
            id: "delete-trigger",
            title: t!(lang, "删除触发器“{}”", "Delete trigger “{}”", trigger.name),
            text: t!(lang, "它不再执行。已经做过的改变不会收回。", "It acts no more. What it did stays done.").to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "删除触发器", "Delete trigger").to_owned(),
            path: path_of::<DeleteTrigger>(),
            fields: vec![("trigger".to_owned(), trigger.id.to_string())],
        },
    )
}

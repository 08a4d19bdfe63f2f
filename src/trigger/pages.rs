//! 触发器列表: the triggers in the order in which they look, each as a sentence.

pub mod editor;
mod line;
pub mod runs;

use crate::actions::{CopyTrigger, DeleteTrigger, StepTrigger, SwitchTrigger};
use crate::model::TriggerKind;
use crate::queries::{self, Choices, Trigger};
use crate::say;
use kernel::error::Result;
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ticket::model::category::Step;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
pub(crate) const ADDRESS: &str = "/settings/triggers";

/// 触发器, `/settings/triggers`.
pub async fn triggers_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let triggers = queries::list(&ctx).await?;
    let choices = queries::choices(&mut ctx.read().await?).await?;
    let forms = ["trigger_step", "trigger_switch", "trigger_copy", "trigger_delete"].map(|id| visit.form(id));
    let page = Page::new(t!(lang, "触发器", "Triggers")).crumb(t!(lang, "设置", "Settings"), "/settings").count(triggers.len()).lead(t!(
        lang,
        "工单有动静时，从上到下逐个看：条件符合就执行动作。",
        "When something happens to a ticket they look from top to bottom; one whose conditions hold acts."
    ));
    Ok(page.action(move || new_button(lang)).body(move || {
        let problems: Vec<AnyView> = forms.iter().map(FormState::summary).collect();
        let flow: Vec<&Trigger> = triggers.iter().filter(|trigger| trigger.kind == TriggerKind::Flow).collect();
        let last = flow.len().saturating_sub(1);
        let rows: Vec<AnyView> =
            flow.iter().enumerate().map(|(at, trigger)| row(lang, trigger, &choices, (at > 0, at < last))).collect();
        let content = if rows.is_empty() {
            empty(
                "workflow",
                t!(lang, "还没有触发器", "No triggers yet"),
                t!(
                    lang,
                    "例如：发到 billing@ 邮箱的新工单直接分配到财务组；客户等了很久又来催的工单升为紧急。",
                    "For example: new tickets that came to billing@ go straight to the finance group; a ticket that is urged becomes urgent."
                ),
                new_button(lang),
            )
        } else {
            view! { <section class="card"><ol class="rows order">{rows}</ol></section> }.into_any()
        };
        view! { <div class="body">{problems}{content}</div> }
    }))
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建触发器", "New trigger")}</a> }.into_any()
}

fn row(lang: Lang, trigger: &Trigger, choices: &Choices, (can_rise, can_sink): (bool, bool)) -> AnyView {
    let (id, name) = (trigger.id, trigger.name.clone());
    let is_on = trigger.enabled_at.is_some();
    let switch_words = if is_on { t!(lang, "停用 {}", "Disable {}", name) } else { t!(lang, "启用 {}", "Enable {}", name) };
    let (tone, picture, state) = match is_on {
        true => (Tone::Ok, "circle-check", t!(lang, "启用", "Enabled")),
        false => (Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")),
    };
    view! {
        <li>
            <span class="no" aria-hidden="true"></span>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{id}")>{name.clone()}</a>" "{tag(tone, picture, state)}
                <small>{say::sentence(&trigger.rule, choices, lang)}</small>
            </div>
            <span class="end tools">
                <form method="post" action={path_of::<SwitchTrigger>()}>
                    {hidden("trigger", id)}
                    {hidden("enabled", !is_on)}
                    <button class="btn quiet icon mini" type="submit" aria-label=switch_words.clone() title=switch_words>{icon(if is_on { "pause" } else { "play" })}</button>
                </form>
                {step(lang, id, &name, Step::Up, "chevron-up", can_rise)}
                {step(lang, id, &name, Step::Down, "chevron-down", can_sink)}
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

fn step(lang: Lang, id: TriggerId, name: &str, step: Step, icon_name: &'static str, is_possible: bool) -> AnyView {
    let title = step.label(lang);
    let words = t!(lang, "{0}：{1}", "{0}: {1}", title, name);
    view! {
        <form method="post" action={path_of::<StepTrigger>()}>
            {hidden("trigger", id)}
            {hidden("step", step.key())}
            <button class="btn quiet icon mini" type="submit" aria-label=words title=title disabled=!is_possible>{icon(icon_name)}</button>
        </form>
    }
    .into_any()
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

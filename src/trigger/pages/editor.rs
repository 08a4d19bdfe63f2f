//! 触发器编辑: one form of lines, as sentences of selects and fields. A line's controls follow from its field, so a new line
//! is asked for by a step of the form, which comes back with everything that was chosen; it works without scripting.

use super::line::Lines;
use super::{ADDRESS, delete_button, trial_button, warned};
use crate::actions::SaveTrigger;
use crate::model::{Moment, NAME_MOST, Rule, TriggerKind};
use crate::queries::{self, Trigger};
use crate::review::{Warning, gone, review};
use crate::say;
use kernel::error::{Error, Result};
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ticket::queries::place::Place;
use ui::form::choice::{Check, Checks};
use ui::form::field::{Input, reason};
use ui::form::{FormState, hidden, html_name, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::tag::{Tone, note};
use ui::visit::Visit;

/// The address of a new one: which kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    kind: Option<TriggerKind>,
}

/// 新建触发器, `/settings/triggers/new?kind=timed`.
pub async fn new_page(visit: Visit) -> Result<Page> {
    page(visit, None, Vec::new()).await
}

/// 编辑触发器, `/settings/triggers/{id}`.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let id: TriggerId = visit.param("id")?;
    let all = queries::list(&visit.ctx).await?;
    let kind = all.iter().find(|trigger| trigger.id == id).ok_or(Error::NotFound)?.kind;
    let order: Vec<Trigger> = all.into_iter().filter(|trigger| trigger.kind == kind).collect();
    let at = order.iter().position(|trigger| trigger.id == id).ok_or(Error::NotFound)?;
    let warnings = review(&order, at);
    page(visit, order.into_iter().nth(at), warnings).await
}

async fn page(visit: Visit, trigger: Option<Trigger>, mut warnings: Vec<Warning>) -> Result<Page> {
    visit.ctx.require(kernel::permission::Permission::TriggerManage)?;
    let lang = visit.lang();
    let choices = queries::choices(&mut visit.ctx.read().await?).await?;
    warnings.extend(trigger.iter().flat_map(|trigger| gone(&trigger.rule, &choices)));
    let (form, failed) = (visit.form("trigger"), visit.form("trigger_delete"));
    let asked = visit.query::<NewQuery>().kind.unwrap_or(TriggerKind::Flow);
    let kind = trigger.as_ref().map_or_else(|| form.value_or("kind", asked.key()).parse().unwrap_or(asked), |trigger| trigger.kind);
    let title = match (&trigger, kind) {
        (Some(trigger), _) => trigger.name.clone(),
        (None, TriggerKind::Flow) => t!(lang, "新建流转触发器", "New flow trigger").to_owned(),
        (None, TriggerKind::Timed) => t!(lang, "新建定时触发器", "New timed trigger").to_owned(),
    };
    let page = Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "触发器", "Triggers"), ADDRESS);
    let page = match &trigger {
        Some(trigger) => {
            let (id, runs) = (trigger.id, format!("{ADDRESS}/{}/runs", trigger.id));
            page.action(move || trial_button(lang, id))
                .action(move || view! { <a class="btn" href=runs>{icon("history")}{t!(lang, "运行记录", "Runs")}</a> })
        }
        None => page,
    };
    Ok(page.body(move || {
        let first = if kind == TriggerKind::Flow { vec![Moment::Created] } else { Vec::new() };
        let new = || Rule { moments: first, ..Rule::default() };
        let rule = trigger.as_ref().map_or_else(new, |trigger| trigger.rule.clone());
        let sentence = trigger.as_ref().filter(|_| !form.is_shown_again()).map(|trigger| {
            view! { <p class="summary-line">{say::sentence(&trigger.rule, &choices, lang)}</p> }
        });
        let lines = Lines { lang, form: &form, choices: &choices, kind };
        let delete = trigger.as_ref().map(|trigger| view! { <footer class="below">{delete_button(lang, trigger)}</footer> });
        let try_words = match &trigger {
            Some(_) => t!(lang, "保存并试运行", "Save and try"),
            None => t!(lang, "先不启用，试运行", "Try it before it is enabled"),
        };
        let lists = [("all", t!(lang, "满足所有", "All of these"), &rule.all), ("any", t!(lang, "满足任一", "Any of these"), &rule.any)];
        let conditions: Vec<AnyView> = lists
            .into_iter()
            .map(|(list, title, start)| {
                let id = format!("rule-{list}");
                let hint = (list == "any").then(|| view! { <span class="act small mute">{t!(lang, "可以没有", "May be none")}</span> });
                view! {
                    <section class="card" aria-labelledby=id.clone()>
                        <header><h2 id=id.clone()>{title}</h2>{hint}</header>
                        <div class="in rule">{lines.conditions(list, start)}</div>
                    </section>
                }
                .into_any()
            })
            .collect();
        let places = Place::ALL.iter().map(|place| place.typed()).collect::<Vec<_>>().join(" ");
        view! {
            <div class="body narrow">
                {form.summary()}
                {failed.summary()}
                {sentence}
                {warned(&warnings, &choices, lang)}
                <form class="stack" method="post" action={path_of::<SaveTrigger>()}>
                    // The first button of a form is the one that Enter presses.
                    <button class="sr" type="submit" tabindex="-1" aria-hidden="true">{t!(lang, "保存触发器", "Save trigger")}</button>
                    {head(lang, &form, trigger.as_ref(), kind, &rule)}
                    {conditions}
                    <section class="card" aria-labelledby="rule-actions">
                        <header><h2 id="rule-actions">{t!(lang, "动作", "Actions")}</h2></header>
                        <div class="in rule">
                            {lines.actions(&rule.actions)}
                            <p class="small mute">{t!(lang, "备注、催单原因和邮件里可以写：", "Notes, reasons and mails take: ")}<code>{places}</code></p>
                        </div>
                    </section>
                    <div class="row">
                        <button class="btn main" type="submit">{t!(lang, "保存触发器", "Save trigger")}</button>
                        <button class="btn" type="submit" name=html_name("step") value="try">{icon("flask-conical")}{try_words}</button>
                        <a class="btn quiet" href=ADDRESS>{t!(lang, "取消", "Cancel")}</a>
                    </div>
                </form>
                {delete}
            </div>
        }
    }))
}

fn head(lang: Lang, form: &FormState, trigger: Option<&Trigger>, kind: TriggerKind, rule: &Rule) -> AnyView {
    let (name, description) = trigger.map_or(("", ""), |trigger| (trigger.name.as_str(), trigger.description.as_str()));
    let when = match kind {
        TriggerKind::Flow => Checks::new("moments", t!(lang, "什么时候看", "When to look"))
            .options(Moment::ALL.iter().map(|moment| (moment.key(), moment.label(lang))))
            .selected(rule.moments.iter().map(|moment| moment.key()))
            .view(form),
        TriggerKind::Timed => note(
            Tone::Info,
            "timer",
            t!(lang, "每个整点看所有没有关闭的工单", "It looks at every full hour at all tickets that are not closed"),
            t!(
                lang,
                "一张工单开始符合条件时执行一次；以后不再符合、又重新符合，才会再次执行。",
                "It acts once when a ticket begins to match, and again only after the ticket has not matched in between."
            ),
        ),
    };
    let enabled =
        Check::new("enabled", t!(lang, "启用", "Enabled")).checked(trigger.is_none_or(|trigger| trigger.enabled_at.is_some())).switch();
    let stop =
        Check::new("stop", t!(lang, "命中后，后面的触发器不再看", "When it matches, the triggers after it do not look")).checked(rule.stop);
    view! {
        <section class="card">
            <div class="in stack">
                {trigger.map(|trigger| hidden("trigger", trigger.id))}
                {hidden("version", trigger.map_or(0, |trigger| trigger.version))}
                {hidden("kind", kind.key())}
                {Input::text("name", t!(lang, "名称", "Name")).required().max(NAME_MOST).value(name).view(form)}
                {Input::text("description", t!(lang, "说明", "Description")).max(NAME_MOST).value(description).view(form)}
                {reason(form)}
                {when}
                {enabled.view(form)}
                {stop.view(form)}
            </div>
        </section>
    }
    .into_any()
}

//! 变更计划, `/settings/configuration/plan/{id}`: what a file would change, before it does.

use super::part::diff;
use crate::actions::ApplyConfiguration;
use crate::commands::{Prepared, prepare};
use crate::plan::{Act, Step};
use crate::queries;
use crate::refs::Names;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::form::field::reason;
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon_s;
use ui::page::Page;
use ui::tag::{Tone, note, tag};
use ui::visit::Visit;
use uuid::Uuid;

/// The form.
const FORM: &str = "config_apply";

/// 变更计划.
pub async fn plan_page(visit: Visit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        prune: bool,
    }
    let (lang, form) = (visit.lang(), visit.form(FORM));
    let (id, prune): (Uuid, bool) = (visit.param("id")?, visit.query::<Query>().prune);
    let (name, text) = queries::file(&visit.ctx, id).await?;
    let done = prepare(&visit.ctx, &text, prune).await?;
    let page = Page::new(t!(lang, "变更计划", "What would change"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "全部配置", "The whole configuration"), "/settings/configuration")
        .lead(t!(lang, "文件 {}：还没有改动任何配置。", "File {}: nothing is changed yet.", name));
    Ok(page.body(move || {
        let steps: Vec<AnyView> = done.plan.steps.iter().map(|step| row(step, &done.names, lang)).collect();
        let listed = (!steps.is_empty()).then(|| {
            view! { <section class="card"><header><h2>{t!(lang, "会改变什么", "Changes")}</h2></header><ul class="audit">{steps}</ul></section> }
        });
        view! {
            <div class="body">
                {form.summary()}
                {counts(&done, lang)}
                {faults(&done, lang)}
                {pruning(id, prune, lang)}
                {listed}
                {confirmation(id, prune, &done, &form)}
            </div>
        }
    }))
}

fn counts(done: &Prepared, lang: Lang) -> AnyView {
    let count = |act: Act| view! { <div><span>{act.label(lang)}</span><b>{done.plan.count(act)}</b></div> };
    view! { <div class="outcome">{count(Act::Create)}{count(Act::Change)}{count(Act::Move)}{count(Act::Delete)}</div> }.into_any()
}

fn faults(done: &Prepared, lang: Lang) -> AnyView {
    if done.faults.is_empty() {
        return ().into_any();
    }
    let lines: Vec<AnyView> = done.faults.iter().map(|fault| view! { <li>{fault.text(lang)}</li> }.into_any()).collect();
    view! {
        <div class="wrongs" role="alert" tabindex="-1">
            <h2>{t!(lang, "这个文件不能应用", "This file cannot be applied")}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// Whether what the file does not name is deleted: asked for by an address, so that the plan shows it first.
fn pruning(id: Uuid, prune: bool, lang: Lang) -> AnyView {
    view! {
        <form class="filters" method="get" action=format!("/settings/configuration/plan/{id}") aria-label=t!(lang, "计划的范围", "Reach of the plan")>
            <label class="check"><input type="checkbox" name="prune" value="true" checked=prune/>{t!(lang, "删除文件里没有的配置", "Delete what the file does not name")}</label>
            <button class="btn" type="submit">{t!(lang, "重新计算", "Work it out again")}</button>
        </form>
    }
    .into_any()
}

fn row(step: &Step, names: &Names, lang: Lang) -> AnyView {
    let (tone, picture) = match step.act {
        Act::Create => (Tone::Ok, "plus"),
        Act::Change => (Tone::Info, "pencil"),
        Act::Move => (Tone::Plain, "list-ordered"),
        Act::Delete => (Tone::Bad, "trash-2"),
    };
    let name = if step.name.is_empty() { step.kind.label(lang).to_owned() } else { step.name.clone() };
    let told = step.kind.when_made(lang).filter(|_| step.act == Act::Create).map(|text| view! { <p class="small">{text}</p> });
    let is_open = matches!(step.act, Act::Change | Act::Move) || told.is_some();
    view! {
        <li><details open=is_open>
            <summary>
                <span class="when">{tag(tone, picture, step.act.label(lang))}</span>
                <span class="who">{step.kind.label(lang)}</span>
                <span class="what"><b>{name}</b></span>
                <span></span>
                {icon_s("chevron-right")}
            </summary>
            <div class="more">{told}{diff(step.kind, &step.before, &step.after, names, lang)}</div>
        </details></li>
    }
    .into_any()
}

fn confirmation(id: Uuid, prune: bool, done: &Prepared, form: &FormState) -> AnyView {
    let lang = form.lang();
    if done.plan.steps.is_empty() && done.faults.is_empty() {
        let text = t!(lang, "文件与现在的配置相同。", "The file and the configuration are the same.");
        return view! { <div role="status">{note(Tone::Ok, "check", t!(lang, "没有要改变的", "Nothing to change"), text)}</div> }
            .into_any();
    }
    if !done.faults.is_empty() {
        return ().into_any();
    }
    let prune = prune.then(|| hidden("prune", true));
    view! {
        <form class="card" method="post" id=FORM action={path_of::<ApplyConfiguration>()}>
            <div class="in stack">
                {hidden("file", id)}{hidden("base", &done.base)}{prune}
                {reason(form)}
                <p class="small mute">{t!(lang, "全部生效，或者一项也不改。", "All of it or nothing.")}</p>
            </div>
            <footer>
                <a class="btn quiet" href="/settings/configuration">{t!(lang, "放弃", "Discard")}</a>
                <button class="btn main" type="submit">{t!(lang, "应用 {} 项改动", "Apply {} changes", done.plan.steps.len())}</button>
            </footer>
        </form>
    }
    .into_any()
}

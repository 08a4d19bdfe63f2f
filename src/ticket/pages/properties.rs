//! 属性: status, agent, group, priority, category, CC and own fields, saved together against the version they were read at.

use super::choice::Choices;
use super::own;
use crate::actions;
use crate::model::{Priority, Status};
use crate::queries::detail::Head;
use crate::queries::template::Form;
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use ui::form::{FormState, element_id, hidden, html_name, path_of};
use ui::icon::icon_s;

/// The form's id.
pub(crate) const FORM: &str = "ticket_edit";

/// Whether it was the properties that were posted: the title and the comparison send less.
pub(crate) fn was_posted(form: &FormState) -> bool {
    form.is_shown_again() && !form.value_or("priority", "").is_empty()
}

/// The card: a form, or plain facts for whoever may not edit.
pub(crate) fn draw(ctx: &Ctx, (head, asked): (&Head, &Form), form: &FormState, choices: &Choices) -> AnyView {
    let lang = ctx.lang();
    let body = if head.status == Status::Deleted || !ctx.may(Permission::TicketEdit) {
        facts(lang, head, asked)
    } else {
        fields(ctx, (head, asked), form, choices)
    };
    view! { <section class="card"><header><h2>{t!(lang, "属性", "Properties")}</h2></header>{body}</section> }.into_any()
}

fn fields(ctx: &Ctx, (head, asked): (&Head, &Form), form: &FormState, choices: &Choices) -> AnyView {
    let lang = ctx.lang();
    // A category or group that cannot be chosen any more stays, or saving anything else would lose it.
    let keep = |mut options: Vec<(String, String)>, id: Option<String>, words: Option<&String>| {
        if let (Some(id), Some(words)) = (id, words)
            && !options.iter().any(|(option, _)| *option == id)
        {
            options.insert(0, (id, words.clone()));
        }
        options
    };
    let text = |id: Option<String>| id.unwrap_or_default();
    let (agent, group, category) =
        (head.agent_id.map(|id| id.to_string()), head.group_id.map(|id| id.to_string()), head.category_id.map(|id| id.to_string()));
    let agents = keep(choices.agents(ctx, t!(lang, "（我）", "(me)")), agent.clone(), head.agent_name.as_ref());
    let groups = keep(choices.groups(), group.clone(), head.group_name.as_ref());
    let leaves = keep(choices.leaves(), category.clone(), head.category_path.as_ref());
    let priorities = Priority::ALL.iter().rev().map(|row| (row.key().to_owned(), row.label(lang).to_owned())).collect();
    view! {
        <form class="in props" method="post" action={path_of::<actions::EditTicket>()}>
            {hidden("ticket", head.id)}
            {hidden("version", head.version)}
            {hidden("seen_seq", head.last_seq)}
            {form.summary()}
            {select(form, "status", t!(lang, "状态", "Status"), None, statuses(ctx, head.status), head.status.key())}
            {select(form, "agent", t!(lang, "受理客服", "Agent"), Some(t!(lang, "未分配", "Nobody")), agents, &text(agent))}
            {select(form, "group", t!(lang, "受理组", "Group"), Some(t!(lang, "未分配", "None")), groups, &text(group))}
            {select(form, "priority", t!(lang, "优先级", "Priority"), None, priorities, head.priority.key())}
            {select(form, "category", t!(lang, "分类", "Category"), Some(t!(lang, "未分类", "None")), leaves, &text(category))}
            {copies(form, lang, &head.cc)}
            {own::in_properties(form, asked, &head.fields)}
            <div class="row between"><span class="small mute">{t!(lang, "改动后一起保存", "Saved together")}</span><button class="btn" type="submit">{t!(lang, "保存属性", "Save properties")}</button></div>
        </form>
    }
    .into_any()
}

/// Where the status can go from here: what the state machine would refuse is not offered.
fn statuses(ctx: &Ctx, now: Status) -> Vec<(String, String)> {
    use crate::model::state::{Act, transition};
    let may = |status: &Status| *status == now || *status != Status::Closed || ctx.may(Permission::TicketClose);
    Status::CHOICES
        .iter()
        .filter(|status| may(status) && (**status == now || transition(now, Act::Set(**status)).is_ok()))
        .map(|status| (status.key().to_owned(), status.label(ctx.lang()).to_owned()))
        .collect()
}

fn select(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    empty: Option<&'static str>,
    options: Vec<(String, String)>,
    present: &str,
) -> AnyView {
    let id = element_id(FORM, name);
    let chosen = form.value_or(name, present);
    let empty = empty.map(|words| (String::new(), words.to_owned()));
    let options = ui::option::options(empty.into_iter().chain(options), &chosen);
    let problem = form.problem(name);
    let (class, wrong_id) = (if problem.is_some() { "prop has-error" } else { "prop" }, format!("{id}-w"));
    view! {
        <div class=class>
            <label for=id.clone()>{label}</label>
            <select class="input" id=id name=html_name(name) aria-invalid=problem.map(|_| "true") aria-describedby=problem.map(|_| wrong_id.clone())>{options}</select>
            {problem.map(|text| view! { <span class="wrong" id=wrong_id>{icon_s("triangle-alert")}{text}</span> })}
        </div>
    }
    .into_any()
}

fn copies(form: &FormState, lang: Lang, cc: &[String]) -> AnyView {
    let id = element_id(FORM, "cc");
    let problem = form.problem("cc");
    let (class, wrong_id) = (if problem.is_some() { "prop tall has-error" } else { "prop tall" }, format!("{id}-w"));
    let text = form.value_or("cc", &cc.join("\n"));
    view! {
        <div class=class>
            <label for=id.clone()>{t!(lang, "抄送", "CC")}</label>
            <textarea
                class="input" id=id name=html_name("cc") rows="1" placeholder=t!(lang, "每行一个邮箱", "One address a line")
                aria-invalid=problem.map(|_| "true") aria-describedby=problem.map(|_| wrong_id.clone())
                inner_html=ui::form::text_inside(&text)
            ></textarea>
            {problem.map(|text| view! { <span class="wrong" id=wrong_id>{icon_s("triangle-alert")}{text}</span> })}
        </div>
    }
    .into_any()
}

fn facts(lang: Lang, head: &Head, asked: &Form) -> AnyView {
    let nobody = || t!(lang, "未分配", "None").to_owned();
    let line = |term: &'static str, words: String| view! { <dt>{term}</dt><dd>{words}</dd> };
    view! {
        <div class="in">
            <dl class="facts">
                {line(t!(lang, "状态", "Status"), head.status.label(lang).to_owned())}
                {line(t!(lang, "受理客服", "Agent"), head.agent_name.clone().unwrap_or_else(nobody))}
                {line(t!(lang, "受理组", "Group"), head.group_name.clone().unwrap_or_else(nobody))}
                {line(t!(lang, "优先级", "Priority"), head.priority.label(lang).to_owned())}
                {line(t!(lang, "分类", "Category"), head.category_path.as_deref().map_or_else(|| t!(lang, "未分类", "None").to_owned(), super::choice::spaced))}
                {line(t!(lang, "抄送", "CC"), if head.cc.is_empty() { "–".to_owned() } else { head.cc.join(t!(lang, "、", ", ")) })}
                {own::facts(lang, asked, &head.fields)}
            </dl>
        </div>
    }
    .into_any()
}

//! 客服组: the list, and making or editing one.

use crate::actions::{CreateGroup, DeleteGroup, EditGroup};
use crate::model::company::TITLE_MAX;
use crate::model::{AgentOption, GroupKind};
use crate::queries::agent_options;
use crate::queries::group::{Group, GroupRow, group, groups};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::GroupId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::choice::{Checks, Select};
use ui::form::field::{Area, Input, why};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// 客服组: the list.
pub async fn groups_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let groups = groups(&visit.ctx).await?;
    let page = Page::new(t!(lang, "客服组", "Groups"))
        .history(&visit.ctx, "group")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(groups.len())
        .lead(t!(
            lang,
            "工单分给工单客服组，电话分给呼叫和电销技能组。",
            "Tickets go to ticket groups, calls to call and telemarketing groups."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if groups.is_empty() {
            let text = t!(
                lang,
                "先建一个组，再把客服放进去，工单才有去处",
                "Make a group and put agents into it, so that tickets have a place to go"
            );
            return empty("users", t!(lang, "还没有客服组", "No groups yet"), text, new_button(lang));
        }
        let rows: Vec<AnyView> = groups.iter().map(|row| group_row(row, lang)).collect();
        let table = view! {
            <table class="table roomy fold" role="table">
                <thead role="rowgroup"><tr role="row">
                    <th role="columnheader" scope="col">{t!(lang, "客服组", "Group")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "类型", "Kind")}</th>
                    <th role="columnheader" scope="col" class="num">{t!(lang, "人数", "Agents")}</th>
                    <th role="columnheader" scope="col">{t!(lang, "成员", "Members")}</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        };
        view! { <div class="body"><section class="card">{scroll(t!(lang, "客服组表", "Groups"), table)}</section></div> }.into_any()
    }))
}

/// 新建客服组.
pub async fn new_group_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let agents = agents(&ctx).await?;
    let form = visit.form("group");
    let page = Page::new(t!(lang, "新建客服组", "New group"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服组", "Groups"), "/settings/groups");
    Ok(page.body(move || group_form(None, &agents, &form, lang)))
}

/// 修改客服组.
pub async fn group_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: GroupId = visit.param("id")?;
    let group = group(&ctx, id).await?;
    let agents = agents(&ctx).await?;
    let (form, delete) = (visit.form("group"), visit.form("group_delete"));
    let is_empty = !agents.iter().any(|agent| group.members.contains(&agent.id));
    let name = group.name.clone();
    let page =
        Page::new(name.clone()).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "客服组", "Groups"), "/settings/groups");
    let page = if is_empty { page.action(move || delete_button(id, &name, lang)) } else { page };
    Ok(page.body(move || view! { {delete.summary()}{group_form(Some(&group), &agents, &form, lang)} }))
}

async fn agents(ctx: &Ctx) -> Result<Vec<AgentOption>> {
    let mut tx = ctx.read().await?;
    agent_options(&mut tx).await
}

fn group_row(row: &GroupRow, lang: Lang) -> AnyView {
    const SHOWN: usize = 8;
    let separator = t!(lang, "、", ", ");
    let names = row.members.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(separator);
    let more = row.members.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <span class="mute">{t!(lang, " 等 {} 位", " and {} more", if lang == Lang::Zh { row.members.len() } else { more })}</span> });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><a class="to" href=format!("/settings/groups/{}", row.id)>{row.name.clone()}</a><span class="sub">{row.description.clone()}</span></th>
            <td role="cell" data-k=t!(lang, "类型", "Kind")>{row.kind.label(lang)}</td>
            <td role="cell" class="num" data-k=t!(lang, "人数", "Agents")>{row.members.len()}</td>
            <td role="cell" class="wrap" data-k=t!(lang, "成员", "Members")>{names}{more}</td>
        </tr>
    }
    .into_any()
}

fn group_form(group: Option<&Group>, agents: &[AgentOption], form: &FormState, lang: Lang) -> AnyView {
    let action = if group.is_some() { path_of::<EditGroup>() } else { path_of::<CreateGroup>() };
    let id = group.map(|group| hidden("id", group.id));
    let (name, description) = group.map_or((String::new(), String::new()), |group| (group.name.clone(), group.description.clone()));
    let members = group.map(|group| group.members.clone()).unwrap_or_default();
    let kinds = [GroupKind::Ticket, GroupKind::Call, GroupKind::Telemarketing].map(|kind| (kind.key(), kind.label(lang)));
    let kind = match group {
        Some(group) => view! { <p class="small mute">{group.kind.label(lang)}</p> }.into_any(),
        None => Select::new("kind", t!(lang, "类型", "Kind")).options(kinds).selected(GroupKind::Ticket.key()).view(form),
    };
    let options = agents.iter().map(|agent| {
        let off = if agent.enabled { "" } else { t!(lang, "（未启用）", " (not enabled)") };
        (agent.id, format!("{}{off}", agent.name))
    });
    let save = match group {
        Some(group) => t!(lang, "保存客服组“{}”", "Save group “{}”", group.name),
        None => t!(lang, "新建客服组", "Create group").to_owned(),
    };
    view! {
        <form class="settings" method="post" action=action>
            <div class="body sections">
                {form.summary()}
                {id}
                <section aria-labelledby="g1">
                    <div class="side-h"><h2 id="g1">{t!(lang, "基本信息", "Basics")}</h2></div>
                    <div class="card"><div class="in stack">
                        {kind}
                        {Input::text("name", t!(lang, "名称", "Name")).value(name).max(TITLE_MAX).required().view(form)}
                        {Area::new("description", t!(lang, "说明", "Description")).value(description).rows(2).max(200).view(form)}
                    </div></div>
                </section>
                <section aria-labelledby="g2">
                    <div class="side-h"><h2 id="g2">{t!(lang, "成员", "Members")}</h2><p>{t!(lang, "工单客服组的成员看得到分给本组的工单；技能组的成员接本组的电话。", "Members of a ticket group see its tickets; those of a call group take its calls.")}</p></div>
                    <div class="card"><div class="in">
                        {Checks::new("members", t!(lang, "谁在这个组", "Who is in this group")).options(options).selected(members).view(form)}
                    </div></div>
                </section>
            </div>
            <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                {why(form)}
                <span class="end row"><a class="btn quiet" href="/settings/groups">{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{save}</button></span>
            </div>
        </form>
    }
    .into_any()
}

fn delete_button(id: GroupId, name: &str, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除客服组", "Delete group"),
        Confirm {
            id: "delete-group",
            title: t!(lang, "删除客服组“{}”？", "Delete the group “{}”?", name),
            text: t!(
                lang,
                "已经分给这个组的工单不会变，但之后不能再选它。",
                "Tickets of this group stay as they are; it cannot be chosen any more."
            )
            .to_owned(),
            keep: t!(lang, "保留客服组", "Keep the group").to_owned(),
            act: t!(lang, "删除客服组", "Delete the group").to_owned(),
            path: path_of::<DeleteGroup>(),
            fields: vec![("id".to_owned(), id.to_string())],
        },
    )
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href="/settings/groups/new">{icon("plus")}{t!(lang, "新建客服组", "New group")}</a> }.into_any()
}

//! 客服账号: the list.

use super::words::status_tag;
use crate::actions::InviteAgent;
use crate::model::{AgentStatus, GroupKind, GroupOption};
use crate::queries::account::{AgentCounts, AgentFilter, AgentRow, agents, counts};
use crate::queries::group_options;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::t;
use leptos::prelude::*;
use ui::empty::{empty, no_result};
use ui::form::{hidden, path_of};
use ui::icon::icon;
use ui::option::options;
use ui::page::Page;
use ui::pager::pager;
use ui::table::scroll;
use ui::tabs::{Tab, segment};
use ui::visit::{Place, Visit};

/// 客服账号: by name, with state, role, group and search in the address.
pub async fn agents_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let (filter, invite) = (visit.query::<AgentFilter>(), visit.form("invite"));
    let list = agents(&ctx, &filter).await?;
    let counts = counts(&ctx).await?;
    let mut tx = ctx.read().await?;
    let groups = group_options(&mut tx, GroupKind::Ticket).await?;
    drop(tx);
    let page = Page::new(t!(lang, "客服账号", "Agents"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(counts.enabled + counts.not_activated + counts.disabled)
        .action(
            move || view! { <a class="btn not-phone" href="/settings/agents/import">{icon("upload")}{t!(lang, "批量导入", "Import")}</a> },
        )
        .action(move || new_button(lang));
    Ok(page.body(move || {
        let is_filtered =
            !filter.q.trim().is_empty() || filter.role.is_some() || filter.group.is_some() || filter.permission_group.is_some();
        let table = match (list.rows.is_empty(), is_filtered || filter.status.is_some()) {
            (true, true) => {
                no_result(t!(lang, "没有符合条件的客服", "No agent matches"), "/settings/agents", t!(lang, "清除条件", "Clear filters"))
            }
            (true, false) => {
                let text = t!(
                    lang,
                    "新建账号后，客服会收到邀请邮件，输入您告诉他们的密码来激活",
                    "New agents get an invitation and activate it with the password you give them"
                );
                empty("users-round", t!(lang, "还没有客服", "No agents yet"), text, new_button(lang))
            }
            (false, _) => {
                let rows: Vec<AnyView> = list.rows.iter().map(|row| agent_row(row, &ctx)).collect();
                view! {
                    <div class="edge">{scroll(t!(lang, "客服账号表", "Agents"), agent_table(rows, lang))}</div>
                    {pager(&list, &visit.place, lang, t!(lang, "按姓名排序", "By name"))}
                }
                .into_any()
            }
        };
        view! { {invite.summary()}{filters(&filter, &groups, status_segment(&filter, counts, &visit.place, lang), lang)}{table} }
    }))
}

fn status_segment(filter: &AgentFilter, counts: AgentCounts, place: &Place, lang: Lang) -> AnyView {
    let all = Tab {
        label: t!(lang, "全部", "All").to_owned(),
        href: place.with(&[("status", ""), ("at", "")]),
        is_current: filter.status.is_none(),
        count: None,
    };
    let states = [
        (AgentStatus::Enabled, counts.enabled),
        (AgentStatus::NotActivated, counts.not_activated),
        (AgentStatus::Disabled, counts.disabled),
    ];
    let states = states.map(|(status, count)| Tab {
        label: status.label(lang).to_owned(),
        href: place.with(&[("status", status.key()), ("at", "")]),
        is_current: filter.status == Some(status),
        count: Some(count.to_string()),
    });
    segment(t!(lang, "账号状态", "State"), std::iter::once(all).chain(states).collect())
}

fn filters(filter: &AgentFilter, groups: &[GroupOption], states: AnyView, lang: Lang) -> AnyView {
    let any_role = core::iter::once(("", t!(lang, "全部角色", "Any role")));
    let roles = any_role.chain(Role::ALL.iter().map(|role| (role.key(), role.label(lang))));
    let roles = options(roles, filter.role.map_or("", |role| role.key()));
    let any_group = core::iter::once((String::new(), t!(lang, "全部客服组", "Any group")));
    let groups = any_group.chain(groups.iter().map(|group| (group.id.to_string(), group.name.as_str())));
    let groups = options(groups, &filter.group.map(|group| group.to_string()).unwrap_or_default());
    let status = filter.status.map(|status| view! { <input type="hidden" name="status" value=status.key()/> });
    let permission_group =
        filter.permission_group.map(|group| view! { <input type="hidden" name="permission_group" value=group.to_string()/> });
    let hint = t!(lang, "姓名、昵称、邮箱、电话", "Name, nickname, e-mail, phone");
    view! {
        <form class="filters" method="get" action="/settings/agents" role="search" aria-label=t!(lang, "筛选客服", "Filter agents")>
            <div class="chips">{states}</div>
            {status}{permission_group}
            <div class="with-icon grow">{icon("search")}<input class="input" name="q" type="search" value=filter.q.clone() placeholder=hint aria-label=t!(lang, "搜索客服", "Search agents")/></div>
            <select class="input" name="role" aria-label=t!(lang, "角色", "Role")>{roles}</select>
            <select class="input" name="group" aria-label=t!(lang, "客服组", "Group")>{groups}</select>
            <button class="btn" type="submit">{t!(lang, "筛选", "Filter")}</button>
        </form>
    }
    .into_any()
}

fn agent_table(rows: Vec<AnyView>, lang: Lang) -> AnyView {
    view! {
        <table class="table roomy fold" role="table">
            <thead role="rowgroup"><tr role="row">
                <th role="columnheader" scope="col" aria-sort="ascending">{t!(lang, "客服", "Agent")}</th>
                <th role="columnheader" scope="col">{t!(lang, "角色与权限组", "Role and permission group")}</th>
                <th role="columnheader" scope="col">{t!(lang, "客服组", "Groups")}</th>
                <th role="columnheader" scope="col">{t!(lang, "状态", "State")}</th>
                <th role="columnheader" scope="col">{t!(lang, "上次登录", "Last sign-in")}</th>
                <th role="columnheader" scope="col"><span class="sr">{t!(lang, "操作", "Actions")}</span></th>
            </tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn agent_row(row: &AgentRow, ctx: &Ctx) -> AnyView {
    let lang = ctx.lang();
    let groups = match row.groups.as_slice() {
        [] => view! { <span class="nil">"–"</span> }.into_any(),
        groups => groups.join(t!(lang, "、", ", ")).into_any(),
    };
    let below = row.permission_group.clone().map(|group| view! { <span class="sub">{group}</span> });
    let last = match row.last_sign_in_at {
        Some(at) => ui::time::ago(at, ctx).into_any(),
        None => view! { <span class="nil">"–"</span> }.into_any(),
    };
    let invitation = (row.status == AgentStatus::NotActivated).then(|| {
        let until = row.invited_until.filter(|until| *until > ctx.now());
        match until {
            Some(until) => {
                view! { <span class="sub">{t!(lang, "邀请有效至 ", "invited until ")}{ui::time::full(until, ctx)}</span> }.into_any()
            }
            None => view! { <span class="sub">{t!(lang, "没有有效的邀请", "no valid invitation")}</span> }.into_any(),
        }
    });
    let state = (row.status == AgentStatus::Enabled)
        .then(|| view! { <span class="sub"><span class=row.state.light()></span>" "{row.state.label(lang)}</span> });
    let again = (row.status == AgentStatus::NotActivated).then(|| {
        let label = t!(lang, "重发邀请：{}", "Invite again: {}", row.name);
        view! {
            <form method="post" action={path_of::<InviteAgent>()}>
                {hidden("id", row.id)}
                <button class="btn" type="submit" aria-label=label>{t!(lang, "重发邀请", "Invite again")}</button>
            </form>
        }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row"><span class="who">{ui::avatar::mark(row.id.0, &row.name)}<span>
                <a class="to" href=format!("/settings/agents/{}", row.id)>{row.name.clone()}</a><span class="sub">{row.email.clone()}</span>
            </span></span></th>
            <td role="cell" data-k=t!(lang, "角色", "Role")><div>{row.role.label(lang)}{below}</div></td>
            <td role="cell" class="wrap" data-k=t!(lang, "客服组", "Groups")>{groups}</td>
            <td role="cell" data-k=t!(lang, "状态", "State")><div>{status_tag(row.status, lang)}{state}{invitation}</div></td>
            <td role="cell" data-k=t!(lang, "上次登录", "Last sign-in")>{last}</td>
            <td role="cell" class="c-act">{again}</td>
        </tr>
    }
    .into_any()
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href="/settings/agents/new">{icon("plus")}{t!(lang, "新建客服", "New agent")}</a> }.into_any()
}

//! 谁有这项权限, and 这位客服能做什么，为什么.

use super::permission::{Branches, by_page};
use super::words::status_tag;
use crate::model::permission::Because;
use crate::queries::permission::{Holder, explain, who_has};
use kernel::error::{Error, Result};
use kernel::id::AgentId;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::t;
use leptos::prelude::*;
use ui::empty::empty;
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// 谁有这项权限: everybody, with the reason.
pub async fn who_has_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let key: String = visit.param("key")?;
    let item = Permission::from_key(&key).ok_or(Error::NotFound)?;
    let holders = who_has(&visit.ctx, item).await?;
    let page = Page::new(t!(lang, "谁有“{}”", "Who has “{}”", item.label(lang)))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "权限组", "Permission groups"), "/settings/permissions")
        .count(holders.len())
        .lead(rule(item, lang));
    Ok(page.body(move || {
        if holders.is_empty() {
            let text = t!(lang, "可以在权限组里勾选它，再给客服选上这个权限组", "Tick it in a permission group, and choose that group for an agent");
            return empty("key-round", t!(lang, "没有人有这项权限", "Nobody has this item"), text, ());
        }
        let rows: Vec<AnyView> = holders.iter().map(|holder| holder_row(holder, lang)).collect();
        let table = view! {
            <table class="table">
                <thead><tr>
                    <th scope="col">{t!(lang, "客服", "Agent")}</th>
                    <th scope="col">{t!(lang, "角色", "Role")}</th>
                    <th scope="col">{t!(lang, "为什么", "Why")}</th>
                    <th scope="col">{t!(lang, "状态", "State")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        };
        view! { <div class="body"><section class="card">{scroll(t!(lang, "有这项权限的客服", "Agents that have it"), table)}</section></div> }.into_any()
    }))
}

/// 这位客服能做什么，为什么: every item with its reason.
pub async fn agent_permissions_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let id: AgentId = visit.param("id")?;
    let explanation = explain(&ctx, id).await?;
    let has = explanation.items.iter().filter(|item| item.has).count();
    let group = match &explanation.group {
        Some((_, name)) => t!(lang, "权限组“{}”", "permission group “{}”", name),
        None => t!(lang, "没有权限组，用角色默认权限", "no permission group: the role's defaults").to_owned(),
    };
    let lead = t!(
        lang,
        "{}，{}。能看的工单：{}。",
        "{}, {}. Tickets seen: {}.",
        explanation.role.label(lang),
        group,
        explanation.tickets.label(lang)
    );
    let (may_group, group_id) = (ctx.may(Permission::PermissionManage), explanation.group.as_ref().map(|(id, _)| *id));
    let page = Page::new(t!(lang, "{}的权限", "Permissions of {}", explanation.name))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "客服账号", "Agents"), "/settings/agents")
        .crumb(explanation.name.clone(), format!("/settings/agents/{id}"))
        .count(format!("{has} / {}", Permission::ALL.len()))
        .lead(lead)
        .action(move || {
            group_id.filter(|_| may_group).map(|id| view! { <a class="btn" href=format!("/settings/permissions/{id}")>{icon("pencil")}{t!(lang, "修改权限组", "Edit the permission group")}</a> })
        });
    Ok(page.body(move || {
        let leaf = |item: Permission| {
            let Some(explained) = explanation.items.iter().find(|explained| explained.permission == item) else {
                return ().into_any();
            };
            let (mark, words) = if explained.has { ("check", t!(lang, "有", "Has it: ")) } else { ("minus", t!(lang, "没有", "Lacks it: ")) };
            let class = if explained.has { "leaf bare" } else { "leaf bare locked" };
            view! {
                <li><div class=class>{icon_s(mark)}<span class="sr">{words}</span>{item.label(lang)}<span class="end"><small title=explained.because.text(lang)>{explained.because.short(lang)}</small></span></div></li>
            }
            .into_any()
        };
        let branches = by_page(&leaf, Branches::Open, lang);
        view! { <div class="body narrow"><section class="card perm" aria-label=t!(lang, "权限项", "Items")><ul class="tree">{branches}</ul></section></div> }
    }))
}

/// The reason beside the role: a permission group is named, the role stands in its own column.
fn why(because: &Because, lang: Lang) -> String {
    match because {
        Because::GroupHas(_) | Because::GroupLacks(_) => because.text(lang),
        _ => because.short(lang).to_owned(),
    }
}

fn holder_row(holder: &Holder, lang: Lang) -> AnyView {
    view! {
        <tr>
            <th scope="row"><span class="who">{ui::avatar::mark(holder.id.0, &holder.name)}<a class="to" href=format!("/settings/agents/{}/permissions", holder.id)>{holder.name.clone()}</a></span></th>
            <td>{holder.role.label(lang)}</td>
            <td class="wrap">{why(&holder.because, lang)}</td>
            <td>{status_tag(holder.status, lang)}</td>
        </tr>
    }
    .into_any()
}

/// Who has an item by default, and who else may be given it.
fn rule(item: Permission, lang: Lang) -> String {
    let names = |roles: &[Role]| roles.iter().map(|role| role.label(lang)).collect::<Vec<_>>().join(t!(lang, "、", ", "));
    let grant = item.grant();
    let others: Vec<Role> = grant.grantable.iter().copied().filter(|role| !grant.default.contains(role)).collect();
    let place = format!("{} / {}", item.module().label(lang), item.page(lang));
    let default = names(grant.default);
    if others.is_empty() {
        t!(lang, "{}。默认拥有：{}；其他角色不能拥有。", "{}. By default: {}. No other role may have it.", place, default)
    } else {
        t!(
            lang,
            "{}。默认拥有：{}；可以通过权限组给：{}。",
            "{}. By default: {}. A permission group may give it to: {}.",
            place,
            default,
            names(&others)
        )
    }
}

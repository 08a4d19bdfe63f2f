//! 权限组: built-in roles and own groups, and the editor with its tree.

use crate::actions::{CreatePermissionGroup, DeletePermissionGroup, EditPermissionGroup};
use crate::queries::permission::{PermissionGroup, permission_group, permission_groups, role_counts};
use kernel::error::Result;
use kernel::id::PermissionGroupId;
use kernel::lang::Lang;
use kernel::permission::{Module, Permission, Role, Scope};
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::dialog::{Confirm, confirm};
use ui::form::choice::Select;
use ui::form::field::{Area, Input, why};
use ui::form::{FormState, element_id, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::page::Page;
use ui::table::scroll;
use ui::visit::Visit;

/// 权限组: the list.
pub async fn permissions_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let groups = permission_groups(&visit.ctx).await?;
    let counts = role_counts(&visit.ctx).await?;
    let page = Page::new(t!(lang, "权限组", "Permission groups")).history(&visit.ctx, "permission_group")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .lead(t!(lang, "角色有默认权限；想多给或少给，就建权限组再给客服选上。", "Roles have default permissions. To give more or less, make a permission group and choose it for agents."))
        .action(move || view! { <a class="btn main" href="/settings/permissions/new">{icon("plus")}{t!(lang, "新建权限组", "New permission group")}</a> });
    Ok(page.body(move || {
        let own = if groups.is_empty() {
            let text = t!(lang, "还没有自己的权限组。可以从下面任何一个角色复制一份来改。", "No own groups yet. Copy any role below and change it.");
            view! { <div class="in"><p class="dim">{text}</p></div> }.into_any()
        } else {
            let rows: Vec<AnyView> = groups.iter().map(|group| group_row(group, lang)).collect();
            scroll(t!(lang, "自己的权限组", "Own groups"), group_table(rows, lang))
        };
        let roles: Vec<AnyView> = Role::ALL
            .iter()
            .map(|role| role_row(*role, counts.iter().find(|(counted, _)| counted == role).map_or(0, |(_, count)| *count), lang))
            .collect();
        let roles = view! {
            <table class="table">
                <thead><tr>
                    <th scope="col">{t!(lang, "角色", "Role")}</th>
                    <th scope="col" class="num">{t!(lang, "默认权限", "Default items")}</th>
                    <th scope="col">{t!(lang, "默认能看的工单", "Tickets seen by default")}</th>
                    <th scope="col" class="num">{t!(lang, "客服", "Agents")}</th>
                    <th scope="col"><span class="sr">{t!(lang, "操作", "Actions")}</span></th>
                </tr></thead>
                <tbody>{roles}</tbody>
            </table>
        };
        let items: Vec<AnyView> = by_page(&|item| view! { <li><a class="leaf" href=format!("/settings/permissions/who/{}", item.key())>{item.label(lang)}</a></li> }.into_any(), Branches::Closed, lang);
        view! {
            <div class="body">
                <section class="card" aria-labelledby="p1"><header><h2 id="p1">{t!(lang, "自己的权限组", "Own groups")}</h2><span class="count">{groups.len()}</span></header>{own}</section>
                <section class="card" aria-labelledby="p2"><header><h2 id="p2">{t!(lang, "内置角色", "Built-in roles")}</h2></header>{scroll(t!(lang, "内置角色表", "Built-in roles"), roles)}</section>
                <section class="card" aria-labelledby="p3"><header><h2 id="p3">{t!(lang, "谁有某项权限", "Who has an item")}</h2></header><ul class="tree in">{items}</ul></section>
            </div>
        }
    }))
}

/// 新建权限组: the role first, since it decides what can be ticked.
pub async fn new_permission_page(visit: Visit) -> Result<Page> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Query {
        #[serde(deserialize_with = "kernel::input::blank")]
        role: Option<Role>,
    }
    let (lang, form) = (visit.lang(), visit.form("permission_group"));
    let page = Page::new(t!(lang, "新建权限组", "New permission group"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "权限组", "Permission groups"), "/settings/permissions");
    match visit.query::<Query>().role.filter(|role| *role != Role::SuperAdmin) {
        Some(role) => {
            let editor = Editor { role, group: None, start: Permission::defaults_of(role), tickets: role.default_scope() };
            Ok(page.body(move || editor.view(&form, lang)))
        }
        None => Ok(page
            .lead(t!(
                lang,
                "权限组给一种角色用：先选角色，它决定能勾哪些权限。",
                "A permission group is for one role. Choose it first: it decides what can be ticked."
            ))
            .body(move || choose_role(lang))),
    }
}

/// 权限组: the editor.
pub async fn permission_page(visit: Visit) -> Result<Page> {
    let (lang, form, delete) = (visit.lang(), visit.form("permission_group"), visit.form("permission_group_delete"));
    let id: PermissionGroupId = visit.param("id")?;
    let group = permission_group(&visit.ctx, id).await?;
    let name = group.rights.name.clone();
    let lead = t!(
        lang,
        "{} 位客服使用。保存后，他们的下一次点击就生效，不用重新登录。",
        "Agents that have it: {}. Changes work with their next click, without signing in again.",
        group.agents
    );
    let page = Page::new(name.clone())
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "权限组", "Permission groups"), "/settings/permissions")
        .lead(lead)
        .action(move || view! { <a class="btn" href=format!("/settings/agents?permission_group={id}")>{icon("users-round")}{t!(lang, "使用它的客服", "Agents that have it")}</a> });
    let page = if group.agents == 0 { page.action(move || delete_button(id, &name, lang)) } else { page };
    let editor = Editor { role: group.base_role, start: group.rights.items.clone(), tickets: group.rights.tickets, group: Some(group) };
    Ok(page.body(move || view! { {delete.summary()}{editor.view(&form, lang)} }))
}

/// The tree of all items: module → page → one view each.
pub(super) fn by_page(leaf: &dyn Fn(Permission) -> AnyView, branches: Branches, lang: Lang) -> Vec<AnyView> {
    Module::ALL.iter().map(|module| module_branch(*module, leaf, &|_| None, branches, lang)).collect()
}

/// Whether a tree is read at once or looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branches {
    /// Every leaf is in sight.
    Open,
    /// Only the modules are.
    Closed,
}

/// What the editor starts from.
struct Editor {
    role: Role,
    group: Option<PermissionGroup>,
    start: Vec<Permission>,
    tickets: Scope,
}

impl Editor {
    fn view(&self, form: &FormState, lang: Lang) -> AnyView {
        let start: Vec<String> = self.start.iter().map(|item| item.key().to_owned()).collect();
        let ticked = form.ticked_or("items", &start);
        let action = if self.group.is_some() { path_of::<EditPermissionGroup>() } else { path_of::<CreatePermissionGroup>() };
        let ids = self.group.as_ref().map(|group| view! { {hidden("id", group.id)}{hidden("version", group.version)} });
        let (name, description) =
            self.group.as_ref().map_or((String::new(), String::new()), |group| (group.rights.name.clone(), group.description.clone()));
        let leaf = |item: Permission| leaf(item, self.role, &ticked, form, lang);
        let sum = |items: &[Permission]| {
            let may = items.iter().filter(|item| item.may_hold(self.role)).count();
            let has = items.iter().filter(|item| ticked.iter().any(|key| key == item.key())).count();
            Some(format!("{has} / {may}"))
        };
        let branches: Vec<AnyView> = Module::ALL.iter().map(|module| module_branch(*module, &leaf, &sum, Branches::Open, lang)).collect();
        let scopes = || Scope::ALL.iter().map(|scope| (scope.key(), scope.label(lang)));
        let save = match &self.group {
            Some(group) => t!(lang, "保存权限组“{}”", "Save “{}”", group.rights.name),
            None => t!(lang, "新建权限组", "Create permission group").to_owned(),
        };
        view! {
            <form class="settings" method="post" action=action>
                <div class="body">
                    {form.summary()}
                    {ids}
                    {hidden("base_role", self.role.key())}
                    <div class="split">
                        <div>
                            <section class="card perm" aria-labelledby="pt">
                                <header><h2 id="pt">{t!(lang, "权限项", "Items")}</h2><span class="act small mute">{t!(lang, "角色：", "Role: ")}{self.role.label(lang)}</span></header>
                                <ul class="tree">{branches}</ul>
                            </section>
                        </div>
                        <aside>
                            <section class="card"><header><h2>{t!(lang, "权限组", "Permission group")}</h2></header><div class="in stack">
                                {Input::text("name", t!(lang, "名称", "Name")).value(name).max(40).required().view(form)}
                                {Area::new("description", t!(lang, "说明", "Description")).value(description).rows(2).max(200).view(form)}
                            </div></section>
                            <section class="card"><header><h2>{t!(lang, "数据范围", "Data seen")}</h2></header><div class="in stack">
                                {Select::new("ticket_scope", t!(lang, "工单", "Tickets")).options(scopes()).selected(self.tickets.key()).required()
                                    .hint(t!(lang, "列表、搜索、导出和提醒都按它", "Lists, search, export and notices follow it")).view(form)}
                                <p class="small dim">{t!(lang, "客户不分范围：能查看客户的人，看得到公司的全部客户。", "Customers have no such limit: whoever may view customers sees all of the company's.")}</p>
                            </div></section>
                        </aside>
                    </div>
                </div>
                <div class="savebar" role="region" aria-label=t!(lang, "保存", "Save")>
                    {why(form)}
                    <span class="end row"><a class="btn quiet" href="/settings/permissions">{t!(lang, "放弃", "Discard")}</a><button class="btn main" type="submit">{save}</button></span>
                </div>
            </form>
        }
        .into_any()
    }
}

/// One box: with what the role has by default where it differs, or locked with the reason.
fn leaf(item: Permission, role: Role, ticked: &[String], form: &FormState, lang: Lang) -> AnyView {
    let id = element_id("permission_group", item.key());
    if !item.may_hold(role) {
        let why = t!(lang, "角色“{}”不能拥有", "Not for the role “{}”", role.label(lang));
        return view! {
            <li><label class="leaf locked"><input type="checkbox" disabled/>{item.label(lang)}<span class="end"><span class="why-not">{icon_s("lock")}" "{why}</span></span></label></li>
        }
        .into_any();
    }
    let is_ticked = ticked.iter().any(|key| key == item.key());
    let by_default = item.grant().default.contains(&role);
    let changed = (is_ticked != by_default).then(|| {
        let words = if by_default { t!(lang, "默认：有", "default: yes") } else { t!(lang, "默认：没有", "default: no") };
        view! { <span class="changed">{words}</span> }
    });
    let problem = form.problem(item.key()).map(|text| view! { <span class="wrong">{icon_s("triangle-alert")}{text}</span> });
    let who_label = t!(lang, "谁有“{}”", "Who has “{}”", item.label(lang));
    view! {
        <li>
            <label class="leaf"><input type="checkbox" id=id name="input[items][]" value=item.key() checked=is_ticked/>{item.label(lang)}{changed}{problem}</label>
            <a class="btn quiet mini beside" href=format!("/settings/permissions/who/{}", item.key()) aria-label=who_label>{t!(lang, "谁有", "Who")}</a>
        </li>
    }
    .into_any()
}

/// A module with its pages; `sum` says how many of a branch are ticked.
fn module_branch(
    module: Module,
    leaf: &dyn Fn(Permission) -> AnyView,
    sum: &dyn Fn(&[Permission]) -> Option<String>,
    branches: Branches,
    lang: Lang,
) -> AnyView {
    let items: Vec<Permission> = Permission::ALL.iter().copied().filter(|item| item.module() == module).collect();
    let mut pages: Vec<(&'static str, Vec<Permission>)> = Vec::new();
    for item in &items {
        match pages.iter_mut().find(|(page, _)| *page == item.page(lang)) {
            Some((_, found)) => found.push(*item),
            None => pages.push((item.page(lang), vec![*item])),
        }
    }
    let (has_boxes, is_open) = (sum(&items).is_some(), branches == Branches::Open);
    let tri = move || has_boxes.then(|| view! { <span class="tri" aria-hidden="true"></span> });
    let fold = || icon_fold();
    let pages: Vec<AnyView> = pages
        .into_iter()
        .map(|(page, items)| {
            let counted = sum(&items).map(|sum| view! { <span class="sum">{sum}</span> });
            let leaves: Vec<AnyView> = items.into_iter().map(leaf).collect();
            view! { <li><details open=is_open><summary>{fold()}{tri()}{page}{counted}</summary><ul>{leaves}</ul></details></li> }.into_any()
        })
        .collect();
    let counted = sum(&items).map(|sum| view! { <span class="sum">{sum}</span> });
    view! { <li><details open=is_open><summary>{fold()}{tri()}{module.label(lang)}{counted}</summary><ul>{pages}</ul></details></li> }
        .into_any()
}

/// The arrow of a branch.
pub(super) fn icon_fold() -> AnyView {
    view! { <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg> }.into_any()
}

fn choose_role(lang: Lang) -> AnyView {
    let roles: Vec<AnyView> = Role::ALL
        .iter()
        .filter(|role| **role != Role::SuperAdmin)
        .map(|role| {
            let count = Permission::ALL.iter().filter(|item| item.may_hold(*role)).count();
            let has = Permission::defaults_of(*role).len();
            let text = t!(lang, "默认 {} 项，最多 {} 项", "{} items by default, {} at most", has, count);
            view! { <li>{icon("key-round")}<div class="grow"><a class="to" href=format!("/settings/permissions/new?role={}", role.key())>{role.label(lang)}</a><small>{text}</small></div>{icon("chevron-right")}</li> }.into_any()
        })
        .collect();
    view! {
        <div class="body narrow"><section class="card" aria-labelledby="role-h">
            <header><h2 id="role-h">{t!(lang, "给哪种角色用", "For which role")}</h2></header>
            <ul class="rows">{roles}</ul>
        </section></div>
    }
    .into_any()
}

fn group_table(rows: Vec<AnyView>, lang: Lang) -> AnyView {
    view! {
        <table class="table">
            <thead><tr>
                <th scope="col">{t!(lang, "权限组", "Permission group")}</th>
                <th scope="col">{t!(lang, "角色", "Role")}</th>
                <th scope="col" class="num">{t!(lang, "权限项", "Items")}</th>
                <th scope="col">{t!(lang, "能看的工单", "Tickets seen")}</th>
                <th scope="col" class="num">{t!(lang, "客服", "Agents")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn group_row(group: &PermissionGroup, lang: Lang) -> AnyView {
    let (rights, role) = (&group.rights, group.base_role);
    let differs = Permission::ALL.iter().filter(|item| rights.items.contains(item) != item.grant().default.contains(&role)).count();
    let differs =
        (differs > 0).then(|| view! { <span class="changed">{t!(lang, "{} 项与角色不同", "{} unlike the role", differs)}</span> });
    view! {
        <tr>
            <th scope="row"><a class="to" href=format!("/settings/permissions/{}", group.id)>{rights.name.clone()}</a><span class="sub">{group.description.clone()}</span></th>
            <td>{role.label(lang)}</td>
            <td class="num">{rights.items.len()}" "{differs}</td>
            <td>{rights.tickets.label(lang)}</td>
            <td class="num"><a class="n" href=format!("/settings/agents?permission_group={}", group.id)>{group.agents}</a></td>
        </tr>
    }
    .into_any()
}

fn role_row(role: Role, agents: i64, lang: Lang) -> AnyView {
    let copy = (role != Role::SuperAdmin).then(|| {
        let label = t!(lang, "复制为权限组：{}", "Copy {} as a permission group", role.label(lang));
        view! { <a class="btn quiet" href=format!("/settings/permissions/new?role={}", role.key()) aria-label=label>{icon("copy")}{t!(lang, "复制为权限组", "Copy")}</a> }
    });
    view! {
        <tr>
            <th scope="row">{role.label(lang)}</th>
            <td class="num">{Permission::defaults_of(role).len()}</td>
            <td>{role.default_scope().label(lang)}</td>
            <td class="num"><a class="n" href=format!("/settings/agents?role={}", role.key())>{agents}</a></td>
            <td class="c-act">{copy}</td>
        </tr>
    }
    .into_any()
}

fn delete_button(id: PermissionGroupId, name: &str, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除权限组", "Delete"),
        Confirm {
            id: "delete-permission-group",
            title: t!(lang, "删除权限组“{}”？", "Delete the permission group “{}”?", name),
            text: t!(lang, "没有客服使用它，删除后不能恢复。", "No agent has it. This cannot be undone.").to_owned(),
            keep: t!(lang, "保留权限组", "Keep it").to_owned(),
            act: t!(lang, "删除权限组", "Delete the permission group").to_owned(),
            path: path_of::<DeletePermissionGroup>(),
            fields: vec![("id".to_owned(), id.to_string())],
        },
    )
}

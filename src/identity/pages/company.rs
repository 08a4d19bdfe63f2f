//! 公司: name, zone, units, departments.

use crate::actions::{DeleteDepartment, DeleteUnit, EditCompany, SaveDepartment, SaveUnit};
use crate::model::company::TITLE_MAX;
use crate::queries::company::{Company, Department, Unit, company, departments, units};
use kernel::error::Result;
use kernel::id::DepartmentId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::form::choice::Select;
use ui::form::field::{Input, reason, why_folded};
use ui::form::{FormState, hidden, path_of};
use ui::icon::{icon, icon_s};
use ui::option::options;
use ui::page::Page;
use ui::visit::Visit;

/// 公司与业务单元.
pub async fn company_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let company = company(&ctx).await?;
    let mut tx = ctx.read().await?;
    let (units, departments) = (units(&mut tx).await?, departments(&mut tx).await?);
    drop(tx);
    let (facts, unit, department) = (visit.form("company"), visit.form("unit"), visit.form("department"));
    let (unit_delete, department_delete) = (visit.form("unit_delete"), visit.form("department_delete"));
    let page = Page::new(t!(lang, "公司与业务单元", "Company and units"))
        .history(&visit.ctx, "company")
        .crumb(t!(lang, "设置", "Settings"), "/settings");
    Ok(page.body(move || {
        view! {
            <div class="body sections">
                {unit_delete.summary()}{department_delete.summary()}
                {facts_section(&company, &facts, lang)}
                {units_section(&units, &unit, lang)}
                {departments_section(&departments, &department, lang)}
            </div>
        }
    }))
}

fn facts_section(company: &Company, form: &FormState, lang: Lang) -> AnyView {
    let languages = Lang::ALL.map(|lang| (lang.key(), lang.own_name()));
    view! {
        <section aria-labelledby="c1">
            <div class="side-h"><h2 id="c1">{t!(lang, "基本信息", "Basics")}</h2><p>{t!(lang, "报表按公司时区分日；邮件里显示公司名称。", "Reports split days by the company's zone; mails carry its name.")}</p></div>
            <form class="card" method="post" action={path_of::<EditCompany>()}>
                <div class="in stack">
                    {form.summary()}
                    {Input::text("name", t!(lang, "公司名称", "Company name")).value(&company.name).max(TITLE_MAX).required().view(form)}
                    <div class="two">
                        {Select::new("time_zone", t!(lang, "时区", "Time zone")).options(zones(&company.time_zone)).selected(&company.time_zone).required().view(form)}
                        {Select::new("lang", t!(lang, "默认语言", "Default language")).options(languages).selected(&company.lang)
                            .hint(t!(lang, "用于语言未知的客户和客服", "For customers and agents whose language is unknown")).required().view(form)}
                    </div>
                    {reason(form)}
                </div>
                <footer><button class="btn main" type="submit">{t!(lang, "保存公司信息", "Save company")}</button></footer>
            </form>
        </section>
    }
    .into_any()
}

/// Zones that name a place, and the one in force.
fn zones(current: &str) -> Vec<(String, String)> {
    let mut names = kernel::time::zones();
    if !names.iter().any(|name| name == current) {
        names.insert(0, current.to_owned());
    }
    names.into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect()
}

fn units_section(units: &[Unit], form: &FormState, lang: Lang) -> AnyView {
    let typed = form.value_or("id", "");
    let rows: Vec<AnyView> = units
        .iter()
        .map(|unit| {
            let id = unit.id.to_string();
            let is_typed = typed == id;
            let name = if is_typed { form.value_or("name", &unit.name) } else { unit.name.clone() };
            let problem = form.problem("name").filter(|_| is_typed);
            let edit = view! {
                <form class="row" method="post" action={path_of::<SaveUnit>()}>
                    {hidden("id", &id)}
                    {name_input(name, t!(lang, "业务单元“{}”的名称", "Name of the unit “{}”", unit.name), problem)}
                    <button class="btn" type="submit">{t!(lang, "改名", "Rename")}</button>
                    {why_folded(lang, if is_typed { form.value_or("reason", "") } else { String::new() })}
                </form>
            };
            let delete = delete_button(path_of::<DeleteUnit>(), &id, &unit.name, unit.agents, lang);
            view! { <li><div class="grow">{edit}</div><span class="end">{people(unit.agents, lang)}{delete}</span></li> }.into_any()
        })
        .collect();
    let none = units.is_empty().then(|| {
        view! { <div class="in"><p class="dim">{t!(lang, "还没有业务单元。大一些的公司用它区分品牌或地区，小团队可以不用。", "No units yet. Larger companies use them for brands or regions; a small team needs none.")}</p></div> }
    });
    let add = if typed.is_empty() { form.clone() } else { FormState::default() };
    let (name, problem) = (add.value_or("name", ""), add.problem("name"));
    view! {
        <section aria-labelledby="units">
            <div class="side-h"><h2 id="units">{t!(lang, "业务单元", "Units")}</h2><p>{t!(lang, "品牌、地区这样的大划分，每位客服属于一个。", "Brands, regions and the like; every agent belongs to one.")}</p></div>
            <div class="card">
                {form.summary()}{none}
                <ul class="rows">{rows}</ul>
                <footer><form class="row" method="post" action={path_of::<SaveUnit>()}>
                    {name_input(name, t!(lang, "新业务单元的名称", "Name of the new unit").to_owned(), problem)}
                    <button class="btn" type="submit">{icon("plus")}{t!(lang, "新建业务单元", "New unit")}</button>
                    {why_folded(lang, add.value_or("reason", ""))}
                </form></footer>
            </div>
        </section>
    }
    .into_any()
}

fn departments_section(departments: &[Department], form: &FormState, lang: Lang) -> AnyView {
    let typed = form.value_or("id", "");
    let tree = tree(departments, None, 0);
    let rows: Vec<AnyView> = tree
        .iter()
        .map(|(depth, department)| {
            let id = department.id.to_string();
            let is_typed = typed == id;
            let name = if is_typed { form.value_or("name", &department.name) } else { department.name.clone() };
            let problem = form.problem("name").or(form.problem("parent")).filter(|_| is_typed);
            let options = parent_options(&tree, department.parent, Some(department.id), lang);
            let edit = view! {
                <form class="row" method="post" action={path_of::<SaveDepartment>()}>
                    {hidden("id", &id)}
                    {(*depth > 0).then(|| view! { <span class="mute" aria-hidden="true">{"– ".repeat(*depth)}</span> })}
                    {name_input(name, t!(lang, "部门“{}”的名称", "Name of the department “{}”", department.name), problem)}
                    <select class="input short" name="input[parent]" aria-label=t!(lang, "部门“{}”的上级", "Department above “{}”", department.name)>{options}</select>
                    <button class="btn" type="submit">{t!(lang, "保存", "Save")}</button>
                    {why_folded(lang, if is_typed { form.value_or("reason", "") } else { String::new() })}
                </form>
            };
            let has_children = departments.iter().any(|other| other.parent == Some(department.id));
            let delete = (!has_children).then(|| delete_button(path_of::<DeleteDepartment>(), &id, &department.name, department.agents, lang));
            view! { <li><div class="grow">{edit}</div><span class="end">{people(department.agents, lang)}{delete}</span></li> }.into_any()
        })
        .collect();
    let none = departments.is_empty().then(|| {
        view! { <div class="in"><p class="dim">{t!(lang, "还没有部门。部门说明谁属于哪里，可以有上下级。", "No departments yet. They say who belongs where, and can stand under each other.")}</p></div> }
    });
    let add = if typed.is_empty() { form.clone() } else { FormState::default() };
    let (name, problem) = (add.value_or("name", ""), add.problem("name"));
    let options = parent_options(&tree, None, None, lang);
    view! {
        <section aria-labelledby="departments">
            <div class="side-h"><h2 id="departments">{t!(lang, "部门", "Departments")}</h2></div>
            <div class="card">
                {form.summary()}{none}
                <ul class="rows">{rows}</ul>
                <footer><form class="row" method="post" action={path_of::<SaveDepartment>()}>
                    {name_input(name, t!(lang, "新部门的名称", "Name of the new department").to_owned(), problem)}
                    <select class="input short" name="input[parent]" aria-label=t!(lang, "新部门的上级", "Department above the new one")>{options}</select>
                    <button class="btn" type="submit">{icon("plus")}{t!(lang, "新建部门", "New department")}</button>
                    {why_folded(lang, add.value_or("reason", ""))}
                </form></footer>
            </div>
        </section>
    }
    .into_any()
}

/// Departments in the order of the tree, each with its depth.
fn tree(all: &[Department], parent: Option<DepartmentId>, depth: usize) -> Vec<(usize, &Department)> {
    let here = all.iter().filter(|department| department.parent == parent);
    here.flat_map(|department| {
        let mut branch = vec![(depth, department)];
        branch.extend(tree(all, Some(department.id), depth + 1));
        branch
    })
    .collect()
}

fn parent_options(tree: &[(usize, &Department)], chosen: Option<DepartmentId>, without: Option<DepartmentId>, lang: Lang) -> AnyView {
    let none = std::iter::once((String::new(), t!(lang, "没有上级", "Nothing above").to_owned()));
    let others = tree
        .iter()
        .filter(|(_, department)| Some(department.id) != without)
        .map(|(depth, department)| (department.id.to_string(), format!("{}{}", "– ".repeat(*depth), department.name)));
    options(none.chain(others), &chosen.map(|id| id.to_string()).unwrap_or_default()).into_any()
}

fn name_input(value: String, label: String, problem: Option<&'static str>) -> AnyView {
    let placeholder = label.clone();
    let wrong = problem.map(|text| view! { <span class="wrong">{icon_s("triangle-alert")}{text}</span> });
    let class = if problem.is_some() { "field has-error" } else { "field" };
    view! {
        <span class=class>
            <input class="input" name="input[name]" value=value maxlength=TITLE_MAX.to_string() required placeholder=placeholder aria-label=label aria-invalid=problem.map(|_| "true")/>
            {wrong}
        </span>
    }
    .into_any()
}

fn people(count: i64, lang: Lang) -> AnyView {
    view! { <span class="mute small nowrap">{t!(lang, "{} 位客服", "agents: {}", count)}</span> }.into_any()
}

/// Only what nobody belongs to can be deleted.
fn delete_button(path: &'static str, id: &str, name: &str, agents: i64, lang: Lang) -> Option<AnyView> {
    (agents == 0).then(|| {
        let label = t!(lang, "删除 {}", "Delete {}", name);
        view! {
            <form method="post" action=path>
                {hidden("id", id)}
                <button class="btn quiet icon risky" type="submit" aria-label=label.clone() title=label>{icon("trash-2")}</button>
            </form>
        }
        .into_any()
    })
}

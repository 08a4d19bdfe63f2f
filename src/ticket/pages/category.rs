//! 工单分类: the tree, and beside it the form of the category that is chosen.

use super::choice::spaced;
use crate::actions;
use crate::model::LEVELS_MOST;
use crate::model::template::{Origin, Templates};
use crate::queries::category::{self, Category};
use crate::queries::template;
use kernel::error::Result;
use kernel::id::CategoryId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::empty::empty;
use ui::form::choice::Select;
use ui::form::field::{Area, Input, reason};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::step::Steps;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the editor lives.
const ADDRESS: &str = "/settings/categories";

/// The address: which category is edited, or below which one a new one shall stand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct CategoryQuery {
    #[serde(deserialize_with = "kernel::input::blank")]
    id: Option<CategoryId>,
    #[serde(deserialize_with = "kernel::input::blank")]
    under: Option<CategoryId>,
}

/// 工单分类.
pub async fn categories_page(visit: Visit) -> Result<Page> {
    let lang = visit.lang();
    let mut tx = visit.ctx.read().await?;
    let tree = category::tree(&mut tx).await?;
    let templates = template::templates(&mut tx).await?;
    drop(tx);
    let query: CategoryQuery = visit.query();
    let form = visit.form("ticket_category");
    let others = [visit.form("ticket_category_step"), visit.form("ticket_category_delete")];
    let page = Page::new(t!(lang, "工单分类", "Categories"))
        .history(&visit.ctx, "category")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(tree.len())
        .lead(t!(
            lang,
            "最多五级，工单只能选最下一级。删除的分类不能再选，旧工单照旧显示。",
            "At most five levels; tickets take the lowest ones. A deleted category cannot be chosen, older tickets go on showing it."
        ))
        .action(move || view! { <a class="btn main" href=ADDRESS>{icon("plus")}{t!(lang, "新建分类", "New category")}</a> });
    Ok(page.body(move || {
        let chosen = tree.iter().find(|category| Some(category.id) == query.id);
        let branches = if tree.is_empty() {
            let text = t!(lang, "分类让列表能按问题筛选，也让统计按问题分组。先建几个一级分类，例如交易、物流、账号。", "Categories let lists be filtered and reports be grouped by matter. Begin with a few, such as orders, delivery, account.");
            empty("list-tree", t!(lang, "还没有分类", "No categories yet"), text, ())
        } else {
            view! { <ul class="tree edit in">{level(lang, (tree.as_slice(), &templates), None, query.id)}</ul> }.into_any()
        };
        let problems: Vec<AnyView> = others.iter().map(FormState::summary).collect();
        view! {
            <div class="body">
                {problems}
                <div class="split">
                    <div><section class="card" aria-labelledby="tree-h"><header><h2 id="tree-h">{t!(lang, "分类", "Categories")}</h2></header>{branches}</section></div>
                    <aside aria-label=t!(lang, "编辑分类", "Edit category")>{editor(lang, &form, (tree.as_slice(), &templates), (chosen, query.under))}</aside>
                </div>
            </div>
        }
    }))
}

fn level(lang: Lang, (tree, templates): (&[Category], &Templates), parent: Option<CategoryId>, chosen: Option<CategoryId>) -> Vec<AnyView> {
    let siblings: Vec<&Category> = tree.iter().filter(|category| category.parent_id == parent).collect();
    let last = siblings.len().saturating_sub(1);
    siblings
        .into_iter()
        .enumerate()
        .map(|(at, category)| {
            let tools = tools(lang, category, at > 0, at < last);
            let current = (chosen == Some(category.id)).then_some("true");
            let words = view! { <small class="cut">{category.description.clone()}</small>{holding(lang, templates, category)} };
            if category.is_leaf {
                return view! { <li><div class="leaf bare" aria-current=current><span>{category.name.clone()}</span>{words}<span class="tools">{tools}</span></div></li> }.into_any();
            }
            let below = level(lang, (tree, templates), Some(category.id), chosen);
            let number = below.len();
            // Nothing that can be clicked goes into a summary: the buttons stand beside it.
            view! {
                <li>
                    <details open=true><summary aria-current=current>{icon_fold()}<b>{category.name.clone()}</b><span class="count">{number}</span>{words}</summary><ul>{below}</ul></details>
                    <span class="tools beside">{tools}</span>
                </li>
            }
            .into_any()
        })
        .collect()
}

/// Which template holds, and why; nothing where there is none.
fn holding(lang: Lang, templates: &Templates, category: &Category) -> Option<AnyView> {
    let (template, origin) = templates.of(Some(category.id))?;
    let (tone, words) = match origin {
        Origin::Own => (Tone::Info, template.name.clone()),
        Origin::Above => (Tone::Line, t!(lang, "{}（上级）", "{} (above)", template.name)),
        Origin::Default => (Tone::Line, t!(lang, "{}（默认）", "{} (default)", template.name)),
    };
    Some(tag(tone, "clipboard-list", words))
}

fn icon_fold() -> AnyView {
    view! { <svg class="i s fold" aria-hidden="true"><use href="/icons.svg#chevron-right"></use></svg> }.into_any()
}

fn tools(lang: Lang, category: &Category, can_rise: bool, can_sink: bool) -> AnyView {
    let name = &category.name;
    let (action, id) = (path_of::<actions::StepCategory>(), category.id.to_string());
    let steps = Steps { action, field: "id", id, name, can_rise, can_sink }.view(lang);
    let add = (category.level < LEVELS_MOST).then(|| {
        let words = t!(lang, "在 {} 下新建", "New category under {}", name);
        view! { <a class="btn quiet icon mini" href=format!("{ADDRESS}?under={}", category.id) aria-label=words title=t!(lang, "在下面新建", "New one below")>{icon("plus")}</a> }
    });
    let edit = t!(lang, "修改 {}", "Edit {}", name);
    let edit = view! { <a class="btn quiet icon mini" href=format!("{ADDRESS}?id={}", category.id) aria-label=edit title=t!(lang, "修改", "Edit")>{icon("pencil")}</a> };
    view! { <span class="tools">{steps}{edit}{add}</span> }.into_any()
}

fn editor(
    lang: Lang,
    form: &FormState,
    (tree, templates): (&[Category], &Templates),
    (chosen, under): (Option<&Category>, Option<CategoryId>),
) -> AnyView {
    let inside = chosen.map(|category| format!("{}/", category.path));
    // Under itself or its own sub-categories it cannot go, and the lowest level holds nothing.
    let parents = tree.iter().filter(|category| {
        category.level < LEVELS_MOST
            && chosen.is_none_or(|chosen| chosen.id != category.id)
            && inside.as_ref().is_none_or(|inside| !category.path.starts_with(inside.as_str()))
    });
    let parents: Vec<(String, String)> = parents.map(|category| (category.id.to_string(), spaced(&category.path))).collect();
    let parent = chosen.map_or(under, |category| category.parent_id).map(|id| id.to_string()).unwrap_or_default();
    let (name, description) =
        chosen.map_or((String::new(), String::new()), |category| (category.name.clone(), category.description.clone()));
    let template = (!templates.all.is_empty()).then(|| {
        let named = chosen.and_then(|category| templates.named.get(&category.id)).and_then(|(_, named)| *named);
        Select::new("template", t!(lang, "工单模板", "Ticket template"))
            .options(templates.all.iter().map(|template| (template.id, template.name.clone())))
            .selected(named.map(|id| id.to_string()).unwrap_or_default())
            .empty(t!(lang, "用上级分类的，或默认模板", "That of the category above, or the default"))
            .view(form)
    });
    let title = chosen.map_or_else(|| t!(lang, "新建分类", "New category").to_owned(), |category| category.name.clone());
    let button = chosen.map_or_else(
        || t!(lang, "新建分类", "Create category").to_owned(),
        |category| t!(lang, "保存分类“{}”", "Save “{}”", category.name),
    );
    let delete = chosen.map(|category| {
        let (id, dialog) = (category.id, "delete-category");
        if !category.is_leaf {
            return view! { <footer><p class="small mute">{t!(lang, "先删除下级分类，才能删除它", "Delete its sub-categories before you delete it")}</p></footer> }.into_any();
        }
        let confirm = ui::dialog::confirm(
            "btn quiet risky",
            t!(lang, "删除分类", "Delete category"),
            ui::dialog::Confirm {
                id: dialog,
                title: t!(lang, "删除分类“{}”", "Delete category “{}”", category.name),
                text: t!(lang, "以后的工单不能再选它。已有的工单照旧显示，统计照旧计算。", "Tickets can no longer take it. Those that have it go on showing it, and reports go on counting it.").to_owned(),
                keep: t!(lang, "保留", "Keep it").to_owned(),
                act: t!(lang, "删除分类", "Delete category").to_owned(),
                path: path_of::<actions::DeleteCategory>(),
                fields: vec![("id".to_owned(), id.to_string())],
            },
        );
        view! { <footer>{confirm}</footer> }.into_any()
    });
    view! {
        <section class="card">
            <header><h2>{title}</h2></header>
            <form class="in stack" method="post" action={path_of::<actions::SaveCategory>()}>
                {form.summary()}
                {chosen.map(|category| hidden("id", category.id))}
                {Input::text("name", t!(lang, "名称", "Name")).required().max(20).value(name).hint(t!(lang, "最多 20 字，不含 /", "At most 20 characters, without /")).view(form)}
                {Select::new("parent", t!(lang, "上级", "Under")).options(parents).selected(parent).empty(t!(lang, "无，作为一级分类", "Nothing: first level")).view(form)}
                {Area::new("description", t!(lang, "说明", "Description")).rows(2).max(150).value(description).hint(t!(lang, "什么样的工单选这个分类", "Which tickets belong here")).view(form)}
                {template}
                {reason(form)}
                <button class="btn main wide" type="submit">{button}</button>
            </form>
            {delete}
        </section>
    }
    .into_any()
}

//! 工单模板: the templates by name, and the editor of one: every field with when it is required and its place.

use super::field::filled_by;
use crate::actions::own::{DeleteTemplate, SaveTemplate};
use crate::model::field::TicketField;
use crate::model::template::{DESCRIPTION_MOST, Demand, NAME_MOST, Template, Templates};
use crate::queries::{field, template};
use kernel::error::{Error, Result};
use kernel::id::TemplateId;
use kernel::lang::Lang;
use kernel::t;
use leptos::prelude::*;
use ui::dialog::{Confirm, confirm};
use ui::empty::empty;
use ui::form::choice::Check;
use ui::form::field::{Area, Input, reason};
use ui::form::{FormState, element_id, hidden, html_name, path_of};
use ui::icon::{icon, icon_s};
use ui::option::options;
use ui::page::Page;
use ui::tag::{Tone, tag};
use ui::visit::Visit;

/// Where the list lives.
const ADDRESS: &str = "/settings/ticket-templates";
/// The form.
const FORM: &str = "ticket_template";

/// 工单模板, `/settings/ticket-templates`.
pub async fn templates_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    let fields = field::list(&ctx).await?;
    let templates = template::templates(&mut ctx.read().await?).await?;
    let page = Page::new(t!(lang, "工单模板", "Ticket templates"))
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .count(templates.all.len())
        .lead(t!(
            lang,
            "每个模板列出工单上要填的字段。在工单分类里选用；没有选的用上级分类的，再没有就用默认模板。",
            "A template lists the fields of a ticket. Categories choose one; a category without takes that of the category above, or the default."
        ))
        .action(move || new_button(lang));
    Ok(page.body(move || {
        if templates.all.is_empty() {
            let text = t!(
                lang,
                "例如：退货工单要填订单号和退货原因，关闭前要填处理结果。",
                "For example: a return asks for the order number and the reason, and for the result before it is closed."
            );
            return empty("clipboard-list", t!(lang, "还没有工单模板", "No templates yet"), text, new_button(lang));
        }
        let rows: Vec<AnyView> = templates.all.iter().map(|template| row(lang, template, &templates, &fields)).collect();
        view! { <div class="body"><section class="card"><ul class="rows">{rows}</ul></section></div> }.into_any()
    }))
}

fn row(lang: Lang, template: &Template, templates: &Templates, fields: &[TicketField]) -> AnyView {
    let default = template.is_default.then(|| tag(Tone::Info, "star", t!(lang, "默认", "Default")));
    let named = templates.named.values().filter(|(_, named)| *named == Some(template.id)).count();
    let used = (named > 0).then(|| tag(Tone::Line, "list-tree", t!(lang, "{} 个分类选用", "{} categories", named)));
    let description = (!template.description.is_empty()).then(|| view! { <small>{template.description.clone()}</small> });
    view! {
        <li>
            <div class="grow">
                <a class="to" href=format!("{ADDRESS}/{}", template.id)>{template.name.clone()}</a>" "{default}" "{used}
                {description}
                <small>{slots_words(lang, template, fields)}</small>
            </div>
        </li>
    }
    .into_any()
}

/// `订单号（创建时必填）、处理结果`; fields that are switched off are left out.
fn slots_words(lang: Lang, template: &Template, fields: &[TicketField]) -> String {
    let words = template.slots.iter().filter_map(|slot| {
        let field = fields.iter().find(|field| field.id == slot.field && field.enabled)?;
        Some(match slot.demand {
            Demand::Never => field.label.clone(),
            demand => t!(lang, "{0}（{1}）", "{0} ({1})", field.label, demand.label(lang)),
        })
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { t!(lang, "没有字段", "No fields").to_owned() } else { words.join(t!(lang, "、", ", ")) }
}

fn new_button(lang: Lang) -> AnyView {
    view! { <a class="btn main" href=format!("{ADDRESS}/new")>{icon("plus")}{t!(lang, "新建模板", "New template")}</a> }.into_any()
}

/// 新建模板.
pub async fn new_page(visit: Visit) -> Result<Page> {
    page(visit, None).await
}

/// 修改模板.
pub async fn edit_page(visit: Visit) -> Result<Page> {
    let id: TemplateId = visit.param("id")?;
    let kept = template::list(&visit.ctx).await?.into_iter().find(|template| template.id == id).ok_or(Error::NotFound)?;
    page(visit, Some(kept)).await
}

async fn page(visit: Visit, kept: Option<Template>) -> Result<Page> {
    let (lang, fields) = (visit.lang(), field::list(&visit.ctx).await?);
    let (form, failed) = (visit.form(FORM), visit.form("ticket_template_delete"));
    let title = kept.as_ref().map_or_else(|| t!(lang, "新建模板", "New template").to_owned(), |template| template.name.clone());
    let page = Page::new(title).crumb(t!(lang, "设置", "Settings"), "/settings").crumb(t!(lang, "工单模板", "Ticket templates"), ADDRESS);
    let page = match kept.clone() {
        Some(template) => page.action(move || delete_button(&template, lang)),
        None => page,
    };
    Ok(page.body(move || view! { <div class="body narrow">{failed.summary()}{editor(lang, kept.as_ref(), &fields, &form)}</div> }))
}

fn editor(lang: Lang, kept: Option<&Template>, fields: &[TicketField], form: &FormState) -> AnyView {
    let (name, description) = kept.map_or((String::new(), String::new()), |kept| (kept.name.clone(), kept.description.clone()));
    view! {
        <form class="stack" method="post" id=FORM action={path_of::<SaveTemplate>()}>
            {form.summary()}
            {kept.map(|kept| view! { {hidden("id", kept.id)}{hidden("version", kept.version)} })}
            <section class="card"><div class="in stack">
                {Input::text("name", t!(lang, "名称", "Name")).value(name).required().max(NAME_MOST).view(form)}
                {Area::new("description", t!(lang, "说明", "Description")).value(description).rows(2).max(DESCRIPTION_MOST).view(form)}
                {Check::new("is_default", t!(lang, "默认模板", "Default template")).checked(kept.is_some_and(|kept| kept.is_default)).hint(t!(lang, "没有分类、或分类没有模板的工单用它", "For tickets without a category, or of a category without a template")).view(form)}
            </div></section>
            {slots(lang, kept, fields, form)}
            {reason(form)}
            <div class="row"><button class="btn main" type="submit">{t!(lang, "保存模板", "Save template")}</button><a class="btn quiet" href=ADDRESS>{t!(lang, "放弃", "Discard")}</a></div>
        </form>
    }
    .into_any()
}

/// A row for each field: those of the template first, in its order; then the others.
fn slots(lang: Lang, kept: Option<&Template>, fields: &[TicketField], form: &FormState) -> AnyView {
    if fields.is_empty() {
        let link = view! { <a class="btn" href="/settings/ticket-fields/new">{icon("plus")}{t!(lang, "新建字段", "New field")}</a> };
        let text = t!(lang, "先建字段，再放进模板。", "Make fields first, then put them into a template.");
        return view! { <section class="card">{empty("form", t!(lang, "还没有自定义字段", "No fields of your own yet"), text, link)}</section> }
            .into_any();
    }
    let slots = kept.map(|kept| kept.slots.as_slice()).unwrap_or_default();
    let place = |field: &TicketField| slots.iter().position(|slot| slot.field == field.id);
    let mut ordered: Vec<&TicketField> = fields.iter().filter(|field| field.enabled || place(field).is_some()).collect();
    ordered.sort_by_key(|field| place(field).unwrap_or(usize::MAX));
    let rows: Vec<AnyView> = ordered
        .into_iter()
        .enumerate()
        .map(|(at, field)| {
            let held = place(field);
            slot_row(lang, form, at, field, held.map(|held| slots[held].demand), held.map(|held| held + 1))
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="slots">
            <header><h2 id="slots">{t!(lang, "字段", "Fields")}</h2><span class="small mute">{t!(lang, "按顺序从小到大排列", "In the order of their places")}</span></header>
            <table class="table matrix slots">
                <thead><tr>
                    <th scope="col">{t!(lang, "字段", "Field")}</th>
                    <th scope="col">{t!(lang, "在模板里", "In the template")}</th>
                    <th scope="col">{t!(lang, "顺序", "Place")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn slot_row(lang: Lang, form: &FormState, at: usize, field: &TicketField, demand: Option<Demand>, place: Option<usize>) -> AnyView {
    let [of_field, of_demand, of_place] = ["field", "demand", "place"].map(|part| format!("slots[{at}][{part}]"));
    let chosen = form.value_or(&of_demand, demand.map_or("", Demand::key));
    let none = ("", t!(lang, "不用", "Not used"));
    let demands = options(core::iter::once(none).chain(Demand::ALL.iter().map(|demand| (demand.key(), demand.label(lang)))), &chosen);
    let typed = form.value_or(&of_place, &place.map(|place| place.to_string()).unwrap_or_default());
    let [demand_label, place_label] = [t!(lang, "在模板里", "in the template"), t!(lang, "顺序", "place")]
        .map(|what| t!(lang, "{0}：{1}", "{0}: {1}", field.label, what));
    form.name(&of_demand, &demand_label);
    form.name(&of_place, &place_label);
    let problem = form.problem(&of_place).or(form.problem(&of_demand));
    let id = element_id(FORM, &of_place);
    let wrong_id = format!("{id}-wrong");
    let said = problem.map(|_| wrong_id.clone());
    let wrong = problem.map(|text| view! { <span class="wrong" id=wrong_id>{icon_s("triangle-alert")}{text}</span> });
    let off = (!field.enabled).then(|| tag(Tone::Plain, "circle-pause", t!(lang, "停用", "Disabled")));
    view! {
        <tr>
            <th scope="row">{hidden(&of_field, field.id)}{field.label.clone()}" "{filled_by(lang, field)}" "{off}<small class="mute">{field.kind.label(lang)}</small></th>
            <td data-way=t!(lang, "在模板里", "In the template")><select class="input" id=element_id(FORM, &of_demand) name=html_name(&of_demand) aria-label=demand_label>{demands}</select></td>
            <td data-way=t!(lang, "顺序", "Place")>
                <input class="input few" inputmode="numeric" maxlength="3" autocomplete="off" id=id name=html_name(&of_place) value=typed aria-label=place_label aria-invalid=problem.map(|_| "true") aria-describedby=said/>
                {wrong}
            </td>
        </tr>
    }
    .into_any()
}

fn delete_button(template: &Template, lang: Lang) -> AnyView {
    confirm(
        "btn risky",
        t!(lang, "删除", "Delete"),
        Confirm {
            id: "delete-template",
            title: t!(lang, "删除工单模板“{}”？", "Delete the template “{}”?", template.name),
            text: t!(
                lang,
                "选用它的分类改用上级分类的模板或默认模板；工单上填过的内容还在。",
                "Categories that chose it take the template above them or the default; what was filled in on tickets is kept."
            )
            .to_owned(),
            keep: t!(lang, "保留", "Keep it").to_owned(),
            act: t!(lang, "删除工单模板", "Delete the template").to_owned(),
            path: path_of::<DeleteTemplate>(),
            fields: vec![("template".to_owned(), template.id.to_string())],
        },
    )
}

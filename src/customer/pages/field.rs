//! 客户字段: which own fields the form of a customer has.

use crate::actions::{RaiseField, RemoveField, RestoreField, SaveField};
use crate::model::Field;
use crate::queries;
use kernel::error::Result;
use kernel::field::FieldKind;
use kernel::id::CustomerFieldId;
use kernel::input::blank;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde::Deserialize;
use ui::empty::empty;
use ui::form::choice::Select;
use ui::form::field::{Area, Input, reason};
use ui::form::{FormState, hidden, path_of};
use ui::icon::icon;
use ui::page::Page;
use ui::visit::Visit;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    #[serde(deserialize_with = "blank")]
    edit: Option<CustomerFieldId>,
}

/// 客户字段设置.
pub async fn customer_fields_page(visit: Visit) -> Result<Page> {
    let (lang, ctx) = (visit.lang(), visit.ctx.clone());
    ctx.require(Permission::CustomerFields)?;
    let fields = queries::field::defined(&mut ctx.read().await?).await?;
    let removed = queries::field::removed(&ctx).await?;
    let edited = visit.query::<Query>().edit.and_then(|id| fields.iter().find(|field| field.id == id).cloned());
    let (form, list_form) = (visit.form("customer_field"), visit.form("customer_field_list"));
    Ok(Page::new(t!(lang, "客户字段", "Customer fields"))
        .history(&visit.ctx, "customer_field")
        .crumb(t!(lang, "设置", "Settings"), "/settings")
        .crumb(t!(lang, "工单", "Tickets"), "/settings")
        .count(fields.len())
        .lead(t!(
            lang,
            "除了昵称、电话这些，还想记下客户的什么。填过的内容能搜到",
            "What else to know about customers beyond names and numbers. Answers can be searched"
        ))
        .body(move || {
            view! {
                <div class="body"><div class="split">
                    <div>{list_form.summary()}{defined(&fields, lang)}{gone(&removed, lang)}</div>
                    <aside aria-label=t!(lang, "编辑字段", "Edit a field")>{field_form(&form, edited.as_ref())}</aside>
                </div></div>
            }
        }))
}

fn defined(fields: &[Field], lang: Lang) -> AnyView {
    if fields.is_empty() {
        return empty(
            "form",
            t!(lang, "还没有自己的字段", "No fields of your own yet"),
            t!(
                lang,
                "例如“合同编号”“结算方式”“购买日期”，添加后会出现在每位客户的资料里",
                "Such as “contract number”, “billing” or “date of purchase”: once added, every customer has it"
            ),
            (),
        );
    }
    let rows: Vec<AnyView> = fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let up = (at > 0).then(|| {
                let words = t!(lang, "上移 {}", "Move {} up", field.label);
                view! { <form method="post" action={path_of::<RaiseField>()}>{hidden("id", field.id)}<button class="btn quiet icon mini" type="submit" aria-label=words.clone() title=words>{icon("chevron-up")}</button></form> }
            });
            let edit = t!(lang, "编辑 {}", "Edit {}", field.label);
            let remove = t!(lang, "移除 {}", "Remove {}", field.label);
            view! {
                <li>
                    <div class="grow">{field.label.clone()}<small>{describe(field, lang)}</small></div>
                    <span class="end">
                        {up}
                        <a class="btn quiet icon mini" href=format!("/settings/customer-fields?edit={}", field.id) aria-label=edit.clone() title=edit>{icon("pencil")}</a>
                        <form method="post" action={path_of::<RemoveField>()}>{hidden("id", field.id)}<button class="btn quiet icon mini" type="submit" aria-label=remove.clone() title=remove>{icon("trash-2")}</button></form>
                    </span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <section class="card"><header><h2>{t!(lang, "使用中", "In use")}</h2></header><ul class="rows">{rows}</ul></section> }
        .into_any()
}

fn gone(fields: &[Field], lang: Lang) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = fields
        .iter()
        .map(|field| {
            view! {
                <li>
                    <div class="grow">{field.label.clone()}<small>{describe(field, lang)}</small></div>
                    <form class="end" method="post" action={path_of::<RestoreField>()}>{hidden("id", field.id)}<button class="btn mini" type="submit">{t!(lang, "恢复字段", "Restore field")}</button></form>
                </li>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="card">
                <header><h2>{t!(lang, "已移除", "Removed")}</h2><span class="mute small">{t!(lang, "填过的内容还在，恢复后重新出现", "Answers are kept and come back with the field")}</span></header>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn field_form(form: &FormState, edited: Option<&Field>) -> AnyView {
    let lang = form.lang();
    let title = if edited.is_some() { t!(lang, "编辑字段", "Edit field") } else { t!(lang, "添加字段", "Add a field") };
    let kind = match edited {
        Some(field) => {
            view! { {hidden("id", field.id)}{hidden("kind", field.kind)}<p class="mute small">{field.kind.label(lang)}</p> }.into_any()
        }
        None => {
            let kinds = FieldKind::ALL.iter().map(|kind| (kind.key(), kind.label(lang)));
            Select::new("kind", t!(lang, "字段类型", "Type")).options(kinds).required().view(form)
        }
    };
    let options = edited.is_none_or(|field| field.kind.has_options()).then(|| {
        Area::new("options", t!(lang, "选项", "Options"))
            .value(edited.map(|field| field.options.join("\n")).unwrap_or_default())
            .hint(t!(
                lang,
                "每行一个，下拉列表、复选框、单选框、级联才需要；级联写路径，如 电器/冰箱",
                "One a line; for drop-down, checkboxes, radio buttons and cascades, whose lines are paths: home/fridge"
            ))
            .view(form)
    });
    let back = edited.map(|_| view! { <a class="btn quiet" href="/settings/customer-fields">{t!(lang, "不改了", "Cancel")}</a> });
    let save = if edited.is_some() { t!(lang, "保存字段", "Save field") } else { t!(lang, "添加字段", "Add field") };
    view! {
        <section class="card">
            <header><h2>{title}</h2></header>
            <form class="in stack" method="post" action={path_of::<SaveField>()}>
                {form.summary()}
                {Input::text("label", t!(lang, "字段名称", "Label")).value(edited.map(|field| field.label.clone()).unwrap_or_default()).required().max(20).view(form)}
                {kind}
                {options}
                {reason(form)}
                <div class="row"><button class="btn main" type="submit">{save}</button>{back}</div>
            </form>
        </section>
    }
    .into_any()
}

fn describe(field: &Field, lang: Lang) -> String {
    let kind = field.kind.label(lang);
    if field.options.is_empty() { kind.to_owned() } else { t!(lang, "{}：{}", "{}: {}", kind, field.options.join(", ")) }
}

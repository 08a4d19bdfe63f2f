//! 自定义字段 of a ticket: in the form of a new one, among the properties, before it ends, and as facts.

use super::create;
use crate::islands::own::PART;
use crate::model::field::{FilledBy, FormInput, TicketField};
use crate::model::template::Demand;
use crate::queries::detail::Detail;
use crate::queries::template::{self, Form};
use kernel::answer::{all_words, values_of};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::field::{Asked, answer_name};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use leptos::prelude::*;
use serde_json::Value;
use ui::flash::Flash;
use ui::form::own::{self, Needed};
use ui::form::{FormState, html_name};
use ui::icon::icon_s;
use ui::tag::{Tone, or_dash, tag};

/// The fields of a new ticket of this category, drawn for a form that is open already.
pub(crate) async fn part(ctx: &Ctx, input: FormInput) -> Result<String> {
    ctx.require(Permission::TicketCreate)?;
    let fields = template::form(&mut ctx.read().await?, input.category).await?;
    Ok(of_new(&FormState::new(create::FORM, &Flash::default(), ctx.lang()), &fields).to_html())
}

/// The fields of a new ticket, in the form's place for them.
pub(crate) fn new_part(form: &FormState, fields: &Form) -> AnyView {
    view! { <div class="own" id=PART>{of_new(form, fields)}</div> }.into_any()
}

/// The button that asks for the fields of the category that was chosen; where scripting is on, choosing does. Nothing
/// where the company has no fields.
pub(crate) fn step(lang: Lang, fields: &Form) -> Option<AnyView> {
    let has_any = !fields.slots.is_empty() || !fields.others.is_empty();
    has_any.then(|| {
        view! { <div class="row own-step"><button class="btn" type="submit" name=html_name("step") value="fields" formnovalidate=true>{t!(lang, "显示该分类的字段", "Show the fields of this category")}</button></div> }.into_any()
    })
}

fn of_new(form: &FormState, fields: &Form) -> AnyView {
    let drawn: Vec<AnyView> =
        fields.slots.iter().map(|(field, demand)| control(form, field, None, &[], Needed::from(demand.on_creation()), *demand)).collect();
    if drawn.is_empty() {
        return ().into_any();
    }
    view! { <div class="two">{drawn}</div> }.into_any()
}

/// The fields of a ticket's template among its properties, then what else was filled in.
pub(crate) fn in_properties(form: &FormState, fields: &Form, kept: &Value) -> AnyView {
    let drawn: Vec<AnyView> = fields
        .slots
        .iter()
        .map(|(field, demand)| {
            let values = values_of(kept.get(field.id.to_string()));
            control(form, field, None, &values, Needed::No, *demand)
        })
        .collect();
    let drawn = (!drawn.is_empty()).then(|| view! { <div class="stack own">{drawn}</div> });
    let others: Vec<AnyView> = fields.others.iter().filter_map(|field| fact(form.lang(), field, kept)).collect();
    let others = (!others.is_empty()).then(|| view! { <dl class="facts">{others}</dl> });
    view! { {drawn}{others} }.into_any()
}

/// The same as facts, for whoever may not edit.
pub(crate) fn facts(lang: Lang, fields: &Form, kept: &Value) -> Vec<AnyView> {
    let empty = |field: &TicketField| view! { <dt>{label(lang, field)}</dt><dd>{or_dash("")}</dd> }.into_any();
    let slots = fields.slots.iter().map(|(field, _)| fact(lang, field, kept).unwrap_or_else(|| empty(field)));
    slots.chain(fields.others.iter().filter_map(|field| fact(lang, field, kept))).collect()
}

/// What has to be filled in before the ticket is solved or closed, beside the reply that does: closed until it is wanted.
pub(crate) fn before_end(form: &FormState, ticket: &Detail) -> Option<AnyView> {
    let lang = form.lang();
    let missing: Vec<&TicketField> =
        if ticket.ticket.status.is_open() { ticket.own.missing(&ticket.ticket.fields).collect() } else { Vec::new() };
    if missing.is_empty() {
        return None;
    }
    let is_wanted = missing.iter().any(|field| {
        let name = answer_name(field.id);
        form.problem(&name).is_some() || !form.value_or(&name, "").is_empty()
    });
    let number = missing.len();
    let drawn: Vec<AnyView> = missing.into_iter().map(|field| control(form, field, None, &[], Needed::No, Demand::Close)).collect();
    let words = t!(lang, "解决或关闭前要填的字段", "To be filled in before it is solved or closed");
    Some(
        view! {
            <details class="opens before-end" open=is_wanted>
                <summary>{icon_s("chevron-right")}<b>{words}</b><span class="tag">{number}</span></summary>
                <div class="stack">{drawn}</div>
            </details>
        }
        .into_any(),
    )
}

/// One field of a form. `now` is what somebody else saved meanwhile, said under it.
pub(crate) fn control(
    form: &FormState,
    field: &TicketField,
    now: Option<&str>,
    values: &[String],
    needed: Needed,
    demand: Demand,
) -> AnyView {
    let lang = form.lang();
    let mut hints: Vec<String> = Vec::new();
    hints.extend(now.map(str::to_owned));
    hints.extend((!field.hint.is_empty()).then(|| field.hint.clone()));
    hints.extend((field.filled_by == FilledBy::Customer).then(|| FilledBy::Customer.label(lang).to_owned()));
    hints.extend(demand.on_closing().then(|| Demand::Close.label(lang).to_owned()));
    let hint = hints.join(t!(lang, "；", "; "));
    own::control(form, &answer_name(field.id), &Asked { hint: &hint, ..field.asked() }, values, needed)
}

/// Label and value, when something was filled in.
fn fact(lang: Lang, field: &TicketField, kept: &Value) -> Option<AnyView> {
    let values = values_of(kept.get(field.id.to_string()));
    let words = all_words(field.kind, &values, t!(lang, "、", ", "));
    (!values.is_empty()).then(|| view! { <dt>{label(lang, field)}</dt><dd>{words}</dd> }.into_any())
}

fn label(lang: Lang, field: &TicketField) -> AnyView {
    let by = (field.filled_by == FilledBy::Customer).then(|| view! { " "{tag(Tone::Line, "user-round", FilledBy::Customer.label(lang))} });
    view! { {field.label.clone()}{by} }.into_any()
}

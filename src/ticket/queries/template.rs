//! 工单模板, and the form of own fields that a ticket of a category has.

use super::field;
use crate::model::field::{FilledBy, TicketField};
use crate::model::template::{Demand, Slot, Template, Templates};
use kernel::answer;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CategoryId, TemplateId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde_json::Value;
use std::collections::HashMap;

/// 工单表单: the own fields of a ticket that its reader may see.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The fields of its template, in order, with what is demanded of each.
    pub slots: Vec<(TicketField, Demand)>,
    /// The others, which its template does not have.
    pub others: Vec<TicketField>,
}

impl Form {
    /// The fields that have to be filled in before the ticket is solved or closed, and are not.
    pub fn missing<'a>(&'a self, kept: &'a Value) -> impl Iterator<Item = &'a TicketField> {
        let is_empty = |field: &TicketField| answer::values_of(kept.get(field.id.to_string())).is_empty();
        self.slots.iter().filter(move |(field, demand)| demand.on_closing() && is_empty(field)).map(|(field, _)| field)
    }
}

/// Every template, for the settings.
pub async fn list(ctx: &Ctx) -> Result<Vec<Template>> {
    ctx.require(Permission::CategoryManage)?;
    all(&mut ctx.read().await?).await
}

/// Every template by name. Everybody may know them.
pub async fn all(tx: &mut Tx) -> Result<Vec<Template>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: TemplateId", name, description, slots, is_default, version
        from ticket_templates
        where company_id = $1
        and deleted_at is null
        order by name, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let slots: Vec<Slot> = serde_json::from_value(row.slots).map_err(Error::internal)?;
            let (id, name, description, is_default, version) = (row.id, row.name, row.description, row.is_default, row.version);
            Ok(Template { id, name, description, slots, is_default, version })
        })
        .collect()
}

/// The templates with the categories that name them; deleted ones too, since tickets keep them.
pub async fn templates(tx: &mut Tx) -> Result<Templates> {
    let all = all(tx).await?;
    if all.is_empty() {
        return Ok(Templates::default());
    }
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: CategoryId", parent_id as "parent: CategoryId", template_id as "template: TemplateId"
        from ticket_categories
        where company_id = $1"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Templates { all, named: rows.into_iter().map(|row| (row.id, (row.parent, row.template))).collect() })
}

/// Which template each category names, where it names one.
pub(crate) async fn named(tx: &mut Tx) -> Result<HashMap<CategoryId, TemplateId>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: CategoryId", template_id as "template!: TemplateId"
        from ticket_categories
        where company_id = $1
        and template_id is not null"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.template)).collect())
}

/// The own fields of a ticket of this category, as its reader sees them.
pub async fn form(tx: &mut Tx, category: Option<CategoryId>) -> Result<Form> {
    let mut others = field::seen(tx).await?;
    if others.is_empty() {
        return Ok(Form::default());
    }
    let slots = slotted(&mut others, &templates(tx).await?, category);
    Ok(Form { slots, others })
}

/// What a ticket of this category asks of its customer, whoever of the agents sees it: the fields of its template that are
/// theirs to answer. System: its caller shows them to that customer.
pub async fn of_customer(tx: &mut Tx, category: Option<CategoryId>) -> Result<Vec<(TicketField, Demand)>> {
    let mut theirs = field::all(tx).await?;
    theirs.retain(|field| field.enabled && field.filled_by == FilledBy::Customer);
    if theirs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(slotted(&mut theirs, &templates(tx).await?, category))
}

/// Takes the fields of the template of this category, in its order, from among these.
fn slotted(fields: &mut Vec<TicketField>, templates: &Templates, category: Option<CategoryId>) -> Vec<(TicketField, Demand)> {
    let slots = templates.of(category).map(|(template, _)| template.slots.as_slice()).unwrap_or_default();
    let mut take = |slot: &Slot| {
        let at = fields.iter().position(|field| field.id == slot.field)?;
        Some((fields.remove(at), slot.demand))
    };
    slots.iter().filter_map(&mut take).collect()
}

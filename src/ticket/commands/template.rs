//! 工单模板: which own fields tickets of a category have, and when each has to be filled in.

use crate::model::field::TicketField;
use crate::model::template::{Slot, TEMPLATES_MOST, Template, TemplateChoice, TemplateInput};
use crate::queries::field;
use crate::queries::template::all;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::TemplateId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// 保存: a new template, or another name, description or fields of one. Tickets of its categories have its new form at once;
/// what was filled in stays. The one that becomes the default takes the place of the one that was.
pub async fn save(ctx: &Ctx, input: TemplateInput) -> Result<TemplateId> {
    ctx.require(Permission::CategoryManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id
        && held(&all(&mut tx).await?, id)?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.id.unwrap_or(TemplateId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted template comes
/// back.
pub(crate) async fn put(tx: &mut Tx, id: TemplateId, input: &TemplateInput) -> Result {
    let slots = input.check()?;
    let fields = field::all(tx).await?;
    check_fields(input, &slots, &fields)?;
    let known = all(tx).await?;
    let before = known.iter().find(|template| template.id == id);
    if before.is_none() && known.len() >= TEMPLATES_MOST {
        return Err(Problem::TooMany.into());
    }
    if input.is_default
        && let Some(other) = known.iter().find(|template| template.is_default && template.id != id)
    {
        clear_default(tx, other, &fields).await?;
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into ticket_templates as t (company_id, id, name, description, slots, is_default, version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
        on conflict (company_id, id) do update
        set name = excluded.name, description = excluded.description, slots = excluded.slots, is_default = excluded.is_default,
            version = t.version + 1, updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        id as _,
        input.name.trim(),
        input.description.trim(),
        serde_json::to_value(&slots).map_err(Error::internal)?,
        input.is_default,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "ticket_templates_name", "name", Problem::NameTaken))?;
    let after = held(&all(tx).await?, id)?;
    let lang = tx.ctx.company_lang;
    let action = if before.is_some() { "template.edited" } else { "template.created" };
    tx.audit(action, subject(&after), before.map(|before| shown(lang, before, &fields)), Some(shown(lang, &after, &fields))).await
}

/// 删除: its categories take the template above them, or the default. What was filled in stays.
pub async fn delete(ctx: &Ctx, input: TemplateChoice) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    remove(&mut tx, input.template).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: TemplateId) -> Result {
    let before = held(&all(tx).await?, id)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!("update ticket_categories set template_id = null where company_id = $1 and template_id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!(
        "update ticket_templates set deleted_at = $3, is_default = false where company_id = $1 and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let (fields, lang) = (field::all(tx).await?, tx.ctx.company_lang);
    tx.audit("template.deleted", subject(&before), Some(shown(lang, &before, &fields)), None).await
}

/// Another template takes the place of this one, whose history and version say so.
async fn clear_default(tx: &mut Tx, before: &Template, fields: &[TicketField]) -> Result {
    let (company, now, lang) = (tx.ctx.company, tx.ctx.now(), tx.ctx.company_lang);
    sqlx::query!(
        "update ticket_templates set is_default = false, version = version + 1, updated_at = $3 where company_id = $1 and id = $2",
        company as _,
        before.id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let after = Template { is_default: false, ..before.clone() };
    tx.audit("template.edited", subject(&after), Some(shown(lang, before, fields)), Some(shown(lang, &after, fields))).await
}

fn held(known: &[Template], id: TemplateId) -> Result<Template> {
    known.iter().find(|template| template.id == id).cloned().ok_or(Error::NotFound)
}

/// Every field of the template is one of the company.
fn check_fields(input: &TemplateInput, slots: &[Slot], fields: &[TicketField]) -> Result {
    let mut problems = Problems::default();
    for slot in slots.iter().filter(|slot| fields.iter().all(|field| field.id != slot.field)) {
        let at = input.slots.iter().position(|typed| typed.field == slot.field).unwrap_or_default();
        problems.add(&format!("slots[{at}][demand]"), Problem::BadChoice);
    }
    problems.end()
}

fn subject(template: &Template) -> Subject {
    Subject::named("template", Some(template.id.0), template.name.clone())
}

/// As the audit trail keeps it: in words, as it read then.
fn shown(lang: Lang, template: &Template, fields: &[TicketField]) -> Value {
    let words = |slot: &Slot| {
        let field = fields.iter().find(|field| field.id == slot.field)?;
        Some(t!(lang, "{0}（{1}）", "{0} ({1})", field.label, slot.demand.label(lang)))
    };
    json!({
        "name": template.name,
        "description": template.description,
        "is_default": template.is_default,
        "slots": template.slots.iter().filter_map(words).collect::<Vec<_>>(),
    })
}

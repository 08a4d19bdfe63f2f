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
    let slots = input.check()?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let fields = field::all(&mut tx).await?;
    check_fields(&input, &slots, &fields)?;
    let (company, now, name, description) = (ctx.company, ctx.now(), input.name.trim(), input.description.trim());
    let document = serde_json::to_value(&slots).map_err(Error::internal)?;
    let taken = |error| Error::on_constraint(error, "ticket_templates_name", "name", Problem::NameTaken);
    let known = all(&mut tx).await?;
    if input.is_default {
        clear_default(&mut tx).await?;
    }
    let (id, before) = match input.id {
        Some(id) => {
            let before = held(&known, id)?;
            if before.version != input.version {
                return Err(Problem::Stale.into());
            }
            sqlx::query!(
                "update ticket_templates
                set name = $3, description = $4, slots = $5, is_default = $6, version = version + 1, updated_at = $7
                where company_id = $1
                and id = $2",
                company as _,
                id as _,
                name,
                description,
                document,
                input.is_default,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, Some(before))
        }
        None => {
            if known.len() >= TEMPLATES_MOST {
                return Err(Problem::TooMany.into());
            }
            let id = TemplateId(ctx.uuid());
            sqlx::query!(
                "insert into ticket_templates (company_id, id, name, description, slots, is_default, version, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
                company as _,
                id as _,
                name,
                description,
                document,
                input.is_default,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, None)
        }
    };
    let after = held(&all(&mut tx).await?, id)?;
    let lang = ctx.company_lang;
    let action = if before.is_some() { "template.edited" } else { "template.created" };
    tx.audit(action, subject(&after), before.map(|before| shown(lang, &before, &fields)), Some(shown(lang, &after, &fields))).await?;
    tx.commit().await?;
    Ok(id)
}

/// 删除: its categories take the template above them, or the default. What was filled in stays.
pub async fn delete(ctx: &Ctx, input: TemplateChoice) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let before = held(&all(&mut tx).await?, input.template)?;
    let (company, now, id) = (ctx.company, ctx.now(), before.id);
    sqlx::query!("update ticket_categories set template_id = null where company_id = $1 and template_id = $2", company as _, id as _)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "update ticket_templates set deleted_at = $3, is_default = false where company_id = $1 and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let fields = field::all(&mut tx).await?;
    tx.audit("template.deleted", subject(&before), Some(shown(ctx.company_lang, &before, &fields)), None).await?;
    tx.commit().await
}

async fn clear_default(tx: &mut Tx) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("update ticket_templates set is_default = false where company_id = $1 and is_default", company as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
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

//! 工单自定义字段: what a company wants to know of its tickets beyond the built-in properties.

use crate::model::category::Step;
use crate::model::field::{FIELDS_MOST, FieldStep, FilledBy, TicketField, TicketFieldInput};
use crate::queries::field::all;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{PermissionGroupId, TicketFieldId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// 保存: a new field behind the others, or another label, hint, options, way of filling in or readers of one. What it holds
/// stays what it was. What was filled in stays, also of a field that is switched off.
pub async fn save(ctx: &Ctx, input: TicketFieldInput) -> Result<TicketFieldId> {
    ctx.require(Permission::CategoryManage)?;
    let (kind, options) = input.check()?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let shown_to = check_groups(&mut tx, &input.shown_to).await?;
    let (company, now, label, hint) = (ctx.company, ctx.now(), input.label.trim(), input.hint.trim());
    let filled_by = input.filled_by.unwrap_or(FilledBy::Agent);
    let groups: Vec<uuid::Uuid> = shown_to.iter().map(|group| group.0).collect();
    let taken = |error| Error::on_constraint(error, "ticket_fields_label", "label", Problem::NameTaken);
    let known = all(&mut tx).await?;
    let (id, before) = match input.id {
        Some(id) => {
            let before = known.iter().find(|field| field.id == id && field.kind == kind).ok_or(Error::NotFound)?;
            if before.version != input.version {
                return Err(Problem::Stale.into());
            }
            sqlx::query!(
                "update ticket_fields
                set label = $3, hint = $4, options = $5, filled_by = $6, shown_to = $7, enabled = $8, version = version + 1, updated_at = $9
                where company_id = $1
                and id = $2",
                company as _,
                id as _,
                label,
                hint,
                &options,
                filled_by as _,
                &groups,
                input.enabled,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, Some(before))
        }
        None => {
            if known.len() >= FIELDS_MOST {
                return Err(Problem::TooMany.into());
            }
            let id = TicketFieldId(ctx.uuid());
            let position = known.iter().map(|field| field.position).max().unwrap_or(0) + 1;
            sqlx::query!(
                "insert into ticket_fields (company_id, id, label, hint, kind, options, filled_by, shown_to, position, enabled, version,
                    created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)",
                company as _,
                id as _,
                label,
                hint,
                kind as _,
                &options,
                filled_by as _,
                &groups,
                position,
                input.enabled,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, None)
        }
    };
    let after = all(&mut tx).await?.into_iter().find(|field| field.id == id).ok_or(Error::NotFound)?;
    let (names, lang) = (group_names(&mut tx).await?, ctx.company_lang);
    let action = if before.is_some() { "ticket_field.edited" } else { "ticket_field.created" };
    tx.audit(action, subject(&after), before.map(|field| shown(lang, field, &names)), Some(shown(lang, &after, &names))).await?;
    tx.commit().await?;
    Ok(id)
}

/// 排序: one place up or down.
pub async fn step(ctx: &Ctx, input: FieldStep) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let known = all(&mut tx).await?;
    let at = known.iter().position(|field| field.id == input.field).ok_or(Error::NotFound)?;
    let to = match input.step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1),
    };
    let Some(other) = to.and_then(|to| known.get(to)) else { return Ok(()) };
    let (company, moved) = (ctx.company, &known[at]);
    sqlx::query!(
        "update ticket_fields
        set position = case id when $2 then $4::int else $5::int end
        where company_id = $1
        and id in ($2, $3)",
        company as _,
        moved.id as _,
        other.id as _,
        other.position,
        moved.position,
    )
    .execute(&mut *tx)
    .await?;
    let labels = |fields: &[TicketField]| json!({ "order": fields.iter().map(|field| field.label.clone()).collect::<Vec<_>>() });
    let after = all(&mut tx).await?;
    tx.audit("ticket_field.moved", subject(moved), Some(labels(&known)), Some(labels(&after))).await?;
    tx.commit().await
}

/// Every permission group that was ticked exists; each once.
async fn check_groups(tx: &mut Tx, chosen: &[PermissionGroupId]) -> Result<Vec<PermissionGroupId>> {
    let known = group_names(tx).await?;
    let mut groups: Vec<PermissionGroupId> = Vec::new();
    for group in chosen {
        if !known.iter().any(|(id, _)| id == group) {
            return Err(Error::Problems(Problems::one("shown_to", Problem::BadChoice)));
        }
        if !groups.contains(group) {
            groups.push(*group);
        }
    }
    Ok(groups)
}

async fn group_names(tx: &mut Tx) -> Result<Vec<(PermissionGroupId, String)>> {
    let options = identity::queries::permission::permission_group_options(tx).await?;
    Ok(options.into_iter().map(|option| (option.id, option.name)).collect())
}

fn subject(field: &TicketField) -> Subject {
    Subject::named("ticket_field", Some(field.id.0), field.label.clone())
}

/// As the audit trail keeps it: permission groups by their names of then.
fn shown(lang: Lang, field: &TicketField, names: &[(PermissionGroupId, String)]) -> Value {
    let name = |group: &PermissionGroupId| names.iter().find(|(id, _)| id == group).map(|(_, name)| name.clone());
    json!({
        "label": field.label,
        "hint": field.hint,
        "kind": field.kind,
        "options": field.options,
        "filled_by": field.filled_by.label(lang),
        "shown_to": field.shown_to.iter().filter_map(name).collect::<Vec<_>>(),
        "enabled": field.enabled,
    })
}

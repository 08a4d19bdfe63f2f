//! 工单自定义字段: what a company wants to know of its tickets beyond the built-in properties.

use crate::model::field::{FIELDS_MOST, FieldStep, FilledBy, TicketField, TicketFieldInput};
use crate::queries::field::all;
use crate::queries::template;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::FieldKind;
use kernel::id::{PermissionGroupId, TicketFieldId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::step::stepped;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// 保存: a new field behind the others, or another label, hint, options, way of filling in or readers of one. What it holds
/// stays what it was. What was filled in stays, also of a field that is switched off.
pub async fn save(ctx: &Ctx, input: TicketFieldInput) -> Result<TicketFieldId> {
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
    let id = input.id.unwrap_or(TicketFieldId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted field comes
/// back behind the others, with what was filled in.
pub(crate) async fn put(tx: &mut Tx, id: TicketFieldId, input: &TicketFieldInput) -> Result {
    let (kind, options) = input.check()?;
    let shown_to = check_groups(tx, &input.shown_to).await?;
    let known = all(tx).await?;
    let before = known.iter().find(|field| field.id == id);
    if before.is_some_and(|before| before.kind != kind) {
        return Err(Error::NotFound);
    }
    // One that was deleted comes back as what it was: what was filled in is of its kind.
    if before.is_none() && kind_of(tx, id).await?.is_some_and(|known| known != kind) {
        return Err(Error::Problems(Problems::one("kind", Problem::BadChoice)));
    }
    if before.is_none() && known.len() >= FIELDS_MOST {
        return Err(Problem::TooMany.into());
    }
    let last = known.iter().map(|field| field.position).max().unwrap_or(0) + 1;
    let groups: Vec<uuid::Uuid> = shown_to.iter().map(|group| group.0).collect();
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into ticket_fields as f (company_id, id, label, hint, kind, options, filled_by, shown_to, position, enabled, version,
            created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
        on conflict (company_id, id) do update
        set label = excluded.label, hint = excluded.hint, options = excluded.options, filled_by = excluded.filled_by,
            shown_to = excluded.shown_to, position = excluded.position, enabled = excluded.enabled, version = f.version + 1,
            updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        id as _,
        input.label.trim(),
        input.hint.trim(),
        kind as _,
        &options,
        input.filled_by.unwrap_or(FilledBy::Agent) as _,
        &groups,
        before.map_or(last, |field| field.position),
        input.enabled,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "ticket_fields_label", "label", Problem::NameTaken))?;
    let after = held(&all(tx).await?, id)?;
    let (names, lang) = (group_names(tx).await?, tx.ctx.company_lang);
    let action = if before.is_some() { "ticket_field.edited" } else { "ticket_field.created" };
    tx.audit(action, subject(&after), before.map(|field| shown(lang, field, &names)), Some(shown(lang, &after, &names))).await
}

/// 删除, by an import alone: people switch a field off. What was filled in stays and comes back with the field. Inside the
/// caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: TicketFieldId) -> Result {
    let before = held(&all(tx).await?, id)?;
    if template::all(tx).await?.iter().any(|template| template.slots.iter().any(|slot| slot.field == id)) {
        return Err(Problem::FieldInUse.into());
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!("update ticket_fields set deleted_at = $3 where company_id = $1 and id = $2", company as _, id as _, now)
        .execute(&mut **tx)
        .await?;
    let (names, lang) = (group_names(tx).await?, tx.ctx.company_lang);
    tx.audit("ticket_field.deleted", subject(&before), Some(shown(lang, &before, &names)), None).await
}

async fn kind_of(tx: &mut Tx, id: TicketFieldId) -> Result<Option<FieldKind>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select kind as "kind: FieldKind" from ticket_fields where company_id = $1 and id = $2"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

fn held(known: &[TicketField], id: TicketFieldId) -> Result<TicketField> {
    known.iter().find(|field| field.id == id).cloned().ok_or(Error::NotFound)
}

/// 排序: one place up or down.
pub async fn step(ctx: &Ctx, input: FieldStep) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let order: Vec<TicketFieldId> = all(&mut tx).await?.iter().map(|field| field.id).collect();
    let Some(after) = stepped(order, &input.field, input.step)? else { return Ok(()) };
    arrange(&mut tx, &after.order, input.field).await?;
    tx.commit().await
}

/// The writing of `step`: all of them in this order, of which this one was moved.
pub(crate) async fn arrange(tx: &mut Tx, order: &[TicketFieldId], moved: TicketFieldId) -> Result {
    let known = all(tx).await?;
    let moved = held(&known, moved)?;
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query!(
        "update ticket_fields f
        set position = o.place
        from unnest($2::uuid[]) with ordinality o (id, place)
        where f.company_id = $1
        and f.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    let labels = |fields: &[TicketField]| json!({ "order": fields.iter().map(|field| field.label.clone()).collect::<Vec<_>>() });
    let after = all(tx).await?;
    tx.audit("ticket_field.moved", subject(&moved), Some(labels(&known)), Some(labels(&after))).await
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

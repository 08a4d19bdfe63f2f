//! 客户自定义字段: what a company wants to know about its customers beyond the built-in facts.

use crate::model::{FieldChoice, FieldInput};
use crate::queries;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::CustomerFieldId;
use kernel::permission::Permission;
use kernel::step::{Step, stepped};
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Adds a field at the end, or changes the one that `input.id` names; what it holds stays what it was.
pub async fn save(ctx: &Ctx, input: FieldInput) -> Result<CustomerFieldId> {
    ctx.require(Permission::CustomerFields)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let id = input.id.unwrap_or(CustomerFieldId(ctx.uuid()));
    if input.id.is_some() && !queries::field::defined(&mut tx).await?.iter().any(|field| field.id == id) {
        input.check()?;
        return Err(Error::NotFound);
    }
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction; a field that was taken off the form comes back.
pub(crate) async fn put(tx: &mut Tx, id: CustomerFieldId, input: &FieldInput) -> Result {
    input.check()?;
    let known = queries::field::defined(tx).await?;
    let label = input.label.trim();
    if known.iter().any(|field| field.label == label && field.id != id) {
        return Err(Error::Problems(Problems::one("label", Problem::NameTaken)));
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let kind = input.kind.ok_or(Problem::Required)?;
    let options = kind.options(&input.options, &mut Problems::default());
    let after = json!({ "label": label, "kind": kind, "options": options });
    let subject = Subject::named("customer_field", Some(id.0), label);
    let before = known.iter().find(|field| field.id == id);
    if let Some(before) = before {
        if before.kind != kind {
            return Err(Error::NotFound);
        }
        let was = json!({ "label": before.label, "kind": before.kind, "options": before.options });
        sqlx::query!(
            "update customer_fields set label = $3, options = $4 where company_id = $1 and id = $2 and deleted_at is null",
            company as _,
            id as _,
            label,
            &options,
        )
        .execute(&mut **tx)
        .await?;
        return tx.audit("customer_field.edited", subject, Some(was), Some(after)).await;
    }
    let position = known.iter().map(|field| field.position).max().map_or(0, |last| last.saturating_add(1));
    let written = sqlx::query!(
        "insert into customer_fields as f (company_id, id, label, kind, options, position, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (company_id, id) do update
        set label = excluded.label, options = excluded.options, position = excluded.position, deleted_at = null
        where f.kind = excluded.kind",
        company as _,
        id as _,
        label,
        kind as _,
        &options,
        position,
        now,
    )
    .execute(&mut **tx)
    .await?;
    // What customers answered to a removed field would not fit another kind.
    if written.rows_affected() == 0 {
        return Err(Error::Problems(Problems::one("kind", Problem::BadChoice)));
    }
    tx.audit("customer_field.created", subject, None, Some(after)).await
}

/// Takes a field off the form. What was answered stays with the customers and comes back with the field.
pub async fn remove(ctx: &Ctx, choice: FieldChoice) -> Result {
    ctx.require(Permission::CustomerFields)?;
    let mut tx = ctx.begin().await?;
    take_off(&mut tx, choice.id).await?;
    tx.commit().await
}

/// Puts a removed field back on the form.
pub async fn restore(ctx: &Ctx, choice: FieldChoice) -> Result {
    ctx.require(Permission::CustomerFields)?;
    let mut tx = ctx.begin().await?;
    set_deleted(&mut tx, choice.id, "customer_field.restored").await?;
    tx.commit().await
}

/// Moves a field one place up.
pub async fn raise(ctx: &Ctx, choice: FieldChoice) -> Result {
    ctx.require(Permission::CustomerFields)?;
    let mut tx = ctx.begin().await?;
    let order: Vec<CustomerFieldId> = queries::field::defined(&mut tx).await?.iter().map(|field| field.id).collect();
    let Some(after) = stepped(order, &choice.id, Step::Up)? else { return Ok(()) };
    arrange(&mut tx, &after.order, choice.id).await?;
    tx.commit().await
}

/// Puts the fields in this order, of which one moved.
pub(crate) async fn arrange(tx: &mut Tx, order: &[CustomerFieldId], moved: CustomerFieldId) -> Result {
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query!(
        "update customer_fields f
        set position = o.place - 1
        from unnest($2::uuid[]) with ordinality o (id, place)
        where f.company_id = $1
        and f.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    let order: Vec<String> = queries::field::defined(tx).await?.into_iter().map(|field| field.label).collect();
    tx.audit("customer_field.moved", Subject::named("customer_field", Some(moved.0), ""), None, Some(json!(order))).await
}

/// Takes a field off the form, inside the caller's transaction.
pub(crate) async fn take_off(tx: &mut Tx, id: CustomerFieldId) -> Result {
    set_deleted(tx, id, "customer_field.removed").await
}

async fn set_deleted(tx: &mut Tx, id: CustomerFieldId, action: &'static str) -> Result {
    let company = tx.ctx.company;
    let deleted_at = (action == "customer_field.removed").then(|| tx.ctx.now());
    let label = sqlx::query_scalar!(
        "update customer_fields set deleted_at = $3
        where company_id = $1 and id = $2 and (deleted_at is null) = ($3::timestamptz is not null)
        returning label",
        company as _,
        id as _,
        deleted_at as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    if deleted_at.is_none() && queries::field::defined(tx).await?.iter().filter(|field| field.label == label).count() > 1 {
        return Err(Problem::NameTaken.into());
    }
    tx.audit(action, Subject::named("customer_field", Some(id.0), label), None, None).await
}

//! 客户自定义字段: what a company wants to know about its customers beyond the built-in facts.

use crate::model::{FieldChoice, FieldInput};
use crate::queries;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::CustomerFieldId;
use kernel::permission::Permission;
use kernel::tx::Subject;
use serde_json::json;

/// Adds a field at the end, or changes the one that `input.id` names; what it holds stays what it was.
pub async fn save(ctx: &Ctx, input: FieldInput) -> Result<CustomerFieldId> {
    ctx.require(Permission::CustomerFields)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let known = queries::field::defined(&mut tx).await?;
    let label = input.label.trim();
    if known.iter().any(|field| field.label == label && Some(field.id) != input.id) {
        return Err(Error::Problems(Problems::one("label", Problem::NameTaken)));
    }
    let (company, now) = (ctx.company, ctx.now());
    let kind = input.kind.ok_or(Problem::Required)?;
    let options = kind.options(&input.options, &mut Problems::default());
    let after = json!({ "label": label, "kind": kind, "options": options });
    match input.id {
        Some(id) => {
            let before = known.iter().find(|field| field.id == id && field.kind == kind).ok_or(Error::NotFound)?;
            let was = json!({ "label": before.label, "kind": before.kind, "options": before.options });
            sqlx::query!(
                "update customer_fields set label = $3, options = $4 where company_id = $1 and id = $2 and deleted_at is null",
                company as _,
                id as _,
                label,
                &options,
            )
            .execute(&mut *tx)
            .await?;
            tx.audit("customer_field.edited", Subject::named("customer_field", Some(id.0), label), Some(was), Some(after)).await?;
            tx.commit().await?;
            Ok(id)
        }
        None => {
            let id = CustomerFieldId(ctx.uuid());
            let position = known.iter().map(|field| field.position).max().map_or(0, |last| last.saturating_add(1));
            sqlx::query!(
                "insert into customer_fields (company_id, id, label, kind, options, position, created_at)
                values ($1, $2, $3, $4, $5, $6, $7)",
                company as _,
                id as _,
                label,
                kind as _,
                &options,
                position,
                now,
            )
            .execute(&mut *tx)
            .await?;
            tx.audit("customer_field.created", Subject::named("customer_field", Some(id.0), label), None, Some(after)).await?;
            tx.commit().await?;
            Ok(id)
        }
    }
}

/// Takes a field off the form. What was answered stays with the customers and comes back with the field.
pub async fn remove(ctx: &Ctx, choice: FieldChoice) -> Result {
    set_deleted(ctx, choice, "customer_field.removed").await
}

/// Puts a removed field back on the form.
pub async fn restore(ctx: &Ctx, choice: FieldChoice) -> Result {
    set_deleted(ctx, choice, "customer_field.restored").await
}

/// Moves a field one place up.
pub async fn raise(ctx: &Ctx, choice: FieldChoice) -> Result {
    ctx.require(Permission::CustomerFields)?;
    let company = ctx.company;
    let mut tx = ctx.begin().await?;
    let mut known = queries::field::defined(&mut tx).await?;
    let at = known.iter().position(|field| field.id == choice.id).ok_or(Error::NotFound)?;
    known.swap(at, at.saturating_sub(1));
    for (position, field) in known.iter().enumerate() {
        sqlx::query!(
            "update customer_fields set position = $3 where company_id = $1 and id = $2",
            company as _,
            field.id as _,
            i16::try_from(position).unwrap_or(i16::MAX),
        )
        .execute(&mut *tx)
        .await?;
    }
    let order: Vec<&str> = known.iter().map(|field| field.label.as_str()).collect();
    tx.audit("customer_field.moved", Subject::named("customer_field", Some(choice.id.0), ""), None, Some(json!(order))).await?;
    tx.commit().await
}

async fn set_deleted(ctx: &Ctx, choice: FieldChoice, action: &'static str) -> Result {
    ctx.require(Permission::CustomerFields)?;
    let company = ctx.company;
    let deleted_at = (action == "customer_field.removed").then(|| ctx.now());
    let mut tx = ctx.begin().await?;
    let label = sqlx::query_scalar!(
        "update customer_fields set deleted_at = $3
        where company_id = $1 and id = $2 and (deleted_at is null) = ($3::timestamptz is not null)
        returning label",
        company as _,
        choice.id as _,
        deleted_at as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    if deleted_at.is_none() && queries::field::defined(&mut tx).await?.iter().filter(|field| field.label == label).count() > 1 {
        return Err(Problem::NameTaken.into());
    }
    tx.audit(action, Subject::named("customer_field", Some(choice.id.0), label), None, None).await?;
    tx.commit().await
}

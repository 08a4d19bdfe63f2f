//! Reads of the definitions of own fields.

use crate::model::Field;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::field::FieldKind;
use kernel::id::CustomerFieldId;
use kernel::permission::Permission;
use kernel::tx::Tx;

/// 客户字段: the definitions in the order of the form.
pub async fn defined(tx: &mut Tx) -> Result<Vec<Field>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Field,
        r#"select id as "id: CustomerFieldId", label, kind as "kind: FieldKind", options, position
        from customer_fields
        where company_id = $1 and deleted_at is null
        order by position, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The definitions that were taken off the form, the last one first.
pub async fn removed(ctx: &Ctx) -> Result<Vec<Field>> {
    ctx.require(Permission::CustomerFields)?;
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Field,
        r#"select id as "id: CustomerFieldId", label, kind as "kind: FieldKind", options, position
        from customer_fields
        where company_id = $1 and deleted_at is not null
        order by deleted_at desc
        limit 20"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

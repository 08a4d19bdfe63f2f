//! 调用记录: one row for each call, so that whoever builds an integration sees what came and what it was answered.

use super::token::Caller;
use kernel::error::Result;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::time::Duration;

/// Public: notes a call that was answered.
///
/// # Errors
/// When the database refuses.
pub async fn note(caller: &Caller, path: &str, ret_code: &str, took: Duration) -> Result {
    let ctx = &caller.ctx;
    let (request, id) = (&ctx.request, ctx.uuid());
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "insert into api_calls (company_id, created_at, id, caller, path, ret_code, millis, ip, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8::text::inet, $9)",
        ctx.company as _,
        ctx.now(),
        id,
        caller.id,
        path,
        ret_code,
        i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
        request.ip.map(|ip| ip.to_string()),
        request.id.0,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// System: forgets calls of before then and tokens that ran out, a chunk at a time; whether there may be more.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let company = tx.ctx.company;
    sqlx::query!("delete from api_tokens where company_id = $1 and expires_at < $2", company as _, before).execute(&mut **tx).await?;
    let gone = sqlx::query!(
        "delete from api_calls
        where company_id = $1
        and (created_at, id) in (select created_at, id from api_calls where company_id = $1 and created_at < $2 limit $3)",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= most))
}

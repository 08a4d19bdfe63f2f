//! 通话随客户: calls follow a customer who is merged, come back when that is undone, and are a customer's from the moment at
//! which their number is known.

use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CallId, CustomerId};
use kernel::tx::Tx;

/// Moves the calls of a customer who was merged away. System: a reaction to `CustomerMerged`; doing it twice moves nothing
/// twice.
pub async fn move_calls(ctx: &Ctx, kept: CustomerId, merged: CustomerId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let calls = sqlx::query_scalar!(
        r#"select id as "id: CallId"
        from calls
        where company_id = $1
        and customer_id = $2"#,
        company as _,
        merged as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let moved = hand_over(&mut tx, &calls, Some(merged), kept).await?;
    sqlx::query!(
        "insert into call_moves (company_id, kept_id, merged_id, call_id)
        select $1, $2, $3, m.call_id
        from unnest($4::uuid[]) m (call_id)
        on conflict do nothing",
        company as _,
        kept as _,
        merged as _,
        &moved as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Moves back the calls that the merge had moved; those that came later stay. System: a reaction to `CustomerMergeUndone`;
/// doing it twice moves nothing twice.
pub async fn move_back(ctx: &Ctx, kept: CustomerId, restored: CustomerId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let calls = sqlx::query_scalar!(
        r#"delete from call_moves
        where company_id = $1
        and kept_id = $2
        and merged_id = $3
        returning call_id as "call: CallId""#,
        company as _,
        kept as _,
        restored as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    hand_over(&mut tx, &calls, Some(kept), restored).await?;
    tx.commit().await
}

/// 认出来电: calls by a customer's numbers that were nobody's until now. System: a reaction to `CustomerPhonesAdded`.
pub async fn link(ctx: &Ctx, customer: CustomerId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let card = customer::queries::card(&mut tx, customer).await?;
    // Who was merged away since has no numbers any more.
    let numbers = card.phones.iter().map(|phone| customer::queries::normal_number(phone));
    let backwards: Vec<String> = numbers.map(|number| number.chars().rev().collect()).collect();
    let calls = sqlx::query_scalar!(
        r#"select distinct call_id as "call: CallId"
        from call_legs
        where company_id = $1
        and reverse(customer_number) = any ($2)
        and customer_id is null"#,
        company as _,
        &backwards,
    )
    .fetch_all(&mut *tx)
    .await?;
    hand_over(&mut tx, &calls, None, customer).await?;
    tx.commit().await
}

/// Makes those of the calls another customer's that are still `from`'s; gives which.
async fn hand_over(tx: &mut Tx, calls: &[CallId], from: Option<CustomerId>, to: CustomerId) -> Result<Vec<CallId>> {
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let company = tx.ctx.company;
    // Whoever takes events of one of them holds the same rows in the same order, and writes the customer that it read.
    sqlx::query!(
        "select s.call_key
        from calls c
        join switch_calls s on s.company_id = c.company_id and s.switch_id = c.switch_id and s.call_key = c.call_key
        where c.company_id = $1
        and c.id = any ($2)
        order by s.switch_id, s.call_key
        for update of s",
        company as _,
        calls as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let moved = sqlx::query_scalar!(
        r#"update calls
        set customer_id = $4
        where company_id = $1
        and id = any ($2)
        and customer_id is not distinct from $3
        returning id as "id: CallId""#,
        company as _,
        calls as _,
        from as _,
        to as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!(
        "update call_legs
        set customer_id = $3
        where company_id = $1
        and call_id = any ($2)",
        company as _,
        &moved as _,
        to as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(moved)
}

//! 合并客户: two records of one person become one, and can become two again.

use super::{json, lock, subject, write};
use crate::model::MergeInput;
use crate::profile::{BeforeMerge, Profile};
use crate::queries;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::event::Event;
use kernel::id::{CustomerId, MergeId};
use kernel::permission::Permission;
use kernel::tx::Tx;

/// Merges `gone` into `keep`: contacts move, what `keep` lacks is filled in, and what both were is kept for undoing.
/// Tickets follow through the event.
pub async fn merge(ctx: &Ctx, input: MergeInput) -> Result<MergeId> {
    ctx.require(Permission::CustomerMerge)?;
    let MergeInput { keep, gone } = input;
    if keep == gone {
        return Err(Problem::MergeSelf.into());
    }
    let mut tx = ctx.begin().await?;
    // One order for everybody, so that two merges of the same pair never wait for each other.
    for id in [keep.min(gone), keep.max(gone)] {
        lock(&mut tx, id).await?;
    }
    let before = BeforeMerge { kept: queries::profile(&mut tx, keep).await?, merged: queries::profile(&mut tx, gone).await? };
    let after = before.kept.with(&before.merged);
    set_merged_into(&mut tx, gone, Some(keep)).await?;
    write(&mut tx, gone, &Profile { contacts: Vec::new(), ..before.merged.clone() }).await?;
    write(&mut tx, keep, &after).await?;
    let (company, now, id, actor) = (ctx.company, ctx.now(), MergeId(ctx.uuid()), ctx.actor.clone());
    let stored = serde_json::to_value(&before).map_err(Error::internal)?;
    sqlx::query!(
        "insert into customer_merges (company_id, id, kept_id, merged_id, before, created_at, actor_id, actor_name)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        company as _,
        id as _,
        keep as _,
        gone as _,
        stored,
        now,
        actor.uuid(),
        actor.name(),
    )
    .execute(&mut *tx)
    .await?;
    tx.record(Event::CustomerMerged { kept: keep, merged: gone }).await?;
    tx.audit("customer.merged", subject(keep, &after), Some(stored), Some(json(&after)?)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Undoes a merge: the other customer is back with what it brought, and what the merge filled in here goes; what people
/// wrote since then stays. Later merges are undone first. Gives the customer that is back.
pub async fn undo_merge(ctx: &Ctx, merge: MergeId) -> Result<CustomerId> {
    ctx.require(Permission::CustomerMerge)?;
    let company = ctx.company;
    let mut tx = ctx.begin().await?;
    let row = sqlx::query!(
        r#"select kept_id as "kept: CustomerId", merged_id as "gone: CustomerId", before, undone_at is not null as "undone!"
        from customer_merges
        where company_id = $1 and id = $2
        for update"#,
        company as _,
        merge as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    if row.undone {
        return Err(Problem::MergeUndone.into());
    }
    // Who is locked is in no merge that has not been committed: what was merged since then is seen by the next statement.
    match lock(&mut tx, row.kept).await {
        Err(Error::NotFound) => return Err(Problem::MergeUndone.into()),
        locked => _ = locked?,
    }
    if has_later(&mut tx, merge).await? {
        return Err(Problem::MergeUndone.into());
    }
    let before = BeforeMerge::read(row.before)?;
    let now_known = queries::profile(&mut tx, row.kept).await?;
    let (kept, contacts) = now_known.without(&before.kept, &before.merged);
    let restored = Profile { contacts, ..before.merged };
    write(&mut tx, row.kept, &kept).await?;
    set_merged_into(&mut tx, row.gone, None).await?;
    write(&mut tx, row.gone, &restored).await?;
    sqlx::query!("update customer_merges set undone_at = $3 where company_id = $1 and id = $2", company as _, merge as _, ctx.now())
        .execute(&mut *tx)
        .await?;
    tx.record(Event::CustomerMergeUndone { kept: row.kept, restored: row.gone }).await?;
    tx.audit("customer.merge_undone", subject(row.kept, &kept), Some(json(&now_known)?), Some(json(&kept)?)).await?;
    tx.commit().await?;
    Ok(row.gone)
}

/// Whether a later merge builds on this one.
async fn has_later(tx: &mut Tx, merge: MergeId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from customer_merges m
            join customer_merges later on later.company_id = m.company_id and later.undone_at is null
            where m.company_id = $1 and m.id = $2
            and (later.kept_id = m.kept_id or later.merged_id = m.kept_id)
            and (later.created_at, later.id) > (m.created_at, m.id)
        ) as "is!""#,
        company as _,
        merge as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// Undoing brings a row back with an integration id that somebody else may have got since: that is refused.
async fn set_merged_into(tx: &mut Tx, id: CustomerId, into: Option<CustomerId>) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("update customers set merged_into = $3 where company_id = $1 and id = $2", company as _, id as _, into as _,)
        .execute(&mut **tx)
        .await
        .map_err(super::partner_taken)?;
    Ok(())
}

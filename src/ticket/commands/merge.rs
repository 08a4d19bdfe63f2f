//! 客户合并: tickets follow their customer, and come back when the merge is undone.

use super::held::{Held, Log};
use super::name;
use crate::model::{ChangeKind, Changes, Property};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CustomerId, TicketId};
use kernel::tx::Tx;

/// Moves the tickets of a customer who was merged away. System: a reaction to `CustomerMerged`; doing it twice moves
/// nothing twice.
pub async fn move_tickets(ctx: &Ctx, kept: CustomerId, merged: CustomerId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let tickets = sqlx::query_scalar!(
        r#"select id as "id: TicketId" from tickets where company_id = $1 and customer_id = $2 order by id"#,
        company as _,
        merged as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    for ticket in tickets {
        hand_over(&mut tx, ticket, kept, ChangeKind::CustomerMerged).await?;
    }
    tx.commit().await
}

/// Moves back the tickets that the merge had moved; those that came later stay. System: a reaction to
/// `CustomerMergeUndone`; doing it twice moves nothing twice.
pub async fn move_back(ctx: &Ctx, kept: CustomerId, restored: CustomerId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let tickets = sqlx::query_scalar!(
        r#"select t.id as "id: TicketId"
        from tickets t
        where t.company_id = $1
        and t.customer_id = $2
        and (
            select c.kind = $4 and c.changes -> 'set' -> 'customer' -> 'from' ->> 'id' = $3
            from ticket_changes c
            where c.company_id = t.company_id
            and c.ticket_id = t.id
            and c.changes -> 'set' -> 'customer' is not null
            order by c.seq desc
            limit 1
        )
        order by t.id"#,
        company as _,
        kept as _,
        restored.to_string(),
        ChangeKind::CustomerMerged.key(),
    )
    .fetch_all(&mut *tx)
    .await?;
    for ticket in tickets {
        hand_over(&mut tx, ticket, restored, ChangeKind::CustomerMergeUndone).await?;
    }
    tx.commit().await
}

async fn hand_over(tx: &mut Tx, ticket: TicketId, to: CustomerId, kind: ChangeKind) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    if held.customer_id == to {
        return Ok(());
    }
    let mut changes = Changes::default();
    changes.note(Property::Customer, name::of_customer(tx, held.customer_id).await?, name::of_customer(tx, to).await?);
    held.customer_id = to;
    held.log(tx, Log::of(kind, changes)).await?;
    // It is the same ticket of the same person: nobody's list has to move.
    let updated_at = held.updated_at;
    held.save(tx).await?;
    let company = tx.ctx.company;
    sqlx::query!("update tickets set updated_at = $3 where company_id = $1 and id = $2", company as _, ticket as _, updated_at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

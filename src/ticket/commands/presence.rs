//! 在场: who has a ticket open right now, so that two people do not answer at once.

use crate::model::input::PresenceInput;
use crate::model::{PRESENCE_SECONDS, Present};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, TicketId};
use kernel::live;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde_json::json;

/// Says that the actor has the ticket open, and who else has. The others are told when that changes something.
pub async fn ping(ctx: &Ctx, input: PresenceInput) -> Result<Vec<Present>> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    crate::queries::visible(&mut tx, input.ticket).await?;
    let (company, now) = (ctx.company, ctx.now());
    let fresh = now.minus(SignedDuration::from_secs(PRESENCE_SECONDS));
    sqlx::query!(
        "delete from ticket_presences where company_id = $1 and ticket_id = $2 and seen_at < $3",
        company as _,
        input.ticket as _,
        fresh,
    )
    .execute(&mut *tx)
    .await?;
    let was_typing = sqlx::query_scalar!(
        "select typing from ticket_presences where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        input.ticket as _,
        me as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into ticket_presences (company_id, ticket_id, agent_id, typing, seen_at)
        values ($1, $2, $3, $4, $5)
        on conflict (company_id, ticket_id, agent_id) do update set typing = excluded.typing, seen_at = excluded.seen_at",
        company as _,
        input.ticket as _,
        me as _,
        input.typing,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let others = crate::queries::detail::presences(&mut tx, input.ticket).await?;
    if was_typing != Some(input.typing) {
        tell(&mut tx, input.ticket, &others).await?;
    }
    tx.commit().await?;
    Ok(others)
}

/// Says that the actor has closed the ticket.
pub async fn leave(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let gone = sqlx::query!(
        "delete from ticket_presences where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        ticket as _,
        me as _,
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if gone == 1 {
        let others = crate::queries::detail::presences(&mut tx, ticket).await?;
        tell(&mut tx, ticket, &others).await?;
    }
    tx.commit().await
}

/// The event says only "look": whoever gets it asks again and sees what is theirs to see.
async fn tell(tx: &mut Tx, ticket: TicketId, others: &[Present]) -> Result {
    let agents: Vec<AgentId> = others.iter().map(|present| present.agent).collect();
    live::tell(tx, &agents, "presence", &json!({ "ticket": ticket })).await
}

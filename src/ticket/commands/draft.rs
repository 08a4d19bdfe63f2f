//! 草稿: an unsent reply, kept on the server for each person and ticket.

use crate::model::DraftSaved;
use crate::model::input::DraftInput;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::tx::Tx;

/// Keeps what was typed so far; nothing typed discards the draft.
pub async fn save(ctx: &Ctx, input: DraftInput) -> Result<DraftSaved> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    crate::queries::visible(&mut tx, input.ticket).await?;
    let typed = if input.html.trim().is_empty() { rich::from_text(&input.text) } else { input.html.clone() };
    let html = rich::clean(&super::message::without_nul(&typed));
    if rich::is_empty(&html) {
        remove(&mut tx, input.ticket, me).await?;
        tx.commit().await?;
        return Ok(DraftSaved::default());
    }
    write(&mut tx, me, &DraftInput { html, ..input }).await?;
    tx.commit().await?;
    Ok(DraftSaved { at: ctx.now().machine() })
}

/// 放弃草稿.
pub async fn discard(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, ticket, me).await?;
    tx.commit().await
}

/// Writes the draft, over an older one.
pub(crate) async fn write(tx: &mut Tx, agent: AgentId, draft: &DraftInput) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into ticket_drafts (company_id, ticket_id, agent_id, html, reply_type, seen_seq, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (company_id, ticket_id, agent_id) do update
        set html = excluded.html, reply_type = excluded.reply_type, seen_seq = excluded.seen_seq, updated_at = excluded.updated_at",
        company as _,
        draft.ticket as _,
        agent as _,
        draft.html,
        draft.reply_type as _,
        draft.seen_seq,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes the draft.
pub(crate) async fn remove(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from ticket_drafts where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        ticket as _,
        agent as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! 草稿: an unsent reply, kept on the server for each person and ticket, with the files that came back with a reply that
//! was taken back. They are the draft's and go nowhere without it: never into another ticket.

use crate::model::DraftSaved;
use crate::model::input::DraftInput;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::store::{self, Owner};
use kernel::tx::Tx;
use uuid::Uuid;

/// Keeps what was typed so far; nothing typed discards the draft, unless it has files.
pub async fn save(ctx: &Ctx, input: DraftInput) -> Result<DraftSaved> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    crate::queries::visible(&mut tx, input.ticket).await?;
    let typed = if input.html.trim().is_empty() { rich::from_text(&input.text) } else { input.html.clone() };
    let html = rich::clean(&super::message::without_nul(&typed));
    if rich::is_empty(&html) && !has_files(&mut tx, input.ticket, me).await? {
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

/// Writes the draft, over an older one; gives whose its files are.
pub(crate) async fn write(tx: &mut Tx, agent: AgentId, draft: &DraftInput) -> Result<Owner> {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), tx.ctx.uuid());
    let id = sqlx::query_scalar!(
        "insert into ticket_drafts (company_id, ticket_id, agent_id, html, reply_type, seen_seq, updated_at, id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (company_id, ticket_id, agent_id) do update
        set html = excluded.html, reply_type = excluded.reply_type, seen_seq = excluded.seen_seq, updated_at = excluded.updated_at
        returning id",
        company as _,
        draft.ticket as _,
        agent as _,
        draft.html,
        draft.reply_type as _,
        draft.seen_seq,
        now,
        id,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(owner(id))
}

/// Whose files of this person's draft of this ticket are; `None` without a draft.
pub(crate) async fn files_of(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<Option<Owner>> {
    let company = tx.ctx.company;
    let id = sqlx::query_scalar!(
        "select id from ticket_drafts where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        ticket as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(owner))
}

/// Files of a draft belong to the draft.
pub(crate) fn owner(draft: Uuid) -> Owner {
    Owner { kind: "draft", id: draft }
}

async fn has_files(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<bool> {
    match files_of(tx, ticket, agent).await? {
        Some(owner) => Ok(!store::of_owner(tx, owner).await?.is_empty()),
        None => Ok(false),
    }
}

/// Removes the draft and the files that are still its own.
pub(crate) async fn remove(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    let gone = sqlx::query_scalar!(
        "delete from ticket_drafts where company_id = $1 and ticket_id = $2 and agent_id = $3 returning id",
        company as _,
        ticket as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    match gone {
        Some(draft) => store::forget(tx, owner(draft)).await,
        None => Ok(()),
    }
}

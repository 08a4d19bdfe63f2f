//! 规则的动作: what a trigger does to a ticket, inside the transaction of its run and in its own name. System: a rule needs
//! no right of a person; who may write rules is asked where they are saved.

use super::create::by_actor;
use super::edit::{apply, hasten};
use super::held::Held;
use super::message::{self, Body};
use crate::model::input::EditInput;
use crate::model::{ChangeKind, ReplyType};
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{AgentId, TicketId};
use kernel::rich;
use kernel::tx::Tx;

/// Holds the ticket until the transaction ends, so that what is read of it stays true; the last place of its order.
pub async fn hold(tx: &mut Tx, ticket: TicketId) -> Result<i32> {
    Ok(Held::lock_any(tx, ticket).await?.last_seq)
}

/// 抄送 of a held ticket.
pub async fn cc(tx: &mut Tx, ticket: TicketId) -> Result<Vec<String>> {
    Ok(Held::lock_any(tx, ticket).await?.cc)
}

/// Changes properties; the input's version is of no account, since the ticket is held. Whether anything changed.
pub async fn change(tx: &mut Tx, input: &EditInput) -> Result<bool> {
    input.check()?;
    let mut held = Held::lock_any(tx, input.ticket).await?;
    let before = held.last_seq;
    apply(tx, &mut held, input, ChangeKind::Edited).await?;
    Ok(held.last_seq > before)
}

/// Writes a note that agents see.
pub async fn note(tx: &mut Tx, ticket: TicketId, text: &str) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    held.refuse_deleted()?;
    let body = Body { html: rich::from_text(text), text: text.to_owned() };
    let new = message::NewMessage { reply_type: ReplyType::AgentsOnly, ..by_actor(tx, body, None) };
    let (message, _) = message::write(tx, &mut held, new).await?;
    held.save(tx).await?;
    tx.record(Event::TicketRepliedByAgent { ticket, message }).await
}

/// 催单.
pub async fn urge(tx: &mut Tx, ticket: TicketId, reason: &str) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    hasten(tx, &mut held, reason).await
}

/// Adds a follower; whether they did not follow before.
pub async fn follow(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<bool> {
    super::name::need_agent(tx, None, Some(agent)).await?;
    super::follow::add(tx, ticket, agent).await
}

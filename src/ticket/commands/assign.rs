//! 分配与接单: who handles a ticket.

use super::edit;
use super::held::Held;
use crate::model::ChangeKind;
use crate::model::input::EditInput;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::TicketId;
use kernel::permission::Permission;

/// 接单: the actor takes the ticket. Whoever is first has it (S58): when somebody else handles it already, the answer is
/// 400118, and giving it to oneself nevertheless is an edit.
pub async fn take(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketEdit)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, ticket).await?;
    held.refuse_deleted()?;
    if held.agent_id.is_some_and(|agent| agent != me) {
        return Err(Problem::AlreadyTaken.into());
    }
    let input = EditInput { agent: Some(Some(me)), ..EditInput::of(ticket, held.version) };
    // The button has no field to say it beside.
    edit::apply(&mut tx, &mut held, &input, ChangeKind::Taken).await.map_err(|error| match error {
        Error::Problems(problems) if problems.0.iter().any(|(_, problem)| *problem == Problem::NotYourGroup) => {
            Problem::NotYourGroup.into()
        }
        other => other,
    })?;
    tx.commit().await
}

/// 分配: gives the ticket to a group, an agent, or both, inside the properties' own rules and without a version: the last
/// word holds, and the history names both.
pub async fn assign(ctx: &Ctx, input: EditInput) -> Result {
    ctx.require(Permission::TicketEdit)?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    let input = EditInput { group: input.group, agent: input.agent, ..EditInput::of(input.ticket, held.version) };
    edit::apply(&mut tx, &mut held, &input, ChangeKind::Assigned).await?;
    tx.commit().await
}

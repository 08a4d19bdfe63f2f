//! 换客户: a ticket that was another customer's after all: somebody wrote from a colleague's address, or an agent chose the
//! wrong one of two namesakes.

use super::create::remaining;
use super::held::{Held, Log};
use super::name;
use crate::model::input::CustomerChange;
use crate::model::{ChangeKind, Changes, Property};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::event::Event;
use kernel::permission::Permission;

/// Gives the ticket to another customer: replies go to them from now on; what went out stays where it went. When somebody
/// else changed the customer meanwhile, it is `Problem::Stale`.
pub async fn change(ctx: &Ctx, input: CustomerChange) -> Result {
    ctx.require(Permission::TicketEdit)?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    held.refuse_deleted()?;
    // The form has no field to say it beside.
    let to = remaining(&mut tx, input.to).await.map_err(|error| match error {
        Error::Problems(_) => Problem::BadChoice.into(),
        other => other,
    })?;
    if held.customer_id == to {
        return Ok(());
    }
    if held.customer_id != input.from {
        return Err(Problem::Stale.into());
    }
    let (from, ticket) = (name::of_customer(&mut tx, held.customer_id).await?, held.id);
    let mut changes = Changes::default();
    changes.note(Property::Customer, from, name::of_customer(&mut tx, to).await?);
    held.customer_id = to;
    held.log(&mut tx, Log::of(ChangeKind::Edited, changes)).await?;
    held.save(&mut tx).await?;
    tx.record(Event::TicketEdited { ticket }).await?;
    tx.commit().await
}

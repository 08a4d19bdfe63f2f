//! 修改工单: properties, status, activation, the recycle bin.

use super::held::{Held, Log};
use super::{fill, name};
use crate::model::claim::{Claim, claim, claim_values};
use crate::model::input::{ActivateInput, EditInput, UrgeInput, addresses};
use crate::model::state::Act;
use crate::model::{ChangeKind, Changes, Property, Shown, Status, URGE_MINUTES};
use crate::queries::before::before;
use jiff::SignedDuration;
use kernel::answer;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::event::Event;
use kernel::id::TicketId;
use kernel::permission::Permission;
use kernel::tx::Tx;

/// Changes properties. A stale copy never overwrites (400057): what the editor left as it was stays what it is now, what
/// only they changed is saved, and `Problem::Stale` says that both changed the same property, or that nobody knows what
/// the editor had before them. Then nothing is saved; `queries::current` gives what to compare with.
pub async fn edit(ctx: &Ctx, input: EditInput) -> Result {
    ctx.require(Permission::TicketEdit)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    let input = if held.version == input.version { input } else { carried_over(&mut tx, &held, input).await? };
    apply(&mut tx, &mut held, &input, ChangeKind::Edited).await?;
    tx.commit().await
}

/// 激活: opens a finished ticket again, with a reason.
pub async fn activate(ctx: &Ctx, input: ActivateInput) -> Result {
    ctx.require(Permission::TicketActivate)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    let (before, now) = (held.clone(), ctx.now());
    let mut changes = Changes::default();
    held.act(Act::Activate, now, &mut changes)?;
    held.waiting_since = Some(now);
    held.log(&mut tx, Log::because(ChangeKind::Activated, changes, &input.reason)).await?;
    held.save(&mut tx).await?;
    held.record_difference(&mut tx, &before).await?;
    tx.commit().await
}

/// 催单: asks for haste, on an open ticket and not within 30 minutes of the last time.
pub async fn urge(ctx: &Ctx, input: UrgeInput) -> Result {
    ctx.require(Permission::TicketUrge)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    hasten(&mut tx, &mut held, &input.reason).await?;
    tx.commit().await
}

/// Urges a locked ticket.
pub(crate) async fn hasten(tx: &mut Tx, held: &mut Held, reason: &str) -> Result {
    held.refuse_deleted()?;
    if !held.status.is_open() {
        return Err(Problem::UrgeNotNow.into());
    }
    let now = tx.ctx.now();
    if held.urged_at.is_some_and(|at| now.since(at) < SignedDuration::from_mins(URGE_MINUTES)) {
        return Err(Problem::UrgeTooSoon.into());
    }
    held.urge_count += 1;
    held.urged_at = Some(now);
    held.log(tx, Log::because(ChangeKind::Urged, Changes::default(), reason)).await?;
    held.save(tx).await?;
    tx.record(Event::TicketUrged { ticket: held.id }).await
}

/// 删除: into the recycle bin.
pub async fn delete(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketDelete)?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, ticket).await?;
    bin(&mut tx, &mut held).await?;
    tx.commit().await
}

/// 恢复: out of the recycle bin, with the status it had.
pub async fn restore(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketDelete)?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, ticket).await?;
    unbin(&mut tx, &mut held).await?;
    tx.commit().await
}

/// Closing wants a right of its own; a form that sends back the status a ticket has closes nothing.
pub(crate) fn require_status(ctx: &Ctx, held: &Held, chosen: Option<Status>) -> Result {
    let closes = chosen == Some(Status::Closed) && held.status != Status::Closed;
    if closes { ctx.require(Permission::TicketClose) } else { Ok(()) }
}

/// Puts a locked ticket into the recycle bin.
pub(crate) async fn bin(tx: &mut Tx, held: &mut Held) -> Result {
    let (before, now) = (held.clone(), tx.ctx.now());
    let mut changes = Changes::default();
    held.act(Act::Delete, now, &mut changes)?;
    held.status_before_delete = Some(before.status);
    held.deleted_at = Some(now);
    held.log(tx, Log::of(ChangeKind::Deleted, changes)).await?;
    held.save(tx).await?;
    held.record_difference(tx, &before).await?;
    tx.audit("ticket.deleted", held.subject(), None, None).await
}

/// Takes a locked ticket out of the recycle bin; one that is not in it stays as it is.
pub(crate) async fn unbin(tx: &mut Tx, held: &mut Held) -> Result {
    if held.status != Status::Deleted {
        return Ok(());
    }
    let (before, now) = (held.clone(), tx.ctx.now());
    let mut changes = Changes::default();
    let (solved_at, closed_at) = (held.solved_at, held.closed_at);
    held.act(Act::Restore(held.status_before_delete.unwrap_or(Status::NotAccepted)), now, &mut changes)?;
    // It was solved when it was solved, not when it came back.
    (held.solved_at, held.closed_at) = (solved_at, closed_at);
    held.status_before_delete = None;
    held.deleted_at = None;
    held.log(tx, Log::of(ChangeKind::Restored, changes)).await?;
    held.save(tx).await?;
    held.record_difference(tx, &before).await?;
    tx.audit("ticket.restored", held.subject(), None, None).await
}

/// Applies an edit to a locked ticket; nothing is written when nothing changes. The history says it by `log`: a kind alone,
/// or one with its reason.
///
/// A new group that the present agent does not work in leaves the ticket without an agent, unless the edit names one.
/// An agent who gives the ticket to themselves has taken it, and one who ends it has filled in what is demanded.
pub(crate) async fn apply(tx: &mut Tx, held: &mut Held, input: &EditInput, log: impl Into<Log>) -> Result {
    held.refuse_deleted()?;
    require_status(&tx.ctx, held, input.status)?;
    let (before, now) = (held.clone(), tx.ctx.now());
    let mut changes = Changes::default();
    if let Some(title) = input.title.as_deref().map(str::trim) {
        changes.note(Property::Title, Shown::text(&held.title), Shown::text(title));
        title.clone_into(&mut held.title);
    }
    if let Some(priority) = input.priority {
        changes.note(Property::Priority, Shown::key(held.priority.key()), Shown::key(priority.key()));
        held.priority = priority;
    }
    if let Some(category) = input.category
        && category != held.category_id
    {
        name::need_leaf(tx, category).await?;
        changes.note(Property::Category, name::of_category(tx, held.category_id).await?, name::of_category(tx, category).await?);
        held.category_id = category;
    }
    if let Some(addresses) = input.cc.as_deref().map(addresses) {
        changes.note(Property::Cc, Shown::text(held.cc.join(", ")), Shown::text(addresses.join(", ")));
        held.cc = addresses;
    }
    fill::fill(tx, held, &input.fields, &mut changes).await?;
    assign(tx, held, input, &mut changes).await?;
    if let Some(status) = input.status {
        held.act(Act::Set(status), now, &mut changes)?;
    }
    let is_mine_now = held.agent_id.is_some() && held.agent_id == tx.ctx.actor.agent() && held.agent_id != before.agent_id;
    if is_mine_now && held.status == before.status {
        held.act(Act::Take, now, &mut changes)?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    fill::demand(tx, held, before.status).await?;
    let is_edit = !changes.fields.is_empty()
        || changes.set.keys().any(|property| !matches!(property, Property::Status | Property::Group | Property::Agent));
    held.log(tx, Log { changes, ..log.into() }).await?;
    held.save(tx).await?;
    held.record_difference(tx, &before).await?;
    if is_edit {
        let ticket = held.id;
        tx.record(Event::TicketEdited { ticket }).await?;
    }
    Ok(())
}

/// The edit of an older copy as one of the ticket that is locked now.
async fn carried_over(tx: &mut Tx, held: &Held, input: EditInput) -> Result<EditInput> {
    let seen_seq = input.seen_seq.ok_or(Problem::Stale)?;
    let were = before(tx, held.id, seen_seq).await?;
    let names_agent = input.agent.is_some();
    let mut edit = EditInput { version: held.version, ..input };
    for property in Property::ALL {
        let Some(mine) = edit.sent(*property) else { continue };
        let now = held.value(*property);
        match claim(*property, Some(were.properties.get(property).unwrap_or(&now)), &mine, &now) {
            Claim::Mine => {}
            Claim::Untouched | Claim::Agreed => edit = edit.without(*property),
            Claim::Conflict => return Err(Problem::Stale.into()),
        }
    }
    for (field, mine) in std::mem::take(&mut edit.fields) {
        let now = answer::values_of(held.fields.get(&field.to_string()));
        match claim_values(Some(were.fields.get(&field).unwrap_or(&now)), &mine.values(), &now) {
            Claim::Mine => {
                edit.fields.insert(field, mine);
            }
            Claim::Untouched | Claim::Agreed => {}
            Claim::Conflict => return Err(Problem::Stale.into()),
        }
    }
    // Whoever moved the ticket to another group saw an agent beside it, who must work there.
    if edit.group.is_some() && names_agent {
        edit.agent = edit.agent.or(Some(held.agent_id));
    }
    Ok(edit)
}

async fn assign(tx: &mut Tx, held: &mut Held, input: &EditInput, changes: &mut Changes) -> Result {
    let group = input.group.unwrap_or(held.group_id);
    let mut agent = input.agent.unwrap_or(held.agent_id);
    if (group, agent) == (held.group_id, held.agent_id) {
        return Ok(());
    }
    if group != held.group_id {
        name::need_group(tx, group).await?;
    }
    match name::need_agent(tx, group, agent).await {
        Err(Error::Problems(_)) if input.agent.is_none() => agent = None,
        fits => fits?,
    }
    if group != held.group_id {
        changes.note(Property::Group, name::of_group(tx, held.group_id).await?, name::of_group(tx, group).await?);
        held.group_id = group;
    }
    if agent != held.agent_id {
        changes.note(Property::Agent, name::of_agent(tx, held.agent_id).await?, name::of_agent(tx, agent).await?);
        held.agent_id = agent;
    }
    Ok(())
}

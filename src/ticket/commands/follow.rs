//! 关注与关联: who follows a ticket, and which tickets belong together.

use super::held::{Held, Log};
use crate::model::input::{LinkInput, UnlinkInput};
use crate::model::{ChangeKind, Changes, LINKS_MOST, Property, Shown, number};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, TicketId};
use kernel::permission::Permission;
use kernel::tx::Tx;

/// Follows a ticket. It needs only the right to see it, and is no change of the ticket.
pub async fn follow(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    crate::queries::visible(&mut tx, ticket).await?;
    add(&mut tx, ticket, me).await?;
    tx.commit().await
}

/// Follows it no longer.
pub async fn unfollow(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    sqlx::query!(
        "delete from ticket_followers where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        ticket as _,
        me as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Links two tickets, in both directions.
pub async fn link(ctx: &Ctx, input: LinkInput) -> Result {
    ctx.require(Permission::TicketEdit)?;
    let mut tx = ctx.begin().await?;
    let other = by_number(&mut tx, &input.number).await?;
    if other == input.ticket {
        return Err(wrong(Problem::LinkSelf));
    }
    // A ticket that is not this person's to see is the same as none (S03).
    crate::queries::visible(&mut tx, other).await.map_err(|_| wrong(Problem::LinkUnknown))?;
    let (mut one, mut two) = lock_two(&mut tx, input.ticket, other).await?;
    one.refuse_deleted()?;
    two.refuse_deleted().map_err(|_| wrong(Problem::TicketDeleted))?;
    if links(&mut tx, one.id).await? >= LINKS_MOST || links(&mut tx, two.id).await? >= LINKS_MOST {
        return Err(wrong(Problem::LinkTooMany));
    }
    if !connect(&mut tx, one.id, two.id).await? {
        return Err(wrong(Problem::LinkTwice));
    }
    note(&mut tx, &mut one, &two, ChangeKind::Linked).await?;
    note(&mut tx, &mut two, &one, ChangeKind::Linked).await?;
    tx.commit().await
}

/// Takes a link away, in both directions.
pub async fn unlink(ctx: &Ctx, input: UnlinkInput) -> Result {
    ctx.require(Permission::TicketEdit)?;
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let (mut one, mut two) = lock_two(&mut tx, input.ticket, input.other).await?;
    let gone = sqlx::query!(
        "delete from ticket_links
        where company_id = $1
        and (ticket_id = $2 and other_id = $3 or ticket_id = $3 and other_id = $2)",
        company as _,
        one.id as _,
        two.id as _,
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if gone > 0 {
        note(&mut tx, &mut one, &two, ChangeKind::Unlinked).await?;
        note(&mut tx, &mut two, &one, ChangeKind::Unlinked).await?;
    }
    tx.commit().await
}

/// Makes an agent follow a ticket; false when they did already.
pub(crate) async fn add(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<bool> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // An id that is no enabled agent of this company adds nothing.
    let added = sqlx::query!(
        "insert into ticket_followers (company_id, ticket_id, agent_id, created_at)
        select $1, $2, a.id, $4
        from agents a
        where a.company_id = $1
        and a.id = $3
        and a.status = 1
        on conflict do nothing",
        company as _,
        ticket as _,
        agent as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Writes both rows of a link; false when they were there.
pub(crate) async fn connect(tx: &mut Tx, one: TicketId, two: TicketId) -> Result<bool> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let added = sqlx::query!(
        "insert into ticket_links (company_id, ticket_id, other_id, created_at)
        values ($1, $2, $3, $4), ($1, $3, $2, $4)
        on conflict do nothing",
        company as _,
        one as _,
        two as _,
        now,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(added > 0)
}

/// How many tickets are linked.
pub(crate) async fn links(tx: &mut Tx, ticket: TicketId) -> Result<i64> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from ticket_links where company_id = $1 and ticket_id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

async fn note(tx: &mut Tx, held: &mut Held, other: &Held, kind: ChangeKind) -> Result {
    let named = Shown::named(other.id, other.number.to_string());
    let mut changes = Changes::default();
    match kind {
        ChangeKind::Linked => changes.note(Property::Link, Shown::none(), named),
        _ => changes.note(Property::Link, named, Shown::none()),
    }
    held.log(tx, Log::of(kind, changes)).await?;
    held.save(tx).await?;
    let ticket = held.id;
    tx.record(Event::TicketEdited { ticket }).await
}

/// Locks both in the order of their ids, so that two links never wait for each other.
async fn lock_two(tx: &mut Tx, one: TicketId, two: TicketId) -> Result<(Held, Held)> {
    if one == two {
        return Err(wrong(Problem::LinkSelf));
    }
    let (first, second) = (one.min(two), one.max(two));
    let (first, second) = (Held::lock(tx, first).await?, Held::lock(tx, second).await?);
    Ok(if first.id == one { (first, second) } else { (second, first) })
}

async fn by_number(tx: &mut Tx, typed: &str) -> Result<TicketId> {
    let company = tx.ctx.company;
    let number = number::parse(typed).ok_or_else(|| wrong(Problem::LinkUnknown))?;
    sqlx::query_scalar!(r#"select id as "id: TicketId" from tickets where company_id = $1 and number = $2"#, company as _, number,)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or_else(|| wrong(Problem::LinkUnknown))
}

fn wrong(problem: Problem) -> Error {
    Error::Problems(Problems::one("number", problem))
}

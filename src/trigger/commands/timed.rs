//! 定时触发器的运行: every full hour the tickets that are not closed are looked at.
//!
//! A trigger acts on a ticket when the ticket begins to match, and again only after it has not matched in between: a rule
//! "waits for four hours → urge" urges once, not every hour until somebody answers. What matched at the last hour is kept
//! in `trigger_matches`; a run that ends half-way begins anew and does nothing twice.

use super::act::apply;
use super::record::{Record, write};
use crate::evaluate::{evaluate, matches};
use crate::model::{Outcome, TriggerKind};
use crate::queries::facts::{Known, all_known, known};
use crate::queries::{Trigger, enabled};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{TicketId, TriggerId};
use kernel::tx::Tx;
use std::collections::{BTreeMap, BTreeSet};
use ticket::commands::rule;
use ticket::queries::case::unclosed;

/// Tickets read at once.
const CHUNK: usize = 500;

/// Lets the timed triggers look at every ticket that is not closed. System: the schedule of every full hour.
pub async fn run(ctx: &Ctx) -> Result {
    let mut tx = ctx.begin().await?;
    let triggers = enabled(&mut tx, TriggerKind::Timed).await?;
    if triggers.is_empty() {
        return Ok(());
    }
    forget_ended(&mut tx).await?;
    let tickets = unclosed(&mut tx).await?;
    tx.commit().await?;
    let mut acted = 0;
    // One ticket that fails keeps no other one from its hour; the job comes back for it.
    let mut failed = None;
    for chunk in tickets.chunks(CHUNK) {
        let mut tx = ctx.read().await?;
        let known = all_known(&mut tx, chunk).await?;
        let mut held = held(&mut tx, chunk).await?;
        drop(tx);
        for known in known {
            let before = held.remove(&known.ticket).unwrap_or_default();
            if hits(&triggers, &known, ctx, &before) == before {
                continue;
            }
            match settle(ctx, &triggers, known.ticket).await {
                Ok(has_acted) => acted += i32::from(has_acted),
                Err(error) => failed = Some(error),
            }
        }
    }
    note(ctx, tickets.len(), acted).await?;
    failed.map_or(Ok(()), Err)
}

/// Which triggers the ticket matches. Behind one that stops, the others do not look: with them nothing changes.
fn hits(triggers: &[Trigger], known: &Known, ctx: &Ctx, before: &BTreeSet<TriggerId>) -> BTreeSet<TriggerId> {
    let mut hits = BTreeSet::new();
    for (at, trigger) in triggers.iter().enumerate() {
        if matches(&trigger.rule, &known.facts, ctx.now()) {
            hits.insert(trigger.id);
            if trigger.rule.stop {
                hits.extend(triggers[at + 1..].iter().map(|trigger| trigger.id).filter(|id| before.contains(id)));
                break;
            }
        }
    }
    hits
}

/// Looks again with the ticket held, each trigger at what the one before it left: acts where it begins to match; whether
/// one acted.
async fn settle(ctx: &Ctx, triggers: &[Trigger], ticket: TicketId) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    rule::hold(&mut tx, ticket).await?;
    let before = held(&mut tx, &[ticket]).await?.remove(&ticket).unwrap_or_default();
    let mut seen = known(&mut tx, ticket).await?;
    let mut records = Vec::new();
    for trigger in triggers {
        let verdict = evaluate(&trigger.rule, &seen.facts, ctx.now());
        let matches = verdict.matches;
        match (matches, before.contains(&trigger.id)) {
            (true, false) => {
                let (effects, _) = apply(&mut tx, trigger, ticket).await?;
                records.push(Record { trigger, seq: None, hop: 0, number: seen.number, outcome: Outcome::Matched, verdict, effects });
                begin(&mut tx, trigger.id, ticket).await?;
                seen = known(&mut tx, ticket).await?;
            }
            (false, true) => end(&mut tx, trigger.id, ticket).await?,
            _ => {}
        }
        if matches && trigger.rule.stop {
            break;
        }
    }
    write(&mut tx, ticket, &records).await?;
    tx.commit().await?;
    Ok(!records.is_empty())
}

/// What matched at the last hour: of each ticket the triggers.
async fn held(tx: &mut Tx, tickets: &[TicketId]) -> Result<BTreeMap<TicketId, BTreeSet<TriggerId>>> {
    let (company, ids) = (tx.ctx.company, tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>());
    let rows = sqlx::query!(
        r#"select ticket_id as "ticket: TicketId", trigger_id as "trigger: TriggerId"
        from trigger_matches
        where company_id = $1
        and ticket_id = any($2)"#,
        company as _,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut held = BTreeMap::<TicketId, BTreeSet<TriggerId>>::new();
    for row in rows {
        held.entry(row.ticket).or_default().insert(row.trigger);
    }
    Ok(held)
}

async fn begin(tx: &mut Tx, trigger: TriggerId, ticket: TicketId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into trigger_matches (company_id, trigger_id, ticket_id, since) values ($1, $2, $3, $4)",
        company as _,
        trigger as _,
        ticket as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn end(tx: &mut Tx, trigger: TriggerId, ticket: TicketId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from trigger_matches where company_id = $1 and trigger_id = $2 and ticket_id = $3",
        company as _,
        trigger as _,
        ticket as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everything that matched a trigger is as if it never had: its conditions are others now, or it was switched off.
pub(super) async fn forget(tx: &mut Tx, trigger: TriggerId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from trigger_matches where company_id = $1 and trigger_id = $2", company as _, trigger as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A ticket that is opened again begins anew.
async fn forget_ended(tx: &mut Tx) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from trigger_matches m
        using tickets t
        where m.company_id = $1
        and t.company_id = m.company_id
        and t.id = m.ticket_id
        and t.status in (98, 99)",
        company as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that they looked.
async fn note(ctx: &Ctx, tickets: usize, acted: i32) -> Result {
    let (company, now, tickets) = (ctx.company, ctx.now(), i32::try_from(tickets).unwrap_or(i32::MAX));
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "insert into trigger_hours (company_id, looked_at, tickets, acted) values ($1, $2, $3, $4) on conflict do nothing",
        company as _,
        now,
        tickets,
        acted,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

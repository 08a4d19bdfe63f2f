//! 流转触发器的运行: what happened to a ticket is looked at in its order, once.

use super::act::apply;
use super::halt::halt;
use super::record::{Record, write};
use crate::evaluate::{Facts, evaluate};
use crate::model::{HOPS_MOST, HOURLY_MOST, Outcome, TriggerKind};
use crate::queries::enabled;
use crate::queries::facts::{Known, happened, known};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{TicketId, TriggerId};
use kernel::tx::Tx;
use std::collections::BTreeMap;
use ticket::commands::rule;
use ticket::queries::case::happenings;

/// Lets the flow triggers look at everything that happened to the ticket since they looked last, and at what they
/// themselves change. System: a reaction to every event of a ticket; running twice for one event looks once.
pub async fn run(ctx: &Ctx, ticket: TicketId) -> Result {
    let mut tx = ctx.begin().await?;
    let triggers = enabled(&mut tx, TriggerKind::Flow).await?;
    if triggers.is_empty() {
        return Ok(());
    }
    rule::hold(&mut tx, ticket).await?;
    let start = seen(&mut tx, ticket).await?;
    let mut at = start;
    // How many rules acted before each place that rules of this run have taken.
    let mut hops = BTreeMap::new();
    let mut records = Vec::new();
    let mut halted = Vec::new();
    loop {
        let found = happenings(&mut tx, ticket, at).await?;
        if found.is_empty() {
            break;
        }
        for happening in found {
            at = happening.seq;
            let Some(happened) = happened(happening.what) else { continue };
            let hop = hops.get(&happening.seq).copied().unwrap_or(0);
            // Read anew only after a trigger acted.
            let mut read: Option<Known> = None;
            for trigger in triggers.iter().filter(|trigger| trigger.enabled_at.is_some_and(|since| since <= happening.at)) {
                if !happened.moments.iter().any(|moment| trigger.rule.moments.contains(moment)) {
                    continue;
                }
                let now = match &read {
                    Some(now) => now,
                    None => {
                        let fresh = known(&mut tx, ticket).await?;
                        let facts = Facts { happened: Some(happened.clone()), ..fresh.facts };
                        read.insert(Known { facts, ..fresh })
                    }
                };
                let verdict = evaluate(&trigger.rule, &now.facts, ctx.now());
                let (matches, number) = (verdict.matches, now.number);
                let mut record = Record { trigger, seq: Some(at), hop, number, outcome: Outcome::NotMatched, verdict, effects: Vec::new() };
                if matches && hop >= HOPS_MOST {
                    record.outcome = Outcome::Stopped;
                    halted.push(trigger);
                } else if matches && acted(&mut tx, trigger.id, ticket).await? >= HOURLY_MOST {
                    record.outcome = Outcome::TooOften;
                    halted.push(trigger);
                } else if matches {
                    record.outcome = Outcome::Matched;
                    let places;
                    (record.effects, places) = apply(&mut tx, trigger, ticket).await?;
                    hops.extend(places.map(|seq| (seq, hop + 1)));
                    read = None;
                }
                records.push(record);
                if matches && trigger.rule.stop {
                    break;
                }
            }
        }
    }
    if at > start {
        remember(&mut tx, ticket, at).await?;
    }
    write(&mut tx, ticket, &records).await?;
    for trigger in halted {
        halt(&mut tx, trigger).await?;
    }
    tx.commit().await
}

/// How often the trigger acted on the ticket in the last hour, before this run.
async fn acted(tx: &mut Tx, trigger: TriggerId, ticket: TicketId) -> Result<i64> {
    let (company, since) = (tx.ctx.company, tx.ctx.now().minus(SignedDuration::from_hours(1)));
    let number = sqlx::query_scalar!(
        r#"select count(*) as "number!"
        from trigger_runs
        where company_id = $1
        and ticket_id = $2
        and created_at > $3
        and trigger_id = $4
        and outcome = $5"#,
        company as _,
        ticket as _,
        since,
        trigger as _,
        Outcome::Matched as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(number)
}

async fn seen(tx: &mut Tx, ticket: TicketId) -> Result<i32> {
    let company = tx.ctx.company;
    let seq = sqlx::query_scalar!("select seq from trigger_cursors where company_id = $1 and ticket_id = $2", company as _, ticket as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(seq.unwrap_or(0))
}

async fn remember(tx: &mut Tx, ticket: TicketId, seq: i32) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "insert into trigger_cursors (company_id, ticket_id, seq) values ($1, $2, $3)
        on conflict (company_id, ticket_id) do update set seq = excluded.seq",
        company as _,
        ticket as _,
        seq,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

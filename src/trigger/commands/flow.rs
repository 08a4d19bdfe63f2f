//! 流转触发器的运行: what happened to a ticket is looked at in its order, once.

use super::act::act;
use crate::evaluate::{Happened, Verdict, evaluate};
use crate::model::{Acted, HOPS_MOST, Moment, Outcome, TriggerKind};
use crate::queries::{Trigger, enabled, facts};
use kernel::actor::Actor;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::TicketId;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::collections::BTreeMap;
use ticket::commands::rule;
use ticket::queries::case::{What, happenings};

/// 运行记录, about to be written.
struct Record<'a> {
    trigger: &'a Trigger,
    seq: i32,
    hop: u8,
    number: i64,
    outcome: Outcome,
    verdict: Verdict,
    effects: Vec<Acted>,
}

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
            let mut known = None;
            for trigger in triggers.iter().filter(|trigger| trigger.enabled_at.is_some_and(|since| since <= happening.at)) {
                if !happened.moments.iter().any(|moment| trigger.rule.moments.contains(moment)) {
                    continue;
                }
                let (number, facts) = match &known {
                    Some(known) => known,
                    None => known.insert(facts(&mut tx, ticket, Some(happened.clone())).await?),
                };
                let (number, verdict) = (*number, evaluate(&trigger.rule, facts, ctx.now()));
                let mut record = Record { trigger, seq: at, hop, number, outcome: Outcome::NotMatched, verdict, effects: Vec::new() };
                let matches = record.verdict.matches;
                if matches && hop >= HOPS_MOST {
                    record.outcome = Outcome::Stopped;
                } else if matches {
                    record.outcome = Outcome::Matched;
                    record.effects = apply(&mut tx, trigger, ticket, &mut hops, hop + 1).await?;
                    known = None;
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
    tx.commit().await
}

/// As what an entry of the ticket's order counts; nothing when no trigger waits for it.
fn happened(what: What) -> Option<Happened> {
    let of = |moment| Some(Happened { moments: vec![moment], changed: Vec::new() });
    match what {
        What::Created => of(Moment::Created),
        What::Changed(changed) => Some(Happened { moments: vec![Moment::Updated], changed }),
        What::CustomerReplied => of(Moment::CustomerReplied),
        What::AgentReplied => of(Moment::AgentReplied),
        What::Else => None,
    }
}

/// Does what the trigger does, in its name; notes which places of the order came of it.
async fn apply(tx: &mut Tx, trigger: &Trigger, ticket: TicketId, hops: &mut BTreeMap<i32, u8>, hop: u8) -> Result<Vec<Acted>> {
    let program = tx.ctx.actor.clone();
    tx.ctx.actor = Actor::Rule { id: trigger.id, name: trigger.name.clone(), is_timed: false };
    let before = rule::hold(tx, ticket).await?;
    let mut effects = Vec::with_capacity(trigger.rule.actions.len());
    for action in &trigger.rule.actions {
        effects.push(act(tx, ticket, action).await?);
    }
    let after = rule::hold(tx, ticket).await?;
    hops.extend((before + 1..=after).map(|seq| (seq, hop)));
    tx.ctx.actor = program;
    Ok(effects)
}

/// Deletes the oldest records of before this moment; whether there may be more. System: the company's upkeep.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let company = tx.ctx.company;
    let gone = sqlx::query!(
        "delete from trigger_runs
        where company_id = $1
        and id in (select id from trigger_runs where company_id = $1 and created_at < $2 limit $3)",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() > 0)
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

/// Writes the records, in one statement however many triggers looked.
async fn write(tx: &mut Tx, ticket: TicketId, records: &[Record<'_>]) -> Result {
    let Some(first) = records.first() else { return Ok(()) };
    let (company, now, number) = (tx.ctx.company, tx.ctx.now(), first.number);
    let json = |value: &dyn Fn(&Record<'_>) -> serde_json::Result<serde_json::Value>| -> Result<Vec<serde_json::Value>> {
        records.iter().map(|record| value(record).map_err(Error::internal)).collect()
    };
    let verdicts = json(&|record| serde_json::to_value(&record.verdict))?;
    let effects = json(&|record| serde_json::to_value(&record.effects))?;
    let ids: Vec<uuid::Uuid> = records.iter().map(|_| tx.ctx.uuid()).collect();
    let triggers: Vec<uuid::Uuid> = records.iter().map(|record| record.trigger.id.0).collect();
    let names: Vec<String> = records.iter().map(|record| record.trigger.name.clone()).collect();
    let versions: Vec<i32> = records.iter().map(|record| record.trigger.version).collect();
    let places: Vec<i32> = records.iter().map(|record| record.seq).collect();
    let hops: Vec<i16> = records.iter().map(|record| i16::from(record.hop)).collect();
    let outcomes: Vec<i16> = records.iter().map(|record| record.outcome.code()).collect();
    sqlx::query!(
        "insert into trigger_runs (company_id, ticket_id, ticket_number, kind, created_at, id, trigger_id, trigger_name, trigger_version,
            seq, hop, outcome, verdict, effects)
        select $1, $2, $3, $4, $5, r.id, r.trigger_id, r.trigger_name, r.trigger_version, r.seq, r.hop, r.outcome, r.verdict, r.effects
        from unnest($6::uuid[], $7::uuid[], $8::text[], $9::integer[], $10::integer[], $11::smallint[], $12::smallint[], $13::jsonb[], $14::jsonb[])
            as r (id, trigger_id, trigger_name, trigger_version, seq, hop, outcome, verdict, effects)",
        company as _,
        ticket as _,
        number,
        TriggerKind::Flow as _,
        now,
        &ids,
        &triggers,
        &names,
        &versions,
        &places,
        &hops,
        &outcomes,
        &verdicts,
        &effects,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

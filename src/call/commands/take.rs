//! 接收交换机事件: events are stored as they came, and the records of their calls are worked out anew, in one transaction. An
//! event that is known changes nothing; one that cannot be understood goes into quarantine and holds nobody up (D1).

mod keep;
mod tell;

use super::refusal;
use crate::model::event::{Happening, Party, SwitchEvent};
use crate::model::record::Call;
use crate::model::switch::{Refusal, understand};
use crate::phone::commands::follow;
use crate::state;
use identity::queries::place::{groups_among, places};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, GroupId, SwitchId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is stored, and the records say what it told.
    Accepted,
    /// It was known.
    Repeated,
    /// It lies in quarantine, with what is wrong in the reader's words.
    Refused(Refusal, String),
    /// It could not be understood either, and the quarantine is full: nothing of it is kept.
    Dropped(Refusal, String),
}

/// Takes events that are in our words already. System: the simulated switch and the adapters.
pub async fn take(ctx: &Ctx, switch: SwitchId, events: &[SwitchEvent]) -> Result<Vec<Outcome>> {
    let bodies = events.iter().map(serde_json::to_value).collect::<core::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
    let mut tx = ctx.begin().await?;
    let outcomes = take_bodies(&mut tx, switch, &bodies).await?;
    tx.commit().await?;
    Ok(outcomes)
}

/// Takes events as they came, inside the caller's transaction; the outcomes stand in the order of the events. System: the
/// intake, which knows who speaks, and the quarantine.
pub async fn take_bodies(tx: &mut Tx, switch: SwitchId, bodies: &[Value]) -> Result<Vec<Outcome>> {
    let now = millis(tx.ctx.now());
    let mut read: Vec<core::result::Result<SwitchEvent, (Refusal, String)>> = bodies.iter().map(|body| understand(body, now)).collect();
    check_names(tx, &mut read).await?;
    let events: Vec<&SwitchEvent> = read.iter().flatten().collect();
    // Whoever tells of the same call waits here; in one order, so that nobody waits for each other.
    let calls: BTreeSet<&str> = events.iter().map(|event| event.call.as_str()).collect();
    let calls: Vec<String> = calls.into_iter().map(ToOwned::to_owned).collect();
    lock(tx, switch, &calls).await?;
    let mut fresh = store(tx, switch, &events).await?;
    let changed: BTreeSet<&String> = fresh.iter().map(|(call, _)| call).collect();
    let changed: Vec<String> = changed.into_iter().cloned().collect();
    renew(tx, switch, &changed).await?;
    note_arrival(tx, switch).await?;
    let mut outcomes = Vec::with_capacity(read.len());
    for (body, read) in bodies.iter().zip(read) {
        outcomes.push(match read {
            // The first of two in one request is the new one.
            Ok(event) => {
                if fresh.remove(&(event.call, event.id)) {
                    Outcome::Accepted
                } else {
                    Outcome::Repeated
                }
            }
            Err((reason, detail)) => {
                let is_kept = refusal::refuse(tx, switch, body, (reason, &detail)).await?;
                if is_kept { Outcome::Refused(reason, detail) } else { Outcome::Dropped(reason, detail) }
            }
        });
    }
    Ok(outcomes)
}

/// Takes an event of our own, whose call is held and whose names are known. System: the hourly job.
pub(super) async fn take_told(tx: &mut Tx, switch: SwitchId, events: &[SwitchEvent]) -> Result {
    store(tx, switch, &events.iter().collect::<Vec<_>>()).await?;
    let calls: Vec<String> = events.iter().map(|event| event.call.clone()).collect();
    renew(tx, switch, &calls).await
}

/// Works the records of these calls out from all that was told of them. The caller holds the calls.
async fn renew(tx: &mut Tx, switch: SwitchId, names: &[String]) -> Result {
    if names.is_empty() {
        return Ok(());
    }
    let heard = told(tx, switch, names).await?;
    let counted = |(name, events): (&String, &Vec<SwitchEvent>)| state::call(events).map(|call| (name.clone(), events.len(), call));
    let calls: Vec<(String, usize, Call)> = heard.iter().filter_map(counted).collect();
    keep::keep(tx, switch, &calls).await?;
    // Whichever switch told it, phones show it in the same commit.
    follow::follow(tx, switch, &heard).await
}

/// Everything that was told of these calls.
pub(super) async fn told(tx: &mut Tx, switch: SwitchId, names: &[String]) -> Result<BTreeMap<String, Vec<SwitchEvent>>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        "select call_key, body
        from switch_events
        where company_id = $1
        and switch_id = $2
        and call_key = any ($3)",
        company as _,
        switch as _,
        names,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut told: BTreeMap<String, Vec<SwitchEvent>> = BTreeMap::new();
    for row in rows {
        told.entry(row.call_key).or_default().push(serde_json::from_value(row.body).map_err(Error::internal)?);
    }
    Ok(told)
}

/// The calls are this transaction's until it ends, also those whose beginning was not told yet and that have no record: of each
/// there is a row to hold (D9).
pub(super) async fn lock(tx: &mut Tx, switch: SwitchId, names: &[String]) -> Result {
    if names.is_empty() {
        return Ok(());
    }
    let company = tx.ctx.company;
    sqlx::query!(
        "insert into switch_calls (company_id, switch_id, call_key)
        select $1, $2, name
        from unnest($3::text[]) name
        order by name
        on conflict do nothing",
        company as _,
        switch as _,
        names,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "select call_key
        from switch_calls
        where company_id = $1
        and switch_id = $2
        and call_key = any ($3)
        order by call_key
        for update",
        company as _,
        switch as _,
        names,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Stores events; the call and id of those that are new.
async fn store(tx: &mut Tx, switch: SwitchId, events: &[&SwitchEvent]) -> Result<HashSet<(String, String)>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let calls: Vec<String> = events.iter().map(|event| event.call.clone()).collect();
    let ids: Vec<String> = events.iter().map(|event| event.id.clone()).collect();
    let at = events.iter().map(|event| stamp(event.at)).collect::<Result<Vec<Stamp>>>()?;
    let bodies = events.iter().map(serde_json::to_value).collect::<core::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
    let rows = sqlx::query!(
        "insert into switch_events (company_id, switch_id, call_key, event_key, happened_at, received_at, body)
        select $1, $2, e.call_key, e.event_key, e.happened_at, $3, e.body
        from unnest($4::text[], $5::text[], $6::timestamptz[], $7::jsonb[]) e (call_key, event_key, happened_at, body)
        on conflict do nothing
        returning call_key, event_key",
        company as _,
        switch as _,
        now,
        &calls,
        &ids,
        at as _,
        &bodies,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.call_key, row.event_key)).collect())
}

/// Agents and groups must be the company's own: nothing else could be shown, or reported on.
async fn check_names(tx: &mut Tx, read: &mut [core::result::Result<SwitchEvent, (Refusal, String)>]) -> Result {
    let named: Vec<(Option<AgentId>, Option<GroupId>)> = read.iter().flatten().map(names).collect();
    let agents: Vec<AgentId> = named.iter().filter_map(|(agent, _)| *agent).collect();
    let groups: Vec<GroupId> = named.iter().filter_map(|(_, group)| *group).collect();
    let known: Vec<AgentId> =
        if agents.is_empty() { Vec::new() } else { places(tx, &agents).await?.iter().map(|place| place.agent).collect() };
    let known_groups = if groups.is_empty() { Vec::new() } else { groups_among(tx, &groups).await? };
    for event in read {
        let Ok((agent, group)) = event.as_ref().map(names) else { continue };
        if let Some(agent) = agent.filter(|agent| !known.contains(agent)) {
            *event = Err((Refusal::UnknownAgent, agent.to_string()));
        } else if let Some(group) = group.filter(|group| !known_groups.contains(group)) {
            *event = Err((Refusal::UnknownGroup, group.to_string()));
        }
    }
    Ok(())
}

fn names(event: &SwitchEvent) -> (Option<AgentId>, Option<GroupId>) {
    match &event.what {
        Happening::QueueEntered { group } => (None, Some(*group)),
        Happening::Dialled { party: Party::Agent { agent, group, .. }, .. } => (Some(*agent), *group),
        _ => (None, None),
    }
}

/// 最近事件, to the minute: a row that every event wrote would be what all of them wait for.
async fn note_arrival(tx: &mut Tx, switch: SwitchId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update switches
        set last_event_at = $3
        where company_id = $1
        and id = $2
        and (last_event_at is null or last_event_at < $4)",
        company as _,
        switch as _,
        now,
        now.minus(SignedDuration::from_mins(1)),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A time of a switch, in milliseconds since 1970.
pub(super) fn stamp(at: i64) -> Result<Stamp> {
    at.checked_mul(1000).and_then(Stamp::from_micros).ok_or_else(|| Error::internal(format!("{at} is beyond the calendar")))
}

/// Milliseconds since 1970.
pub(super) fn millis(at: Stamp) -> i64 {
    at.micros().div_euclid(1000)
}

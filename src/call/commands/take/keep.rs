//! The records of calls as rows: written where they differ in anything, and what was frozen when a leg began stays.

mod leg;

use super::stamp;
use super::tell::{Before, tell};
use crate::commands::recording;
use crate::model::QueueState;
use crate::model::event::Direction;
use crate::model::record::{Call, Leg};
use identity::queries::place::places;
use kernel::error::Result;
use kernel::id::{AgentId, CallId, CustomerId, DepartmentId, LegId, SwitchId, UnitId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use leg::{Row, attribution, write_leg, write_stretches};
use std::collections::HashMap;
use uuid::Uuid;

/// What is kept of a leg.
#[derive(Clone, Debug)]
pub(super) struct KeptLeg {
    pub(super) call: CallId,
    pub(super) id: LegId,
    name: String,
    started_at: Stamp,
    agent: Option<AgentId>,
    agent_name: String,
    unit: Option<UnitId>,
    department: Option<DepartmentId>,
    pub(super) answered_at: Option<Stamp>,
}

/// What is kept of a call.
#[derive(Clone, Debug)]
pub(super) struct KeptCall {
    pub(super) id: CallId,
    name: String,
    started_at: Stamp,
    pub(super) ended_at: Option<Stamp>,
    customer: Option<CustomerId>,
}

/// The ids of a call's records.
pub(super) struct Ids {
    pub(super) call: CallId,
    pub(super) legs: HashMap<String, LegId>,
}

impl Ids {
    /// The record of a leg; those that make none belong to the main record.
    pub(super) fn of(&self, leg: &str) -> LegId {
        self.legs.get(leg).copied().unwrap_or(LegId(self.call.0))
    }
}

/// Writes the records of these calls, with the name of each and how many events tell of it.
pub(super) async fn keep(tx: &mut Tx, switch: SwitchId, calls: &[(String, usize, Call)]) -> Result {
    let names: Vec<String> = calls.iter().map(|(name, ..)| name.clone()).collect();
    let known = kept_calls(tx, switch, &names).await?;
    let ids: Vec<CallId> = known.iter().map(|call| call.id).collect();
    let legs = kept_legs(tx, &ids, known.iter().map(|call| call.started_at).min()).await?;
    let mut rings = Before::rings(tx, &ids).await?;
    let agents: Vec<AgentId> = calls.iter().flat_map(|(_, _, call)| &call.legs).filter_map(Leg::agent).collect();
    let places = places(tx, &agents).await?;
    let customers = customers(tx, calls).await?;
    for (name, events, call) in calls {
        let kept = known.iter().find(|kept| kept.name == *name);
        let id = kept.map_or_else(|| CallId(tx.ctx.uuid()), |kept| kept.id);
        let own: Vec<&KeptLeg> = legs.iter().filter(|leg| leg.call == id).collect();
        let number = number(call);
        let ids = Ids { call: id, legs: named(tx, id, call, &own) };
        // Who was recognised stays recognised: a later merge moves calls by its own event.
        let customer = kept.and_then(|kept| kept.customer).or_else(|| customers.get(&number).copied());
        write_call(tx, switch, (name, *events, call), (id, customer, &number)).await?;
        drop_legs(tx, &ids, &own).await?;
        for (place, leg) in call.legs.iter().enumerate() {
            let row =
                Row { place, id: ids.of(&leg.name), leg, customer, number: &number, attribution: attribution(leg, &ids, &own, &places) };
            write_leg(tx, &ids, call, (&row, &own)).await?;
        }
        write_stretches(tx, &ids, &call.ledger).await?;
        let recorded = call.legs.iter().filter_map(|leg| Some((ids.of(&leg.name), leg.recording.as_ref()?.0.as_str())));
        let recorded: Vec<(LegId, &str)> = recorded.filter(|(_, url)| !url.is_empty()).collect();
        recording::note(tx, id, &recorded).await?;
        let before = Before { call: kept.cloned(), legs: own.into_iter().cloned().collect(), rings: rings.remove(&id).unwrap_or_default() };
        tell(tx, &before, call, &ids).await?;
    }
    Ok(())
}

/// The number of the customer.
fn number(call: &Call) -> String {
    let written = match call.direction {
        Direction::Inbound => &call.caller,
        Direction::Outbound => &call.callee,
    };
    customer::queries::normal_number(written)
}

async fn customers(tx: &mut Tx, calls: &[(String, usize, Call)]) -> Result<HashMap<String, CustomerId>> {
    let numbers: Vec<String> = calls.iter().map(|(_, _, call)| number(call)).collect();
    Ok(customer::queries::by_phones(tx, &numbers).await?.into_iter().collect())
}

async fn kept_calls(tx: &mut Tx, switch: SwitchId, names: &[String]) -> Result<Vec<KeptCall>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        KeptCall,
        r#"select id as "id: CallId", call_key as name, started_at, ended_at, customer_id as "customer: CustomerId"
        from calls
        where company_id = $1
        and switch_id = $2
        and call_key = any ($3)"#,
        company as _,
        switch as _,
        names,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The legs of these calls, none of which began before `from`: so that the partitions of other months are left alone.
async fn kept_legs(tx: &mut Tx, calls: &[CallId], from: Option<Stamp>) -> Result<Vec<KeptLeg>> {
    let company = tx.ctx.company;
    let Some(from) = from else { return Ok(Vec::new()) };
    Ok(sqlx::query_as!(
        KeptLeg,
        r#"select call_id as "call: CallId", id as "id: LegId", name, started_at, agent_id as "agent: AgentId", agent_name,
            unit_id as "unit: UnitId", department_id as "department: DepartmentId", answered_at
        from call_legs
        where company_id = $1
        and started_at >= $3
        and call_id = any ($2)"#,
        company as _,
        calls as _,
        from,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The ids of the legs by their names: those they have, fresh ones for new legs, and the call's own for the main record.
fn named(tx: &Tx, call: CallId, now: &Call, own: &[&KeptLeg]) -> HashMap<String, LegId> {
    let child = |leg: &Leg| own.iter().find(|kept| kept.name == leg.name && kept.id.0 != call.0).map(|kept| kept.id);
    let id = |(place, leg): (usize, &Leg)| match place {
        0 => LegId(call.0),
        _ => child(leg).unwrap_or_else(|| LegId(tx.ctx.uuid())),
    };
    now.legs.iter().enumerate().map(|(place, leg)| (leg.name.clone(), id((place, leg)))).collect()
}

async fn write_call(
    tx: &mut Tx,
    switch: SwitchId,
    (name, events, call): (&str, usize, &Call),
    (id, customer, number): (CallId, Option<CustomerId>, &str),
) -> Result {
    let (company, now, queue) = (tx.ctx.company, tx.ctx.now(), call.queue.as_ref());
    sqlx::query!(
        "insert into calls (company_id, id, switch_id, call_key, line, direction, task_id, customer_id, customer_number, caller, callee,
            shown, started_at, ended_at, queue_group_id, queue_entered_at, queue_left_at, queue_state, voicemail_url, voicemail_ms,
            satisfy_levels, satisfy_key, event_count, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        on conflict (company_id, id) do update
        set line = excluded.line, direction = excluded.direction, task_id = excluded.task_id, customer_id = excluded.customer_id,
            customer_number = excluded.customer_number, caller = excluded.caller, callee = excluded.callee, shown = excluded.shown,
            started_at = excluded.started_at, ended_at = excluded.ended_at, queue_group_id = excluded.queue_group_id,
            queue_entered_at = excluded.queue_entered_at, queue_left_at = excluded.queue_left_at, queue_state = excluded.queue_state,
            voicemail_url = excluded.voicemail_url, voicemail_ms = excluded.voicemail_ms, satisfy_levels = excluded.satisfy_levels,
            satisfy_key = excluded.satisfy_key, event_count = excluded.event_count, updated_at = excluded.updated_at",
        company as _,
        id as _,
        switch as _,
        name,
        call.line as _,
        call.direction as _,
        call.task.as_deref().and_then(|task| task.parse::<Uuid>().ok()),
        customer as _,
        number,
        call.caller,
        call.callee,
        call.shown,
        stamp(call.started_at)?,
        call.ended_at.map(stamp).transpose()?,
        queue.map(|queue| queue.group) as _,
        queue.map(|queue| stamp(queue.entered_at)).transpose()?,
        queue.and_then(|queue| queue.left_at).map(stamp).transpose()?,
        queue.map_or(QueueState::None, |queue| queue.state) as _,
        call.voicemail.as_ref().map_or("", |(url, _)| url),
        call.voicemail.as_ref().map(|(_, ms)| *ms),
        call.rated.map_or(0, |(levels, _)| levels),
        call.rated.map_or(0, |(_, key)| key),
        i32::try_from(events).unwrap_or(i32::MAX),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Legs that are no record any more, now that more is known.
async fn drop_legs(tx: &mut Tx, ids: &Ids, own: &[&KeptLeg]) -> Result {
    let gone: Vec<&KeptLeg> = own.iter().copied().filter(|kept| !ids.legs.values().any(|known| *known == kept.id)).collect();
    let (from, to) = (gone.iter().map(|kept| kept.started_at).min(), gone.iter().map(|kept| kept.started_at).max());
    let (Some(from), Some(to)) = (from, to) else { return Ok(()) };
    let gone: Vec<LegId> = gone.iter().map(|kept| kept.id).collect();
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from call_legs
        where company_id = $1
        and started_at between $4 and $5
        and call_id = $2
        and id = any ($3)",
        company as _,
        ids.call as _,
        &gone as _,
        from,
        to,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! The rows of a call's records and of its ledger.

use super::super::stamp;
use super::{Ids, KeptLeg};
use crate::ledger::{is_customer_talk, length};
use crate::model::event::Party;
use crate::model::record::{Call, Leg, Stretch, Who};
use crate::model::{Bucket, QueueState};
use identity::queries::place::Place;
use kernel::error::Result;
use kernel::id::{AgentId, CustomerId, DepartmentId, GroupId, LegId, UnitId};
use kernel::time::Stamp;
use kernel::tx::Tx;

/// A leg on its way to its row.
pub(super) struct Row<'a> {
    pub(super) place: usize,
    pub(super) id: LegId,
    pub(super) leg: &'a Leg,
    pub(super) customer: Option<CustomerId>,
    /// The customer's number.
    pub(super) number: &'a str,
    pub(super) attribution: Attribution,
}

/// 归属: whose leg it is, as it was when the leg began.
#[derive(Clone, Debug, Default)]
pub(super) struct Attribution {
    name: String,
    unit: Option<UnitId>,
    department: Option<DepartmentId>,
}

pub(super) fn attribution(leg: &Leg, ids: &Ids, own: &[&KeptLeg], places: &[Place]) -> Attribution {
    let Some(agent) = leg.agent() else { return Attribution::default() };
    let id = ids.of(&leg.name);
    match own.iter().find(|kept| kept.id == id && kept.agent == Some(agent)) {
        Some(kept) => Attribution { name: kept.agent_name.clone(), unit: kept.unit, department: kept.department },
        None => places.iter().find(|place| place.agent == agent).map_or_else(Attribution::default, |place| Attribution {
            name: place.name.clone(),
            unit: place.unit,
            department: place.department,
        }),
    }
}

pub(super) async fn write_leg(tx: &mut Tx, ids: &Ids, call: &Call, (row, own): (&Row<'_>, &[&KeptLeg])) -> Result {
    let (company, leg) = (tx.ctx.company, row.leg);
    let is_main = leg.call_type.is_main();
    let waits = call.ledger.iter().filter(|row| row.who == Who::Customer && row.bucket == Bucket::Queue);
    let (queue_ms, queue_state) = match &call.queue {
        Some(queue) if is_main => (length(waits), queue.state),
        _ => (0, QueueState::None),
    };
    // What the customer waits for the first talk: a phone that rings in vain is part of it, whose record is another's.
    let waited = call.ledger.iter().filter(|row| row.who == Who::Customer).take_while(|row| !is_customer_talk(row));
    let wait_ms = if is_main { length(waited.filter(|row| matches!(row.bucket, Bucket::Queue | Bucket::Ring))) } else { 0 };
    let other = leg.party.as_ref().and_then(Party::number).unwrap_or_default();
    let (levels, key) = call.rated.filter(|_| is_main).unwrap_or_default();
    // A call that reached nobody is of the group that it waited for, a third party of the group of whoever asked for it.
    let asker = call.legs.iter().find(|other| leg.call_type.is_third() && leg.from.as_ref() == Some(&other.name));
    let queue_group = call.queue.as_ref().filter(|_| is_main).map(|queue| queue.group);
    let group: Option<GroupId> = leg.group().or(queue_group).or_else(|| asker.and_then(Leg::group));
    let started_at = stamp(leg.started_at)?;
    // The time of its beginning is part of its place: it moves when an earlier event comes late.
    if let Some(kept) = own.iter().find(|kept| kept.id == row.id && kept.started_at != started_at) {
        sqlx::query!(
            "update call_legs
            set started_at = $4
            where company_id = $1
            and started_at = $5
            and call_id = $2
            and id = $3",
            company as _,
            ids.call as _,
            row.id as _,
            started_at,
            kept.started_at,
        )
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query!(
        "insert into call_legs (company_id, started_at, call_id, id, name, place, call_type, line, direction, from_leg_id, agent_id,
            agent_name, group_id, unit_id, department_id, customer_id, customer_number, other_number, answer_way, rang_at, answered_at,
            customer_answered_at, ended_at, ring_ms, talk_ms, hold_ms, hold_count, queue_ms, queue_state, result, ender, transfer_flag,
            transfer_count, consult_count, is_three_way, recording_url, recording_ms, satisfy_levels, satisfy_key, wait_ms)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
            $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)
        on conflict (company_id, started_at, call_id, id) do update
        set name = excluded.name, place = excluded.place, call_type = excluded.call_type, line = excluded.line,
            direction = excluded.direction, from_leg_id = excluded.from_leg_id, agent_id = excluded.agent_id,
            agent_name = excluded.agent_name, group_id = excluded.group_id, unit_id = excluded.unit_id,
            department_id = excluded.department_id, customer_id = excluded.customer_id, customer_number = excluded.customer_number,
            other_number = excluded.other_number, answer_way = excluded.answer_way, rang_at = excluded.rang_at,
            answered_at = excluded.answered_at, customer_answered_at = excluded.customer_answered_at, ended_at = excluded.ended_at,
            ring_ms = excluded.ring_ms, talk_ms = excluded.talk_ms, hold_ms = excluded.hold_ms, hold_count = excluded.hold_count,
            queue_ms = excluded.queue_ms, queue_state = excluded.queue_state, result = excluded.result, ender = excluded.ender,
            transfer_flag = excluded.transfer_flag, transfer_count = excluded.transfer_count, consult_count = excluded.consult_count,
            is_three_way = excluded.is_three_way, recording_url = excluded.recording_url, recording_ms = excluded.recording_ms,
            satisfy_levels = excluded.satisfy_levels, satisfy_key = excluded.satisfy_key, wait_ms = excluded.wait_ms",
        company as _,
        started_at,
        ids.call as _,
        row.id as _,
        leg.name,
        i16::try_from(row.place).unwrap_or(i16::MAX),
        leg.call_type as _,
        call.line as _,
        call.direction as _,
        leg.from.as_deref().map(|from| ids.of(from)) as _,
        leg.agent() as _,
        row.attribution.name,
        group as _,
        row.attribution.unit as _,
        row.attribution.department as _,
        row.customer as _,
        row.number,
        other,
        leg.way() as _,
        leg.rang_at.map(stamp).transpose()?,
        leg.answered_at.map(stamp).transpose()?,
        leg.customer_answered_at.map(stamp).transpose()?,
        leg.ended_at.map(stamp).transpose()?,
        leg.ring_ms,
        leg.talk_ms,
        leg.hold_ms,
        leg.hold_count,
        queue_ms,
        queue_state as _,
        leg.result as _,
        leg.ender as _,
        leg.transfer as _,
        leg.transfer_count,
        leg.consult_count,
        leg.three_way,
        leg.recording.as_ref().map_or("", |(url, _)| url),
        leg.recording.as_ref().map(|(_, ms)| *ms),
        levels,
        key,
        wait_ms,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The ledger is written as a whole: its rows have no life of their own.
pub(super) async fn write_stretches(tx: &mut Tx, ids: &Ids, ledger: &[Stretch]) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from call_stretches where company_id = $1 and call_id = $2", company as _, ids.call as _)
        .execute(&mut **tx)
        .await?;
    let legs: Vec<Option<LegId>> = ledger.iter().map(|row| (!row.leg.is_empty()).then(|| ids.of(&row.leg))).collect();
    let who: Vec<i16> = ledger.iter().map(|row| row.who.code()).collect();
    let agents: Vec<Option<AgentId>> = ledger.iter().map(|row| row.who.agent()).collect();
    let buckets: Vec<i16> = ledger.iter().map(|row| row.bucket.code()).collect();
    let from = ledger.iter().map(|row| stamp(row.from)).collect::<Result<Vec<Stamp>>>()?;
    let to = ledger.iter().map(|row| row.to.map(stamp).transpose()).collect::<Result<Vec<Option<Stamp>>>>()?;
    sqlx::query!(
        "insert into call_stretches (company_id, call_id, place, leg_id, who, agent_id, bucket, from_at, to_at)
        select $1, $2, s.place, s.leg_id, s.who, s.agent_id, s.bucket, s.from_at, s.to_at
        from unnest($3::uuid[], $4::smallint[], $5::uuid[], $6::smallint[], $7::timestamptz[], $8::timestamptz[])
            with ordinality s (leg_id, who, agent_id, bucket, from_at, to_at, place)",
        company as _,
        ids.call as _,
        &legs as _,
        &who,
        &agents as _,
        &buckets,
        &from as _,
        &to as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

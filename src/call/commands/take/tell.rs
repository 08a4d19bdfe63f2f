//! What others are told of a call: that it came, rings, was answered, is over. Each is told once, whenever it becomes known.

use super::keep::{Ids, KeptCall, KeptLeg};
use crate::model::Bucket;
use crate::model::event::Direction;
use crate::model::record::{Call, Who};
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{AgentId, CallId, LegId};
use kernel::tx::Tx;
use std::collections::HashMap;

/// How often each agent was rung for each record.
type Rings = HashMap<(LegId, AgentId), i64>;

/// What was known of a call.
pub(super) struct Before {
    pub(super) call: Option<KeptCall>,
    pub(super) legs: Vec<KeptLeg>,
    pub(super) rings: Rings,
}

impl Before {
    /// Who was rung in these calls.
    pub(super) async fn rings(tx: &mut Tx, calls: &[CallId]) -> Result<HashMap<CallId, Rings>> {
        let company = tx.ctx.company;
        let rows = sqlx::query!(
            r#"select call_id as "call: CallId", leg_id as "leg!: LegId", agent_id as "agent!: AgentId", count(*) as "times!"
            from call_stretches
            where company_id = $1
            and call_id = any ($2)
            and bucket = $3
            and agent_id is not null
            and leg_id is not null
            group by call_id, leg_id, agent_id"#,
            company as _,
            calls as _,
            Bucket::Ring as _,
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut found: HashMap<CallId, Rings> = HashMap::new();
        for row in rows {
            found.entry(row.call).or_default().insert((row.leg, row.agent), row.times);
        }
        Ok(found)
    }
}

/// Records the events of what is new since `before`.
pub(super) async fn tell(tx: &mut Tx, before: &Before, call: &Call, ids: &Ids) -> Result {
    if before.call.is_none() && call.direction == Direction::Inbound {
        tx.record(Event::CallIncoming { call: ids.call }).await?;
    }
    let mut rings = Rings::new();
    for row in call.ledger.iter().filter(|row| row.bucket == Bucket::Ring) {
        let Who::Agent(agent) = row.who else { continue };
        let leg = ids.of(&row.leg);
        let times = rings.entry((leg, agent)).or_default();
        *times += 1;
        if *times > before.rings.get(&(leg, agent)).copied().unwrap_or_default() {
            tx.record(Event::CallRinging { call: ids.call, leg, agent }).await?;
        }
    }
    for leg in &call.legs {
        let id = ids.of(&leg.name);
        let known = before.legs.iter().find(|kept| kept.id == id);
        if leg.answered_at.is_some() && known.is_none_or(|known| known.answered_at.is_none()) {
            tx.record(Event::CallAnswered { call: ids.call, leg: id }).await?;
        }
        // All records are told when the whole call is over, and one that becomes known after that at once.
        let was_told = known.is_some() && before.call.as_ref().is_some_and(|known| known.ended_at.is_some());
        if call.ended_at.is_some() && !was_told {
            tx.record(Event::CallEnded { call: ids.call, leg: id }).await?;
        }
    }
    Ok(())
}

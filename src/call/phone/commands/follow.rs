//! What phones make of what a switch told, whichever switch it is: the row of the call, after-call work, missed calls, and open
//! pages. It happens in the transaction that takes the events.

use super::wrap;
use crate::model::event::{Cause, Happening, Purpose, SwitchEvent};
use crate::phone::scene::{Limb, Scene, Stage};
use crate::state::in_order;
use jiff::SignedDuration;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CallId, SwitchId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What happened longer ago, and is told only now, moves nobody's phone any more.
const RECENT: SignedDuration = SignedDuration::from_mins(5);

/// A call whose records are kept, and how its phones were.
struct Kept {
    call: CallId,
    name: String,
    row: Option<Uuid>,
    events: Option<Value>,
}

/// A call with everything that was told of it, in order.
struct Told {
    kept: Kept,
    events: Vec<SwitchEvent>,
    scene: Scene,
}

/// Brings the phones of the agents in these calls up to date. The caller holds the calls and has written their records.
pub(crate) async fn follow(tx: &mut Tx, switch: SwitchId, heard: &BTreeMap<String, Vec<SwitchEvent>>) -> Result {
    let names: Vec<String> = heard.keys().cloned().collect();
    let mut calls = Vec::new();
    for kept in kept(tx, switch, &names).await? {
        let events: Vec<SwitchEvent> = heard.get(&kept.name).map(|events| in_order(events)).into_iter().flatten().cloned().collect();
        if let Some(scene) = Scene::of(&events) {
            calls.push(Told { kept, events, scene });
        }
    }
    let agents: Vec<AgentId> = calls.iter().flat_map(|told| &told.scene.limbs).filter_map(Limb::agent).collect();
    let phones = if agents.is_empty() { Vec::new() } else { hold_phones(tx, &agents).await? };
    let mut pages: BTreeMap<AgentId, (Uuid, bool)> = BTreeMap::new();
    for Told { kept, events, scene } in calls {
        let has_phone = scene.limbs.iter().filter_map(Limb::agent).any(|agent| phones.contains(&agent));
        if kept.row.is_none() && !(has_phone && is_recent(tx, scene.last_at)) {
            continue;
        }
        let id = kept.row.unwrap_or(kept.call.0);
        let before: Option<Vec<SwitchEvent>> = kept.events.map(serde_json::from_value).transpose().map_err(Error::internal)?;
        let before = before.as_deref().and_then(Scene::of);
        write(tx, (id, switch, &kept.name), &events, &scene).await?;
        settle(tx, kept.call, before.as_ref(), (&events, &scene), &phones).await?;
        for limb in &scene.limbs {
            let Some(agent) = limb.agent() else { continue };
            let begins_to_ring = limb.stage == Stage::Ringing && was(before.as_ref(), limb).is_none_or(|was| was.stage != Stage::Ringing);
            let page = pages.entry(agent).or_insert((id, false));
            if begins_to_ring {
                *page = (id, true);
            }
        }
    }
    tell(tx, &pages).await
}

/// The calls of these names.
async fn kept(tx: &mut Tx, switch: SwitchId, names: &[String]) -> Result<Vec<Kept>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Kept,
        r#"select c.id as "call: CallId", c.call_key as name, p.id as "row?", p.events as "events?"
        from calls c
        left join phone_calls p
        on p.company_id = c.company_id
        and p.switch_id = c.switch_id
        and p.call_key = c.call_key
        where c.company_id = $1
        and c.switch_id = $2
        and c.call_key = any ($3)
        order by c.call_key"#,
        company as _,
        switch as _,
        names,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Which of these agents have a phone in use; their accounts are held, in one order, so that nobody waits for each other.
async fn hold_phones(tx: &mut Tx, agents: &[AgentId]) -> Result<Vec<AgentId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select agent_id as "agent: AgentId"
        from phone_accounts
        where company_id = $1
        and agent_id = any ($2)
        and enabled
        order by agent_id
        for update"#,
        company as _,
        agents as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn write(tx: &mut Tx, (id, switch, name): (Uuid, SwitchId, &str), events: &[SwitchEvent], scene: &Scene) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let mut agents: Vec<Uuid> = scene.limbs.iter().filter_map(Limb::agent).map(|agent| agent.0).collect();
    agents.sort_unstable();
    agents.dedup();
    let document = serde_json::to_value(events).map_err(Error::internal)?;
    let started_at = scene.started_at.checked_mul(1_000).and_then(Stamp::from_micros).unwrap_or(now);
    sqlx::query!(
        "insert into phone_calls (company_id, id, switch_id, call_key, events, agents, is_over, started_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (company_id, switch_id, call_key) do update
        set events = excluded.events, agents = excluded.agents, is_over = excluded.is_over, updated_at = excluded.updated_at",
        company as _,
        id,
        switch as _,
        name,
        document,
        &agents,
        scene.is_over,
        started_at,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What becomes of the agents whose part in the call ended, or who picked up.
async fn settle(
    tx: &mut Tx,
    call: CallId,
    before: Option<&Scene>,
    (events, scene): (&[SwitchEvent], &Scene),
    phones: &[AgentId],
) -> Result {
    let served = Scene::served(events);
    for limb in &scene.limbs {
        let Some(agent) = limb.agent().filter(|agent| phones.contains(agent)) else { continue };
        let was = was(before, limb);
        if limb.was_answered && was.is_none_or(|was| !was.was_answered) {
            wrap::answered(tx, agent).await?;
        }
        if limb.is_open() || was.is_some_and(|was| !was.is_open()) || !is_recent(tx, limb.since) {
            continue;
        }
        // Who was asked and took the customer over has served as whoever was rung first has.
        let is_served =
            served.contains(&limb.name) || matches!(limb.purpose, Purpose::Reception | Purpose::TransferConsult | Purpose::TransferDirect);
        let rang_out = events.iter().any(|event| {
            matches!(&event.what, Happening::Left { leg, cause: Cause::NoAnswer, .. } if *leg == limb.name) && !limb.was_answered
        });
        if limb.was_answered && is_served && !scene.is_internal() {
            wrap::begin(tx, agent, call).await?;
        } else if rang_out {
            wrap::missed(tx, agent, call).await?;
        }
    }
    Ok(())
}

/// Tells the open pages of everybody in the calls, and sounds at those whose phone began to ring.
async fn tell(tx: &mut Tx, pages: &BTreeMap<AgentId, (Uuid, bool)>) -> Result {
    if pages.is_empty() {
        return Ok(());
    }
    let said = |(call, is_loud): (Uuid, bool)| if is_loud { json!({ "phone": call, "sound": "loud" }) } else { json!({ "phone": call }) };
    let said: Vec<(AgentId, Value)> = pages.iter().map(|(agent, page)| (*agent, said(*page))).collect();
    let event = tx.ctx.uuid();
    kernel::live::tell_of(tx, event, "phone", said.iter().map(|(agent, words)| (*agent, words)).collect()).await
}

/// The leg as it was.
fn was<'a>(before: Option<&'a Scene>, limb: &Limb) -> Option<&'a Limb> {
    before.and_then(|before| before.limbs.iter().find(|was| was.name == limb.name))
}

fn is_recent(tx: &Tx, at: i64) -> bool {
    at >= tx.ctx.now().minus(RECENT).micros() / 1_000
}

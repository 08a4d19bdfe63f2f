//! 试运行: what a trigger would have done, enabled or not. Nothing is changed; the verdict is that of the live run.

use super::facts::{all_known, happened};
use super::{Trigger, held};
use crate::evaluate::{Facts, Verdict, evaluate, matches};
use crate::model::{Acted, Action, ActionKind, Effect, TriggerKind};
use crate::replay::{Occasion, predict, refusal, replay};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CategoryId, TicketId, TriggerId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::collections::HashMap;
use ticket::queries::case::{changed_since, happenings_since, unclosed};

/// How far back a flow trigger is tried, in days.
pub const DAYS: i64 = 7;
/// Tickets tried at most.
pub const TICKETS_MOST: usize = 2_000;
/// Hits shown at most; all are counted.
pub const HITS_MOST: usize = 200;
/// Tickets read at once.
const CHUNK: usize = 500;

/// 试运行 of one trigger.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Tickets it was tried on.
    pub tickets: usize,
    /// Whether there were more tickets than `TICKETS_MOST`.
    pub is_cut: bool,
    /// How often it would have acted.
    pub matched: usize,
    /// The newest of them.
    pub hits: Vec<Hit>,
}

/// One time that it would have acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The ticket.
    pub ticket: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题 as it was.
    pub title: String,
    /// When.
    pub at: Stamp,
    /// Every condition with what it found.
    pub verdict: Verdict,
    /// What would have followed.
    pub effects: Vec<Acted>,
    /// Since when the ticket matches the timed trigger: it acted then, and does not act again.
    pub since: Option<Stamp>,
}

/// Tries a trigger: a flow trigger on everything that happened in the last days, as the tickets stood then; a timed one on
/// the tickets that are not closed, as they stand now.
pub async fn trial(ctx: &Ctx, id: TriggerId) -> Result<(Trigger, Trial)> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    let trigger = held(&mut tx, id).await?;
    let since = ctx.now().minus(SignedDuration::from_hours(24 * DAYS));
    let mut tickets = match trigger.kind {
        TriggerKind::Flow => changed_since(&mut tx, since, i64::try_from(TICKETS_MOST + 1).unwrap_or(i64::MAX)).await?,
        TriggerKind::Timed => unclosed(&mut tx).await?,
    };
    let is_cut = tickets.len() > TICKETS_MOST;
    tickets.truncate(TICKETS_MOST);
    let on = webhooks_on(&mut tx).await?;
    let mut hits = Vec::new();
    for chunk in tickets.chunks(CHUNK) {
        hits.extend(match trigger.kind {
            TriggerKind::Flow => of_flow(&mut tx, &trigger, chunk, since).await?,
            TriggerKind::Timed => of_now(&mut tx, &trigger, chunk).await?,
        });
    }
    hits.sort_by_key(|hit| std::cmp::Reverse((hit.at, hit.number)));
    let matched = hits.len();
    hits.truncate(HITS_MOST);
    hits.iter_mut().flat_map(|hit| &mut hit.effects).for_each(|acted| refuse_off(acted, &on));
    Ok((trigger, Trial { tickets: tickets.len(), is_cut, matched, hits }))
}

async fn of_flow(tx: &mut Tx, trigger: &Trigger, tickets: &[TicketId], since: Stamp) -> Result<Vec<Hit>> {
    let above = categories(tx).await?;
    let mut occasions = HashMap::<TicketId, Vec<Occasion>>::new();
    for (ticket, happening) in happenings_since(tx, tickets, since).await? {
        occasions.entry(ticket).or_default().push((happening.at, happened(happening.what)));
    }
    let mut hits = Vec::new();
    for known in all_known(tx, tickets).await? {
        let occasions = occasions.remove(&known.ticket).unwrap_or_default();
        for (at, facts) in replay(&known.facts, &occasions, |id| above.get(&id).cloned().unwrap_or_default()) {
            if matches(&trigger.rule, &facts, at) {
                hits.push(Hit {
                    ticket: known.ticket,
                    number: known.number,
                    at,
                    verdict: evaluate(&trigger.rule, &facts, at),
                    effects: effects(trigger, &facts),
                    since: None,
                    title: facts.title,
                });
            }
        }
    }
    Ok(hits)
}

async fn of_now(tx: &mut Tx, trigger: &Trigger, tickets: &[TicketId]) -> Result<Vec<Hit>> {
    let now = tx.ctx.now();
    let known = all_known(tx, tickets).await?;
    let since = matched_since(tx, trigger.id, tickets).await?;
    let hits = known.into_iter().filter(|known| matches(&trigger.rule, &known.facts, now)).map(|known| Hit {
        ticket: known.ticket,
        number: known.number,
        at: now,
        verdict: evaluate(&trigger.rule, &known.facts, now),
        effects: effects(trigger, &known.facts),
        since: since.get(&known.ticket).copied(),
        title: known.facts.title,
    });
    Ok(hits.collect())
}

async fn matched_since(tx: &mut Tx, trigger: TriggerId, tickets: &[TicketId]) -> Result<HashMap<TicketId, Stamp>> {
    let (company, ids) = (tx.ctx.company, tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>());
    let rows = sqlx::query!(
        r#"select ticket_id as "ticket: TicketId", since as "since: Stamp"
        from trigger_matches
        where company_id = $1
        and trigger_id = $2
        and ticket_id = any($3)"#,
        company as _,
        trigger as _,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.ticket, row.since)).collect())
}

/// Every subscription, by its id as actions name it, with whether it is on.
async fn webhooks_on(tx: &mut Tx) -> Result<HashMap<String, bool>> {
    let webhooks = webhook::queries::all(tx).await?;
    Ok(webhooks.into_iter().map(|webhook| (webhook.id.to_string(), webhook.enabled)).collect())
}

/// A message to a subscription that is gone or switched off is refused, as it would be now.
fn refuse_off(acted: &mut Acted, on: &HashMap<String, bool>) {
    if acted.action.kind == ActionKind::Forward
        && let Some(problem) = refusal(on.get(&acted.action.value).copied())
    {
        (acted.effect, acted.problem) = (Effect::Refused, Some(problem));
    }
}

fn effects(trigger: &Trigger, facts: &Facts) -> Vec<Acted> {
    let acted = |action: &Action| Acted { action: action.clone(), effect: predict(action, facts), problem: None };
    trigger.rule.actions.iter().map(acted).collect()
}

/// Of each category itself and those above it, as conditions see them.
pub(crate) async fn categories(tx: &mut Tx) -> Result<HashMap<CategoryId, Vec<CategoryId>>> {
    let tree = ticket::queries::category::tree(tx).await?;
    let above = |path: &str| {
        let mut above: Vec<_> = tree.iter().filter(|other| path == other.path || path.starts_with(&format!("{}/", other.path))).collect();
        above.sort_by_key(|other| std::cmp::Reverse(other.path.len()));
        above.into_iter().map(|other| other.id).collect()
    };
    Ok(tree.iter().map(|category| (category.id, above(&category.path))).collect())
}

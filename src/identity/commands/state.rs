//! 客服状态: what agents say of themselves. Each change is a row (F§3.5).

use crate::model::{AgentState, OwnState, StateInput, StateReason};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::{AgentId, CallId, CompanyId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use std::sync::Arc;

/// Whoever signs in gets the session right after the state: so long nobody is taken for gone.
const COMING: SignedDuration = SignedDuration::from_mins(1);

/// A change on its way to its row.
struct Change {
    state: AgentState,
    at: Stamp,
    reason: StateReason,
    call: Option<CallId>,
    /// [`OwnState`], as it is kept.
    own: Option<Value>,
}

/// Public: whoever is signed in says how they are.
pub async fn change(ctx: &Ctx, input: &StateInput) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    choose(&mut tx, agent, input.state).await?;
    tx.commit().await
}

/// Public: whoever signs out is offline, unless they are signed in elsewhere.
pub async fn leave(ctx: &Ctx, session: Option<&[u8]>) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    part(&mut tx, agent, session).await?;
    tx.commit().await
}

/// System: a session reached its longest age and was ended: its owner is offline, unless they are signed in elsewhere.
pub async fn end(app: &Arc<App>, company: CompanyId, agent: AgentId) -> Result {
    let mut tx = app.system(company).await?.begin().await?;
    part(&mut tx, agent, None).await?;
    tx.commit().await
}

/// System: whoever's last session ran out without a word is offline since then.
pub async fn sweep(ctx: &Ctx) -> Result {
    let mut tx = ctx.begin().await?;
    lapse(&mut tx, None).await?;
    tx.commit().await
}

/// Whoever has no session beside this one is offline. Inside the caller's transaction.
pub(crate) async fn part(tx: &mut Tx, agent: AgentId, session: Option<&[u8]>) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let is_elsewhere = sqlx::query_scalar!(
        r#"select exists (
            select from directory.sessions
            where company_id = $1
            and agent_id = $2
            and id_hash is distinct from $3
            and expires_at > $4
        ) as "elsewhere!""#,
        company as _,
        agent as _,
        session,
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    if is_elsewhere { Ok(()) } else { put(tx, agent, AgentState::Offline, StateReason::SignedOut, None).await }
}

/// Whoever's last session ran out, one agent or all, is offline since then, or since what happened to their state afterwards.
/// Whoever has never had a session, as an agent of an interface, stays as they are. Inside the caller's transaction.
async fn lapse(tx: &mut Tx, one: Option<AgentId>) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // Their rows are held: who signs in at this moment comes before, and is left alone, or after, and is available again.
    let gone = sqlx::query!(
        r#"select a.id as "agent: AgentId", greatest(s.ran_out_at, a.state_since) as "at!: Stamp"
        from agents a
        cross join lateral (
            select max(o.expires_at) as ran_out_at
            from directory.sessions o
            where o.company_id = a.company_id
            and o.agent_id = a.id
        ) s
        where a.company_id = $1
        and ($2::uuid is null or a.id = $2)
        and a.state <> $3
        and a.state_since < $4
        and s.ran_out_at <= $5
        order by a.id
        for update of a"#,
        company as _,
        one as Option<AgentId> as _,
        AgentState::Offline as _,
        now.minus(COMING),
        now,
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in gone {
        let change = Change { state: AgentState::Offline, at: row.at, reason: StateReason::Lapsed, call: None, own: None };
        write(tx, row.agent, change).await?;
    }
    Ok(())
}

/// System: somebody came in by another door than the sign-in form, such as the last step of an activation.
pub async fn enter(app: &Arc<App>, company: CompanyId, agent: AgentId) -> Result {
    let mut tx = app.system(company).await?.begin().await?;
    arrive(&mut tx, agent).await?;
    tx.commit().await
}

/// Somebody signed in: whoever was offline is available; who said something else, elsewhere, is left as they are. Inside
/// the caller's transaction.
pub(crate) async fn arrive(tx: &mut Tx, agent: AgentId) -> Result {
    // Who went without a word was away meanwhile.
    lapse(tx, Some(agent)).await?;
    let company = tx.ctx.company;
    let state = sqlx::query_scalar!(
        r#"select state as "state: AgentState" from agents where company_id = $1 and id = $2"#,
        company as _,
        agent as _
    )
    .fetch_one(&mut **tx)
    .await?;
    if state == AgentState::Offline { put(tx, agent, AgentState::Available, StateReason::SignedIn, None).await } else { Ok(()) }
}

/// The check and the writing of `change`, inside the caller's transaction. Public: an agent says so of themselves.
pub async fn choose(tx: &mut Tx, agent: AgentId, state: AgentState) -> Result {
    if !state.is_chosen() {
        return Err(Problem::BadChoice.into());
    }
    put(tx, agent, state, StateReason::Chosen, None).await
}

/// 自定义状态: the agent is busy by a state of the company's own, inside the caller's transaction. Public: an agent says so of
/// themselves; the caller knows that the company has it.
pub async fn choose_own(tx: &mut Tx, agent: AgentId, own: &OwnState) -> Result {
    let own = serde_json::to_value(own).map_err(Error::internal)?;
    let change = Change { state: AgentState::Busy, at: tx.ctx.now(), reason: StateReason::Chosen, call: None, own: Some(own) };
    write(tx, agent, change).await
}

/// System: an agent's state becomes another, inside the caller's transaction, with why and the call that it follows from.
/// What stays the same leaves no row.
pub async fn put(tx: &mut Tx, agent: AgentId, state: AgentState, reason: StateReason, call: Option<CallId>) -> Result {
    let change = Change { state, at: tx.ctx.now(), reason, call, own: None };
    write(tx, agent, change).await
}

async fn write(tx: &mut Tx, agent: AgentId, change: Change) -> Result {
    let (company, id) = (tx.ctx.company, tx.ctx.uuid());
    let Change { state, at, reason, call, own } = change;
    sqlx::query!(
        "with changed as (
            update agents set state = $3, own_state = $8, state_since = $4
            where company_id = $1
            and id = $2
            and (state <> $3 or own_state is distinct from $8)
            returning id
        )
        insert into agent_state_changes (company_id, agent_id, changed_at, id, state, reason, call_id, own_state)
        select $1, changed.id, $4, $5, $3, $6, $7, $8 from changed",
        company as _,
        agent as _,
        state as _,
        at,
        id,
        reason as _,
        call as _,
        own,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

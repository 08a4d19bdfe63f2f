//! 客服状态: what agents say of themselves. Each change is a row (F§3.5).

use crate::model::{AgentState, OwnState, StateInput, StateReason};
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::{AgentId, CallId, CompanyId};
use kernel::tx::Tx;
use serde_json::Value;
use std::sync::Arc;

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
    let (company, now) = (ctx.company, ctx.now());
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
    .fetch_one(&mut *tx)
    .await?;
    if !is_elsewhere {
        put(&mut tx, agent, AgentState::Offline, StateReason::SignedOut, None).await?;
    }
    tx.commit().await
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
    write(tx, agent, AgentState::Busy, (StateReason::Chosen, None), Some(own)).await
}

/// System: an agent's state becomes another, inside the caller's transaction, with why and the call that it follows from.
/// What stays the same leaves no row.
pub async fn put(tx: &mut Tx, agent: AgentId, state: AgentState, reason: StateReason, call: Option<CallId>) -> Result {
    write(tx, agent, state, (reason, call), None).await
}

async fn write(
    tx: &mut Tx,
    agent: AgentId,
    state: AgentState,
    (reason, call): (StateReason, Option<CallId>),
    own: Option<Value>,
) -> Result {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), tx.ctx.uuid());
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
        now,
        id,
        reason as _,
        call as _,
        own,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

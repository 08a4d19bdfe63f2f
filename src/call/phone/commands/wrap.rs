//! 后处理与置忙: what becomes of an agent's state after a call, or after calls that were missed.

use crate::model::phone::{WRAP_MOST_S, WRAP_STEP_S, WrapInput};
use crate::phone::jobs::EndWrapUp;
use crate::phone::queries;
use identity::commands::state::put;
use identity::model::{AgentState, StateReason};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::id::{AgentId, CallId};
use kernel::job::enqueue_at;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::json;

/// Begins the after-call work of an agent whose call ended, inside the caller's transaction. Who is not available has
/// chosen something else, and keeps it.
pub(crate) async fn begin(tx: &mut Tx, agent: AgentId, call: CallId) -> Result {
    let seconds = queries::settings(tx).await?.value.wrap_up_s;
    if seconds == 0 || identity::queries::state_of(tx, agent).await?.0 != AgentState::Available {
        return Ok(());
    }
    let until = tx.ctx.now().plus(SignedDuration::from_secs(seconds.into()));
    put(tx, agent, AgentState::AfterCall, StateReason::CallEnded, Some(call)).await?;
    set(tx, agent, until, 0).await
}

/// 延长后处理: by 60 seconds a press, up to 300.
pub async fn extend(ctx: &Ctx, input: &WrapInput) -> Result {
    ctx.require(Permission::CallPhone)?;
    let (agent, mut tx) = (ctx.agent()?, ctx.begin().await?);
    if !super::is_first(&mut tx, input.order).await? {
        return Ok(());
    }
    hold(&mut tx, agent).await?;
    let account = queries::account(&mut tx, agent).await?.ok_or(Problem::PhoneNone)?;
    let is_wrapping = identity::queries::state_of(&mut tx, agent).await?.0 == AgentState::AfterCall;
    let Some(until) = account.wrap_until.filter(|_| is_wrapping && account.wrap_extended_s + WRAP_STEP_S <= WRAP_MOST_S) else {
        return Err(Problem::WrapUpNotNow.into());
    };
    let until = until.plus(SignedDuration::from_secs(WRAP_STEP_S.into()));
    set(&mut tx, agent, until, account.wrap_extended_s + WRAP_STEP_S).await?;
    tell(&mut tx, agent).await?;
    tx.commit().await
}

/// 后处理到时: the agent is available again, unless the time was extended or the agent chose another state. System: a job.
pub async fn over(ctx: &Ctx, agent: AgentId) -> Result {
    let mut tx = ctx.begin().await?;
    hold(&mut tx, agent).await?;
    let until = queries::account(&mut tx, agent).await?.and_then(|account| account.wrap_until);
    let is_wrapping = identity::queries::state_of(&mut tx, agent).await?.0 == AgentState::AfterCall;
    if is_wrapping && until.is_some_and(|until| until <= ctx.now()) {
        put(&mut tx, agent, AgentState::Available, StateReason::WrapUpOver, None).await?;
        tell(&mut tx, agent).await?;
    }
    tx.commit().await
}

/// 未接: counts a call that the agent missed; so many one after another make them busy. Inside the caller's transaction.
pub(crate) async fn missed(tx: &mut Tx, agent: AgentId, call: CallId) -> Result {
    let most = queries::settings(tx).await?.value.busy_after_missed;
    let company = tx.ctx.company;
    let missed = sqlx::query_scalar!(
        "update phone_accounts set missed = missed + 1 where company_id = $1 and agent_id = $2 returning missed",
        company as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if most == 0 || missed.is_none_or(|missed| missed < most) {
        return Ok(());
    }
    answered(tx, agent).await?;
    match identity::queries::state_of(tx, agent).await?.0 {
        AgentState::Available => put(tx, agent, AgentState::Busy, StateReason::Missed, Some(call)).await,
        _ => Ok(()),
    }
}

/// Begins to count missed calls anew. Inside the caller's transaction.
pub(crate) async fn answered(tx: &mut Tx, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("update phone_accounts set missed = 0 where company_id = $1 and agent_id = $2 and missed <> 0", company as _, agent as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Holds the phone account: what depends on whether its agent is free is asked after it.
pub(crate) async fn hold(tx: &mut Tx, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("select agent_id from phone_accounts where company_id = $1 and agent_id = $2 for update", company as _, agent as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(())
}

/// Tells the agent's open pages that the phone changed. A transaction calls this once.
pub(crate) async fn tell(tx: &mut Tx, agent: AgentId) -> Result {
    kernel::live::tell(tx, &[agent], "phone", &json!({ "phone": agent })).await
}

async fn set(tx: &mut Tx, agent: AgentId, until: Stamp, extended_s: i16) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update phone_accounts set wrap_until = $3, wrap_extended_s = $4 where company_id = $1 and agent_id = $2",
        company as _,
        agent as _,
        until,
        extended_s,
    )
    .execute(&mut **tx)
    .await?;
    enqueue_at(tx, &EndWrapUp { agent }, until).await?;
    Ok(())
}

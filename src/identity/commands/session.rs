//! 登录会话: ending them (S38). The sessions themselves are kept by the web server in `directory.sessions`.

use crate::model::account::{AgentChoice, SessionChoice};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::AgentId;
use kernel::live;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};

/// Public: whoever is signed in ends one of the own sessions.
pub async fn end_own(ctx: &Ctx, input: SessionChoice) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    end_one(&mut tx, agent, &input.session).await?;
    tx.commit().await
}

/// Public: whoever is signed in ends all own sessions but the one they use now.
pub async fn end_others(ctx: &Ctx, current: Option<&[u8]>) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    end_all(&mut tx, agent, current).await?;
    tx.commit().await
}

/// Ends all sessions of an agent, by an administrator.
pub async fn end_of(ctx: &Ctx, input: AgentChoice) -> Result {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.begin().await?;
    let agent = super::reach::reachable(&mut tx, input.id).await?;
    end_all(&mut tx, agent.id, None).await?;
    tx.audit("agent.sessions_ended", Subject::named("agent", Some(agent.id.0), agent.name), None, None).await?;
    tx.commit().await
}

/// Ends the sessions of an agent but `keep`, and tells the open pages; without any they are offline. Inside the caller's
/// transaction.
pub(crate) async fn end_all(tx: &mut Tx, agent: AgentId, keep: Option<&[u8]>) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from directory.sessions
        where company_id = $1
        and agent_id = $2
        and id_hash is distinct from $3",
        company as _,
        agent as _,
        keep,
    )
    .execute(&mut **tx)
    .await?;
    super::state::part(tx, agent, None).await?;
    live::tell(tx, &[agent], "session", &serde_json::json!({})).await
}

async fn end_one(tx: &mut Tx, agent: AgentId, session: &str) -> Result {
    let company = tx.ctx.company;
    let ended = sqlx::query!(
        "delete from directory.sessions
        where company_id = $1
        and agent_id = $2
        and encode(id_hash, 'hex') = $3",
        company as _,
        agent as _,
        session,
    )
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    super::state::part(tx, agent, None).await?;
    live::tell(tx, &[agent], "session", &serde_json::json!({})).await
}

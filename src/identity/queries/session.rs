//! 登录会话: where somebody is signed in.

use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CompanyId};
use kernel::permission::Permission;
use kernel::time::Stamp;

/// One session, named by the hexadecimal of its stored hash.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Which.
    pub session: String,
    /// Browser, as it named itself.
    pub user_agent: String,
    /// Address it was opened from.
    pub ip: Option<String>,
    /// When it was opened.
    pub created_at: Stamp,
    /// When it was last used.
    pub seen_at: Stamp,
}

/// Sessions of an agent, the last used first: the own, or anyone's for an administrator.
pub async fn sessions(ctx: &Ctx, agent: AgentId) -> Result<Vec<SessionRow>> {
    if ctx.actor.agent() != Some(agent) {
        ctx.require(Permission::AgentManage)?;
    }
    let now = ctx.now();
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        SessionRow,
        r#"select encode(id_hash, 'hex') as "session!", user_agent, host(ip) as ip, created_at, seen_at
        from directory.sessions
        where company_id = $1
        and agent_id = $2
        and expires_at > $3
        order by seen_at desc"#,
        ctx.company as _,
        agent as _,
        now,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// Companies in which a session of somebody ran out from one moment on and before the other.
pub async fn ran_out(app: &App, from: Stamp, until: Stamp) -> Result<Vec<CompanyId>> {
    let mut tx = app.directory().await?;
    Ok(sqlx::query_scalar!(
        r#"select distinct company_id as "id!: CompanyId"
        from directory.sessions
        where expires_at >= $1
        and expires_at < $2
        and agent_id is not null"#,
        from,
        until,
    )
    .fetch_all(&mut *tx)
    .await?)
}

//! Reads of accounts for other slices: choices in lists, membership.

use crate::model::{AgentOption, AgentStatus, GroupKind, GroupOption};
use kernel::error::Result;
use kernel::id::{AgentId, GroupId};
use kernel::tx::Tx;

/// Agents that are not deleted, by name.
pub async fn agent_options(tx: &mut Tx) -> Result<Vec<AgentOption>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        AgentOption,
        r#"select id as "id: AgentId", name, nickname, (status = $2) as "enabled!"
        from agents
        where company_id = $1
        and status <> $3
        order by name, id"#,
        company as _,
        AgentStatus::Enabled as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Groups of a kind that are not deleted, by name.
pub async fn group_options(tx: &mut Tx, kind: GroupKind) -> Result<Vec<GroupOption>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        GroupOption,
        r#"select id as "id: GroupId", name
        from groups
        where company_id = $1
        and kind = $2
        and deleted_at is null
        order by name, id"#,
        company as _,
        kind as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Enabled agents of a group.
pub async fn members(tx: &mut Tx, group: GroupId) -> Result<Vec<AgentId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select m.agent_id as "agent: AgentId"
        from group_members m
        join agents a on a.company_id = m.company_id and a.id = m.agent_id
        where m.company_id = $1
        and m.group_id = $2
        and a.status = $3
        order by m.agent_id"#,
        company as _,
        group as _,
        AgentStatus::Enabled as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Whether the agent is enabled and works in the group.
pub async fn is_member(tx: &mut Tx, group: GroupId, agent: AgentId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = $1
            and m.group_id = $2
            and m.agent_id = $3
            and a.status = $4
        ) as "member!""#,
        company as _,
        group as _,
        agent as _,
        AgentStatus::Enabled as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The agent with this mail address, unless deleted.
pub async fn agent_by_email(tx: &mut Tx, email: &str) -> Result<Option<AgentOption>> {
    let company = tx.ctx.company;
    let Some(email) = kernel::input::email(email) else {
        return Ok(None);
    };
    Ok(sqlx::query_as!(
        AgentOption,
        r#"select id as "id: AgentId", name, nickname, (status = $3) as "enabled!"
        from agents
        where company_id = $1
        and email = $2
        and status <> $4"#,
        company as _,
        email,
        AgentStatus::Enabled as _,
        AgentStatus::Deleted as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

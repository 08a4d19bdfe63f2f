//! Who works in which group, set from either side. Inside the caller's transaction.

use crate::model::AgentStatus;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::tx::Tx;

/// Makes these groups the agent's, of whatever kind they are.
pub(crate) async fn set_groups(tx: &mut Tx, agent: AgentId, groups: &[GroupId]) -> Result {
    let company = tx.ctx.company;
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups.dedup();
    sqlx::query!(
        "delete from group_members
        where company_id = $1
        and agent_id = $2
        and group_id <> all($3)",
        company as _,
        agent as _,
        groups as _,
    )
    .execute(&mut **tx)
    .await?;
    let found = sqlx::query_scalar!(
        r#"with found as (
            select id
            from groups
            where company_id = $1
            and id = any($3)
            and deleted_at is null
        ), added as (
            insert into group_members (company_id, group_id, agent_id)
            select $1, id, $2 from found
            on conflict do nothing
        )
        select count(*) as "found!" from found"#,
        company as _,
        agent as _,
        groups as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if usize::try_from(found) == Ok(groups.len()) { Ok(()) } else { Err(Error::Problems(Problems::one("groups", Problem::BadChoice))) }
}

/// Makes these agents the members of the group; an unknown one is a problem.
pub(crate) async fn set_members(tx: &mut Tx, group: GroupId, members: &[AgentId]) -> Result {
    let company = tx.ctx.company;
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    sqlx::query!(
        "delete from group_members
        where company_id = $1
        and group_id = $2
        and agent_id <> all($3)",
        company as _,
        group as _,
        members as _,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into group_members (company_id, group_id, agent_id)
        select $1, $2, id
        from agents
        where company_id = $1
        and id = any($3)
        and status <> $4
        on conflict do nothing",
        company as _,
        group as _,
        members as _,
        AgentStatus::Deleted as _,
    )
    .execute(&mut **tx)
    .await?;
    let found = sqlx::query_scalar!(
        r#"select count(*) as "found!"
        from group_members
        where company_id = $1
        and group_id = $2"#,
        company as _,
        group as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if usize::try_from(found) != Ok(members.len()) {
        return Err(Error::Problems(Problems::one("members", Problem::BadChoice)));
    }
    Ok(())
}

/// One more member of a group; whether they were none before. An unknown one is a problem.
pub(crate) async fn add(tx: &mut Tx, group: GroupId, agent: AgentId) -> Result<bool> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"with found as (
            select id
            from agents
            where company_id = $1
            and id = $3
            and status <> $4
        ), added as (
            insert into group_members (company_id, group_id, agent_id)
            select $1, $2, id from found
            on conflict do nothing
            returning agent_id
        )
        select exists (select from found) as "found!", exists (select from added) as "added!""#,
        company as _,
        group as _,
        agent as _,
        AgentStatus::Deleted as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if row.found { Ok(row.added) } else { Err(Error::Problems(Problems::one("members", Problem::BadChoice))) }
}

/// One member less; whether they were one.
pub(crate) async fn remove(tx: &mut Tx, group: GroupId, agent: AgentId) -> Result<bool> {
    let company = tx.ctx.company;
    let gone = sqlx::query!(
        "delete from group_members
        where company_id = $1
        and group_id = $2
        and agent_id = $3",
        company as _,
        group as _,
        agent as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected() > 0)
}

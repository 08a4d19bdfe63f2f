//! Who works in which ticket group, set from either side. Inside the caller's transaction.

use crate::model::{AgentStatus, GroupKind};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::tx::Tx;

/// Makes these ticket groups the agent's; groups of other kinds stay as they are.
pub(crate) async fn set_groups(tx: &mut Tx, agent: AgentId, groups: &[GroupId]) -> Result {
    let company = tx.ctx.company;
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups.dedup();
    sqlx::query!(
        "delete from group_members m
        using groups g
        where m.company_id = $1
        and m.agent_id = $2
        and g.company_id = m.company_id
        and g.id = m.group_id
        and g.kind = $3
        and m.group_id <> all($4)",
        company as _,
        agent as _,
        GroupKind::Ticket as _,
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
            and kind = $4
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
        GroupKind::Ticket as _,
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

//! 客服组: the list and one group.

use crate::model::{AgentStatus, GroupKind};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, GroupId};
use kernel::permission::Permission;
use kernel::tx::Tx;

/// One row of the list.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// Which.
    pub id: GroupId,
    /// What it works on.
    pub kind: GroupKind,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Names of who works in it.
    pub members: Vec<String>,
}

/// One group, for its page.
#[derive(Clone, Debug)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// What it works on.
    pub kind: GroupKind,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who works in it.
    pub members: Vec<AgentId>,
}

/// Groups by kind and name.
pub async fn groups(ctx: &Ctx) -> Result<Vec<GroupRow>> {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        GroupRow,
        r#"select g.id as "id: GroupId", g.kind as "kind: GroupKind", g.name, g.description, array(
            select a.name
            from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = g.company_id
            and m.group_id = g.id
            and a.status <> $2
            order by a.name, a.id
        ) as "members!"
        from groups g
        where g.company_id = $1
        and g.deleted_at is null
        order by g.kind, g.name, g.id"#,
        ctx.company as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// One group.
pub async fn group(ctx: &Ctx, id: GroupId) -> Result<Group> {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Group,
        r#"select g.id as "id: GroupId", g.kind as "kind: GroupKind", g.name, g.description, array(
            select m.agent_id
            from group_members m
            where m.company_id = g.company_id
            and m.group_id = g.id
        ) as "members!: Vec<AgentId>"
        from groups g
        where g.company_id = $1
        and g.id = $2
        and g.deleted_at is null"#,
        ctx.company as _,
        id as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// Every group by kind and name, with members whose accounts are not deleted, in the order of their ids. System: its caller has
/// asked who may.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Group>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Group,
        r#"select g.id as "id: GroupId", g.kind as "kind: GroupKind", g.name, g.description, array(
            select m.agent_id
            from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = g.company_id
            and m.group_id = g.id
            and a.status <> $2
            order by m.agent_id
        ) as "members!: Vec<AgentId>"
        from groups g
        where g.company_id = $1
        and g.deleted_at is null
        order by g.kind, g.name, g.id"#,
        company as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

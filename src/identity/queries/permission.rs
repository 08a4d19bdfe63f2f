//! 权限组: the list, one group, who has an item, and why a person has it.

use crate::model::AgentStatus;
use crate::model::permission::{Because, Explained, GroupRights, explain as explain_item, items};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, PermissionGroupId};
use kernel::permission::{Permission, Role, Scope};
use kernel::time::Stamp;
use kernel::tx::Tx;

/// 权限组, as stored.
#[derive(Clone, Debug)]
pub struct PermissionGroup {
    /// Which.
    pub id: PermissionGroupId,
    /// What it is for.
    pub description: String,
    /// Role whose grant rules bound the items.
    pub base_role: Role,
    /// Name, items and scopes.
    pub rights: GroupRights,
    /// Grows with every change.
    pub version: i32,
    /// Agents that have it.
    pub agents: i64,
    /// When it was made.
    pub created_at: Stamp,
}

/// Somebody who has an item, with the reason.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Who.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// State of the account.
    pub status: AgentStatus,
    /// Role type.
    pub role: Role,
    /// Why.
    pub because: Because,
}

/// What one person may do, with the reasons.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Who.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// Role type.
    pub role: Role,
    /// Own permission group.
    pub group: Option<(PermissionGroupId, String)>,
    /// Which tickets.
    pub tickets: Scope,
    /// Every item.
    pub items: Vec<Explained>,
}

/// A permission group as a choice in a list.
#[derive(Clone, Debug)]
pub struct PermissionGroupOption {
    /// Which.
    pub id: PermissionGroupId,
    /// Name.
    pub name: String,
    /// Role it is for.
    pub base_role: Role,
}

/// Own permission groups by name.
pub async fn permission_groups(ctx: &Ctx) -> Result<Vec<PermissionGroup>> {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.read().await?;
    load(&mut tx, None).await
}

/// One permission group.
pub async fn permission_group(ctx: &Ctx, id: PermissionGroupId) -> Result<PermissionGroup> {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.read().await?;
    load(&mut tx, Some(id)).await?.pop().ok_or(kernel::error::Error::NotFound)
}

/// Permission groups as choices for an account.
pub async fn permission_group_options(tx: &mut Tx) -> Result<Vec<PermissionGroupOption>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        PermissionGroupOption,
        r#"select id as "id: PermissionGroupId", name, base_role as "base_role: Role"
        from permission_groups
        where company_id = $1
        order by name, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// How many enabled agents have each role type without an own permission group.
pub async fn role_counts(ctx: &Ctx) -> Result<Vec<(Role, i64)>> {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select role as "role: Role", count(*) as "agents!"
        from agents
        where company_id = $1
        and status <> $2
        and permission_group_id is null
        group by role"#,
        ctx.company as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.role, row.agents)).collect())
}

/// Everybody who has the item, by name; disabled accounts too, since enabling them gives it back.
pub async fn who_has(ctx: &Ctx, permission: Permission) -> Result<Vec<Holder>> {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select a.id as "id: AgentId", a.name, a.status as "status: AgentStatus", a.role as "role: Role",
            p.name as "group_name?", p.permissions as "permissions?", p.ticket_scope as "tickets?: Scope"
        from agents a
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where a.company_id = $1
        and a.status <> $2
        order by a.name, a.id"#,
        ctx.company as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let holders = rows.into_iter().filter_map(|row| {
        let rights = rights(row.group_name, row.permissions, row.tickets);
        let explained = explain_item(row.role, rights.as_ref(), permission);
        explained.has.then_some(Holder { id: row.id, name: row.name, status: row.status, role: row.role, because: explained.because })
    });
    Ok(holders.collect())
}

/// What one person may do, and why.
pub async fn explain(ctx: &Ctx, agent: AgentId) -> Result<Explanation> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        r#"select a.name, a.role as "role: Role", a.permission_group_id as "group: PermissionGroupId",
            p.name as "group_name?", p.permissions as "permissions?", p.ticket_scope as "tickets?: Scope"
        from agents a
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where a.company_id = $1
        and a.id = $2
        and a.status <> $3"#,
        ctx.company as _,
        agent as _,
        AgentStatus::Deleted as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let rights = rights(row.group_name, row.permissions, row.tickets);
    let grants = crate::model::permission::grants(row.role, rights.as_ref());
    Ok(Explanation {
        id: agent,
        name: row.name,
        role: row.role,
        group: row.group.zip(rights.as_ref().map(|rights| rights.name.clone())),
        tickets: grants.tickets,
        items: Permission::ALL.iter().map(|item| explain_item(row.role, rights.as_ref(), *item)).collect(),
    })
}

fn rights(name: Option<String>, keys: Option<Vec<String>>, tickets: Option<Scope>) -> Option<GroupRights> {
    Some(GroupRights { name: name?, items: items(&keys?), tickets: tickets? })
}

pub(crate) async fn load(tx: &mut Tx, only: Option<PermissionGroupId>) -> Result<Vec<PermissionGroup>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select p.id as "id: PermissionGroupId", p.name, p.description, p.base_role as "base_role: Role", p.permissions,
            p.ticket_scope as "tickets: Scope", p.version, p.created_at,
            (
                select count(*)
                from agents a
                where a.company_id = p.company_id
                and a.permission_group_id = p.id
                and a.status <> $3
            ) as "agents!"
        from permission_groups p
        where p.company_id = $1
        and ($2::uuid is null or p.id = $2)
        order by p.name, p.id"#,
        company as _,
        only as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let groups = rows.into_iter().map(|row| PermissionGroup {
        id: row.id,
        description: row.description,
        base_role: row.base_role,
        rights: GroupRights { name: row.name, items: items(&row.permissions), tickets: row.tickets },
        version: row.version,
        agents: row.agents,
        created_at: row.created_at,
    });
    Ok(groups.collect())
}

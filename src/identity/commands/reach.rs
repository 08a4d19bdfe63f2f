//! How far an administrator reaches: nobody gives away or takes away more than they have, only super admins touch super
//! admins, and one enabled super admin always remains.

use crate::model::AgentStatus;
use crate::model::permission::{GroupRights, covers, grants, items};
use kernel::actor::Actor;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, PermissionGroupId};
use kernel::permission::{Grants, Role, Scope};
use kernel::tx::Tx;

/// An account that the actor may alter, locked until the transaction ends.
pub(crate) struct Reachable {
    pub(crate) id: AgentId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) permission_group: Option<PermissionGroupId>,
    pub(crate) status: AgentStatus,
    pub(crate) was_activated: bool,
}

/// Loads and locks an account; refuses when it may do more than the actor. Inside the caller's transaction.
pub(crate) async fn reachable(tx: &mut Tx, id: AgentId) -> Result<Reachable> {
    let (company, giver) = (tx.ctx.company, tx.ctx.grants.clone());
    let row = sqlx::query!(
        r#"select name, email, role as "role: Role", permission_group_id as "permission_group: PermissionGroupId",
            status as "status: AgentStatus", activated_at
        from agents
        where company_id = $1
        and id = $2
        and status <> $3
        for update"#,
        company as _,
        id as _,
        AgentStatus::Deleted as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let held = held_by(tx, row.role, row.permission_group).await?;
    if !covers(&giver, &held) || (row.role == Role::SuperAdmin && !is_super(tx).await?) {
        return Err(Problem::RoleNotYours.into());
    }
    Ok(Reachable {
        id,
        name: row.name,
        email: row.email,
        role: row.role,
        permission_group: row.permission_group,
        status: row.status,
        was_activated: row.activated_at.is_some(),
    })
}

/// Whether the actor may alter this account, as `reachable` decides it, without a lock.
pub(crate) async fn may_reach(tx: &mut Tx, id: AgentId) -> Result<bool> {
    let (company, giver) = (tx.ctx.company, tx.ctx.grants.clone());
    let row = sqlx::query!(
        r#"select role as "role: Role", permission_group_id as "permission_group: PermissionGroupId"
        from agents
        where company_id = $1
        and id = $2
        and status <> $3"#,
        company as _,
        id as _,
        AgentStatus::Deleted as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(false) };
    let held = held_by(tx, row.role, row.permission_group).await?;
    Ok(covers(&giver, &held) && (row.role != Role::SuperAdmin || is_super(tx).await?))
}

/// Refuses a role and permission group that give more than the actor has, and a permission group of another role.
pub(crate) async fn check_gift(tx: &mut Tx, role: Role, group: Option<PermissionGroupId>) -> Result {
    let giver = tx.ctx.grants.clone();
    let given = held_by(tx, role, group).await?;
    if !covers(&giver, &given) || (role == Role::SuperAdmin && !is_super(tx).await?) {
        return Err(Error::Problems(Problems::one("role", Problem::RoleNotYours)));
    }
    Ok(())
}

/// One enabled super admin must remain after what this transaction did. The company's row is the lock: two admins
/// that disable each other wait here.
pub(crate) async fn keep_super_admin(tx: &mut Tx) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("select company_id from companies where company_id = $1 for update", company as _).fetch_one(&mut **tx).await?;
    let remains = sqlx::query_scalar!(
        r#"select exists (
            select from agents
            where company_id = $1
            and role = $2
            and status = $3
        ) as "remains!""#,
        company as _,
        Role::SuperAdmin as _,
        AgentStatus::Enabled as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if remains { Ok(()) } else { Err(Problem::LastSuperAdmin.into()) }
}

/// Whether the actor is a super admin, or the program itself; an application never is.
pub(crate) async fn is_super(tx: &mut Tx) -> Result<bool> {
    let company = tx.ctx.company;
    let Some(agent) = tx.ctx.actor.agent() else {
        return Ok(!matches!(tx.ctx.actor, Actor::App { .. }));
    };
    let role =
        sqlx::query_scalar!(r#"select role as "role: Role" from agents where company_id = $1 and id = $2"#, company as _, agent as _,)
            .fetch_one(&mut **tx)
            .await?;
    Ok(role == Role::SuperAdmin)
}

async fn held_by(tx: &mut Tx, role: Role, group: Option<PermissionGroupId>) -> Result<Grants> {
    let Some(group) = group else {
        return Ok(grants(role, None));
    };
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, base_role as "base_role: Role", permissions, ticket_scope as "tickets: Scope"
        from permission_groups
        where company_id = $1
        and id = $2"#,
        company as _,
        group as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .filter(|row| row.base_role == role)
    .ok_or(Error::Problems(Problems::one("permission_group", Problem::BadChoice)))?;
    let rights = GroupRights { name: row.name, items: items(&row.permissions), tickets: row.tickets };
    Ok(grants(role, Some(&rights)))
}

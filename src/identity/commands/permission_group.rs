//! 权限组: making, editing and deleting own groups of permission items.

use crate::model::AgentStatus;
use crate::model::permission::{GroupRights, PermissionGroupChoice, PermissionGroupInput, covers, grants, items};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::PermissionGroupId;
use kernel::permission::{Permission, Role, Scope};
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Makes a permission group.
pub async fn create(ctx: &Ctx, input: PermissionGroupInput) -> Result<PermissionGroupId> {
    ctx.require(Permission::PermissionManage)?;
    input.check()?;
    let role = input.base_role.ok_or(Error::NotFound)?;
    let rights = rights_of(&input);
    check_reach(ctx, role, &rights)?;
    let mut tx = ctx.begin().await?;
    let (id, now) = (PermissionGroupId(ctx.uuid()), ctx.now());
    sqlx::query!(
        // Nothing reads the scope of customers: they are the whole company's.
        "insert into permission_groups (company_id, id, name, description, base_role, permissions, ticket_scope, customer_scope, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 2, $8)",
        ctx.company as _,
        id as _,
        rights.name,
        input.description.trim(),
        role as _,
        &keys(&rights.items),
        rights.tickets as _,
        now,
    )
    .execute(&mut *tx)
    .await
    .map_err(name_taken)?;
    let after = described(role, input.description.trim(), &rights);
    tx.audit("permission_group.created", Subject::named("permission_group", Some(id.0), rights.name), None, Some(after)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Edits a permission group; its agents have the new rights with their next request.
pub async fn edit(ctx: &Ctx, input: PermissionGroupInput) -> Result {
    ctx.require(Permission::PermissionManage)?;
    let id = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    let (role, before_rights, before) = load(&mut tx, id).await?;
    let input = PermissionGroupInput { base_role: Some(role), ..input };
    input.check()?;
    let rights = rights_of(&input);
    check_reach(ctx, role, &before_rights)?;
    check_reach(ctx, role, &rights)?;
    let changed = sqlx::query!(
        "update permission_groups set name = $4, description = $5, permissions = $6, ticket_scope = $7, version = version + 1
        where company_id = $1
        and id = $2
        and version = $3",
        ctx.company as _,
        id as _,
        input.version,
        rights.name,
        input.description.trim(),
        &keys(&rights.items),
        rights.tickets as _,
    )
    .execute(&mut *tx)
    .await
    .map_err(name_taken)?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale.into());
    }
    let after = described(role, input.description.trim(), &rights);
    tx.audit("permission_group.edited", Subject::named("permission_group", Some(id.0), rights.name), Some(before), Some(after)).await?;
    tx.commit().await
}

/// Deletes a permission group that no agent has.
pub async fn delete(ctx: &Ctx, input: PermissionGroupChoice) -> Result {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.begin().await?;
    let (_, rights, before) = load(&mut tx, input.id).await?;
    // Deleted accounts are history: they let go of it.
    sqlx::query!(
        "update agents set permission_group_id = null
        where company_id = $1
        and permission_group_id = $2
        and status = $3",
        ctx.company as _,
        input.id as _,
        AgentStatus::Deleted as _,
    )
    .execute(&mut *tx)
    .await?;
    let deleted = sqlx::query!("delete from permission_groups where company_id = $1 and id = $2", ctx.company as _, input.id as _)
        .execute(&mut *tx)
        .await;
    match deleted {
        Err(sqlx::Error::Database(cause)) if cause.is_foreign_key_violation() => return Err(Problem::GroupInUse.into()),
        other => other?,
    };
    let subject = Subject::named("permission_group", Some(input.id.0), rights.name);
    tx.audit("permission_group.deleted", subject, Some(before), None).await?;
    tx.commit().await
}

fn rights_of(input: &PermissionGroupInput) -> GroupRights {
    let mut items = input.items.clone();
    items.sort_unstable();
    items.dedup();
    GroupRights { name: input.name.trim().to_owned(), items, tickets: input.ticket_scope.unwrap_or(Scope::Own) }
}

/// Nobody ticks an item that they lack; each stands beside its key.
fn check_reach(ctx: &Ctx, role: Role, rights: &GroupRights) -> Result {
    if covers(&ctx.grants, &grants(role, Some(rights))) {
        return Ok(());
    }
    let mut problems = Problems::default();
    for item in &rights.items {
        problems.need(ctx.may(*item), item.key(), Problem::RoleNotYours);
    }
    problems.need(ctx.grants.tickets >= rights.tickets, "ticket_scope", Problem::RoleNotYours);
    problems.end()
}

fn keys(items: &[Permission]) -> Vec<String> {
    items.iter().map(|item| item.key().to_owned()).collect()
}

fn described(role: Role, description: &str, rights: &GroupRights) -> Value {
    json!({
        "name": rights.name,
        "description": description,
        "base_role": role,
        "items": rights.items,
        "ticket_scope": rights.tickets,
    })
}

fn name_taken(error: sqlx::Error) -> Error {
    Error::on_constraint(error, "permission_groups_company_id_name_key", "name", Problem::NameTaken)
}

async fn load(tx: &mut Tx, id: PermissionGroupId) -> Result<(Role, GroupRights, Value)> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, description, base_role as "role: Role", permissions, ticket_scope as "tickets: Scope"
        from permission_groups
        where company_id = $1
        and id = $2
        for update"#,
        company as _,
        id as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let rights = GroupRights { name: row.name, items: items(&row.permissions), tickets: row.tickets };
    let before = described(row.role, &row.description, &rights);
    Ok((row.role, rights, before))
}

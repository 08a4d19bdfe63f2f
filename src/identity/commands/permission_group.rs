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
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let id = PermissionGroupId(ctx.uuid());
    insert(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// Edits a permission group; its agents have the new rights with their next request.
pub async fn edit(ctx: &Ctx, input: PermissionGroupInput) -> Result {
    ctx.require(Permission::PermissionManage)?;
    let id = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let kept = load(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let input = PermissionGroupInput { base_role: Some(kept.role), ..input };
    input.check()?;
    if kept.version != input.version {
        return Err(Problem::Stale.into());
    }
    update(&mut tx, id, &kept, &input).await?;
    tx.commit().await
}

/// Makes a permission group or changes it, inside the caller's transaction; its role stays what it is.
pub(crate) async fn put(tx: &mut Tx, id: PermissionGroupId, input: &PermissionGroupInput) -> Result {
    match load(tx, id).await? {
        None => insert(tx, id, input).await,
        Some(kept) if input.base_role == Some(kept.role) => {
            input.check()?;
            update(tx, id, &kept, input).await
        }
        Some(_) => Err(Error::Problems(Problems::one("base_role", Problem::BadChoice))),
    }
}

/// Deletes a permission group that no agent has.
pub async fn delete(ctx: &Ctx, input: PermissionGroupChoice) -> Result {
    ctx.require(Permission::PermissionManage)?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, input.id).await?;
    tx.commit().await
}

/// The check and the writing of `delete`, inside the caller's transaction.
pub(crate) async fn remove(tx: &mut Tx, id: PermissionGroupId) -> Result {
    let company = tx.ctx.company;
    let Kept { rights, shown, .. } = load(tx, id).await?.ok_or(Error::NotFound)?;
    // Deleted accounts are history: they let go of it.
    sqlx::query!(
        "update agents set permission_group_id = null
        where company_id = $1
        and permission_group_id = $2
        and status = $3",
        company as _,
        id as _,
        AgentStatus::Deleted as _,
    )
    .execute(&mut **tx)
    .await?;
    let deleted =
        sqlx::query!("delete from permission_groups where company_id = $1 and id = $2", company as _, id as _).execute(&mut **tx).await;
    match deleted {
        Err(sqlx::Error::Database(cause)) if cause.is_foreign_key_violation() => return Err(Problem::GroupInUse.into()),
        other => other?,
    };
    tx.audit("permission_group.deleted", Subject::named("permission_group", Some(id.0), rights.name), Some(shown), None).await
}

async fn insert(tx: &mut Tx, id: PermissionGroupId, input: &PermissionGroupInput) -> Result {
    input.check()?;
    let role = input.base_role.ok_or(Error::NotFound)?;
    let rights = rights_of(input);
    check_reach(&tx.ctx, role, &rights)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        // Nothing reads the scope of customers: they are the whole company's.
        "insert into permission_groups (company_id, id, name, description, base_role, permissions, ticket_scope, customer_scope, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 2, $8)",
        company as _,
        id as _,
        rights.name,
        input.description.trim(),
        role as _,
        &keys(&rights.items),
        rights.tickets as _,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(name_taken)?;
    let after = described(role, input.description.trim(), &rights);
    tx.audit("permission_group.created", Subject::named("permission_group", Some(id.0), rights.name), None, Some(after)).await
}

async fn update(tx: &mut Tx, id: PermissionGroupId, kept: &Kept, input: &PermissionGroupInput) -> Result {
    let rights = rights_of(input);
    check_reach(&tx.ctx, kept.role, &kept.rights)?;
    check_reach(&tx.ctx, kept.role, &rights)?;
    let company = tx.ctx.company;
    sqlx::query!(
        "update permission_groups set name = $3, description = $4, permissions = $5, ticket_scope = $6, version = version + 1
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        rights.name,
        input.description.trim(),
        &keys(&rights.items),
        rights.tickets as _,
    )
    .execute(&mut **tx)
    .await
    .map_err(name_taken)?;
    let (before, after) = (kept.shown.clone(), described(kept.role, input.description.trim(), &rights));
    let subject = Subject::named("permission_group", Some(id.0), rights.name);
    tx.audit("permission_group.edited", subject, Some(before), Some(after)).await
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

/// As it stands, locked.
struct Kept {
    role: Role,
    version: i32,
    rights: GroupRights,
    shown: Value,
}

async fn load(tx: &mut Tx, id: PermissionGroupId) -> Result<Option<Kept>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, description, base_role as "role: Role", permissions, ticket_scope as "tickets: Scope", version
        from permission_groups
        where company_id = $1
        and id = $2
        for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        let rights = GroupRights { name: row.name, items: items(&row.permissions), tickets: row.tickets };
        let shown = described(row.role, &row.description, &rights);
        Kept { role: row.role, version: row.version, rights, shown }
    }))
}

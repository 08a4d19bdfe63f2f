//! 工单客服组: making, renaming, deleting, and who works in them.

use super::membership::set_members;
use crate::model::company::{GroupChoice, GroupInput};
use crate::model::{AgentStatus, GroupKind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::GroupId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Makes a ticket group with its members.
pub async fn create(ctx: &Ctx, input: GroupInput) -> Result<GroupId> {
    ctx.require(Permission::GroupManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    let group = insert(&mut tx, input.name.trim(), input.description.trim()).await?;
    set_members(&mut tx, group, &input.members).await?;
    tx.commit().await?;
    Ok(group)
}

/// Renames a ticket group and sets its members.
pub async fn edit(ctx: &Ctx, input: GroupInput) -> Result {
    ctx.require(Permission::GroupManage)?;
    input.check()?;
    let group = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    let before = snapshot(&mut tx, group).await?;
    sqlx::query!(
        "update groups set name = $3, description = $4
        where company_id = $1
        and id = $2",
        ctx.company as _,
        group as _,
        input.name.trim(),
        input.description.trim(),
    )
    .execute(&mut *tx)
    .await
    .map_err(|error| Error::on_constraint(error, "groups_name", "name", Problem::NameTaken))?;
    set_members(&mut tx, group, &input.members).await?;
    let after = snapshot(&mut tx, group).await?;
    tx.audit("group.edited", Subject::named("group", Some(group.0), input.name.trim()), Some(before), Some(after)).await?;
    tx.commit().await
}

/// Deletes a ticket group that nobody works in; its tickets keep naming it.
pub async fn delete(ctx: &Ctx, input: GroupChoice) -> Result {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.begin().await?;
    let before = snapshot(&mut tx, input.id).await?;
    let used = sqlx::query_scalar!(
        r#"select exists (
            select from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = $1
            and m.group_id = $2
            and a.status <> $3
        ) as "used!""#,
        ctx.company as _,
        input.id as _,
        AgentStatus::Deleted as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    if used {
        return Err(Problem::GroupInUse.into());
    }
    let now = ctx.now();
    sqlx::query!(
        "update groups set deleted_at = $3
        where company_id = $1
        and id = $2",
        ctx.company as _,
        input.id as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let label = before["name"].as_str().unwrap_or_default().to_owned();
    tx.audit("group.deleted", Subject::named("group", Some(input.id.0), label), Some(before), None).await?;
    tx.commit().await
}

/// Stores a group without members, with its audit entry. Inside the caller's transaction.
pub(crate) async fn insert(tx: &mut Tx, name: &str, description: &str) -> Result<GroupId> {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), GroupId(tx.ctx.uuid()));
    sqlx::query!(
        "insert into groups (company_id, id, kind, name, description, created_at) values ($1, $2, $3, $4, $5, $6)",
        company as _,
        id as _,
        GroupKind::Ticket as _,
        name,
        description,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "groups_name", "name", Problem::NameTaken))?;
    let after = json!({"name": name, "description": description});
    tx.audit("group.created", Subject::named("group", Some(id.0), name), None, Some(after)).await?;
    Ok(id)
}

async fn snapshot(tx: &mut Tx, group: GroupId) -> Result<Value> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, description, array(
            select a.name
            from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = groups.company_id
            and m.group_id = groups.id
            order by a.name, a.id
        ) as "members!"
        from groups
        where company_id = $1
        and id = $2
        and deleted_at is null
        for update"#,
        company as _,
        group as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(json!({"name": row.name, "description": row.description, "members": row.members}))
}

//! 客服组: making, renaming, deleting, and who works in them.

use super::membership::{self, set_members};
use crate::model::company::{GroupChoice, GroupInput, TITLE_MAX};
use crate::model::{AgentStatus, GroupKind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Makes a group with its members.
pub async fn create(ctx: &Ctx, input: GroupInput) -> Result<GroupId> {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let group = GroupId(ctx.uuid());
    put(&mut tx, group, &input).await?;
    tx.commit().await?;
    Ok(group)
}

/// Renames a group and sets its members.
pub async fn edit(ctx: &Ctx, input: GroupInput) -> Result {
    ctx.require(Permission::GroupManage)?;
    input.check()?;
    let group = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    snapshot(&mut tx, group).await?.ok_or(Error::NotFound)?;
    put(&mut tx, group, &input).await?;
    tx.commit().await
}

/// The checks and the writing of `create` and `edit`, inside the caller's transaction; a deleted group comes back.
pub(crate) async fn put(tx: &mut Tx, group: GroupId, input: &GroupInput) -> Result {
    input.check()?;
    let company = tx.ctx.company;
    let Some(before) = snapshot(tx, group).await? else {
        insert(tx, group, input.kind, input.name.trim(), input.description.trim()).await?;
        return set_members(tx, group, &input.members).await;
    };
    sqlx::query!(
        "update groups set name = $3, description = $4
        where company_id = $1
        and id = $2",
        company as _,
        group as _,
        input.name.trim(),
        input.description.trim(),
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "groups_name", "name", Problem::NameTaken))?;
    set_members(tx, group, &input.members).await?;
    let after = snapshot(tx, group).await?;
    tx.audit("group.edited", Subject::named("group", Some(group.0), input.name.trim()), Some(before), after).await
}

/// Renames a group; everything else of it stays, whatever others change meanwhile.
pub async fn rename(ctx: &Ctx, group: GroupId, name: &str) -> Result {
    ctx.require(Permission::GroupManage)?;
    let mut problems = Problems::default();
    problems.text(name, "name", TITLE_MAX);
    problems.end()?;
    let mut tx = ctx.begin().await?;
    let before = snapshot(&mut tx, group).await?.ok_or(Error::NotFound)?;
    sqlx::query!("update groups set name = $3 where company_id = $1 and id = $2", ctx.company as _, group as _, name.trim())
        .execute(&mut *tx)
        .await
        .map_err(|error| Error::on_constraint(error, "groups_name", "name", Problem::NameTaken))?;
    edited(&mut tx, group, before).await?;
    tx.commit().await
}

/// Adds one agent to a group; the other members stay, whatever others change meanwhile.
pub async fn add_member(ctx: &Ctx, group: GroupId, agent: AgentId) -> Result {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.begin().await?;
    let before = snapshot(&mut tx, group).await?.ok_or(Error::NotFound)?;
    if membership::add(&mut tx, group, agent).await? {
        edited(&mut tx, group, before).await?;
    }
    tx.commit().await
}

/// Takes one agent out of a group; the other members stay, whatever others change meanwhile.
pub async fn drop_member(ctx: &Ctx, group: GroupId, agent: AgentId) -> Result {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.begin().await?;
    let before = snapshot(&mut tx, group).await?.ok_or(Error::NotFound)?;
    if membership::remove(&mut tx, group, agent).await? {
        edited(&mut tx, group, before).await?;
    }
    tx.commit().await
}

/// The audit entry of a group that was edited.
async fn edited(tx: &mut Tx, group: GroupId, before: Value) -> Result {
    let after = snapshot(tx, group).await?.ok_or(Error::NotFound)?;
    let label = after["name"].as_str().unwrap_or_default().to_owned();
    tx.audit("group.edited", Subject::named("group", Some(group.0), label), Some(before), Some(after)).await
}

/// Deletes a group that nobody works in; its tickets keep naming it.
pub async fn delete(ctx: &Ctx, input: GroupChoice) -> Result {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, input.id).await?;
    tx.commit().await
}

/// The check and the writing of `delete`, inside the caller's transaction.
pub(crate) async fn remove(tx: &mut Tx, group: GroupId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let before = snapshot(tx, group).await?.ok_or(Error::NotFound)?;
    let used = sqlx::query_scalar!(
        r#"select exists (
            select from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = $1
            and m.group_id = $2
            and a.status <> $3
        ) as "used!""#,
        company as _,
        group as _,
        AgentStatus::Deleted as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if used {
        return Err(Problem::GroupInUse.into());
    }
    sqlx::query!(
        "update groups set deleted_at = $3
        where company_id = $1
        and id = $2",
        company as _,
        group as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let label = before["name"].as_str().unwrap_or_default().to_owned();
    tx.audit("group.deleted", Subject::named("group", Some(group.0), label), Some(before), None).await
}

/// Stores a group without members, with its audit entry; a deleted one comes back. Inside the caller's transaction.
pub(crate) async fn insert(tx: &mut Tx, id: GroupId, kind: GroupKind, name: &str, description: &str) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into groups (company_id, id, kind, name, description, created_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (company_id, id) do update set name = excluded.name, description = excluded.description, deleted_at = null",
        company as _,
        id as _,
        kind as _,
        name,
        description,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "groups_name", "name", Problem::NameTaken))?;
    let after = json!({"name": name, "kind": kind, "description": description});
    tx.audit("group.created", Subject::named("group", Some(id.0), name), None, Some(after)).await
}

async fn snapshot(tx: &mut Tx, group: GroupId) -> Result<Option<Value>> {
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
    .await?;
    Ok(row.map(|row| json!({"name": row.name, "description": row.description, "members": row.members})))
}

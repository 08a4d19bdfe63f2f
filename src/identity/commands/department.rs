//! 业务单元与部门.

use crate::model::company::{DepartmentChoice, DepartmentInput, UnitChoice, UnitInput};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{DepartmentId, UnitId};
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Makes or renames a business unit.
pub async fn save_unit(ctx: &Ctx, input: UnitInput) -> Result<UnitId> {
    ctx.require(Permission::CompanySettings)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let id = input.id.unwrap_or(UnitId(ctx.uuid()));
    if input.id.is_some() {
        unit_name(&mut tx, id).await?.ok_or(Error::NotFound)?;
    }
    put_unit(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save_unit`, inside the caller's transaction.
pub(crate) async fn put_unit(tx: &mut Tx, id: UnitId, input: &UnitInput) -> Result {
    input.check()?;
    let (company, name, now) = (tx.ctx.company, input.name.trim(), tx.ctx.now());
    let before = unit_name(tx, id).await?;
    sqlx::query!(
        "insert into units (company_id, id, name, created_at) values ($1, $2, $3, $4)
        on conflict (company_id, id) do update set name = excluded.name",
        company as _,
        id as _,
        name,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "units_company_id_name_key", "name", Problem::NameTaken))?;
    let action = if before.is_some() { "unit.edited" } else { "unit.created" };
    let before = before.map(|name| json!({"name": name}));
    tx.audit(action, Subject::named("unit", Some(id.0), name), before, Some(json!({"name": name}))).await
}

/// Deletes a business unit that no agent belongs to.
pub async fn delete_unit(ctx: &Ctx, input: UnitChoice) -> Result {
    ctx.require(Permission::CompanySettings)?;
    let mut tx = ctx.begin().await?;
    remove_unit(&mut tx, input.id).await?;
    tx.commit().await
}

pub(crate) async fn remove_unit(tx: &mut Tx, id: UnitId) -> Result {
    let company = tx.ctx.company;
    let name = unit_name(tx, id).await?.ok_or(Error::NotFound)?;
    sqlx::query!("delete from units where company_id = $1 and id = $2", company as _, id as _).execute(&mut **tx).await.map_err(in_use)?;
    tx.audit("unit.deleted", Subject::named("unit", Some(id.0), name.clone()), Some(json!({"name": name})), None).await
}

/// Makes, renames or moves a department.
pub async fn save_department(ctx: &Ctx, input: DepartmentInput) -> Result<DepartmentId> {
    ctx.require(Permission::CompanySettings)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    let id = input.id.unwrap_or(DepartmentId(ctx.uuid()));
    if input.id.is_some() {
        department(&mut tx, id).await?.ok_or(Error::NotFound)?;
    }
    put_department(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save_department`, inside the caller's transaction.
pub(crate) async fn put_department(tx: &mut Tx, id: DepartmentId, input: &DepartmentInput) -> Result {
    input.check()?;
    let (company, name, now) = (tx.ctx.company, input.name.trim(), tx.ctx.now());
    let before = department(tx, id).await?;
    if let Some(parent) = input.parent {
        check_parent(tx, id, parent).await?;
    }
    sqlx::query!(
        "insert into departments (company_id, id, parent_id, name, created_at) values ($1, $2, $3, $4, $5)
        on conflict (company_id, id) do update set name = excluded.name, parent_id = excluded.parent_id",
        company as _,
        id as _,
        input.parent as _,
        name,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let action = if before.is_some() { "department.edited" } else { "department.created" };
    let before = match before {
        Some((name, parent)) => Some(json!({"name": name, "parent": parent_name(tx, parent).await?})),
        None => None,
    };
    let after = json!({"name": name, "parent": parent_name(tx, input.parent).await?});
    tx.audit(action, Subject::named("department", Some(id.0), name), before, Some(after)).await
}

/// Deletes a department that has neither agents nor departments below.
pub async fn delete_department(ctx: &Ctx, input: DepartmentChoice) -> Result {
    ctx.require(Permission::CompanySettings)?;
    let mut tx = ctx.begin().await?;
    remove_department(&mut tx, input.id).await?;
    tx.commit().await
}

pub(crate) async fn remove_department(tx: &mut Tx, id: DepartmentId) -> Result {
    let company = tx.ctx.company;
    let (name, _) = department(tx, id).await?.ok_or(Error::NotFound)?;
    sqlx::query!("delete from departments where company_id = $1 and id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await
        .map_err(in_use)?;
    let subject = Subject::named("department", Some(id.0), name.clone());
    tx.audit("department.deleted", subject, Some(json!({"name": name})), None).await
}

/// A foreign key that still points here.
fn in_use(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => Problem::GroupInUse.into(),
        _ => error.into(),
    }
}

async fn unit_name(tx: &mut Tx, id: UnitId) -> Result<Option<String>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!("select name from units where company_id = $1 and id = $2 for update", company as _, id as _)
        .fetch_optional(&mut **tx)
        .await?)
}

async fn department(tx: &mut Tx, id: DepartmentId) -> Result<Option<(String, Option<DepartmentId>)>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, parent_id as "parent: DepartmentId"
        from departments
        where company_id = $1
        and id = $2
        for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.name, row.parent)))
}

/// The trail keeps names: an id says nothing later.
async fn parent_name(tx: &mut Tx, parent: Option<DepartmentId>) -> Result<Option<String>> {
    match parent {
        Some(parent) => Ok(department(tx, parent).await?.map(|(name, _)| name)),
        None => Ok(None),
    }
}

/// A department cannot come under itself or under one of its own.
async fn check_parent(tx: &mut Tx, id: DepartmentId, parent: DepartmentId) -> Result {
    let company = tx.ctx.company;
    // Two moves at once could make a ring: they wait for each other here.
    sqlx::query!("select id from departments where company_id = $1 order by id for update", company as _).fetch_all(&mut **tx).await?;
    let above = sqlx::query_scalar!(
        r#"with recursive above as (
            select id, parent_id
            from departments
            where company_id = $1
            and id = $2
            union
            select d.id, d.parent_id
            from departments d
            join above on d.company_id = $1 and d.id = above.parent_id
        )
        select id as "id!: DepartmentId" from above"#,
        company as _,
        parent as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    if above.is_empty() || above.contains(&id) {
        return Err(Error::Problems(Problems::one("parent", Problem::BadChoice)));
    }
    Ok(())
}

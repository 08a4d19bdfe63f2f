//! 工单分类: the tree of categories.

use crate::model::LEVELS_MOST;
use crate::model::category::{CategoryInput, CategoryStep};
use crate::queries::template::all;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{CategoryId, TemplateId};
use kernel::permission::Permission;
use kernel::step::stepped;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// One locked category.
struct Row {
    parent: Option<CategoryId>,
    template: Option<TemplateId>,
    name: String,
    description: String,
    level: i16,
    path: String,
}

/// Creates a category, at the end of its siblings.
pub async fn create(ctx: &Ctx, input: CategoryInput) -> Result<CategoryId> {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    lock_tree(&mut tx).await?;
    let id = CategoryId(ctx.uuid());
    insert(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// Renames, describes or moves a category, with everything below it.
pub async fn edit(ctx: &Ctx, input: CategoryInput) -> Result {
    ctx.require(Permission::CategoryManage)?;
    input.check()?;
    let id = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    lock_tree(&mut tx).await?;
    let before = row(&mut tx, id).await?;
    update(&mut tx, id, before, &input).await?;
    tx.commit().await
}

/// Creates a category, brings a deleted one back or changes it, inside the caller's transaction, which holds the company.
pub(crate) async fn put(tx: &mut Tx, id: CategoryId, input: &CategoryInput) -> Result {
    match row(tx, id).await {
        Ok(before) => update(tx, id, before, input).await,
        Err(Error::NotFound) => insert(tx, id, input).await,
        Err(error) => Err(error),
    }
}

async fn insert(tx: &mut Tx, id: CategoryId, input: &CategoryInput) -> Result {
    input.check()?;
    let (level, path) = place(tx, input.parent, input.name.trim()).await?;
    if level > LEVELS_MOST {
        return Err(wrong("parent", Problem::CategoryTooDeep));
    }
    refuse_used(tx, input.parent).await?;
    let template = name_of(tx, input.template).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into ticket_categories (company_id, id, parent_id, name, description, level, path, position, created_at, template_id)
        select $1, $2, $3, $4, $5, $6, $7, coalesce(max(b.position), 0) + 1, $8, $9::uuid
        from ticket_categories b
        where b.company_id = $1
        and b.parent_id is not distinct from $3
        on conflict (company_id, id) do update
        set parent_id = excluded.parent_id, name = excluded.name, description = excluded.description, level = excluded.level,
            path = excluded.path, position = excluded.position, template_id = excluded.template_id, deleted_at = null",
        company as _,
        id as _,
        input.parent as _,
        input.name.trim(),
        input.description.trim(),
        level,
        path,
        now,
        input.template as _,
    )
    .execute(&mut **tx)
    .await
    .map_err(taken)?;
    let after = json!({ "path": path, "description": input.description.trim(), "template": template });
    tx.audit("category.created", Subject::named("category", Some(id.0), path), None, Some(after)).await
}

async fn update(tx: &mut Tx, id: CategoryId, before: Row, input: &CategoryInput) -> Result {
    input.check()?;
    let (level, path) = place(tx, input.parent, input.name.trim()).await?;
    if input.parent != before.parent {
        refuse_below_itself(tx, id, input.parent).await?;
        refuse_used(tx, input.parent).await?;
    }
    let deepest = deepest_below(tx, id).await?;
    if deepest - before.level + level > LEVELS_MOST {
        return Err(wrong("parent", Problem::CategoryTooDeep));
    }
    let (template_before, template) = (name_of(tx, before.template).await?, name_of(tx, input.template).await?);
    let company = tx.ctx.company;
    sqlx::query!(
        "update ticket_categories
        set parent_id = $3, name = $4, description = $5, template_id = $6
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        input.parent as _,
        input.name.trim(),
        input.description.trim(),
        input.template as _,
    )
    .execute(&mut **tx)
    .await
    .map_err(taken)?;
    // Everything below keeps its own part of the path and gets the new beginning.
    sqlx::query!(
        "with recursive below as (
            select c.id from ticket_categories c where c.company_id = $1 and c.id = $2
            union all
            select c.id
            from ticket_categories c
            join below b on c.parent_id = b.id
            where c.company_id = $1
        )
        update ticket_categories c
        set path = $3 || substr(c.path, length($4) + 1), level = c.level + $5
        from below
        where c.company_id = $1
        and c.id = below.id",
        company as _,
        id as _,
        path,
        before.path,
        level - before.level,
    )
    .execute(&mut **tx)
    .await?;
    let was = json!({ "path": before.path, "description": before.description, "template": template_before });
    let after = json!({ "path": path, "description": input.description.trim(), "template": template });
    tx.audit("category.edited", Subject::named("category", Some(id.0), before.name), Some(was), Some(after)).await
}

/// Moves a category one place among its siblings.
pub async fn step(ctx: &Ctx, input: CategoryStep) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    lock_tree(&mut tx).await?;
    let before = row(&mut tx, input.id).await?;
    let company = ctx.company;
    let order = sqlx::query_scalar!(
        r#"select id as "id: CategoryId"
        from ticket_categories
        where company_id = $1
        and parent_id is not distinct from $2
        and deleted_at is null
        order by position, name"#,
        company as _,
        before.parent as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let Some(after) = stepped(order, &input.id, input.step)? else { return Ok(()) };
    arrange(&mut tx, &after.order).await?;
    let subject = Subject::named("category", Some(input.id.0), before.path);
    tx.audit("category.moved", subject, Some(json!({ "place": after.from })), Some(json!({ "place": after.to }))).await?;
    tx.commit().await
}

/// Puts categories in this order among their siblings.
pub(crate) async fn arrange(tx: &mut Tx, order: &[CategoryId]) -> Result {
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query!(
        "update ticket_categories c
        set position = o.place
        from unnest($2::uuid[]) with ordinality o (id, place)
        where c.company_id = $1
        and c.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a category that nothing hangs below (400096). Tickets keep it and go on showing its name.
pub async fn delete(ctx: &Ctx, id: CategoryId) -> Result {
    ctx.require(Permission::CategoryManage)?;
    let mut tx = ctx.begin().await?;
    lock_tree(&mut tx).await?;
    remove(&mut tx, id).await?;
    tx.commit().await
}

/// The check and the writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: CategoryId) -> Result {
    let before = row(tx, id).await?;
    if deepest_below(tx, id).await? > before.level {
        return Err(Problem::CategoryHasChildren.into());
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!("update ticket_categories set deleted_at = $3 where company_id = $1 and id = $2", company as _, id as _, now)
        .execute(&mut **tx)
        .await?;
    let was = json!({ "path": before.path, "description": before.description });
    tx.audit("category.deleted", Subject::named("category", Some(id.0), before.path), Some(was), None).await
}

/// One writer at a time: two moves together could make a ring.
async fn lock_tree(tx: &mut Tx) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("select from companies where company_id = $1 for no key update", company as _).execute(&mut **tx).await?;
    Ok(())
}

async fn row(tx: &mut Tx, id: CategoryId) -> Result<Row> {
    let company = tx.ctx.company;
    sqlx::query_as!(
        Row,
        r#"select parent_id as "parent: CategoryId", template_id as "template: TemplateId", name, description, level, path
        from ticket_categories
        where company_id = $1
        and id = $2
        and deleted_at is null"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)
}

/// The name of a template that can be chosen.
async fn name_of(tx: &mut Tx, template: Option<TemplateId>) -> Result<Option<String>> {
    let Some(id) = template else { return Ok(None) };
    let known = all(tx).await?.into_iter().find(|template| template.id == id);
    known.map(|template| Some(template.name)).ok_or_else(|| wrong("template", Problem::BadChoice))
}

/// Level and path of a category with this name under this parent.
async fn place(tx: &mut Tx, parent: Option<CategoryId>, name: &str) -> Result<(i16, String)> {
    let Some(parent) = parent else { return Ok((1, name.to_owned())) };
    let above = row(tx, parent).await.map_err(|error| match error {
        Error::NotFound => wrong("parent", Problem::BadChoice),
        other => other,
    })?;
    Ok((above.level + 1, format!("{}/{name}", above.path)))
}

/// A category that tickets use stays a leaf: otherwise they would stand on a branch.
async fn refuse_used(tx: &mut Tx, parent: Option<CategoryId>) -> Result {
    let Some(parent) = parent else { return Ok(()) };
    let company = tx.ctx.company;
    let used = sqlx::query_scalar!(
        r#"select not exists (
            select from ticket_categories c where c.company_id = $1 and c.parent_id = $2 and c.deleted_at is null
        ) and exists (
            select from tickets t where t.company_id = $1 and t.category_id = $2
        ) as "used!""#,
        company as _,
        parent as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if used { Err(wrong("parent", Problem::CategoryInUse)) } else { Ok(()) }
}

async fn refuse_below_itself(tx: &mut Tx, id: CategoryId, parent: Option<CategoryId>) -> Result {
    let mut at = parent;
    while let Some(above) = at {
        if above == id {
            return Err(wrong("parent", Problem::CategoryUnderItself));
        }
        at = row(tx, above).await?.parent;
    }
    Ok(())
}

async fn deepest_below(tx: &mut Tx, id: CategoryId) -> Result<i16> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"with recursive below as (
            select c.id, c.level from ticket_categories c where c.company_id = $1 and c.id = $2
            union all
            select c.id, c.level
            from ticket_categories c
            join below b on c.parent_id = b.id
            where c.company_id = $1
            and c.deleted_at is null
        )
        select max(level) as "level!" from below"#,
        company as _,
        id as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

fn taken(error: sqlx::Error) -> Error {
    Error::on_constraint(error, "ticket_categories_name", "name", Problem::NameTaken)
}

fn wrong(field: &str, problem: Problem) -> Error {
    Error::Problems(Problems::one(field, problem))
}

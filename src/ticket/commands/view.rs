//! 视图: lists that people keep under a name, for themselves or for everybody.

use crate::model::list::ListQuery;
use crate::model::view::ViewInput;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, ViewId};
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Views of one person at most, and shared ones of one company at most.
const VIEWS_MOST: i64 = 30;

/// Keeps a list, or changes a kept one. A shared view wants its own right; what each person sees in it is theirs to see.
pub async fn save(ctx: &Ctx, input: ViewInput) -> Result<ViewId> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    if input.shared {
        ctx.require(Permission::TicketSharedViews)?;
    }
    input.check()?;
    let mut tx = ctx.begin().await?;
    // Read and written again, so that nothing but known conditions is kept.
    let query = ListQuery::parse(&input.query).without_place().to_query();
    let (company, now) = (ctx.company, ctx.now());
    let id = match input.id {
        Some(id) => {
            need_own(&mut tx, id, me).await?;
            sqlx::query!(
                "update ticket_views set name = $3, query = $4, shared = $5 where company_id = $1 and id = $2",
                company as _,
                id as _,
                input.name.trim(),
                query,
                input.shared,
            )
            .execute(&mut *tx)
            .await?;
            id
        }
        None => {
            refuse_many(&mut tx, me).await?;
            let id = ViewId(ctx.uuid());
            sqlx::query!(
                "insert into ticket_views (company_id, id, agent_id, shared, name, query, position, created_at)
                select $1, $2, $3, $4, $5, $6, coalesce(max(v.position), 0) + 1, $7
                from ticket_views v
                where v.company_id = $1",
                company as _,
                id as _,
                me as _,
                input.shared,
                input.name.trim(),
                query,
                now,
            )
            .execute(&mut *tx)
            .await?;
            id
        }
    };
    if input.shared {
        let after = json!({ "name": input.name.trim(), "query": query });
        tx.audit("view.saved", Subject::named("view", Some(id.0), input.name.trim()), None, Some(after)).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Deletes a view: one's own, or a shared one with the right for it.
pub async fn delete(ctx: &Ctx, id: ViewId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let (name, shared) = need_own(&mut tx, id, me).await?;
    let company = ctx.company;
    sqlx::query!("delete from ticket_views where company_id = $1 and id = $2", company as _, id as _).execute(&mut *tx).await?;
    if shared {
        tx.audit("view.deleted", Subject::named("view", Some(id.0), name), None, None).await?;
    }
    tx.commit().await
}

/// The view is the actor's own, or shared and theirs to manage. Somebody else's own view does not exist.
async fn need_own(tx: &mut Tx, id: ViewId, me: AgentId) -> Result<(String, bool)> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select name, shared, agent_id as "agent_id: AgentId" from ticket_views where company_id = $1 and id = $2 for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .filter(|row| row.shared || row.agent_id == me)
    .ok_or(Error::NotFound)?;
    if row.shared {
        tx.ctx.require(Permission::TicketSharedViews)?;
    }
    Ok((row.name, row.shared))
}

async fn refuse_many(tx: &mut Tx, me: AgentId) -> Result {
    let company = tx.ctx.company;
    let most = sqlx::query_scalar!(
        r#"select greatest(count(*) filter (where shared), count(*) filter (where agent_id = $2 and not shared)) as "n!"
        from ticket_views
        where company_id = $1"#,
        company as _,
        me as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if most < VIEWS_MOST { Ok(()) } else { Err(Error::Problems(Problems::one("name", Problem::TooManyViews))) }
}

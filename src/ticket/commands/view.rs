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
    tx.because(&input.reason);
    // A view that is kept already stays its owner's.
    let (id, owner, was_shared) = match input.id {
        Some(id) => {
            let kept = need_own(&mut tx, id, me).await?;
            (id, kept.owner, kept.shared)
        }
        None => {
            refuse_many(&mut tx, me).await?;
            (ViewId(ctx.uuid()), me, false)
        }
    };
    write(&mut tx, id, owner, &input).await?;
    if was_shared && !input.shared {
        let after = json!({ "name": input.name.trim(), "shared": false });
        tx.audit("view.saved", Subject::named("view", Some(id.0), input.name.trim()), None, Some(after)).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Keeps a view that everybody sees, inside the caller's transaction. One that somebody took back for themselves meanwhile is
/// theirs: it is not overwritten. Of an account that is gone it stays whose it is here, or becomes the actor's.
pub(crate) async fn put_shared(tx: &mut Tx, id: ViewId, owner: AgentId, input: &ViewInput) -> Result {
    input.check()?;
    let kept = kept(tx, id).await?;
    if kept.as_ref().is_some_and(|kept| !kept.shared) {
        return Err(Problem::Stale.into());
    }
    let known = identity::queries::agent_options(tx).await?;
    let owner = if known.iter().any(|agent| agent.id == owner) {
        owner
    } else {
        // The command line acts for no account: anybody's will do, since who may manage shared views manages this one.
        let heir = kept.as_ref().map(|kept| kept.owner).or_else(|| tx.ctx.actor.agent()).or_else(|| known.first().map(|agent| agent.id));
        heir.ok_or_else(|| Error::Problems(Problems::one("owner", Problem::BadChoice)))?
    };
    if kept.is_none() {
        refuse_many(tx, owner).await?;
    }
    write(tx, id, owner, input).await
}

/// What everybody sees is written in the audit trail.
async fn write(tx: &mut Tx, id: ViewId, owner: AgentId, input: &ViewInput) -> Result {
    // Read and written again, so that nothing but known conditions is kept.
    let query = ListQuery::parse(&input.query).without_place().to_query();
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into ticket_views (company_id, id, agent_id, shared, name, query, position, created_at)
        select $1, $2, $3, $4, $5, $6, coalesce(max(o.position), 0) + 1, $7
        from ticket_views o
        where o.company_id = $1
        on conflict (company_id, id) do update
        set name = excluded.name, query = excluded.query, shared = excluded.shared, agent_id = excluded.agent_id",
        company as _,
        id as _,
        owner as _,
        input.shared,
        input.name.trim(),
        query,
        now,
    )
    .execute(&mut **tx)
    .await?;
    if input.shared {
        let after = json!({ "name": input.name.trim(), "query": query });
        tx.audit("view.saved", Subject::named("view", Some(id.0), input.name.trim()), None, Some(after)).await?;
    }
    Ok(())
}

/// Deletes a view that everybody sees, inside the caller's transaction.
pub(crate) async fn remove_shared(tx: &mut Tx, id: ViewId) -> Result {
    let company = tx.ctx.company;
    let name =
        sqlx::query_scalar!("delete from ticket_views where company_id = $1 and id = $2 and shared returning name", company as _, id as _)
            .fetch_optional(&mut **tx)
            .await?
            .ok_or(Error::NotFound)?;
    tx.audit("view.deleted", Subject::named("view", Some(id.0), name), None, None).await
}

/// Puts views in this order.
pub(crate) async fn arrange(tx: &mut Tx, order: &[ViewId]) -> Result {
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query!(
        "update ticket_views v
        set position = o.place
        from unnest($2::uuid[]) with ordinality o (id, place)
        where v.company_id = $1
        and v.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a view: one's own, or a shared one with the right for it.
pub async fn delete(ctx: &Ctx, id: ViewId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let Kept { name, shared, .. } = need_own(&mut tx, id, me).await?;
    let company = ctx.company;
    sqlx::query!("delete from ticket_views where company_id = $1 and id = $2", company as _, id as _).execute(&mut *tx).await?;
    if shared {
        tx.audit("view.deleted", Subject::named("view", Some(id.0), name), None, None).await?;
    }
    tx.commit().await
}

/// A kept view, locked.
struct Kept {
    name: String,
    shared: bool,
    owner: AgentId,
}

/// The view is the actor's own, or shared and theirs to manage. Somebody else's own view does not exist.
async fn need_own(tx: &mut Tx, id: ViewId, me: AgentId) -> Result<Kept> {
    let kept = kept(tx, id).await?.filter(|kept| kept.shared || kept.owner == me).ok_or(Error::NotFound)?;
    if kept.shared {
        tx.ctx.require(Permission::TicketSharedViews)?;
    }
    Ok(kept)
}

async fn kept(tx: &mut Tx, id: ViewId) -> Result<Option<Kept>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Kept,
        r#"select name, shared, agent_id as "owner: AgentId" from ticket_views where company_id = $1 and id = $2 for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
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

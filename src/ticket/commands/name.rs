//! Names as a history freezes them, and whether chosen ids exist and fit together.

use crate::model::Shown;
use identity::model::GroupKind;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId};
use kernel::tx::Tx;

/// The group as a history shows it.
pub(crate) async fn of_group(tx: &mut Tx, group: Option<GroupId>) -> Result<Shown> {
    let Some(id) = group else { return Ok(Shown::none()) };
    let company = tx.ctx.company;
    let name = sqlx::query_scalar!("select name from groups where company_id = $1 and id = $2", company as _, id as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(Shown::named(id, name.unwrap_or_default()))
}

/// The agent as a history shows it.
pub(crate) async fn of_agent(tx: &mut Tx, agent: Option<AgentId>) -> Result<Shown> {
    let Some(id) = agent else { return Ok(Shown::none()) };
    let company = tx.ctx.company;
    let name = sqlx::query_scalar!("select name from agents where company_id = $1 and id = $2", company as _, id as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(Shown::named(id, name.unwrap_or_default()))
}

/// The category as a history shows it.
pub(crate) async fn of_category(tx: &mut Tx, category: Option<CategoryId>) -> Result<Shown> {
    let Some(id) = category else { return Ok(Shown::none()) };
    let company = tx.ctx.company;
    let path = sqlx::query_scalar!("select path from ticket_categories where company_id = $1 and id = $2", company as _, id as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(Shown::named(id, path.unwrap_or_default()))
}

/// The customer as a history shows it.
pub(crate) async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Shown> {
    let company = tx.ctx.company;
    let name = sqlx::query_scalar!("select nickname from customers where company_id = $1 and id = $2", company as _, customer as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(Shown::named(customer, name.unwrap_or_default()))
}

/// The group can be chosen: a ticket group that is not deleted.
pub(crate) async fn need_group(tx: &mut Tx, group: Option<GroupId>) -> Result {
    let Some(group) = group else { return Ok(()) };
    let known = identity::queries::group_options(tx, GroupKind::Ticket).await?.iter().any(|option| option.id == group);
    if known { Ok(()) } else { Err(Error::Problems(Problems::one("group", Problem::BadChoice))) }
}

/// The agent works in the group (400013), whatever the actor may see; without a group any enabled agent can be chosen.
pub(crate) async fn need_agent(tx: &mut Tx, group: Option<GroupId>, agent: Option<AgentId>) -> Result {
    let Some(agent) = agent else { return Ok(()) };
    let (fits, problem) = match group {
        Some(group) => {
            let is_me = tx.ctx.actor.agent() == Some(agent);
            let problem = if is_me { Problem::NotYourGroup } else { Problem::GroupAgentMismatch };
            (identity::queries::is_member(tx, group, agent).await?, problem)
        }
        None => {
            let options = identity::queries::agent_options(tx).await?;
            (options.iter().any(|option| option.id == agent && option.enabled), Problem::BadChoice)
        }
    };
    if fits { Ok(()) } else { Err(Error::Problems(Problems::one("agent", problem))) }
}

/// The category can be chosen: it exists and nothing hangs below it.
pub(crate) async fn need_leaf(tx: &mut Tx, category: Option<CategoryId>) -> Result {
    let Some(category) = category else { return Ok(()) };
    if is_leaf(tx, category).await? { Ok(()) } else { Err(Error::Problems(Problems::one("category", Problem::CategoryNotLeaf))) }
}

/// Whether the category can be chosen.
pub(crate) async fn is_leaf(tx: &mut Tx, category: CategoryId) -> Result<bool> {
    let company = tx.ctx.company;
    let leaf = sqlx::query_scalar!(
        r#"select not exists (
            select from ticket_categories b
            where b.company_id = c.company_id
            and b.parent_id = c.id
            and b.deleted_at is null
        ) as "leaf!"
        from ticket_categories c
        where c.company_id = $1
        and c.id = $2
        and c.deleted_at is null"#,
        company as _,
        category as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(leaf.unwrap_or(false))
}

//! Writes of policies. System, without a permission of the actor: `refresh::refresh`, a reaction to every event of a ticket
//! and the job of the moment at which a clock is nearly over, or over.

pub mod refresh;

use crate::model::{Policy, PolicyChoice, PolicyInput, PolicyStep};
use crate::queries::{Kept, all, held};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::PolicyId;
use kernel::permission::Permission;
use kernel::step::stepped;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Policies at most.
const MOST: usize = 50;

/// 保存: a new policy behind the others, or a new version of one. Clocks that run keep the terms they have.
pub async fn save(ctx: &Ctx, input: PolicyInput) -> Result<PolicyId> {
    ctx.require(Permission::SlaManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id
        && held(&all(&mut tx).await?, id)?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.id.unwrap_or(PolicyId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted policy comes
/// back behind the others.
pub(crate) async fn put(tx: &mut Tx, id: PolicyId, input: &PolicyInput) -> Result {
    let policy = input.check()?;
    check_choices(tx, &policy).await?;
    let (company, now, name) = (tx.ctx.company, tx.ctx.now(), input.name.trim().to_owned());
    let document = serde_json::to_value(&policy).map_err(Error::internal)?;
    let known = all(tx).await?;
    let before = known.iter().find(|kept| kept.id == id);
    if before.is_none() && known.len() >= MOST {
        return Err(Problem::TooMany.into());
    }
    let last = known.iter().map(|kept| kept.position).max().unwrap_or(0) + 1;
    sqlx::query!(
        "insert into sla_policies as p (company_id, id, name, position, enabled, document, version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, 1, $7, $7)
        on conflict (company_id, id) do update
        set name = excluded.name, position = excluded.position, enabled = excluded.enabled, document = excluded.document,
            version = p.version + 1, updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        id as _,
        name,
        before.map_or(last, |kept| kept.position),
        input.enabled,
        document,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "sla_policies_name", "name", Problem::PolicyTaken))?;
    let after = held(&all(tx).await?, id)?;
    let action = if before.is_some() { "sla.edited" } else { "sla.created" };
    tx.audit(action, subject(&after), before.map(shown), Some(shown(&after))).await
}

/// 删除: no ticket gets it any more; those that have it keep it.
pub async fn delete(ctx: &Ctx, input: PolicyChoice) -> Result {
    ctx.require(Permission::SlaManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    remove(&mut tx, input.policy).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: PolicyId) -> Result {
    let before = held(&all(tx).await?, id)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!("update sla_policies set deleted_at = $3 where company_id = $1 and id = $2", company as _, id as _, now)
        .execute(&mut **tx)
        .await?;
    tx.audit("sla.deleted", subject(&before), Some(shown(&before)), None).await
}

/// 排序: one place up or down.
pub async fn step(ctx: &Ctx, input: PolicyStep) -> Result {
    ctx.require(Permission::SlaManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let order: Vec<PolicyId> = all(&mut tx).await?.iter().map(|kept| kept.id).collect();
    let Some(after) = stepped(order, &input.policy, input.step)? else { return Ok(()) };
    arrange(&mut tx, &after.order, input.policy).await?;
    tx.commit().await
}

/// Puts the policies in this order, of which one moved, inside the caller's transaction, which holds the company.
pub(crate) async fn arrange(tx: &mut Tx, order: &[PolicyId], moved: PolicyId) -> Result {
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    let known = all(tx).await?;
    sqlx::query!(
        "update sla_policies p
        set position = o.place
        from unnest($2::uuid[]) with ordinality o (id, place)
        where p.company_id = $1
        and p.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    let names = |known: &[Kept]| known.iter().map(|kept| kept.name.clone()).collect::<Vec<_>>();
    let (before, moved) = (names(&known), held(&known, moved)?);
    let after = names(&all(tx).await?);
    tx.audit("sla.moved", subject(&moved), Some(json!({ "order": before })), Some(json!({ "order": after }))).await
}

async fn check_choices(tx: &mut Tx, policy: &Policy) -> Result {
    let groups = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    let categories = ticket::queries::category::tree(tx).await?;
    let mut problems = Problems::default();
    problems.need(policy.groups.iter().all(|id| groups.iter().any(|known| known.id == *id)), "groups", Problem::BadChoice);
    problems.need(policy.categories.iter().all(|id| categories.iter().any(|known| known.id == *id)), "categories", Problem::BadChoice);
    problems.end()
}

fn subject(kept: &Kept) -> Subject {
    Subject::named("sla", Some(kept.id.0), kept.name.clone())
}

/// As the audit trail keeps it.
fn shown(kept: &Kept) -> Value {
    json!({ "name": kept.name, "enabled": kept.enabled, "policy": kept.policy })
}

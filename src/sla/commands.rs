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
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};
use ticket::model::category::Step;

/// Policies at most.
const MOST: usize = 50;

/// 保存: a new policy behind the others, or a new version of one. Clocks that run keep the terms they have.
pub async fn save(ctx: &Ctx, input: PolicyInput) -> Result<PolicyId> {
    ctx.require(Permission::SlaManage)?;
    let policy = input.check()?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    check_choices(&mut tx, &policy).await?;
    let (company, now, name) = (ctx.company, ctx.now(), input.name.trim().to_owned());
    let document = serde_json::to_value(&policy).map_err(Error::internal)?;
    let taken = |error| Error::on_constraint(error, "sla_policies_name", "name", Problem::PolicyTaken);
    let known = all(&mut tx).await?;
    let (id, before) = match input.id {
        Some(id) => {
            let before = held(&known, id)?;
            if before.version != input.version {
                return Err(Problem::Stale.into());
            }
            sqlx::query!(
                "update sla_policies set name = $3, document = $4, enabled = $5, version = version + 1, updated_at = $6
                where company_id = $1 and id = $2",
                company as _,
                id as _,
                name,
                document,
                input.enabled,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, Some(before))
        }
        None => {
            if known.len() >= MOST {
                return Err(Problem::TooMany.into());
            }
            let id = PolicyId(ctx.uuid());
            let position = known.iter().map(|kept| kept.position).max().unwrap_or(0) + 1;
            sqlx::query!(
                "insert into sla_policies (company_id, id, name, position, enabled, document, version, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, 1, $7, $7)",
                company as _,
                id as _,
                name,
                position,
                input.enabled,
                document,
                now,
            )
            .execute(&mut *tx)
            .await
            .map_err(taken)?;
            (id, None)
        }
    };
    let after = held(&all(&mut tx).await?, id)?;
    let action = if before.is_some() { "sla.edited" } else { "sla.created" };
    tx.audit(action, subject(&after), before.as_ref().map(shown), Some(shown(&after))).await?;
    tx.commit().await?;
    Ok(id)
}

/// 删除: no ticket gets it any more; those that have it keep it.
pub async fn delete(ctx: &Ctx, input: PolicyChoice) -> Result {
    ctx.require(Permission::SlaManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let before = held(&all(&mut tx).await?, input.policy)?;
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!("update sla_policies set deleted_at = $3 where company_id = $1 and id = $2", company as _, input.policy as _, now,)
        .execute(&mut *tx)
        .await?;
    tx.audit("sla.deleted", subject(&before), Some(shown(&before)), None).await?;
    tx.commit().await
}

/// 排序: one place up or down.
pub async fn step(ctx: &Ctx, input: PolicyStep) -> Result {
    ctx.require(Permission::SlaManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let known = all(&mut tx).await?;
    let at = known.iter().position(|kept| kept.id == input.policy).ok_or(Error::NotFound)?;
    let to = match input.step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1),
    };
    let Some(other) = to.and_then(|to| known.get(to)) else { return Ok(()) };
    let (company, moved) = (ctx.company, &known[at]);
    sqlx::query!(
        "update sla_policies set position = case id when $2 then $4::int else $5::int end where company_id = $1 and id in ($2, $3)",
        company as _,
        moved.id as _,
        other.id as _,
        other.position,
        moved.position,
    )
    .execute(&mut *tx)
    .await?;
    let order: Vec<String> = all(&mut tx).await?.into_iter().map(|kept| kept.name).collect();
    let before: Vec<String> = known.iter().map(|kept| kept.name.clone()).collect();
    tx.audit("sla.moved", subject(moved), Some(json!({ "order": before })), Some(json!({ "order": order }))).await?;
    tx.commit().await
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

//! Writes of triggers. System, without a permission of the actor: `flow::run`, a reaction to every event of a ticket,
//! `timed::run`, the schedule of every full hour, and `record::forget`, part of the upkeep.

pub mod act;
mod check;
pub mod flow;
mod halt;
pub mod record;
pub mod timed;

use crate::model::{ChoiceInput, NAME_MOST, OrderInput, StepInput, SwitchInput, TriggerInput, TriggerKind};
use crate::queries::{Choices, Trigger, choices, held};
use crate::say;
use check::{check_rule, check_seen};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::TriggerId;
use kernel::permission::Permission;
use kernel::step::stepped;
use kernel::t;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Triggers of one kind at most.
const MOST: i64 = 100;

/// 保存: a new trigger, or a new version of one.
pub async fn save(ctx: &Ctx, input: TriggerInput) -> Result<TriggerId> {
    ctx.require(Permission::TriggerManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    lock_order(&mut tx).await?;
    if let Some(id) = input.trigger
        && held(&mut tx, id).await?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.trigger.unwrap_or(TriggerId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted trigger comes
/// back behind the others of its kind.
pub(crate) async fn put(tx: &mut Tx, id: TriggerId, input: &TriggerInput) -> Result {
    let rule = input.check()?;
    let (ctx, known) = (tx.ctx.clone(), choices(tx).await?);
    check_rule(&rule, &known)?;
    let before = match held(tx, id).await {
        Ok(before) => Some(before),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    check_seen(&rule, before.as_ref().map(|before| &before.rule), &known)?;
    let since = before.as_ref().and_then(|before| before.enabled_at).unwrap_or_else(|| ctx.now());
    let trigger = Trigger {
        id,
        kind: input.kind,
        name: input.name.trim().to_owned(),
        description: input.description.trim().to_owned(),
        position: 0,
        enabled_at: input.enabled.then_some(since),
        rule,
        version: before.as_ref().map_or(1, |before| before.version + 1),
        updated_at: ctx.now(),
    };
    let Some(before) = before else {
        timed::forget(tx, id).await?;
        insert(tx, &trigger).await?;
        return tx.audit("trigger.created", subject(&trigger), None, Some(shown(&ctx, &trigger, &known))).await;
    };
    if before.kind != input.kind {
        return Err(Error::Problems(Problems::one("kind", Problem::BadChoice)));
    }
    update(tx, &before, &trigger).await?;
    tx.audit("trigger.edited", subject(&trigger), Some(shown(&ctx, &before, &known)), Some(shown(&ctx, &trigger, &known))).await
}

/// 复制: the same rule once more, behind the others and switched off.
pub async fn copy(ctx: &Ctx, input: ChoiceInput) -> Result<TriggerId> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.begin().await?;
    lock_order(&mut tx).await?;
    let known = choices(&mut tx).await?;
    let original = held(&mut tx, input.trigger).await?;
    let name = t!(ctx.lang(), "{} 的副本", "Copy of {}", original.name).chars().take(NAME_MOST).collect();
    let trigger = Trigger { id: TriggerId(ctx.uuid()), name, enabled_at: None, version: 1, ..original };
    insert(&mut tx, &trigger).await?;
    tx.audit("trigger.created", subject(&trigger), None, Some(shown(ctx, &trigger, &known))).await?;
    tx.commit().await?;
    Ok(trigger.id)
}

/// 启用 or 停用.
pub async fn switch(ctx: &Ctx, input: SwitchInput) -> Result {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.begin().await?;
    lock_order(&mut tx).await?;
    let known = choices(&mut tx).await?;
    let before = held(&mut tx, input.trigger).await?;
    if before.enabled_at.is_some() == input.enabled {
        return Ok(());
    }
    let after = Trigger { enabled_at: input.enabled.then(|| ctx.now()), version: before.version + 1, ..before.clone() };
    update(&mut tx, &before, &after).await?;
    tx.audit("trigger.edited", subject(&after), Some(shown(ctx, &before, &known)), Some(shown(ctx, &after, &known))).await?;
    tx.commit().await
}

/// 排序: one place up or down among those of its kind.
pub async fn step(ctx: &Ctx, input: StepInput) -> Result {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.begin().await?;
    lock_order(&mut tx).await?;
    let moved = held(&mut tx, input.trigger).await?;
    let order = order(&mut tx, moved.kind).await?;
    let Some(after) = stepped(order, &moved.id, input.step)? else { return Ok(()) };
    place(&mut tx, &after.order).await?;
    let (from, to) = (json!({ "place": after.from }), json!({ "place": after.to }));
    tx.audit("trigger.moved", subject(&moved), Some(from), Some(to)).await?;
    tx.commit().await
}

/// 排序: all of one kind, as they were dragged.
pub async fn arrange(ctx: &Ctx, input: OrderInput) -> Result {
    ctx.require(Permission::TriggerManage)?;
    let asked = input.order.split_whitespace().map(|id| id.parse().ok().map(TriggerId)).collect::<Option<Vec<_>>>();
    let asked = asked.ok_or(Error::Problems(Problems::one("order", Problem::BadChoice)))?;
    let mut tx = ctx.begin().await?;
    lock_order(&mut tx).await?;
    let before = order(&mut tx, input.kind).await?;
    let (mut known, mut wanted) = (before.clone(), asked.clone());
    known.sort_unstable();
    wanted.sort_unstable();
    // Somebody made or deleted one meanwhile.
    if known != wanted {
        return Err(Problem::Stale.into());
    }
    let Some(at) = (0..before.len()).find(|at| before[*at] != asked[*at]) else { return Ok(()) };
    // One was dragged: up to the first place that differs, or down from it.
    let moved = if before.get(at + 1) == asked.get(at) { before[at] } else { asked[at] };
    let place_in = |order: &[TriggerId]| order.iter().position(|id| *id == moved).map(|place| place + 1);
    place(&mut tx, &asked).await?;
    let moved = held(&mut tx, moved).await?;
    let (from, to) = (json!({ "place": place_in(&before) }), json!({ "place": place_in(&asked) }));
    tx.audit("trigger.moved", subject(&moved), Some(from), Some(to)).await?;
    tx.commit().await
}

/// Puts triggers of a kind in this order.
pub(crate) async fn place(tx: &mut Tx, order: &[TriggerId]) -> Result {
    let (company, ids) = (tx.ctx.company, order.iter().map(|id| id.0).collect::<Vec<_>>());
    sqlx::query!(
        "update triggers t
        set position = o.place
        from unnest($2::uuid[]) with ordinality o (id, place)
        where t.company_id = $1
        and t.id = o.id",
        company as _,
        &ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// 删除. What it did stays, and histories go on naming it; its records are kept as long as others.
pub async fn delete(ctx: &Ctx, input: ChoiceInput) -> Result {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.begin().await?;
    lock_order(&mut tx).await?;
    remove(&mut tx, input.trigger).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: TriggerId) -> Result {
    let (ctx, known) = (tx.ctx.clone(), choices(tx).await?);
    let before = held(tx, id).await?;
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!("update triggers set deleted_at = $3 where company_id = $1 and id = $2", company as _, before.id as _, now)
        .execute(&mut **tx)
        .await?;
    tx.audit("trigger.deleted", subject(&before), Some(shown(&ctx, &before, &known)), None).await
}

/// Who writes the order or counts on it waits for the others (one company at a time).
async fn lock_order(tx: &mut Tx) -> Result {
    identity::commands::company::hold(tx).await
}

async fn order(tx: &mut Tx, kind: TriggerKind) -> Result<Vec<TriggerId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select id as "id: TriggerId"
        from triggers
        where company_id = $1
        and kind = $2
        and deleted_at is null
        order by position, id"#,
        company as _,
        kind as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Writes a new trigger behind the others of its kind.
async fn insert(tx: &mut Tx, trigger: &Trigger) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    if i64::try_from(order(tx, trigger.kind).await?.len()).is_ok_and(|number| number >= MOST) {
        return Err(Problem::TooManyTriggers.into());
    }
    let rule = serde_json::to_value(&trigger.rule).map_err(Error::internal)?;
    sqlx::query!(
        "insert into triggers as k (company_id, id, kind, name, description, position, enabled_at, rule, version, created_at, updated_at)
        select $1, $2, $3, $4, $5, coalesce(max(t.position), 0) + 1, $6, $7, 1, $8, $8
        from triggers t
        where t.company_id = $1
        and t.kind = $3
        on conflict (company_id, id) do update
        set name = excluded.name, description = excluded.description, position = excluded.position, enabled_at = excluded.enabled_at,
            rule = excluded.rule, version = k.version + 1, updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        trigger.id as _,
        trigger.kind as _,
        trigger.name,
        trigger.description,
        trigger.enabled_at as _,
        rule,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn update(tx: &mut Tx, before: &Trigger, trigger: &Trigger) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    if before.rule != trigger.rule || before.enabled_at != trigger.enabled_at {
        timed::forget(tx, trigger.id).await?;
    }
    let rule = serde_json::to_value(&trigger.rule).map_err(Error::internal)?;
    sqlx::query!(
        "update triggers
        set name = $3, description = $4, enabled_at = $5, rule = $6, version = $7, updated_at = $8
        where company_id = $1
        and id = $2",
        company as _,
        trigger.id as _,
        trigger.name,
        trigger.description,
        trigger.enabled_at as _,
        rule,
        trigger.version,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn subject(trigger: &Trigger) -> Subject {
    Subject::named("trigger", Some(trigger.id.0), trigger.name.clone())
}

/// A trigger as the audit trail keeps it: the rule in words, as it read then.
fn shown(ctx: &Ctx, trigger: &Trigger, known: &Choices) -> serde_json::Value {
    json!({
        "name": trigger.name,
        "description": trigger.description,
        "enabled": trigger.enabled_at.is_some(),
        "rule": say::sentence(&trigger.rule, known, ctx.company_lang),
    })
}

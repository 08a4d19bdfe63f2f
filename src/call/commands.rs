//! Writes of calls. Here switches are set up; `take` takes events in, `refusal` lets what lies in quarantine be taken again,
//! `reap` ends calls whose end was never told. What people do with records: `summary`, `reveal`, `recording`, `export`.
//! `customer` lets calls follow whose they are.

pub mod credential;
pub mod customer;
pub mod export;
pub mod reap;
pub mod recording;
pub mod refusal;
pub mod reveal;
pub mod summary;
pub mod take;

use crate::model::switch::{SwitchChoice, SwitchInput};
use crate::queries::{self, Kept};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::SwitchId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Switches at most.
const MOST: usize = 50;

/// 保存: a new switch, which has no key yet, or a change of one.
pub async fn save(ctx: &Ctx, input: SwitchInput) -> Result<SwitchId> {
    ctx.require(Permission::SwitchManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id
        && queries::held(&queries::all(&mut tx).await?, id)?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.id.unwrap_or(SwitchId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted switch comes
/// back without a key.
pub(crate) async fn put(tx: &mut Tx, id: SwitchId, input: &SwitchInput) -> Result {
    input.check()?;
    let (company, now, name) = (tx.ctx.company, tx.ctx.now(), input.name.trim().to_owned());
    let known = queries::all(tx).await?;
    let before = known.iter().find(|kept| kept.id == id);
    if before.is_none() && known.len() >= MOST {
        return Err(Problem::TooMany.into());
    }
    sqlx::query!(
        "insert into switches as s (company_id, id, name, kind, is_enabled, key, version, created_at)
        values ($1, $2, $3, $4, $5, '', 1, $6)
        on conflict (company_id, id) do update
        set name = excluded.name, kind = excluded.kind, is_enabled = excluded.is_enabled, version = s.version + 1, deleted_at = null",
        company as _,
        id as _,
        name,
        input.kind as _,
        input.enabled,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "switches_name", "name", Problem::NameTaken))?;
    let after = queries::held(&queries::all(tx).await?, id)?;
    let action = if before.is_some() { "switch.edited" } else { "switch.created" };
    tx.audit(action, subject(&after), before.map(shown), Some(shown(&after))).await
}

/// 删除: its key is worth nothing from now on; its calls stay.
pub async fn delete(ctx: &Ctx, input: SwitchChoice) -> Result {
    ctx.require(Permission::SwitchManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    remove(&mut tx, input.switch).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: SwitchId) -> Result {
    let before = queries::held(&queries::all(tx).await?, id)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    credential::withdraw(tx, id).await?;
    sqlx::query!(
        "update switches
        set deleted_at = $3, key = '', secret = null
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    tx.audit("switch.deleted", subject(&before), Some(shown(&before)), None).await
}

fn subject(kept: &Kept) -> Subject {
    Subject::named("switch", Some(kept.id.0), kept.name.clone())
}

/// As the audit trail keeps it.
fn shown(kept: &Kept) -> Value {
    json!({ "name": kept.name, "kind": kept.kind, "enabled": kept.is_enabled })
}

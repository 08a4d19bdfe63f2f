//! Writes of the configuration as a whole, and of one object from its history.

use crate::dangling::{self, Dangling};
use crate::fault::{Fault, Place};
use crate::file;
use crate::model::{ApplyInput, FILE_MOST, RestoreInput};
use crate::plan::{Act, Plan, Step, plan};
use crate::queries::{self, addresses, current, kind_of};
use crate::refs::Names;
use crate::section::Section;
use jiff::SignedDuration;
use kernel::configured::Kind;
use kernel::configured::order::{Documents, by_group, in_order};
use kernel::configured::record::ORDER;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::permission::Permission;
use kernel::rng;
use kernel::time::Stamp;
use kernel::tx::Tx;
use uuid::Uuid;

/// How long an uploaded file waits for its plan to be applied.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Files of one person that wait at most; the oldest goes.
const FILES_MOST: i64 = 5;

/// 变更计划 of a file, worked out and tried.
#[derive(Debug, Default)]
pub struct Prepared {
    /// What would change.
    pub plan: Plan,
    /// Fingerprint of the configuration it was worked out for.
    pub base: String,
    /// What is wrong with the file, or why steps were refused: nothing is applied then.
    pub faults: Vec<Fault>,
    /// What ids are called, those of the file too.
    pub names: Names,
}

/// 导出: the configuration as a file, as it is or as it was at a moment; of a moment before the history began there is none.
pub async fn export(ctx: &Ctx, at: Option<Stamp>) -> Result<String> {
    ctx.require(Permission::ConfigManage)?;
    let (sections, names) = named(ctx, at).await?;
    file::write(&sections, &names)
}

/// What that file names and does not have.
pub async fn dangling(ctx: &Ctx, at: Option<Stamp>) -> Result<Vec<Dangling>> {
    ctx.require(Permission::ConfigManage)?;
    let (sections, names) = named(ctx, at).await?;
    Ok(dangling::dangling(&sections, &names))
}

async fn named(ctx: &Ctx, at: Option<Stamp>) -> Result<(Vec<Section>, Names)> {
    if let Some(at) = at
        && queries::began(ctx).await?.is_none_or(|began| at < began)
    {
        return Err(Error::NotFound);
    }
    let sections = match at {
        Some(at) => queries::as_of(ctx, at).await?,
        None => current(&mut ctx.read().await?).await?,
    };
    let agents = addresses(&mut ctx.read().await?).await?;
    let names = Names::of(&sections, &agents);
    Ok((sections, names))
}

/// The plan of a file: it is carried out and taken back, so that what would be refused is known.
pub async fn prepare(ctx: &Ctx, text: &str, prune: bool) -> Result<Prepared> {
    ctx.require(Permission::ConfigManage)?;
    // What is not committed did not happen.
    run(&mut ctx.begin().await?, text, prune).await
}

/// Applies a file, all of it or nothing. `base` is the fingerprint of the plan that was looked at: when the configuration
/// changed meanwhile, `Stale`.
pub async fn apply(ctx: &Ctx, text: &str, prune: bool, base: &str, reason: &str) -> Result<Prepared> {
    ctx.require(Permission::ConfigManage)?;
    let mut tx = ctx.begin().await?;
    tx.because(reason);
    let versions = queries::count(&mut tx).await?;
    let done = run(&mut tx, text, prune).await?;
    if done.base != base {
        return Err(Problem::Stale.into());
    }
    if done.faults.is_empty() {
        need_unchanged(&mut tx, versions).await?;
        tx.commit().await?;
    }
    Ok(done)
}

/// `Stale` when somebody committed a change of the configuration since it had so many versions: many saves hold nothing that
/// an import holds, and would be overwritten with what was read before them. Nobody commits another one until this does.
async fn need_unchanged(tx: &mut Tx, versions: i64) -> Result {
    tx.hold_trail().await?;
    if queries::count(tx).await? == versions { Ok(()) } else { Err(Problem::Stale.into()) }
}

/// Applies an uploaded file; what is refused is shown by its plan, which is what the page shows again.
pub async fn apply_file(ctx: &Ctx, input: &ApplyInput) -> Result {
    ctx.require(Permission::ConfigManage)?;
    let (_, text) = queries::file(ctx, input.file).await?;
    let done = apply(ctx, &text, input.prune, &input.base, &input.reason).await?;
    if done.faults.is_empty() { Ok(()) } else { Err(Problem::ConfigRefused.into()) }
}

/// Keeps an uploaded file until its plan is applied, for a day.
pub async fn keep_file(ctx: &Ctx, name: &str, content: &[u8]) -> Result<Uuid> {
    ctx.require(Permission::ConfigManage)?;
    let wrong = |problem| Error::Problems(Problems::one("file", problem));
    if content.is_empty() {
        return Err(wrong(Problem::EmptyFile));
    }
    if content.len() > FILE_MOST {
        return Err(wrong(Problem::ConfigTooLarge));
    }
    let text = core::str::from_utf8(content).ok().filter(|text| !text.contains('\0')).ok_or_else(|| wrong(Problem::BadFormat))?;
    let name: String = name.chars().filter(|char| !char.is_control()).take(200).collect();
    let (company, agent, now, id) = (ctx.company, ctx.agent()?, ctx.now(), ctx.uuid());
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "delete from config_files f
        where f.company_id = $1
        and (f.expires_at <= $3 or f.agent_id = $2 and f.id not in (
            select k.id
            from config_files k
            where k.company_id = $1
            and k.agent_id = $2
            order by k.created_at desc, k.id desc
            limit $4
        ))",
        company as _,
        agent as _,
        now,
        FILES_MOST - 1,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into config_files (company_id, id, agent_id, name, content, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        company as _,
        id,
        agent as _,
        name,
        text,
        now,
        now.plus(KEPT),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// 恢复到此版本: the document of an earlier version, as a new one. An object that was deleted meanwhile comes back.
pub async fn roll_back(ctx: &Ctx, input: &RestoreInput) -> Result {
    ctx.require(Permission::ConfigManage)?;
    let kind = kind_of(ctx, &input.kind)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    let count = queries::count(&mut tx).await?;
    let versions = queries::kept(&mut tx, kind.key, input.object).await?;
    if versions.first().is_some_and(|last| last.version != input.last) {
        return Err(Problem::Stale.into());
    }
    let version = versions.into_iter().find(|version| version.version == input.version).ok_or(Error::NotFound)?;
    let is_there = kind.all(&mut tx).await?.iter().any(|object| object.id == input.object);
    match version.document {
        Some(order) if input.object == ORDER && !kind.is_single => {
            let order: Vec<Uuid> = serde_json::from_value(order).map_err(Error::internal)?;
            arrange(&mut tx, kind, &order).await?;
        }
        Some(document) => {
            let document = kind.read(document).map_err(|_| Problem::BadFormat)?;
            kind.put(&mut tx, input.object, document).await?;
        }
        None if is_there => kind.remove(&mut tx, input.object).await?,
        None => {}
    }
    need_unchanged(&mut tx, count).await?;
    tx.commit().await
}

/// Forgets uploaded files whose day is over. System: part of the upkeep.
pub async fn forget_files(tx: &mut Tx) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!("delete from config_files where company_id = $1 and expires_at <= $2", company as _, now).execute(&mut **tx).await?;
    Ok(())
}

/// Fingerprint of a configuration.
fn fingerprint(text: &str) -> String {
    rng::hex(&rng::sha256(text.as_bytes()))
}

async fn run(tx: &mut Tx, text: &str, prune: bool) -> Result<Prepared> {
    identity::commands::company::hold(tx).await?;
    let now = current(tx).await?;
    let agents = addresses(tx).await?;
    let names = Names::of(&now, &agents);
    let base = fingerprint(&file::write(&now, &names)?);
    let ctx = tx.ctx.clone();
    let wanted = match file::read(text, &now, &agents, prune, || ctx.uuid()) {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(Prepared { base, faults, names, ..Prepared::default() }),
    };
    let mut known = Names::of(&wanted, &agents);
    known.extend(names);
    let plan = plan(&now, &wanted, prune);
    let faults = carry_out(tx, &plan).await?;
    if faults.is_empty() {
        for (kind, order) in &plan.orders {
            arrange(tx, kind, order).await?;
        }
    }
    Ok(Prepared { plan, base, faults, names: known })
}

/// Every step, or why some are refused, all reasons at once. A step that waits for a later one, such as a name that another
/// object still has, is taken again after the others, as long as that helps.
async fn carry_out(tx: &mut Tx, plan: &Plan) -> Result<Vec<Fault>> {
    let mut waiting: Vec<&Step> = plan.steps.iter().collect();
    loop {
        let mut refused = Vec::new();
        for step in &waiting {
            if let Some(fault) = attempt(tx, step).await? {
                refused.push((*step, fault));
            }
        }
        if refused.is_empty() || refused.len() == waiting.len() {
            return Ok(refused.into_iter().map(|(_, fault)| fault).collect());
        }
        waiting = refused.into_iter().map(|(step, _)| step).collect();
    }
}

/// One step, or why it is refused: then it did not happen.
async fn attempt(tx: &mut Tx, step: &Step) -> Result<Option<Fault>> {
    let audited = tx.audited();
    sqlx::query("savepoint step").execute(&mut **tx).await?;
    let done = match step.act {
        Act::Create | Act::Change => step.kind.put(tx, step.id, step.after.clone()).await,
        Act::Delete => step.kind.remove(tx, step.id).await,
        Act::Move => tx.ctx.require(step.kind.needs),
    };
    let fault = match done {
        Ok(()) => None,
        Err(error) => {
            let fault = Fault::of(Place { kind: step.kind, name: step.name.clone() }, error)?;
            sqlx::query("rollback to savepoint step").execute(&mut **tx).await?;
            tx.forget_audits(audited);
            Some(fault)
        }
    };
    sqlx::query("release savepoint step").execute(&mut **tx).await?;
    Ok(fault)
}

/// Puts the objects of a kind in this order, unless they stand so, group by group.
async fn arrange(tx: &mut Tx, kind: &Kind, order: &[Uuid]) -> Result {
    let objects = kind.all(tx).await?;
    let ids: Vec<Uuid> = objects.iter().map(|object| object.id).collect();
    let documents: Documents<'_> = objects.iter().map(|object| (object.id, &object.document)).collect();
    let order = in_order(&ids, order);
    if by_group(kind.apart, &order, &documents) == by_group(kind.apart, &ids, &documents) { Ok(()) } else { kind.arrange(tx, &order).await }
}

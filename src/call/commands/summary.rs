//! 服务小结: what an agent writes of a call; each save is a version that stays.

use crate::model::summary::{SummaryInput, SummaryStatus};
use crate::queries::{detail, summary};
use kernel::answer::put;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::answer_name;
use kernel::id::{CategoryId, UnitId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde_json::Value;
use ticket::queries::template;

/// Saves a new version. `Stale` when somebody saved another one meanwhile; beside `unit`, `category` and own fields when they
/// cannot be chosen. What was chosen before and is gone since may stay. What the template of the category demands before a
/// ticket is closed is demanded before a call is handled.
pub async fn save(ctx: &Ctx, input: SummaryInput) -> Result {
    ctx.require(Permission::CallSummarize)?;
    ctx.require(Permission::CallRecordOwn)?;
    let (company, now, me) = (ctx.company, ctx.now(), ctx.agent()?);
    let call = input.call.ok_or(Error::NotFound)?;
    input.check()?;
    let status = input.status.ok_or(Problem::Required)?;
    let mut tx = ctx.begin().await?;
    detail::facts(&mut tx, call).await?;
    // Whoever saves second waits here and finds the version taken.
    sqlx::query!("select from calls where company_id = $1 and id = $2 for update", company as _, call as _).fetch_one(&mut *tx).await?;
    let last = summary::versions(&mut tx, call).await?.into_iter().next();
    if last.as_ref().map_or(0, |last| last.version) != input.version {
        return Err(Problem::Stale.into());
    }
    let was_unit = last.as_ref().and_then(|last| Some((last.unit?, last.unit_name.clone())));
    let unit_name = match input.unit {
        None => String::new(),
        Some(unit) => unit_name(&mut tx, unit, was_unit).await?,
    };
    if let Some(category) = input.category.filter(|category| last.as_ref().and_then(|last| last.category) != Some(*category)) {
        need_leaf(&mut tx, category).await?;
    }
    let before = last.map(|last| last.fields).unwrap_or_default();
    let fields = filled_in(&mut tx, &input, status, before).await?;
    sqlx::query!(
        "insert into call_summaries (company_id, call_id, version, unit_id, unit_name, category_id, status, remark, fields, agent_id,
            agent_name, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        company as _,
        call as _,
        input.version + 1,
        input.unit as _,
        unit_name,
        input.category as _,
        status as _,
        input.remark.trim(),
        fields,
        me as _,
        ctx.actor.name(),
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The own fields over what they were: those that were not sent stay as they are.
async fn filled_in(tx: &mut Tx, input: &SummaryInput, status: SummaryStatus, before: Value) -> Result<Value> {
    let form = template::form(tx, input.category).await?;
    let (mut kept, mut problems) = (before.as_object().cloned().unwrap_or_default(), Problems::default());
    for (field, _) in &form.slots {
        let Some(answer) = input.fields.get(&field.id) else { continue };
        if let Some(problem) = put(&mut kept, &field.id.to_string(), &field.asked(), answer.values()) {
            problems.add(&answer_name(field.id), problem);
        }
    }
    let kept = Value::Object(kept);
    if status == SummaryStatus::Handled {
        form.missing(&kept).for_each(|field| problems.add(&answer_name(field.id), Problem::Required));
    }
    problems.end()?;
    Ok(kept)
}

async fn unit_name(tx: &mut Tx, unit: UnitId, was: Option<(UnitId, String)>) -> Result<String> {
    let known = identity::queries::company::units(tx).await?.into_iter().find(|known| known.id == unit).map(|known| known.name);
    let name = known.or_else(|| was.filter(|(was, _)| *was == unit).map(|(_, name)| name));
    name.ok_or_else(|| Problems::one("unit", Problem::BadChoice)).map_err(Error::Problems)
}

async fn need_leaf(tx: &mut Tx, category: CategoryId) -> Result {
    let tree = ticket::queries::category::tree(tx).await?;
    match tree.into_iter().find(|known| known.id == category) {
        None => Err(Error::Problems(Problems::one("category", Problem::BadChoice))),
        Some(known) if !known.is_leaf => Err(Error::Problems(Problems::one("category", Problem::CategoryNotLeaf))),
        Some(_) => Ok(()),
    }
}

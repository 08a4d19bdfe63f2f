//! Writes of calendars.

use crate::calendar::{Calendar, read_days, read_spans};
use crate::model::{CalendarChoice, CalendarInput, DAY_FIELDS};
use crate::queries::{Kept, held};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{CalendarId, GroupId};
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Calendars at most.
const MOST: usize = 100;

/// 保存: a new calendar, or a new version of one. A group that is chosen here leaves the calendar it had.
pub async fn save(ctx: &Ctx, input: CalendarInput) -> Result<CalendarId> {
    ctx.require(Permission::SlaManage)?;
    input.check()?;
    read(&input)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id
        && held(&mut tx, id).await?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.id.unwrap_or(CalendarId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted calendar comes
/// back.
pub(crate) async fn put(tx: &mut Tx, id: CalendarId, input: &CalendarInput) -> Result {
    input.check()?;
    let (name, calendar) = (input.name.trim().to_owned(), read(input)?);
    let document = serde_json::to_value(&calendar).map_err(Error::internal)?;
    check_groups(tx, &input.groups).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let known = crate::queries::all(tx).await?;
    let before = known.iter().find(|kept| kept.id == id);
    if before.is_none() && known.len() >= MOST {
        return Err(Problem::TooMany.into());
    }
    if input.is_default {
        // One default: the index allows no second one.
        sqlx::query!(
            "update duty_calendars set is_default = false where company_id = $1 and is_default and id <> $2",
            company as _,
            id as _
        )
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query!(
        "insert into duty_calendars as c (company_id, id, name, document, is_default, version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, 1, $6, $6)
        on conflict (company_id, id) do update
        set name = excluded.name, document = excluded.document, is_default = excluded.is_default, version = c.version + 1,
            updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        id as _,
        name,
        document,
        input.is_default,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "duty_calendars_name", "name", Problem::NameTaken))?;
    set_groups(tx, id, &input.groups).await?;
    let after = held(tx, id).await?;
    let action = if before.is_some() { "calendar.edited" } else { "calendar.created" };
    tx.audit(action, Subject::named("calendar", Some(id.0), name), before.map(shown), Some(shown(&after))).await
}

/// 删除: its groups work by the default calendar from then on.
pub async fn delete(ctx: &Ctx, input: CalendarChoice) -> Result {
    ctx.require(Permission::SlaManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    remove(&mut tx, input.id).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: CalendarId) -> Result {
    let before = held(tx, id).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    set_groups(tx, id, &[]).await?;
    sqlx::query!(
        "update duty_calendars set deleted_at = $3, is_default = false where company_id = $1 and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    tx.audit("calendar.deleted", Subject::named("calendar", Some(id.0), before.name.clone()), Some(shown(&before)), None).await
}

/// What was typed, or everything that cannot be read.
fn read(input: &CalendarInput) -> Result<Calendar> {
    let mut problems = Problems::default();
    problems.need(kernel::time::zone(&input.time_zone).is_some(), "time_zone", Problem::BadTimeZone);
    let read = input.week().map(read_spans);
    for (field, spans) in DAY_FIELDS.iter().zip(&read) {
        problems.need(spans.is_some(), field, Problem::BadHours);
    }
    let days = read_days(&input.days);
    problems.need(days.is_ok(), "days", Problem::BadDays);
    problems.end()?;
    Ok(Calendar { time_zone: input.time_zone.clone(), week: read.map(Option::unwrap_or_default), days: days.unwrap_or_default() })
}

async fn check_groups(tx: &mut Tx, groups: &[GroupId]) -> Result {
    let known = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    let mut problems = Problems::default();
    problems.need(groups.iter().all(|group| known.iter().any(|option| option.id == *group)), "groups", Problem::BadChoice);
    problems.end()
}

async fn set_groups(tx: &mut Tx, calendar: CalendarId, groups: &[GroupId]) -> Result {
    let company = tx.ctx.company;
    let groups: Vec<uuid::Uuid> = groups.iter().map(|group| group.0).collect();
    sqlx::query!(
        "delete from duty_groups where company_id = $1 and (calendar_id = $2 or group_id = any($3))",
        company as _,
        calendar as _,
        &groups,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into duty_groups (company_id, group_id, calendar_id) select distinct $1::uuid, chosen, $2::uuid from unnest($3::uuid[]) as chosen",
        company as _,
        calendar as _,
        &groups,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// As the audit trail keeps it.
fn shown(kept: &Kept) -> Value {
    json!({ "name": kept.name, "calendar": kept.calendar, "groups": kept.groups, "is_default": kept.is_default })
}

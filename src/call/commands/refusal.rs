//! 隔离: events that could not be understood, kept as they came. Once what was wrong is put right, such as a missing account, they
//! can be taken again.

use super::take::{Outcome, take_bodies};
use crate::model::switch::{Refusal, RefusalChoice};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::SwitchId;
use kernel::permission::Permission;
use kernel::rng;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// Rows of one switch at most: whoever sends nonsense for ever fills no disk.
pub const MOST: i64 = 1_000;
/// Characters of what is wrong at most.
const DETAIL_MOST: usize = 300;
/// Events that are taken again at once.
const AT_ONCE: i64 = 500;

/// Puts an event into quarantine; the same one again counts up. Whether it lies there now: a full quarantine takes no further
/// ones. System: the intake.
pub(crate) async fn refuse(tx: &mut Tx, switch: SwitchId, body: &Value, (reason, detail): (Refusal, &str)) -> Result<bool> {
    let body = cleaned(body);
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), tx.ctx.uuid());
    let detail: String = detail.chars().take(DETAIL_MOST).collect();
    let kept = sqlx::query!(
        "insert into switch_refusals as r (company_id, id, switch_id, body, body_hash, reason, detail, times, first_at, last_at)
        select $1, $2, $3, $4, $5, $6, $7, 1, $8, $8
        where $9 > (
            select count(*)
            from switch_refusals
            where company_id = $1
            and switch_id = $3
        )
        or exists (
            select 1
            from switch_refusals
            where company_id = $1
            and switch_id = $3
            and body_hash = $5
        )
        on conflict (company_id, switch_id, body_hash) do update
        set times = r.times + 1, last_at = excluded.last_at, reason = excluded.reason, detail = excluded.detail",
        company as _,
        id,
        switch as _,
        body,
        rng::sha256(body.to_string().as_bytes()),
        reason as _,
        detail,
        now,
        MOST,
    )
    .execute(&mut **tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// The event without U+0000, which the database cannot keep: people read a replacement character in its place.
fn cleaned(value: &Value) -> Value {
    let clean = |text: &str| text.replace('\0', "\u{fffd}");
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(values) => Value::Array(values.iter().map(cleaned).collect()),
        Value::Object(fields) => Value::Object(fields.iter().map(|(key, value)| (clean(key), cleaned(value))).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// 重新处理: takes an event of the quarantine again; whether it was understood this time.
pub async fn replay(ctx: &Ctx, input: RefusalChoice) -> Result<bool> {
    ctx.require(Permission::SwitchManage)?;
    Ok(again(ctx, Some(input.refusal)).await? > 0)
}

/// 全部重新处理, what was told or tried longest ago first, so that what stays holds nothing back; gives how many were understood.
pub async fn replay_all(ctx: &Ctx) -> Result<usize> {
    ctx.require(Permission::SwitchManage)?;
    again(ctx, None).await
}

/// 丢弃: an event that is worth nothing.
pub async fn discard(ctx: &Ctx, input: RefusalChoice) -> Result {
    ctx.require(Permission::SwitchManage)?;
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let body = sqlx::query_scalar!(
        "delete from switch_refusals
        where company_id = $1
        and id = $2
        returning body",
        company as _,
        input.refusal,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    tx.audit("switch_event.discarded", Subject::named("switch_event", Some(input.refusal), ""), Some(body), None).await?;
    tx.commit().await
}

async fn again(ctx: &Ctx, one: Option<Uuid>) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let rows = sqlx::query!(
        r#"select id, switch_id as "switch: SwitchId", body
        from switch_refusals
        where company_id = $1
        and ($2::uuid is null or id = $2)
        order by last_at, id
        limit $3
        for update"#,
        company as _,
        one,
        AT_ONCE,
    )
    .fetch_all(&mut *tx)
    .await?;
    if rows.is_empty() && one.is_some() {
        return Err(Error::NotFound);
    }
    let mut switches: Vec<SwitchId> = rows.iter().map(|row| row.switch).collect();
    switches.sort_unstable();
    switches.dedup();
    let mut understood: Vec<Uuid> = Vec::new();
    for switch in switches {
        let own: Vec<_> = rows.iter().filter(|row| row.switch == switch).collect();
        let bodies: Vec<Value> = own.iter().map(|row| row.body.clone()).collect();
        let outcomes = take_bodies(&mut tx, switch, &bodies).await?;
        let is_understood = |outcome: &Outcome| matches!(outcome, Outcome::Accepted | Outcome::Repeated);
        understood.extend(own.iter().zip(outcomes).filter(|(_, outcome)| is_understood(outcome)).map(|(row, _)| row.id));
    }
    sqlx::query!(
        "delete from switch_refusals
        where company_id = $1
        and id = any ($2)",
        company as _,
        &understood,
    )
    .execute(&mut *tx)
    .await?;
    let after = json!({ "events": rows.len(), "understood": understood.len() });
    tx.audit("switch_event.replayed", Subject::named("switch_event", one, ""), None, Some(after)).await?;
    tx.commit().await?;
    Ok(understood.len())
}

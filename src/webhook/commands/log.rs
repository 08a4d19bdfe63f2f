//! 重新发送, and how long the log is kept.

use super::wake;
use crate::jobs::ForwardMessages;
use crate::model::{DeliveryChoice, DeliveryState, LogFilter, Topic};
use crate::queries::log::narrow;
use crate::schedule::PATIENCE;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{DeliveryId, WebhookId};
use kernel::job::enqueue;
use kernel::permission::Permission;
use kernel::time::{Stamp, day};
use kernel::tx::{Subject, Tx};
use serde_json::json;
use sqlx::{Postgres, QueryBuilder};

/// Messages that are sent again at once at most.
pub const REPLAYED_MOST: i64 = 10_000;

/// 重新发送 one message: the same bytes under the same id, and 72 hours of attempts from now. A lane that pauses goes on.
///
/// # Errors
/// `NotFound` when there is no such message or its subscription is gone, `WebhookOff` when that is switched off.
pub async fn replay(ctx: &Ctx, input: DeliveryChoice) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    let found = sqlx::query!(
        r#"update webhook_deliveries d
        set state = 0, attempt = 0, since = $3, next_at = $3, finished_at = null, fault = null
        from webhooks w
        where d.company_id = $1
        and d.id = $2
        and w.company_id = d.company_id
        and w.id = d.webhook_id
        and w.deleted_at is null
        returning d.webhook_id as "webhook: WebhookId", w.name, w.enabled"#,
        company as _,
        input.delivery as _,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    if !found.enabled {
        return Err(Problem::WebhookOff.into());
    }
    wake(&mut tx, found.webhook).await?;
    enqueue(&mut tx, &ForwardMessages {}).await?;
    let subject = Subject::named("webhook_delivery", Some(input.delivery.0), found.name);
    let sent = json!({ "delivery": input.delivery, "webhook": found.webhook });
    tx.audit("webhook_delivery.replayed", subject, None, Some(sent)).await?;
    tx.commit().await
}

/// 重新发送 everything the filter finds, oldest first, at most `REPLAYED_MOST`; how many. What waits already and what went to a
/// subscription that is switched off is left alone; lanes that pause go on.
///
/// # Errors
/// `ChooseFilter` when it is none, `BadChoice` or `BadDate` when a part of it cannot be read: without it more would be found.
pub async fn replay_all(ctx: &Ctx, filter: LogFilter) -> Result<u64> {
    ctx.require(Permission::WebhookManage)?;
    let (company, now) = (ctx.company, ctx.now());
    if !filter.is_narrow() {
        // All of thirty days, to everybody, is nothing that somebody means.
        return Err(Error::Problems(Problems::one("", Problem::ChooseFilter)));
    }
    check(&filter)?;
    let mut tx = ctx.begin().await?;
    let mut query = QueryBuilder::<Postgres>::new("update webhook_deliveries set state = 0, attempt = 0, since = ");
    query.push_bind(now).push(", next_at = ").push_bind(now);
    query.push(", finished_at = null, fault = null where company_id = ").push_bind(company);
    query.push(" and id in (select d.id from webhook_deliveries d join webhooks w on w.company_id = d.company_id and w.id = d.webhook_id");
    query.push(" where d.company_id = ").push_bind(company).push(" and d.state <> 0 and w.enabled and w.deleted_at is null");
    narrow(&mut query, &filter, &ctx.zone);
    query.push(" order by d.happened_at, d.id limit ").push_bind(REPLAYED_MOST).push(")");
    let count = query.build().execute(&mut *tx).await?.rows_affected();
    if count > 0 {
        wake_all(&mut tx).await?;
        enqueue(&mut tx, &ForwardMessages {}).await?;
        let subject = Subject::named("webhook_delivery", None, count.to_string());
        tx.audit("webhook_delivery.replayed", subject, None, Some(json!({ "count": count, "filter": filter }))).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// A list leaves out what it cannot read of a filter; what is sent again must be what somebody meant.
fn check(filter: &LogFilter) -> Result {
    let is_read = |text: &str, is_known: bool| text.trim().is_empty() || is_known;
    let mut problems = Problems::default();
    let is_listed = is_read(&filter.webhook, filter.webhook.parse::<WebhookId>().is_ok())
        && is_read(&filter.state, DeliveryState::from_key(&filter.state).is_some())
        && is_read(&filter.topic, Topic::from_key(&filter.topic).is_some());
    problems.need(is_listed, "", Problem::BadChoice);
    let is_dated = [&filter.from, &filter.to].iter().all(|text| is_read(text, day(text).is_some()));
    problems.need(is_dated, "", Problem::BadDate);
    problems.end()
}

/// Ends the pauses of lanes in which something is due now.
async fn wake_all(tx: &mut Tx) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update webhook_lanes l
        set paused_until = null
        where l.company_id = $1
        and l.paused_until > $2
        and exists (
            select from webhook_deliveries d
            where d.company_id = $1
            and d.webhook_id = l.webhook_id
            and d.state = 0
            and d.next_at <= $2
        )",
        company as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives up what has waited for 72 hours at a subscription that is switched off or gone: nobody wants to hear of it when it is
/// switched on half a year later. How many.
async fn give_up(tx: &mut Tx, most: i64) -> Result<u64> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let given_up = sqlx::query!(
        "update webhook_deliveries
        set state = 2, finished_at = $2
        where company_id = $1
        and id in (
            select d.id
            from webhook_deliveries d
            join webhooks w on w.company_id = d.company_id and w.id = d.webhook_id
            where d.company_id = $1
            and d.state = 0
            and d.since < $3
            and (not w.enabled or w.deleted_at is not null)
            limit $4
        )",
        company as _,
        now,
        now.minus(PATIENCE),
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(given_up.rows_affected())
}

/// Gives up what nobody will send any more, and deletes what was finished before this moment, with its requests; whether there
/// may be more. System: the company's upkeep.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let given_up = give_up(tx, most).await?;
    let company = tx.ctx.company;
    let old: Vec<DeliveryId> = sqlx::query_scalar!(
        r#"select id as "id: DeliveryId" from webhook_deliveries where company_id = $1 and state <> 0 and finished_at < $2 limit $3"#,
        company as _,
        before,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query!("delete from webhook_attempts where company_id = $1 and delivery_id = any($2)", company as _, &old as _)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from webhook_deliveries where company_id = $1 and id = any($2)", company as _, &old as _)
        .execute(&mut **tx)
        .await?;
    // A request goes when the last message that it carried has gone.
    let requests = sqlx::query!(
        "delete from webhook_requests
        where company_id = $1
        and id in (
            select r.id
            from webhook_requests r
            where r.company_id = $1
            and r.sent_at < $2
            and not exists (select from webhook_attempts a where a.company_id = $1 and a.request_id = r.id)
            limit $3
        )",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(given_up > 0 || !old.is_empty() || requests.rows_affected() > 0)
}

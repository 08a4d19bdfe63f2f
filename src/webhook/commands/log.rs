//! 重新发送, and how long the log is kept.

use crate::jobs::ForwardMessages;
use crate::model::{DeliveryChoice, LogFilter};
use crate::queries::log::narrow;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::DeliveryId;
use kernel::job::enqueue;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::{Subject, Tx};
use serde_json::json;
use sqlx::{Postgres, QueryBuilder};

/// Messages that are sent again at once at most.
pub const REPLAYED_MOST: i64 = 10_000;

/// 重新发送 one message: the same bytes under the same id, and 72 hours of attempts from now.
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
        returning d.webhook_id, w.name"#,
        company as _,
        input.delivery as _,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    enqueue(&mut tx, &ForwardMessages {}).await?;
    let subject = Subject::named("webhook_delivery", Some(input.delivery.0), found.name);
    tx.audit("webhook_delivery.replayed", subject, None, Some(json!({ "delivery": input.delivery, "webhook": found.webhook_id }))).await?;
    tx.commit().await
}

/// 重新发送 everything the filter finds, oldest first, at most `REPLAYED_MOST`; how many. What waits already is left alone.
pub async fn replay_all(ctx: &Ctx, filter: LogFilter) -> Result<u64> {
    ctx.require(Permission::WebhookManage)?;
    let (company, now) = (ctx.company, ctx.now());
    if !filter.is_narrow() {
        // All of thirty days, to everybody, is nothing that somebody means.
        return Err(Error::Problems(Problems::one("", Problem::ChooseFilter)));
    }
    let mut tx = ctx.begin().await?;
    let mut query = QueryBuilder::<Postgres>::new("update webhook_deliveries set state = 0, attempt = 0, since = ");
    query.push_bind(now).push(", next_at = ").push_bind(now);
    query.push(", finished_at = null, fault = null where company_id = ").push_bind(company);
    query.push(" and id in (select d.id from webhook_deliveries d join webhooks w on w.company_id = d.company_id and w.id = d.webhook_id");
    query.push(" where d.company_id = ").push_bind(company).push(" and d.state <> 0 and w.deleted_at is null");
    narrow(&mut query, &filter, &ctx.zone);
    query.push(" order by d.happened_at, d.id limit ").push_bind(REPLAYED_MOST).push(")");
    let count = query.build().execute(&mut *tx).await?.rows_affected();
    if count > 0 {
        enqueue(&mut tx, &ForwardMessages {}).await?;
        let subject = Subject::named("webhook_delivery", None, count.to_string());
        tx.audit("webhook_delivery.replayed", subject, None, Some(json!({ "count": count, "filter": filter }))).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// Deletes what was finished before this moment, with its requests; whether there may be more. System: the company's upkeep.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
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
    Ok(!old.is_empty() || requests.rows_affected() > 0)
}

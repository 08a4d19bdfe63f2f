//! 记下结果: what came of a request, and what follows for its messages and its lane.

use super::{LEASE, Sent};
use crate::commands::{shown, subject};
use crate::envelope::Message;
use crate::model::{DeliveryState, Fault};
use crate::queries::held;
use crate::schedule::{self, AWAY, FAILS_AT_MOST};
use kernel::ctx::Ctx;
use kernel::egress::{ANSWER_MOST, Answer};
use kernel::error::Result;
use kernel::id::WebhookId;
use kernel::live;
use kernel::permission::Permission;
use kernel::rng;
use kernel::tx::Tx;
use serde_json::json;
use uuid::Uuid;

/// Headers of an answer whose values are nobody's business.
const MASKED: [&str; 3] = ["set-cookie", "authorization", "www-authenticate"];

/// Writes down a request with what came of it, and what follows for its messages and for the lane. Whether the lane goes on:
/// not when it was lost, switched off, or has a receiver that does not answer.
pub(super) async fn note(ctx: &Ctx, id: WebhookId, fence: i64, messages: &[Message], sent: &Sent) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    // A failure of long ago, whose message was given up since, is no part of one that begins now.
    let is_first = messages.iter().all(|message| message.attempt == 0);
    let begins_anew = sent.fault.is_some() && is_first && !is_anything_failed(&mut tx, id).await?;
    let lane = sqlx::query!(
        r#"with before as (
            select failing_since
            from webhook_lanes
            where company_id = $1
            and webhook_id = $2
        )
        update webhook_lanes l
        set lease_until = $4,
            last_fault = $5,
            failures = case when $5::smallint is null then 0 else l.failures + 1 end,
            failing_since = case when $5::smallint is null then null when $7 then $6 else coalesce(l.failing_since, $6) end,
            last_success_at = case when $5::smallint is null then $6 else l.last_success_at end,
            paused_until = null
        from before
        where l.company_id = $1
        and l.webhook_id = $2
        and l.fence = $3
        returning l.failures, l.failing_since, before.failing_since as "failed_since?""#,
        ctx.company as _,
        id as _,
        fence,
        now.plus(LEASE),
        sent.fault as _,
        now,
        begins_anew,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(lane) = lane else { return Ok(false) };
    let request = write_request(&mut tx, id, sent).await?;
    settle(&mut tx, messages, sent.fault, request).await?;
    if sent.fault.is_none() && lane.failed_since.is_some_and(|since| now.since(since) >= AWAY) {
        hasten(&mut tx, id).await?;
    }
    let is_silent = sent.fault.is_some_and(Fault::is_silent);
    if is_silent {
        sqlx::query!(
            "update webhook_lanes set paused_until = $3 where company_id = $1 and webhook_id = $2",
            ctx.company as _,
            id as _,
            now.plus(schedule::pause(lane.failures)),
        )
        .execute(&mut *tx)
        .await?;
    }
    let is_over = lane.failing_since.is_some_and(|since| now.since(since) >= FAILS_AT_MOST);
    if is_over {
        halt(&mut tx, id).await?;
    }
    tx.commit().await?;
    Ok(!is_silent && !is_over)
}

/// Whether a message of the lane failed and waits for its next attempt.
async fn is_anything_failed(tx: &mut Tx, id: WebhookId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from webhook_deliveries
            where company_id = $1
            and webhook_id = $2
            and state = 0
            and attempt > 0
        ) as "is!""#,
        company as _,
        id as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The receiver is back: what failed while it was away is due at once, instead of hours later.
async fn hasten(tx: &mut Tx, id: WebhookId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update webhook_deliveries
        set next_at = $3
        where company_id = $1
        and webhook_id = $2
        and state = 0
        and attempt > 0
        and next_at > $3",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn write_request(tx: &mut Tx, id: WebhookId, sent: &Sent) -> Result<Uuid> {
    let (company, request) = (tx.ctx.company, tx.ctx.uuid());
    let none = Answer::default();
    let (status, answer) = match &sent.answer {
        Ok(answer) => (i16::try_from(answer.status).ok(), answer),
        Err(_) => (None, &none),
    };
    let shown: Vec<(&str, &str)> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), if MASKED.contains(&name.as_str()) { "***" } else { value.as_str() }))
        .collect();
    sqlx::query!(
        "insert into webhook_requests (company_id, id, webhook_id, sent_at, took_ms, url, headers, body, fault, status, answer_headers, answer, answer_cut)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        company as _,
        request,
        id as _,
        sent.at,
        i64::try_from(sent.took.as_millis()).unwrap_or(i64::MAX),
        sent.post.url,
        json!(sent.post.headers),
        cut(&sent.post.body),
        sent.fault as _,
        status,
        json!(shown),
        // PostgreSQL keeps no NUL in a text.
        String::from_utf8_lossy(&answer.body).replace('\0', "\u{fffd}"),
        answer.is_cut,
    )
    .execute(&mut **tx)
    .await?;
    Ok(request)
}

/// What becomes of the messages of a request. Who sent them again by hand meanwhile keeps that: their row moved on.
async fn settle(tx: &mut Tx, messages: &[Message], fault: Option<Fault>, request: Uuid) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    for message in messages {
        let attempt = message.attempt + 1;
        let [chance] = rng::bytes::<1>();
        let next = fault.and_then(|_| schedule::next(attempt, message.since, now, chance));
        let state = match (fault, next) {
            (None, _) => DeliveryState::Delivered,
            (Some(_), Some(_)) => DeliveryState::Waiting,
            (Some(_), None) => DeliveryState::GivenUp,
        };
        sqlx::query!(
            "update webhook_deliveries
            set state = $4, attempt = $5, next_at = coalesce($6, next_at), finished_at = $7, fault = $8
            where company_id = $1
            and id = $2
            and since = $3
            and state = 0",
            company as _,
            message.id as _,
            message.since,
            state as _,
            attempt,
            next,
            (state != DeliveryState::Waiting).then_some(now),
            fault as _,
        )
        .execute(&mut **tx)
        .await?;
        sqlx::query!(
            "insert into webhook_attempts (company_id, delivery_id, no, request_id) values ($1, $2, $3, $4)",
            company as _,
            message.id as _,
            attempt,
            request,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// 自动停用: a receiver that took nothing for days is left alone until somebody switches it on again, and whoever manages
/// message forwarding hears of it.
async fn halt(tx: &mut Tx, id: WebhookId) -> Result {
    let before = held(tx, id).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update webhooks
        set enabled = false, halted_at = $3, version = version + 1, updated_at = $3
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let after = held(tx, id).await?;
    tx.audit("webhook.halted", subject(&after), Some(shown(&before)), Some(shown(&after))).await?;
    let managers = identity::queries::who_may(tx, Permission::WebhookManage).await?;
    let notice = json!({ "title": after.name, "href": format!("/settings/webhooks/{id}") });
    live::tell(tx, &managers, "webhook", &notice).await
}

/// The beginning of a text, at most as many bytes as are read of an answer.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(ANSWER_MOST)]
}

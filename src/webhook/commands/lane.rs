//! 发送: the lanes of a company, each beside the others, each one request at a time.
//!
//! A lane is held by a lease with a fence that grows, like a job: who lost it notes nothing any more. Between sending and
//! noting there is no transaction; a program that is killed there sends the same messages again under the same ids.

use crate::commands::{shown, subject};
use crate::envelope::{BATCH, Message, Target, request, verdict};
use crate::jobs::ForwardMessages;
use crate::model::{DeliveryState, Fault, Profile, Topic};
use crate::queries::{held, target};
use crate::schedule::{self, FAILS_AT_MOST};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::egress::{ANSWER_MOST, Answer, PATIENCE, Post, Refusal};
use kernel::error::{Error, Result};
use kernel::id::{DeliveryId, WebhookId};
use kernel::job::enqueue_at;
use kernel::live;
use kernel::permission::Permission;
use kernel::rng;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Lanes of a company that send at once: so many receivers can hang before a further one waits, for 15 seconds at most.
const LANES: usize = 16;
/// Requests of one lane before it is asked again who is due.
const REQUESTS: usize = 100;
/// How long a lane is held without a word.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How often new work is looked for while a lane is still busy.
const LOOK: Duration = Duration::from_millis(250);
/// Headers of an answer whose values are nobody's business.
const MASKED: [&str; 3] = ["set-cookie", "authorization", "www-authenticate"];

/// Sends everything that is due, and comes back when something is due next. System: a job.
pub async fn run(ctx: &Ctx) -> Result {
    let mut running = JoinSet::new();
    let mut busy = BTreeSet::new();
    let mut failed = None;
    loop {
        let mut tx = ctx.read().await?;
        let due = due_lanes(&mut tx).await?;
        drop(tx);
        for id in due {
            if busy.len() < LANES && busy.insert(id) {
                let ctx = ctx.clone();
                running.spawn(async move { (id, lane(&ctx, id).await) });
            }
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            Some(ended) = running.join_next() => match ended {
                Ok((id, Ok(()))) => { busy.remove(&id); }
                // It stays among the busy ones: the job comes back for it after a while.
                Ok((_, Err(error))) => failed = Some(error),
                Err(error) => failed = Some(Error::internal(error)),
            },
            () = sleep(LOOK) => {}
        }
    }
    let mut tx = ctx.begin().await?;
    if let Some(at) = next_due(&mut tx).await? {
        enqueue_at(&mut tx, &ForwardMessages {}, at.max(ctx.now())).await?;
    }
    tx.commit().await?;
    failed.map_or(Ok(()), Err)
}

/// Sends what is due in one lane, as long as its receiver answers.
async fn lane(ctx: &Ctx, id: WebhookId) -> Result {
    let Some(fence) = take(ctx, id).await? else { return Ok(()) };
    for _ in 0..REQUESTS {
        let mut tx = ctx.read().await?;
        let target = match target(&mut tx, id).await {
            Ok(target) => target,
            // It was deleted meanwhile.
            Err(Error::NotFound) => break,
            Err(error) => return Err(error),
        };
        let messages = due(&mut tx, id, target.profile).await?;
        drop(tx);
        if messages.is_empty() {
            break;
        }
        let sent = send(ctx, &target, &messages).await;
        if !note(ctx, id, fence, &messages, &sent).await? {
            break;
        }
    }
    release(ctx, id, fence).await
}

/// A request and what came of it.
struct Sent {
    post: Post,
    at: Stamp,
    took: Duration,
    answer: core::result::Result<Answer, Refusal>,
    fault: Option<Fault>,
}

async fn send(ctx: &Ctx, target: &Target, messages: &[Message]) -> Sent {
    let (at, begun) = (ctx.now(), Instant::now());
    let post = request(target, messages, at, &rng::hex(&rng::bytes::<8>()));
    let answer = ctx.app.egress.post(&post).await;
    let fault = verdict(target.profile, &answer);
    Sent { post, at, took: begun.elapsed().min(PATIENCE), answer, fault }
}

/// Takes the lane, unless somebody has it; its fence.
async fn take(ctx: &Ctx, id: WebhookId) -> Result<Option<i64>> {
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    let fence = sqlx::query_scalar!(
        "update webhook_lanes
        set lease_until = $3, fence = fence + 1
        where company_id = $1
        and webhook_id = $2
        and (lease_until is null or lease_until < $4)
        returning fence",
        ctx.company as _,
        id as _,
        now.plus(LEASE),
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(fence)
}

async fn release(ctx: &Ctx, id: WebhookId, fence: i64) -> Result {
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "update webhook_lanes set lease_until = null where company_id = $1 and webhook_id = $2 and fence = $3",
        ctx.company as _,
        id as _,
        fence,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// The messages of the next request: the first of each ticket or call, the one that is due longest before the others. The
/// original profile takes up to twenty of one topic.
async fn due(tx: &mut Tx, id: WebhookId, profile: Profile) -> Result<Vec<Message>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let most = if profile == Profile::Original { BATCH } else { 1 };
    let mut messages = sqlx::query_as!(
        Message,
        r#"select d.id as "id: DeliveryId", d.topic as "topic: Topic", d.happened_at, d.data, d.attempt, d.since
        from webhook_deliveries d
        where d.company_id = $1
        and d.webhook_id = $2
        and d.state = 0
        and d.next_at <= $3
        and not exists (
            select from webhook_deliveries e
            where e.company_id = $1
            and e.webhook_id = $2
            and e.order_key = d.order_key
            and e.state = 0
            and (e.happened_at, e.event_id) < (d.happened_at, d.event_id)
        )
        order by d.next_at, d.happened_at, d.id
        limit $4"#,
        company as _,
        id as _,
        now,
        i64::try_from(most).unwrap_or(1),
    )
    .fetch_all(&mut **tx)
    .await?;
    if let Some(topic) = messages.first().map(|message| message.topic) {
        messages.retain(|message| message.topic == topic);
    }
    Ok(messages)
}

/// Writes down a request with what came of it, and what follows for its messages and for the lane. Whether the lane goes on:
/// not when it was lost, switched off, or has a receiver that does not answer.
async fn note(ctx: &Ctx, id: WebhookId, fence: i64, messages: &[Message], sent: &Sent) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    let lane = sqlx::query!(
        r#"update webhook_lanes
        set lease_until = $4,
            last_fault = $5,
            failures = case when $5::smallint is null then 0 else failures + 1 end,
            failing_since = case when $5::smallint is null then null else coalesce(failing_since, $6) end,
            last_success_at = case when $5::smallint is null then $6 else last_success_at end,
            paused_until = null
        where company_id = $1
        and webhook_id = $2
        and fence = $3
        returning failures, failing_since"#,
        ctx.company as _,
        id as _,
        fence,
        now.plus(LEASE),
        sent.fault as _,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(lane) = lane else { return Ok(false) };
    let request = write_request(&mut tx, id, sent).await?;
    settle(&mut tx, messages, sent.fault, request).await?;
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

/// Lanes with something to send now that nobody holds, those that wait longest first.
async fn due_lanes(tx: &mut Tx) -> Result<Vec<WebhookId>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let rows = sqlx::query_scalar!(
        r#"select l.webhook_id as "id: WebhookId"
        from webhook_lanes l
        join webhooks w on w.company_id = l.company_id and w.id = l.webhook_id
        where l.company_id = $1
        and w.enabled
        and w.deleted_at is null
        and coalesce(l.lease_until, $2) <= $2
        and coalesce(l.paused_until, $2) <= $2
        and exists (
            select from webhook_deliveries d
            where d.company_id = $1
            and d.webhook_id = l.webhook_id
            and d.state = 0
            and d.next_at <= $2
            and not exists (
                select from webhook_deliveries e
                where e.company_id = $1
                and e.webhook_id = d.webhook_id
                and e.order_key = d.order_key
                and e.state = 0
                and (e.happened_at, e.event_id) < (d.happened_at, d.event_id)
            )
        )
        order by l.last_success_at nulls first, l.webhook_id"#,
        company as _,
        now,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows)
}

/// When any lane has something to send next.
async fn next_due(tx: &mut Tx) -> Result<Option<Stamp>> {
    let company = tx.ctx.company;
    let next = sqlx::query_scalar!(
        r#"select min(greatest(d.next_at, l.paused_until, l.lease_until)) as "next: Stamp"
        from webhook_lanes l
        join webhooks w on w.company_id = l.company_id and w.id = l.webhook_id
        join lateral (
            select distinct on (order_key) next_at
            from webhook_deliveries
            where company_id = $1
            and webhook_id = l.webhook_id
            and state = 0
            order by order_key, happened_at, event_id
        ) d on true
        where l.company_id = $1
        and w.enabled
        and w.deleted_at is null"#,
        company as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(next)
}

/// The beginning of a text, at most as many bytes as are read of an answer.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(ANSWER_MOST)]
}

//! 发送: the lanes of a company, each beside the others, each one request at a time.
//!
//! A lane is held by a lease with a fence that grows, like a job: who lost it notes nothing any more. Between sending and
//! noting there is no transaction; a program that is killed there sends the same messages again under the same ids.

mod note;

use crate::envelope::{BATCH, Message, Target, request, verdict};
use crate::jobs::ForwardMessages;
use crate::model::{Fault, Profile, Topic};
use crate::queries::target;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::egress::{Answer, PATIENCE, Post, Refusal};
use kernel::error::{Error, Result};
use kernel::id::{DeliveryId, WebhookId};
use kernel::job::enqueue_at;
use kernel::rng;
use kernel::time::Stamp;
use kernel::tx::Tx;
use note::note;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Lanes of a company that send at once: so many receivers can hang before a further one waits, for 15 seconds at most.
const LANES: usize = 16;
/// Requests of one lane before it is asked again who is due.
const REQUESTS: usize = 100;
/// How long a lane is held without a word.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How often new work is looked for while a lane is still busy.
const LOOK: Duration = Duration::from_millis(250);

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

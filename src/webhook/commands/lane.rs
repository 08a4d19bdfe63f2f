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
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Lanes of a company that send at once: so many receivers can hang before a further one waits, for 15 seconds at most.
const LANES: usize = 16;
/// Of these, lanes whose receiver failed last: the others do not wait for them.
const FAILING: usize = 12;
/// How long a run takes up lanes and a lane takes up messages. Then the place is somebody else's, and the job comes back for the
/// rest: a backlog or a slow receiver holds nobody for longer than this and one patience of 15 seconds.
const TURN: Duration = Duration::from_secs(10);
/// How long a lane is held without a word.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How often new work is looked for while a lane is still busy.
const LOOK: Duration = Duration::from_millis(250);
/// Messages that are read at once.
const HEADS: i64 = 100;

/// Sends everything that is due, for one turn, and comes back when something is due next. System: a job.
pub async fn run(ctx: &Ctx) -> Result {
    let turn_ends = Instant::now() + TURN;
    let mut running = JoinSet::new();
    let mut busy = BTreeMap::new();
    let mut failed = None;
    let mut has_handed_on = false;
    loop {
        if is_on_turn(ctx, turn_ends) {
            let mut tx = ctx.read().await?;
            let due = due_lanes(&mut tx).await?;
            drop(tx);
            for Due { id, is_failing } in due {
                let failing = busy.values().filter(|is_failing| **is_failing).count();
                if busy.len() >= LANES || busy.contains_key(&id) || (is_failing && failing >= FAILING) {
                    continue;
                }
                busy.insert(id, is_failing);
                let ctx = ctx.clone();
                running.spawn(async move { (id, lane(&ctx, id, turn_ends).await) });
            }
        } else if !has_handed_on {
            // What is due in other lanes does not wait for a receiver that hangs in one of these.
            come_back(ctx).await?;
            has_handed_on = true;
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
    come_back(ctx).await?;
    failed.map_or(Ok(()), Err)
}

/// Whether lanes and messages are still taken up: neither after the turn nor in a program that stops.
fn is_on_turn(ctx: &Ctx, turn_ends: Instant) -> bool {
    Instant::now() < turn_ends && !ctx.app.stopping.is_raised()
}

/// Has the job run again when something is due next.
async fn come_back(ctx: &Ctx) -> Result {
    let mut tx = ctx.begin().await?;
    if let Some(at) = next_due(&mut tx).await? {
        enqueue_at(&mut tx, &ForwardMessages {}, at.max(ctx.now())).await?;
    }
    tx.commit().await
}

/// Sends what is due in one lane, as long as its receiver answers and the turn lasts.
async fn lane(ctx: &Ctx, id: WebhookId, turn_ends: Instant) -> Result {
    let Some(fence) = take(ctx, id).await? else { return Ok(()) };
    let mut heads: VecDeque<Message> = VecDeque::new();
    loop {
        let mut tx = ctx.read().await?;
        let target = match target(&mut tx, id).await {
            Ok(target) => target,
            // It was deleted meanwhile.
            Err(Error::NotFound) => break,
            Err(error) => return Err(error),
        };
        if !target.is_on {
            break;
        }
        if heads.is_empty() {
            heads = due(&mut tx, id).await?.into();
        }
        drop(tx);
        let messages = batch(&mut heads, target.profile);
        if messages.is_empty() {
            break;
        }
        let sent = send(ctx, &target, &messages).await;
        if !note(ctx, id, fence, &messages, &sent).await? || !is_on_turn(ctx, turn_ends) {
            break;
        }
    }
    release(ctx, id, fence).await
}

/// The messages of the next request: one, or of the original profile up to twenty of one topic.
fn batch(heads: &mut VecDeque<Message>, profile: Profile) -> Vec<Message> {
    let most = if profile == Profile::Original { BATCH } else { 1 };
    let Some(topic) = heads.front().map(|message| message.topic) else { return Vec::new() };
    let mut messages = Vec::new();
    for message in core::mem::take(heads) {
        if message.topic == topic && messages.len() < most {
            messages.push(message);
        } else {
            heads.push_back(message);
        }
    }
    messages
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

/// The messages to send next, which do not wait for each other: the first of each ticket or call, the one that is due longest
/// before the others.
async fn due(tx: &mut Tx, id: WebhookId) -> Result<Vec<Message>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    Ok(sqlx::query_as!(
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
        HEADS,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// A lane with something to send.
struct Due {
    id: WebhookId,
    /// Whether its receiver failed last.
    is_failing: bool,
}

/// Lanes with something to send now that nobody holds: those whose receiver took the last message first, and of these the one
/// that waits longest.
async fn due_lanes(tx: &mut Tx) -> Result<Vec<Due>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    Ok(sqlx::query_as!(
        Due,
        r#"select l.webhook_id as "id: WebhookId", l.failing_since is not null as "is_failing!"
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
        order by l.failing_since is not null, l.last_success_at nulls first, l.webhook_id"#,
        company as _,
        now,
    )
    .fetch_all(&mut **tx)
    .await?)
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

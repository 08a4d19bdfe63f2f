//! 消息转发的内容: which event is which topic, and what its message says. A topic is a row of `webhook::model::Topic`, an arm of
//! `topic` and one of `payload`, and a sample, which the page of payloads shows.

use crate::worker::dispatch::{ReactOnce, Reaction};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::{InvitationId, TicketId, WebhookId};
use kernel::job::enqueue_at;
use kernel::time::Stamp;
use kernel::tx::{React, Tx};
use serde_json::{Value, json};
use sla::model::Target;
use ticket::model::Status;
use ticket::queries::{held_until, payload};
use webhook::commands::send::{News, record};
use webhook::model::{Profile, Topic};
use webhook::queries::{last_told, listener, listeners};

/// How far back an event is looked for whose own reaction is late, where nothing was written of its ticket yet: never so far
/// that what was written and forgotten since would be told once more.
const LATE: SignedDuration = SignedDuration::from_hours(28 * 24);
/// How far the clocks of two programs may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// 消息类型 of an event; none when nobody is told of it.
#[must_use]
pub fn topic(event: &Event) -> Option<Topic> {
    match event {
        Event::TicketCreated { .. } => Some(Topic::TicketCreated),
        Event::TicketAssigned { .. } => Some(Topic::TicketAssigned),
        Event::TicketRepliedByCustomer { .. } => Some(Topic::TicketCustomerReplied),
        Event::TicketRepliedByAgent { .. } => Some(Topic::TicketAgentReplied),
        Event::TicketStatusChanged { .. } => Some(Topic::TicketStatusChanged),
        Event::TicketEdited { .. } => Some(Topic::TicketUpdated),
        Event::TicketUrged { .. } => Some(Topic::TicketUrged),
        Event::TicketNearlyDue { .. } => Some(Topic::TicketNearlyDue),
        Event::TicketOverdue { .. } => Some(Topic::TicketOverdue),
        Event::TicketRated { .. } => Some(Topic::TicketRated),
        Event::TriggerMatched { .. } => Some(Topic::TriggerMatched),
        Event::AgentInvited { .. }
        | Event::AgentPhoneChanged { .. }
        | Event::PasswordForgotten { .. }
        | Event::CustomerMerged { .. }
        | Event::CustomerPhonesAdded { .. }
        | Event::CustomerMergeUndone { .. }
        | Event::MailReceived { .. }
        | Event::MailFailed { .. }
        | Event::RatingInvited { .. }
        | Event::CallIncoming { .. }
        | Event::CallRinging { .. }
        | Event::CallAnswered { .. }
        | Event::CallEnded { .. } => None,
    }
}

/// Whether anybody asked for the event: where nobody did, it costs no job.
pub async fn is_heard(ctx: &Ctx, event: &Event) -> Result<bool> {
    match topic(event) {
        Some(topic) => Ok(!heard_by(&mut ctx.read().await?, event, topic, None).await?.is_empty()),
        None => Ok(false),
    }
}

/// Who hears of an event: who asked for its topic, or whom a trigger tells. With a time, those alone that were as they are now
/// before it.
async fn heard_by(tx: &mut Tx, event: &Event, topic: Topic, since: Option<Stamp>) -> Result<Vec<(WebhookId, Profile)>> {
    match event {
        Event::TriggerMatched { webhook, .. } => listener(tx, *webhook, since).await,
        _ => listeners(tx, topic, since).await,
    }
}

/// Writes the messages of an event, after those of earlier events of its ticket whose own reactions are late, however long the
/// worker was away: what is about one ticket is told in the order in which it happened. While a reply can still be taken back,
/// the ticket waits. System: a reaction; running twice writes once.
pub async fn forward(ctx: &Ctx, happened: &React) -> Result {
    let Some(ticket) = happened.event.ticket() else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    if let Some(until) = held_until(&mut tx, ticket).await? {
        enqueue_at(&mut tx, &ReactOnce { happened: happened.clone(), reaction: Reaction::Forward }, until).await?;
        return tx.commit().await;
    }
    let mut happened_at = ctx.now();
    for known in untold(&mut tx, ticket, happened.id).await? {
        if known.id == happened.id {
            happened_at = known.at;
        } else if let Some((news, listeners)) = late_news(&mut tx, ticket, &known).await {
            record(&mut tx, &news, &listeners).await?;
        }
    }
    if let Some(news) = news(&mut tx, ticket, &happened.event, happened.id, happened_at).await? {
        let listeners = heard_by(&mut tx, &happened.event, news.topic, None).await?;
        record(&mut tx, &news, &listeners).await?;
    }
    tx.commit().await
}

/// An event as it lies in the outbox.
struct Known {
    id: uuid::Uuid,
    at: Stamp,
    event: Value,
}

/// This event and those of its ticket before it of which nothing can have been written, in their order: each that is written is
/// written after all before it, so that they begin after the last of them.
async fn untold(tx: &mut Tx, ticket: TicketId, until: uuid::Uuid) -> Result<Vec<Known>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let millis = until.get_timestamp().map_or(0, |at| at.to_unix().0 * 1_000 + u64::from(at.to_unix().1 / 1_000_000));
    let millis = i64::try_from(millis).unwrap_or(0);
    let (from, to) = (Stamp::from_micros(millis * 1_000), Stamp::from_micros((millis + 1) * 1_000));
    let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
    let last = last_told(tx, ticket.0).await?;
    let begin = last.map_or_else(|| now.minus(LATE), |(at, _)| at);
    let mut known = sqlx::query_as!(
        Known,
        "select id, created_at as at, payload as event
        from events
        where company_id = $1
        and subject_id = $2
        and created_at between $3 and $4
        and id <= $5
        order by created_at, id",
        company as _,
        ticket.0,
        begin.min(from.minus(SKEW)),
        to,
        until,
    )
    .fetch_all(&mut **tx)
    .await?;
    // It itself has to be among them, although it may be older.
    known.retain(|one| one.id == until || (one.at >= begin && last.is_none_or(|last| (one.at, one.id) > last)));
    Ok(known)
}

/// What an earlier event says; one that says nothing any more has a job of its own, which fails by itself.
async fn late_news(tx: &mut Tx, ticket: TicketId, known: &Known) -> Option<(News, Vec<(WebhookId, Profile)>)> {
    let event: Event = serde_json::from_value(known.event.clone()).ok()?;
    let listeners = heard_by(tx, &event, topic(&event)?, Some(known.at)).await.ok()?;
    if listeners.is_empty() {
        return None;
    }
    let news = news(tx, ticket, &event, known.id, known.at).await.ok().flatten()?;
    Some((news, listeners))
}

async fn news(tx: &mut Tx, ticket: TicketId, event: &Event, id: uuid::Uuid, happened_at: Stamp) -> Result<Option<News>> {
    let Some(topic) = topic(event) else { return Ok(None) };
    let Some((about, data)) = payload(tx, ticket, event).await? else { return Ok(None) };
    Ok(Some(News { topic, order_key: ticket.0, event: id, happened_at, about, data: data.to_string() }))
}

/// What a message says: the ticket as it stands, and what happened to it. Nothing when what happened was taken back.
async fn payload(tx: &mut Tx, ticket: TicketId, event: &Event) -> Result<Option<(String, Value)>> {
    let whole = payload::ticket(tx, ticket).await?;
    let number = whole.number.clone();
    let mut data = json!({ "ticketId": ticket, "ticket": whole });
    match event {
        Event::TicketRepliedByCustomer { message, .. } | Event::TicketRepliedByAgent { message, .. } => {
            let Some(message) = payload::message(tx, ticket, *message).await? else { return Ok(None) };
            data["message"] = serde_json::to_value(message).map_err(Error::internal)?;
        }
        Event::TicketStatusChanged { from, to, .. } => {
            data["from"] = json!(Status::from_code(*from));
            data["to"] = json!(Status::from_code(*to));
        }
        Event::TicketNearlyDue { target, .. } | Event::TicketOverdue { target, .. } => data["target"] = json!(Target::from_code(*target)),
        Event::TicketRated { invitation, .. } => data["rating"] = rating(tx, ticket, *invitation).await?,
        Event::TriggerMatched { trigger, name, .. } => data["trigger"] = json!({ "id": trigger, "name": name }),
        _ => {}
    }
    Ok(Some((number, data)))
}

async fn rating(tx: &mut Tx, ticket: TicketId, invitation: InvitationId) -> Result<Value> {
    let (all, _) = satisfaction::queries::of_ticket(tx, ticket).await?;
    let rated = all.into_iter().find(|one| one.invitation == invitation).ok_or(Error::NotFound)?;
    let rating = rated.rating.ok_or(Error::NotFound)?;
    Ok(json!({
        "invitationId": invitation,
        "score": rating.score,
        "reasons": rating.reasons,
        "remark": rating.remark,
        "revision": rating.revision,
        "agent": rated.agent_name,
        "ratedAt": rating.rated_at.machine(),
    }))
}

/// 示例: the data of a message of this topic, with the same keys as a real one.
#[must_use]
pub fn sample(topic: Topic) -> Value {
    let id = |last: u8| format!("01935c1a-7b00-7000-8000-0000000000{last:02x}");
    if topic == Topic::Test {
        return json!({ "text": "这是一条测试消息 / This is a test message" });
    }
    let mut data = json!({
        "ticketId": id(1),
        "ticket": {
            "id": id(1),
            "number": "20261122000083",
            "title": "付款成功，订单还是待付款",
            "description": "昨天付款成功，订单还是待付款。",
            "status": "in_progress",
            "priority": "high",
            "source": ticket::model::Source::ALL.first(),
            "category": { "id": id(2), "name": "财务/付款" },
            "group": { "id": id(3), "name": "售后组" },
            "agent": { "id": id(4), "name": "李雷" },
            "customer": {
                "id": id(5),
                "nickname": "何静",
                "name": "何静",
                "partnerId": "CM-88213",
                "vipLevel": 2,
                "emails": ["he@example.com"],
                "phones": ["13800138000"],
            },
            "fields": {},
            "urgeCount": 0,
            "createdAt": "2026-11-22T01:30:00Z",
            "updatedAt": "2026-11-22T01:42:10Z",
            "url": format!("https://kefu.example.com/tickets/{}", id(1)),
        },
    });
    match topic {
        Topic::TicketCustomerReplied | Topic::TicketAgentReplied => {
            let kind = if topic == Topic::TicketAgentReplied { "agent" } else { "customer" };
            data["message"] = json!({
                "id": id(6),
                "visibility": "everyone",
                "authorKind": kind,
                "author": if kind == "agent" { "李雷" } else { "何静" },
                "text": "已经查到，今天之内到账。",
                "createdAt": "2026-11-22T01:42:10Z",
            });
        }
        Topic::TicketStatusChanged => {
            data["from"] = json!("not_accepted");
            data["to"] = json!("in_progress");
        }
        Topic::TicketNearlyDue | Topic::TicketOverdue => data["target"] = json!(Target::First),
        Topic::TicketRated => {
            data["rating"] = json!({
                "invitationId": id(7),
                "score": 5,
                "reasons": ["回复及时"],
                "remark": "谢谢",
                "revision": 1,
                "agent": "李雷",
                "ratedAt": "2026-11-22T03:00:00Z",
            });
        }
        Topic::TriggerMatched => data["trigger"] = json!({ "id": id(8), "name": "紧急工单通知值班群" }),
        _ => {}
    }
    data
}

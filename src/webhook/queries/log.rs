//! 转发记录: what was sent, to whom, and what came back.

use crate::envelope::{Message, original_body, standard_body};
use crate::model::{DeliveryState, Fault, LogFilter, Profile, Topic};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{DeliveryId, WebhookId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::{Stamp, day, start_of_day};
use sqlx::{FromRow, Postgres, QueryBuilder};

/// Rows of a page.
pub const PAGE: usize = 50;

/// One message in the list.
#[derive(Clone, Debug, FromRow)]
pub struct Row {
    /// Which.
    pub id: DeliveryId,
    /// To which subscription.
    pub webhook_id: WebhookId,
    /// Its name.
    pub webhook: String,
    /// 消息类型.
    pub topic: Topic,
    /// Number of what it is about.
    pub about: String,
    /// How far it is.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempt: i32,
    /// What was wrong last.
    pub fault: Option<Fault>,
    /// When it is tried next, while it waits.
    pub next_at: Stamp,
    /// When it happened.
    pub happened_at: Stamp,
    /// When it was written.
    pub created_at: Stamp,
}

/// One message in full.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As in the list.
    pub row: Row,
    /// The body as it would be sent now.
    pub body: String,
    /// Whether the subscription is still there.
    pub is_kept: bool,
    /// The requests that carried it, the newest first.
    pub requests: Vec<Request>,
}

/// One request with what came back.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which attempt it was.
    pub no: i32,
    /// When.
    pub sent_at: Stamp,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What was said.
    pub body: String,
    /// Why it was not taken.
    pub fault: Option<Fault>,
    /// The answer's status.
    pub status: Option<i16>,
    /// The answer's headers.
    pub answer_headers: Vec<(String, String)>,
    /// The beginning of the answer.
    pub answer: String,
    /// Whether there was more.
    pub answer_cut: bool,
}

/// A page of the log, the newest first.
pub async fn list(ctx: &Ctx, filter: &LogFilter) -> Result<Paged<Row>> {
    ctx.require(Permission::WebhookManage)?;
    let cursor: Option<Cursor> = filter.at.parse().ok();
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.direction == Direction::Before);
    let mut query = QueryBuilder::<Postgres>::new(
        "select d.id, d.webhook_id, w.name as webhook, d.topic, d.about, d.state, d.attempt, d.fault, d.next_at, d.happened_at, d.created_at
        from webhook_deliveries d
        join webhooks w on w.company_id = d.company_id and w.id = d.webhook_id
        where d.company_id = ",
    );
    query.push_bind(ctx.company);
    narrow(&mut query, filter, &ctx.zone);
    if let Some(cursor) = &cursor
        && let Some(at) = cursor.integer().ok().and_then(Stamp::from_micros)
    {
        query.push(if backwards { " and (d.created_at, d.id) > (" } else { " and (d.created_at, d.id) < (" });
        query.push_bind(at).push(", ").push_bind(DeliveryId(cursor.id)).push(")");
    }
    query.push(if backwards { " order by d.created_at, d.id" } else { " order by d.created_at desc, d.id desc" });
    query.push(" limit ").push_bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let mut tx = ctx.read().await?;
    let rows: Vec<Row> = query.build_query_as().fetch_all(&mut *tx).await?;
    Ok(Paged::cut(rows, PAGE, cursor.as_ref(), |row| (row.created_at.micros().to_string(), row.id.0)))
}

/// The filter as conditions on `webhook_deliveries d`; what cannot be read narrows nothing.
pub(crate) fn narrow(query: &mut QueryBuilder<Postgres>, filter: &LogFilter, zone: &TimeZone) {
    if let Ok(webhook) = filter.webhook.parse::<WebhookId>() {
        query.push(" and d.webhook_id = ").push_bind(webhook);
    }
    if let Some(state) = DeliveryState::from_key(&filter.state) {
        query.push(" and d.state = ").push_bind(state);
    }
    if let Some(topic) = Topic::from_key(&filter.topic) {
        query.push(" and d.topic = ").push_bind(topic);
    }
    if let Some(from) = day(&filter.from) {
        query.push(" and d.created_at >= ").push_bind(start_of_day(from, zone));
    }
    if let Some(to) = day(&filter.to) {
        query.push(" and d.created_at < ").push_bind(start_of_day(to.saturating_add(1.day()), zone));
    }
}

/// One message with its requests.
pub async fn entry(ctx: &Ctx, id: DeliveryId) -> Result<Entry> {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.read().await?;
    let found = sqlx::query!(
        r#"select d.webhook_id as "webhook_id: WebhookId", w.name, w.profile as "profile: Profile", w.deleted_at, d.topic as "topic: Topic",
            d.about, d.state as "state: DeliveryState", d.attempt, d.fault as "fault: Fault", d.next_at, d.happened_at, d.created_at,
            d.since, d.data
        from webhook_deliveries d
        join webhooks w on w.company_id = d.company_id and w.id = d.webhook_id
        where d.company_id = $1
        and d.id = $2"#,
        ctx.company as _,
        id as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    let rows = sqlx::query!(
        r#"select a.no, r.sent_at, r.took_ms, r.url, r.headers, r.body, r.fault as "fault: Fault", r.status, r.answer_headers, r.answer, r.answer_cut
        from webhook_attempts a
        join webhook_requests r on r.company_id = a.company_id and r.id = a.request_id
        where a.company_id = $1
        and a.delivery_id = $2
        order by r.sent_at desc, r.id desc
        limit 50"#,
        ctx.company as _,
        id as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let message =
        Message { id, topic: found.topic, happened_at: found.happened_at, data: found.data, attempt: found.attempt, since: found.since };
    let body = match found.profile {
        Profile::Standard => standard_body(&message),
        Profile::Original => original_body(ctx.company, core::slice::from_ref(&message)),
    };
    let row = Row {
        id,
        webhook_id: found.webhook_id,
        webhook: found.name,
        topic: found.topic,
        about: found.about,
        state: found.state,
        attempt: found.attempt,
        fault: found.fault,
        next_at: found.next_at,
        happened_at: found.happened_at,
        created_at: found.created_at,
    };
    let requests = rows.into_iter().map(|row| Request {
        no: row.no,
        sent_at: row.sent_at,
        took_ms: row.took_ms,
        url: row.url,
        headers: serde_json::from_value(row.headers).unwrap_or_default(),
        body: row.body,
        fault: row.fault,
        status: row.status,
        answer_headers: serde_json::from_value(row.answer_headers).unwrap_or_default(),
        answer: row.answer,
        answer_cut: row.answer_cut,
    });
    Ok(Entry { row, body, is_kept: found.deleted_at.is_none(), requests: requests.collect() })
}

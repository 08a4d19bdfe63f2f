//! 写入转发: what happened becomes a message to each subscription that asked for it. The lane sends it afterwards.

use crate::jobs::ForwardMessages;
use crate::model::{Profile, Topic};
use crate::queries::held;
use crate::schedule::GATHERS;
use kernel::error::{Error, Problem, Result};
use kernel::id::WebhookId;
use kernel::job::enqueue_at;
use kernel::time::Stamp;
use kernel::tx::Tx;
use uuid::Uuid;

/// Something that is told.
#[derive(Clone, Debug)]
pub struct News {
    /// 消息类型.
    pub topic: Topic,
    /// The ticket or main call it is about: keeps the order.
    pub order_key: Uuid,
    /// Its event, of which a subscription hears once.
    pub event: Uuid,
    /// When it happened.
    pub happened_at: Stamp,
    /// Number of the ticket or call, for the log.
    pub about: String,
    /// The payload, JSON.
    pub data: String,
}

/// Writes a message to these subscriptions, as `queries::listeners` or `queries::listener` finds them; nothing of what was written
/// before. System: a reaction to an event.
pub async fn record(tx: &mut Tx, news: &News, listeners: &[(WebhookId, Profile)]) -> Result {
    let Some(due) = listeners.iter().map(|(_, profile)| due(*profile, tx.ctx.now())).min() else { return Ok(()) };
    // What is kept as JSON by everybody else must be some here.
    serde_json::from_str::<serde::de::IgnoredAny>(&news.data).map_err(Error::internal)?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let ids: Vec<Uuid> = listeners.iter().map(|_| tx.ctx.uuid()).collect();
    let webhooks: Vec<Uuid> = listeners.iter().map(|(id, _)| id.0).collect();
    let times: Vec<Stamp> = listeners.iter().map(|(_, profile)| self::due(*profile, now)).collect();
    sqlx::query!(
        "insert into webhook_deliveries (company_id, id, webhook_id, topic, order_key, event_id, happened_at, about, data, state, since, next_at, created_at)
        select $1, n.id, n.webhook_id, $2, $3, $4, $5, $6, $7, 0, $8, n.next_at, $8
        from unnest($9::uuid[], $10::uuid[], $11::timestamptz[]) as n (id, webhook_id, next_at)
        on conflict (company_id, webhook_id, event_id) do nothing",
        company as _,
        news.topic as _,
        news.order_key,
        news.event,
        news.happened_at,
        news.about,
        news.data,
        now,
        &ids,
        &webhooks,
        &times as _,
    )
    .execute(&mut **tx)
    .await?;
    enqueue_at(tx, &ForwardMessages {}, due).await.map(|_| ())
}

/// Writes a message to one subscription, whether it asked for the topic or not. System: a test.
///
/// # Errors
/// `NotFound` when there is no such subscription, `WebhookOff` when it is switched off.
pub async fn send_to(tx: &mut Tx, id: WebhookId, topic: Topic, order_key: Uuid, about: &str, data: &str) -> Result {
    let webhook = held(tx, id).await?;
    if !webhook.enabled {
        return Err(Problem::WebhookOff.into());
    }
    let (event, happened_at) = (tx.ctx.uuid(), tx.ctx.now());
    let news = News { topic, order_key, event, happened_at, about: about.to_owned(), data: data.to_owned() };
    record(tx, &news, &[(id, webhook.profile)]).await
}

/// When a new message is due: at once, or when others have had a second to join it.
fn due(profile: Profile, now: Stamp) -> Stamp {
    match profile {
        Profile::Standard => now,
        Profile::Original => now.plus(GATHERS),
    }
}

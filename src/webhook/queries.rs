//! Reads of subscriptions; `log` reads what was sent, `receiver` what came to the installation's own receiver.

pub mod log;
pub mod receiver;

use crate::envelope::Target;
use crate::model::{Fault, Profile, Topic};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CompanyId, WebhookId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use uuid::Uuid;

/// 消息转发 as it is kept, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Which.
    pub id: WebhookId,
    /// 名称.
    pub name: String,
    /// 接收地址.
    pub url: String,
    /// 推送方式.
    pub profile: Profile,
    /// 消息类型 that it asked for.
    pub topics: Vec<Topic>,
    /// 启用.
    pub enabled: bool,
    /// When it was switched off by itself.
    pub halted_at: Option<Stamp>,
    /// Until when the secret before signs too.
    pub previous_until: Option<Stamp>,
    /// Grows with every change.
    pub version: i32,
}

/// How a receiver is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// When it took a message last.
    pub last_success_at: Option<Stamp>,
    /// Since when it has taken none.
    pub failing_since: Option<Stamp>,
    /// Requests without success, one after the other.
    pub failures: i32,
    /// What was wrong with the last request.
    pub last_fault: Option<Fault>,
    /// Messages that wait.
    pub waiting: i64,
}

/// Every subscription with the health of its receiver, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<(Webhook, Health)>> {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.read().await?;
    let webhooks = all(&mut tx).await?;
    let mut found = Vec::with_capacity(webhooks.len());
    for webhook in webhooks {
        let health = health(&mut tx, webhook.id).await?;
        found.push((webhook, health));
    }
    Ok(found)
}

/// Every subscription by name, for a list to choose from.
pub async fn known(ctx: &Ctx) -> Result<Vec<Webhook>> {
    ctx.require(Permission::WebhookManage)?;
    all(&mut ctx.read().await?).await
}

/// One subscription with the health of its receiver.
pub async fn one(ctx: &Ctx, id: WebhookId) -> Result<(Webhook, Health)> {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.read().await?;
    let webhook = held(&mut tx, id).await?;
    let health = health(&mut tx, id).await?;
    Ok((webhook, health))
}

/// Every subscription by name. System: its caller has asked who may.
pub async fn all(tx: &mut Tx) -> Result<Vec<Webhook>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: WebhookId", name, url, profile as "profile: Profile", topics, enabled, halted_at, previous_until, version
        from webhooks
        where company_id = $1
        and deleted_at is null
        order by lower(name), id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let read = rows.into_iter().map(|row| Webhook {
        id: row.id,
        name: row.name,
        url: row.url,
        profile: row.profile,
        topics: row.topics.iter().filter_map(|key| Topic::from_key(key)).collect(),
        enabled: row.enabled,
        halted_at: row.halted_at,
        previous_until: row.previous_until,
        version: row.version,
    });
    Ok(read.collect())
}

pub(crate) async fn held(tx: &mut Tx, id: WebhookId) -> Result<Webhook> {
    all(tx).await?.into_iter().find(|webhook| webhook.id == id).ok_or(Error::NotFound)
}

/// Those in force that asked for the topic, when `since` is given without those that were changed from then on. System: a
/// reaction to an event.
pub async fn listeners(tx: &mut Tx, topic: Topic, since: Option<Stamp>) -> Result<Vec<(WebhookId, Profile)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: WebhookId", profile as "profile: Profile"
        from webhooks
        where company_id = $1
        and enabled
        and deleted_at is null
        and $2 = any(topics)
        and ($3::timestamptz is null or updated_at < $3)
        order by id"#,
        company as _,
        topic.key(),
        since,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.profile)).collect())
}

/// The subscription with this id as `listeners` gives it, whatever topics it asked for; nothing when it is gone or switched off.
/// System: a reaction to an event.
pub async fn listener(tx: &mut Tx, id: WebhookId, since: Option<Stamp>) -> Result<Vec<(WebhookId, Profile)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: WebhookId", profile as "profile: Profile"
        from webhooks
        where company_id = $1
        and id = $2
        and enabled
        and deleted_at is null
        and ($3::timestamptz is null or updated_at < $3)"#,
        company as _,
        id as _,
        since,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.profile)).collect())
}

/// When the last thing happened of which something was written about this ticket or call, with its event. System: a reaction to
/// an event.
pub async fn last_told(tx: &mut Tx, order_key: Uuid) -> Result<Option<(Stamp, Uuid)>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        "select happened_at, event_id
        from webhook_deliveries
        where company_id = $1
        and order_key = $2
        order by happened_at desc, event_id desc
        limit 1",
        company as _,
        order_key,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.happened_at, row.event_id)))
}

async fn health(tx: &mut Tx, id: WebhookId) -> Result<Health> {
    let company = tx.ctx.company;
    let found = sqlx::query_as!(
        Health,
        r#"select last_success_at, failing_since, failures, last_fault as "last_fault: Fault",
            (select count(*) from webhook_deliveries d where d.company_id = $1 and d.webhook_id = $2 and d.state = 0) as "waiting!"
        from webhook_lanes
        where company_id = $1
        and webhook_id = $2"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.unwrap_or_default())
}

/// The secret as people copy it, for the page that shows it once.
pub async fn secret(ctx: &Ctx, id: WebhookId) -> Result<String> {
    ctx.require(Permission::WebhookManage)?;
    let target = target(&mut ctx.read().await?, id).await?;
    Ok(target.secrets.first().map(|secret| crate::sign::written(target.profile, secret)).unwrap_or_default())
}

/// Where its messages go and who signs. System: a lane that is about to send, and who checks what came.
pub(crate) async fn target(tx: &mut Tx, id: WebhookId) -> Result<Target> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let row = sqlx::query!(
        r#"select url, profile as "profile: Profile", enabled, secret_sealed, previous_sealed, previous_until
        from webhooks
        where company_id = $1
        and id = $2
        and deleted_at is null"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let (vault, place) = (&tx.ctx.app.vault, place(company, id));
    let mut secrets = vec![vault.open(&place, &row.secret_sealed)?];
    if let Some(previous) = row.previous_sealed.filter(|_| row.previous_until.is_some_and(|until| until > now)) {
        secrets.push(vault.open(&place, &previous)?);
    }
    Ok(Target { company, url: row.url, profile: row.profile, is_on: row.enabled, secrets })
}

/// The place for which a secret is sealed.
pub(crate) fn place(company: CompanyId, id: WebhookId) -> String {
    format!("{company}/webhooks/secret/{id}")
}

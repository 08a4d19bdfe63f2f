//! Writes of subscriptions. System, without a permission of the actor: `send::record` and `send::send_to`, reactions to
//! events and tests; `lane::run`, a job; `receive::take`, whoever knows the receiver's address; `log::forget`, part of
//! the upkeep.

pub mod lane;
pub mod log;
pub mod receive;
pub mod send;

use crate::model::{Topic, WebhookChoice, WebhookInput, WebhookSwitch};
use crate::queries::{Webhook, all, held, place};
use crate::schedule::ROTATES;
use crate::sign::SECRET;
use kernel::ctx::Ctx;
use kernel::egress::Refusal;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::WebhookId;
use kernel::permission::Permission;
use kernel::rng;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// Subscriptions at most.
const MOST: usize = 50;

/// 保存: a new subscription with a secret of its own, or a new version of one.
pub async fn save(ctx: &Ctx, input: WebhookInput) -> Result<WebhookId> {
    ctx.require(Permission::WebhookManage)?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id
        && held(&mut tx, id).await?.version != input.version
    {
        return Err(Problem::Stale.into());
    }
    let id = input.id.unwrap_or(WebhookId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company. A deleted subscription
/// comes back with a new secret.
pub(crate) async fn put(tx: &mut Tx, id: WebhookId, input: &WebhookInput) -> Result {
    input.check()?;
    check_address(tx, &input.url)?;
    let known = all(tx).await?;
    let before = known.iter().find(|webhook| webhook.id == id);
    if before.is_none() && known.len() >= MOST {
        return Err(Problem::TooMany.into());
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let topics: Vec<String> = input.asked().iter().map(|topic| topic.key().to_owned()).collect();
    let fresh = tx.ctx.app.vault.seal(&place(company, id), &rng::bytes::<SECRET>());
    sqlx::query!(
        "insert into webhooks as w (company_id, id, name, url, profile, topics, enabled, secret_sealed, version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
        on conflict (company_id, id) do update
        set name = excluded.name, url = excluded.url, profile = excluded.profile, topics = excluded.topics, enabled = excluded.enabled,
            secret_sealed = case when w.deleted_at is null then w.secret_sealed else excluded.secret_sealed end,
            halted_at = case when excluded.enabled then null else w.halted_at end,
            version = w.version + 1, updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        id as _,
        input.name.trim(),
        input.url.trim(),
        input.profile() as _,
        &topics,
        input.enabled,
        fresh,
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| Error::on_constraint(error, "webhooks_name", "name", Problem::WebhookTaken))?;
    open_lane(tx, id).await?;
    let after = held(tx, id).await?;
    let action = if before.is_some() { "webhook.edited" } else { "webhook.created" };
    tx.audit(action, subject(&after), before.map(shown), Some(shown(&after))).await
}

/// 删除: nothing is sent any more, what waits is given up; the log keeps what was sent.
pub async fn delete(ctx: &Ctx, input: WebhookChoice) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    remove(&mut tx, input.webhook).await?;
    tx.commit().await
}

/// The writing of `delete`, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: WebhookId) -> Result {
    let before = held(tx, id).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update webhooks
        set deleted_at = $3, enabled = false, previous_sealed = null, previous_until = null
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update webhook_deliveries set state = 2, finished_at = $3 where company_id = $1 and webhook_id = $2 and state = 0",
        company as _,
        id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    tx.audit("webhook.deleted", subject(&before), Some(shown(&before)), None).await
}

/// 启用 or 停用. What waits goes on from where it was; what has waited for 72 hours while it was off is given up.
pub async fn switch(ctx: &Ctx, input: WebhookSwitch) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let before = held(&mut tx, input.webhook).await?;
    if before.enabled == input.enabled {
        return Ok(());
    }
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!(
        "update webhooks
        set enabled = $3, halted_at = null, version = version + 1, updated_at = $4
        where company_id = $1
        and id = $2",
        company as _,
        input.webhook as _,
        input.enabled,
        now,
    )
    .execute(&mut *tx)
    .await?;
    open_lane(&mut tx, input.webhook).await?;
    let after = held(&mut tx, input.webhook).await?;
    tx.audit("webhook.edited", subject(&after), Some(shown(&before)), Some(shown(&after))).await?;
    tx.commit().await
}

/// 更换密钥: the secret before signs beside the new one for a day, so that a receiver can change over in between. Replaced once
/// more within that day, it is still the one before both that signs: the receiver has had no time to take the one between.
pub async fn rotate(ctx: &Ctx, input: WebhookChoice) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let before = held(&mut tx, input.webhook).await?;
    let (company, now) = (ctx.company, ctx.now());
    let fresh = ctx.app.vault.seal(&place(company, input.webhook), &rng::bytes::<SECRET>());
    sqlx::query!(
        "update webhooks
        set previous_sealed = case when previous_until > $5 then previous_sealed else secret_sealed end,
            previous_until = $4, secret_sealed = $3, version = version + 1, updated_at = $5
        where company_id = $1
        and id = $2",
        company as _,
        input.webhook as _,
        fresh,
        now.plus(ROTATES),
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.audit("webhook.key_rotated", subject(&before), None, None).await?;
    tx.commit().await
}

/// 发送测试消息: one message of the topic `test`, by the same lane as all others. A lane that pauses goes on: somebody looks.
pub async fn test(ctx: &Ctx, input: WebhookChoice) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    let words = json!({ "text": "这是一条测试消息 / This is a test message" }).to_string();
    send::send_to(&mut tx, input.webhook, Topic::Test, ctx.uuid(), "", &words).await?;
    wake(&mut tx, input.webhook).await?;
    tx.commit().await
}

/// Ends the pause of a lane whose receiver did not answer: somebody asks for it now.
pub(crate) async fn wake(tx: &mut Tx, id: WebhookId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("update webhook_lanes set paused_until = null where company_id = $1 and webhook_id = $2", company as _, id as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A subscription has one lane, which begins unhurt whenever it is saved or switched on.
async fn open_lane(tx: &mut Tx, id: WebhookId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "insert into webhook_lanes (company_id, webhook_id) values ($1, $2)
        on conflict (company_id, webhook_id) do update set paused_until = null, failures = 0, failing_since = null, last_fault = null",
        company as _,
        id as _,
    )
    .execute(&mut **tx)
    .await?;
    kernel::job::enqueue(tx, &crate::jobs::ForwardMessages {}).await.map(|_| ())
}

fn check_address(tx: &Tx, url: &str) -> Result {
    let problem = match tx.ctx.app.egress.check(url) {
        Ok(()) => return Ok(()),
        Err(Refusal::Forbidden) => Problem::WebhookForbidden,
        Err(_) => Problem::BadWebhookUrl,
    };
    Err(Error::Problems(Problems::one("url", problem)))
}

pub(crate) fn subject(webhook: &Webhook) -> Subject {
    Subject::named("webhook", Some(webhook.id.0), webhook.name.clone())
}

/// As the audit trail keeps it.
pub(crate) fn shown(webhook: &Webhook) -> Value {
    json!({ "name": webhook.name, "url": webhook.url, "profile": webhook.profile, "topics": webhook.topics, "enabled": webhook.enabled })
}

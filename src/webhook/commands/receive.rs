//! 试收地址: an address of this installation that takes what is forwarded, checks its signature and keeps the last of it, so
//! that forwarding can be tried before the other side is built. It can be told to fail once.

use crate::model::{Reply, ReplyInput, Seal};
use crate::queries::{all, target};
use crate::sign::{TOLERANCE, is_original, is_standard};
use kernel::ctx::Ctx;
use kernel::egress::{ANSWER_MOST, OWN_PATH};
use kernel::error::{Error, Result};
use kernel::id::CompanyId;
use kernel::permission::Permission;
use kernel::rng;
use kernel::tx::{Subject, Tx};
use serde_json::json;

/// Requests that are kept.
pub const KEPT: i64 = 50;

/// A request that came to the receiver.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// What it said.
    pub body: String,
}

impl Arrival {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// 新地址: makes the receiver, or gives it another address; what came before stays.
pub async fn open(ctx: &Ctx) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let token = rng::link_token(ctx.company);
    let sealed = ctx.app.vault.seal(&place(ctx.company), token.text.as_bytes());
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "insert into webhook_receivers (company_id, token_hash, token_sealed, next_answer, created_at) values ($1, $2, $3, $4, $5)
        on conflict (company_id) do update set token_hash = excluded.token_hash, token_sealed = excluded.token_sealed",
        ctx.company as _,
        token.hash,
        sealed,
        Reply::Taken as _,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    tx.audit("webhook_receiver.created", Subject::named("webhook_receiver", None, ""), None, None).await?;
    tx.commit().await
}

/// Says what the next request is answered, once.
pub async fn answer_next(ctx: &Ctx, input: ReplyInput) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    let set = sqlx::query!("update webhook_receivers set next_answer = $2 where company_id = $1", ctx.company as _, input.reply as _,)
        .execute(&mut *tx)
        .await?;
    if set.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    tx.commit().await
}

/// 清空 what came.
pub async fn clear(ctx: &Ctx) -> Result {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("delete from webhook_catches where company_id = $1", ctx.company as _).execute(&mut *tx).await?;
    tx.commit().await
}

/// Keeps a request and says what it is answered. Public: whoever knows the address, which is random. `ctx` is the program's
/// own in the company that the token names.
pub async fn take(ctx: &Ctx, hash: &[u8], arrival: &Arrival) -> Result<Reply> {
    let mut tx = ctx.begin().await?;
    let reply = sqlx::query_scalar!(
        r#"with held as (
            select company_id, next_answer from webhook_receivers where company_id = $1 and token_hash = $2 for update
        )
        update webhook_receivers r
        set next_answer = $3
        from held
        where r.company_id = held.company_id
        returning held.next_answer as "reply!: Reply""#,
        ctx.company as _,
        hash,
        Reply::Taken as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    let seal = seal(&mut tx, arrival).await?;
    let body = &arrival.body[..arrival.body.floor_char_boundary(ANSWER_MOST)];
    sqlx::query!(
        "insert into webhook_catches (company_id, id, caught_at, headers, body, is_cut, seal, reply) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        ctx.company as _,
        ctx.uuid(),
        ctx.now(),
        json!(arrival.headers),
        body.replace('\0', "\u{fffd}"),
        body.len() < arrival.body.len(),
        seal as _,
        reply as _,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from webhook_catches
        where company_id = $1
        and id in (select id from webhook_catches where company_id = $1 order by caught_at desc, id desc offset $2)",
        ctx.company as _,
        KEPT,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(reply)
}

/// What the signature is worth, by the secrets of the subscriptions that write to an address of the installation's own.
async fn seal(tx: &mut Tx, arrival: &Arrival) -> Result<Seal> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let own = tx.ctx.app.config.link(OWN_PATH);
    let mut secrets = Vec::new();
    for webhook in all(tx).await?.into_iter().filter(|webhook| webhook.url.starts_with(&own)) {
        secrets.extend(target(tx, webhook.id).await?.secrets);
    }
    let is_fresh = |seconds: i64| (now.micros().div_euclid(1_000_000) - seconds).abs() <= TOLERANCE;
    if let Some(given) = arrival.header("webhook-signature") {
        let id = arrival.header("webhook-id").unwrap_or_default();
        let seconds = arrival.header("webhook-timestamp").and_then(|text| text.parse().ok()).unwrap_or(0);
        let is_right = is_fresh(seconds) && is_standard(given, &secrets, id, seconds, &arrival.body);
        return Ok(if is_right { Seal::Standard } else { Seal::Wrong });
    }
    if let Some(given) = arrival.header("x-log-sign") {
        let random = arrival.header("x-log-randomcode").unwrap_or_default();
        let millis: i64 = arrival.header("x-log-timestamp").and_then(|text| text.parse().ok()).unwrap_or(0);
        let is_right = is_fresh(millis.div_euclid(1_000)) && is_original(given, &secrets, company, millis, random);
        return Ok(if is_right { Seal::Original } else { Seal::Wrong });
    }
    Ok(Seal::Missing)
}

/// The place for which the receiver's token is sealed.
pub(crate) fn place(company: CompanyId) -> String {
    format!("{company}/webhook_receivers/token")
}

/// The address of a receiver with this token, for whoever sets a subscription up.
#[must_use]
pub(crate) fn address(ctx: &Ctx, token: &str) -> String {
    ctx.app.config.link(&format!("{OWN_PATH}{token}"))
}

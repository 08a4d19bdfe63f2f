//! Reads of the installation's own receiver.

use crate::commands::receive::{KEPT, address, place};
use crate::model::{Reply, Seal};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::permission::Permission;
use kernel::time::Stamp;

/// 试收地址.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Where to send.
    pub url: String,
    /// What the next request is answered.
    pub next_answer: Reply,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Catch {
    /// When.
    pub caught_at: Stamp,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What it said.
    pub body: String,
    /// Whether it said more.
    pub is_cut: bool,
    /// What its signature is worth.
    pub seal: Seal,
    /// What was answered.
    pub reply: Reply,
}

/// The receiver, when one was made.
pub async fn receiver(ctx: &Ctx) -> Result<Option<Receiver>> {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        r#"select token_sealed, next_answer as "next_answer: Reply" from webhook_receivers where company_id = $1"#,
        ctx.company as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let token = ctx.app.vault.open(&place(ctx.company), &row.token_sealed)?;
    let token = String::from_utf8(token).map_err(Error::internal)?;
    Ok(Some(Receiver { url: address(ctx, &token), next_answer: row.next_answer }))
}

/// What came, the newest first.
pub async fn catches(ctx: &Ctx) -> Result<Vec<Catch>> {
    ctx.require(Permission::WebhookManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select caught_at, headers, body, is_cut, seal as "seal: Seal", reply as "reply: Reply"
        from webhook_catches
        where company_id = $1
        order by caught_at desc, id desc
        limit $2"#,
        ctx.company as _,
        KEPT,
    )
    .fetch_all(&mut *tx)
    .await?;
    let read = rows.into_iter().map(|row| Catch {
        caught_at: row.caught_at,
        headers: serde_json::from_value(row.headers).unwrap_or_default(),
        body: row.body,
        is_cut: row.is_cut,
        seal: row.seal,
        reply: row.reply,
    });
    Ok(read.collect())
}

//! 接入凭证: the key that says which switch of which company speaks, and the secret with which it signs. The secret is shown
//! once and lies sealed; a request's signature is HMAC-SHA256 over `timestamp.nonce.body` (S54).

use super::subject;
use crate::model::switch::SwitchChoice;
use crate::queries;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CompanyId, SwitchId};
use kernel::permission::Permission;
use kernel::rng;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// A request may be so much older, or so much newer, than our clock.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// Characters of a nonce at most.
pub const NONCE_MOST: usize = 64;

/// 接入凭证, as it is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credential {
    /// Which switch.
    pub switch: SwitchId,
    /// `x-kefu-key`.
    pub key: String,
    /// With which requests are signed.
    pub secret: String,
}

/// 生成密钥: a new key and secret; what the switch had before is worth nothing from now on.
pub async fn issue(ctx: &Ctx, input: SwitchChoice) -> Result<Credential> {
    ctx.require(Permission::SwitchManage)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let kept = queries::held(&queries::all(&mut tx).await?, input.switch)?;
    let (company, id) = (ctx.company, input.switch);
    let key = format!("sw_{}", rng::to_base64(&rng::bytes::<18>()));
    let secret = rng::to_base64(&rng::bytes::<32>());
    withdraw(&mut tx, id).await?;
    sqlx::query!(
        "insert into directory.switch_keys (key_hash, company_id, switch_id) values ($1, $2, $3)",
        rng::sha256(key.as_bytes()),
        company as _,
        id as _,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update switches
        set key = $3, secret = $4
        where company_id = $1
        and id = $2",
        company as _,
        id as _,
        key,
        ctx.app.vault.seal(&place(company, id), secret.as_bytes()),
    )
    .execute(&mut *tx)
    .await?;
    tx.audit("switch.key_rotated", subject(&kept), None, None).await?;
    tx.commit().await?;
    Ok(Credential { switch: id, key, secret })
}

/// Takes the key of a switch away, inside the caller's transaction.
pub(crate) async fn withdraw(tx: &mut Tx, switch: SwitchId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "delete from directory.switch_keys
        where company_id = $1
        and switch_id = $2",
        company as _,
        switch as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whose key it is. Public: asked before anybody is known.
pub async fn owner(app: &App, key: &str) -> Result<Option<(CompanyId, SwitchId)>> {
    let row = sqlx::query!(
        r#"select company_id as "company: CompanyId", switch_id as "switch: SwitchId" from directory.switch_keys where key_hash = $1"#,
        rng::sha256(key.as_bytes()),
    )
    .fetch_optional(&app.read)
    .await?;
    Ok(row.map(|row| (row.company, row.switch)))
}

/// Whether a switch that is in use signed this. System: the intake.
pub async fn is_signed(tx: &mut Tx, switch: SwitchId, signed: &[&[u8]], signature: &[u8]) -> Result<bool> {
    let company = tx.ctx.company;
    let sealed = sqlx::query_scalar!(
        "select secret
        from switches
        where company_id = $1
        and id = $2
        and is_enabled
        and deleted_at is null",
        company as _,
        switch as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(sealed) = sealed.flatten() else { return Ok(false) };
    let secret = tx.ctx.app.vault.open(&place(company, switch), &sealed)?;
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret) else { return Ok(false) };
    signed.iter().for_each(|part| mac.update(part));
    Ok(mac.verify_slice(signature).is_ok())
}

/// Remembers a nonce; whether it is new. System: the intake.
pub async fn remember(tx: &mut Tx, switch: SwitchId, nonce: &str) -> Result<bool> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let done = sqlx::query!(
        "insert into switch_nonces (company_id, switch_id, nonce, seen_at) values ($1, $2, $3, $4) on conflict do nothing",
        company as _,
        switch as _,
        nonce,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets nonces whose requests would be too old by now. System: the hourly job.
pub async fn forget(tx: &mut Tx) -> Result {
    let (company, before) = (tx.ctx.company, tx.ctx.now().minus(TOLERANCE * 3));
    sqlx::query!(
        "delete from switch_nonces
        where company_id = $1
        and seen_at < $2",
        company as _,
        before,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The signature of a request, as a switch makes it.
#[must_use]
pub fn sign(secret: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    [timestamp.as_bytes(), b".", nonce.as_bytes(), b".", body].into_iter().for_each(|part| mac.update(part));
    rng::hex(&mac.finalize().into_bytes())
}

/// Where the secret of a switch lies, for the seal.
fn place(company: CompanyId, switch: SwitchId) -> String {
    format!("{company}/switches/secret/{switch}")
}

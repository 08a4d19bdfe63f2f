//! 凭证密钥: the keys of the reply tokens (S19), one ring for each company, sealed at rest. A key is made when the first
//! one is needed; a retired one is accepted for 90 days, so that answers to older mails still find their ticket.

use jiff::SignedDuration;
use kernel::error::Result;
use kernel::id::CompanyId;
use kernel::rng;
use kernel::tx::Tx;

/// How long a retired key is accepted.
const ACCEPTED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The key that new tokens are made with, inside the caller's transaction.
pub async fn current(tx: &mut Tx) -> Result<Vec<u8>> {
    let company = tx.ctx.company;
    if let Some(key) = newest(tx).await? {
        return Ok(key);
    }
    let (now, sealed) = (tx.ctx.now(), tx.ctx.app.vault.seal(&place(company, 1), &rng::bytes::<32>()));
    sqlx::query!(
        "insert into mail_keys (company_id, version, key, created_at)
        values ($1, 1, $2, $3)
        on conflict do nothing",
        company as _,
        sealed,
        now,
    )
    .execute(&mut **tx)
    .await?;
    // Somebody else may have made it at the same moment.
    newest(tx).await?.ok_or_else(|| kernel::error::Error::internal("the company has no mail key"))
}

/// The keys whose tokens are accepted, newest first.
pub async fn accepted(tx: &mut Tx) -> Result<Vec<Vec<u8>>> {
    let (company, since) = (tx.ctx.company, tx.ctx.now().minus(ACCEPTED));
    let rows = sqlx::query!(
        "select version, key
        from mail_keys
        where company_id = $1
        and (retired_at is null or retired_at > $2)
        order by version desc
        limit 10",
        company as _,
        since,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| tx.ctx.app.vault.open(&place(company, row.version), &row.key)).collect()
}

/// Retires the key in use and makes another, inside the caller's transaction.
pub async fn rotate(tx: &mut Tx) -> Result<i32> {
    current(tx).await?;
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let version = sqlx::query_scalar!(
        "update mail_keys
        set retired_at = $2
        where company_id = $1
        and retired_at is null
        returning version",
        company as _,
        now,
    )
    .fetch_all(&mut **tx)
    .await?
    .into_iter()
    .max()
    .unwrap_or(0)
        + 1;
    let sealed = tx.ctx.app.vault.seal(&place(company, version), &rng::bytes::<32>());
    sqlx::query!(
        "insert into mail_keys (company_id, version, key, created_at) values ($1, $2, $3, $4)",
        company as _,
        version,
        sealed,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(version)
}

async fn newest(tx: &mut Tx) -> Result<Option<Vec<u8>>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        "select version, key
        from mail_keys
        where company_id = $1
        and retired_at is null
        order by version desc
        limit 1",
        company as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| tx.ctx.app.vault.open(&place(company, row.version), &row.key)).transpose()
}

fn place(company: CompanyId, version: i32) -> String {
    format!("{company}/mail_keys/key/{version}")
}

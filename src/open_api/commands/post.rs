//! 幂等: a post with an `Idempotency-Key` happens once, and the same key gets the same answer for a day.

use super::token::Caller;
use kernel::error::{Error, Problem, Result};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;

/// Longest key, in characters.
pub const KEY_MOST: usize = 200;

/// What is known of a post before it runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Post {
    /// It was never sent: it runs, and `finish` or `release` ends it.
    Fresh,
    /// It was answered so.
    Answered(Value),
}

/// Public: takes the key, in a commit of its own: of two that come at once, one runs.
///
/// # Errors
/// `Problem::KeyUsed` when the key was another request's, `Problem::StillRunning` while it runs, and for ever when its end was never
/// known.
pub async fn begin(caller: &Caller, key: &str, fingerprint: &[u8]) -> Result<Post> {
    let ctx = &caller.ctx;
    let mut tx = ctx.begin().await?;
    let taken = sqlx::query!(
        "insert into api_posts (company_id, caller, key, fingerprint, created_at)
        values ($1, $2, $3, $4, $5)
        on conflict (company_id, caller, key) do nothing",
        ctx.company as _,
        caller.id,
        key,
        fingerprint,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if taken == 1 {
        tx.commit().await?;
        return Ok(Post::Fresh);
    }
    let row = sqlx::query!(
        "select fingerprint, answer from api_posts where company_id = $1 and caller = $2 and key = $3",
        ctx.company as _,
        caller.id,
        key,
    )
    .fetch_optional(&mut *tx)
    .await?
    // It was given back between the two statements.
    .ok_or(Error::Busy)?;
    match row.answer {
        _ if row.fingerprint != fingerprint => Err(Problem::KeyUsed.into()),
        Some(sealed) => {
            let text = ctx.app.vault.open(&place(caller, key), &sealed)?;
            serde_json::from_slice(&text).map(Post::Answered).map_err(Error::internal)
        }
        None => Err(Problem::StillRunning.into()),
    }
}

/// Public: keeps the answer of a post that happened.
///
/// # Errors
/// When the database refuses: then the key stays as one whose end is not known.
pub async fn finish(caller: &Caller, key: &str, answer: &Value) -> Result {
    let ctx = &caller.ctx;
    let sealed = ctx.app.vault.seal(&place(caller, key), answer.to_string().as_bytes());
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "update api_posts set answer = $4 where company_id = $1 and caller = $2 and key = $3",
        ctx.company as _,
        caller.id,
        key,
        sealed,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Public: gives the key of a post back that was refused: nothing happened, so the same key may be sent again.
///
/// # Errors
/// When the database refuses.
pub async fn release(caller: &Caller, key: &str) -> Result {
    let ctx = &caller.ctx;
    let mut tx = ctx.begin().await?;
    sqlx::query!(
        "delete from api_posts where company_id = $1 and caller = $2 and key = $3 and answer is null",
        ctx.company as _,
        caller.id,
        key
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// System: forgets keys of before then, a chunk at a time; whether there may be more.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let company = tx.ctx.company;
    let gone = sqlx::query!(
        "delete from api_posts
        where company_id = $1
        and (caller, key) in (select caller, key from api_posts where company_id = $1 and created_at < $2 limit $3)",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    Ok(i64::try_from(gone).is_ok_and(|gone| gone >= most))
}

/// Where the answer of a post lies sealed: it may hold a password that was made for somebody, and is told once (S51).
fn place(caller: &Caller, key: &str) -> String {
    format!("{}/api_posts/answer/{}/{key}", caller.ctx.company, caller.id)
}

/// What makes two posts the same: path and body.
#[must_use]
pub fn fingerprint(path: &str, sent: &kernel::api::Sent) -> Vec<u8> {
    kernel::rng::sha256(format!("{path}\n{}", Value::Object(sent.clone())).as_bytes())
}

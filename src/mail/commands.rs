//! Writes of the ledger: mails come in, get their verdict, go out. Mailboxes stand in `commands/mailbox.rs`, the steps
//! of sending in `commands/deliver.rs`.

pub mod deliver;
pub mod mailbox;
mod record;
pub mod send;
pub mod server;

use crate::finding;
use crate::keys;
use crate::model::{Reason, ReplayInput, Settlement, Verdict};
use crate::parse::{self, Parsed};
use bytes::Bytes;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::event::Event;
use kernel::id::{MailId, MailboxId};
use kernel::permission::Permission;
use kernel::store;
use kernel::time::Stamp;
use kernel::tx::{Subject, Tx};
use record::Reading;
use serde_json::json;

/// A mail that arrived somewhere.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The mailbox it came to.
    pub mailbox: MailboxId,
    /// UIDVALIDITY and UID when it came by IMAP; imports have none.
    pub uid: Option<(i64, i64)>,
    /// The whole message as it was received.
    pub raw: Bytes,
    /// When it was seen.
    pub seen_at: Stamp,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its row of the ledger.
    pub mail: MailId,
    /// Whether the row is new; otherwise this very mail was received before.
    pub is_new: bool,
}

/// Who fetched a mail: a lease that was taken over since may not write any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetcher {
    /// Nobody: an import, or a test.
    Nobody,
    /// The holder of the lease with this fence.
    Lease(i64),
}

/// Stores a mail: source first, then its row, then `Event::MailReceived`. The same mail twice is one row; one that the
/// parser refuses is quarantined with its reason. System: called by the fetcher and by the import.
pub async fn receive(ctx: &Ctx, arrival: Arrival) -> Result<Received> {
    receive_from(ctx, arrival, Fetcher::Nobody).await
}

/// Like `receive`, and hands on what was read, so that who goes on at once need not read it again; nothing when it is
/// quarantined. System: the import.
pub async fn receive_read(ctx: &Ctx, arrival: &Arrival) -> Result<(Received, Option<Parsed>)> {
    let reading = read(arrival).await;
    let received = record::take_in(ctx, arrival, Fetcher::Nobody, &reading).await?;
    Ok((received, reading.refused.is_none().then_some(reading.mail)))
}

/// Like `receive`, as the holder of a mailbox's lease: the cursor moves in the same transaction (F24). System: the
/// fetcher.
pub async fn receive_from(ctx: &Ctx, arrival: Arrival, fetcher: Fetcher) -> Result<Received> {
    let reading = read(&arrival).await;
    record::take_in(ctx, &arrival, fetcher, &reading).await
}

async fn read(arrival: &Arrival) -> Reading {
    match finding::read(arrival.raw.clone()).await {
        Ok(mail) => Reading { mail, refused: None },
        Err(reason) => Reading { mail: parse::head(&arrival.raw), refused: Some((reason, String::new())) },
    }
}

/// Like `receive_from`, for a mail of `size` bytes that is too large to be fetched: the beginning is kept, the rest stays
/// on the server. System: the fetcher.
pub async fn receive_cut(ctx: &Ctx, arrival: Arrival, size: u64, fetcher: Fetcher) -> Result<Received> {
    let megabytes = format!("{} MB", size.div_ceil(1024 * 1024));
    let reading = Reading { mail: parse::head(&arrival.raw), refused: Some((Reason::TooLarge, megabytes)) };
    record::take_in(ctx, &arrival, fetcher, &reading).await
}

/// Notes that the server did not hand a message over, and goes on behind it (F22). It is filled in when it is fetched
/// again after all. System: the fetcher.
pub async fn receive_gap(ctx: &Ctx, mailbox: MailboxId, uid: (i64, i64), fetcher: Fetcher) -> Result<Received> {
    let arrival = Arrival { mailbox, uid: Some(uid), raw: Bytes::new(), seen_at: ctx.now() };
    let reading = Reading { mail: Parsed::default(), refused: Some((Reason::FetchFailed, format!("UID {}", uid.1))) };
    record::take_in(ctx, &arrival, fetcher, &reading).await
}

/// Writes the verdict down, inside the caller's transaction. A mail is settled once: who comes second loses the whole
/// transaction. System: the ticket slice has decided.
pub async fn settle(tx: &mut Tx, mail: MailId, settlement: Settlement) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let state: i16 = if settlement.verdict == Verdict::Quarantined { 3 } else { 2 };
    let done = sqlx::query!(
        "update mails
        set state = $3, verdict = $4, reason = $5, reason_detail = case when $6 = '' then reason_detail else $6 end, ticket_id = $7,
            message_ref = $8, duplicate_of = $9, settled_at = $10
        where company_id = $1
        and id = $2
        and direction = 0
        and state = 0",
        company as _,
        mail as _,
        state,
        settlement.verdict.key(),
        settlement.reason.key(),
        settlement.detail,
        settlement.ticket as _,
        settlement.message as _,
        settlement.duplicate_of as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Problem::Stale.into()) }
}

/// Sets a mail aside that could not be processed. System: for whoever processes it and gives up.
pub async fn quarantine(ctx: &Ctx, mail: MailId, reason: Reason, detail: &str) -> Result {
    let mut tx = ctx.begin().await?;
    let settlement = Settlement {
        verdict: Verdict::Quarantined,
        reason,
        detail: parse::line(detail, 500),
        ticket: None,
        message: None,
        duplicate_of: None,
    };
    settle(&mut tx, mail, settlement).await?;
    tx.commit().await
}

/// Takes back that a mail could not be processed: it waits for its verdict again. System: for whoever processes it anew.
pub async fn reopen(ctx: &Ctx, mail: MailId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    sqlx::query!(
        "update mails
        set state = 0, verdict = null, reason = null, settled_at = null
        where company_id = $1
        and id = $2
        and direction = 0
        and state = 3
        and reason = $3",
        company as _,
        mail as _,
        Reason::ProcessingFailed.key(),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// 重新处理: processes a mail again that made no ticket; `force` leaves the guards out. One that still cannot be read
/// stays in quarantine with the reason of today.
pub async fn replay(ctx: &Ctx, input: ReplayInput) -> Result {
    ctx.require(Permission::MailReplay)?;
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let row = sqlx::query!(
        r#"select raw_sha256, subject, state, verdict, reason, mailbox_id as "mailbox: MailboxId", uid
        from mails
        where company_id = $1
        and id = $2
        and direction = 0
        for update"#,
        company as _,
        input.mail as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let verdict = row.verdict.as_deref().and_then(Verdict::from_key);
    if matches!(verdict, Some(Verdict::NewTicket | Verdict::Appended)) {
        return Err(Problem::Stale.into());
    }
    let subject = Subject::named("mail", Some(input.mail.0), row.subject);
    let before = json!({ "verdict": row.verdict, "reason": row.reason });
    if row.reason.as_deref() == Some(Reason::FetchFailed.key()) {
        // The next round asks the server for it, and for whatever came after it: those are known and stay one row each.
        record::rewind(&mut tx, row.mailbox, row.uid.unwrap_or(1)).await?;
        tx.audit("mail.refetched", subject, Some(before), None).await?;
        return tx.commit().await;
    }
    let raw = store::read(ctx, &row.raw_sha256).await?;
    if let Err(reason) = finding::read(raw).await {
        sqlx::query!("update mails set reason = $3 where company_id = $1 and id = $2", company as _, input.mail as _, reason.key(),)
            .execute(&mut *tx)
            .await?;
        tx.audit("mail.replayed", subject, Some(before), Some(json!({ "verdict": row.verdict, "reason": reason }))).await?;
        return tx.commit().await;
    }
    let reason = input.force.then_some(Reason::Forced.key());
    sqlx::query!(
        "update mails
        set state = 0, verdict = null, reason = $3, reason_detail = case when $3::text is null then reason_detail else '' end,
            settled_at = null, duplicate_of = null
        where company_id = $1
        and id = $2",
        company as _,
        input.mail as _,
        reason,
    )
    .execute(&mut *tx)
    .await?;
    tx.record(Event::MailReceived { mail: input.mail }).await?;
    tx.audit("mail.replayed", subject, Some(before), Some(json!({ "force": input.force }))).await?;
    tx.commit().await
}

/// Retires the key of the reply tokens and makes another; answers to older mails are accepted for 90 days more (S19).
pub async fn rotate_key(ctx: &Ctx) -> Result<i32> {
    ctx.require(Permission::MailboxManage)?;
    let mut tx = ctx.begin().await?;
    let version = keys::rotate(&mut tx).await?;
    tx.audit("mail.key_rotated", Subject::named("mail_key", None, version.to_string()), None, None).await?;
    tx.commit().await?;
    Ok(version)
}

//! Writes of the ledger: mails come in, get their verdict, go out. Mailboxes stand in `commands/mailbox.rs`, the steps
//! of sending in `commands/deliver.rs`.

pub mod deliver;
pub mod mailbox;
mod record;
pub mod server;

use crate::compose::{self, Enclosure, Letter};
use crate::finding;
use crate::jobs::MailSend;
use crate::keys;
use crate::model::{OutState, Private, Reason, ReplayInput, Settlement, Verdict};
use crate::parse::{self, Parsed};
use crate::thread::{self, Claim};
use bytes::Bytes;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Result};
use kernel::event::Event;
use kernel::id::{FileId, MailId, MailboxId, MessageId, TicketId};
use kernel::job;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::store::{self, Owner};
use kernel::time::Stamp;
use kernel::tx::{Subject, Tx};
use record::Reading;
use serde_json::json;

/// Automatic mails to one address within ten minutes (S22).
const MOST_AUTOMATIC: i64 = 5;

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

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The mailbox it goes out by; the company's first one when it belongs to none.
    pub mailbox: Option<MailboxId>,
    /// Address and name of each recipient; the first is the one the reply token is made for.
    pub to: Vec<(String, String)>,
    /// Addresses of further recipients.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Body as HTML; empty for plain text alone.
    pub html: String,
    /// Body as plain text.
    pub text: String,
    /// The ticket that answers shall join.
    pub ticket: Option<TicketId>,
    /// The message of the ticket that this mail carries.
    pub message: Option<MessageId>,
    /// `In-Reply-To`, without angle brackets.
    pub in_reply_to: Option<String>,
    /// `References`, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Whether the program sends it on its own: marked so that nothing answers it.
    pub auto: bool,
    /// Files to attach.
    pub files: Vec<FileId>,
    /// Not before this moment.
    pub send_at: Option<Stamp>,
    /// Language of the mail.
    pub lang: Lang,
}

/// Stores a mail: source first, then its row, then `Event::MailReceived`. The same mail twice is one row; one that the
/// parser refuses is quarantined with its reason. System: called by the fetcher and by the import.
pub async fn receive(ctx: &Ctx, arrival: Arrival) -> Result<Received> {
    receive_from(ctx, arrival, Fetcher::Nobody).await
}

/// Like `receive`, as the holder of a mailbox's lease: the cursor moves in the same transaction (F24). System: the
/// fetcher.
pub async fn receive_from(ctx: &Ctx, arrival: Arrival, fetcher: Fetcher) -> Result<Received> {
    let reading = match finding::read(arrival.raw.clone()).await {
        Ok(mail) => Reading { mail, refused: None },
        Err(reason) => Reading { mail: parse::head(&arrival.raw), refused: Some((reason, String::new())) },
    };
    record::take_in(ctx, &arrival, fetcher, reading).await
}

/// Like `receive_from`, for a mail of `size` bytes that is too large to be fetched: the beginning is kept, the rest stays
/// on the server. System: the fetcher.
pub async fn receive_cut(ctx: &Ctx, arrival: Arrival, size: u64, fetcher: Fetcher) -> Result<Received> {
    let megabytes = format!("{} MB", size.div_ceil(1024 * 1024));
    let reading = Reading { mail: parse::head(&arrival.raw), refused: Some((Reason::TooLarge, megabytes)) };
    record::take_in(ctx, &arrival, fetcher, reading).await
}

/// Notes that the server did not hand a message over, and goes on behind it (F22). It is filled in when it is fetched
/// again after all. System: the fetcher.
pub async fn receive_gap(ctx: &Ctx, mailbox: MailboxId, uid: (i64, i64), fetcher: Fetcher) -> Result<Received> {
    let arrival = Arrival { mailbox, uid: Some(uid), raw: Bytes::new(), seen_at: ctx.now() };
    let reading = Reading { mail: Parsed::default(), refused: Some((Reason::FetchFailed, format!("UID {}", uid.1))) };
    record::take_in(ctx, &arrival, fetcher, reading).await
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

/// Writes a mail and the job that sends it, inside the caller's transaction: its source is built here and never again.
/// Without an SMTP server it is kept and readable in the ledger. System: its caller has asked who may.
pub async fn send(tx: &mut Tx, out: Outgoing) -> Result<MailId> {
    write(tx, out, None).await
}

/// Like `send`, for a letter whose link opens an account: seeing the ledger is not enough to read it, and its source is
/// deleted once it was sent (S36). System: its caller has asked who may.
pub async fn send_private(tx: &mut Tx, out: Outgoing, private: Private) -> Result<MailId> {
    write(tx, out, Some(private)).await
}

async fn write(tx: &mut Tx, out: Outgoing, private: Option<Private>) -> Result<MailId> {
    let mailbox = mailbox::for_sending(tx, out.mailbox, private.map(|private| private.kind)).await?;
    let mail = MailId(tx.ctx.uuid());
    let (ctx, now) = (tx.ctx.clone(), tx.ctx.now());
    let first = out.to.first().ok_or(Problem::Required)?.0.to_lowercase();
    let host = ctx.app.config.host();
    let message_id = match out.ticket {
        Some(ticket) => {
            let key = keys::current(tx).await?;
            thread::message_id(&key, Claim { company: ctx.company, ticket, recipient: &first }, host)
        }
        None => thread::plain_message_id(mail, host),
    };
    let at = out.send_at.filter(|at| *at > now).unwrap_or(now);
    let files = enclosures(tx, &out.files, &out.html).await?;
    let letter = Letter {
        company: ctx.company,
        from: (
            mailbox.address.clone(),
            if mailbox.display_name.is_empty() { ctx.company_name.to_string() } else { mailbox.display_name.clone() },
        ),
        to: out.to,
        cc: out.cc,
        subject: out.subject,
        html: out.html,
        text: out.text,
        message_id,
        in_reply_to: out.in_reply_to,
        references: out.references,
        auto: out.auto,
        files,
        at,
        lang: out.lang,
    };
    let is_flood = letter.auto && automatic_mails(tx, &first).await? >= MOST_AUTOMATIC;
    // A link that goes nowhere is not kept.
    let raw = if is_flood && private.is_some() { Bytes::new() } else { compose::compose(&letter)?.into() };
    let put = store::put(&ctx, raw).await?;
    let state = match (is_flood, mailbox.has_smtp, at > now) {
        (true, _, _) => OutState::Cancelled,
        // A mail that still may be taken back waits, whoever will send it.
        (false, false, false) => OutState::Kept,
        _ => OutState::Waiting,
    };
    let addresses: Vec<String> =
        letter.to.iter().map(|(address, _)| address.to_lowercase()).chain(letter.cc.iter().map(|address| address.to_lowercase())).collect();
    sqlx::query!(
        "insert into mails (company_id, id, mailbox_id, direction, state, reason, message_id, in_reply_to, raw_sha256, raw_size, from_address,
            from_name, to_addresses, subject, ticket_id, message_ref, auto_reply, received_at, private_kind, private_agent_id)
        values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        ctx.company as _,
        mail as _,
        mailbox.id as _,
        state as _,
        is_flood.then_some(Reason::AutoFlood.key()),
        letter.message_id,
        letter.in_reply_to,
        put.sha256,
        put.size,
        letter.from.0,
        parse::line(&letter.from.1, 200),
        &addresses,
        parse::line(&letter.subject, 1000),
        out.ticket as _,
        out.message as _,
        letter.auto,
        now,
        private.map(|private| private.kind) as _,
        private.map(|private| private.agent) as _,
    )
    .execute(&mut **tx)
    .await?;
    if private.is_none() {
        store::name(tx, &put, "message.eml", Owner { kind: "mail", id: mail.0 }, None).await?;
    }
    if state == OutState::Waiting {
        job::enqueue_at(tx, &MailSend { mail }, at).await?;
    }
    Ok(mail)
}

/// Takes a mail back that still waits, inside the caller's transaction: true when it was still waiting.
/// System: its caller has asked who may.
pub async fn cancel(tx: &mut Tx, mail: MailId) -> Result<bool> {
    let company = tx.ctx.company;
    let done = sqlx::query!(
        "update mails
        set state = 5
        where company_id = $1
        and id = $2
        and direction = 1
        and state = 0
        and not possibly_sent",
        company as _,
        mail as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
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

/// Files of a mail; pictures that its HTML calls by their id stand in the text.
async fn enclosures(tx: &mut Tx, files: &[FileId], html: &str) -> Result<Vec<Enclosure>> {
    let ctx = tx.ctx.clone();
    let mut found = Vec::with_capacity(files.len());
    for id in files {
        let file = store::find(tx, *id).await?;
        let content = store::read(&ctx, &file.sha256).await?;
        let content_id = Some(id.to_string()).filter(|id| html.contains(&format!("\"cid:{id}\"")));
        found.push(Enclosure { name: file.name, media_type: file.media_type, content, content_id });
    }
    Ok(found)
}

/// Automatic mails to this address within the last ten minutes.
async fn automatic_mails(tx: &mut Tx, address: &str) -> Result<i64> {
    let (company, since) = (tx.ctx.company, tx.ctx.now().minus(SignedDuration::from_mins(10)));
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!"
        from mails
        where company_id = $1
        and received_at > $2
        and direction = 1
        and auto_reply
        and state <> 5
        and $3 = any(to_addresses)"#,
        company as _,
        since,
        address,
    )
    .fetch_one(&mut **tx)
    .await?)
}

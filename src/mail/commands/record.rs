//! How a mail gets its row: source first, then row, cursor and event in one transaction; the same mail twice is one row.

use super::{Arrival, Fetcher, Received};
use crate::finding::{self, Finding, Place};
use crate::model::{Reason, Verdict};
use crate::parse::{self, Parsed};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::{MailId, MailboxId, TicketId};
use kernel::store::{self, Owner, Put};
use kernel::tx::Tx;

/// A mail as it was read, on its way into the ledger.
pub(super) struct Reading {
    /// What it says, as far as it could be read.
    pub mail: Parsed,
    /// Why it is quarantined at once, and the facts beside.
    pub refused: Option<(Reason, String)>,
}

/// Source, row, cursor and event: the source first, everything else in one transaction.
pub(super) async fn take_in(ctx: &Ctx, arrival: &Arrival, fetcher: Fetcher, reading: &Reading) -> Result<Received> {
    let put = store::put(ctx, arrival.raw.clone()).await?;
    let mut tx = ctx.begin().await?;
    let place = hold(&mut tx, arrival.mailbox, fetcher).await?;
    let received = record(&mut tx, &place, Row { put: &put, mail: &reading.mail, refused: reading.refused.as_ref(), arrival }).await?;
    if let Some(uid) = arrival.uid {
        move_cursor(&mut tx, arrival.mailbox, uid).await?;
    }
    tx.commit().await?;
    Ok(received)
}

/// The cursor goes back before this message, so that it is asked for again.
pub(super) async fn rewind(tx: &mut Tx, mailbox: MailboxId, uid: i64) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update mailboxes set last_uid = least(last_uid, $3) where company_id = $1 and id = $2",
        company as _,
        mailbox as _,
        (uid - 1).max(0),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct Row<'a> {
    put: &'a Put,
    mail: &'a Parsed,
    /// Why it is quarantined at once, and the facts beside.
    refused: Option<&'a (Reason, String)>,
    arrival: &'a Arrival,
}

/// Locks the mailbox: its mails line up, so that the same one twice is seen.
async fn hold(tx: &mut Tx, mailbox: MailboxId, fetcher: Fetcher) -> Result<Place> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        "select address, authserv_id, lease_fence
        from mailboxes
        where company_id = $1
        and id = $2
        and deleted_at is null
        for update",
        company as _,
        mailbox as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    match fetcher {
        Fetcher::Lease(fence) if fence != row.lease_fence => Err(Error::Busy),
        _ => Ok(Place { id: mailbox, address: row.address, authserv_id: row.authserv_id }),
    }
}

async fn record(tx: &mut Tx, place: &Place, row: Row<'_>) -> Result<Received> {
    let known = known(tx, &row).await?;
    if let Some(Known { mail, is_gap: false }) = known {
        return Ok(Received { mail, is_new: false });
    }
    let found = match &row.refused {
        None => Some(finding::find(tx, row.mail, &row.arrival.raw, place).await?),
        Some(_) => None,
    };
    let mail = match known {
        // The row of a gap is filled in: mark it by its own id, everything else is new.
        Some(Known { mail, .. }) if row.refused.is_some_and(|(reason, _)| *reason == Reason::FetchFailed) => {
            return Ok(Received { mail, is_new: false });
        }
        Some(Known { mail, .. }) => {
            let company = tx.ctx.company;
            sqlx::query!("delete from mails where company_id = $1 and id = $2", company as _, mail as _).execute(&mut **tx).await?;
            mail
        }
        None => MailId(tx.ctx.uuid()),
    };
    insert(tx, mail, &row, found.as_ref()).await?;
    store::name(tx, row.put, "message.eml", Owner { kind: "mail", id: mail.0 }, None).await?;
    if let Some(found) = &found {
        note_failures(tx, row.mail, found).await?;
        tx.record(Event::MailReceived { mail }).await?;
    }
    Ok(Received { mail, is_new: true })
}

struct Known {
    mail: MailId,
    /// Whether it is only the note that a message could not be fetched.
    is_gap: bool,
}

/// The row of this very mail: by its place on the server, or by what it is.
async fn known(tx: &mut Tx, row: &Row<'_>) -> Result<Option<Known>> {
    let (company, mailbox) = (tx.ctx.company, row.arrival.mailbox);
    if let Some((validity, uid)) = row.arrival.uid {
        let found = sqlx::query!(
            r#"select id as "id: MailId", coalesce(reason = 'fetch_failed', false) as "is_gap!",
                (raw_sha256 = $5 or coalesce(message_id = $6, false)) as "is_same!"
            from mails
            where company_id = $1
            and mailbox_id = $2
            and uid_validity = $3
            and uid = $4"#,
            company as _,
            mailbox as _,
            validity,
            uid,
            row.put.sha256,
            row.mail.message_id.as_deref(),
        )
        .fetch_optional(&mut **tx)
        .await?;
        match found {
            Some(found) if found.is_gap || found.is_same => return Ok(Some(Known { mail: found.id, is_gap: found.is_gap })),
            // Another account counts from the same numbers: the older mail gives its number up.
            Some(found) => {
                sqlx::query!(
                    "update mails set uid_validity = null, uid = null where company_id = $1 and id = $2",
                    company as _,
                    found.id as _,
                )
                .execute(&mut **tx)
                .await?;
            }
            None => {}
        }
    }
    // The note of a gap has no bytes, and neither has every mail that is empty: those are told apart by their numbers.
    if row.arrival.raw.is_empty() && row.arrival.uid.is_some() {
        return Ok(None);
    }
    // A server that counts anew shows old mails under new numbers: they are known by what they are.
    let found = sqlx::query_scalar!(
        r#"select id as "id: MailId"
        from mails
        where company_id = $1
        and mailbox_id = $2
        and message_id is not distinct from $3
        and from_address = $4
        and raw_sha256 = $5
        and direction = 0
        limit 1"#,
        company as _,
        mailbox as _,
        row.mail.message_id.as_deref(),
        row.mail.from_address,
        row.put.sha256,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.map(|mail| Known { mail, is_gap: false }))
}

async fn insert(tx: &mut Tx, id: MailId, row: &Row<'_>, found: Option<&Finding>) -> Result {
    let (company, now, mail) = (tx.ctx.company, tx.ctx.now(), row.mail);
    let (state, verdict) = if row.refused.is_some() { (3_i16, Some(Verdict::Quarantined.key())) } else { (0, None) };
    let stop = found.and_then(|found| found.guarded.stop.as_ref());
    let detail =
        row.refused.map(|(_, detail)| detail).or(stop.map(|(_, detail)| detail)).map(|detail| parse::line(detail, 500)).unwrap_or_default();
    let recipients: Vec<String> = mail.to.iter().chain(&mail.cc).take(100).cloned().collect();
    sqlx::query!(
        "insert into mails (company_id, id, mailbox_id, direction, state, verdict, reason, reason_detail, message_id, in_reply_to, uid_validity,
            uid, raw_sha256, raw_size, from_address, from_name, to_addresses, subject, auto_reply, received_at, settled_at)
        values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        company as _,
        id as _,
        row.arrival.mailbox as _,
        state,
        verdict,
        row.refused.map(|(reason, _)| reason.key()),
        detail,
        mail.message_id.as_deref(),
        mail.in_reply_to.as_deref(),
        row.arrival.uid.map(|(validity, _)| validity),
        row.arrival.uid.map(|(_, uid)| uid),
        row.put.sha256,
        row.put.size,
        mail.from_address,
        mail.from_name,
        &recipients,
        mail.subject,
        stop.is_some(),
        row.arrival.seen_at,
        row.refused.map(|_| now),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A report says that a mail of ours was not delivered: it counts as failed from now on.
async fn note_failures(tx: &mut Tx, mail: &Parsed, found: &Finding) -> Result {
    let is_delivery = found.guarded.stop.as_ref().is_some_and(|(reason, _)| *reason == Reason::DeliveryReport);
    // Reports that follow no standard are bounces; standard ones also tell of delays.
    if !is_delivery || mail.report.as_ref().is_some_and(|report| !report.is_failure) {
        return Ok(());
    }
    let company = tx.ctx.company;
    let detail = mail
        .report
        .as_ref()
        .map(|report| report.detail.clone())
        .filter(|detail| !detail.is_empty())
        .unwrap_or_else(|| mail.subject.clone());
    for id in &found.reported {
        let failed = sqlx::query!(
            r#"update mails m
            set state = 3, last_error = $3
            from mailboxes b
            where m.company_id = $1
            and b.company_id = $1
            and b.id = m.mailbox_id
            and m.message_id = $2
            and m.direction = 1
            and m.state in (0, 1, 2)
            returning m.id as "id: MailId", m.ticket_id as "ticket: TicketId""#,
            company as _,
            id,
            detail,
        )
        .fetch_optional(&mut **tx)
        .await?;
        if let Some(failed) = failed {
            tx.record(Event::MailFailed { mail: failed.id, ticket: failed.ticket }).await?;
        }
    }
    Ok(())
}

/// The cursor goes on to this message; a new UIDVALIDITY begins anew.
async fn move_cursor(tx: &mut Tx, mailbox: MailboxId, (validity, uid): (i64, i64)) -> Result {
    let company = tx.ctx.company;
    sqlx::query!(
        "update mailboxes
        set last_uid = case when uid_validity = $3 then greatest(last_uid, $4) else $4 end, uid_validity = $3
        where company_id = $1
        and id = $2",
        company as _,
        mailbox as _,
        validity,
        uid,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

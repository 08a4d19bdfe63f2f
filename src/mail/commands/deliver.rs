//! The steps of sending one mail: claim it, hand it over, write down what became of it (F03, F23).

use crate::commands::server;
use crate::jobs::MailSend;
use crate::model::PrivateKind;
use crate::smtp::{self as wire, Letter, Outcome, SILENCES};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{MailId, MailboxId, TicketId};
use kernel::job;
use kernel::store;
use kernel::time::Stamp;

/// How long a mail is tried.
const TRIED: SignedDuration = SignedDuration::from_hours(72);

/// Sends a mail that waits. System: the job of `send`.
pub async fn deliver(ctx: &Ctx, mail: MailId) -> Result {
    let Some(claimed) = claim(ctx, mail).await? else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    let smtp = server::smtp_server(&mut tx, claimed.mailbox).await?;
    drop(tx);
    // The server may have been changed since the letter was written.
    let smtp = smtp.filter(|_| claimed.private.is_none() || claimed.may_carry_links);
    let Some(smtp) = smtp else { return keep(ctx, mail).await };
    let raw = store::read(ctx, &claimed.raw_sha256).await?;
    let letter = Letter { from: &claimed.from, recipients: &claimed.recipients, attempt: claimed.attempts, raw: &raw };
    let outcome = wire::deliver(&ctx.app, &smtp, letter).await;
    finish(ctx, mail, &claimed, outcome).await
}

struct Claimed {
    mailbox: MailboxId,
    ticket: Option<TicketId>,
    from: String,
    recipients: Vec<String>,
    raw_sha256: Vec<u8>,
    attempts: i32,
    written_at: Stamp,
    private: Option<PrivateKind>,
    may_carry_links: bool,
}

/// Takes a waiting mail, or one whose sender died over it: that one may have been sent, and goes out again under the
/// same `Message-ID`.
async fn claim(ctx: &Ctx, mail: MailId) -> Result<Option<Claimed>> {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let claimed = sqlx::query_as!(
        Claimed,
        r#"update mails
        set state = 1, attempts = attempts + 1, possibly_sent = possibly_sent or state = 1
        where company_id = $1
        and id = $2
        and direction = 1
        and state in (0, 1)
        returning mailbox_id as "mailbox: MailboxId", ticket_id as "ticket: TicketId", from_address as "from", to_addresses as recipients,
            raw_sha256, attempts, received_at as written_at, private_kind as "private: PrivateKind", (
                select b.smtp_host = '' or b.sends_account_letters
                from mailboxes b
                where b.company_id = $1
                and b.id = mails.mailbox_id
            ) as "may_carry_links!""#,
        company as _,
        mail as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// There is no server to hand it to: it stays in the ledger.
async fn keep(ctx: &Ctx, mail: MailId) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    sqlx::query!(
        "update mails set state = 4, attempts = attempts - 1 where company_id = $1 and id = $2 and state = 1",
        company as _,
        mail as _,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn finish(ctx: &Ctx, mail: MailId, claimed: &Claimed, outcome: Outcome) -> Result {
    let mut tx = ctx.begin().await?;
    let (company, now) = (ctx.company, ctx.now());
    let is_unknown = matches!(outcome, Outcome::Unknown(_));
    // A server that answers is well, whatever it says about one mail.
    let is_server_well = match &outcome {
        Outcome::Sent(_) | Outcome::Refused(_) => true,
        Outcome::Later(words) => !SILENCES.contains(&words.as_str()),
        Outcome::Unknown(_) => false,
    };
    let (state, error) = match outcome {
        Outcome::Sent(left_out) => (2_i16, left_out),
        Outcome::Refused(words) => (3, Some(words)),
        Outcome::Later(words) | Outcome::Unknown(words) if now.since(claimed.written_at) > TRIED => (3, Some(words)),
        Outcome::Later(words) | Outcome::Unknown(words) => (0, Some(words)),
    };
    let done = sqlx::query!(
        "update mails
        set state = $3, last_error = $4, possibly_sent = (possibly_sent or $5) and not $7,
            sent_at = case when $7 then $6 else sent_at end
        where company_id = $1
        and id = $2
        and state = 1",
        company as _,
        mail as _,
        state,
        error.as_deref(),
        is_unknown,
        now,
        state == 2,
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        match state {
            0 => {
                let again = now.plus(wait(claimed.attempts));
                job::enqueue_at(&mut tx, &MailSend { mail }, again).await?;
            }
            3 => tx.record(Event::MailFailed { mail, ticket: claimed.ticket }).await?,
            _ => {}
        }
    }
    let health = if is_server_well { None } else { error.as_deref() };
    sqlx::query!(
        "update mailboxes
        set sent_at = case when $3 then $4 else sent_at end, send_error = $5
        where company_id = $1
        and id = $2",
        company as _,
        claimed.mailbox as _,
        state == 2,
        now,
        health,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    forget(ctx, mail, claimed.private, state, &claimed.raw_sha256).await;
    Ok(())
}

/// Says of a mail whose job failed too often that it was not delivered. System: the worker gave up. One that was in the
/// middle of being handed over may have been sent.
pub async fn give_up(ctx: &Ctx, mail: MailId, error: &str) -> Result {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let given_up = sqlx::query!(
        r#"update mails
        set state = 3, last_error = $3, possibly_sent = possibly_sent or state = 1
        where company_id = $1
        and id = $2
        and direction = 1
        and state in (0, 1)
        returning ticket_id as "ticket: TicketId", raw_sha256, private_kind as "private: PrivateKind""#,
        company as _,
        mail as _,
        error,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(given_up) = given_up else { return Ok(()) };
    tx.record(Event::MailFailed { mail, ticket: given_up.ticket }).await?;
    tx.commit().await?;
    forget(ctx, mail, given_up.private, 3, &given_up.raw_sha256).await;
    Ok(())
}

/// Deletes the source of a mail with a link into an account when it is over. An invitation that could not be delivered
/// is passed on by whoever sent it; nobody passes a password link on (S36).
async fn forget(ctx: &Ctx, mail: MailId, private: Option<PrivateKind>, state: i16, raw_sha256: &[u8]) {
    let is_over = matches!((private, state), (Some(_), 2) | (Some(PrivateKind::Reset), 3));
    if is_over && let Err(error) = store::remove(ctx, raw_sha256).await {
        tracing::warn!(%error, %mail, "the source of a private mail could not be deleted");
    }
}

/// The wait after this many attempts: quickly at first, for a greylist, then ever longer.
fn wait(attempts: i32) -> SignedDuration {
    const MINUTES: [i64; 9] = [1, 2, 5, 10, 20, 30, 60, 120, 240];
    let step = usize::try_from(attempts.max(1) - 1).unwrap_or(0).min(MINUTES.len() - 1);
    SignedDuration::from_mins(MINUTES[step])
}

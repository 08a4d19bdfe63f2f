//! Writes of tickets. Each noun has its file in `commands/`; here stands what other slices call by name.
//!
//! Public or system, without a permission of the actor: `take_mail`, `take_incoming`, `note`, `mail_failed`, `live::tell_live`,
//! `digest::send_digest`, `digest::forget`, `draft::insert`, `form::visitor`, `form::answer`, `place::text`, `place::html`, `place::letter`, `merge::move_tickets`, `merge::move_back`, everything of `rule`. They are reactions, or run inside the transaction of
//! a command that asked already.

pub mod assign;
pub mod at_once;
pub mod bulk;
pub mod by_customer;
pub mod category;
pub mod create;
pub mod digest;
pub mod draft;
pub mod edit;
pub mod export;
pub mod field;
pub mod follow;
pub mod form;
pub mod live;
pub mod merge;
pub mod message;
pub mod other_customer;
pub mod picture;
pub mod place;
pub mod presence;
pub mod reminder;
pub mod reply;
pub mod rule;
pub mod setting;
pub mod template;
pub mod view;

mod append;
mod fill;
mod held;
mod name;

use crate::model::{ChangeKind, Changes};
use crate::take::{Decision, MailFacts, ThreadFacts, Voice, decide};
use held::{Held, Log};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{MailId, MessageId, TicketId};
use kernel::tx::Tx;
use mail::model::{InState, Incoming, Reason, Settlement, Verdict};
use serde::Serialize;

/// What became of a mail, as the ledger and the command line say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenMail {
    /// 处理结论.
    pub verdict: Verdict,
    /// 结论原因.
    pub reason: Reason,
    /// The ticket it made or joined.
    pub ticket: Option<TicketId>,
    /// Its number.
    pub ticket_number: Option<i64>,
    /// The message it became.
    pub message: Option<MessageId>,
    /// The ticket it may repeat.
    pub duplicate_of: Option<TicketId>,
}

/// Decides about an incoming mail and does it: ticket, message, verdict in one transaction. A mail that has its verdict
/// keeps it. System: a reaction to `MailReceived`.
pub async fn take_mail(ctx: &Ctx, mail: MailId) -> Result<TakenMail> {
    // First the row, then its source: one that cannot be read was settled when it came.
    let mut tx = ctx.begin().await?;
    if let Ledger::Settled(taken) = ledger(&mut tx, mail).await? {
        return Ok(taken);
    }
    drop(tx);
    let incoming = mail::queries::incoming(ctx, mail).await?;
    take_incoming(ctx, &incoming).await
}

/// The same for a mail that was read already. System: the import.
pub async fn take_incoming(ctx: &Ctx, incoming: &Incoming) -> Result<TakenMail> {
    let files = append::attachments(incoming);
    // What is suppressed keeps its source in the ledger and needs no files.
    let files =
        if incoming.auto_reply.is_some() && incoming.thread.is_none() { Vec::new() } else { message::put_files(ctx, files).await? };
    let mut tx = ctx.begin().await?;
    let agent = match append::sender(&mut tx, incoming).await? {
        None => None,
        // Asked as that person, in transactions of their own: nothing is held meanwhile.
        Some(agent) => {
            drop(tx);
            let agent = append::agent(ctx, incoming, agent).await?;
            tx = ctx.begin().await?;
            Some(agent)
        }
    };
    let is_forced = match ledger(&mut tx, incoming.mail).await? {
        Ledger::Settled(taken) => return Ok(taken),
        Ledger::Waiting { is_forced } => is_forced,
    };
    let mut facts = gather(&mut tx, incoming, agent.as_ref()).await?;
    if is_forced || incoming.is_imported {
        facts.hourly = i64::MAX;
    }
    let taken = match decide(&facts) {
        Decision::Suppress(reason) => TakenMail::without_ticket(Verdict::Suppressed, reason),
        Decision::Quarantine(reason) => TakenMail::without_ticket(Verdict::Quarantined, reason),
        Decision::Append { ticket, voice, reason } => {
            let agent = agent.filter(|_| voice == Voice::Agent);
            append::join(&mut tx, incoming, append::Joining { ticket, voice, reason, agent, files: &files }).await?
        }
        Decision::Open { reason, duplicate_of } => {
            append::open(&mut tx, incoming, append::Opening { reason, duplicate_of, files: &files }).await?
        }
    };
    tx.ctx.actor = ctx.actor.clone();
    mail::commands::settle(
        &mut tx,
        incoming.mail,
        Settlement {
            verdict: taken.verdict,
            reason: taken.reason,
            detail: detail(incoming, &taken),
            ticket: taken.ticket,
            message: taken.message,
            duplicate_of: taken.duplicate_of,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(taken)
}

/// Adds a row to a ticket's history that changes nothing of the ticket, such as an invitation to rate; inside the
/// caller's transaction. System: higher slices say here what they did with a ticket.
pub async fn note(tx: &mut Tx, ticket: TicketId, kind: ChangeKind, text: &str) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    held.log(tx, Log::because(kind, Changes::default(), text)).await?;
    let company = tx.ctx.company;
    sqlx::query!("update tickets set last_seq = $3 where company_id = $1 and id = $2", company as _, ticket as _, held.last_seq)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes into the ticket's history that a mail of it could not be delivered. System: a reaction to `MailFailed`; doing
/// it twice writes once.
pub async fn mail_failed(ctx: &Ctx, mail: MailId, ticket: TicketId) -> Result {
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock_any(&mut tx, ticket).await?;
    let company = ctx.company;
    let known = sqlx::query_scalar!(
        r#"select exists (
            select from ticket_changes
            where company_id = $1
            and ticket_id = $2
            and kind = $3
            and changes -> 'undo' ->> 'mail' = $4
        ) as "known!""#,
        company as _,
        ticket as _,
        ChangeKind::MailFailed.key(),
        mail.to_string(),
    )
    .fetch_one(&mut *tx)
    .await?;
    if known {
        return Ok(());
    }
    let changes = Changes { undo: Some(serde_json::json!({ "mail": mail })), ..Changes::default() };
    held.log(&mut tx, Log::of(ChangeKind::MailFailed, changes)).await?;
    held.save(&mut tx).await?;
    tx.commit().await
}

impl TakenMail {
    fn without_ticket(verdict: Verdict, reason: Reason) -> TakenMail {
        TakenMail { verdict, reason, ticket: None, ticket_number: None, message: None, duplicate_of: None }
    }
}

/// The row of an incoming mail.
enum Ledger {
    /// It has its verdict.
    Settled(TakenMail),
    /// It waits for one; a person may have asked for it, without the guards.
    Waiting { is_forced: bool },
}

/// The ledger's row, locked, so that one mail is decided once.
async fn ledger(tx: &mut Tx, mail: MailId) -> Result<Ledger> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select m.state as "state: InState", m.verdict, m.reason, m.ticket_id as "ticket: TicketId", m.message_ref as "message: MessageId",
            m.duplicate_of as "duplicate_of: TicketId"
        from mails m
        where m.company_id = $1
        and m.id = $2
        and m.direction = 0
        for update"#,
        company as _,
        mail as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    let reason = row.reason.as_deref().and_then(Reason::from_key);
    if row.state == InState::Stored {
        return Ok(Ledger::Waiting { is_forced: reason == Some(Reason::Forced) });
    }
    let verdict = row.verdict.as_deref().and_then(Verdict::from_key);
    let (Some(verdict), Some(reason)) = (verdict, reason) else {
        return Err(Error::internal(format!("mail {mail} is settled without a verdict")));
    };
    // Asked once the lock is held: a join would still see what was before the wait, and a ticket made meanwhile not at all.
    let ticket_number = match row.ticket {
        Some(ticket) => {
            sqlx::query_scalar!("select number from tickets where company_id = $1 and id = $2", company as _, ticket as _)
                .fetch_optional(&mut **tx)
                .await?
        }
        None => None,
    };
    Ok(Ledger::Settled(TakenMail {
        verdict,
        reason,
        ticket: row.ticket,
        ticket_number,
        message: row.message,
        duplicate_of: row.duplicate_of,
    }))
}

async fn gather(tx: &mut Tx, incoming: &Incoming, agent: Option<&append::MailAgent>) -> Result<MailFacts> {
    let company = tx.ctx.company;
    let thread = match &incoming.thread {
        Some(thread) => {
            let row = append::standing(tx, thread.ticket, &incoming.from_address).await?;
            Some(ThreadFacts {
                ticket: thread.ticket,
                status: row.as_ref().map(|row| row.status),
                is_recipient: thread.is_sender,
                is_customer: row.as_ref().is_some_and(|row| row.is_customer),
                is_in_cc: row.as_ref().is_some_and(|row| row.is_in_cc),
            })
        }
        None => None,
    };
    let in_subject = match crate::model::number::in_subject(&incoming.subject) {
        Some(number) => {
            sqlx::query_scalar!(r#"select id as "id: TicketId" from tickets where company_id = $1 and number = $2"#, company as _, number)
                .fetch_optional(&mut **tx)
                .await?
        }
        None => None,
    };
    let hour_ago = tx.ctx.now().minus(SignedDuration::from_hours(1));
    let recent = sqlx::query_scalar!(
        r#"select count(*) as "n!"
        from mails m
        where m.company_id = $1
        and m.from_address = $2
        and m.received_at > $3
        and m.direction = 0
        and m.verdict = $4"#,
        company as _,
        incoming.from_address,
        hour_ago,
        Verdict::NewTicket.key(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(MailFacts {
        guard: incoming.auto_reply,
        thread,
        is_token_invalid: incoming.is_token_invalid,
        is_authenticated: incoming.authenticated,
        is_agent: agent.is_some(),
        agent_may: agent.is_some_and(|agent| agent.may_reply),
        in_subject,
        recent,
        hourly: crate::queries::settings(tx).await?.value.sender_hourly,
    })
}

/// Facts for the reader of the ledger, beside the reason's own words.
fn detail(incoming: &Incoming, taken: &TakenMail) -> String {
    match (taken.verdict, incoming.auto_reply) {
        (Verdict::Appended, Some(guard)) => guard.key().to_owned(),
        _ if taken.reason == Reason::SenderFlood => incoming.from_address.clone(),
        _ => String::new(),
    }
}

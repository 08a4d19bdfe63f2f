//! 来信判断: everything that is known about a mail beside its words — which guard stops it, whose ticket its token
//! names, whether its sender is verified. Asked once when it arrives and again when its ticket is decided.

use crate::auth::{self, Sender};
use crate::guard::{self, Guarded, Surroundings};
use crate::keys;
use crate::model::{Reason, Thread};
use crate::parse::{self, Parsed};
use crate::thread::{self, Claim, Token};
use bytes::Bytes;
use kernel::error::{Error, Result};
use kernel::id::MailboxId;
use kernel::tx::Tx;
use std::time::Duration;

/// What was found out about a mail.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The guards.
    pub guarded: Guarded,
    /// The ticket of a genuine token.
    pub thread: Option<Thread>,
    /// Whether a token of ours was presented that is forged or expired.
    pub is_token_invalid: bool,
    /// What the mailbox's server says of the sender.
    pub sender: Sender,
    /// Message ids of ours that it reports about.
    pub reported: Vec<String>,
}

/// The mailbox that a mail came to.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which.
    pub id: MailboxId,
    /// Its address.
    pub address: String,
    /// Whose `Authentication-Results` are believed.
    pub authserv_id: String,
}

/// Reads a mail beside the runtime, within a budget of time (S23).
///
/// # Errors
/// The reason for the quarantine.
pub async fn read(raw: Bytes) -> std::result::Result<Parsed, Reason> {
    beside(move || parse::parse(&raw)).await?
}

/// Works on what strangers wrote beside the runtime, within a budget of time (S23).
///
/// # Errors
/// The reason why there is no outcome.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> std::result::Result<T, Reason> {
    const BUDGET: Duration = Duration::from_secs(10);
    match tokio::time::timeout(BUDGET, tokio::task::spawn_blocking(work)).await {
        Err(_) => Err(Reason::TookTooLong),
        Ok(Err(_)) => Err(Reason::ParserFailed),
        Ok(Ok(outcome)) => Ok(outcome),
    }
}

/// Finds out what is known about a mail.
pub async fn find(tx: &mut Tx, mail: &Parsed, raw: &[u8], place: &Place) -> Result<Finding> {
    let own = own_addresses(tx).await?;
    let is_own_message = is_own_message(tx, mail.message_id.as_deref()).await?;
    let around = Surroundings { company: tx.ctx.company, mailbox: &place.address, own: &own, is_own_message };
    let guarded = guard::check(mail, &around);

    let is_report = guarded.stop.as_ref().is_some_and(|(reason, _)| matches!(reason, Reason::DeliveryReport | Reason::ReadReceipt));
    let reported = if is_report { thread::quoted_ids(raw) } else { Vec::new() };
    let mut tokens = thread::presented(mail.in_reply_to.as_deref(), &mail.references);
    tokens.extend(reported.iter().filter_map(|id| thread::read(id)));
    let thread = genuine(tx, &tokens, &mail.from_address).await?;
    Ok(Finding {
        is_token_invalid: thread.is_none() && !tokens.is_empty(),
        thread,
        guarded,
        sender: auth::sender(mail, &place.authserv_id),
        reported,
    })
}

/// The ticket of the first genuine token. The address a token was made for is the sender's, or else stands in our own
/// ledger beside the mail that carried it.
async fn genuine(tx: &mut Tx, tokens: &[Token], sender: &str) -> Result<Option<Thread>> {
    if tokens.is_empty() {
        return Ok(None);
    }
    let (company, keys) = (tx.ctx.company, keys::accepted(tx).await?);
    for token in tokens {
        let claim = |recipient| Claim { company, ticket: token.ticket, recipient };
        if !sender.is_empty() && thread::is_genuine(&keys, token, claim(sender)) {
            return Ok(Some(Thread { ticket: token.ticket, recipient: sender.to_owned(), is_sender: true }));
        }
        let recipient = sqlx::query_scalar!(
            r#"select to_addresses[1] as "address"
            from mails
            where company_id = $1
            and ticket_id = $2
            and direction = 1
            and lower(split_part(message_id, '@', 1)) = $3"#,
            company as _,
            token.ticket as _,
            token.local_part(),
        )
        .fetch_optional(&mut **tx)
        .await?
        .flatten();
        if let Some(recipient) = recipient
            && thread::is_genuine(&keys, token, claim(&recipient))
        {
            return Ok(Some(Thread { ticket: token.ticket, is_sender: false, recipient }));
        }
    }
    Ok(None)
}

async fn own_addresses(tx: &mut Tx) -> Result<Vec<String>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!("select address from mailboxes where company_id = $1 and deleted_at is null", company as _)
        .fetch_all(&mut **tx)
        .await?)
}

/// Whether a mail of ours went out under this id.
async fn is_own_message(tx: &mut Tx, message_id: Option<&str>) -> Result<bool> {
    let Some(id) = message_id.filter(|id| id.starts_with("kefu.")) else { return Ok(false) };
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from mails m
            join mailboxes b on b.company_id = m.company_id and b.id = m.mailbox_id
            where b.company_id = $1
            and m.company_id = $1
            and m.message_id = $2
            and m.direction = 1
        ) as "is_own!""#,
        company as _,
        id,
    )
    .fetch_one(&mut **tx)
    .await?)
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Error {
        Error::internal(format!("a mail cannot be read: {reason}"))
    }
}

//! Writes of the ledger.

use crate::model::Settlement;
use bytes::Bytes;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{FileId, MailId, MailboxId, MessageId, TicketId};
use kernel::lang::Lang;
use kernel::time::Stamp;
use kernel::tx::Tx;

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

/// Stores a mail: source first, then its row, then `Event::MailReceived`. The same mail twice is one row.
/// System: called by the fetcher and by the import.
pub async fn receive(_ctx: &Ctx, _arrival: Arrival) -> Result<Received> {
    Err(Error::internal("not written yet"))
}

/// Writes the verdict down, inside the caller's transaction. System: the ticket slice has decided.
pub async fn settle(_tx: &mut Tx, _mail: MailId, _settlement: Settlement) -> Result {
    Err(Error::internal("not written yet"))
}

/// Writes a mail and the job that sends it, inside the caller's transaction. System: its caller has asked who may.
pub async fn send(_tx: &mut Tx, _out: Outgoing) -> Result<MailId> {
    Err(Error::internal("not written yet"))
}

/// Takes a mail back that still waits, inside the caller's transaction: true when it was still waiting.
/// System: its caller has asked who may.
pub async fn cancel(_tx: &mut Tx, _mail: MailId) -> Result<bool> {
    Err(Error::internal("not written yet"))
}

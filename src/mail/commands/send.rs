//! 发信: writes a mail that goes out, with the job that hands it to its server.

use crate::compose::{self, Enclosure, Letter};
use crate::jobs::MailSend;
use crate::keys;
use crate::model::{OutState, Private, PrivateKind, Reason};
use crate::parse;
use crate::thread::{self, Claim};
use bytes::Bytes;
use jiff::SignedDuration;
use kernel::error::{Problem, Result};
use kernel::id::{FileId, MailId, MailboxId, MessageId, TicketId};
use kernel::job;
use kernel::lang::Lang;
use kernel::store::{self, Owner};
use kernel::time::Stamp;
use kernel::tx::Tx;

/// Automatic mails to one address within ten minutes (S22).
const MOST_AUTOMATIC: i64 = 5;

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

/// A mailbox that a mail goes out by.
#[derive(Clone, Debug)]
struct Sending {
    /// Which.
    id: MailboxId,
    /// Its address.
    address: String,
    /// The sender's name; the company's when empty.
    display_name: String,
    /// Whether there is a server to hand the mail to.
    has_smtp: bool,
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
    let mailbox = for_sending(tx, out.mailbox, private.map(|private| private.kind)).await?;
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

/// The mailbox that a mail goes out by, inside the caller's transaction: the wanted one, else one that can send, else the
/// oldest, else a built-in one that only names a sender. A link into an account goes only through servers that somebody
/// typed who may change the company's settings, or through the installation's relay: whoever manages mailboxes would
/// read it at a server of his own otherwise (S36).
async fn for_sending(tx: &mut Tx, wanted: Option<MailboxId>, private: Option<PrivateKind>) -> Result<Sending> {
    let company = tx.ctx.company;
    let has_relay = tx.ctx.app.config.smtp_url.is_some();
    let found = sqlx::query_as!(
        Sending,
        r#"select id as "id: MailboxId", address, display_name, (smtp_host <> '' or $3) as "has_smtp!"
        from mailboxes
        where company_id = $1
        and deleted_at is null
        and enabled
        and (not $4 or smtp_host = '' or sends_account_letters)
        order by coalesce(id = $2, false) desc, smtp_host <> '' desc, created_at, id
        limit 1"#,
        company as _,
        wanted as _,
        has_relay,
        private.is_some(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(found) => Ok(found),
        None => built_in(tx).await,
    }
}

/// The mailbox that names the sender where a company has none: `noreply@` the installation's host. It receives nothing
/// and stands in no list.
async fn built_in(tx: &mut Tx) -> Result<Sending> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let host = tx.ctx.app.config.host();
    let domain = if host.parse::<std::net::IpAddr>().is_ok() || host.is_empty() { "localhost" } else { host };
    let address = format!("noreply@{}", domain.to_lowercase());
    let (id, has_smtp) = (MailboxId(tx.ctx.uuid()), tx.ctx.app.config.smtp_url.is_some());
    let id = sqlx::query_scalar!(
        r#"insert into mailboxes (company_id, id, address, enabled, created_at)
        values ($1, $2, $3, false, $4)
        on conflict (company_id, address) where deleted_at is null
        do update set address = excluded.address
        returning id as "id: MailboxId""#,
        company as _,
        id as _,
        address,
        now,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Sending { id, address, display_name: String::new(), has_smtp })
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

/// How many automatic mails may still go to this address now (S22). System: its caller has asked who may.
pub async fn room(tx: &mut Tx, address: &str) -> Result<i64> {
    Ok(MOST_AUTOMATIC - automatic_mails(tx, &address.to_lowercase()).await?)
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

//! 邮件台账: the list of every mail ever seen or sent, and one of them in full.

use crate::auth::{self, Sender};
use crate::finding;
use crate::model::{Attachment, Direction, InState, LedgerFilter, OutState, Private, PrivateKind, Reason, Verdict, Withheld};
use crate::parse::{self, Parsed};
use crate::thread;
use bytes::Bytes;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, MailId, MailboxId, TicketId};
use kernel::page::{Cursor, Direction as Way, Paged};
use kernel::permission::Permission;
use kernel::store;
use kernel::time::Stamp;
use sqlx::{FromRow, Postgres, QueryBuilder};
use ui::frame::{Letter, Picture};

/// Rows of a page.
pub const PAGE: usize = 50;

/// How far a mail is, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// An incoming mail that waits for its verdict.
    Waiting,
    /// The verdict on an incoming mail.
    Judged(Verdict),
    /// How far an outgoing mail is.
    Out(OutState),
}

/// One mail in the list.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// Which.
    pub id: MailId,
    /// In or out.
    pub direction: Direction,
    /// How far it is.
    pub standing: Standing,
    /// The rule behind it.
    pub reason: Option<Reason>,
    /// Sender's address.
    pub from_address: String,
    /// Sender's name.
    pub from_name: String,
    /// Recipients.
    pub to_addresses: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Address of its mailbox.
    pub mailbox: String,
    /// The ticket it made or joined, or belongs to.
    pub ticket: Option<TicketId>,
    /// When it was seen, or written.
    pub received_at: Stamp,
}

/// One mail in full.
#[derive(Clone, Debug)]
pub struct LedgerEntry {
    /// As in the list.
    pub row: LedgerRow,
    /// Facts beside the reason.
    pub detail: String,
    /// The ticket it may repeat.
    pub duplicate_of: Option<TicketId>,
    /// Its number on the server; imports have none.
    pub uid: Option<i64>,
    /// Bytes of its source.
    pub size: i64,
    /// When its verdict was found.
    pub settled_at: Option<Stamp>,
    /// When it was handed over.
    pub sent_at: Option<Stamp>,
    /// Tries of sending.
    pub attempts: i32,
    /// What sending met last.
    pub last_error: Option<String>,
    /// Whether it may have been sent although no answer came.
    pub possibly_sent: bool,
    /// What it says; only its head when it cannot be read.
    pub mail: Parsed,
    /// The beginning of its source.
    pub head: String,
    /// What the mailbox's own server says of the sender.
    pub sender: Sender,
    /// Whether it presents a reply token.
    pub has_token: bool,
    /// Why its words are not shown: `mail` and `head` are empty then.
    pub withheld: Option<Withheld>,
}

/// A page of the ledger, newest first.
pub async fn list(ctx: &Ctx, filter: &LedgerFilter) -> Result<Paged<LedgerRow>> {
    ctx.require(Permission::MailLedger)?;
    let cursor: Option<Cursor> = filter.at.parse().ok();
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.direction == Way::Before);
    let mut query = QueryBuilder::<Postgres>::new(
        "select m.id, m.direction, m.state, m.verdict, m.reason, m.from_address, m.from_name, m.to_addresses, m.subject, b.address as mailbox,
            m.ticket_id, m.received_at
        from mails m
        join mailboxes b on b.company_id = m.company_id and b.id = m.mailbox_id
        where m.company_id = ",
    );
    query.push_bind(ctx.company);
    narrow(&mut query, filter);
    if let Some(cursor) = &cursor
        && let Some(at) = cursor.integer().ok().and_then(Stamp::from_micros)
    {
        query.push(if backwards { " and (m.received_at, m.id) > (" } else { " and (m.received_at, m.id) < (" });
        query.push_bind(at).push(", ").push_bind(MailId(cursor.id)).push(")");
    }
    query.push(if backwards { " order by m.received_at, m.id" } else { " order by m.received_at desc, m.id desc" });
    query.push(" limit ").push_bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let mut tx = ctx.read().await?;
    let rows: Vec<Stored> = query.build_query_as().fetch_all(&mut *tx).await?;
    let rows = rows.into_iter().map(Stored::row).collect();
    Ok(Paged::cut(rows, PAGE, cursor.as_ref(), |row| (row.received_at.micros().to_string(), row.id.0)))
}

/// What wants a person: mails in quarantine, and mails that could not be sent within the last week.
pub async fn troubles(ctx: &Ctx) -> Result<(i64, i64)> {
    ctx.require(Permission::MailLedger)?;
    let mut tx = ctx.read().await?;
    let (company, since) = (ctx.company, ctx.now().minus(jiff::SignedDuration::from_hours(7 * 24)));
    let row = sqlx::query!(
        r#"select count(*) filter (where direction = 0 and state = 3) as "quarantined!",
            count(*) filter (where direction = 1 and state = 3 and received_at > $2) as "failed!"
        from mails
        where company_id = $1
        and state = 3"#,
        company as _,
        since,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok((row.quarantined, row.failed))
}

/// One mail in full, read again from its source.
pub async fn entry(ctx: &Ctx, mail: MailId) -> Result<LedgerEntry> {
    const HEAD: usize = 24 * 1024;
    ctx.require(Permission::MailLedger)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let row = sqlx::query!(
        r#"select m.id as "id: MailId", m.direction, m.state, m.verdict, m.reason, m.from_address, m.from_name, m.to_addresses, m.subject,
            b.address as mailbox, b.id as "mailbox_id: MailboxId", b.authserv_id, m.ticket_id as "ticket_id: TicketId", m.received_at,
            m.reason_detail, m.duplicate_of as "duplicate_of: TicketId", m.uid, m.raw_sha256, m.raw_size, m.settled_at, m.sent_at, m.attempts,
            m.last_error, m.possibly_sent, m.private_kind as "private_kind: PrivateKind", m.private_agent_id as "private_agent: AgentId"
        from mails m
        join mailboxes b on b.company_id = m.company_id and b.id = m.mailbox_id
        where m.company_id = $1
        and m.id = $2"#,
        company as _,
        mail as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let private = row.private_kind.zip(row.private_agent).map(|(kind, agent)| Private { kind, agent });
    let mut withheld = super::withheld(&mut tx, private, row.state).await?;
    drop(tx);
    let raw = match withheld {
        Some(_) => Bytes::new(),
        None => store::read(ctx, &row.raw_sha256).await.unwrap_or_else(|error| {
            // What the ledger itself knows is still worth reading.
            tracing::error!(mail = %mail, %error, "the source of a mail cannot be read");
            withheld = Some(Withheld::Lost);
            Bytes::new()
        }),
    };
    let mail = match finding::read(raw.clone()).await {
        _ if withheld.is_some() => Parsed {
            from_address: row.from_address.clone(),
            from_name: row.from_name.clone(),
            to: row.to_addresses.clone(),
            subject: row.subject.clone(),
            ..Parsed::default()
        },
        Ok(parsed) => parsed,
        Err(_) => parse::head(&raw),
    };
    let stored = Stored {
        id: row.id,
        direction: row.direction,
        state: row.state,
        verdict: row.verdict,
        reason: row.reason,
        from_address: row.from_address,
        from_name: row.from_name,
        to_addresses: row.to_addresses,
        subject: row.subject,
        mailbox: row.mailbox,
        ticket_id: row.ticket_id,
        received_at: row.received_at,
    };
    Ok(LedgerEntry {
        row: stored.row(),
        detail: row.reason_detail,
        duplicate_of: row.duplicate_of,
        uid: row.uid,
        size: row.raw_size,
        settled_at: row.settled_at,
        sent_at: row.sent_at,
        attempts: row.attempts,
        last_error: row.last_error,
        possibly_sent: row.possibly_sent,
        head: String::from_utf8_lossy(&raw[..raw.len().min(HEAD)]).into_owned(),
        sender: auth::sender(&mail, &row.authserv_id),
        has_token: !thread::presented(mail.in_reply_to.as_deref(), &mail.references).is_empty(),
        withheld,
        mail,
    })
}

/// The words of a mail for their frame.
pub async fn body(ctx: &Ctx, mail: MailId) -> Result<Letter> {
    let (_, raw) = super::source(ctx, mail).await?;
    let Ok(parsed) = finding::read(raw).await else { return Ok(Letter::default()) };
    let super::Words { page: fresh, quoted_html: quoted, .. } = super::words(&parsed).await;
    let picture = |file: Attachment| Some(Picture { content_id: file.content_id?, content: file.content.into() });
    Ok(Letter { fresh, quoted, pictures: parsed.attachments.into_iter().filter_map(picture).collect() })
}

#[derive(FromRow)]
struct Stored {
    id: MailId,
    direction: i16,
    state: i16,
    verdict: Option<String>,
    reason: Option<String>,
    from_address: String,
    from_name: String,
    to_addresses: Vec<String>,
    subject: String,
    mailbox: String,
    ticket_id: Option<TicketId>,
    received_at: Stamp,
}

impl Stored {
    fn row(self) -> LedgerRow {
        let direction = Direction::from_code(self.direction).unwrap_or(Direction::In);
        let verdict = self.verdict.as_deref().and_then(Verdict::from_key);
        let standing = match (direction, verdict) {
            (Direction::Out, _) => Standing::Out(OutState::from_code(self.state).unwrap_or(OutState::Waiting)),
            (Direction::In, Some(verdict)) if self.state != InState::Stored.code() => Standing::Judged(verdict),
            (Direction::In, _) => Standing::Waiting,
        };
        LedgerRow {
            id: self.id,
            direction,
            standing,
            reason: self.reason.as_deref().and_then(Reason::from_key),
            from_address: self.from_address,
            from_name: self.from_name,
            to_addresses: self.to_addresses,
            subject: self.subject,
            mailbox: self.mailbox,
            ticket: self.ticket_id,
            received_at: self.received_at,
        }
    }
}

fn narrow(query: &mut QueryBuilder<Postgres>, filter: &LedgerFilter) {
    if let Some(direction) = Direction::from_key(&filter.way) {
        query.push(" and m.direction = ").push_bind(direction);
    }
    if let Some(verdict) = Verdict::from_key(&filter.result) {
        query.push(" and m.direction = 0 and m.state <> 0 and m.verdict = ").push_bind(verdict.key());
    } else if filter.result == InState::Stored.key() {
        query.push(" and m.direction = 0 and m.state = 0");
    } else if let Some(state) = OutState::from_key(&filter.result) {
        query.push(" and m.direction = 1 and m.state = ").push_bind(state);
    }
    if let Ok(mailbox) = filter.mailbox.parse::<MailboxId>() {
        query.push(" and m.mailbox_id = ").push_bind(mailbox);
    }
    let text = filter.q.trim().replace('\0', "");
    if !text.is_empty() {
        let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query.push(" and (m.subject ilike ").push_bind(pattern.clone());
        query.push(" or m.from_address ilike ").push_bind(pattern.clone());
        query.push(" or m.from_name ilike ").push_bind(pattern);
        query.push(" or m.message_id = ").push_bind(text.trim_matches(['<', '>']).to_owned());
        query.push(" or ").push_bind(text.to_lowercase()).push(" = any(m.to_addresses))");
    }
}

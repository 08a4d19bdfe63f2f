//! Reads: what a mail says, the ledger, mailboxes with their health.

pub mod ledger;
pub mod mailbox;

use crate::finding::{self, Place};
use crate::model::{Inbox, Incoming, OutState, Private, PrivateKind, Reason, Withheld};
use crate::parse::Parsed;
use crate::quote;
use bytes::Bytes;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::html;
use kernel::id::{AgentId, CategoryId, GroupId, MailId, MailboxId};
use kernel::permission::Permission;
use kernel::store;
use kernel::tx::Tx;

/// What an incoming mail says and what is known about it, read again from its raw source. System: for whoever decides
/// about it.
pub async fn incoming(ctx: &Ctx, mail: MailId) -> Result<Incoming> {
    // Not from a replica: the mail may have been stored a moment ago.
    let mut tx = ctx.begin().await?;
    let row = row(&mut tx, mail).await?;
    drop(tx);
    let raw = store::read(ctx, &row.raw_sha256).await?;
    let parsed = finding::read(raw.clone()).await?;
    let tx = ctx.begin().await?;
    known(tx, row, parsed, &raw).await
}

/// The same of a mail that was read when it was stored. System: the import.
pub async fn incoming_of(ctx: &Ctx, mail: MailId, parsed: Parsed, raw: &[u8]) -> Result<Incoming> {
    let mut tx = ctx.begin().await?;
    let row = row(&mut tx, mail).await?;
    known(tx, row, parsed, raw).await
}

/// What the ledger says of an incoming mail, and the mailbox it came to.
struct Row {
    mail: MailId,
    raw_sha256: Vec<u8>,
    state: i16,
    reason: Option<String>,
    uid: Option<i64>,
    place: Place,
    group: Option<GroupId>,
    category: Option<CategoryId>,
}

async fn row(tx: &mut Tx, mail: MailId) -> Result<Row> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select m.raw_sha256, m.state, m.reason, m.uid, b.id as "mailbox: MailboxId", b.address, b.authserv_id, b.group_id as "group: GroupId",
            b.category_id as "category: CategoryId"
        from mails m
        join mailboxes b on b.company_id = m.company_id and b.id = m.mailbox_id
        where m.company_id = $1
        and m.id = $2
        and m.direction = 0"#,
        company as _,
        mail as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let place = Place { id: row.mailbox, address: row.address, authserv_id: row.authserv_id };
    let (raw_sha256, state, reason, uid) = (row.raw_sha256, row.state, row.reason, row.uid);
    Ok(Row { mail, raw_sha256, state, reason, uid, place, group: row.group, category: row.category })
}

/// Everything known about a mail, which ends the transaction it is asked in.
async fn known(mut tx: Tx, row: Row, parsed: Parsed, raw: &[u8]) -> Result<Incoming> {
    let (mail, place) = (row.mail, row.place);
    let found = finding::find(&mut tx, &parsed, raw, &place).await?;
    let is_forced = row.reason.as_deref() == Some(Reason::Forced.key());
    let is_duplicate = !is_forced && is_duplicate(&mut tx, mail, &parsed, place.id).await?;
    drop(tx);

    let auto_reply = match found.guarded.stop {
        _ if is_forced => None,
        _ if is_duplicate => Some(Reason::Duplicate),
        stop => stop.map(|(reason, _)| reason),
    };
    let Words { text, page, quoted_html } = words(&parsed).await;
    Ok(Incoming {
        mail,
        is_settled: row.state == 2,
        is_imported: row.uid.is_none(),
        mailbox: Inbox { id: place.id, address: place.address, group_id: row.group, category_id: row.category },
        from_address: parsed.from_address,
        from_name: parsed.from_name,
        reply_to: parsed.reply_to,
        to: parsed.to,
        cc: parsed.cc,
        subject: parsed.subject,
        message_id: parsed.message_id,
        in_reply_to: parsed.in_reply_to,
        references: parsed.references,
        dated: parsed.dated,
        text,
        html: page,
        quoted_html,
        attachments: parsed.attachments,
        auto_reply,
        no_auto_answer: found.guarded.no_auto_answer,
        // The first copy has joined the ticket already.
        thread: found.thread.filter(|_| !is_duplicate),
        is_token_invalid: found.is_token_invalid,
        authenticated: found.sender.is_verified,
        warning: found.sender.is_refused.then_some(Reason::SenderRefused),
    })
}

/// What a mail says anew, as text and as a page, and the history it quotes.
struct Words {
    text: String,
    page: String,
    quoted_html: String,
}

/// Its page is a stranger's: what cannot be made of it in time is left to the text beside it.
async fn words(parsed: &Parsed) -> Words {
    let (text, page) = (parsed.text.clone(), parsed.html.clone());
    let found = finding::beside(move || fold(&text, page.as_deref())).await;
    found.unwrap_or_else(|_| Words { text: parsed.text.clone(), page: html::from_text(&parsed.text), quoted_html: String::new() })
}

fn fold(text: &str, page: Option<&str>) -> Words {
    let (fresh, quoted) = quote::fold_text(text);
    let Some(whole) = page else {
        return Words { page: html::from_text(&fresh), quoted_html: html::from_text(&quoted), text: fresh };
    };
    let (page, quoted_page) = quote::fold_html(whole);
    let (page, quoted_html) = (html::sanitise(&page), html::sanitise(&quoted_page));
    // Some clients mark the history in the page alone: what the page says anew is where the text begins then.
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut text = fresh;
    if quoted.is_empty() && !quoted_page.is_empty() {
        let new = html::to_text(&page);
        if !new.is_empty() && bare(&text).starts_with(&bare(&new)) {
            text = new;
        }
    }
    Words { text, page, quoted_html }
}

/// How far an outgoing mail is. System: for whoever had it sent.
pub async fn out_state(tx: &mut Tx, mail: MailId) -> Result<OutState> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select state as "state: OutState" from mails where company_id = $1 and id = $2 and direction = 1"#,
        company as _,
        mail as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The raw source of a mail, with a name for its file.
pub async fn source(ctx: &Ctx, mail: MailId) -> Result<(String, Bytes)> {
    ctx.require(Permission::MailLedger)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let row = sqlx::query!(
        r#"select raw_sha256, subject, state, private_kind as "private_kind: PrivateKind", private_agent_id as "private_agent: AgentId"
        from mails
        where company_id = $1
        and id = $2"#,
        company as _,
        mail as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let private = row.private_kind.zip(row.private_agent).map(|(kind, agent)| Private { kind, agent });
    if withheld(&mut tx, private, row.state).await?.is_some() {
        return Err(Error::NotFound);
    }
    drop(tx);
    let raw = store::read(ctx, &row.raw_sha256).await.map_err(|error| {
        tracing::error!(mail = %mail, %error, "the source of a mail cannot be read");
        Error::NotFound
    })?;
    let name: String = row.subject.chars().filter(|c| !"#/\\".contains(*c)).take(60).collect();
    Ok((format!("{}.eml", if name.trim().is_empty() { "mail" } else { name.trim() }), raw))
}

/// Why the words of a mail in this state are not the actor's to read, if they are not: an invitation is for whoever may
/// manage the account, since they could send it anew; a password link that no server takes is for super admins (S36).
pub(crate) async fn withheld(tx: &mut Tx, private: Option<Private>, state: i16) -> Result<Option<Withheld>> {
    let Some(Private { kind, agent }) = private else { return Ok(None) };
    let state = OutState::from_code(state);
    let may_read = match (kind, state) {
        (_, Some(OutState::Sent | OutState::Cancelled)) | (PrivateKind::Reset, Some(OutState::Failed)) => return Ok(Some(Withheld::Gone)),
        (PrivateKind::Invitation, _) => identity::queries::account::may_manage(tx, agent).await?,
        (PrivateKind::Reset, Some(OutState::Kept)) => identity::queries::account::is_super_admin(tx).await?,
        (PrivateKind::Reset, _) => false,
    };
    Ok((!may_read).then_some(Withheld::Private))
}

/// Whether another copy of the same mail came to the same mailbox and was processed: one that went to two of its
/// addresses, or was delivered twice with other headers. Some programs give one id to many mails: what they say must be
/// the same too.
async fn is_duplicate(tx: &mut Tx, mail: MailId, parsed: &Parsed, mailbox: MailboxId) -> Result<bool> {
    const LOOKED_AT: i64 = 5;
    let Some(message_id) = parsed.message_id.as_deref() else { return Ok(false) };
    let (company, ctx) = (tx.ctx.company, tx.ctx.clone());
    let candidates = sqlx::query_scalar!(
        r#"select raw_sha256
        from mails
        where company_id = $1
        and mailbox_id = $2
        and message_id = $3
        and from_address = $4
        and subject = $5
        and id <> $6
        and direction = 0
        and verdict in ('new_ticket', 'appended')
        limit $7"#,
        company as _,
        mailbox as _,
        message_id,
        parsed.from_address,
        parsed.subject,
        mail as _,
        LOOKED_AT,
    )
    .fetch_all(&mut **tx)
    .await?;
    let said = |mail: &Parsed| -> (String, Vec<(String, usize)>) {
        let words = mail.text.split_whitespace().collect();
        (words, mail.attachments.iter().map(|file| (file.name.clone(), file.content.len())).collect())
    };
    for sha256 in candidates {
        if let Ok(other) = finding::read(store::read(&ctx, &sha256).await?).await
            && said(&other) == said(parsed)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

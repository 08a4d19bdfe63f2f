//! Messages of tickets: their text, their files, their rows.

use super::held::Held;
use crate::model::{ReplyType, TEXT_MOST};
use bytes::Bytes;
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{FileId, MailId, MessageId};
use kernel::store::{self, Owner, Put};
use kernel::time::Stamp;
use kernel::tx::Tx;
use kernel::{html, rich, search};

/// Files of one message at most (400066).
const FILES_MOST: usize = 20;

/// 附件: a file that came with a form or a mail.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The name people gave it.
    pub name: String,
    /// Its bytes.
    pub content: Bytes,
    /// What `cid:` links of the HTML call it.
    pub content_id: Option<String>,
}

impl NewFile {
    /// A file of a form.
    #[must_use]
    pub fn of(upload: ui::act::Upload) -> NewFile {
        NewFile { name: upload.name, content: upload.content, content_id: None }
    }
}

/// What was written, both as HTML and as text.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub html: String,
    pub text: String,
}

/// A message about to be written.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    pub reply_type: ReplyType,
    pub body: Body,
    pub quoted_html: String,
    pub author_kind: ActorKind,
    pub author_id: Option<uuid::Uuid>,
    pub author_name: String,
    pub mail: Option<MailId>,
    /// Addresses on the mail it came by: ours, and the copies.
    pub recipients: Recipients,
    pub warning: Option<String>,
    pub hold_until: Option<Stamp>,
}

/// 收件人: to whom a mail went, as it was written. The copies of a ticket change later, those of a message do not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recipients {
    pub to: String,
    pub cc: Vec<String>,
}

/// Bytes in the store that wait for their row.
pub(crate) struct Stored {
    name: String,
    put: Put,
    content_id: Option<String>,
}

/// What a person wrote: HTML of the editor, or plain text without scripting.
pub(crate) fn body(html: &str, text: &str) -> Result<Body> {
    let wrong = |problem| Err(Error::Problems(Problems::one("text", problem)));
    let (body, length) = if html.trim().is_empty() {
        let text = without_nul(text.trim());
        let length = text.chars().count();
        (Body { html: rich::from_text(&text), text }, length)
    } else {
        let html = rich::clean(&without_nul(html));
        let length = rich::count(&html);
        (Body { text: rich::to_text(&html), html }, length)
    };
    match length {
        _ if rich::is_empty(&body.html) => wrong(Problem::Required),
        length if length > TEXT_MOST => wrong(Problem::DescriptionTooLong),
        _ => Ok(body),
    }
}

/// PostgreSQL's text knows every character but this one.
pub(crate) fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// Checks the files of a form.
pub(crate) fn check_files(files: &[NewFile]) -> Result {
    if files.len() > FILES_MOST {
        return Err(Error::Problems(Problems::one("files", Problem::TooManyFiles)));
    }
    files.iter().try_for_each(|file| store::check(&file.name, file.content.len()))
}

/// Puts files into the store; comes before the transaction that names them (D16).
pub(crate) async fn put_files(ctx: &Ctx, files: Vec<NewFile>) -> Result<Vec<Stored>> {
    let mut stored = Vec::with_capacity(files.len());
    for file in files {
        let put = store::put(ctx, file.content).await?;
        stored.push(Stored { name: file.name, put, content_id: file.content_id });
    }
    Ok(stored)
}

/// Names stored files as a message's own.
pub(crate) async fn name_files(tx: &mut Tx, message: MessageId, stored: &[Stored]) -> Result<Vec<FileId>> {
    let mut ids = Vec::with_capacity(stored.len());
    for file in stored {
        let content_id = file.content_id.as_deref().map(without_nul);
        ids.push(store::name(tx, &file.put, &without_nul(&file.name), owner(message), content_id.as_deref()).await?);
    }
    Ok(ids)
}

/// Whose files these are.
pub(crate) fn owner(message: MessageId) -> Owner {
    Owner { kind: "ticket_message", id: message.0 }
}

/// Writes a message at the next place of the ticket's order; the caller saves the ticket.
pub(crate) async fn write(tx: &mut Tx, held: &mut Held, message: NewMessage) -> Result<(MessageId, i32)> {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), MessageId(tx.ctx.uuid()));
    let (ticket, seq) = (held.id, held.next_seq());
    held.message_count += 1;
    let terms = search::terms([message.body.text.as_str()]);
    sqlx::query!(
        "insert into ticket_messages (company_id, id, ticket_id, seq, reply_type, author_kind, author_id, author_name, html, quoted_html,
            text, sanitiser, mail_id, warning, hold_until, bigrams, created_at, sent_to, sent_cc)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        company as _,
        id as _,
        ticket as _,
        seq,
        message.reply_type as _,
        message.author_kind as _,
        message.author_id,
        message.author_name,
        message.body.html,
        message.quoted_html,
        message.body.text,
        html::SANITISER,
        message.mail as _,
        message.warning,
        message.hold_until as _,
        &terms,
        now,
        message.recipients.to,
        &message.recipients.cc,
    )
    .execute(&mut **tx)
    .await?;
    Ok((id, seq))
}

//! 时间线: what happened to a ticket, page by page.

use crate::model::{ChangeKind, Changes, LogFrom, ReplyType, file_href};
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{FileId, MailId, MessageId, TicketFieldId, TicketId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use kernel::{html, rich};
use mail::model::OutState;
use std::collections::HashMap;

/// Messages of one page of the history; earlier ones follow on request.
const MESSAGES: i64 = 100;
/// Changes beside them at most.
const CHANGES: i64 = 500;

/// 时间线: messages and changes in the ticket's order.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// Ask `earlier` with this to see what came before; `None` at the beginning.
    pub earlier: Option<i32>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Somebody wrote.
    Message(Box<Message>),
    /// Something changed.
    Change(Box<Change>),
}

/// 工单回复.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Place in the order; 1 is the description.
    pub seq: i32,
    /// Who sees it.
    pub reply_type: ReplyType,
    /// Kind of its author.
    pub author_kind: ActorKind,
    /// Its author.
    pub author_id: Option<uuid::Uuid>,
    /// The author's name when it was written.
    pub author_name: String,
    /// What it says.
    pub words: Words,
    /// Quoted history of a mail.
    pub quoted: Words,
    /// As plain text.
    pub text: String,
    /// The mail it came by.
    pub mail_id: Option<MailId>,
    /// The mail it went out by.
    pub out_mail_id: Option<MailId>,
    /// How far that mail is.
    pub out_state: Option<OutState>,
    /// The address that mail went to when it was written; ours for one that came in.
    pub sent_to: String,
    /// Who got a copy of it then.
    pub sent_cc: Vec<String>,
    /// Key of the reason why it is not what its sender claims (S20).
    pub warning: Option<String>,
    /// Until then its writer may take it back.
    pub hold_until: Option<Stamp>,
    /// When it was written.
    pub created_at: Stamp,
    /// When it was deleted.
    pub deleted_at: Option<Stamp>,
    /// Who deleted it.
    pub deleted_by: Option<String>,
    /// 附件, without the images that stand in the text.
    pub files: Vec<MessageFile>,
}

/// Where the words of a message stand.
///
/// What people wrote in our own editor stands in the page. So does a mail that is nothing but words — paragraphs, lists,
/// quotes, emphasis, links and its own pictures (`kernel::rich::is_plain`) — because it reads best there. Everything else
/// that came by mail is somebody's layout and stands in a frame (`ui::frame`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// In the page: sanitised, with inline images leading to their files; empty when it was deleted.
    Here(String),
    /// In a frame of its own, which `queries::body` fills.
    Framed,
}

/// 附件 of a message.
#[derive(Clone, Debug)]
pub struct MessageFile {
    /// Which.
    pub id: FileId,
    /// The name people gave it.
    pub name: String,
    /// Type by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// 操作记录: one row of the history.
#[derive(Clone, Debug)]
pub struct Change {
    /// Place in the order.
    pub seq: i32,
    /// What happened; `None` for a kind that this version does not know.
    pub kind: Option<ChangeKind>,
    /// From what to what.
    pub changes: Changes,
    /// The reason that was given.
    pub note: String,
    /// Through what it came.
    pub log_from: LogFrom,
    /// Kind of its actor.
    pub actor_kind: ActorKind,
    /// The actor's name when it happened.
    pub actor_name: String,
    /// When.
    pub created_at: Stamp,
}

/// What happened before a place of the order.
pub async fn earlier(ctx: &Ctx, ticket: TicketId, before: i32) -> Result<Timeline> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    crate::queries::visible(&mut tx, ticket).await?;
    page_of(&mut tx, ticket, Some(before)).await
}

/// One page, ending before a place of the order; inside a transaction that asked who may.
pub(crate) async fn page_of(tx: &mut Tx, ticket: TicketId, before: Option<i32>) -> Result<Timeline> {
    let company = tx.ctx.company;
    let before = before.unwrap_or(i32::MAX);
    let rows = sqlx::query!(
        r#"select m.id as "id: MessageId", m.seq, m.reply_type as "reply_type: ReplyType", m.author_kind as "author_kind: ActorKind",
            m.author_id, m.author_name, m.html, m.quoted_html, m.text, m.sanitiser, m.mail_id as "mail_id: MailId",
            m.out_mail_id as "out_mail_id: MailId", o.state as "out_state?: OutState", m.sent_to, m.sent_cc, m.warning, m.hold_until,
            m.created_at, m.deleted_at, m.deleted_by
        from ticket_messages m
        left join mails o on o.company_id = m.company_id and o.id = m.out_mail_id
        where m.company_id = $1
        and m.ticket_id = $2
        and m.seq < $3
        order by m.seq desc
        limit $4"#,
        company as _,
        ticket as _,
        before,
        MESSAGES + 1,
    )
    .fetch_all(&mut **tx)
    .await?;
    let shown = usize::try_from(MESSAGES).unwrap_or(usize::MAX);
    let earlier = rows.get(shown.saturating_sub(1)).filter(|_| rows.len() > shown).map(|row| row.seq);
    let ids: Vec<uuid::Uuid> = rows.iter().take(shown).map(|row| row.id.0).collect();
    let mut files = files_of(tx, &ids).await?;
    let mut entries = changes(tx, ticket, earlier.unwrap_or(0), before).await?;
    for row in rows.into_iter().take(shown) {
        let found = files.remove(&row.id.0).unwrap_or_default();
        let is_gone = row.deleted_at.is_some();
        let clean = |stored: String| match (is_gone, row.sanitiser >= html::SANITISER) {
            (true, _) => String::new(),
            (false, true) => stored,
            (false, false) => html::sanitise(&stored),
        };
        let (mut fresh, mut quoted) = (clean(row.html), clean(row.quoted_html));
        let [is_framed, is_quote_framed] = [&fresh, &quoted].map(|html| row.mail_id.is_some() && !rich::is_plain(html));
        let loose = place_images([&mut fresh, &mut quoted], if is_gone { Vec::new() } else { found });
        entries.push(Entry::Message(Box::new(Message {
            id: row.id,
            seq: row.seq,
            reply_type: row.reply_type,
            author_kind: row.author_kind,
            author_id: row.author_id,
            author_name: row.author_name,
            words: if is_framed { Words::Framed } else { Words::Here(fresh) },
            quoted: if is_quote_framed { Words::Framed } else { Words::Here(quoted) },
            text: if is_gone { String::new() } else { row.text },
            mail_id: row.mail_id,
            out_mail_id: row.out_mail_id,
            out_state: row.out_state,
            sent_to: row.sent_to,
            sent_cc: row.sent_cc,
            warning: row.warning,
            hold_until: row.hold_until,
            created_at: row.created_at,
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
            files: loose,
        })));
    }
    entries.sort_by_key(Entry::seq);
    Ok(Timeline { entries, earlier })
}

impl Entry {
    /// Place in the ticket's order.
    #[must_use]
    pub fn seq(&self) -> i32 {
        match self {
            Entry::Message(message) => message.seq,
            Entry::Change(change) => change.seq,
        }
    }
}

async fn changes(tx: &mut Tx, ticket: TicketId, from: i32, before: i32) -> Result<Vec<Entry>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select seq, kind, changes, note, log_from as "log_from: LogFrom", actor_kind as "actor_kind: ActorKind", actor_name, created_at
        from ticket_changes
        where company_id = $1
        and ticket_id = $2
        and seq >= $3
        and seq < $4
        order by seq desc
        limit $5"#,
        company as _,
        ticket as _,
        from,
        before,
        CHANGES,
    )
    .fetch_all(&mut **tx)
    .await?;
    let entry = |row: (i32, String, serde_json::Value, String, LogFrom, ActorKind, String, Stamp)| {
        let (seq, kind, changes, note, log_from, actor_kind, actor_name, created_at) = row;
        let changes = Changes { undo: None, ..serde_json::from_value(changes).unwrap_or_default() };
        let kind = ChangeKind::from_key(&kind);
        Change { seq, kind, changes, note, log_from, actor_kind, actor_name, created_at }
    };
    let entries: Vec<Change> = rows
        .into_iter()
        .map(|row| entry((row.seq, row.kind, row.changes, row.note, row.log_from, row.actor_kind, row.actor_name, row.created_at)))
        .collect();
    let entries = seen(tx, entries).await?;
    Ok(entries.into_iter().map(|change| Entry::Change(Box::new(change))).collect())
}

/// The same without own fields that the reader may not see; a line that said nothing else is left out.
async fn seen(tx: &mut Tx, mut changes: Vec<Change>) -> Result<Vec<Change>> {
    if changes.iter().all(|change| change.changes.fields.is_empty()) {
        return Ok(changes);
    }
    let known = super::field::all(tx).await?;
    let is_seen = |id: &TicketFieldId| known.iter().any(|field| field.id == *id && field.is_seen);
    changes.retain_mut(|change| {
        let had_any = !change.changes.fields.is_empty();
        change.changes.fields.retain(|id, _| is_seen(id));
        !had_any || !change.changes.is_empty() || !change.note.is_empty()
    });
    Ok(changes)
}

/// A file with what the HTML calls it.
struct Found {
    file: MessageFile,
    content_id: Option<String>,
}

async fn files_of(tx: &mut Tx, messages: &[uuid::Uuid]) -> Result<HashMap<uuid::Uuid, Vec<Found>>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: FileId", name, media_type, size, owner_id as "owner_id!", content_id
        from files
        where company_id = $1
        and owner_kind = 'ticket_message'
        and owner_id = any($2)
        order by created_at, id"#,
        company as _,
        messages,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: HashMap<uuid::Uuid, Vec<Found>> = HashMap::new();
    for row in rows {
        let file = MessageFile { id: row.id, name: row.name, media_type: row.media_type, size: row.size };
        found.entry(row.owner_id).or_default().push(Found { file, content_id: row.content_id });
    }
    Ok(found)
}

/// Leads inline images to their files and gives the other files: what stands in the text is not listed below it again.
fn place_images(mut words: [&mut String; 2], files: Vec<Found>) -> Vec<MessageFile> {
    let mut loose = Vec::new();
    for Found { file, content_id } in files {
        let mut is_placed = false;
        if let Some(id) = content_id.filter(|_| kernel::store::shows_inline(&file.media_type)) {
            let link = format!("\"cid:{}\"", html::escape(&id));
            for html in words.iter_mut().filter(|html| html.contains(&link)) {
                **html = html.replace(&link, &format!("\"{}\"", file_href(file.id)));
                is_placed = true;
            }
        }
        if !is_placed {
            loose.push(file);
        }
    }
    loose
}

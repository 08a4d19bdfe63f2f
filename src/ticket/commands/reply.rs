//! 回复: replies to everyone, notes for agents, taking back, deleting.

use super::create::by_actor;
use super::held::{Held, Log};
use super::message::{self, NewFile, owner};
use super::{draft, edit, fill, form, name, picture};
use crate::model::reply::{DraftInput, ReplyInput};
use crate::model::state::Act;
use crate::model::{ChangeKind, Changes, Property, ReplyType, Shown, Status, UNDO_SECONDS};
use jiff::SignedDuration;
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, FileId, MailId, MessageId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::store::{self, Owner};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

pub(crate) mod post;

/// A reply that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replied {
    /// The message.
    pub message: MessageId,
    /// Its place in the ticket's order.
    pub seq: i32,
    /// Until when it can be taken back: set when a mail waits to go out.
    pub undo_until: Option<Stamp>,
}

/// What the ticket was before a reply, so that taking the reply back restores it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Before {
    message: MessageId,
    status: Status,
    agent: Option<AgentId>,
    cycle: i32,
    waiting_since: Option<Stamp>,
    first_response_at: Option<Stamp>,
    solved_at: Option<Stamp>,
    closed_at: Option<Stamp>,
}

/// Replies to everyone, or leaves a note for agents.
///
/// A reply to everyone goes out by mail when the customer has an address; until it does, 10 seconds later, `undo_reply`
/// takes it back. The status is the one that was chosen, waiting for reply by default. A ticket that nobody handles
/// becomes the writer's own when they work in its group. A reply whose writer has not seen the customer's latest word
/// or somebody else's latest change of status is `Problem::Stale`, until it is confirmed. What has to be filled in before the
/// ticket ends can be sent along. Where the words to the customer say `{{form}}`, the
/// link of their form stands in the mail; in the ticket the place stays a place.
pub async fn reply(ctx: &Ctx, input: ReplyInput, files: Vec<NewFile>) -> Result<Replied> {
    write(ctx, input, files, Composer::Sent).await
}

/// What becomes of what was typed into the composer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Composer {
    /// It is this reply.
    Sent,
    /// It stays a draft.
    Kept,
}

/// Writes it.
pub(crate) async fn write(ctx: &Ctx, input: ReplyInput, files: Vec<NewFile>, composer: Composer) -> Result<Replied> {
    let is_public = input.reply_type == ReplyType::Everyone;
    if is_public && !ctx.may(Permission::TicketReply) && ctx.may(Permission::TicketNote) {
        return Err(Error::Problems(Problems::one("reply_type", Problem::AgentsOnly)));
    }
    ctx.require(if is_public { Permission::TicketReply } else { Permission::TicketNote })?;
    let me = ctx.agent()?;
    input.check()?;
    let body = message::body(&input.html, &input.text)?;
    message::check_files(&files)?;
    let envelope = if is_public { post::envelope(ctx, input.ticket).await? } else { None };
    let stored = message::put_files(ctx, files).await?;

    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, input.ticket).await?;
    held.refuse_deleted()?;
    edit::require_status(ctx, &held, input.status)?;
    if is_public && !input.confirmed {
        refuse_unseen(&mut tx, &held, me, input.seen_seq).await?;
    }
    let (before, now) = (held.clone(), ctx.now());
    let hold_until = envelope.is_some().then(|| now.plus(SignedDuration::from_secs(UNDO_SECONDS)));
    let (body, pictures) = picture::of_writer(&mut tx, me, body).await?;
    // The link is the customer's right: what is kept for everybody who sees the ticket names its place alone.
    let mailed = if is_public { form::linked(&mut tx, &held, body.clone()).await? } else { body.clone() };
    let mut new = by_actor(&tx, body, None);
    new.reply_type = input.reply_type;
    new.hold_until = hold_until;
    let (id, seq) = message::write(&mut tx, &mut held, new).await?;
    let mut sent = message::name_files(&mut tx, id, &stored).await?;
    sent.extend(take_draft_files(&mut tx, (held.id, me), id, &input.files).await?);
    sent.extend(picture::give(&mut tx, me, id, &pictures).await?);
    held.file_count += i32::try_from(sent.len()).unwrap_or(0);

    let mut changes = Changes::default();
    let wanted = fill::wanted(&mut tx, &held, &input.fields).await?;
    fill::fill(&mut tx, &mut held, &wanted, &mut changes).await?;
    if is_public {
        own_unassigned(&mut tx, &mut held, me, &mut changes).await?;
        held.act(Act::AgentReply(input.status), now, &mut changes)?;
        held.waiting_since = None;
        held.first_response_at = held.first_response_at.or(Some(now));
    } else if let Some(status) = input.status {
        held.act(Act::Set(status), now, &mut changes)?;
    }
    fill::demand(&mut tx, &held, before.status).await?;
    if let Some(envelope) = envelope {
        post::send(&mut tx, &held, envelope, post::Letter { message: id, body: mailed, files: sent, send_at: hold_until }).await?;
    }
    if !changes.is_empty() {
        changes.undo = Some(serde_json::to_value(Before::of(&before, id)).map_err(Error::internal)?);
        held.log(&mut tx, Log::of(ChangeKind::Replied, changes)).await?;
    }
    // What an application sends in their name is not what they have typed.
    if composer == Composer::Sent && ctx.request.through.is_none() {
        draft::remove(&mut tx, Some(held.id), me).await?;
    }
    held.save(&mut tx).await?;
    tx.record(Event::TicketRepliedByAgent { ticket: held.id, message: id }).await?;
    held.record_difference(&mut tx, &before).await?;
    tx.commit().await?;
    Ok(Replied { message: id, seq, undo_until: hold_until })
}

/// 撤回: takes an own reply back while its mail waits. The message goes, the draft with its files is back, beside what was
/// typed since, and the status is what it was, unless it changed again.
pub async fn undo_reply(ctx: &Ctx, message: MessageId) -> Result<TicketId> {
    ctx.require(Permission::TicketReply)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    let (company, now) = (ctx.company, ctx.now());
    let row = sqlx::query!(
        r#"select ticket_id as "ticket_id: TicketId", author_id, html, reply_type as "reply_type: ReplyType", hold_until,
            out_mail_id as "out_mail_id: MailId"
        from ticket_messages
        where company_id = $1
        and id = $2
        and author_kind = 0
        and deleted_at is null"#,
        company as _,
        message as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .filter(|row| row.author_id == Some(me.0))
    .ok_or(Error::NotFound)?;
    let mut held = Held::lock(&mut tx, row.ticket_id).await?;
    let in_time = row.hold_until.is_some_and(|until| now < until);
    let is_waiting = match row.out_mail_id {
        Some(mail) if in_time => mail::commands::send::cancel(&mut tx, mail).await?,
        _ => false,
    };
    if !is_waiting {
        return Err(Problem::TooLate.into());
    }
    let html = row.html.clone();
    let draft = DraftInput { ticket: held.id, html: row.html, text: String::new(), reply_type: row.reply_type, seen_seq: held.last_seq };
    let draft_files = draft::put_back(&mut tx, me, draft).await?;
    let files = back_to_draft(&mut tx, message, &html, (me, draft_files)).await?;
    let gone = sqlx::query!("delete from ticket_messages where company_id = $1 and id = $2", company as _, message as _)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if gone == 0 {
        return Err(Error::NotFound);
    }
    held.message_count -= 1;
    held.file_count -= i32::try_from(files).unwrap_or(0);
    let before = held.clone();
    let mut changes = Changes::default();
    revert(&mut tx, &mut held, message, &mut changes).await?;
    held.log(&mut tx, Log::of(ChangeKind::ReplyUndone, changes)).await?;
    held.save(&mut tx).await?;
    // It is an edit in itself: clocks that the reply had ended run again.
    tx.record(Event::TicketEdited { ticket: held.id }).await?;
    held.record_difference(&mut tx, &before).await?;
    tx.commit().await?;
    Ok(held.id)
}

/// 删除回复: hides a reply; that it was there, and who deleted it, stays visible. Its mail does not go out when it still
/// waits.
pub async fn delete_reply(ctx: &Ctx, message: MessageId) -> Result<TicketId> {
    ctx.require(Permission::TicketReplyDelete)?;
    let mut tx = ctx.begin().await?;
    let (company, now, actor) = (ctx.company, ctx.now(), ctx.actor.clone());
    let row = sqlx::query!(
        r#"select ticket_id as "ticket: TicketId", out_mail_id as "mail: MailId"
        from ticket_messages
        where company_id = $1
        and id = $2
        and seq > 1"#,
        company as _,
        message as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::NotFound)?;
    let ticket = row.ticket;
    let mut held = Held::lock(&mut tx, ticket).await?;
    held.refuse_deleted()?;
    let gone = sqlx::query!(
        "update ticket_messages
        set deleted_at = $3, deleted_by = $4, bigrams = '{}'
        where company_id = $1
        and id = $2
        and deleted_at is null",
        company as _,
        message as _,
        now,
        actor.name(),
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if gone == 1 {
        if let Some(mail) = row.mail {
            mail::commands::send::cancel(&mut tx, mail).await?;
        }
        held.message_count -= 1;
        held.log(&mut tx, Log::of(ChangeKind::ReplyDeleted, Changes::default())).await?;
        held.save(&mut tx).await?;
        tx.record(Event::TicketEdited { ticket }).await?;
        tx.audit("ticket.reply_deleted", held.subject(), Some(serde_json::json!({ "message": message })), None).await?;
    }
    tx.commit().await?;
    Ok(ticket)
}

impl Before {
    fn of(held: &Held, message: MessageId) -> Before {
        Before {
            message,
            status: held.status,
            agent: held.agent_id,
            cycle: held.cycle,
            waiting_since: held.waiting_since,
            first_response_at: held.first_response_at,
            solved_at: held.solved_at,
            closed_at: held.closed_at,
        }
    }
}

/// The ticket moved on while the reply was written: the customer wrote, or somebody changed the status.
async fn refuse_unseen(tx: &mut Tx, held: &Held, me: AgentId, seen_seq: i32) -> Result {
    let company = tx.ctx.company;
    let moved = sqlx::query_scalar!(
        r#"select exists (
            select from ticket_messages m
            where m.company_id = $1
            and m.ticket_id = $2
            and m.seq > $3
            and m.author_kind = $4
        ) or exists (
            select from ticket_changes c
            where c.company_id = $1
            and c.ticket_id = $2
            and c.seq > $3
            and c.changes -> 'set' -> 'status' is not null
            and c.actor_id is distinct from $5
        ) as "moved!""#,
        company as _,
        held.id as _,
        seen_seq,
        ActorKind::Customer as _,
        me.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    if moved { Err(Problem::Stale.into()) } else { Ok(()) }
}

/// A ticket that nobody handles becomes the writer's own, when they may handle it.
async fn own_unassigned(tx: &mut Tx, held: &mut Held, me: AgentId, changes: &mut Changes) -> Result {
    if held.agent_id.is_some() {
        return Ok(());
    }
    match name::need_agent(tx, held.group_id, Some(me)).await {
        Err(Error::Problems(_)) => Ok(()),
        fits => {
            fits?;
            changes.note(Property::Agent, Shown::none(), name::of_agent(tx, Some(me)).await?);
            held.agent_id = Some(me);
            Ok(())
        }
    }
}

/// Restores what the reply changed, unless it changed again since.
async fn revert(tx: &mut Tx, held: &mut Held, message: MessageId, changes: &mut Changes) -> Result {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select changes from ticket_changes
        where company_id = $1
        and ticket_id = $2
        and kind = $3
        and changes -> 'undo' ->> 'message' = $4
        limit 1"#,
        company as _,
        held.id as _,
        ChangeKind::Replied.key(),
        message.to_string(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let was: Changes = serde_json::from_value(row.changes).map_err(Error::internal)?;
    let Some(before) = was.undo.and_then(|undo| serde_json::from_value::<Before>(undo).ok()) else { return Ok(()) };
    let made = |property, now: &str| was.set.get(&property).is_some_and(|changed| changed.to.id == now);
    if made(Property::Status, held.status.key()) {
        changes.note(Property::Status, Shown::key(held.status.key()), Shown::key(before.status.key()));
        held.status = before.status;
        held.cycle = before.cycle;
        held.solved_at = before.solved_at;
        held.closed_at = before.closed_at;
    }
    if held.agent_id.is_some_and(|agent| made(Property::Agent, &agent.to_string())) {
        changes.note(Property::Agent, name::of_agent(tx, held.agent_id).await?, name::of_agent(tx, before.agent).await?);
        held.agent_id = before.agent;
    }
    held.first_response_at = before.first_response_at;
    if held.status.is_open() {
        held.waiting_since = held.waiting_since.or(before.waiting_since);
    }
    Ok(())
}

/// Files that came back with a reply that was taken back go with the new one: those of the writer's draft of this very
/// ticket. One that is named and not there is refused, so that no reply goes out without what it speaks of.
async fn take_draft_files(tx: &mut Tx, of: (TicketId, AgentId), message: MessageId, files: &[FileId]) -> Result<Vec<FileId>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let gone = || Error::Problems(Problems::one("", Problem::FileGone));
    let draft = draft::files_of(tx, of.0, of.1).await?.ok_or_else(gone)?;
    for file in files {
        if !store::give(tx, *file, draft, owner(message)).await? {
            return Err(gone());
        }
    }
    Ok(files.to_vec())
}

async fn back_to_draft(tx: &mut Tx, message: MessageId, html: &str, (me, draft): (AgentId, Owner)) -> Result<usize> {
    let files = store::of_owner(tx, owner(message)).await?;
    let pictures = rich::pictures(html);
    for file in &files {
        let is_picture = pictures.contains(&file.id.to_string());
        store::give(tx, file.id, owner(message), if is_picture { picture::own(me) } else { draft }).await?;
    }
    Ok(files.len())
}

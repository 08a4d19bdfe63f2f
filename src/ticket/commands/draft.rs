//! 草稿: an unsent reply, kept on the server for each person and ticket, with the files that came back with a reply that
//! was taken back. They are the draft's and go nowhere without it: never into another ticket. A ticket that is still
//! being typed is a draft without a ticket, of which each person has one.

use super::picture;
use crate::model::input::CreateInput;
use crate::model::reply::DraftInput;
use crate::model::{DraftSaved, HTML_MOST, ReplyType, TEXT_MOST};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::store::{self, Owner};
use kernel::tx::Tx;
use uuid::Uuid;

/// Keeps what was typed so far; nothing typed discards the draft, unless it has files.
pub async fn save(ctx: &Ctx, input: DraftInput) -> Result<DraftSaved> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    crate::queries::visible(&mut tx, input.ticket).await?;
    let html = html_of(&input.html, &input.text);
    if rich::is_empty(&html) && !has_files(&mut tx, input.ticket, me).await? {
        remove(&mut tx, Some(input.ticket), me).await?;
        tx.commit().await?;
        return Ok(DraftSaved::default());
    }
    write(&mut tx, me, &DraftInput { html, ..input }).await?;
    tx.commit().await?;
    Ok(DraftSaved { at: ctx.now().machine() })
}

/// Keeps what was typed so far of a new ticket, right or wrong; a form in which nothing was written discards the draft.
pub async fn save_new(ctx: &Ctx, input: CreateInput) -> Result<DraftSaved> {
    ctx.require(Permission::TicketCreate)?;
    let me = ctx.agent()?;
    input.check_draft()?;
    let mut tx = ctx.begin().await?;
    let html = html_of(&input.html, &input.text);
    if rich::is_empty(&html) && !input.has_words() {
        remove(&mut tx, None, me).await?;
        tx.commit().await?;
        return Ok(DraftSaved::default());
    }
    let (company, now, id) = (ctx.company, ctx.now(), ctx.uuid());
    let fields = known(&mut tx, CreateInput { html: String::new(), text: String::new(), ..input }).await?;
    let form = serde_json::to_value(&fields).map_err(Error::internal)?;
    sqlx::query!(
        "insert into ticket_drafts (company_id, ticket_id, agent_id, html, reply_type, updated_at, id, form)
        values ($1, null, $2, $3, $4, $5, $6, $7)
        on conflict (company_id, ticket_id, agent_id) do update
        set html = excluded.html, updated_at = excluded.updated_at, form = excluded.form",
        company as _,
        me as _,
        html,
        ReplyType::Everyone as _,
        now,
        id,
        form,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(DraftSaved { at: now.machine() })
}

/// What stands in the composer before something is put behind it.
#[derive(Clone, Debug)]
pub enum Begun {
    /// The form as it is on the actor's screen.
    Typed(DraftInput),
    /// The draft that is kept, if there is one.
    Kept(TicketId),
}

/// 插入: puts words behind what the actor has typed of a reply. What is for agents only stays so, whatever is put behind
/// it; where nothing was typed yet, `reply_type` says who shall see it. Gives the draft as it is then. System: its caller
/// has asked who may.
pub async fn insert(tx: &mut Tx, begun: Begun, html: &str, reply_type: Option<ReplyType>) -> Result<DraftInput> {
    let me = tx.ctx.agent()?;
    let before = match begun {
        Begun::Typed(typed) => DraftInput { html: html_of(&typed.html, &typed.text), ..typed },
        Begun::Kept(ticket) => kept(tx, ticket, me).await?,
    };
    let is_new = rich::is_empty(&before.html);
    let html = if is_new { html.to_owned() } else { format!("{}{html}", before.html) };
    if rich::count(&html) > TEXT_MOST || html.chars().count() > HTML_MOST {
        return Err(Error::Problems(Problems::one("text", Problem::DescriptionTooLong)));
    }
    let reply_type = if is_new || reply_type == Some(ReplyType::AgentsOnly) { reply_type } else { None };
    let draft = DraftInput { text: rich::to_text(&html), html, reply_type: reply_type.unwrap_or(before.reply_type), ..before };
    if !rich::is_empty(&draft.html) {
        write(tx, me, &draft).await?;
    }
    Ok(draft)
}

/// The actor's draft of a reply as it is kept; an empty one where there is none.
async fn kept(tx: &mut Tx, ticket: TicketId, me: AgentId) -> Result<DraftInput> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select html, reply_type as "reply_type: ReplyType", seen_seq
        from ticket_drafts
        where company_id = $1 and ticket_id = $2 and agent_id = $3
        for update"#,
        company as _,
        ticket as _,
        me as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let (html, reply_type, seen_seq) = row.map_or((String::new(), ReplyType::Everyone, 0), |row| (row.html, row.reply_type, row.seen_seq));
    Ok(DraftInput { ticket, html, text: String::new(), reply_type, seen_seq })
}

/// 放弃草稿.
pub async fn discard(ctx: &Ctx, ticket: TicketId) -> Result {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, Some(ticket), me).await?;
    tx.commit().await
}

/// 放弃草稿 of a new ticket.
pub async fn discard_new(ctx: &Ctx) -> Result {
    ctx.require(Permission::TicketCreate)?;
    let me = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    remove(&mut tx, None, me).await?;
    tx.commit().await
}

/// Puts a reply that was taken back into the draft; gives whose its files are. What was typed since stays: the reply
/// stands first, as it was written first, a line parts the two. When one of them is for agents only, both are: nothing
/// that was not meant for the customer goes to them because it stands in one field with something that was.
pub(crate) async fn put_back(tx: &mut Tx, agent: AgentId, reply: DraftInput) -> Result<Owner> {
    let company = tx.ctx.company;
    let newer = sqlx::query!(
        r#"select html, reply_type as "reply_type: ReplyType"
        from ticket_drafts
        where company_id = $1 and ticket_id = $2 and agent_id = $3
        for update"#,
        company as _,
        reply.ticket as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .filter(|newer| !rich::is_empty(&newer.html) && newer.html != reply.html);
    let Some(newer) = newer else { return write(tx, agent, &reply).await };
    let is_inner = [reply.reply_type, newer.reply_type].contains(&ReplyType::AgentsOnly);
    let reply_type = if is_inner { ReplyType::AgentsOnly } else { ReplyType::Everyone };
    write(tx, agent, &DraftInput { html: format!("{}<hr>{}", reply.html, newer.html), reply_type, ..reply }).await
}

/// Writes the draft, over an older one; gives whose its files are.
pub(crate) async fn write(tx: &mut Tx, agent: AgentId, draft: &DraftInput) -> Result<Owner> {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), tx.ctx.uuid());
    let id = sqlx::query_scalar!(
        "insert into ticket_drafts (company_id, ticket_id, agent_id, html, reply_type, seen_seq, updated_at, id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (company_id, ticket_id, agent_id) do update
        set html = excluded.html, reply_type = excluded.reply_type, seen_seq = excluded.seen_seq, updated_at = excluded.updated_at
        returning id",
        company as _,
        draft.ticket as _,
        agent as _,
        draft.html,
        draft.reply_type as _,
        draft.seen_seq,
        now,
        id,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(owner(id))
}

/// Whose files of this person's draft of this ticket are; `None` without a draft.
pub(crate) async fn files_of(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<Option<Owner>> {
    let company = tx.ctx.company;
    let id = sqlx::query_scalar!(
        "select id from ticket_drafts where company_id = $1 and ticket_id = $2 and agent_id = $3",
        company as _,
        ticket as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(owner))
}

/// Files of a draft belong to the draft.
pub(crate) fn owner(draft: Uuid) -> Owner {
    Owner { kind: "draft", id: draft }
}

async fn has_files(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<bool> {
    match files_of(tx, ticket, agent).await? {
        Some(owner) => Ok(!store::of_owner(tx, owner).await?.is_empty()),
        None => Ok(false),
    }
}

/// Removes the draft, the files that are still its own, and the pictures of its text that went nowhere. `None` is the
/// draft of a new ticket.
pub(crate) async fn remove(tx: &mut Tx, ticket: Option<TicketId>, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    let gone = sqlx::query!(
        "delete from ticket_drafts
        where company_id = $1 and ticket_id is not distinct from $2 and agent_id = $3
        returning id, html",
        company as _,
        ticket as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(gone) = gone else { return Ok(()) };
    store::forget(tx, owner(gone.id)).await?;
    picture::forget(tx, agent, &rich::pictures(&gone.html)).await
}

/// The input without ids that mean nothing here, or mean something in another company (S04).
async fn known(tx: &mut Tx, input: CreateInput) -> Result<CreateInput> {
    let company = tx.ctx.company;
    let is = sqlx::query!(
        r#"select
            exists (select from customers where company_id = $1 and id = $2) as "customer!",
            exists (select from ticket_categories where company_id = $1 and id = $3) as "category!",
            exists (select from groups where company_id = $1 and id = $4) as "group!",
            exists (select from agents where company_id = $1 and id = $5) as "agent!""#,
        company as _,
        input.customer as _,
        input.category as _,
        input.group as _,
        input.agent as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    let fields = if input.fields.is_empty() { Vec::new() } else { crate::queries::field::all(tx).await? };
    Ok(CreateInput {
        customer: input.customer.filter(|_| is.customer),
        category: input.category.filter(|_| is.category),
        group: input.group.filter(|_| is.group),
        agent: input.agent.filter(|_| is.agent),
        fields: input.fields.into_iter().filter(|(id, _)| fields.iter().any(|field| field.id == *id)).collect(),
        // The form has neither.
        mailbox: None,
        followers: Vec::new(),
        step: String::new(),
        ..input
    })
}

/// What was typed, as clean HTML.
fn html_of(html: &str, text: &str) -> String {
    let typed = if html.trim().is_empty() { rich::from_text(text) } else { html.to_owned() };
    rich::clean(&super::message::without_nul(&typed))
}

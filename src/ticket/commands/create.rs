//! 新建工单.

use super::held::{Held, Log};
use super::message::{self, Body, NewFile, NewMessage, Recipients};
use super::{fill, name, picture};
use crate::model::input::{CreateInput, addresses};
use crate::model::{ChangeKind, Changes, Priority, ReplyType, Source, StartType, Status, number};
use customer::model::CustomerInput;
use kernel::actor::Actor;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MailId, MailboxId, MessageId, TicketId};
use kernel::permission::Permission;
use kernel::search;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::{Map, Value};
use sqlx::types::Json;

/// A ticket that came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Created {
    /// Which.
    pub ticket: TicketId,
    /// 工单号.
    pub number: i64,
    /// Its description.
    pub message: MessageId,
}

/// A ticket about to be written; ids are checked already.
#[derive(Clone, Debug)]
pub(crate) struct NewTicket {
    pub title: String,
    pub status: Status,
    pub priority: Priority,
    pub source: Source,
    pub start_type: StartType,
    pub category: Option<CategoryId>,
    pub customer: CustomerId,
    pub group: Option<GroupId>,
    pub agent: Option<AgentId>,
    pub mailbox: Option<MailboxId>,
    pub cc: Vec<String>,
    pub fields: Map<String, Value>,
    pub duplicate_of: Option<TicketId>,
    /// How many files its description has.
    pub files: usize,
}

/// Creates a ticket, on behalf of a customer who is found or created. An agent who gives it to themselves has taken it.
/// What they had typed of it is a draft no more.
pub async fn create(ctx: &Ctx, input: CreateInput, files: Vec<NewFile>) -> Result<Created> {
    ctx.require(Permission::TicketCreate)?;
    let me = writer(ctx)?;
    input.check()?;
    let body = message::body(&input.html, &input.text)?;
    message::check_files(&files)?;
    let stored = message::put_files(ctx, files).await?;

    let customer = match input.customer {
        Some(customer) => customer,
        None => new_customer(ctx, &input).await?,
    };
    let mut tx = ctx.begin().await?;
    let fields = checked(&mut tx, &input).await?;
    let customer = remaining(&mut tx, customer).await?;
    let (body, pictures) = match me {
        Some(me) => picture::of_writer(&mut tx, me, body).await?,
        None => (body, Vec::new()),
    };
    let ticket = NewTicket {
        title: input.title.trim().to_owned(),
        status: if me.is_some() && input.agent == me { Status::InProgress } else { Status::NotAccepted },
        priority: input.priority.unwrap_or(Priority::Medium),
        source: input.source.unwrap_or(Source::TicketCenter),
        start_type: StartType::Agent,
        category: input.category,
        customer,
        group: input.group,
        agent: input.agent,
        mailbox: input.mailbox,
        cc: addresses(&input.cc),
        fields,
        duplicate_of: None,
        files: stored.len() + pictures.len(),
    };
    let description = by_actor(&tx, body, None);
    let created = write(&mut tx, ticket, description).await?;
    message::name_files(&mut tx, created.message, &stored).await?;
    if let Some(me) = me
        && picture::give(&mut tx, me, created.message, &pictures).await?.len() < pictures.len()
    {
        // The same text was sent a moment ago, and took its pictures.
        return Err(Problem::Stale.into());
    }
    for agent in &input.followers {
        super::follow::add(&mut tx, created.ticket, *agent).await?;
    }
    // What an application creates in their name is not what they have typed.
    if let Some(me) = me.filter(|_| ctx.request.through.is_none()) {
        super::draft::remove(&mut tx, None, me).await?;
    }
    tx.commit().await?;
    Ok(created)
}

/// The agent who writes; none when an application does, which has neither drafts nor pictures.
fn writer(ctx: &Ctx) -> Result<Option<AgentId>> {
    match &ctx.actor {
        Actor::App { .. } => Ok(None),
        _ => ctx.agent().map(Some),
    }
}

/// The description of whoever acts.
pub(crate) fn by_actor(tx: &Tx, body: Body, mail: Option<MailId>) -> NewMessage {
    let actor = &tx.ctx.actor;
    NewMessage {
        reply_type: ReplyType::Everyone,
        body,
        quoted_html: String::new(),
        author_kind: actor.kind(),
        author_id: actor.uuid(),
        author_name: actor.name().to_owned(),
        mail,
        recipients: Recipients::default(),
        warning: None,
        hold_until: None,
    }
}

/// Places that a new ticket's order has taken: its description and the row of the history that it was created.
const FIRST_PLACES: i32 = 2;

/// Writes a ticket with its number, its description, its history and its event. The caller names the files.
pub(crate) async fn write(tx: &mut Tx, ticket: NewTicket, description: NewMessage) -> Result<Created> {
    let (company, now, actor) = (tx.ctx.company, tx.ctx.now(), tx.ctx.actor.clone());
    let number = next_number(tx).await?;
    let mut held = held(TicketId(tx.ctx.uuid()), number, now, &ticket);
    let terms = search::terms([ticket.title.as_str(), &number.to_string()]);
    // The row is written as it is in the end: written again it would go into each of its indexes twice.
    sqlx::query!(
        "insert into tickets (company_id, id, number, title, status, priority, source, start_type, category_id, customer_id, group_id,
            agent_id, mailbox_id, creator_kind, creator_id, creator_name, cc, bigrams, possible_duplicate_of, created_at, updated_at,
            waiting_since, last_seq, message_count, file_count, fields)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21, $22, 1, $23, $24)",
        company as _,
        held.id as _,
        number,
        ticket.title,
        ticket.status as _,
        ticket.priority as _,
        ticket.source as _,
        ticket.start_type as _,
        ticket.category as _,
        ticket.customer as _,
        ticket.group as _,
        ticket.agent as _,
        ticket.mailbox as _,
        actor.kind() as _,
        actor.uuid(),
        actor.name(),
        &ticket.cc,
        &terms,
        ticket.duplicate_of as _,
        now,
        held.waiting_since as _,
        FIRST_PLACES,
        held.file_count,
        Value::Object(ticket.fields),
    )
    .execute(&mut **tx)
    .await?;
    let (message, _) = message::write(tx, &mut held, description).await?;
    held.log(tx, Log::of(ChangeKind::Created, Changes::default())).await?;
    debug_assert_eq!((held.last_seq, held.message_count), (FIRST_PLACES, 1), "as the row says");
    tx.record(Event::TicketCreated { ticket: held.id }).await?;
    Ok(Created { ticket: held.id, number, message })
}

/// The ticket before anything stands in it; nobody else knows of it yet, so it is held.
fn held(id: TicketId, number: i64, now: Stamp, ticket: &NewTicket) -> Held {
    Held {
        id,
        number,
        title: ticket.title.clone(),
        status: ticket.status,
        status_before_delete: None,
        priority: ticket.priority,
        category_id: ticket.category,
        customer_id: ticket.customer,
        group_id: ticket.group,
        agent_id: ticket.agent,
        cc: ticket.cc.clone(),
        fields: Json(ticket.fields.clone()),
        last_seq: 0,
        message_count: 0,
        file_count: i32::try_from(ticket.files).unwrap_or(i32::MAX),
        version: 1,
        cycle: 1,
        urge_count: 0,
        urged_at: None,
        updated_at: now,
        // The customer waits from now on, whoever typed the ticket.
        waiting_since: ticket.status.is_open().then_some(now),
        first_response_at: None,
        solved_at: None,
        closed_at: None,
        deleted_at: None,
    }
}

/// The next number of the day, in the company's zone.
async fn next_number(tx: &mut Tx) -> Result<i64> {
    let day = tx.ctx.now().date(&tx.ctx.zone);
    let (year, month, day) = (day.year(), day.month(), day.day());
    let count = tx.next_number(&number::counter(year, month, day)).await?;
    number::number(year, month, day, count).ok_or_else(|| Error::internal("more tickets than a day's numbers"))
}

/// The customer as the ticket names it: whoever was merged away meanwhile is served under the name that remains.
pub(crate) async fn remaining(tx: &mut Tx, customer: CustomerId) -> Result<CustomerId> {
    let card = customer::queries::card(tx, customer).await.map_err(|error| match error {
        Error::NotFound => Error::Problems(Problems::one("customer", Problem::BadChoice)),
        other => other,
    })?;
    Ok(card.merged_into.unwrap_or(card.id))
}

/// Creates the customer that the form describes. Everything else is checked before, since the customer is a commit of
/// its own and must not be left behind by a ticket that is refused.
pub(crate) async fn new_customer(ctx: &Ctx, input: &CreateInput) -> Result<CustomerId> {
    let mut tx = ctx.read().await?;
    checked(&mut tx, input).await?;
    drop(tx);
    let described = CustomerInput {
        nickname: input.nickname.clone(),
        emails: input.email.clone(),
        phones: input.phone.clone(),
        partner_id: input.partner_id.clone(),
        ..CustomerInput::default()
    };
    customer::commands::create(ctx, described).await.map_err(|error| match error {
        Error::Problems(problems) => {
            Error::Problems(Problems(problems.0.into_iter().map(|(field, problem)| (singular(field), problem)).collect()))
        }
        other => other,
    })
}

/// The customer's form has many addresses and numbers; this one has one of each.
fn singular(field: String) -> String {
    match field.as_str() {
        "emails" => "email".to_owned(),
        "phones" => "phone".to_owned(),
        _ => field,
    }
}

/// Everything that was chosen exists and fits together; what was filled in of own fields.
pub(crate) async fn checked(tx: &mut Tx, input: &CreateInput) -> Result<Map<String, Value>> {
    name::need_group(tx, input.group).await?;
    name::need_agent(tx, input.group, input.agent).await?;
    name::need_leaf(tx, input.category).await?;
    need_mailbox(tx, input.mailbox).await?;
    fill::of_new(tx, input.category, &input.fields).await
}

async fn need_mailbox(tx: &mut Tx, mailbox: Option<MailboxId>) -> Result {
    let Some(mailbox) = mailbox else { return Ok(()) };
    let company = tx.ctx.company;
    let known = sqlx::query_scalar!(
        r#"select exists (select from mailboxes where company_id = $1 and id = $2 and deleted_at is null) as "known!""#,
        company as _,
        mailbox as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if known { Ok(()) } else { Err(Error::Problems(Problems::one("mailbox", Problem::BadChoice))) }
}

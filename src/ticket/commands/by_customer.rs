//! 客户发起: tickets and replies of customers that an application hands on, as if the customer had written them here.

use super::create::{self, Created, NewTicket};
use super::held::{Held, Log};
use super::message::{self, NewMessage, Recipients};
use super::name;
use crate::model::input::{CreateInput, addresses};
use crate::model::state::Act;
use crate::model::{ChangeKind, Changes, Priority, ReplyType, Source, StartType, Status};
use kernel::actor::{Actor, ActorKind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{CustomerId, MessageId, TicketId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use std::sync::Arc;

/// 客户创建工单: a ticket that its customer started. Who is not known yet is made from what was said of them.
pub async fn create(ctx: &Ctx, input: CreateInput) -> Result<Created> {
    ctx.require(Permission::TicketCreate)?;
    input.check()?;
    let body = message::body(&input.html, &input.text)?;
    let customer = match input.customer {
        Some(customer) => customer,
        None => create::new_customer(ctx, &input).await?,
    };
    let mut tx = ctx.begin().await?;
    let fields = create::checked(&mut tx, &input).await?;
    let customer = create::remaining(&mut tx, customer).await?;
    let author_name = speak_as(&mut tx, customer).await?;
    let ticket = NewTicket {
        title: input.title.trim().to_owned(),
        status: Status::NotAccepted,
        priority: input.priority.unwrap_or(Priority::Medium),
        source: input.source.unwrap_or(Source::PcMessage),
        start_type: StartType::Customer,
        category: input.category,
        customer,
        group: input.group,
        agent: input.agent,
        mailbox: input.mailbox,
        cc: addresses(&input.cc),
        fields,
        duplicate_of: None,
        files: 0,
    };
    let created = create::write(&mut tx, ticket, said(customer, author_name, body)).await?;
    tx.commit().await?;
    Ok(created)
}

/// 客户回复工单: what the ticket's customer wrote. It opens a solved ticket again when the settings say so; a closed one takes no
/// reply.
pub async fn reply(ctx: &Ctx, ticket: TicketId, customer: CustomerId, text: &str) -> Result<MessageId> {
    ctx.require(Permission::TicketReply)?;
    let body = message::body("", text)?;
    let mut tx = ctx.begin().await?;
    let mut held = Held::lock(&mut tx, ticket).await?;
    held.refuse_deleted()?;
    if create::remaining(&mut tx, customer).await? != held.customer_id {
        return Err(Error::Problems(Problems::one("customer", Problem::BadChoice)));
    }
    let (before, now) = (held.clone(), ctx.now());
    let author_name = speak_as(&mut tx, held.customer_id).await?;
    let new = said(held.customer_id, author_name, body);
    let (message, _) = message::write(&mut tx, &mut held, new).await?;
    let reopens = crate::queries::settings(&mut tx).await?.value.reopen_on_reply;
    let mut changes = Changes::default();
    held.act(Act::CustomerReply { reopens }, now, &mut changes)?;
    if held.status.is_open() {
        held.waiting_since = held.waiting_since.or(Some(now));
    }
    if !changes.is_empty() {
        held.log(&mut tx, Log::of(ChangeKind::CustomerReplied, changes)).await?;
    }
    held.save(&mut tx).await?;
    tx.record(Event::TicketRepliedByCustomer { ticket, message }).await?;
    held.record_difference(&mut tx, &before).await?;
    tx.commit().await?;
    Ok(message)
}

/// From here on the customer speaks in the transaction, through the application that called; their name.
async fn speak_as(tx: &mut Tx, customer: CustomerId) -> Result<String> {
    let author_name = name::of_customer(tx, customer).await?.label;
    let through: Arc<str> = tx.ctx.actor.name().into();
    tx.ctx.request.through = tx.ctx.request.through.take().or(Some(through));
    tx.ctx.actor = Actor::Customer { id: customer, name: author_name.clone() };
    Ok(author_name)
}

fn said(customer: CustomerId, author_name: String, body: message::Body) -> NewMessage {
    NewMessage {
        reply_type: ReplyType::Everyone,
        body,
        quoted_html: String::new(),
        author_kind: ActorKind::Customer,
        author_id: Some(customer.0),
        author_name,
        mail: None,
        recipients: Recipients::default(),
        warning: None,
        hold_until: None,
    }
}

//! 邮件入单: a mail joins a ticket, or opens one.

use super::create::{self, NewTicket};
use super::follow;
use super::held::{Held, Log};
use super::message::{self, Body, NewFile, NewMessage, Recipients, Stored, without_nul};
use super::reply::post;
use super::{TakenMail, name};
use crate::model::state::Act;
use crate::model::{ChangeKind, Changes, LINKS_MOST, LogFrom, Priority, ReplyType, Source, StartType, Status, TITLE_MOST};
use crate::take::Voice;
use bytes::Bytes;
use kernel::actor::{Actor, ActorKind};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{AgentId, CustomerId, TicketId};
use kernel::permission::Permission;
use kernel::t;
use kernel::tx::Tx;
use kernel::{html, rich};
use mail::model::{Incoming, Reason, Verdict};

/// HTML of a mail that is kept beside its text, in bytes; a larger one is shown as text, and its source stays in the
/// ledger.
const HTML_BYTES: usize = 512 * 1024;
/// Copies of a mail that are kept beside its text; its source in the ledger has all of them.
const CC_KEPT: usize = 50;
/// Text of a mail that is kept, in characters.
const TEXT_CHARACTERS: usize = 200_000;

/// A mail that joins a ticket.
pub(super) struct Joining<'a> {
    pub ticket: TicketId,
    pub voice: Voice,
    pub reason: Reason,
    /// Who speaks, when it is an agent.
    pub agent: Option<MailAgent>,
    pub files: &'a [Stored],
}

/// The agent whose address the sender writes.
pub(super) struct MailAgent {
    actor: Actor,
    /// Whether the agent may see the mail's ticket and reply to it.
    pub may_reply: bool,
    /// Where the reply goes on to.
    envelope: Option<post::Envelope>,
}

/// How an address stands to a ticket.
pub(super) struct Standing {
    pub status: Status,
    pub is_customer: bool,
    pub is_in_cc: bool,
}

/// A mail that opens one.
pub(super) struct Opening<'a> {
    pub reason: Reason,
    pub duplicate_of: Option<TicketId>,
    pub files: &'a [Stored],
}

/// Files of a mail, ready for the store.
pub(super) fn attachments(incoming: &Incoming) -> Vec<NewFile> {
    let new = |file: &mail::model::Attachment| NewFile {
        name: file.name.clone(),
        content: Bytes::from(file.content.clone()),
        content_id: file.content_id.clone(),
    };
    incoming.attachments.iter().map(new).collect()
}

/// The enabled agent whose address the sender writes.
pub(super) async fn sender(tx: &mut Tx, incoming: &Incoming) -> Result<Option<AgentId>> {
    let agent = identity::queries::agent_by_email(tx, &incoming.from_address).await?;
    Ok(agent.filter(|agent| agent.enabled).map(|agent| agent.id))
}

/// What an agent may do who writes a mail.
pub(super) async fn agent(ctx: &Ctx, incoming: &Incoming, agent: AgentId) -> Result<MailAgent> {
    let person = identity::queries::person(&ctx.app, ctx.company, agent, ctx.request.clone()).await?;
    let mut found = MailAgent { actor: person.ctx.actor.clone(), may_reply: false, envelope: None };
    if let Some(thread) = &incoming.thread {
        let mut tx = person.ctx.read().await?;
        let sees = person.ctx.may(Permission::TicketView) && crate::queries::visible(&mut tx, thread.ticket).await.is_ok();
        drop(tx);
        found.may_reply = sees && person.ctx.may(Permission::TicketReply);
        if found.may_reply {
            found.envelope = post::envelope(ctx, thread.ticket).await?;
        }
    }
    Ok(found)
}

/// How an address stands to a ticket: the customer's own, or one that an agent put into CC (S21).
pub(super) async fn standing(tx: &mut Tx, ticket: TicketId, address: &str) -> Result<Option<Standing>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select status as "status: Status", customer_id as "customer_id: CustomerId", cc from tickets where company_id = $1 and id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let card = customer::queries::card(tx, row.customer_id).await?;
    let has = |addresses: &[String]| !address.is_empty() && addresses.iter().any(|known| known.trim().eq_ignore_ascii_case(address));
    Ok(Some(Standing { status: row.status, is_customer: has(&card.emails), is_in_cc: has(&row.cc) }))
}

/// The mail becomes a message of the ticket.
pub(super) async fn join(tx: &mut Tx, incoming: &Incoming, joining: Joining<'_>) -> Result<TakenMail> {
    let mut held = Held::lock_any(tx, joining.ticket).await?;
    let (before, now) = (held.clone(), tx.ctx.now());
    let mut new = written(incoming);
    let envelope = match joining.agent {
        Some(agent) => {
            new.author_kind = agent.actor.kind();
            new.author_id = agent.actor.uuid();
            agent.actor.name().clone_into(&mut new.author_name);
            tx.ctx.actor = agent.actor;
            agent.envelope
        }
        None => None,
    };
    match joining.voice {
        Voice::Agent => {}
        Voice::Customer => {
            let customer = customer_of(tx, &held, &incoming.from_address).await?;
            new.author_id = customer.map(|id| id.0);
            if let Some(id) = customer {
                new.author_name = named(tx, id, new.author_name).await?;
                tx.ctx.actor = Actor::Customer { id, name: new.author_name.clone() };
            }
        }
        Voice::Aside => {
            new.reply_type = ReplyType::AgentsOnly;
            new.warning = Some(incoming.auto_reply.unwrap_or(joining.reason).key().to_owned());
        }
    }
    let body = new.body.clone();
    let (message, _) = message::write(tx, &mut held, new).await?;
    let files = message::name_files(tx, message, joining.files).await?;
    held.file_count += i32::try_from(files.len()).unwrap_or(0);
    let mut changes = Changes::default();
    let kind = match joining.voice {
        Voice::Agent => {
            held.act(Act::AgentReply(None), now, &mut changes)?;
            held.waiting_since = None;
            held.first_response_at = held.first_response_at.or(Some(now));
            if let Some(envelope) = envelope {
                // The text an agent's program made of the page may lack the addresses of its links.
                let body = Body { text: rich::to_text(&body.html), ..body };
                post::send(tx, &held, envelope, post::Letter { message, body, files, send_at: None }).await?;
            }
            ChangeKind::Replied
        }
        Voice::Customer => {
            let reopens = crate::queries::settings(tx).await?.value.reopen_on_reply;
            held.act(Act::CustomerReply { reopens }, now, &mut changes)?;
            if held.status.is_open() {
                held.waiting_since = held.waiting_since.or(Some(now));
            }
            ChangeKind::CustomerReplied
        }
        Voice::Aside => ChangeKind::CustomerReplied,
    };
    if !changes.is_empty() {
        held.log(tx, Log { from: Some(LogFrom::Mail), ..Log::of(kind, changes) }).await?;
    }
    held.save(tx).await?;
    let ticket = held.id;
    tx.record(match joining.voice {
        Voice::Agent => Event::TicketRepliedByAgent { ticket, message },
        Voice::Customer => Event::TicketRepliedByCustomer { ticket, message },
        Voice::Aside => Event::TicketEdited { ticket },
    })
    .await?;
    held.record_difference(tx, &before).await?;
    Ok(TakenMail {
        verdict: Verdict::Appended,
        reason: joining.reason,
        ticket: Some(ticket),
        ticket_number: Some(held.number),
        message: Some(message),
        duplicate_of: None,
    })
}

/// The mail becomes a ticket of its sender. Nobody in its To or Cc takes part in it: agents decide that (S21).
pub(super) async fn open(tx: &mut Tx, incoming: &Incoming, opening: Opening<'_>) -> Result<TakenMail> {
    let mut new = written(incoming);
    let nobody = format!("unknown@unknown{}", post::NOBODY);
    let address = if incoming.from_address.is_empty() { nobody } else { without_nul(&incoming.from_address) };
    let mut known_as = without_nul(&incoming.from_name);
    if incoming.from_address.is_empty() && known_as.trim().is_empty() {
        t!(tx.ctx.company_lang, "未知发件人", "Unknown sender").clone_into(&mut known_as);
    }
    let customer = customer::commands::by_email(tx, &address, &known_as).await?;
    new.author_name = named(tx, customer, new.author_name).await?;
    let system = std::mem::replace(&mut tx.ctx.actor, Actor::Customer { id: customer, name: new.author_name.clone() });
    new.author_id = Some(customer.0);
    let inbox = &incoming.mailbox;
    let category = match inbox.category_id {
        Some(category) if name::is_leaf(tx, category).await? => Some(category),
        _ => None,
    };
    let ticket = NewTicket {
        title: title(tx, &incoming.subject),
        status: Status::NotAccepted,
        priority: Priority::Medium,
        source: Source::Email,
        start_type: StartType::Customer,
        category,
        customer,
        group: inbox.group_id,
        agent: None,
        mailbox: Some(inbox.id),
        cc: Vec::new(),
        // Mail fills in no form.
        fields: serde_json::Map::new(),
        duplicate_of: opening.duplicate_of,
        files: opening.files.len(),
    };
    let created = create::write(tx, ticket, new).await?;
    message::name_files(tx, created.message, opening.files).await?;
    if let (Reason::TicketEnded, Some(ended)) = (opening.reason, opening.duplicate_of)
        && follow::links(tx, ended).await? < LINKS_MOST
    {
        follow::connect(tx, created.ticket, ended).await?;
    }
    tx.ctx.actor = system;
    Ok(TakenMail {
        verdict: Verdict::NewTicket,
        reason: opening.reason,
        ticket: Some(created.ticket),
        ticket_number: Some(created.number),
        message: Some(created.message),
        duplicate_of: opening.duplicate_of,
    })
}

/// The message a mail becomes, as a customer's.
fn written(incoming: &Incoming) -> NewMessage {
    let text: String = without_nul(&incoming.text).chars().take(TEXT_CHARACTERS).collect();
    let rich = without_nul(&incoming.html);
    let fits = !rich.trim().is_empty() && rich.len() <= HTML_BYTES;
    let quoted = without_nul(&incoming.quoted_html);
    let name = without_nul(if incoming.from_name.trim().is_empty() { &incoming.from_address } else { incoming.from_name.trim() });
    NewMessage {
        reply_type: ReplyType::Everyone,
        // Both pages were sanitised where they were read, beside the runtime: this one holds the ticket.
        body: Body { html: if fits { rich } else { html::from_text(&text) }, text },
        quoted_html: if quoted.len() <= HTML_BYTES { quoted } else { String::new() },
        author_kind: ActorKind::Customer,
        author_id: None,
        author_name: name,
        mail: Some(incoming.mail),
        recipients: Recipients {
            to: incoming.mailbox.address.clone(),
            cc: incoming.cc.iter().take(CC_KEPT).map(|address| without_nul(address)).collect(),
        },
        warning: incoming.warning.map(|reason| reason.key().to_owned()),
        hold_until: None,
    }
}

/// How a mail of a customer is signed: by the name in it, or the one they are known by when it has none but its address.
async fn named(tx: &mut Tx, customer: CustomerId, written: String) -> Result<String> {
    if !written.is_empty() && !written.contains('@') {
        return Ok(written);
    }
    let known = name::of_customer(tx, customer).await?.label;
    Ok(if known.is_empty() { written } else { known })
}

/// The subject as a title.
fn title(tx: &Tx, subject: &str) -> String {
    let clean: String = without_nul(subject).trim().chars().take(TITLE_MOST).collect();
    if clean.is_empty() { t!(tx.ctx.company_lang, "(无主题)", "(no subject)").to_owned() } else { clean }
}

/// The customer, when the address is theirs; somebody in CC is a voice without a record.
async fn customer_of(tx: &mut Tx, held: &Held, address: &str) -> Result<Option<CustomerId>> {
    let card = customer::queries::card(tx, held.customer_id).await?;
    Ok(card.emails.iter().any(|email| email.trim().eq_ignore_ascii_case(address)).then_some(held.customer_id))
}

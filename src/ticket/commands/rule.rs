//! 规则的动作: what a trigger does to a ticket, inside the transaction of its run and in its own name. System: a rule needs
//! no right of a person; who may write rules is asked where they are saved.

use super::create::by_actor;
use super::edit::{apply, hasten};
use super::held::Held;
use super::message::{self, Body};
use super::place::Letter;
use super::reply::post::{NOBODY, subject};
use crate::model::due::ClockState;
use crate::model::input::EditInput;
use crate::model::{ChangeKind, ReplyType};
use crate::queries::case::case;
use crate::queries::field;
use kernel::error::{Problem, Result};
use kernel::event::Event;
use kernel::field::Answer;
use kernel::id::{AgentId, TicketFieldId, TicketId};
use kernel::rich;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::Tx;
use mail::commands::send::Outgoing;

/// Holds the ticket until the transaction ends, so that what is read of it stays true; the last place of its order.
pub async fn hold(tx: &mut Tx, ticket: TicketId) -> Result<i32> {
    Ok(Held::lock_any(tx, ticket).await?.last_seq)
}

/// 抄送 of a held ticket.
pub async fn cc(tx: &mut Tx, ticket: TicketId) -> Result<Vec<String>> {
    Ok(Held::lock_any(tx, ticket).await?.cc)
}

/// Changes properties; the input's version is of no account, since the ticket is held. Whether anything changed.
pub async fn change(tx: &mut Tx, input: &EditInput) -> Result<bool> {
    input.check()?;
    let mut held = Held::lock_any(tx, input.ticket).await?;
    let before = held.last_seq;
    apply(tx, &mut held, input, ChangeKind::Edited).await?;
    Ok(held.last_seq > before)
}

/// Fills in one own field of a held ticket; whether that changed anything. A field that is switched off is refused.
pub async fn fill(tx: &mut Tx, ticket: TicketId, own: TicketFieldId, value: &str) -> Result<bool> {
    if field::seen(tx).await?.iter().all(|known| known.id != own) {
        return Err(Problem::BadChoice.into());
    }
    let fields = [(own, Answer::One(value.to_owned()))].into();
    change(tx, &EditInput { fields, ..EditInput::of(ticket, 0) }).await
}

/// Writes a note that agents see.
pub async fn note(tx: &mut Tx, ticket: TicketId, text: &str) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    held.refuse_deleted()?;
    let body = Body { html: rich::from_text(text), text: text.to_owned() };
    let new = message::NewMessage { reply_type: ReplyType::AgentsOnly, ..by_actor(tx, body, None) };
    let (message, _) = message::write(tx, &mut held, new).await?;
    held.save(tx).await?;
    tx.record(Event::TicketRepliedByAgent { ticket, message }).await
}

/// To whom a rule writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The ticket's customer, at the first of their addresses.
    Customer,
    /// Who handles the ticket.
    Agent,
    /// Anybody.
    Address(String),
}

/// Sends a mail that nothing answers by itself. What the customer gets stands in the ticket as a note too, and an answer
/// to it joins the ticket; a colleague gets the way to the ticket with it.
pub async fn mail(tx: &mut Tx, ticket: TicketId, to: Recipient, letter: &Letter) -> Result {
    Held::lock_any(tx, ticket).await?.refuse_deleted()?;
    let (case, ctx) = (case(tx, ticket).await?, tx.ctx.clone());
    let is_customer = to == Recipient::Customer;
    let address = match &to {
        Recipient::Customer => {
            let card = customer::queries::card(tx, case.customer).await?;
            let name = if card.name.is_empty() { card.nickname } else { card.name };
            card.emails.into_iter().next().filter(|address| !address.ends_with(NOBODY)).map(|address| (address, name))
        }
        Recipient::Agent => match case.agent {
            Some(agent) => identity::queries::address_of(tx, agent).await?,
            None => None,
        },
        Recipient::Address(address) => Some((address.clone(), String::new())),
    };
    let Some((address, name)) = address else { return Err(Problem::NobodyToMail.into()) };
    let link = ctx.app.config.link(&format!("/tickets/{ticket}"));
    let text = &letter.mailed;
    let body = if to == Recipient::Agent { format!("{text}\n\n{link}") } else { text.clone() };
    let outgoing = Outgoing {
        mailbox: case.mailbox,
        to: vec![(address.clone(), name)],
        cc: Vec::new(),
        subject: subject(&case.title, case.number),
        html: rich::for_mail(&rich::from_text(&body)),
        text: body,
        ticket: is_customer.then_some(ticket),
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang: ctx.company_lang,
    };
    mail::commands::send::send(tx, outgoing).await?;
    if is_customer {
        note(tx, ticket, &t!(ctx.company_lang, "已发邮件给 {0}：\n{1}", "Mailed to {0}:\n{1}", address, letter.kept)).await?;
    }
    Ok(())
}

/// 时效: the clock that a ticket shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When it is over, as long as it runs.
    pub at: Option<Stamp>,
    /// How it stands.
    pub state: ClockState,
    /// Towards what, as a code of the slice that keeps clocks.
    pub target: i16,
}

/// Shows a clock on the ticket, or none. It is no change of the ticket: neither its version nor its order knows of it.
pub async fn show_due(tx: &mut Tx, ticket: TicketId, due: Option<Due>) -> Result {
    let company = tx.ctx.company;
    let (at, state, target) = (due.and_then(|due| due.at), due.map(|due| due.state), due.map(|due| due.target));
    sqlx::query!(
        "update tickets set due_at = $3, due_state = $4, due_target = $5
        where company_id = $1
        and id = $2
        and (due_at, due_state, due_target) is distinct from ($3, $4, $5)",
        company as _,
        ticket as _,
        at as _,
        state as _,
        target as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// 催单.
pub async fn urge(tx: &mut Tx, ticket: TicketId, reason: &str) -> Result {
    let mut held = Held::lock_any(tx, ticket).await?;
    hasten(tx, &mut held, reason).await
}

/// Adds a follower; whether they did not follow before.
pub async fn follow(tx: &mut Tx, ticket: TicketId, agent: AgentId) -> Result<bool> {
    super::name::need_agent(tx, None, Some(agent)).await?;
    super::follow::add(tx, ticket, agent).await
}

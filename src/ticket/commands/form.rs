//! 客户填写: the link behind which a customer fills in what a ticket asks of them, and what they fill in.
//!
//! Decision: an answer is an edit of the ticket by its customer (`TicketEdited`), not a reply. Triggers see it when a ticket is
//! changed, which is where conditions ask for a field that changed; a reply would have no words, and would begin the clock of
//! an answer to nothing. As far as status and reminders go it is the customer's word all the same: a ticket that waited for it
//! is in progress again, and who is reminded of a customer's reply is reminded of it.

use super::fill::note;
use super::held::{Held, Log};
use super::message::Body;
use super::reply::{self, Composer, Replied, post};
use crate::model::claim::{Claim, claim_values};
use crate::model::field::{Answers, FieldChanged};
use crate::model::form::{AnswerInput, AskInput, DAYS};
use crate::model::reply::ReplyInput;
use crate::model::state::Act;
use crate::model::template::Demand;
use crate::model::{ChangeKind, Changes, LogFrom, ReplyType, Status};
use crate::queries::before::before;
use crate::queries::case::Case;
use crate::queries::form::{by_token, expiry, link_of, refusal, sealed_in};
use crate::queries::place::{self, Place};
use crate::queries::template;
use kernel::actor::Actor;
use kernel::answer::{put, values_of};
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::field::{Answer, answer_name};
use kernel::id::TicketFieldId;
use kernel::permission::{Grants, Permission};
use kernel::rng;
use kernel::t;
use kernel::tx::Tx;
use std::sync::Arc;

/// What became of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A mail goes out with the link.
    Mailed(Replied),
    /// The customer has no address: the link stands on the ticket's page, to be handed over.
    Link,
}

/// 请客户填写: sends the link to the customer, as a reply of whoever asks; what they have typed into the composer stays there.
/// Asked again, the same link is valid for another 14 days; one that has expired gives way to a new one.
///
/// # Errors
/// `Problem::NothingToFillIn` when the ticket's template has no field for its customer; `Problem::Forbidden` when no mail reaches
/// them and the link is not the actor's to hold, who does not see all of those fields.
pub async fn ask(ctx: &Ctx, input: AskInput) -> Result<Asked> {
    ctx.require(Permission::TicketReply)?;
    if post::envelope(ctx, input.ticket).await?.is_none() {
        let mut tx = ctx.begin().await?;
        let held = Held::lock(&mut tx, input.ticket).await?;
        // Whoever holds the link sees what was filled in behind it.
        if template::of_customer(&mut tx, held.category_id).await?.iter().any(|(field, _)| !field.is_seen) {
            return Err(Problem::Forbidden.into());
        }
        link(&mut tx, &held).await?;
        // A mail says by itself who sent it; a link that is handed over does not.
        tx.audit("ticket.form_link_taken", held.subject(), None, None).await?;
        tx.commit().await?;
        return Ok(Asked::Link);
    }
    let text = t!(
        ctx.company_lang,
        "您好，为了处理您的问题，请打开下面的链接补充几项信息：\n{0}\n\n链接 {1} 天内有效，工单关闭前您可以随时修改。",
        "Hello,\n\nto go on with your request we need a few details of you. Please fill them in here:\n{0}\n\nThe link is valid for {1} days. You can change your answers until the ticket is closed.",
        Place::Form.typed(),
        DAYS
    );
    let words = ReplyInput {
        ticket: input.ticket,
        html: String::new(),
        text,
        reply_type: ReplyType::Everyone,
        status: None,
        seen_seq: input.seen_seq,
        confirmed: false,
        files: Vec::new(),
        fields: Answers::new(),
    };
    reply::write(ctx, words, Vec::new(), Composer::Kept).await.map(Asked::Mailed).map_err(of_form)
}

/// The button has no field to put a problem beside.
fn of_form(error: Error) -> Error {
    match error {
        Error::Problems(problems) => problems.0.first().map_or(Problem::Internal, |(_, problem)| *problem).into(),
        other => other,
    }
}

/// The link of a held ticket, valid for 14 days from now.
pub(crate) async fn link(tx: &mut Tx, held: &Held) -> Result<String> {
    held.refuse_deleted()?;
    if held.status == Status::Closed {
        return Err(Problem::TicketClosed.into());
    }
    if template::of_customer(tx, held.category_id).await?.is_empty() {
        return Err(Problem::NothingToFillIn.into());
    }
    let (company, now, vault) = (tx.ctx.company, tx.ctx.now(), tx.ctx.app.vault.clone());
    let (last, mut is_theirs) = (link_of(tx, held.id).await?, false);
    if let Some(last) = &last {
        is_theirs = last.is_of(tx, held.customer_id).await?;
    }
    let kept = last.filter(|link| is_theirs && link.expires_at > now);
    // A key that was changed opens none: then there is a new one.
    let kept = kept.and_then(|link| link.token(&vault, company, held.id));
    let token = match kept {
        Some(text) => text,
        None => {
            let token = rng::link_token(company);
            let sealed = vault.seal(&sealed_in(company, held.id), token.text.as_bytes());
            sqlx::query!(
                "insert into ticket_forms as kept (company_id, ticket_id, customer_id, token_hash, link_sealed, created_at, expires_at)
                values ($1, $2, $3, $4, $5, $6, $6)
                on conflict (company_id, ticket_id) do update
                set customer_id = excluded.customer_id, token_hash = excluded.token_hash, link_sealed = excluded.link_sealed,
                    created_at = excluded.created_at,
                    answered_at = case when $7 then kept.answered_at end",
                company as _,
                held.id as _,
                held.customer_id as _,
                token.hash,
                sealed,
                now,
                is_theirs,
            )
            .execute(&mut **tx)
            .await?;
            token.text
        }
    };
    sqlx::query!(
        "update ticket_forms set expires_at = $3 where company_id = $1 and ticket_id = $2",
        company as _,
        held.id as _,
        expiry(now),
    )
    .execute(&mut **tx)
    .await?;
    Ok(tx.ctx.app.config.link(&format!("/f/{token}")))
}

/// Whether the place of the link stays in words of a preset or a rule: the customer has something left to fill in, and it is the
/// writer's to ask them.
pub(super) async fn is_wanted(tx: &mut Tx, case: &Case) -> Result<bool> {
    let is_theirs = tx.ctx.actor.agent().is_none() || tx.ctx.may(Permission::TicketReply);
    if !is_theirs || matches!(case.status, Status::Closed | Status::Deleted) {
        return Ok(false);
    }
    let asked = template::of_customer(tx, case.categories.first().copied()).await?;
    Ok(asked.iter().any(|(field, _)| values_of(case.fields.get(field.id.to_string())).is_empty()))
}

/// A reply as it is mailed, with the link where its writer put the place for it.
///
/// # Errors
/// Beside `text`: that there is nothing to fill in, or that the ticket is closed.
pub(crate) async fn linked(tx: &mut Tx, held: &Held, body: Body) -> Result<Body> {
    let typed = Place::Form.typed();
    if !body.html.contains(&typed) && !body.text.contains(&typed) {
        return Ok(body);
    }
    let link = link(tx, held).await.map_err(|error| match error {
        Error::Problems(problems) => Error::Problems(Problems(problems.0.into_iter().map(|(_, one)| ("text".to_owned(), one)).collect())),
        other => other,
    })?;
    let values = [(Place::Form, link)];
    Ok(Body { html: place::fill_html(&body.html, &values), text: place::fill(&body.text, &values) })
}

/// The context of whoever holds the link: the customer it was made for, with no right but to fill in. Public: the link itself
/// is the right. A link that is none, whose company is gone, or whose ticket has another customer by now is
/// `Problem::FormLinkUnknown`.
pub async fn visitor(app: &Arc<App>, token: &str, request: Request) -> Result<Ctx> {
    let unknown = || Error::from(Problem::FormLinkUnknown);
    let (company, _) = rng::read_link_token(token).ok_or_else(unknown)?;
    let mut ctx = match Ctx::load(app, company, Actor::System, Grants::none(), Vec::new(), request).await {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    let mut tx = ctx.read().await?;
    let link = by_token(&mut tx, token).await?;
    let facts = crate::queries::facts(&mut tx, link.ticket).await?;
    if !link.is_of(&mut tx, facts.customer_id).await? {
        return Err(unknown());
    }
    let card = customer::queries::card(&mut tx, facts.customer_id).await?;
    ctx.actor = Actor::Customer { id: card.id, name: card.nickname };
    Ok(ctx)
}

/// Fills in what the customer answered, until the link is over. Public: the link itself is the right (`visitor`). The same
/// answers twice change nothing; what an agent filled in since the page was drawn is not overwritten unseen.
///
/// # Errors
/// Each problem beside its field: `Problem::Required`, `Problem::Stale`, what is wrong with a value. `Problem::Stale` beside none
/// when something was answered that is not asked any more.
pub async fn answer(ctx: &Ctx, input: AnswerInput) -> Result {
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    let ticket = by_token(&mut tx, &input.token).await?.ticket;
    let mut held = Held::lock_any(&mut tx, ticket).await?;
    // Once more under the lock: another link may have taken its place, or the ticket have got another customer.
    let link = by_token(&mut tx, &input.token).await?;
    if !link.is_of(&mut tx, held.customer_id).await? {
        return Err(Problem::FormLinkUnknown.into());
    }
    if let Some(problem) = refusal(held.status, link.expires_at, now) {
        return Err(problem.into());
    }
    let (was, mut changes) = (held.clone(), Changes::default());
    filled(&mut tx, &mut held, &input, &mut changes).await?;
    sqlx::query!("update ticket_forms set answered_at = $3 where company_id = $1 and ticket_id = $2", company as _, ticket as _, now,)
        .execute(&mut *tx)
        .await?;
    if changes.fields.is_empty() {
        return tx.commit().await;
    }
    held.act(Act::CustomerReply { reopens: false }, now, &mut changes)?;
    if held.status != was.status {
        held.waiting_since = held.waiting_since.or(Some(now));
    }
    held.log(&mut tx, Log { from: Some(LogFrom::Page), ..Log::of(ChangeKind::Answered, changes) }).await?;
    held.save(&mut tx).await?;
    tx.record(Event::TicketEdited { ticket }).await?;
    held.record_difference(&mut tx, &was).await?;
    tx.commit().await
}

/// Fills in the fields of the form, as they were sent against what they were when it was drawn.
async fn filled(tx: &mut Tx, held: &mut Held, input: &AnswerInput, changes: &mut Changes) -> Result {
    let asked = template::of_customer(tx, held.category_id).await?;
    let were = before(tx, held.id, input.seen_seq).await?;
    let mut problems = Problems::default();
    // What is not asked any more is not dropped without a word: the page shows it beside what is asked now.
    let is_gone = |id: &TicketFieldId| asked.iter().all(|(field, _)| field.id != *id);
    if input.fields.iter().any(|(id, answer)| is_gone(id) && !answer.values().is_empty()) {
        problems.add("", Problem::Stale);
    }
    for (field, demand) in asked {
        let (key, name) = (field.id.to_string(), answer_name(field.id));
        let from = values_of(held.fields.get(&key));
        // A field that the form did not have yet stays as it is.
        let mine = input.fields.get(&field.id).map_or_else(|| from.clone(), Answer::values);
        match claim_values(Some(were.fields.get(&field.id).unwrap_or(&from)), &mine, &from) {
            Claim::Untouched | Claim::Agreed => {}
            Claim::Mine => note(&mut problems, &field, put(&mut held.fields, &key, &field.asked(), mine)),
            Claim::Conflict => problems.add(&name, Problem::Stale),
        }
        let to = values_of(held.fields.get(&key));
        let is_answered = demand == Demand::Never || !to.is_empty() || problems.0.iter().any(|(other, _)| *other == name);
        problems.need(is_answered, &name, Problem::Required);
        if from != to {
            changes.fields.insert(field.id, FieldChanged { label: field.label, kind: field.kind, from, to });
        }
    }
    problems.end()
}

//! 动作的执行: one action of a rule on one ticket, inside the transaction of the run and in the trigger's name.

use crate::model::{Acted, Action, ActionKind, Effect, TriggerKind};
use crate::queries::Trigger;
use crate::replay::refusal;
use identity::model::GroupKind;
use kernel::actor::Actor;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, GroupId, TicketId, WebhookId};
use kernel::tx::Tx;
use std::ops::RangeInclusive;
use std::str::FromStr;
use ticket::commands::place;
use ticket::commands::rule::{self, Recipient};
use ticket::model::input::EditInput;
use ticket::queries::case::case;

/// Does what the trigger does, in its name: what became of each action, and which places of the ticket's order they took.
pub(super) async fn apply(tx: &mut Tx, trigger: &Trigger, ticket: TicketId) -> Result<(Vec<Acted>, RangeInclusive<i32>)> {
    let name = Actor::Rule { id: trigger.id, name: trigger.name.clone(), is_timed: trigger.kind == TriggerKind::Timed };
    let program = std::mem::replace(&mut tx.ctx.actor, name);
    let before = rule::hold(tx, ticket).await?;
    let mut effects = Vec::with_capacity(trigger.rule.actions.len());
    for action in &trigger.rule.actions {
        effects.push(act(tx, trigger, ticket, action).await?);
    }
    let after = rule::hold(tx, ticket).await?;
    tx.ctx.actor = program;
    Ok((effects, before + 1..=after))
}

/// Does one action. What the ticket refuses is no failure of the run: the record says why.
async fn act(tx: &mut Tx, trigger: &Trigger, ticket: TicketId, action: &Action) -> Result<Acted> {
    let (effect, problem) = match attempt(tx, trigger, ticket, action).await {
        Ok(true) => (Effect::Done, None),
        Ok(false) => (Effect::Unchanged, None),
        Err(Error::Problems(problems)) => (Effect::Refused, problems.0.first().map(|(_, problem)| *problem)),
        Err(error) => return Err(error),
    };
    Ok(Acted { action: action.clone(), effect, problem })
}

/// Whether it changed anything.
async fn attempt(tx: &mut Tx, trigger: &Trigger, ticket: TicketId, action: &Action) -> Result<bool> {
    let edit = EditInput::of(ticket, 0);
    match action.kind {
        ActionKind::Group => rule::change(tx, &EditInput { group: Some(Some(read(&action.value)?)), ..edit }).await,
        ActionKind::Agent => assign(tx, edit, read(&action.value)?).await,
        ActionKind::Status => rule::change(tx, &EditInput { status: Some(read(&action.value)?), ..edit }).await,
        ActionKind::Priority => rule::change(tx, &EditInput { priority: Some(read(&action.value)?), ..edit }).await,
        ActionKind::Category => rule::change(tx, &EditInput { category: Some(Some(read(&action.value)?)), ..edit }).await,
        ActionKind::Cc => {
            let mut cc = rule::cc(tx, ticket).await?;
            if cc.iter().any(|address| address.eq_ignore_ascii_case(&action.value)) {
                return Ok(false);
            }
            cc.push(action.value.clone());
            rule::change(tx, &EditInput { cc: Some(cc.join("\n")), ..edit }).await
        }
        ActionKind::Own => match action.own {
            Some(own) => rule::fill(tx, ticket, own.id, &action.value).await,
            None => Ok(false),
        },
        ActionKind::Forward => forward(tx, trigger, ticket, action).await,
        ActionKind::Follow => rule::follow(tx, ticket, read(&action.value)?).await,
        ActionKind::MailCustomer => mail(tx, ticket, Recipient::Customer, action).await,
        ActionKind::MailAgent => mail(tx, ticket, Recipient::Agent, action).await,
        ActionKind::MailAddress => mail(tx, ticket, Recipient::Address(action.value.clone()), action).await,
        ActionKind::Note => {
            let text = place::text(tx, ticket, &action.text).await?;
            rule::note(tx, ticket, &text).await.map(|()| true)
        }
        ActionKind::Urge => {
            let text = place::text(tx, ticket, &action.text).await?;
            rule::urge(tx, ticket, &text).await.map(|()| true)
        }
    }
}

async fn mail(tx: &mut Tx, ticket: TicketId, to: Recipient, action: &Action) -> Result<bool> {
    let letter = place::letter(tx, ticket, &action.text).await?;
    rule::mail(tx, ticket, to, &letter).await.map(|()| true)
}

/// Tells the subscription of the ticket, whatever topics it asked for: after what happened to the ticket before. One that is gone
/// or switched off is refused.
async fn forward(tx: &mut Tx, trigger: &Trigger, ticket: TicketId, action: &Action) -> Result<bool> {
    let webhook: WebhookId = read(&action.value)?;
    let known = webhook::queries::all(tx).await?;
    if let Some(problem) = refusal(known.iter().find(|known| known.id == webhook).map(|known| known.enabled)) {
        return Err(problem.into());
    }
    tx.record(Event::TriggerMatched { ticket, trigger: trigger.id, name: trigger.name.clone(), webhook }).await?;
    Ok(true)
}

/// Gives the ticket to the agent, in its group when they work there, else in the first group of theirs.
async fn assign(tx: &mut Tx, edit: EditInput, agent: AgentId) -> Result<bool> {
    let held = case(tx, edit.ticket).await?;
    let group = match held.group {
        Some(group) if !identity::queries::is_member(tx, group, agent).await? => own_group(tx, agent).await?,
        _ => None,
    };
    rule::change(tx, &EditInput { group: group.map(Some), agent: Some(Some(agent)), ..edit }).await
}

async fn own_group(tx: &mut Tx, agent: AgentId) -> Result<Option<GroupId>> {
    for option in identity::queries::group_options(tx, GroupKind::Ticket).await? {
        if identity::queries::is_member(tx, option.id, agent).await? {
            return Ok(Some(option.id));
        }
    }
    Ok(None)
}

/// An id or a key that was checked when the rule was saved; what is gone since is refused.
fn read<T: FromStr>(value: &str) -> Result<T> {
    value.parse().map_err(|_| Error::Problems(Problems::one("", Problem::BadChoice)))
}

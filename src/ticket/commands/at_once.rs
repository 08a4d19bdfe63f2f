//! 一次改好: several changes of one ticket by a person in one transaction, as one line of its history: what a macro does. All
//! of it happens, or nothing.

use super::edit::apply;
use super::held::{Held, Log};
use super::{follow, name, rule};
use crate::model::input::EditInput;
use crate::model::{ChangeKind, Changes, Property};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::AgentId;
use kernel::permission::Permission;
use kernel::tx::Tx;

/// What is to be done, and by which macro.
#[derive(Clone, Debug)]
pub struct AtOnce {
    /// Name of the macro, as the history shows it.
    pub name: String,
    /// Properties; its version is of no account, since the ticket is held.
    pub edit: EditInput,
    /// 抄送: addresses to be added.
    pub cc: Vec<String>,
    /// 关注人 to be added.
    pub followers: Vec<AgentId>,
    /// 内部备注; empty for none.
    pub note: String,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performed {
    /// Properties that are another than before.
    pub changed: Vec<Property>,
    /// Whether somebody follows the ticket who did not before.
    pub is_followed: bool,
}

/// Does it all, as the actor. What they may not do is asked here too: whoever wrote the macro may have had other rights.
///
/// # Errors
/// Each problem beside its property: `status`, `agent`, `note` … ; `NotFound` for a ticket that is not the actor's to see.
pub async fn perform(tx: &mut Tx, all: AtOnce) -> Result<Performed> {
    let ctx = tx.ctx.clone();
    ctx.require(Permission::TicketView)?;
    let ticket = all.edit.ticket;
    let mut held = Held::lock(tx, ticket).await?;
    held.refuse_deleted()?;
    let mut edit = all.edit;
    if !all.cc.is_empty() {
        edit.cc = Some(with(&held.cc, &all.cc));
    }
    let is_edit = Property::ALL.iter().any(|property| edit.sent(*property).is_some());
    if is_edit || all.followers.iter().any(|agent| ctx.actor.agent() != Some(*agent)) {
        ctx.require(Permission::TicketEdit)?;
    }
    if !all.note.is_empty() {
        ctx.require(Permission::TicketNote)?;
    }
    edit.check()?;
    let before = held.clone();
    apply(tx, &mut held, &edit, Log::because(ChangeKind::MacroUsed, Changes::default(), &all.name)).await?;
    let changed: Vec<Property> =
        Property::ALL.iter().copied().filter(|property| before.value(*property) != held.value(*property)).collect();
    let mut is_followed = false;
    for agent in all.followers {
        name::need_agent(tx, None, Some(agent)).await.map_err(|error| beside("follow", error))?;
        is_followed |= follow::add(tx, ticket, agent).await?;
    }
    // A line of its own where no property changed: the note below does not say by what it was written.
    if changed.is_empty() && (is_followed || !all.note.is_empty()) {
        held.log(tx, Log::because(ChangeKind::MacroUsed, Changes::default(), &all.name)).await?;
        held.save(tx).await?;
    }
    if !all.note.is_empty() {
        rule::note(tx, ticket, &all.note).await?;
    }
    Ok(Performed { changed, is_followed })
}

/// Addresses with others behind them, each once.
fn with(cc: &[String], more: &[String]) -> String {
    let is_new = |address: &&String| !cc.iter().any(|known| known.eq_ignore_ascii_case(address));
    cc.iter().chain(more.iter().filter(is_new)).cloned().collect::<Vec<_>>().join("\n")
}

/// The same problem beside another field.
fn beside(field: &str, error: Error) -> Error {
    match error {
        Error::Problems(problems) => {
            let first = problems.0.first().map_or(Problem::BadChoice, |(_, problem)| *problem);
            Error::Problems(Problems::one(field, first))
        }
        other => other,
    }
}

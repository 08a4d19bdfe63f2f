//! 批量操作: one change on many tickets, with a preview that says which cannot be changed and why.

use super::held::Held;
use super::{edit, fill, follow};
use crate::model::bulk::{BulkAct, BulkInput, BulkPreview, BulkRefusal};
use crate::model::input::EditInput;
use crate::model::{ChangeKind, Status};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::TicketId;
use kernel::permission::Permission;
use kernel::tx::Tx;

/// What a bulk act does, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Tickets that change.
    pub changed: Vec<TicketId>,
    /// Tickets that are as the act wants them already: nothing is done to them.
    pub same: Vec<TicketId>,
    /// Tickets that do not, each with its number, unless it is not theirs to see, and the reason.
    pub refused: Vec<(Option<i64>, Problem)>,
}

/// What the act would do: it is done in a transaction that is thrown away, so preview and act cannot differ.
pub async fn preview(ctx: &Ctx, input: &BulkInput) -> Result<Outcome> {
    let ids = checked(ctx, input)?;
    let mut tx = ctx.begin().await?;
    let mut outcome = Outcome::default();
    for id in ids {
        let done = one(&mut tx, input, id).await;
        outcome.note(id, done)?;
    }
    Ok(outcome)
}

/// Does it, each ticket in a transaction of its own: one that cannot be changed stops no other.
pub async fn run(ctx: &Ctx, input: &BulkInput) -> Result<Outcome> {
    let ids = checked(ctx, input)?;
    let mut outcome = Outcome::default();
    for id in ids {
        let mut tx = ctx.begin().await?;
        let done = one(&mut tx, input, id).await;
        if done.is_ok() {
            tx.commit().await?;
        }
        outcome.note(id, done)?;
    }
    Ok(outcome)
}

impl Outcome {
    /// The same for the page, refusals put together by reason.
    #[must_use]
    pub fn by_reason(&self) -> BulkPreview {
        let mut refused: Vec<BulkRefusal> = Vec::new();
        for (number, problem) in &self.refused {
            let at = refused.iter().position(|refusal| refusal.problem == *problem).unwrap_or_else(|| {
                refused.push(BulkRefusal { problem: *problem, count: 0, numbers: Vec::new() });
                refused.len() - 1
            });
            refused[at].count += 1;
            refused[at].numbers.extend(number);
        }
        BulkPreview { changed: self.changed.len(), same: self.same.len(), refused }
    }

    fn note(&mut self, id: TicketId, done: std::result::Result<bool, (Option<i64>, Error)>) -> Result {
        match done {
            Ok(true) => self.changed.push(id),
            Ok(false) => self.same.push(id),
            Err((number, error @ (Error::Problems(_) | Error::NotFound | Error::Forbidden(_)))) => {
                self.refused.push((number, error.problem()))
            }
            Err((_, error)) => return Err(error),
        }
        Ok(())
    }
}

/// The tickets in one order, each once: two bulk acts lock them in the same order.
fn checked(ctx: &Ctx, input: &BulkInput) -> Result<Vec<TicketId>> {
    ctx.require(match input.act {
        BulkAct::Close => Permission::TicketClose,
        BulkAct::Delete | BulkAct::Restore => Permission::TicketDelete,
        BulkAct::Follow => Permission::TicketView,
        _ => Permission::TicketEdit,
    })?;
    ctx.agent()?;
    input.check()?;
    let mut ids = input.tickets.clone();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Does it to one ticket; false when there was nothing to do.
async fn one(tx: &mut Tx, input: &BulkInput, id: TicketId) -> std::result::Result<bool, (Option<i64>, Error)> {
    let mut held = Held::lock(tx, id).await.map_err(|error| (None, error))?;
    let number = held.number;
    act(tx, input, &mut held).await.map_err(|error| (Some(number), error))
}

async fn act(tx: &mut Tx, input: &BulkInput, held: &mut Held) -> Result<bool> {
    let version = held.version;
    let me = tx.ctx.agent()?;
    let same = EditInput::of(held.id, held.version);
    let (edit, kind) = match input.act {
        BulkAct::Group => (EditInput { group: Some(input.group), ..same }, ChangeKind::Assigned),
        BulkAct::Agent => (EditInput { agent: Some(input.agent), ..same }, ChangeKind::Assigned),
        BulkAct::Take => (EditInput { agent: Some(Some(me)), ..same }, ChangeKind::Taken),
        BulkAct::Priority => (EditInput { priority: input.priority, ..same }, ChangeKind::Edited),
        BulkAct::Category => (EditInput { category: Some(input.category), ..same }, ChangeKind::Edited),
        BulkAct::Solve => (EditInput { status: Some(Status::Solved), ..same }, ChangeKind::Edited),
        BulkAct::Close => (EditInput { status: Some(Status::Closed), ..same }, ChangeKind::Edited),
        BulkAct::Follow => return follow::add(tx, held.id, me).await,
        BulkAct::Delete => return edit::bin(tx, held).await.map(|()| true),
        BulkAct::Restore => return edit::unbin(tx, held).await.map(|()| held.version != version),
    };
    edit::apply(tx, held, &edit, kind).await.map_err(fill::without_form)?;
    // Whatever changes a ticket raises its version.
    Ok(held.version != version)
}

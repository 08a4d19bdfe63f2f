//! 插入: words of a preset into a composer: taken by the editor at the cursor, or put behind what was typed by the form. A
//! macro does what it does in the same transaction.

use super::keep::count;
use super::perform::{Outcome, perform};
use crate::model::{InsertInput, PresetKind, UseInput};
use crate::queries::{Preset, for_use, html};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{PresetId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::tx::Tx;
use ticket::commands::draft::{self, Begun};
use ticket::commands::place;
use ticket::model::ReplyType;
use ticket::model::reply::DraftInput;

/// What becomes of the composer.
#[derive(Clone, Debug)]
pub struct Inserted {
    /// What stands in it.
    pub begun: InsertInput,
    /// What a macro did; nothing after a preset reply.
    pub outcome: Option<Outcome>,
}

/// The words of a preset reply for this ticket, its places filled, for the cursor of an editor. The use is counted.
pub async fn take(ctx: &Ctx, input: UseInput) -> Result<String> {
    require_writing(ctx)?;
    let mut tx = ctx.begin().await?;
    ticket::queries::visible(&mut tx, input.ticket).await?;
    let preset = usable(&mut tx, input.preset, Some(PresetKind::Reply)).await?;
    let html = filled(&mut tx, &preset, input.ticket).await?;
    count(&mut tx, preset.id).await?;
    tx.commit().await?;
    Ok(html)
}

/// Puts a preset behind what was typed, and keeps the whole as the draft: nothing is lost when the page is left then.
///
/// # Errors
/// What a macro is refused stands beside `preset`, or beside its step as `preset[status]`.
pub async fn insert(ctx: &Ctx, input: InsertInput) -> Result<Inserted> {
    require_writing(ctx)?;
    let chosen = input.preset.ok_or_else(|| Error::Problems(Problems::one("preset", Problem::Required)))?;
    let typed = DraftInput {
        ticket: input.ticket,
        html: input.html.clone(),
        text: input.text.clone(),
        reply_type: input.reply_type,
        seen_seq: input.seen_seq,
    };
    typed.check()?;
    let mut tx = ctx.begin().await?;
    let (draft, outcome) = put(&mut tx, chosen, input.ticket, Begun::Typed(typed)).await?;
    tx.commit().await?;
    let begun = InsertInput { preset: None, html: draft.html, text: draft.text, reply_type: draft.reply_type, ..input };
    Ok(Inserted { begun, outcome })
}

/// 使用宏 from the ticket's menu: its words go behind the draft that is kept.
///
/// # Errors
/// What is refused stands beside `preset`, or beside its step as `preset[status]`.
pub async fn apply(ctx: &Ctx, input: UseInput) -> Result<Outcome> {
    require_writing(ctx)?;
    let mut tx = ctx.begin().await?;
    let (_, outcome) = put(&mut tx, input.preset, input.ticket, Begun::Kept(input.ticket)).await?;
    tx.commit().await?;
    outcome.ok_or(Error::NotFound)
}

/// The words behind what there is, after the acts: a place of a macro's words shows the ticket as the macro left it.
async fn put(tx: &mut Tx, preset: PresetId, ticket: TicketId, begun: Begun) -> Result<(DraftInput, Option<Outcome>)> {
    ticket::queries::visible(tx, ticket).await?;
    let preset = usable(tx, preset, None).await?;
    let outcome = match preset.kind {
        PresetKind::Reply => None,
        PresetKind::Macro => Some(perform(tx, &preset, ticket).await?),
    };
    let html = filled(tx, &preset, ticket).await?;
    let draft = draft::insert(tx, begun, &html, preset.acts.reply).await?;
    count(tx, preset.id).await?;
    Ok((draft, outcome))
}

/// Words for a composer are of use to whoever may write into one.
fn require_writing(ctx: &Ctx) -> Result {
    ctx.require(Permission::TicketView)?;
    if ctx.may(Permission::TicketNote) { Ok(()) } else { ctx.require(Permission::TicketReply) }
}

/// A preset that the actor can use: one that they cannot is the same as none (S03).
async fn usable(tx: &mut Tx, id: PresetId, kind: Option<PresetKind>) -> Result<Preset> {
    let known = for_use(tx).await?;
    known.into_iter().find(|preset| preset.id == id && kind.is_none_or(|kind| preset.kind == kind)).ok_or(Error::NotFound)
}

/// The words for this ticket; sanitised once more, whatever was filled in.
async fn filled(tx: &mut Tx, preset: &Preset, ticket: TicketId) -> Result<String> {
    let html = html(tx, preset.id).await?;
    Ok(rich::clean(&place::html(tx, ticket, &html).await?))
}

/// Who sees the words of a macro, as a right of whoever puts them there.
pub(super) const fn right_of(reply: ReplyType) -> Permission {
    match reply {
        ReplyType::Everyone => Permission::TicketReply,
        ReplyType::AgentsOnly => Permission::TicketNote,
    }
}

//! 宏的执行: everything a macro does to a ticket, as the person who uses it, or nothing of it.

use super::insert::right_of;
use crate::model::{Acts, Step};
use crate::queries::{Preset, names};
use crate::say;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, TicketId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use ticket::commands::at_once::{self, AtOnce, Performed};
use ticket::commands::place;
use ticket::model::input::EditInput;
use ticket::model::{Property, Status};

/// 结果: what a macro did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What it did, each as a sentence in the actor's language; what was so before is not said.
    pub done: Vec<String>,
    /// Whether the ticket is still the actor's to see: a macro may give it to another group.
    pub is_seen: bool,
}

/// Does it.
///
/// # Errors
/// Each problem beside its step: `preset[status]`, `preset[agent]` …
pub(super) async fn perform(tx: &mut Tx, preset: &Preset, ticket: TicketId) -> Result<Outcome> {
    let (ctx, acts) = (tx.ctx.clone(), &preset.acts.0);
    let me = ctx.agent()?;
    permitted(&ctx, acts, me)?;
    let note = place::text(tx, ticket, &acts.note).await?;
    let edit = EditInput {
        status: acts.status,
        priority: acts.priority,
        category: acts.category.map(Some),
        group: acts.group.map(Some),
        agent: acts.agent.map(|who| Some(who.agent(me))),
        ..EditInput::of(ticket, 0)
    };
    let followers = acts.follow.into_iter().map(|who| who.agent(me)).collect();
    let all = AtOnce { name: preset.title.clone(), edit, cc: acts.cc.clone(), followers, note };
    let performed = at_once::perform(tx, all).await.map_err(beside)?;
    let names = names(tx).await?;
    let done = acts.steps().into_iter().filter(|step| is_done(*step, &performed));
    let done = done.map(|step| say::step(step, acts, &preset.words, &names, ctx.lang())).collect();
    let is_seen = ticket::queries::visible(tx, ticket).await.is_ok();
    Ok(Outcome { name: preset.title.clone(), done, is_seen })
}

/// Everything that the actor may not do is said at once.
fn permitted(ctx: &Ctx, acts: &Acts, me: AgentId) -> Result {
    let mut problems = Problems::default();
    for step in acts.steps() {
        let item = match step {
            Step::Status if acts.status == Some(Status::Closed) => Permission::TicketClose,
            Step::Status | Step::Priority | Step::Category | Step::Group | Step::Agent | Step::Cc => Permission::TicketEdit,
            // Following oneself needs no more than seeing the ticket.
            Step::Follow if acts.follow.is_some_and(|who| who.agent(me) == me) => Permission::TicketView,
            Step::Follow => Permission::TicketEdit,
            Step::Note => Permission::TicketNote,
            Step::Reply => acts.reply.map_or(Permission::TicketReply, right_of),
        };
        problems.need(ctx.may(item), &field(step.key()), Problem::Forbidden);
    }
    problems.end()
}

/// Whether the step made a difference.
fn is_done(step: Step, performed: &Performed) -> bool {
    let changed = |property: Property| performed.changed.contains(&property);
    match step {
        Step::Status => changed(Property::Status),
        Step::Priority => changed(Property::Priority),
        Step::Category => changed(Property::Category),
        Step::Group => changed(Property::Group),
        Step::Agent => changed(Property::Agent),
        Step::Cc => changed(Property::Cc),
        Step::Follow => performed.is_followed,
        Step::Note | Step::Reply => true,
    }
}

/// The problems of the ticket's own form, beside the steps of the macro. Own fields that are missing have no control here:
/// the step that ends the ticket says so, once for all of them.
fn beside(error: Error) -> Error {
    let of_step = |(name, problem): (String, Problem)| match Step::from_key(&name) {
        Some(step) => (field(step.key()), problem),
        None if name.starts_with("fields[") => (field(Step::Status.key()), Problem::FieldsMissing),
        None => ("preset".to_owned(), problem),
    };
    match error {
        Error::Problems(problems) => {
            let mut steps: Vec<(String, Problem)> = problems.0.into_iter().map(of_step).collect();
            steps.dedup();
            Error::Problems(Problems(steps))
        }
        other => other,
    }
}

fn field(step: &str) -> String {
    format!("preset[{step}]")
}

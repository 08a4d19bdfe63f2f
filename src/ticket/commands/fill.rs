//! 填写: own fields of a ticket as its actor fills them in, and what is demanded of an agent before a ticket is created,
//! solved or closed. Mail, rules and merges fill in no form and are not held up by one. What an actor may not see they
//! neither change nor are asked for; what was sent of it, or of a field that is switched off, is left alone.

use super::held::Held;
use crate::model::field::{Answers, FieldChanged, TicketField};
use crate::model::{Changes, Status};
use crate::queries::{field, template};
use kernel::answer::{put, values_of};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::field::{Answer, answer_name};
use kernel::id::CategoryId;
use kernel::tx::Tx;
use serde_json::{Map, Value};

/// What was filled in of a new ticket of this category: the fields of its template, with everything that its agent has to
/// fill in first.
pub(crate) async fn of_new(tx: &mut Tx, category: Option<CategoryId>, sent: &Answers) -> Result<Map<String, Value>> {
    let form = template::form(tx, category).await?;
    // Customers and applications of the open platform fill in what they know.
    let is_asked = tx.ctx.actor.agent().is_some();
    let (mut kept, mut problems) = (Map::new(), Problems::default());
    for (field, demand) in &form.slots {
        let values = sent.get(&field.id).map(Answer::values).unwrap_or_default();
        problems.need(!values.is_empty() || !demand.on_creation() || !is_asked, &answer_name(field.id), Problem::Required);
        note(&mut problems, field, put(&mut kept, &field.id.to_string(), &field.asked(), values));
    }
    problems.end()?;
    Ok(kept)
}

/// Fills in what was sent of a locked ticket, whatever its template; fields that were not sent stay as they are.
pub(crate) async fn fill(tx: &mut Tx, held: &mut Held, sent: &Answers, changes: &mut Changes) -> Result {
    if sent.is_empty() {
        return Ok(());
    }
    let mut problems = Problems::default();
    for field in field::seen(tx).await? {
        let (Some(answer), key) = (sent.get(&field.id), field.id.to_string()) else { continue };
        let from = values_of(held.fields.get(&key));
        note(&mut problems, &field, put(&mut held.fields, &key, &field.asked(), answer.values()));
        let to = values_of(held.fields.get(&key));
        if from != to {
            changes.fields.insert(field.id, FieldChanged { label: field.label, kind: field.kind, from, to });
        }
    }
    problems.end()
}

/// Of what was sent along with a reply that which has to be filled in before the ticket ends, and is empty: a reply is no right
/// to change anything else.
pub(crate) async fn wanted(tx: &mut Tx, held: &Held, sent: &Answers) -> Result<Answers> {
    if sent.is_empty() {
        return Ok(Answers::new());
    }
    let form = template::form(tx, held.category_id).await?;
    let kept = Value::Object(held.fields.0.clone());
    Ok(form.missing(&kept).filter_map(|field| Some((field.id, sent.get(&field.id)?.clone()))).collect())
}

/// Refuses an agent who solves or closes a ticket of which something has to be filled in first; `before` is its status
/// until now.
///
/// # Errors
/// `Problem::Required` beside each field.
pub(crate) async fn demand(tx: &mut Tx, held: &Held, before: Status) -> Result {
    let ends = held.status.is_finished() && held.status != before;
    if !ends || tx.ctx.actor.agent().is_none() {
        return Ok(());
    }
    let form = template::form(tx, held.category_id).await?;
    let kept = Value::Object(held.fields.0.clone());
    let mut problems = Problems::default();
    form.missing(&kept).for_each(|field| problems.add(&answer_name(field.id), Problem::Required));
    problems.end()
}

/// The same error for whoever has no form before them: that something is missing.
pub(crate) fn without_form(error: Error) -> Error {
    match error {
        Error::Problems(problems) if problems.0.iter().any(|(name, _)| name.starts_with("fields[")) => Problem::FieldsMissing.into(),
        other => other,
    }
}

/// Notes what is wrong with a field, when something is.
pub(super) fn note(problems: &mut Problems, field: &TicketField, problem: Option<Problem>) {
    if let Some(problem) = problem {
        problems.add(&answer_name(field.id), problem);
    }
}

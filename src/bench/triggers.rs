//! 触发器的测量: fifty timed triggers over every ticket that is not closed, and fifty flow triggers at one event.

use super::ADMIN;
use identity::queries::{agent_by_email, person};
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::{TicketId, TriggerId};
use std::sync::Arc;
use std::time::Instant;
use ticket::model::Priority;
use ticket::model::input::EditInput;
use trigger::commands::{delete, flow, save, timed};
use trigger::field::Field;
use trigger::model::{ActionInput, ActionKind, ChoiceInput, ConditionInput, Moment, Operator, TriggerInput, TriggerKind};

const TRIGGERS: usize = 50;
const EVENTS: usize = 50;

/// Prints how long one hour of the timed ones takes, and one event of the flow ones; leaves no trigger behind. `system` is
/// the company that `load` made.
///
/// # Errors
/// When the database refuses.
pub async fn measure(app: &Arc<App>, system: &Ctx) -> Result {
    let agent = agent_by_email(&mut system.read().await?, ADMIN).await?.ok_or(Error::NotFound)?;
    let ctx = person(app, system.company, agent.id, Request::internal(app)).await?.ctx;

    let rules = write(&ctx, TriggerKind::Flow).await?;
    let mut took = Vec::new();
    for ticket in newest(&ctx).await? {
        let priority = Some(Priority::Low);
        ticket::commands::edit::edit(&ctx, EditInput { priority, ..EditInput::of(ticket, version(&ctx, ticket).await?) }).await?;
        let begun = Instant::now();
        flow::run(system, ticket).await?;
        took.push(begun.elapsed());
    }
    remove(&ctx, rules).await?;
    took.sort_unstable();
    let millis = |place: usize| took.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    println!(
        "{TRIGGERS} flow triggers at one event: {:.1} ms in the middle, {:.1} ms p95",
        millis(took.len() / 2),
        millis(took.len() * 95 / 100)
    );

    let rules = write(&ctx, TriggerKind::Timed).await?;
    let begun = Instant::now();
    timed::run(system).await?;
    let first = begun.elapsed();
    let begun = Instant::now();
    timed::run(system).await?;
    let (hour, tickets) = (begun.elapsed(), looked(&ctx).await?);
    remove(&ctx, rules).await?;
    println!(
        "{TRIGGERS} timed triggers over {tickets} tickets: {:.2} s an hour, {:.2} s the first time",
        hour.as_secs_f64(),
        first.as_secs_f64()
    );
    Ok(())
}

/// Rules that look at words, at numbers and at lists, and find next to nothing.
async fn write(ctx: &Ctx, kind: TriggerKind) -> Result<Vec<TriggerId>> {
    let mut ids = Vec::with_capacity(TRIGGERS);
    for number in 0..TRIGGERS {
        let line = |field: Field, operator, value: String| ConditionInput {
            field: Some(field.into()),
            operator: Some(operator),
            values: vec![value],
        };
        let first = match number % 4 {
            0 => line(Field::Content, Operator::Contains, format!("没有这个词{number}")),
            1 => line(Field::HoursSinceCreated, Operator::AtLeast, (2_000 + number).to_string()),
            2 => line(Field::SenderDomain, Operator::Is, format!("nobody{number}.example")),
            _ => line(Field::UrgeCount, Operator::AtLeast, "5".to_owned()),
        };
        let input = TriggerInput {
            trigger: None,
            version: 0,
            kind,
            name: format!("测量 {number}"),
            description: String::new(),
            enabled: true,
            stop: false,
            moments: if kind == TriggerKind::Flow { vec![Moment::Updated] } else { Vec::new() },
            all: vec![line(Field::Status, Operator::IsNot, "closed".to_owned()), first],
            any: vec![line(Field::Priority, Operator::Is, "urgent".to_owned()), line(Field::Priority, Operator::Is, "low".to_owned())],
            actions: vec![ActionInput { kind: Some(ActionKind::Priority), value: "high".to_owned(), text: String::new(), own: None }],
            step: String::new(),
            reason: String::new(),
        };
        ids.push(save(ctx, input).await?);
    }
    Ok(ids)
}

async fn remove(ctx: &Ctx, rules: Vec<TriggerId>) -> Result {
    for trigger in rules {
        delete(ctx, ChoiceInput { trigger }).await?;
    }
    Ok(())
}

async fn looked(ctx: &Ctx) -> Result<i32> {
    Ok(trigger::queries::run::last_hour(ctx).await?.map_or(0, |hour| hour.tickets))
}

async fn newest(ctx: &Ctx) -> Result<Vec<TicketId>> {
    let mut tx = ctx.read().await?;
    let since = ctx.now().minus(jiff::SignedDuration::from_hours(24 * 90));
    ticket::queries::case::changed_since(&mut tx, since, i64::try_from(EVENTS).unwrap_or(1)).await
}

async fn version(ctx: &Ctx, ticket: TicketId) -> Result<i32> {
    Ok(ticket::queries::detail::detail(ctx, ticket).await?.ticket.version)
}

//! 接收通话事件的测量: how many events of switches are taken in a second, records and all, below the HTTP of the intake.

use call::commands::save;
use call::commands::take::take;
use call::model::event::SwitchEvent;
use call::model::switch::{SwitchInput, SwitchKind};
use call::story::{Cast, all};
use futures_util::future::join_all;
use identity::queries::agent_addresses;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::SwitchId;
use std::time::Instant;

/// Requests that are answered at once.
const AT_ONCE: usize = 4;
/// Events of a request that carries many.
const BATCH: usize = 100;
/// How often every story is played in batches, and one event at a time.
const ROUNDS: (usize, usize) = (60, 6);

/// Prints how many events are taken in a second, in batches and one by one. `system` is the company that `load` made.
///
/// # Errors
/// When the database refuses, or there is no agent.
pub async fn measure(system: &Ctx) -> Result {
    let agents = agent_addresses(&mut system.read().await?).await?;
    let [(a, ..), (b, ..), (c, ..), (m, ..), ..] = agents.as_slice() else { return Err(Error::NotFound) };
    let group = identity::queries::default_group(&mut system.read().await?, identity::model::GroupKind::Ticket).await?;
    let group = group.ok_or(Error::NotFound)?;
    let cast = Cast { agents: [*a, *b, *c, *m], groups: [group; 2], ..Cast::default() };
    let name = format!("测量 {}", system.now().micros());
    let input = SwitchInput { name, kind: Some(SwitchKind::Simulated), enabled: true, ..SwitchInput::default() };
    let switch = save(system, input).await?;
    for (what, rounds, batch) in [("in batches of 100", ROUNDS.0, BATCH), ("one by one", ROUNDS.1, 1)] {
        let events = told(system, &cast, what, rounds);
        let begun = Instant::now();
        join_all(events.chunks(events.len().div_ceil(AT_ONCE)).map(|share| speak(system, switch, share, batch)))
            .await
            .into_iter()
            .collect::<Result<Vec<()>>>()?;
        let rate = f64::from(u32::try_from(events.len()).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64();
        println!("{} events of switches {what}, {AT_ONCE} at once: {rate:.0} a second", events.len());
    }
    Ok(())
}

async fn speak(ctx: &Ctx, switch: SwitchId, events: &[SwitchEvent], batch: usize) -> Result {
    for portion in events.chunks(batch) {
        take(ctx, switch, portion).await?;
    }
    Ok(())
}

/// Every story so many times, each with calls of its own.
fn told(ctx: &Ctx, cast: &Cast, what: &str, rounds: usize) -> Vec<SwitchEvent> {
    let now = ctx.now().micros() / 1000;
    let stories = all();
    let play = |round: usize| stories.iter().enumerate().flat_map(move |(place, story)| story.played(&format!("{what}-{round}-{place}"), now, cast));
    (0..rounds).flat_map(play).collect()
}

//! 播放剧本: a call story played on the phones of real agents, in its own time or faster.

use super::play::{Held, Pace, Place, keep};
use crate::model::event::{Happening, Party, SwitchEvent};
use crate::model::phone::StoryInput;
use crate::phone::commands::wrap;
use crate::phone::jobs::{Due, SimulatedStep};
use crate::phone::queries;
use crate::story::{self, Cast, Story};
use identity::model::GroupKind;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId};
use kernel::job::enqueue_at;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What of a story is still to come, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// Milliseconds since 1970, and what happens then; in order.
    pub acts: Vec<(i64, Happening)>,
}

/// 播放剧本: begins a story with these agents in its parts. They must be free; who has no part does not matter.
pub async fn play(ctx: &Ctx, input: &StoryInput) -> Result<Uuid> {
    ctx.require(Permission::PhoneManage)?;
    let stories = story::all();
    let story = stories.iter().find(|story| story.name(Lang::En) == input.story);
    let mut problems = Problems::default();
    problems.need(story.is_some(), "story", Problem::BadChoice);
    problems.need((1..=60).contains(&input.speed), "speed", Problem::BadNumber);
    problems.end()?;
    let story = story.ok_or(Problem::BadChoice)?;
    let mut tx = ctx.begin().await?;
    let switch = queries::simulated(&mut tx).await?.ok_or(Problem::SwitchTakesNoOrders)?;
    let cast = cast(&mut tx, story, &input.agents).await?;
    let start = ctx.now().micros() / 1_000;
    let (call, speed) = (ctx.uuid(), i64::from(input.speed));
    let acts: Vec<(i64, Happening)> =
        story.played(&call.to_string(), 0, &cast).into_iter().map(|event| (start + event.at / speed, event.what)).collect();
    super::play::open(&mut tx, switch, call).await?;
    go_on(&mut tx, Place { switch, call }, Vec::new(), Rest { acts }).await?;
    tx.commit().await?;
    Ok(call)
}

/// What is due by now happens; the rest waits.
pub(super) async fn go_on(tx: &mut Tx, place: Place, events: Vec<SwitchEvent>, rest: Rest) -> Result {
    let now = tx.ctx.now().micros() / 1_000;
    let (due, later): (Vec<_>, Vec<_>) = rest.acts.into_iter().partition(|(at, _)| *at <= now);
    if let Some((at, _)) = later.first() {
        let at = Stamp::from_micros(at * 1_000).unwrap_or_else(|| tx.ctx.now().plus(SignedDuration::from_secs(1)));
        enqueue_at(tx, &SimulatedStep { call: place.call, due: Due::Story { rest: Rest { acts: later } } }, at).await?;
    }
    if due.is_empty() { Ok(()) } else { keep(tx, place, events, due.into_iter().map(|(_, what)| what).collect(), Pace::Story).await }
}

/// What a story that is over already leaves out.
pub(super) async fn go_on_with(tx: &mut Tx, held: Held, rest: Rest) -> Result {
    if held.running.scene.is_over { Ok(()) } else { go_on(tx, held.place, held.running.events, rest).await }
}

/// Who plays: those who were chosen take the parts that the story has, in their order.
async fn cast(tx: &mut Tx, story: &Story, chosen: &[AgentId]) -> Result<Cast> {
    let wrong = |problem| Error::Problems(Problems::one("agents", problem));
    let plain = Cast::default();
    let events = story.played("", 0, &plain);
    let plays = |part: AgentId| {
        events.iter().any(|event| matches!(event.what, Happening::Dialled { party: Party::Agent { agent, .. }, .. } if agent == part))
    };
    let mut agents = plain.agents;
    let mut free = chosen.iter();
    for part in agents.iter_mut().filter(|part| plays(**part)) {
        let agent = *free.next().ok_or_else(|| wrong(Problem::Required))?;
        wrap::hold(tx, agent).await?;
        let has_phone = queries::account(tx, agent).await?.is_some_and(|account| account.enabled);
        if !has_phone || queries::running(tx, agent).await?.is_some() {
            return Err(wrong(Problem::PhoneEngaged));
        }
        *part = agent;
    }
    let mut groups: Vec<GroupId> = queries::skill_groups(tx).await?.into_iter().map(|group| group.id).collect();
    if groups.is_empty() {
        // A switch may name any group; one that does not exist would send the event into quarantine.
        let any = identity::queries::group_options(tx, GroupKind::Ticket).await?;
        groups.extend(any.into_iter().map(|group| group.id));
    }
    let group = |at: usize| groups.get(at).or(groups.first()).copied().unwrap_or(plain.groups[at]);
    Ok(Cast { agents, groups: [group(0), group(1)], ..plain })
}

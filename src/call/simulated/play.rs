//! 模拟交换机 over the database: takes orders, lets time pass, and keeps what happened.

use super::{engine, script, tale};
use crate::model::BusinessLine;
use crate::model::event::{Direction, Happening, Party, Purpose, SwitchEvent};
use crate::model::phone::SimulateInput;
use crate::model::switch::SwitchKind;
use crate::phone::commands::{target, wrap};
use crate::phone::jobs::{Due, SimulatedStep};
use crate::phone::port::{Order, SwitchPort, Target};
use crate::phone::queries::{self, Running};
use crate::phone::scene::{Limb, Scene, Stage};
use identity::model::AgentState;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, GroupId, SwitchId};
use kernel::job::enqueue_at;
use kernel::permission::Permission;
use kernel::tx::Tx;
use uuid::Uuid;

/// 外显号码 of the simulated switch, and the number that its callers dial.
pub const HOTLINE: &str = "4000000000";

/// Who says what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Buttons, outside numbers and time.
    Live,
    /// A story, which brings its own time.
    Story,
}

/// A call of a switch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The switch.
    pub(super) switch: SwitchId,
    /// Its call.
    pub(super) call: Uuid,
}

/// A call that is held: what is decided about it is decided one after another.
pub(super) struct Held {
    /// Which.
    pub(super) place: Place,
    /// As it stands.
    pub(super) running: Running,
}

/// 模拟交换机: the company's switch of this kind.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedSwitch(pub SwitchId);

impl SwitchPort for SimulatedSwitch {
    async fn order(&self, tx: &mut Tx, by: &Party, order: &Order) -> Result {
        let Party::Agent { agent: me, .. } = *by else { return Err(Problem::PhoneNotNow.into()) };
        match order {
            Order::Dial { to } => dial(tx, self.0, by, to).await,
            Order::Press { call, act } => {
                let held = hold(tx, *call).await?;
                let happenings = engine::press(&held.running.scene, me, *act).ok_or(Problem::PhoneNotNow)?;
                append(tx, held, happenings).await
            }
            Order::Ask { call, act, to } => {
                let held = hold(tx, *call).await?;
                let party = reach(tx, me, to).await?;
                let leg = next_leg(&held);
                let happenings = engine::ask(&held.running.scene, me, *act, party, leg).ok_or(Problem::PhoneNotNow)?;
                append(tx, held, happenings).await
            }
            Order::Supervise { call, act, agent } => {
                let held = hold(tx, *call).await?;
                wrap::hold(tx, me).await?;
                if queries::running(tx, me).await?.is_some_and(|other| other.id != *call) {
                    return Err(Problem::PhoneNotNow.into());
                }
                let leg = next_leg(&held);
                let happenings = engine::supervise(&held.running.scene, by, *agent, *act, leg).ok_or(Problem::PhoneNotNow)?;
                append(tx, held, happenings).await
            }
        }
    }

    /// Whom it may ring it reads when it rings: there is nothing to be told.
    async fn agent_state(&self, _: &mut Tx, _: AgentId) -> Result {
        Ok(())
    }
}

/// 模拟来电: a call from outside to an agent or a group, as the page of the simulated switch asks for it.
pub async fn ring_in(ctx: &Ctx, input: &SimulateInput) -> Result {
    ctx.require(Permission::PhoneManage)?;
    let number: String = input.number.chars().filter(|c| !" -".contains(*c)).collect();
    let mut problems = Problems::default();
    let is_number = (3..=18).contains(&number.len()) && number.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
    problems.need(is_number, "number", Problem::BadPhone);
    problems.end()?;
    let mut tx = ctx.begin().await?;
    let switch = queries::simulated(&mut tx).await?.ok_or(Problem::SwitchTakesNoOrders)?;
    let to = target(&mut tx, &input.to).await?;
    let party = match &to {
        Target::Number(_) => return Err(Error::Problems(Problems::one("to", Problem::BadChoice))),
        Target::Agent(agent) => ring(&mut tx, *agent, None).await?,
        Target::Group(group) => of_group(&mut tx, *group, None).await?,
    };
    let mut happenings = vec![started(Direction::Inbound, &number, HOTLINE)];
    if let Target::Group(group) = to {
        happenings.push(Happening::QueueEntered { group });
    }
    happenings.push(Happening::Dialled { leg: "1".to_owned(), party, purpose: Purpose::Reception, from: None });
    happenings.push(Happening::Ringing { leg: "1".to_owned() });
    begin(&mut tx, switch, happenings).await?;
    tx.commit().await
}

/// 客户挂断: the customer of a simulated call hangs up, as the page of the simulated switch asks for it.
pub async fn customer_leaves(ctx: &Ctx, call: Uuid) -> Result {
    ctx.require(Permission::PhoneManage)?;
    let mut tx = ctx.begin().await?;
    let held = hold(&mut tx, call).await?;
    let happenings = engine::customer_leaves(&held.running.scene).ok_or(Problem::PhoneNotNow)?;
    append(&mut tx, held, happenings).await?;
    tx.commit().await
}

/// Time passed in a call. What it was waited for may be over; then nothing happens. System: a job.
pub async fn due(ctx: &Ctx, job: &SimulatedStep) -> Result {
    let mut tx = ctx.begin().await?;
    let held = hold(&mut tx, job.call).await?;
    let happenings = match &job.due {
        Due::Story { rest } => {
            tale::go_on_with(&mut tx, held, rest.clone()).await?;
            return tx.commit().await;
        }
        Due::Crash => engine::crash(&held.running.scene),
        Due::RingOut { leg } => engine::ring_out(&held.running.scene, leg),
        Due::Outside { leg, step } => {
            let number = held.running.scene.open(leg).and_then(number_of).unwrap_or_default();
            script::steps(number).get(*step).and_then(|(_, step)| engine::outside(&held.running.scene, leg, *step))
        }
    };
    match happenings {
        Some(happenings) => append(&mut tx, held, happenings).await?,
        None => return Ok(()),
    }
    tx.commit().await
}

async fn dial(tx: &mut Tx, switch: SwitchId, by: &Party, to: &Target) -> Result {
    let Party::Agent { agent: me, .. } = *by else { return Err(Problem::PhoneNotNow.into()) };
    wrap::hold(tx, me).await?;
    if identity::queries::state_of(tx, me).await?.0 == AgentState::Offline {
        return Err(Problem::PhoneOffline.into());
    }
    if queries::running(tx, me).await?.is_some() {
        return Err(Problem::PhoneNotNow.into());
    }
    let own = queries::account(tx, me).await?.and_then(|account| account.extension).unwrap_or_default();
    let (party, callee) = match to {
        Target::Number(number) => (Party::Customer { number: number.clone() }, number.clone()),
        Target::Agent(_) | Target::Group(_) => {
            let party = reach(tx, me, to).await?;
            let callee = match &party {
                Party::Agent { agent, .. } => queries::account(tx, *agent).await?.and_then(|account| account.extension),
                Party::Customer { .. } | Party::Third { .. } => None,
            };
            (party, callee.unwrap_or_default())
        }
    };
    let rings = matches!(party, Party::Agent { .. });
    // Between colleagues there is no customer: whoever is called is consulted.
    let purpose = if rings { Purpose::Consult } else { Purpose::Reception };
    let (mine, theirs) = ("1".to_owned(), "2".to_owned());
    let mut happenings = vec![
        started(Direction::Outbound, &own, &callee),
        Happening::Dialled { leg: mine.clone(), party: by.clone(), purpose: Purpose::Reception, from: None },
        Happening::Ringing { leg: mine.clone() },
        Happening::Answered { leg: mine.clone() },
        Happening::Dialled { leg: theirs.clone(), party, purpose, from: Some(mine) },
    ];
    if rings {
        happenings.push(Happening::Ringing { leg: theirs });
    }
    begin(tx, switch, happenings).await
}

fn started(direction: Direction, caller: &str, callee: &str) -> Happening {
    Happening::Started {
        direction,
        caller: caller.to_owned(),
        callee: callee.to_owned(),
        shown: HOTLINE.to_owned(),
        line: BusinessLine::CallCenter,
        task: None,
    }
}

/// Who will be called.
async fn reach(tx: &mut Tx, me: AgentId, to: &Target) -> Result<Party> {
    match to {
        Target::Number(number) => Ok(Party::Third { number: number.clone() }),
        Target::Agent(agent) if *agent == me => Err(Error::Problems(Problems::one("to", Problem::BadChoice))),
        Target::Agent(agent) => ring(tx, *agent, None).await,
        Target::Group(group) => of_group(tx, *group, Some(me)).await,
    }
}

/// The member who is free longest.
async fn of_group(tx: &mut Tx, group: GroupId, except: Option<AgentId>) -> Result<Party> {
    let members = identity::queries::members(tx, group).await?;
    let members: Vec<AgentId> = members.into_iter().filter(|agent| except != Some(*agent)).collect();
    for agent in identity::queries::available(tx, &members).await? {
        match ring(tx, agent, Some(group)).await {
            Ok(party) => return Ok(party),
            Err(Error::Problems(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Problems(Problems::one("to", Problem::PhoneEngaged)))
}

/// The agent's phone, when it may ring: in use, available, in no call.
async fn ring(tx: &mut Tx, agent: AgentId, group: Option<GroupId>) -> Result<Party> {
    let engaged = || Error::Problems(Problems::one("to", Problem::PhoneEngaged));
    wrap::hold(tx, agent).await?;
    let account = queries::account(tx, agent).await?.filter(|account| account.enabled).ok_or_else(engaged)?;
    if identity::queries::available(tx, &[agent]).await?.is_empty() || queries::running(tx, agent).await?.is_some() {
        return Err(engaged());
    }
    Ok(Party::Agent { agent, group, way: account.answer_way })
}

/// Makes a new call.
async fn begin(tx: &mut Tx, switch: SwitchId, happenings: Vec<Happening>) -> Result {
    let call = tx.ctx.uuid();
    open(tx, switch, call).await?;
    keep(tx, Place { switch, call }, Vec::new(), happenings, Pace::Live).await
}

/// A row of a call to which its first events are added in the same transaction.
pub(super) async fn open(tx: &mut Tx, switch: SwitchId, id: Uuid) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into phone_calls (company_id, id, switch_id, call_key, events, agents, is_over, started_at, updated_at)
        values ($1, $2, $3, $4, '[]', '{}', false, $5, $5)",
        company as _,
        id,
        switch as _,
        id.to_string(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    let longest = now.plus(SignedDuration::from_secs(script::LONGEST_S));
    enqueue_at(tx, &SimulatedStep { call: id, due: Due::Crash }, longest).await?;
    Ok(())
}

/// Holds a call of the simulated switch: those of other switches take no orders.
async fn hold(tx: &mut Tx, call: Uuid) -> Result<Held> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select p.switch_id as "switch: SwitchId", p.events
        from phone_calls p
        join switches s
        on s.company_id = p.company_id
        and s.id = p.switch_id
        where p.company_id = $1
        and p.id = $2
        and s.kind = $3
        for update of p"#,
        company as _,
        call,
        SwitchKind::Simulated as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(Held { place: Place { switch: row.switch, call }, running: queries::read((call, row.switch), row.events)? })
}

async fn append(tx: &mut Tx, held: Held, happenings: Vec<Happening>) -> Result {
    keep(tx, held.place, held.running.events, happenings, Pace::Live).await
}

/// Adds what happened, and sets what takes its time going. What phones make of it, `follow` does with the events, as for every
/// switch.
pub(super) async fn keep(tx: &mut Tx, place: Place, mut events: Vec<SwitchEvent>, happenings: Vec<Happening>, pace: Pace) -> Result {
    let Place { switch, call } = place;
    let (now, known) = (tx.ctx.now(), events.len());
    // Each a millisecond after the one before: their order is part of what happened.
    let first = (now.micros() / 1_000).max(events.last().map_or(0, |last| last.at + 1));
    // What lies in quarantine has a number too: numbers go on behind the last one.
    let mut number = events.iter().filter_map(|event| event.id.parse::<usize>().ok()).max().unwrap_or_default();
    for (at, what) in (first..).zip(&happenings) {
        number += 1;
        events.push(SwitchEvent { id: format!("{number:04}"), call: call.to_string(), at, what: what.clone() });
    }
    let scene = Scene::of(&events).ok_or_else(|| Error::internal("a call without a beginning"))?;
    let told = events[known..].iter().map(serde_json::to_value).collect::<core::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
    // The records say it in the same commit: nothing is told twice, or lost.
    crate::commands::take::take_bodies(tx, switch, &told).await?;
    if pace == Pace::Story {
        return Ok(());
    }
    for happening in &happenings {
        match happening {
            Happening::Dialled { leg, party: Party::Customer { number } | Party::Third { number }, .. } => {
                for (step, (seconds, _)) in script::steps(number).iter().enumerate() {
                    let due = Due::Outside { leg: leg.clone(), step };
                    enqueue_at(tx, &SimulatedStep { call, due }, now.plus(SignedDuration::from_secs(*seconds))).await?;
                }
            }
            Happening::Ringing { leg } if scene.open(leg).is_some_and(|limb| limb.stage == Stage::Ringing && limb.agent().is_some()) => {
                let due = Due::RingOut { leg: leg.clone() };
                enqueue_at(tx, &SimulatedStep { call, due }, now.plus(SignedDuration::from_secs(script::RINGS_S))).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn next_leg(held: &Held) -> String {
    (held.running.scene.limbs.len() + 1).to_string()
}

fn number_of(limb: &Limb) -> Option<&str> {
    match &limb.party {
        Party::Customer { number } | Party::Third { number } => Some(number),
        Party::Agent { .. } => None,
    }
}

//! 引擎: what comes of a button, of an outside number and of time, in the words of switches. Pure; whether a button is
//! possible at all, `phone::bar` says.

use super::script::Step;
use crate::model::QueueState;
use crate::model::event::{Cause, Happening, Party, Purpose, Side};
use crate::model::phone::Act;
use crate::phone::bar::{acts, supervising};
use crate::phone::scene::{Limb, Scene, Stage};
use kernel::id::AgentId;

fn left(leg: &Limb, by: Side, cause: Cause) -> Happening {
    Happening::Left { leg: leg.name.clone(), by, cause }
}

/// What comes of a button in a call; nothing when it is not possible now.
#[must_use]
pub fn press(scene: &Scene, me: AgentId, act: Act) -> Option<Vec<Happening>> {
    let limb = scene.limb_of(me).filter(|_| acts(scene, me).contains(&act))?;
    let leg = limb.name.clone();
    let asked = scene.asked_by(limb);
    Some(match act {
        Act::Answer => answer(scene, limb),
        Act::Hold => vec![Happening::Held { leg }],
        Act::Resume => vec![Happening::Resumed { leg }],
        Act::Confirm => {
            let mut out = vec![Happening::Confirmed { leg: asked?.name.clone() }, left(limb, Side::Agent, Cause::Normal)];
            out.extend(scene.watched_by(limb).map(|other| left(other, Side::System, Cause::Normal)));
            out
        }
        Act::ThreeWay => vec![Happening::Joined { leg: asked?.name.clone() }, Happening::Resumed { leg }],
        Act::Cancel => vec![left(asked?, Side::Agent, Cause::Normal), Happening::Resumed { leg }],
        Act::HangUp => hang_up(scene, limb),
        Act::Barge => {
            let from = limb.from.clone()?;
            let barge = format!("{leg}+");
            let party = limb.party.clone();
            let mut out = vec![left(limb, Side::Agent, Cause::Normal)];
            out.extend(call_in(barge.clone(), party, Purpose::Barge, from));
            out.push(Happening::Joined { leg: barge });
            out
        }
        Act::Force => force(scene, limb.party.clone(), limb.from.as_deref().and_then(|from| scene.open(from))?, format!("{leg}!")),
        Act::Dial | Act::Transfer | Act::Consult | Act::Monitor => return None,
    })
}

/// What comes of 转接 or 咨询: the customer is on hold, and somebody is called.
#[must_use]
pub fn ask(scene: &Scene, me: AgentId, act: Act, party: Party, leg: String) -> Option<Vec<Happening>> {
    let limb = scene.limb_of(me).filter(|_| acts(scene, me).contains(&act))?;
    let purpose = match (act, &party) {
        (Act::Consult, _) => Purpose::Consult,
        (Act::Transfer, Party::Agent { group: None, .. }) => Purpose::TransferConsult,
        (Act::Transfer, _) => Purpose::TransferDirect,
        _ => return None,
    };
    let rings = matches!(party, Party::Agent { .. });
    let mut out = Vec::new();
    if !limb.is_held {
        out.push(Happening::Held { leg: limb.name.clone() });
    }
    out.push(Happening::Dialled { leg: leg.clone(), party, purpose, from: Some(limb.name.clone()) });
    if rings {
        out.push(Happening::Ringing { leg });
    }
    Some(out)
}

/// What comes of a supervisor's button.
#[must_use]
pub fn supervise(scene: &Scene, supervisor: &Party, agent: AgentId, act: Act, leg: String) -> Option<Vec<Happening>> {
    let Party::Agent { agent: me, .. } = supervisor else { return None };
    let limb = scene.limb_of(agent).filter(|_| supervising(scene, *me, agent).contains(&act))?;
    let from = limb.name.clone();
    Some(match act {
        Act::Monitor => call_in(leg, supervisor.clone(), Purpose::Monitor, from),
        Act::Barge => {
            let mut out = call_in(leg.clone(), supervisor.clone(), Purpose::Barge, from);
            out.push(Happening::Joined { leg });
            out
        }
        Act::Force => force(scene, supervisor.clone(), limb, leg),
        _ => return None,
    })
}

/// What comes of what an outside number does.
#[must_use]
pub fn outside(scene: &Scene, leg: &str, step: Step) -> Option<Vec<Happening>> {
    let limb = scene.open(leg).filter(|limb| limb.is_calling())?;
    Some(match step {
        Step::Ring => vec![Happening::Ringing { leg: leg.to_owned() }],
        Step::Answer => answer(scene, limb),
        Step::Refuse(by, cause) => {
            let by = if by == Side::Customer && matches!(limb.party, Party::Third { .. }) { Side::Third } else { by };
            give_up(scene, limb, by, cause)
        }
    })
}

/// What comes of a phone that rang so long that nobody will answer it.
#[must_use]
pub fn ring_out(scene: &Scene, leg: &str) -> Option<Vec<Happening>> {
    let limb = scene.open(leg).filter(|limb| limb.stage == Stage::Ringing && limb.agent().is_some())?;
    Some(give_up(scene, limb, Side::System, Cause::NoAnswer))
}

/// The side that no agent is at hangs up.
#[must_use]
pub fn customer_leaves(scene: &Scene) -> Option<Vec<Happening>> {
    scene.has_customer().then(|| end(scene, Side::Customer, Cause::Normal, None))
}

/// Nobody told the end: the call is over as far as anybody knows.
#[must_use]
pub fn crash(scene: &Scene) -> Option<Vec<Happening>> {
    (!scene.is_over).then(|| vec![Happening::Ended { by: Side::System, cause: Cause::Crashed }])
}

fn answer(scene: &Scene, limb: &Limb) -> Vec<Happening> {
    let mut out = Vec::new();
    if limb.purpose == Purpose::Reception && limb.agent().is_some() && matches!(scene.queue, Some((_, _, None))) {
        out.push(Happening::QueueLeft { how: QueueState::Connected });
    }
    out.push(Happening::Answered { leg: limb.name.clone() });
    if limb.purpose == Purpose::TransferDirect {
        let before = limb.from.as_deref().and_then(|from| scene.open(from));
        out.extend(before.map(|before| left(before, Side::Agent, Cause::Normal)));
        out.extend(before.and_then(|before| scene.watched_by(before)).map(|other| left(other, Side::System, Cause::Normal)));
    }
    out
}

fn hang_up(scene: &Scene, limb: &Limb) -> Vec<Happening> {
    if limb.is_calling() {
        return give_up(scene, limb, Side::Agent, Cause::Rejected);
    }
    if scene.is_internal() {
        return end(scene, Side::Agent, Cause::Normal, Some(limb));
    }
    if limb.purpose == Purpose::Reception && !scene.has_customer() || scene.is_holder(limb) {
        // Of a three-way call the two others go on talking.
        let stays = scene.limbs.iter().any(|other| other.name != limb.name && other.is_joined && other.stage == Stage::Talking);
        if stays && scene.has_customer() {
            let mut out = vec![left(limb, Side::Agent, Cause::Normal)];
            let watching = scene.watched_by(limb).filter(|other| !other.is_joined);
            out.extend(watching.map(|other| left(other, Side::System, Cause::Normal)));
            return out;
        }
        return end(scene, Side::Agent, Cause::Normal, Some(limb));
    }
    let mut out = vec![left(limb, Side::Agent, Cause::Normal)];
    out.extend(back_to_the_customer(scene, limb));
    out
}

/// Nobody picks up: whoever asked has the customer again, or the call is over.
fn give_up(scene: &Scene, limb: &Limb, by: Side, cause: Cause) -> Vec<Happening> {
    if limb.purpose == Purpose::Reception || scene.is_internal() {
        let mut out = Vec::new();
        // Whoever was rung is not waiting in the queue any more: it is the phone that nobody answered.
        if limb.stage != Stage::Ringing && matches!(scene.queue, Some((_, _, None))) {
            out.push(Happening::QueueLeft { how: QueueState::Timeout });
        }
        out.push(left(limb, by, cause));
        let others = scene.limbs.iter().filter(|other| other.is_open() && other.name != limb.name);
        out.extend(others.map(|other| left(other, Side::System, Cause::Normal)));
        out.push(Happening::Ended { by, cause });
        return out;
    }
    let mut out = vec![left(limb, by, cause)];
    out.extend(back_to_the_customer(scene, limb));
    out
}

fn back_to_the_customer(scene: &Scene, limb: &Limb) -> Option<Happening> {
    let asker = limb.from.as_deref().and_then(|from| scene.open(from)).filter(|asker| asker.is_held)?;
    Some(Happening::Resumed { leg: asker.name.clone() })
}

/// Everybody's end; whoever hung up leaves first.
fn end(scene: &Scene, by: Side, cause: Cause, first: Option<&Limb>) -> Vec<Happening> {
    let mut out: Vec<Happening> = first.map(|limb| left(limb, by, cause)).into_iter().collect();
    let others = scene.limbs.iter().filter(|other| other.is_open() && first.is_none_or(|first| first.name != other.name));
    out.extend(others.map(|other| left(other, if first.is_none() { by } else { Side::System }, cause)));
    out.push(Happening::Ended { by, cause });
    out
}

/// 强拆: the supervisor's leg comes and the call ends for everybody.
fn force(scene: &Scene, supervisor: Party, limb: &Limb, leg: String) -> Vec<Happening> {
    let mut out = Vec::new();
    if let Party::Agent { agent, .. } = supervisor {
        out.extend(scene.limb_of(agent).map(|own| left(own, Side::Agent, Cause::Normal)));
    }
    out.extend(call_in(leg.clone(), supervisor, Purpose::Force, limb.name.clone()));
    out.push(left(limb, Side::System, Cause::Normal));
    let gone = |name: &str| out.iter().any(|happening| matches!(happening, Happening::Left { leg, .. } if leg == name));
    let others: Vec<Happening> = scene
        .limbs
        .iter()
        .filter(|other| other.is_open() && !gone(&other.name))
        .map(|other| left(other, Side::System, Cause::Normal))
        .collect();
    out.extend(others);
    out.push(Happening::Left { leg, by: Side::Agent, cause: Cause::Normal });
    out.push(Happening::Ended { by: Side::Agent, cause: Cause::Normal });
    out
}

/// A supervisor's phone rings and is picked up at once: on paper nobody waits for it.
fn call_in(leg: String, party: Party, purpose: Purpose, from: String) -> Vec<Happening> {
    vec![
        Happening::Dialled { leg: leg.clone(), party, purpose, from: Some(from) },
        Happening::Ringing { leg: leg.clone() },
        Happening::Answered { leg },
    ]
}

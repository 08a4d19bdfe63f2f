//! 电话条: how an agent's phone is and what it can do, from the call the agent is in and the state the agent chose. Pure:
//! the bar of the console, the page without scripting and the switch itself ask the same functions (R8).

use super::scene::{Limb, Scene, Stage};
use crate::model::event::{Direction, Purpose};
use crate::model::phone::{Act, Panel, PhoneState};
use identity::model::AgentState;
use kernel::id::AgentId;

/// The state that a chosen state shows as while there is no call.
#[must_use]
pub const fn at_rest(chosen: AgentState) -> PhoneState {
    match chosen {
        AgentState::Available => PhoneState::Idle,
        AgentState::Busy => PhoneState::Busy,
        AgentState::Break => PhoneState::Break,
        AgentState::AfterCall => PhoneState::AfterCall,
        AgentState::Meal => PhoneState::Meal,
        AgentState::Meeting => PhoneState::Meeting,
        AgentState::Training => PhoneState::Training,
        AgentState::Activity => PhoneState::Activity,
        AgentState::Offline => PhoneState::Offline,
    }
}

/// 点击状态: what a click on the state text makes of the state. Collapsed and not offline, it switches at once, between
/// available and busy, and back to available from everything else; with the panel open it does nothing, since there the
/// states stand in a list.
#[must_use]
pub const fn on_click(chosen: AgentState, panel: Panel) -> Option<AgentState> {
    match (panel, chosen) {
        (Panel::Expanded, _) | (_, AgentState::Offline) => None,
        (Panel::Collapsed, AgentState::Available) => Some(AgentState::Busy),
        (Panel::Collapsed, _) => Some(AgentState::Available),
    }
}

/// The state of the agent's phone in this call; nothing when the agent is not in it.
#[must_use]
pub fn state(scene: &Scene, me: AgentId) -> Option<PhoneState> {
    let limb = scene.limb_of(me)?;
    let calling = limb.is_calling();
    Some(match limb.purpose {
        Purpose::Monitor | Purpose::Barge | Purpose::Force if calling => PhoneState::MonitorRing,
        Purpose::Monitor | Purpose::Force => PhoneState::Monitoring,
        Purpose::Barge if !scene.is_holder(limb) => PhoneState::Barging,
        Purpose::Reception if calling => match scene.direction {
            Direction::Inbound => PhoneState::InboundRing,
            Direction::Outbound => PhoneState::OutboundRing,
        },
        Purpose::TransferConsult | Purpose::TransferDirect if calling => PhoneState::TransferRing,
        Purpose::Consult if calling && scene.is_internal() => PhoneState::InternalRing,
        Purpose::Consult if calling => PhoneState::ConsultRing,
        Purpose::Reception if !scene.is_internal() && !scene.has_customer() => match scene.customer().map(|customer| customer.stage) {
            Some(Stage::Ringing) => PhoneState::OutboundRing,
            _ => PhoneState::Dialling,
        },
        _ if scene.is_holder(limb) => talk(scene, limb),
        _ if limb.is_joined => PhoneState::ThreeWayInvited,
        _ if scene.is_internal() => PhoneState::InternalCalled,
        _ => PhoneState::ConsultedTalk,
    })
}

/// The state of whoever has the customer.
fn talk(scene: &Scene, limb: &Limb) -> PhoneState {
    if let Some(asked) = scene.asked_by(limb) {
        return match (asked.stage, asked.purpose) {
            (Stage::Talking, _) if asked.is_joined => PhoneState::ThreeWay,
            (Stage::Talking, _) if scene.is_internal() => PhoneState::InternalTalk,
            (Stage::Talking, _) => PhoneState::ConsultTalk,
            _ if scene.is_internal() => PhoneState::InternalDialling,
            (_, Purpose::Consult) => PhoneState::ConsultCalling,
            _ => PhoneState::Transferring,
        };
    }
    if scene.is_internal() {
        return PhoneState::InternalDialling;
    }
    match (scene.watched_by(limb).map(|other| other.purpose), scene.direction) {
        (Some(Purpose::Barge), _) => PhoneState::Barged,
        (Some(_), _) => PhoneState::Monitored,
        (None, _) if limb.is_held => PhoneState::Holding,
        (None, Direction::Inbound) => PhoneState::InboundTalk,
        (None, Direction::Outbound) => PhoneState::OutboundTalk,
    }
}

/// The buttons that are possible in this call, hang-up last. The switch does what stands here and nothing else.
#[must_use]
pub fn acts(scene: &Scene, me: AgentId) -> Vec<Act> {
    let Some(limb) = scene.limb_of(me).filter(|_| !scene.is_over) else { return Vec::new() };
    if limb.is_calling() {
        return vec![Act::Answer, Act::HangUp];
    }
    if limb.purpose == Purpose::Monitor {
        return vec![Act::Barge, Act::Force, Act::HangUp];
    }
    if !scene.is_holder(limb) || limb.purpose == Purpose::Barge || scene.is_internal() || !scene.has_customer() {
        return vec![Act::HangUp];
    }
    match scene.asked_by(limb) {
        None if limb.is_held => vec![Act::Resume, Act::Transfer, Act::Consult, Act::HangUp],
        None => vec![Act::Hold, Act::Transfer, Act::Consult, Act::HangUp],
        Some(asked) if asked.is_joined => vec![Act::HangUp],
        Some(asked) if asked.stage != Stage::Talking => vec![Act::Cancel, Act::HangUp],
        Some(asked) if asked.purpose == Purpose::TransferConsult => vec![Act::Confirm, Act::ThreeWay, Act::Cancel, Act::HangUp],
        Some(_) => vec![Act::ThreeWay, Act::Cancel, Act::HangUp],
    }
}

/// What a supervisor can do about this agent's part of a call, from outside it or while monitoring it.
#[must_use]
pub fn supervising(scene: &Scene, supervisor: AgentId, agent: AgentId) -> Vec<Act> {
    let holds = |limb: &&Limb| !scene.is_over && scene.is_holder(limb) && scene.has_customer();
    let Some(limb) = scene.limb_of(agent).filter(holds) else { return Vec::new() };
    match scene.limb_of(supervisor) {
        Some(own) if own.purpose == Purpose::Monitor && own.stage == Stage::Talking && own.from.as_deref() == Some(&limb.name) => {
            vec![Act::Force]
        }
        Some(_) => Vec::new(),
        None if scene.watched_by(limb).is_some() => vec![Act::Force],
        None => vec![Act::Monitor, Act::Barge, Act::Force],
    }
}

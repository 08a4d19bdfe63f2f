//! 通话现状: a call as the phones in it see it, folded from its events. Pure.

use crate::model::event::{Direction, Happening, Party, Purpose, SwitchEvent};
use kernel::id::{AgentId, GroupId};
use std::collections::BTreeSet;

/// How far a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being called; its phone does not ring yet.
    Dialled,
    /// Its phone rings.
    Ringing,
    /// Picked up.
    Talking,
    /// Over.
    Over,
}

/// A leg of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limb {
    /// The switch's name of it.
    pub name: String,
    /// Its other end.
    pub party: Party,
    /// What it is made for.
    pub purpose: Purpose,
    /// The leg whose agent asked for it.
    pub from: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// Since when it is so, in milliseconds since 1970.
    pub since: i64,
    /// Whether it was picked up at all.
    pub was_answered: bool,
    /// Whether its agent put the customer on hold.
    pub is_held: bool,
    /// Whether it hears, and is heard by, both others.
    pub is_joined: bool,
    /// Whether it was given the customer.
    pub is_confirmed: bool,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// In or out.
    pub direction: Direction,
    /// The number that called.
    pub caller: String,
    /// The number that was called.
    pub callee: String,
    /// When it began, in milliseconds since 1970.
    pub started_at: i64,
    /// The group that the customer waits for or waited for, since when, and until when.
    pub queue: Option<(GroupId, i64, Option<i64>)>,
    /// Its legs, in the order in which they were dialled.
    pub limbs: Vec<Limb>,
    /// Whether it is over for everybody.
    pub is_over: bool,
    /// When something happened last.
    pub last_at: i64,
}

impl Scene {
    /// The call that these events tell of, in their order; nothing without a beginning.
    #[must_use]
    pub fn of(events: &[SwitchEvent]) -> Option<Scene> {
        let mut scene = None;
        for event in events {
            match (&mut scene, &event.what) {
                (None, Happening::Started { direction, caller, callee, .. }) => {
                    scene = Some(Scene {
                        direction: *direction,
                        caller: caller.clone(),
                        callee: callee.clone(),
                        started_at: event.at,
                        queue: None,
                        limbs: Vec::new(),
                        is_over: false,
                        last_at: event.at,
                    });
                }
                (Some(scene), what) => scene.apply(event.at, what),
                (None, _) => {}
            }
        }
        scene
    }

    /// The legs that had the customer at some time.
    #[must_use]
    pub fn served(events: &[SwitchEvent]) -> BTreeSet<String> {
        let mut served = BTreeSet::new();
        let Some(begin) = events.iter().position(|event| matches!(event.what, Happening::Started { .. })) else { return served };
        let (first, rest) = events.split_at(begin + 1);
        let Some(mut scene) = Scene::of(first) else { return served };
        for event in rest {
            scene.apply(event.at, &event.what);
            if scene.has_customer() {
                let holders = scene.limbs.iter().filter(|limb| limb.stage == Stage::Talking && scene.is_holder(limb));
                served.extend(holders.map(|limb| limb.name.clone()));
            }
        }
        served
    }

    /// The call after something more happened.
    pub fn apply(&mut self, at: i64, what: &Happening) {
        self.last_at = self.last_at.max(at);
        match what {
            Happening::QueueEntered { group } => self.queue = Some((*group, at, None)),
            Happening::QueueLeft { .. } => {
                if let Some((_, _, left)) = &mut self.queue {
                    *left = Some(at);
                }
            }
            Happening::Dialled { leg, party, purpose, from } => self.limbs.push(Limb {
                name: leg.clone(),
                party: party.clone(),
                purpose: *purpose,
                from: from.clone(),
                stage: Stage::Dialled,
                since: at,
                was_answered: false,
                is_held: false,
                is_joined: false,
                is_confirmed: false,
            }),
            Happening::Ringing { leg } => self.change(leg, |limb| limb.reach(Stage::Ringing, at)),
            Happening::Answered { leg } => self.change(leg, |limb| {
                limb.reach(Stage::Talking, at);
                limb.was_answered = true;
            }),
            Happening::Held { leg } => self.change(leg, |limb| (limb.is_held, limb.since) = (true, at)),
            Happening::Resumed { leg } => self.change(leg, |limb| (limb.is_held, limb.since) = (false, at)),
            Happening::Confirmed { leg } => self.change(leg, |limb| (limb.is_confirmed, limb.since) = (true, at)),
            Happening::Joined { leg } => self.change(leg, |limb| (limb.is_joined, limb.since) = (true, at)),
            Happening::Left { leg, .. } => self.change(leg, |limb| limb.reach(Stage::Over, at)),
            Happening::Ended { .. } => {
                self.is_over = true;
                self.limbs.iter_mut().filter(|limb| limb.is_open()).for_each(|limb| limb.reach(Stage::Over, at));
            }
            Happening::Started { .. }
            | Happening::IvrEntered
            | Happening::Voicemail { .. }
            | Happening::Recorded { .. }
            | Happening::Rated { .. } => {}
        }
    }

    fn change(&mut self, leg: &str, change: impl FnOnce(&mut Limb)) {
        if let Some(limb) = self.limbs.iter_mut().find(|limb| limb.name == leg && limb.is_open()) {
            change(limb);
        }
    }

    /// The leg that is not over with this name.
    #[must_use]
    pub fn open(&self, name: &str) -> Option<&Limb> {
        self.limbs.iter().find(|limb| limb.name == name && limb.is_open())
    }

    /// The agent's leg that is not over.
    #[must_use]
    pub fn limb_of(&self, agent: AgentId) -> Option<&Limb> {
        self.limbs.iter().rev().find(|limb| limb.is_open() && limb.agent() == Some(agent))
    }

    /// The leg that this one's agent asked for and that is not over: a consultation or a transfer.
    #[must_use]
    pub fn asked_by(&self, limb: &Limb) -> Option<&Limb> {
        let is_asked = |other: &&Limb| {
            other.is_open()
                && !other.is_confirmed
                && other.from.as_deref() == Some(&limb.name)
                && matches!(other.purpose, Purpose::Consult | Purpose::TransferConsult | Purpose::TransferDirect)
        };
        self.limbs.iter().rev().find(is_asked)
    }

    /// The supervisor's leg that hears this one, or speaks into it.
    #[must_use]
    pub fn watched_by(&self, limb: &Limb) -> Option<&Limb> {
        let watches = |other: &&Limb| {
            other.stage == Stage::Talking
                && other.from.as_deref() == Some(&limb.name)
                && matches!(other.purpose, Purpose::Monitor | Purpose::Barge)
        };
        self.limbs.iter().rev().find(watches)
    }

    /// 内部通话: between colleagues, without a customer.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.direction == Direction::Outbound && !self.limbs.iter().any(|limb| matches!(limb.party, Party::Customer { .. }))
    }

    /// Whether the customer is in the call.
    #[must_use]
    pub fn has_customer(&self) -> bool {
        match self.direction {
            Direction::Inbound => !self.is_over,
            Direction::Outbound => self.customer().is_some_and(|limb| limb.stage == Stage::Talking),
        }
    }

    /// The leg to a customer who is called.
    #[must_use]
    pub fn customer(&self) -> Option<&Limb> {
        self.limbs.iter().find(|limb| matches!(limb.party, Party::Customer { .. }))
    }

    /// Whether this leg has the customer: the first agent's, one that the call was given to, or the last of a three-way
    /// call.
    #[must_use]
    pub fn is_holder(&self, limb: &Limb) -> bool {
        let is_first = |limb: &Limb| {
            limb.stage == Stage::Talking
                && limb.agent().is_some()
                && (limb.purpose == Purpose::Reception || limb.purpose == Purpose::TransferDirect || limb.is_confirmed)
        };
        if self.limbs.iter().any(is_first) {
            return is_first(limb);
        }
        self.limbs.iter().find(|other| other.stage == Stage::Talking && other.is_joined).is_some_and(|heir| heir.name == limb.name)
    }

    /// 客户号码: the number of the side that is no agent.
    #[must_use]
    pub fn customer_number(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.caller,
            Direction::Outbound => &self.callee,
        }
    }
}

impl Limb {
    /// The agent at its end.
    #[must_use]
    pub const fn agent(&self) -> Option<AgentId> {
        match self.party {
            Party::Agent { agent, .. } => Some(agent),
            Party::Customer { .. } | Party::Third { .. } => None,
        }
    }

    /// Whether it is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage != Stage::Over
    }

    /// Whether nobody picked up yet.
    #[must_use]
    pub fn is_calling(&self) -> bool {
        matches!(self.stage, Stage::Dialled | Stage::Ringing)
    }

    fn reach(&mut self, stage: Stage, at: i64) {
        (self.stage, self.since) = (stage, at);
    }
}

//! Who is on the line at a moment: what the events up to it come to. Each event is taken once, in order of time.

mod moves;

use crate::ledger::Position;
use crate::model::event::{Cause, Direction, Happening, Party, Purpose, Side};
use crate::model::record::{Queue, Who};
use crate::model::{Bucket, QueueState};
use std::collections::BTreeMap;

/// How a leg or a call ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub(crate) at: i64,
    pub(crate) by: Side,
    pub(crate) cause: Cause,
}

/// A further side of the call, from the moment at which it was dialled.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) name: String,
    pub(crate) party: Party,
    pub(crate) purpose: Purpose,
    pub(crate) from: Option<String>,
    pub(crate) dialled_at: i64,
    pub(crate) rang_at: Option<i64>,
    pub(crate) answered_at: Option<i64>,
    pub(crate) end: Option<End>,
    pub(crate) hold_count: i16,
    pub(crate) is_three_way: bool,
    /// Whether the customer was given to it, also when it has not picked up yet.
    pub(crate) is_given: bool,
    is_held: bool,
    joined_at: Option<i64>,
}

/// The call as it stands at a moment.
#[derive(Debug)]
pub(crate) struct Floor {
    pub(crate) tracks: Vec<Track>,
    pub(crate) queue: Option<Queue>,
    pub(crate) voicemail: Option<(String, i64)>,
    pub(crate) voicemail_windows: Vec<(i64, i64)>,
    pub(crate) rated: Option<(i16, i16)>,
    pub(crate) recordings: BTreeMap<String, (String, i64)>,
    pub(crate) customer_answered_at: Option<i64>,
    pub(crate) end: Option<End>,
    pub(crate) direction: Direction,
    /// The track that has the customer.
    holder: Option<usize>,
}

impl Track {
    /// Who stands in the main record of a call that reached nobody.
    pub(crate) fn nobody(at: i64) -> Track {
        Track {
            name: String::new(),
            party: Party::Third { number: String::new() },
            purpose: Purpose::Reception,
            from: None,
            dialled_at: at,
            rang_at: None,
            answered_at: None,
            end: None,
            hold_count: 0,
            is_three_way: false,
            is_given: false,
            is_held: false,
            joined_at: None,
        }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub(crate) const fn is_agent(&self) -> bool {
        matches!(self.party, Party::Agent { .. })
    }

    pub(crate) const fn is_customer(&self) -> bool {
        matches!(self.party, Party::Customer { .. })
    }

    const fn is_talking(&self) -> bool {
        self.is_open() && self.answered_at.is_some()
    }

    const fn is_ringing(&self) -> bool {
        self.is_open() && self.answered_at.is_none() && self.rang_at.is_some()
    }

    pub(crate) const fn is_consulted(&self) -> bool {
        matches!(self.purpose, Purpose::Consult | Purpose::TransferConsult)
    }
}

impl Floor {
    pub(crate) fn new(direction: Direction) -> Floor {
        Floor {
            tracks: Vec::new(),
            queue: None,
            voicemail: None,
            voicemail_windows: Vec::new(),
            rated: None,
            recordings: BTreeMap::new(),
            customer_answered_at: None,
            end: None,
            direction,
            holder: None,
        }
    }

    /// What happened at this moment. What is told of a leg that nobody dialled, or that is over, changes nothing.
    pub(crate) fn take(&mut self, at: i64, what: &Happening) {
        match what {
            // These are told when they are ready, which may be long after the call.
            Happening::Recorded { leg, url, ms } => {
                self.recordings.insert(leg.clone(), (url.clone(), *ms));
            }
            Happening::Voicemail { url, ms } => self.voicemail = Some((url.clone(), *ms)),
            Happening::Rated { levels, key } => self.rated = Some((*levels, *key)),
            _ if self.end.is_some() => {}
            // The beginning is known, and a customer whom nobody has is in the menu anyway.
            Happening::Started { .. } | Happening::IvrEntered => {}
            Happening::QueueEntered { group } => {
                self.queue = Some(Queue { group: *group, entered_at: at, left_at: None, state: QueueState::None });
            }
            Happening::QueueLeft { how } => self.leave_queue(at, *how),
            Happening::Dialled { leg, party, purpose, from } => self.dial(at, leg, party, *purpose, from.as_deref()),
            Happening::Ringing { leg } => {
                if let Some(track) = self.open(leg).map(|place| &mut self.tracks[place])
                    && track.answered_at.is_none()
                {
                    track.rang_at.get_or_insert(at);
                }
            }
            Happening::Answered { leg } => self.answer(at, leg),
            Happening::Held { leg } => {
                if let Some(track) = self.talking(leg).map(|place| &mut self.tracks[place])
                    && !track.is_held
                {
                    track.is_held = true;
                    track.hold_count += 1;
                }
            }
            Happening::Resumed { leg } => {
                if let Some(place) = self.open(leg) {
                    self.tracks[place].is_held = false;
                }
            }
            Happening::Confirmed { leg } => self.confirm(at, leg),
            Happening::Joined { leg } => {
                if let Some(place) = self.talking(leg) {
                    self.join(at, place);
                }
            }
            Happening::Left { leg, by, cause } => {
                if let Some(place) = self.open(leg) {
                    self.close(place, End { at, by: *by, cause: *cause });
                }
            }
            Happening::Ended { by, cause } => self.finish(End { at, by: *by, cause: *cause }),
        }
    }

    /// Where everybody stands; after the end nobody does.
    pub(crate) fn positions(&self, at: i64) -> Vec<Position> {
        if self.end.is_some() {
            return Vec::new();
        }
        let customer = self.customer(at).map(|(leg, bucket)| Position { who: Who::Customer, leg, bucket });
        let others = self.tracks.iter().enumerate().filter(|(_, track)| track.is_open()).filter_map(|(place, track)| {
            let who = match track.party {
                Party::Agent { agent, .. } => Who::Agent(agent),
                Party::Third { .. } => Who::Third,
                Party::Customer { .. } => return None,
            };
            Some(Position { who, leg: track.name.clone(), bucket: self.bucket(place, track) })
        });
        customer.into_iter().chain(others).collect()
    }

    /// Where the customer stands, and with which leg.
    fn customer(&self, at: i64) -> Option<(String, Bucket)> {
        if let Some(place) = self.holder {
            let name = self.tracks[place].name.clone();
            return Some((name, if self.has_left_alone(place) { Bucket::Hold } else { self.with_customer(place) }));
        }
        let own = self.tracks.iter().rev().find(|track| track.is_customer());
        let bucket = match own {
            Some(own) if self.customer_answered_at.is_none() => {
                if own.is_ringing() {
                    Bucket::Ring
                } else {
                    Bucket::Dial
                }
            }
            Some(own) if !own.is_open() => return None,
            None if self.is_calling_out() => Bucket::Dial,
            _ => self.alone(at),
        };
        Some((String::new(), bucket))
    }

    /// Where a customer waits whom nobody has.
    fn alone(&self, at: i64) -> Bucket {
        let is_for_customer = |track: &Track| track.is_given || matches!(track.purpose, Purpose::Reception | Purpose::TransferDirect);
        if self.tracks.iter().any(|track| track.is_ringing() && is_for_customer(track)) {
            Bucket::Ring
        } else if self.voicemail_windows.iter().any(|(from, to)| (*from..*to).contains(&at)) {
            Bucket::Voicemail
        } else if self.queue.as_ref().is_some_and(|queue| queue.left_at.is_none()) {
            Bucket::Queue
        } else {
            Bucket::Ivr
        }
    }

    /// Where an agent or a third party stands.
    fn bucket(&self, place: usize, track: &Track) -> Bucket {
        if track.answered_at.is_none() {
            return if track.rang_at.is_some() { Bucket::Ring } else { Bucket::Dial };
        }
        if self.holder == Some(place) {
            return match (self.is_consulting(place), track.is_held) {
                (true, _) => Bucket::Consult,
                (false, true) => Bucket::Hold,
                (false, false) => self.with_customer(place),
            };
        }
        match track.purpose {
            _ if track.joined_at.is_some() => Bucket::ThreeWay,
            Purpose::Monitor | Purpose::Barge | Purpose::Force => Bucket::Monitor,
            Purpose::Consult | Purpose::TransferConsult => Bucket::Consult,
            // Waits for the customer, who is still being called.
            Purpose::Reception | Purpose::TransferDirect => Bucket::Dial,
        }
    }

    fn with_customer(&self, place: usize) -> Bucket {
        let is_joined = |(other, track): (usize, &Track)| other != place && track.is_talking() && track.joined_at.is_some();
        if self.tracks.iter().enumerate().any(is_joined) { Bucket::ThreeWay } else { Bucket::Talk }
    }

    fn has_left_alone(&self, place: usize) -> bool {
        self.tracks[place].is_held || self.is_consulting(place)
    }

    /// Whether it asked for a side that is being called or talked to, and that does not talk with the customer.
    fn is_consulting(&self, place: usize) -> bool {
        let name = &self.tracks[place].name;
        let mut asked = self.tracks.iter().filter(|track| track.from.as_ref() == Some(name));
        asked.any(|track| track.is_open() && track.is_consulted() && track.joined_at.is_none() && !track.is_given)
    }

    /// Whether an agent calls a customer who is not being dialled yet.
    fn is_calling_out(&self) -> bool {
        self.direction == Direction::Outbound && self.customer_answered_at.is_none()
    }
}

//! What each event does to who is on the line.

use super::{End, Floor, Track};
use crate::model::QueueState;
use crate::model::event::{Cause, Direction, Party, Purpose, Side};

impl Floor {
    pub(super) fn dial(&mut self, at: i64, leg: &str, party: &Party, purpose: Purpose, from: Option<&str>) {
        if self.tracks.iter().any(|track| track.name == leg) {
            return;
        }
        let (name, from) = (leg.to_owned(), from.map(ToOwned::to_owned));
        self.tracks.push(Track { name, party: party.clone(), purpose, from, ..Track::nobody(at) });
    }

    pub(super) fn answer(&mut self, at: i64, leg: &str) {
        let Some(place) = self.open(leg).filter(|place| self.tracks[*place].answered_at.is_none()) else { return };
        self.tracks[place].answered_at = Some(at);
        if self.tracks[place].is_customer() {
            return self.reach_customer(at);
        }
        match self.tracks[place].purpose {
            Purpose::Barge if self.holder.is_some() => self.join(at, place),
            Purpose::Barge | Purpose::Force if self.holder.is_none() => self.give(at, place),
            Purpose::Consult | Purpose::TransferConsult if !self.tracks[place].is_given => {}
            Purpose::Monitor | Purpose::Barge | Purpose::Force => {}
            // The customer is still being called.
            Purpose::Reception if self.direction == Direction::Outbound && self.customer_answered_at.is_none() => {}
            // Two of a group picked up in one moment: the switch lets the second go.
            Purpose::Reception if self.holder.is_some() => {}
            _ => self.give(at, place),
        }
    }

    /// The customer who was called picked up: whoever called has the customer. Some switches do not say of an agent's own
    /// phone that it picked up.
    fn reach_customer(&mut self, at: i64) {
        self.customer_answered_at.get_or_insert(at);
        let caller = self.tracks.iter().position(|track| track.is_open() && track.is_agent() && track.purpose == Purpose::Reception);
        if let Some(place) = caller.filter(|_| self.holder.is_none()) {
            self.tracks[place].answered_at.get_or_insert(at);
            self.give(at, place);
        }
    }

    /// The customer goes to this track, and whoever gave the customer away is out of the call.
    fn give(&mut self, at: i64, place: usize) {
        let giver = self.giver(place);
        self.leave_queue(at, QueueState::Connected);
        self.tracks[place].is_given = true;
        self.tracks[place].joined_at = None;
        self.holder = Some(place);
        if let Some(giver) = giver {
            self.close(giver, End { at, by: Side::Agent, cause: Cause::Normal });
        }
    }

    /// 确认转接. A side that is still ringing has the customer once it picks up.
    pub(super) fn confirm(&mut self, at: i64, leg: &str) {
        let Some(place) = self.open(leg) else { return };
        if self.tracks[place].answered_at.is_some() {
            return self.give(at, place);
        }
        self.tracks[place].is_given = true;
        if let Some(giver) = self.giver(place) {
            self.close(giver, End { at, by: Side::Agent, cause: Cause::Normal });
        }
    }

    /// Who gives the customer to this track: whoever asked for it, or has the customer.
    fn giver(&self, place: usize) -> Option<usize> {
        let track = &self.tracks[place];
        if matches!(track.purpose, Purpose::Reception | Purpose::Barge | Purpose::Force) {
            return None;
        }
        let asked = track.from.as_ref().and_then(|from| self.open(from));
        asked.or(self.holder).filter(|giver| *giver != place && self.tracks[*giver].is_open())
    }

    /// 三方通话: hears and is heard by the customer and whoever has the customer, who is back from hold by that.
    pub(super) fn join(&mut self, at: i64, place: usize) {
        let Some(holder) = self.holder.filter(|holder| *holder != place) else { return };
        self.tracks[place].joined_at.get_or_insert(at);
        self.tracks[place].is_three_way = true;
        self.tracks[holder].is_three_way = true;
        self.tracks[holder].is_held = false;
    }

    /// A leg is over. When it had the customer, whoever is left with the customer has the customer now.
    pub(super) fn close(&mut self, place: usize, end: End) {
        self.tracks[place].end = Some(end);
        if self.tracks[place].is_customer() && self.customer_answered_at.is_some() {
            self.holder = None;
        }
        if self.holder != Some(place) {
            return;
        }
        let left = self.tracks.iter().enumerate().filter(|(_, track)| track.is_talking());
        let joined = left.clone().filter_map(|(other, track)| track.joined_at.map(|since| (since, other))).min();
        let forced = left.clone().find(|(_, track)| track.purpose == Purpose::Force);
        self.holder = joined.map(|(_, other)| other).or(forced.map(|(other, _)| other));
        if let Some(heir) = self.holder.map(|heir| &mut self.tracks[heir]) {
            heir.is_given = true;
            heir.joined_at = None;
        }
    }

    pub(super) fn leave_queue(&mut self, at: i64, how: QueueState) {
        if let Some(queue) = self.queue.as_mut().filter(|queue| queue.left_at.is_none()) {
            queue.left_at = Some(at);
            queue.state = how;
        }
    }

    /// The end for everybody who is still there.
    pub(super) fn finish(&mut self, end: End) {
        for track in self.tracks.iter_mut().filter(|track| track.is_open()) {
            track.end = Some(end);
        }
        let waited = if end.by == Side::System && end.cause != Cause::Crashed { QueueState::Timeout } else { QueueState::Left };
        self.leave_queue(end.at, waited);
        self.holder = None;
        self.end = Some(end);
    }

    /// A track that is not over.
    pub(super) fn open(&self, leg: &str) -> Option<usize> {
        self.tracks.iter().position(|track| track.name == leg && track.is_open())
    }

    /// A track that picked up and is not over.
    pub(super) fn talking(&self, leg: &str) -> Option<usize> {
        self.open(leg).filter(|place| self.tracks[*place].answered_at.is_some())
    }
}

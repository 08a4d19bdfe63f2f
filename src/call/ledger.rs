//! 时间账: whose second is whose. Where everybody stands is noted at each moment at which something happened; what lies
//! between two moments is a stretch.

use crate::model::Bucket;
use crate::model::record::{Stretch, Who};
use std::collections::BTreeMap;

/// Where somebody stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Who.
    pub who: Who,
    /// With which leg; empty for a customer whom nobody has.
    pub leg: String,
    /// In which bucket.
    pub bucket: Bucket,
}

/// The stretches so far.
#[derive(Debug, Default)]
pub struct Ledger {
    rows: Vec<Stretch>,
    /// By person the row that runs. Third parties have no name but their leg's.
    running: BTreeMap<(Who, String), usize>,
}

impl Ledger {
    /// Notes where everybody stands from this moment on. Moments come in order, each once.
    pub fn note(&mut self, at: i64, positions: Vec<Position>) {
        let mut now: BTreeMap<(Who, String), Position> = BTreeMap::new();
        for position in positions {
            let key = (position.who, if position.who == Who::Third { position.leg.clone() } else { String::new() });
            // Somebody may be on two legs at once, as a supervisor who listens and then barges in: one of them counts.
            match now.get(&key) {
                Some(other) if weight(other.bucket) > weight(position.bucket) => {}
                _ => drop(now.insert(key, position)),
            }
        }
        let rows = &mut self.rows;
        self.running.retain(|key, row| {
            let goes_on = now.get(key).is_some_and(|position| position.leg == rows[*row].leg && position.bucket == rows[*row].bucket);
            if goes_on {
                now.remove(key);
            } else {
                rows[*row].to = Some(at);
            }
            goes_on
        });
        for (key, Position { who, leg, bucket }) in now {
            self.running.insert(key, rows.len());
            rows.push(Stretch { leg, who, bucket, from: at, to: None });
        }
    }

    /// The rows, in order of their beginning.
    #[must_use]
    pub fn rows(mut self) -> Vec<Stretch> {
        self.rows.sort_by(|a, b| (a.from, a.who, &a.leg).cmp(&(b.from, b.who, &b.leg)));
        self.rows
    }
}

/// How much of a person a bucket takes: talking more than listening, listening more than being rung.
const fn weight(bucket: Bucket) -> u8 {
    match bucket {
        Bucket::Talk | Bucket::ThreeWay => 5,
        Bucket::Consult => 4,
        Bucket::Hold => 3,
        Bucket::Monitor => 2,
        Bucket::Ring => 1,
        Bucket::Ivr | Bucket::Queue | Bucket::Dial | Bucket::Voicemail => 0,
    }
}

/// The length of the stretches that are over, in milliseconds.
#[must_use]
pub fn length<'a>(rows: impl Iterator<Item = &'a Stretch>) -> i64 {
    rows.filter_map(|row| Some(row.to? - row.from)).sum()
}

/// Whether it is time in which the customer talks with somebody.
#[must_use]
pub fn is_customer_talk(row: &Stretch) -> bool {
    row.who == Who::Customer && matches!(row.bucket, Bucket::Talk | Bucket::ThreeWay)
}

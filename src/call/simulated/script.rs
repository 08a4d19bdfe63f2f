//! 外线脚本: how numbers outside behave when they are called, by their last digit. Pure.

use crate::model::event::{Cause, Side};

/// What an outside number does, and so many seconds after it was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its phone rings.
    Ring,
    /// It picks up.
    Answer,
    /// It does not, or stops ringing.
    Refuse(Side, Cause),
}

/// Seconds that a phone rings before it rings out.
pub const RINGS_S: i64 = 30;
/// Seconds after which a call that nobody ended is over.
pub const LONGEST_S: i64 = 2 * 60 * 60;

/// What this number does. Odd ones answer; 0 rings out, 2 is engaged, 4 does not exist, 6 is switched off, 8 rejects.
#[must_use]
pub fn steps(number: &str) -> &'static [(i64, Step)] {
    const ANSWERS: &[(i64, Step)] = &[(1, Step::Ring), (4, Step::Answer)];
    const RINGS_OUT: &[(i64, Step)] = &[(1, Step::Ring), (RINGS_S + 1, Step::Refuse(Side::System, Cause::NoAnswer))];
    const ENGAGED: &[(i64, Step)] = &[(1, Step::Refuse(Side::System, Cause::Busy))];
    const VACANT: &[(i64, Step)] = &[(1, Step::Refuse(Side::System, Cause::Vacant))];
    const OFF: &[(i64, Step)] = &[(1, Step::Refuse(Side::System, Cause::PoweredOff))];
    match number.chars().rev().find(char::is_ascii_digit) {
        Some('0') => RINGS_OUT,
        Some('2') => ENGAGED,
        Some('4') => VACANT,
        Some('6') => OFF,
        Some('8') => &[(1, Step::Ring), (6, Step::Refuse(Side::Customer, Cause::Rejected))],
        _ => ANSWERS,
    }
}

//! 重试计划: when a message is tried again, and when a receiver is left alone. Pure.

use jiff::SignedDuration;
use kernel::time::Stamp;

/// Waits after the first, second … attempt without success: Svix's, and on to 72 hours (`reliability.md` §2.1).
pub const WAITS: [SignedDuration; 11] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(12),
    SignedDuration::from_hours(12),
];
/// A message is given up when its next attempt would come later than this after it was written.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// Attempts that every message has, however late they are: behind a receiver that was away it may be tried for the first time
/// when its 72 hours are nearly over.
const TRIES_LEAST: i32 = 3;
/// A receiver that took nothing for so long is back with the first message that it takes: what failed meanwhile is tried again
/// at once. One that refuses single messages among others is not asked again each time.
pub const AWAY: SignedDuration = SignedDuration::from_mins(5);
/// A subscription whose receiver has taken nothing for so long is switched off at the next failure.
pub const FAILS_AT_MOST: SignedDuration = SignedDuration::from_hours(5 * 24);
/// The secret before signs beside the new one for so long.
pub const ROTATES: SignedDuration = SignedDuration::from_hours(24);
/// What is sent in batches waits so long for others.
pub const GATHERS: SignedDuration = SignedDuration::from_secs(1);
/// Longest pause of a lane whose receiver does not answer at all.
const PAUSE_MOST: SignedDuration = SignedDuration::from_mins(5);

/// When the message is tried again after `attempt` attempts, the last of which failed now; nothing when it is given up.
/// `chance` is any byte: up to a tenth earlier, so that what failed together does not come back together.
#[must_use]
pub fn next(attempt: i32, since: Stamp, now: Stamp, chance: u8) -> Option<Stamp> {
    let wait = usize::try_from(attempt - 1).ok().and_then(|at| WAITS.get(at))?;
    let millis = i64::try_from(wait.as_millis()).ok()?;
    let at = now.plus(SignedDuration::from_millis(millis - millis / 10 * i64::from(chance) / 255));
    (attempt <= TRIES_LEAST || at.since(since) <= PATIENCE).then_some(at)
}

/// How long a lane is left alone after this many requests in a row that nobody answered: 5 seconds, doubled each time, at
/// most 5 minutes. A dead receiver costs its worker one patience of 15 seconds in that time.
#[must_use]
pub fn pause(failures: i32) -> SignedDuration {
    let doublings = u32::try_from(failures.clamp(1, 10) - 1).unwrap_or(0);
    SignedDuration::from_secs(5 << doublings).min(PAUSE_MOST)
}

//! 限流 of calls: 20 a second for each token, 40 at once (F§12). Counted in this process: several nodes allow as many times that.

use jiff::SignedDuration;
use kernel::time::Stamp;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// Calls a second.
pub const A_SECOND: i64 = 20;
/// Calls at once, after a rest.
pub const AT_ONCE: i64 = 40;

/// Microseconds that one call costs.
const COST: i64 = 1_000_000 / A_SECOND;
/// Tokens whose rest is over are forgotten when there are more than so many.
const MOST: usize = 10_000;

/// When the allowance of each token will be whole again.
static WHOLE_AT: LazyLock<Mutex<HashMap<Vec<u8>, i64>>> = LazyLock::new(Mutex::default);

/// One more call of this token; the time to wait when it is one too many.
#[must_use]
pub fn wait_for(token_hash: &[u8], now: Stamp) -> Option<SignedDuration> {
    let now = now.micros();
    let mut known = WHOLE_AT.lock().ok()?;
    if known.len() > MOST {
        known.retain(|_, whole_at| *whole_at > now);
    }
    match take(known.get(token_hash).copied(), now) {
        Ok(whole_at) => {
            known.insert(token_hash.to_vec(), whole_at);
            None
        }
        Err(wait) => Some(SignedDuration::from_micros(wait)),
    }
}

/// When the allowance is whole again after one more call, in microseconds; or how long to wait for one. Pure.
///
/// # Errors
/// The wait, in microseconds, when the call is one too many.
pub fn take(whole_at: Option<i64>, now: i64) -> Result<i64, i64> {
    let after = whole_at.unwrap_or(now).max(now) + COST;
    let over = after - now - AT_ONCE * COST;
    if over > 0 { Err(over) } else { Ok(after) }
}

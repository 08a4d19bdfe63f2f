//! 限流 of calls: 20 a second for each application or agent, whatever tokens they get, 40 at once (F§12). Counted in this process: several nodes allow as many times that.

use jiff::SignedDuration;
use kernel::time::Stamp;
use sqlx::types::Uuid;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// Calls a second.
pub const A_SECOND: i64 = 20;
/// Calls at once, after a rest.
pub const AT_ONCE: i64 = 40;

/// Microseconds that one call costs.
const COST: i64 = 1_000_000 / A_SECOND;
/// Callers whose rest is over are forgotten when there are more than so many.
const MOST: usize = 10_000;

/// Who called.
#[derive(Default)]
struct Known {
    /// When the allowance of each caller will be whole again.
    whole_at: HashMap<Uuid, i64>,
    /// Whose each token is that was let in, by its hash.
    callers: HashMap<Vec<u8>, Uuid>,
}

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// The time to wait when the caller of a token that was let in before has used up what is allowed. Nothing is counted, and the
/// database is not asked: whoever calls too often costs next to nothing.
#[must_use]
pub fn is_over(token_hash: &[u8], now: Stamp) -> Option<SignedDuration> {
    let known = KNOWN.lock().ok()?;
    let caller = known.callers.get(token_hash)?;
    take(known.whole_at.get(caller).copied(), now.micros()).err().map(SignedDuration::from_micros)
}

/// One more call of this caller, by a token that was let in; the time to wait when it is one too many.
#[must_use]
pub fn wait_for(caller: Uuid, token_hash: &[u8], now: Stamp) -> Option<SignedDuration> {
    let now = now.micros();
    let mut known = KNOWN.lock().ok()?;
    let Known { whole_at, callers } = &mut *known;
    if whole_at.len() > MOST || callers.len() > MOST {
        whole_at.retain(|_, whole_at| *whole_at > now);
        callers.retain(|_, caller| whole_at.contains_key(caller));
    }
    match take(whole_at.get(&caller).copied(), now) {
        Ok(after) => {
            whole_at.insert(caller, after);
            callers.insert(token_hash.to_vec(), caller);
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

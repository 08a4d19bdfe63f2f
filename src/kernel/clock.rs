//! The clock of the program: the system's, or one that a test moves by hand.

use crate::time::Stamp;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 时钟: where every "now" comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds since 1970 in tests; the system's clock otherwise.
    held: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn held(at: Stamp) -> Clock {
        Clock { held: Some(Arc::new(AtomicI64::new(at.micros()))) }
    }

    /// Now, to the microsecond the database keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Stamp {
        let micros = match &self.held {
            Some(held) => held.load(Ordering::SeqCst),
            None => Timestamp::now().as_microsecond(),
        };
        Stamp::from_micros(micros).unwrap_or(Stamp(Timestamp::UNIX_EPOCH))
    }

    /// Moves a held clock; the system's clock cannot be moved.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(held) = &self.held {
            held.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}

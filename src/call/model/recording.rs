//! 录音: whether it was fetched from its switch, and why not.

use kernel::id::{CallId, LegId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};

kernel::catalog! {
    /// 取回状态 of a recording.
    pub enum Fetched {
        Waiting = 0, "waiting", "还没有取回", "Not fetched yet";
        Kept = 1, "kept", "已取回", "Fetched";
        BadAddress = 2, "bad_address", "录音的地址不允许访问", "Its address may not be asked";
        NoAnswer = 3, "no_answer", "交换机没有应答", "The switch did not answer";
        Refused = 4, "refused", "交换机没有给出录音", "The switch did not hand it out";
        TooLarge = 5, "too_large", "录音太大", "It is too large";
        NoSound = 6, "no_sound", "取回的不是录音", "What came is no recording";
    }
}

impl Fetched {
    /// Whether it is not here, and why is known.
    #[must_use]
    pub const fn has_failed(self) -> bool {
        !matches!(self, Fetched::Waiting | Fetched::Kept)
    }

    /// Whether asking again later may help by itself.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(self, Fetched::NoAnswer | Fetched::Refused)
    }
}

/// Which recording a button is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingChoice {
    /// Of which call.
    #[serde(default, deserialize_with = "blank")]
    pub call: Option<CallId>,
    /// Of which record.
    #[serde(default, deserialize_with = "blank")]
    pub leg: Option<LegId>,
}

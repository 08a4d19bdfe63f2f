//! Settings of tickets.

use serde::{Deserialize, Serialize};

/// 工单设置: what administrators decide about tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TicketSettings {
    /// Whether a customer's reply opens a solved ticket again.
    pub reopen_on_reply: bool,
    /// A new ticket warns when its customer created one within so many hours, 0 to 720.
    pub recent_hours: i64,
    /// Tickets that one sender's mails make within an hour at most, 1 to 1000 (S22).
    pub sender_hourly: i64,
}

impl Default for TicketSettings {
    fn default() -> Self {
        TicketSettings { reopen_on_reply: true, recent_hours: 24, sender_hourly: 20 }
    }
}

/// A new version of the settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsInput {
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// As in `TicketSettings`.
    #[serde(default)]
    pub reopen_on_reply: bool,
    /// As in `TicketSettings`.
    #[serde(default)]
    pub recent_hours: i64,
    /// As in `TicketSettings`.
    #[serde(default)]
    pub sender_hourly: i64,
}

//! 交换机: telephone switches that tell us of calls, their form, and what is said to an event that came in.

use crate::model::event::{Happening, SwitchEvent};
use kernel::error::{Problems, Result};
use kernel::id::SwitchId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// 名称 at most, in characters.
pub const NAME_MOST: usize = 50;
/// Ids and numbers that a switch gives, at most, in characters.
const WORD_MOST: usize = 100;
/// An address of a recording at most, in characters.
const ADDRESS_MOST: usize = 2_000;
/// A recording at most, in milliseconds: two days.
const RECORDING_MOST: i64 = 2 * 24 * 60 * 60 * 1000;
/// What happened before 2000 did not, in milliseconds since 1970.
const FIRST_AT: i64 = 946_684_800_000;
/// A switch's clock may be ahead so far, in milliseconds.
const AHEAD_MOST: i64 = 24 * 60 * 60 * 1000;

kernel::catalog! {
    /// 交换机类型: how a switch tells us of calls.
    pub enum SwitchKind {
        Http = 1, "http", "HTTP 事件", "HTTP events";
        Asterisk = 2, "asterisk", "Asterisk（ARI）", "Asterisk (ARI)";
        Simulated = 3, "simulated", "模拟交换机", "Simulated switch";
    }
}

kernel::catalog! {
    /// 隔离原因: why an event could not be understood.
    pub enum Refusal {
        Shape = 1, "shape", "格式不对", "Wrong shape";
        Time = 2, "time", "时间不对", "Wrong time";
        UnknownAgent = 3, "unknown_agent", "没有这位客服", "Unknown agent";
        UnknownGroup = 4, "unknown_group", "没有这个技能组", "Unknown group";
    }
}

/// 交换机 as its form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SwitchInput {
    /// Nothing for a new one.
    pub id: Option<SwitchId>,
    /// The version that was opened.
    pub version: i32,
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: Option<SwitchKind>,
    /// 启用.
    pub enabled: bool,
    /// Why, for the history.
    pub reason: String,
}

/// One switch.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchChoice {
    /// Which.
    pub switch: SwitchId,
}

/// One event in quarantine.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalChoice {
    /// Which.
    pub refusal: uuid::Uuid,
}

/// All events in quarantine: nothing needs to be said.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllRefusals {
    /// Always true: a form of no field would post nothing.
    pub all: bool,
}

impl SwitchInput {
    /// Whether the form is filled in.
    ///
    /// # Errors
    /// What is wrong, beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MOST);
        problems.need(self.kind.is_some(), "kind", kernel::error::Problem::Required);
        problems.end()
    }
}

/// An event as it came in, understood; `now` is milliseconds since 1970.
///
/// # Errors
/// Why it cannot be, with what is wrong in the reader's words.
pub fn understand(body: &Value, now: i64) -> core::result::Result<SwitchEvent, (Refusal, String)> {
    if has_nul(body) {
        return Err((Refusal::Shape, "a key or a text holds the character U+0000".to_owned()));
    }
    let event: SwitchEvent = serde_json::from_value(body.clone()).map_err(|error| (Refusal::Shape, error.to_string()))?;
    if !(FIRST_AT..=now + AHEAD_MOST).contains(&event.at) {
        return Err((Refusal::Time, format!("at is {}", event.at)));
    }
    match faulty(&event) {
        Some(field) => Err((Refusal::Shape, format!("{field} is empty, too long or out of range"))),
        None => Ok(event),
    }
}

/// Whether a key or a text holds U+0000, which no text of the database can.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The first field that is too long, empty where it may not be, or no recording.
fn faulty(event: &SwitchEvent) -> Option<&'static str> {
    let is_word = |text: &str| !text.trim().is_empty() && text.chars().count() <= WORD_MOST;
    let is_short = |text: &str| text.chars().count() <= WORD_MOST;
    let is_link = |url: &str| (url.starts_with("https://") || url.starts_with("http://")) && url.chars().count() <= ADDRESS_MOST;
    let is_length = |ms: i64| (0..=RECORDING_MOST).contains(&ms);
    let is_leg = |leg: &str| is_word(leg);
    let checks: Vec<(&'static str, bool)> = match &event.what {
        Happening::Started { caller, callee, shown, task, .. } => vec![
            ("caller", is_short(caller)),
            ("callee", is_short(callee)),
            ("shown", is_short(shown)),
            ("task", task.as_deref().is_none_or(is_short)),
        ],
        Happening::Dialled { leg, from, party, .. } => {
            vec![("leg", is_leg(leg)), ("from", from.as_deref().is_none_or(is_leg)), ("number", party.number().is_none_or(is_short))]
        }
        Happening::Ringing { leg }
        | Happening::Answered { leg }
        | Happening::Held { leg }
        | Happening::Resumed { leg }
        | Happening::Confirmed { leg }
        | Happening::Joined { leg }
        | Happening::Left { leg, .. } => vec![("leg", is_leg(leg))],
        Happening::Voicemail { url, ms } => vec![("url", is_link(url)), ("ms", is_length(*ms))],
        // A recording of the whole call names no leg.
        Happening::Recorded { leg, url, ms } => vec![("leg", is_short(leg)), ("url", is_link(url)), ("ms", is_length(*ms))],
        Happening::Rated { levels, key } => vec![("levels", [2, 3, 5, 10].contains(levels)), ("key", (0..=9).contains(key))],
        Happening::IvrEntered | Happening::QueueEntered { .. } | Happening::QueueLeft { .. } | Happening::Ended { .. } => Vec::new(),
    };
    let names = [("id", is_word(&event.id)), ("call", is_word(&event.call))];
    names.into_iter().chain(checks).find(|(_, holds)| !holds).map(|(field, _)| field)
}

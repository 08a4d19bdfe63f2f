//! 工作时间: the form of a calendar.

use kernel::error::{Problem, Problems, Result};
use kernel::id::{CalendarId, GroupId};
use kernel::lang::Lang;
use kernel::t;
use serde::{Deserialize, Serialize};

/// Characters of a name at most.
pub const NAME_MOST: usize = 50;
/// Bytes of the special days as text at most.
pub const DAYS_TEXT_MOST: usize = 20_000;
/// Bytes of the hours of a day as text at most.
const HOURS_TEXT_MOST: usize = 200;
/// Names of the seven fields, Monday first.
pub const DAY_FIELDS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A calendar as it is typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarInput {
    /// Which; nothing for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<CalendarId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 名称.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// Hours of a Monday, as `09:00-12:00, 13:30-18:00`; empty for a day off.
    #[serde(default)]
    pub monday: String,
    /// As of a Monday.
    #[serde(default)]
    pub tuesday: String,
    /// As of a Monday.
    #[serde(default)]
    pub wednesday: String,
    /// As of a Monday.
    #[serde(default)]
    pub thursday: String,
    /// As of a Monday.
    #[serde(default)]
    pub friday: String,
    /// As of a Monday.
    #[serde(default)]
    pub saturday: String,
    /// As of a Monday.
    #[serde(default)]
    pub sunday: String,
    /// 节假日与调休, a line each.
    #[serde(default)]
    pub days: String,
    /// Groups that work by it.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Whether groups without a calendar of their own work by it.
    #[serde(default)]
    pub is_default: bool,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl CalendarInput {
    /// Hours of the seven days as typed, Monday first.
    #[must_use]
    pub fn week(&self) -> [&str; 7] {
        [&self.monday, &self.tuesday, &self.wednesday, &self.thursday, &self.friday, &self.saturday, &self.sunday]
    }

    /// Checks what needs no reading of hours.
    ///
    /// # Errors
    /// Problems beside `name`.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.need(!self.name.trim().is_empty(), "name", Problem::Required);
        problems.need(self.name.trim().chars().count() <= NAME_MOST, "name", Problem::TooLong);
        problems.need(self.days.len() <= DAYS_TEXT_MOST, "days", Problem::TooLong);
        for (field, hours) in DAY_FIELDS.iter().zip(self.week()) {
            problems.need(hours.len() <= HOURS_TEXT_MOST, field, Problem::TooLong);
        }
        problems.end()
    }
}

/// One calendar, chosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarChoice {
    /// Which.
    pub id: CalendarId,
}

/// 星期: the name of a day of the week; Monday is 0.
#[must_use]
pub const fn day_name(lang: Lang, day: usize) -> &'static str {
    match day {
        0 => t!(lang, "周一", "Mon"),
        1 => t!(lang, "周二", "Tue"),
        2 => t!(lang, "周三", "Wed"),
        3 => t!(lang, "周四", "Thu"),
        4 => t!(lang, "周五", "Fri"),
        5 => t!(lang, "周六", "Sat"),
        _ => t!(lang, "周日", "Sun"),
    }
}

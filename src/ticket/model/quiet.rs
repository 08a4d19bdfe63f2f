//! 个人提醒: what an agent does not want to hear of, within what the reminder settings leave open.

use super::reminder::{ReminderEvent, ReminderSettings, Way};
use kernel::error::{Problem, Problems};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// 个人提醒. Kept as what is left out, so that an event or a way that comes later is heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quiet {
    /// Events without a mail.
    pub mail: Vec<ReminderEvent>,
    /// Events without a pop-up.
    pub pop_up: Vec<ReminderEvent>,
    /// Events without a sound.
    pub sound: Vec<ReminderEvent>,
    /// 免打扰时段.
    pub hours: Option<Hours>,
}

/// 免打扰时段: every day, in the company's zone. Mails wait until it ends, notices come without pop-up and sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[String; 2]", into = "[String; 2]")]
pub struct Hours {
    /// First minute of the day that belongs to it.
    pub from: u16,
    /// First minute that does not, on the next day when it is the smaller one.
    pub to: u16,
}

impl Hours {
    /// From two times of day as an input of the browser gives them.
    ///
    /// # Errors
    /// Beside `from` and `to`: `BadFormat`, or `SameTime` when they do not differ.
    pub fn read(from: &str, to: &str) -> Result<Hours, Problems> {
        let mut problems = Problems::default();
        let (start, end) = (minute(from), minute(to));
        problems.need(start.is_some(), "from", Problem::BadFormat);
        problems.need(end.is_some(), "to", Problem::BadFormat);
        problems.need(start.is_none() || start != end, "to", Problem::SameTime);
        match (start, end) {
            (Some(from), Some(to)) if from != to => Ok(Hours { from, to }),
            _ => Err(problems),
        }
    }

    /// Minutes until it ends, at a minute of the day that lies in it.
    #[must_use]
    pub const fn left(self, minute: u16) -> Option<u16> {
        let length = (self.to + DAY - self.from) % DAY;
        let passed = (minute % DAY + DAY - self.from) % DAY;
        if passed < length { Some(length - passed) } else { None }
    }

    /// Both times as an input of the browser takes them.
    #[must_use]
    pub fn words(self) -> [String; 2] {
        [self.from, self.to].map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60))
    }
}

impl TryFrom<[String; 2]> for Hours {
    type Error = String;
    fn try_from([from, to]: [String; 2]) -> Result<Hours, String> {
        Hours::read(&from, &to).map_err(|_| format!("no hours: {from} to {to}"))
    }
}

impl From<Hours> for [String; 2] {
    fn from(hours: Hours) -> [String; 2] {
        hours.words()
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    // A browser may add seconds.
    let minute = minute.get(..2).filter(|_| matches!(minute.len(), 2 | 5))?;
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (hour < 24 && minute < 60).then(|| hour * 60 + minute)
}

impl Quiet {
    /// Whether the agent does without this way of hearing of the event, and may.
    #[must_use]
    pub fn mutes(&self, settings: &ReminderSettings, event: ReminderEvent, way: Way) -> bool {
        settings.open.contains(&way) && self.left_out(way).contains(&event)
    }

    /// 免打扰时段, while the settings allow it.
    #[must_use]
    pub fn hours(&self, settings: &ReminderSettings) -> Option<Hours> {
        self.hours.filter(|_| settings.quiet_hours)
    }

    const fn left_out(&self, way: Way) -> &Vec<ReminderEvent> {
        match way {
            Way::Mail => &self.mail,
            Way::PopUp => &self.pop_up,
            Way::Sound => &self.sound,
        }
    }

    /// What somebody leaves out who ticked `wanted`: of that only which the settings offer and leave open, since a box
    /// that is not there cannot be ticked; of the rest what they left out before.
    #[must_use]
    pub fn without(&self, settings: &ReminderSettings, wanted: impl Fn(Way) -> Vec<ReminderEvent>, hours: Option<Hours>) -> Quiet {
        let left_out = |way| {
            let (wanted, before) = (wanted(way), self.left_out(way));
            let asked = |event: &ReminderEvent| settings.open.contains(&way) && settings.has(*event, way);
            let out = |event: &&ReminderEvent| if asked(event) { !wanted.contains(event) } else { before.contains(event) };
            ReminderEvent::ALL.iter().filter(out).copied().collect()
        };
        let hours = if settings.quiet_hours { hours } else { self.hours };
        Quiet { mail: left_out(Way::Mail), pop_up: left_out(Way::PopUp), sound: left_out(Way::Sound), hours }
    }
}

/// What an agent wants to hear of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietInput {
    /// Events with a mail.
    #[serde(default)]
    pub mail: Vec<ReminderEvent>,
    /// Events with a pop-up.
    #[serde(default)]
    pub pop_up: Vec<ReminderEvent>,
    /// Events that sound.
    #[serde(default)]
    pub sound: Vec<ReminderEvent>,
    /// Whether there are hours without any.
    #[serde(default)]
    pub quiet: bool,
    /// Their start, as `22:00`.
    #[serde(default)]
    pub from: String,
    /// Their end.
    #[serde(default)]
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::{Hours, Quiet};
    use crate::model::reminder::{ReminderEvent, ReminderSettings, Way};
    use kernel::error::Problem;
    use proptest::prelude::*;

    #[test]
    fn hours_may_pass_midnight() {
        let night = Hours::read("22:00", "08:00:00").unwrap();
        let at = |text: &str| night.left(super::minute(text).unwrap());
        assert_eq!([at("21:59"), at("22:00"), at("00:00"), at("07:59"), at("08:00")], [None, Some(600), Some(480), Some(1), None]);
        let noon = Hours::read("12:00", "13:30").unwrap();
        assert_eq!([noon.left(719), noon.left(720), noon.left(809), noon.left(810)], [None, Some(90), Some(1), None]);
        assert_eq!(serde_json::to_string(&night).unwrap(), r#"["22:00","08:00"]"#);
        assert_eq!(serde_json::from_str::<Hours>(r#"["22:00","08:00"]"#).unwrap(), night);
    }

    #[test]
    fn what_is_no_time_of_day_says_so_beside_its_field() {
        let wrong = |from, to| Hours::read(from, to).unwrap_err().0;
        assert_eq!(wrong("24:00", ""), [("from".to_owned(), Problem::BadFormat), ("to".to_owned(), Problem::BadFormat)]);
        assert_eq!(wrong("08:60", "9:5"), [("from".to_owned(), Problem::BadFormat), ("to".to_owned(), Problem::BadFormat)]);
        assert_eq!(wrong("08:00", "8:00"), [("to".to_owned(), Problem::SameTime)]);
    }

    #[test]
    fn only_what_is_open_is_left_out() {
        let settings = ReminderSettings { mail: vec![ReminderEvent::Urged], open: vec![Way::Mail], ..ReminderSettings::default() };
        let before = Quiet { sound: vec![ReminderEvent::Created], ..Quiet::default() };
        let quiet = before.without(&settings, |_| Vec::new(), None);
        assert_eq!(quiet.mail, [ReminderEvent::Urged], "offered, open and not ticked");
        assert!(quiet.pop_up.is_empty(), "a pop-up may not be left out");
        assert_eq!(quiet.sound, [ReminderEvent::Created], "left out before, not asked now");
        assert!(quiet.mutes(&settings, ReminderEvent::Urged, Way::Mail));
        let closed = ReminderSettings { open: Vec::new(), quiet_hours: false, ..settings };
        assert!(!quiet.mutes(&closed, ReminderEvent::Urged, Way::Mail), "closed again");
        let hours = Hours { from: 0, to: 60 };
        assert_eq!(Quiet { hours: Some(hours), ..quiet.clone() }.hours(&closed), None);
        assert_eq!(quiet.without(&closed, |_| Vec::new(), Some(hours)).hours, None);
    }

    proptest! {
        #[test]
        fn a_day_is_hours_and_the_rest(from in 0u16..1440, to in 0u16..1440) {
            prop_assume!(from != to);
            let (inside, outside) = (Hours { from, to }, Hours { from: to, to: from });
            for minute in 0..1440 {
                prop_assert_ne!(inside.left(minute).is_some(), outside.left(minute).is_some());
                if let Some(left) = inside.left(minute) {
                    prop_assert_eq!((minute + left) % 1440, to);
                }
            }
        }
    }
}

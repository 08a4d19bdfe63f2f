//! 配置对象: a calendar, as the history keeps it: in the words that its form takes.

use crate::calendar::{write_days, write_spans};
use crate::commands;
use crate::model::{CalendarInput, day_name};
use crate::queries::{self, Kept};
use identity::model::GroupKind;
use kernel::configured::{Configured, Place, Words};
use kernel::error::Result;
use kernel::id::{CalendarId, GroupId};
use kernel::lang::Lang;
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 工作时间.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarDocument {
    /// 名称.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// Hours of the seven days, Monday first, as `09:00-12:00, 13:30-18:00`; empty for a day off.
    pub week: [String; 7],
    /// 节假日与调休, a line each.
    #[serde(default)]
    pub days: Vec<String>,
    /// Groups that work by it.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Whether the other groups do.
    #[serde(default)]
    pub is_default: bool,
}

impl From<Kept> for CalendarDocument {
    fn from(kept: Kept) -> Self {
        CalendarDocument {
            name: kept.name,
            time_zone: kept.calendar.time_zone.clone(),
            week: kept.calendar.week.each_ref().map(|spans| write_spans(spans)),
            days: write_days(&kept.calendar.days).lines().map(str::to_owned).collect(),
            groups: kept.groups,
            is_default: kept.is_default,
        }
    }
}

fn day(place: usize, lang: Lang) -> Option<String> {
    (place < 7).then(|| day_name(lang, place).to_owned())
}

impl Configured for CalendarDocument {
    const KIND: &'static str = "calendar";
    const LABEL: Words = ("工作时间", "Duty times");
    const NEEDS: Permission = Permission::SlaManage;
    const PAGE: &'static str = "/settings/duty";
    const PLACES: &'static [(&'static str, Place)] = &[("week", day)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("time_zone", ("时区", "Time zone")),
        ("week", ("每周", "Week")),
        ("days", ("节假日与调休", "Special days")),
        ("groups", ("客服组", "Groups")),
        ("is_default", ("默认", "Default")),
    ];
    const SETS: &'static [&'static str] = &["groups"];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        // A deleted group keeps its place, should it come back; what names it here could not be imported.
        let living = identity::queries::group_options(tx, GroupKind::Ticket).await?;
        let document = |mut kept: Kept| {
            kept.groups.retain(|group| living.iter().any(|option| option.id == *group));
            (kept.id.0, CalendarDocument::from(kept))
        };
        Ok(queries::all(tx).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let CalendarDocument { name, time_zone, week, days, groups, is_default } = document;
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = week;
        let days = days.join("\n");
        let hours = CalendarInput { monday, tuesday, wednesday, thursday, friday, saturday, sunday, ..CalendarInput::default() };
        commands::put(tx, CalendarId(id), &CalendarInput { name, time_zone, days, groups, is_default, ..hours }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, CalendarId(id)).await
    }
}

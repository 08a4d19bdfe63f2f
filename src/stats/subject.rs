//! 对象: what a report is about. It says who may see it, how its rows are grouped and what they are called.

use crate::metric::Words;
use crate::model::By;
use export::model::Kind;
use identity::model::GroupKind;
use kernel::lang::Lang;
use kernel::permission::Permission;

/// 对象.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// 工单.
    Tickets,
    /// 通话: records of calls, of both lines.
    Calls,
}

impl Subject {
    /// Who may see its reports.
    #[must_use]
    pub const fn needs(self) -> Permission {
        match self {
            Subject::Tickets => Permission::StatisticsTicket,
            Subject::Calls => Permission::StatisticsCall,
        }
    }

    /// 分组方式 that its rows have.
    #[must_use]
    pub const fn dimensions(self) -> &'static [By] {
        match self {
            Subject::Tickets => &[By::Day, By::Week, By::Month, By::Agent, By::Group, By::Category, By::Channel],
            Subject::Calls => &[By::Day, By::Week, By::Month, By::Agent, By::Group, By::Line],
        }
    }

    /// What a dimension is called here.
    #[must_use]
    pub const fn dimension(self, by: By, lang: Lang) -> &'static str {
        match (self, by) {
            (Subject::Calls, By::Group) => kernel::t!(lang, "技能组", "Group"),
            _ => by.label(lang),
        }
    }

    /// Which groups it can be filtered by.
    #[must_use]
    pub const fn groups(self) -> &'static [GroupKind] {
        match self {
            Subject::Tickets => &[GroupKind::Ticket],
            Subject::Calls => &[GroupKind::Call, GroupKind::Telemarketing],
        }
    }

    /// What it is called in the menu.
    #[must_use]
    pub const fn name(self) -> Words {
        match self {
            Subject::Tickets => Words { zh: "工单", en: "Tickets" },
            Subject::Calls => Words { zh: "呼叫", en: "Calls" },
        }
    }

    /// What a row behind a number is.
    #[must_use]
    pub const fn row(self) -> Words {
        match self {
            Subject::Tickets => Words { zh: "工单", en: "tickets" },
            Subject::Calls => Words { zh: "通话记录", en: "call records" },
        }
    }

    /// 量词 of a number in Chinese.
    #[must_use]
    pub const fn counter(self) -> &'static str {
        match self {
            Subject::Tickets => "张",
            Subject::Calls => "次",
        }
    }

    /// Where its metrics are defined.
    #[must_use]
    pub const fn definitions(self) -> &'static str {
        match self {
            Subject::Tickets => "/reports/definitions",
            Subject::Calls => "/reports/call-definitions",
        }
    }

    /// What its files are.
    #[must_use]
    pub const fn files(self) -> Kind {
        match self {
            Subject::Tickets => Kind::Statistics,
            Subject::Calls => Kind::CallStatistics,
        }
    }
}

//! Inputs about a company: its facts, units, departments, groups, and the first visit.

use crate::model::GroupKind;
use crate::model::account::{NAME_MAX, check_email, check_length};
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, DepartmentId, GroupId, UnitId};
use kernel::lang::Lang;
use serde::{Deserialize, Serialize};

/// Longest name of a company, unit, department or group, in characters.
pub const TITLE_MAX: usize = 60;

/// 公司: its name, zone and language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyInput {
    /// Name.
    pub name: String,
    /// IANA name of the zone, such as `Asia/Shanghai`.
    pub time_zone: String,
    /// Language of mails to people whose language is unknown.
    #[serde(default)]
    pub lang: Lang,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl CompanyInput {
    /// Finds everything that is wrong; whether the zone exists is known by the server only.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", TITLE_MAX);
        problems.text(&self.time_zone, "time_zone", 60);
        problems.end()
    }
}

/// 业务单元.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitInput {
    /// Which is renamed; none for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<UnitId>,
    /// Name.
    pub name: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl UnitInput {
    /// Finds everything that is wrong.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", TITLE_MAX);
        problems.end()
    }
}

/// One unit, to delete it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitChoice {
    /// Which.
    pub id: UnitId,
}

/// 部门.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentInput {
    /// Which is edited; none for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<DepartmentId>,
    /// Name.
    pub name: String,
    /// The department above.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub parent: Option<DepartmentId>,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl DepartmentInput {
    /// Finds everything that is wrong with the form itself.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", TITLE_MAX);
        problems.need(self.id.is_none() || self.id != self.parent, "parent", Problem::BadChoice);
        problems.end()
    }
}

/// One department, to delete it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChoice {
    /// Which.
    pub id: DepartmentId,
}

/// 工单客服组.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupInput {
    /// Which is edited; none for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<GroupId>,
    /// What a new one works on; one that exists keeps its kind.
    #[serde(default)]
    pub kind: GroupKind,
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Who works in it.
    #[serde(default)]
    pub members: Vec<AgentId>,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl GroupInput {
    /// Finds everything that is wrong.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", TITLE_MAX);
        problems.at_most(&self.description, "description", 200);
        problems.need(self.kind != GroupKind::Online, "kind", Problem::BadChoice);
        problems.end()
    }
}

/// One group, to delete it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupChoice {
    /// Which.
    pub id: GroupId,
}

/// 首次访问: the first company of an installation and its super admin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupInput {
    /// One-time code of the start-up log, where one is asked for.
    #[serde(default)]
    pub code: String,
    /// Name of the company.
    pub company: String,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Sign-in address of the super admin.
    pub email: String,
    /// Full name of the super admin.
    #[serde(default)]
    pub name: String,
    /// Password of the super admin.
    pub password: String,
    /// The company's language; the page's when empty.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub lang: Option<Lang>,
}

impl SetupInput {
    /// Finds everything that is wrong before code, zone and strength are looked at.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.company, "company", TITLE_MAX);
        problems.text(&self.time_zone, "time_zone", 60);
        check_email(&mut problems, &self.email);
        problems.text(&self.name, "name", NAME_MAX);
        check_length(&mut problems, &self.password, "password");
        problems.end()
    }
}

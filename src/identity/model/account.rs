//! Inputs about one account: creating, editing, activating, signing in, the own profile, importing.

use crate::model::{AgentStatus, Density, Theme};
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, DepartmentId, GroupId, PermissionGroupId, UnitId};
use kernel::input;
use kernel::lang::Lang;
use kernel::permission::Role;
use serde::{Deserialize, Serialize};

/// Longest name of a person, in characters.
pub const NAME_MAX: usize = 50;
/// Shortest password, in characters (S32).
pub const PASSWORD_MIN: usize = 8;
/// Longest password, in characters (S32).
pub const PASSWORD_MAX: usize = 128;
/// Most rows of one import.
pub const IMPORT_MAX: usize = 1000;

/// 新建或修改客服: the facts of one agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentInput {
    /// Which account is edited; none for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<AgentId>,
    /// The version the editor started from; 0 for a new account.
    #[serde(default)]
    pub version: i32,
    /// Sign-in address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// The name customers see; the full name when empty.
    #[serde(default)]
    pub nickname: String,
    /// Telephone, as people write it.
    #[serde(default)]
    pub phone: String,
    /// Role type.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub role: Option<Role>,
    /// Own permission group; the role's defaults hold without one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub permission_group: Option<PermissionGroupId>,
    /// Department.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub department: Option<DepartmentId>,
    /// Business unit.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub unit: Option<UnitId>,
    /// Groups, of every kind.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Language of pages and mails; the company's when empty.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub lang: Option<Lang>,
    /// First password of a new account; one is generated when empty. Ignored when editing.
    #[serde(default)]
    pub password: String,
}

impl AgentInput {
    /// Finds everything that is wrong with the form itself.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        check_email(&mut problems, &self.email);
        problems.text(&self.name, "name", NAME_MAX);
        problems.at_most(&self.nickname, "nickname", NAME_MAX);
        problems.at_most(&self.phone, "phone", 40);
        problems.need(self.role.is_some(), "role", Problem::Required);
        let is_super = self.role == Some(Role::SuperAdmin);
        problems.need(!is_super || self.permission_group.is_none(), "permission_group", Problem::NotGrantable);
        if self.id.is_none() && !self.password.is_empty() {
            check_length(&mut problems, &self.password, "password");
        }
        problems.end()
    }

    /// The nickname, or the name when there is none.
    #[must_use]
    pub fn nickname(&self) -> &str {
        let nickname = self.nickname.trim();
        if nickname.is_empty() { self.name.trim() } else { nickname }
    }
}

/// One account, for a command that needs nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentChoice {
    /// Which account.
    pub id: AgentId,
}

/// 重发邀请, with another first password where one is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteInput {
    /// Which account.
    pub id: AgentId,
    /// The new first password; the old one holds when empty.
    #[serde(default)]
    pub password: String,
}

/// 客服激活, step one: the link and the account's own password.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateInput {
    /// Token of the link.
    pub token: String,
    /// What the person typed; it must equal the account's password.
    pub password: String,
}

/// 客服激活, step two: the profile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishInput {
    /// Token that step one gave.
    pub token: String,
    /// Full name.
    pub name: String,
    /// The name customers see.
    #[serde(default)]
    pub nickname: String,
    /// Language of pages and mails.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub lang: Option<Lang>,
}

impl FinishInput {
    /// Finds everything that is wrong.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MAX);
        problems.at_most(&self.nickname, "nickname", NAME_MAX);
        problems.end()
    }
}

/// 登录.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInInput {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Where to go afterwards: a path of this installation.
    #[serde(default)]
    pub next: String,
}

impl SignInInput {
    /// Finds empty fields; nothing else is said about what was typed.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.need(!self.email.trim().is_empty(), "email", Problem::Required);
        problems.need(!self.password.is_empty(), "password", Problem::Required);
        problems.end()
    }
}

/// 忘记密码.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgotInput {
    /// Sign-in address.
    pub email: String,
}

impl ForgotInput {
    /// Finds everything that is wrong.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        check_email(&mut problems, &self.email);
        problems.end()
    }
}

/// 重设密码: a new password by a link.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    /// Token of the link.
    pub token: String,
    /// The new password.
    pub password: String,
    /// The same again.
    pub password_again: String,
}

impl ResetInput {
    /// Finds everything that is wrong before the strength is looked at.
    pub fn check(&self) -> Result {
        check_new_password(&self.password, &self.password_again)
    }
}

/// 修改密码: a new password by the person who knows the old one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordInput {
    /// The password that holds now.
    pub password_current: String,
    /// The new password.
    pub password: String,
    /// The same again.
    pub password_again: String,
}

impl ChangePasswordInput {
    /// Finds everything that is wrong before the strength is looked at.
    pub fn check(&self) -> Result {
        check_new_password(&self.password, &self.password_again)
    }
}

/// 个人设置: what people set about themselves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileInput {
    /// Full name.
    pub name: String,
    /// The name customers see.
    #[serde(default)]
    pub nickname: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Language; the browser's when empty.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub lang: Option<Lang>,
    /// Light or dark.
    #[serde(default)]
    pub theme: Theme,
    /// Row height.
    #[serde(default)]
    pub density: Density,
}

impl ProfileInput {
    /// Finds everything that is wrong.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MAX);
        problems.at_most(&self.nickname, "nickname", NAME_MAX);
        problems.at_most(&self.phone, "phone", 40);
        problems.end()
    }
}

/// One session, named by the hexadecimal of its stored hash, which is no way to enter it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionChoice {
    /// Which session.
    pub session: String,
}

/// 导入客服: the outcome of one row of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// Address as written.
    pub email: String,
    /// Name as written.
    pub name: String,
    /// The new account.
    pub agent: Option<AgentId>,
    /// The password that was generated, to hand to the agent.
    pub password: Option<String>,
    /// What is wrong with the row.
    pub problems: Problems,
}

/// Whether an account may go from one state to another by an administrator's hand.
#[must_use]
pub fn may_become(from: AgentStatus, to: AgentStatus) -> bool {
    matches!(
        (from, to),
        (AgentStatus::Enabled | AgentStatus::NotActivated, AgentStatus::Disabled)
            | (AgentStatus::Disabled, AgentStatus::Enabled | AgentStatus::NotActivated)
            | (AgentStatus::NotActivated | AgentStatus::Enabled | AgentStatus::Disabled, AgentStatus::Deleted)
    )
}

/// Notes a missing or unreadable address.
pub(crate) fn check_email(problems: &mut Problems, email: &str) {
    match email.trim() {
        "" => problems.add("email", Problem::Required),
        some => problems.need(input::email(some).is_some(), "email", Problem::BadEmail),
    }
}

/// Notes a password that is too short or too long, in characters.
pub(crate) fn check_length(problems: &mut Problems, password: &str, field: &str) {
    let length = password.chars().count();
    problems.need(length >= PASSWORD_MIN, field, Problem::PasswordTooShort);
    problems.need(length <= PASSWORD_MAX, field, Problem::PasswordTooLong);
}

fn check_new_password(password: &str, again: &str) -> Result {
    let mut problems = Problems::default();
    check_length(&mut problems, password, "password");
    problems.need(password == again, "password_again", Problem::PasswordsDiffer);
    problems.end()
}

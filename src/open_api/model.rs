//! Forms of applications, and what is set up about the open platform.

use kernel::error::{Problem, Problems, Result};
use kernel::id::AppId;
use kernel::input::{blank, lines};
use kernel::scope::ApiScope;
use serde::{Deserialize, Serialize};

/// Longest name of an application, in characters.
pub const NAME_MOST: usize = 50;
/// Lines of the list of addresses at most.
pub const NETWORKS_MOST: usize = 50;
/// Applications of a company at most, without the revoked ones.
pub const APPS_MOST: i64 = 50;

/// 应用: a new one, or what of one is changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppInput {
    /// Which is edited; none makes one.
    #[serde(default, deserialize_with = "blank", skip_serializing_if = "Option::is_none")]
    pub id: Option<AppId>,
    /// The version that the editor started from; 0 for a new one.
    #[serde(default)]
    pub version: i32,
    /// 名称.
    pub name: String,
    /// 接口范围.
    #[serde(default)]
    pub scopes: Vec<ApiScope>,
    /// IP 名单, one address or network a line; everywhere when empty.
    #[serde(default)]
    pub networks: String,
}

impl AppInput {
    /// Finds everything that is wrong with the form itself; whether its lines are networks is known to the command.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MOST);
        problems.need(!self.scopes.is_empty(), "scopes", Problem::NoScope);
        problems.need(lines(&self.networks).len() <= NETWORKS_MOST, "networks", Problem::TooMany);
        problems.end()
    }
}

/// One application, to give it another key or to revoke it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppChoice {
    /// Which.
    pub id: AppId,
}

/// 开放平台设置.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenPlatform {
    /// 登录接口: whether agents get tokens by account and password.
    pub login: bool,
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
    /// As in `OpenPlatform`.
    #[serde(default)]
    pub login: bool,
}

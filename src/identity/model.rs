//! Coded lists and the short forms of agents and groups that other slices show.

pub mod account;
pub mod company;
pub mod permission;

use kernel::id::{AgentId, GroupId};
use kernel::lang::Lang;
use serde::{Deserialize, Serialize};

kernel::catalog! {
    /// 客服账号状态: state of an agent's account (F§8).
    pub enum AgentStatus {
        NotActivated = 0, "not_activated", "未激活", "Not activated";
        Enabled = 1, "enabled", "启用", "Enabled";
        Disabled = 9, "disabled", "停用", "Disabled";
        Deleted = -1, "deleted", "已删除", "Deleted";
    }
}

kernel::catalog! {
    /// 客服组类型: what a group works on (F§8).
    #[derive(Default)]
    pub enum GroupKind {
        #[default]
        Ticket = 0, "ticket", "工单客服组", "Ticket group";
        Online = 1, "online", "在线客服组", "Online group";
        Call = 2, "call", "呼叫技能组", "Call group";
        Telemarketing = 3, "telemarketing", "电销组", "Telemarketing group";
    }
}

kernel::catalog! {
    /// 账号链接: what a link to an account is for.
    pub enum TokenKind {
        Activation = 0, "activation", "激活", "Activation";
        Reset = 1, "reset", "重设密码", "Password reset";
        /// The second step of an activation, after the password was right.
        Profile = 2, "profile", "完善资料", "Profile";
    }
}

kernel::catalog! {
    /// 客服状态: what agents say of themselves, with the codes of the phone bar (F§3.5).
    pub enum AgentState {
        Available = 1, "available", "空闲", "Available";
        Busy = 0, "busy", "忙碌", "Busy";
        Break = 114, "break", "小休", "Break";
        /// Nobody chooses it: a call ended, and time for what it leaves to do runs.
        AfterCall = 115, "after_call", "后处理", "After-call work";
        Meal = 118, "meal", "用餐", "Meal";
        Meeting = 117, "meeting", "会议", "Meeting";
        Training = 116, "training", "培训", "Training";
        Activity = 119, "activity", "活动", "Activity";
        Offline = -1, "offline", "离线", "Offline";
    }
}

kernel::catalog! {
    /// 状态变更原因: why an agent's state changed.
    pub enum StateReason {
        Chosen = 0, "chosen", "自己选择", "Chosen";
        SignedIn = 1, "signed_in", "登录", "Signed in";
        SignedOut = 2, "signed_out", "退出", "Signed out";
        CallEnded = 3, "call_ended", "通话结束", "A call ended";
        WrapUpOver = 4, "wrap_up_over", "后处理时间到", "After-call time over";
        Missed = 5, "missed", "连续未接", "Calls missed";
        Lapsed = 6, "lapsed", "登录失效", "Session ran out";
        Closed = 7, "closed", "账号停用或删除", "Account disabled or deleted";
    }
}

impl AgentState {
    /// Whether people choose it; the others come of what happens.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        !matches!(self, AgentState::AfterCall)
    }

    /// Class of its light.
    #[must_use]
    pub const fn light(self) -> &'static str {
        match self {
            AgentState::Available => "light ok",
            AgentState::Busy => "light bad",
            AgentState::Offline => "light",
            _ => "light warn",
        }
    }
}

/// 自定义状态: a state of the company's own. Calls go elsewhere meanwhile, as for whoever is busy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnState {
    /// 中文名称, which tells it from the others.
    pub zh: String,
    /// English name.
    pub en: String,
    /// 计入工作: whether its time counts as work.
    pub works: bool,
}

impl OwnState {
    /// The name people read.
    #[must_use]
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// How the signed-in person is from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateInput {
    /// The state.
    pub state: AgentState,
    /// Path and query of the page.
    pub back: String,
}

kernel::catalog! {
    /// 外观: light or dark.
    pub enum Theme {
        Auto = 0, "auto", "跟随系统", "As the system";
        Light = 1, "light", "浅色", "Light";
        Dark = 2, "dark", "深色", "Dark";
    }
}

kernel::catalog! {
    /// 密度: how tall the rows of tables are.
    pub enum Density {
        Comfortable = 0, "comfortable", "舒适", "Comfortable";
        Compact = 1, "compact", "紧凑", "Compact";
    }
}

impl Default for Theme {
    fn default() -> Self {
        Theme::ALL[0]
    }
}

impl Default for Density {
    fn default() -> Self {
        Density::ALL[0]
    }
}

/// 客服: an agent as a choice in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentOption {
    /// Which.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// 昵称: the name customers see.
    pub nickname: String,
    /// Whether the account is enabled.
    pub enabled: bool,
}

/// 客服组: a group as a choice in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupOption {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

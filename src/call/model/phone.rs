//! 电话条: states, buttons, settings and inputs of agents' phones.

use crate::model::AnswerWay;
use identity::model::{AgentState, OwnState};
use kernel::error::{Problem, Problems, Result};
use kernel::id::AgentId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::catalog! {
    /// 电话条状态: how an agent's phone is, with the codes of the phone bar (F§3.5).
    pub enum PhoneState {
        Offline = -1, "offline", "离线", "Offline";
        Idle = 1, "idle", "空闲", "Idle";
        Busy = 0, "busy", "忙碌", "Busy";
        Break = 114, "break", "小休", "Break";
        AfterCall = 115, "after_call", "后处理", "After-call work";
        Training = 116, "training", "培训", "Training";
        Meeting = 117, "meeting", "会议", "Meeting";
        Meal = 118, "meal", "用餐", "Meal";
        Activity = 119, "activity", "活动", "Activity";
        InboundRing = 12, "inbound_ring", "呼入振铃", "Ringing, inbound";
        OutboundRing = 13, "outbound_ring", "呼出振铃", "Ringing, outbound";
        Dialling = 34, "dialling", "外呼中", "Dialling";
        InboundTalk = 31, "inbound_talk", "呼入通话中", "Talking, inbound";
        OutboundTalk = 32, "outbound_talk", "呼出通话中", "Talking, outbound";
        Holding = 316, "holding", "保持中", "Holding";
        Transferring = 311, "transferring", "转接中", "Transferring";
        TransferRing = 421, "transfer_ring", "转接振铃", "Transfer ringing";
        ConsultTalk = 331, "consult_talk", "咨询通话中", "Consulting";
        ConsultedTalk = 341, "consulted_talk", "被咨询通话中", "Consulted";
        ConsultCalling = 314, "consult_calling", "咨询呼叫中", "Calling for consultation";
        ConsultRing = 424, "consult_ring", "咨询振铃", "Consultation ringing";
        ThreeWay = 334, "three_way", "三方通话中", "Three-way call";
        ThreeWayInvited = 344, "three_way_invited", "受邀三方通话中", "Three-way call, invited";
        MonitorRing = 412, "monitor_ring", "监听振铃", "Monitoring, ringing";
        Monitoring = 322, "monitoring", "监听中", "Monitoring";
        Monitored = 332, "monitored", "被监听通话中", "Monitored";
        Barging = 342, "barging", "强插通话中", "Barged in";
        Barged = 352, "barged", "被强插通话中", "Somebody barged in";
        InternalDialling = 425, "internal_dialling", "内部呼叫中", "Calling a colleague";
        InternalRing = 445, "internal_ring", "内部来电振铃", "A colleague calls";
        InternalTalk = 455, "internal_talk", "内部通话中", "Talking with a colleague";
        InternalCalled = 465, "internal_called", "内部通话中（被叫）", "Talking with a colleague, called";
    }
}

kernel::catalog! {
    /// 电话按钮: what an agent, or a supervisor, can do with a phone.
    pub enum Act {
        Dial = 1, "dial", "拨号", "Dial";
        Answer = 2, "answer", "接听", "Answer";
        Hold = 3, "hold", "保持", "Hold";
        Resume = 4, "resume", "取回", "Resume";
        Transfer = 5, "transfer", "转接", "Transfer";
        Consult = 6, "consult", "咨询", "Consult";
        Confirm = 7, "confirm", "确认转接", "Confirm transfer";
        ThreeWay = 8, "three_way", "三方通话", "Three-way call";
        Cancel = 9, "cancel", "取消", "Cancel";
        Monitor = 10, "monitor", "监听", "Monitor";
        Barge = 11, "barge", "强插", "Barge in";
        Force = 12, "force", "强拆", "Force disconnect";
        HangUp = 13, "hang_up", "挂断", "Hang up";
    }
}

kernel::catalog! {
    /// 电话条面板: whether the phone bar shows its state alone or its panel too.
    pub enum Panel {
        Collapsed = 0, "collapsed", "已收起", "Collapsed";
        Expanded = 1, "expanded", "已展开", "Expanded";
    }
}

/// Seconds that one press of the button adds to after-call work.
pub const WRAP_STEP_S: i16 = 60;
/// Seconds that they add up to at most.
pub const WRAP_MOST_S: i16 = 300;

/// 电话设置: what administrators decide about phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneSettings {
    /// Seconds of after-call work, 0 for none, at most 600.
    pub wrap_up_s: i32,
    /// So many calls missed one after another make an agent busy; 0 for never, at most 20.
    pub busy_after_missed: i16,
    /// 自定义状态, at most 20.
    pub own_states: Vec<OwnState>,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        PhoneSettings { wrap_up_s: 30, busy_after_missed: 3, own_states: Vec::new() }
    }
}

impl PhoneSettings {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// The problems, each beside its field.
    pub fn problems(&self) -> Result {
        let mut problems = Problems::default();
        problems.need((0..=600).contains(&self.wrap_up_s), "wrap_up_s", Problem::BadNumber);
        problems.need((0..=20).contains(&self.busy_after_missed), "busy_after_missed", Problem::BadNumber);
        let is_named = |own: &OwnState| [&own.zh, &own.en].iter().all(|name| (1..=20).contains(&name.chars().count()));
        problems.need(self.own_states.iter().all(is_named), "own_states", Problem::StateFormat);
        let mut names: Vec<&str> = self.own_states.iter().map(|own| own.zh.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        problems.need(names.len() == self.own_states.len(), "own_states", Problem::NameTaken);
        problems.need(names.len() <= 20, "own_states", Problem::TooMany);
        problems.end()
    }
}

/// A new version of the settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneSettingsInput {
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// As in `PhoneSettings`.
    #[serde(default)]
    pub wrap_up_s: i32,
    /// As in `PhoneSettings`.
    #[serde(default)]
    pub busy_after_missed: i16,
    /// `中文 | English`, one a line, with `| 1` behind what counts as work.
    #[serde(default)]
    pub own_states: String,
}

/// 自定义状态 as lines of a text field.
#[must_use]
pub fn own_lines(own_states: &[OwnState]) -> String {
    let line = |own: &OwnState| format!("{} | {}{}", own.zh, own.en, if own.works { " | 1" } else { "" });
    own_states.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// 自定义状态 that the lines say; one that cannot be read has an empty name.
#[must_use]
pub fn read_own(lines: &str) -> Vec<OwnState> {
    let read = |line: &str| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let (zh, en, works) = match parts.as_slice() {
            [zh, en] => (*zh, *en, false),
            [zh, en, "1"] => (*zh, *en, true),
            _ => ("", "", false),
        };
        OwnState { zh: zh.to_owned(), en: en.to_owned(), works }
    };
    kernel::input::lines(lines).iter().map(|line| read(line)).collect()
}

/// A state of the list in the open panel.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChooseInput {
    /// The state.
    pub state: AgentState,
    /// 自定义状态, by its Chinese name; empty for none.
    #[serde(default)]
    pub own: String,
}

/// SIP分机: the extensions of the company, one a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionsInput {
    /// Digits, one extension a line.
    #[serde(default)]
    pub extensions: String,
    /// Those that the editor started from, one a line.
    #[serde(default)]
    pub before: String,
}

/// 电话账号: an agent's phone as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountInput {
    /// Whose.
    pub agent: AgentId,
    /// 0 for a new one.
    #[serde(default)]
    pub version: i32,
    /// 接听方式.
    pub answer_way: AnswerWay,
    /// The extension to bind; empty for none.
    #[serde(default)]
    pub extension: String,
    /// Whether the phone is in use.
    #[serde(default)]
    pub enabled: bool,
}

/// A press of a button of the phone bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PressInput {
    /// The press: the same id is the same press.
    pub order: Uuid,
    /// Which button.
    pub act: Act,
    /// The call; nothing for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub call: Option<Uuid>,
    /// A number or an extension, or `agent:` or `group:` with an id; for dialling, transfer and consultation.
    #[serde(default)]
    pub to: String,
    /// Whose leg a supervisor means.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub agent: Option<AgentId>,
}

/// A click on the state text of the phone bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClickInput {
    /// The press: the same id is the same press.
    pub order: Uuid,
    /// The state that was clicked: once it is another one, the click means nothing.
    pub from: AgentState,
    /// How the panel is.
    pub panel: Panel,
}

/// 后处理: what an agent does about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapInput {
    /// The press: the same id is the same press.
    pub order: Uuid,
}

/// 模拟来电: a call from outside that the simulated switch shall make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulateInput {
    /// The number that calls.
    pub number: String,
    /// Whom it reaches: `agent:` or `group:` with an id.
    pub to: String,
}

/// A call that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallChoice {
    /// Which.
    pub call: Uuid,
}

/// What an open page asks when it wants its phone bar anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarInput {
    /// What was wrong with the last press, as the key of a `Problem`; empty for nothing.
    #[serde(default)]
    pub problem: String,
}

/// 播放剧本: a story for the phones of these agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryInput {
    /// The story, by its English name.
    pub story: String,
    /// So many times as fast as in life, 1 to 60.
    pub speed: i32,
    /// Who takes its parts, in order.
    #[serde(default)]
    pub agents: Vec<AgentId>,
}

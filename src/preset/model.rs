//! Coded lists of presets, what a macro does, and the inputs of their forms with their checks.

use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, CategoryId, GroupId, PresetId, TicketId};
use kernel::input::{blank, email, lines};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use ticket::model::field::Answers;
use ticket::model::{CC_MOST, HTML_MOST, Priority, ReplyType, Status, TEXT_MOST};

/// 名称 at most, in characters.
pub const TITLE_MOST: usize = 60;
/// 快捷词 and 分类 at most, in characters.
pub const WORD_MOST: usize = 20;
/// Text of a note at most, in characters.
pub const NOTE_MOST: usize = 2_000;
/// Groups of one preset at most.
pub const GROUPS_MOST: usize = 50;

/// 状态 that a macro can set: no ticket counts as not accepted again, and deletion is an act of its own.
pub const STATUSES: &[Status] = &[Status::InProgress, Status::WaitingReply, Status::Solved, Status::Closed];

kernel::catalog! {
    /// 预设类型: what a preset is.
    pub enum PresetKind {
        Reply = 1, "reply", "快捷回复", "Preset reply";
        Macro = 2, "macro", "宏", "Macro";
    }
}

kernel::catalog! {
    /// 可见范围: who can use a preset.
    pub enum Visibility {
        Everybody = 1, "everybody", "公共", "Everybody";
        Groups = 2, "groups", "组内", "Chosen groups";
        Own = 3, "own", "个人", "Only me";
    }
}

kernel::catalog! {
    /// 宏的一步: what a macro can do.
    pub enum Step {
        Status = 1, "status", "状态", "Status";
        Priority = 2, "priority", "优先级", "Priority";
        Category = 3, "category", "分类", "Category";
        Group = 4, "group", "受理组", "Group";
        Agent = 5, "agent", "受理客服", "Agent";
        Cc = 6, "cc", "抄送", "CC";
        Follow = 7, "follow", "关注人", "Follower";
        Note = 8, "note", "内部备注", "Internal note";
        Reply = 9, "reply", "回复", "Reply";
    }
}

/// 谁: an agent, or whoever uses the macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Who {
    /// 使用者: whoever uses the macro.
    Me,
    /// A certain agent.
    Agent(AgentId),
}

impl Who {
    /// The word for whoever uses it.
    pub const ME: &'static str = "me";

    /// Which agent that is, when this one uses it.
    #[must_use]
    pub const fn agent(self, me: AgentId) -> AgentId {
        match self {
            Who::Me => me,
            Who::Agent(agent) => agent,
        }
    }
}

impl core::fmt::Display for Who {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Who::Me => f.write_str(Who::ME),
            Who::Agent(agent) => agent.fmt(f),
        }
    }
}

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> core::result::Result<Who, String> {
        match text {
            Who::ME => Ok(Who::Me),
            id => id.parse().map(Who::Agent).map_err(|_| format!("no agent {id:?}")),
        }
    }
}

impl TryFrom<String> for Who {
    type Error = String;

    fn try_from(text: String) -> core::result::Result<Who, String> {
        text.parse()
    }
}

impl From<Who> for String {
    fn from(who: Who) -> String {
        who.to_string()
    }
}

/// 动作: what a macro does besides its words. Each property has one place, so no macro says two things of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Acts {
    /// 状态.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// 优先级.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// 分类.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// 受理组.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// 受理客服.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Who>,
    /// 抄送: addresses to be added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// 关注人 to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow: Option<Who>,
    /// 内部备注, with its places.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who sees the words it puts into the composer; nothing when it brings none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyType>,
}

impl Acts {
    /// What it does, in the order of the list.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let does = |step: &&Step| match step {
            Step::Status => self.status.is_some(),
            Step::Priority => self.priority.is_some(),
            Step::Category => self.category.is_some(),
            Step::Group => self.group.is_some(),
            Step::Agent => self.agent.is_some(),
            Step::Cc => !self.cc.is_empty(),
            Step::Follow => self.follow.is_some(),
            Step::Note => !self.note.is_empty(),
            Step::Reply => self.reply.is_some(),
        };
        Step::ALL.iter().filter(does).copied().collect()
    }
}

/// 快捷回复 or 宏 as its form sends it. A preset reply has no acts; fields of the other kind are left alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetInput {
    /// Which; none makes a new one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<PresetId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 类型; it stays what it is.
    pub kind: PresetKind,
    /// 可见范围; one's own stays one's own, a shared one shared.
    pub visibility: Visibility,
    /// 客服组 that can use it.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// 名称.
    pub title: String,
    /// 快捷词: typed behind the `/` it comes first.
    #[serde(default)]
    pub shortcut: String,
    /// 分类.
    #[serde(default)]
    pub folder: String,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// HTML of the editor; wins over `text` when it is not empty.
    #[serde(default)]
    pub html: String,
    /// Plain text, of the same form without scripting.
    #[serde(default)]
    pub text: String,
    /// Who sees the words of a macro.
    #[serde(default, deserialize_with = "blank")]
    pub reply_type: Option<ReplyType>,
    /// 状态.
    #[serde(default, deserialize_with = "blank")]
    pub status: Option<Status>,
    /// 优先级.
    #[serde(default, deserialize_with = "blank")]
    pub priority: Option<Priority>,
    /// 分类 of the ticket.
    #[serde(default, deserialize_with = "blank")]
    pub category: Option<CategoryId>,
    /// 受理组.
    #[serde(default, deserialize_with = "blank")]
    pub group: Option<GroupId>,
    /// 受理客服.
    #[serde(default, deserialize_with = "blank")]
    pub agent: Option<Who>,
    /// 抄送, one address a line.
    #[serde(default)]
    pub cc: String,
    /// 关注人.
    #[serde(default, deserialize_with = "blank")]
    pub follow: Option<Who>,
    /// 内部备注.
    #[serde(default)]
    pub note: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl PresetInput {
    /// A new one of this kind with this name, for everybody, in use and empty.
    #[must_use]
    pub fn named(kind: PresetKind, title: &str) -> PresetInput {
        PresetInput {
            id: None,
            version: 0,
            kind,
            visibility: Visibility::Everybody,
            groups: Vec::new(),
            title: title.to_owned(),
            shortcut: String::new(),
            folder: String::new(),
            enabled: true,
            html: String::new(),
            text: String::new(),
            reply_type: None,
            status: None,
            priority: None,
            category: None,
            group: None,
            agent: None,
            cc: String::new(),
            follow: None,
            note: String::new(),
            reason: String::new(),
        }
    }

    /// Whether anything was written for the composer.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !self.html.trim().is_empty() || !self.text.trim().is_empty()
    }

    /// What it does. Whether ids exist, and how much text stands in its HTML, is known to the command.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result<Acts> {
        let mut problems = Problems::default();
        problems.text(&self.title, "title", TITLE_MOST);
        let shortcut = self.shortcut.trim();
        let is_word = shortcut.chars().all(char::is_alphanumeric) && shortcut.chars().count() <= WORD_MOST;
        problems.need(is_word, "shortcut", Problem::BadShortcut);
        problems.at_most(&self.folder, "folder", WORD_MOST);
        let is_grouped = self.visibility == Visibility::Groups;
        problems.need(!is_grouped || !self.groups.is_empty(), "groups", Problem::Required);
        problems.need(self.groups.len() <= GROUPS_MOST, "groups", Problem::TooMany);
        problems.need(self.html.chars().count() <= HTML_MOST, "text", Problem::TooLong);
        // Beside HTML the text is a copy of the same words, with a line break for each paragraph.
        let is_plain = self.html.trim().is_empty();
        problems.need(!is_plain || self.text.trim().chars().count() <= TEXT_MOST, "text", Problem::TooLong);
        let acts = match self.kind {
            PresetKind::Reply => {
                problems.need(self.has_words(), "text", Problem::Required);
                Acts::default()
            }
            PresetKind::Macro => self.acts(&mut problems),
        };
        problems.end()?;
        Ok(acts)
    }

    fn acts(&self, problems: &mut Problems) -> Acts {
        let typed = lines(&self.cc.replace([',', ';', '，', '；'], "\n"));
        let cc: Vec<String> = typed.iter().filter_map(|line| email(line)).collect();
        problems.need(cc.len() == typed.len(), "cc", Problem::BadEmail);
        problems.need(typed.len() <= CC_MOST, "cc", Problem::TooMany);
        problems.at_most(&self.note, "note", NOTE_MOST);
        let acts = Acts {
            status: self.status,
            priority: self.priority,
            category: self.category,
            group: self.group,
            agent: self.agent,
            cc,
            follow: self.follow,
            note: self.note.trim().to_owned(),
            reply: self.has_words().then(|| self.reply_type.unwrap_or(ReplyType::Everyone)),
        };
        problems.need(self.status.is_none_or(|status| STATUSES.contains(&status)), "status", Problem::BadChoice);
        problems.need(!acts.steps().is_empty() || !problems.0.is_empty(), "status", Problem::NoAct);
        acts
    }
}

/// A preset, to be copied or deleted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetChoice {
    /// Which.
    pub preset: PresetId,
}

/// A preset that is switched on or off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchInput {
    /// Which.
    pub preset: PresetId,
    /// 启用.
    pub enabled: bool,
}

/// What was typed behind a `/`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindInput {
    /// On which ticket.
    pub ticket: TicketId,
    /// What; nothing offers what is used most.
    #[serde(default)]
    pub q: String,
}

/// One row of the list beneath a `/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which.
    pub id: PresetId,
    /// Whether it is a macro.
    pub is_macro: bool,
    /// 名称.
    pub title: String,
    /// 快捷词.
    pub shortcut: String,
    /// 分类.
    pub folder: String,
    /// Its first words, or what the macro does.
    pub words: String,
}

/// A preset on a ticket: its words are taken, or the macro is used.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseInput {
    /// On which ticket.
    pub ticket: TicketId,
    /// Which.
    pub preset: PresetId,
}

/// The composer as it is on the screen, and the preset that is put behind what was typed. Its fields are the composer's:
/// what comes back stands in them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InsertInput {
    /// On which ticket.
    pub ticket: TicketId,
    /// Which; none when the button was pressed before anything was chosen.
    #[serde(default, deserialize_with = "blank")]
    pub preset: Option<PresetId>,
    /// HTML of the editor; wins over `text` when it is not empty.
    #[serde(default)]
    pub html: String,
    /// Plain text, of the same form without scripting.
    #[serde(default)]
    pub text: String,
    /// Who shall see the reply.
    pub reply_type: ReplyType,
    /// 回复后的状态.
    #[serde(default, deserialize_with = "blank", skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The last `seq` that the writer had on the screen.
    #[serde(default)]
    pub seen_seq: i32,
    /// 自定义字段 that have to be filled in before the ticket ends: they stay as they were typed.
    #[serde(default, with = "kernel::field::answers", skip_serializing_if = "Answers::is_empty")]
    pub fields: Answers,
}

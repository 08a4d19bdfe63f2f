//! Coded lists of tickets, limits, and the short types that pages and islands share. Inputs of forms stand in `input`,
//! `reply`, `form`, `bulk`, `category` and `view`, the address of a list in `list`, the state machine in `state`, the number in `number`.

pub mod bulk;
pub mod category;
pub mod claim;
pub mod due;
pub mod export;
pub mod field;
pub mod form;
pub mod input;
pub mod list;
pub mod number;
pub mod quiet;
pub mod reminder;
pub mod reply;
pub mod setting;
pub mod state;
pub mod template;
pub mod view;

use field::FieldChanged;
use kernel::id::{AgentId, FileId, TicketFieldId, TicketId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ui::found::Found;

kernel::catalog! {
    /// 工单状态: where a ticket stands (F§4.1).
    pub enum Status {
        NotAccepted = 0, "not_accepted", "尚未受理", "Not accepted";
        InProgress = 1, "in_progress", "受理中", "In progress";
        WaitingReply = 2, "waiting_reply", "等待回复", "Waiting for reply";
        Solved = 3, "solved", "已解决", "Solved";
        Closed = 99, "closed", "已关闭", "Closed";
        Deleted = 98, "deleted", "已删除", "Deleted";
    }
}

impl Status {
    /// 未完成: the states in which somebody still has to do something.
    pub const OPEN: &'static [Status] = &[Status::NotAccepted, Status::InProgress, Status::WaitingReply];

    /// What a person may choose in a filter or in a form; deletion is an act of its own.
    pub const CHOICES: &'static [Status] = &[Status::NotAccepted, Status::InProgress, Status::WaitingReply, Status::Solved, Status::Closed];

    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Status::NotAccepted | Status::InProgress | Status::WaitingReply)
    }

    /// 已完成: solved or closed. A deleted ticket is neither open nor finished.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Status::Solved | Status::Closed)
    }

    /// Class of its tag in the style sheet: amber waits for us, azurite is active, violet waits for the customer,
    /// green is done, grey is put away.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Status::NotAccepted => "warn",
            Status::InProgress => "info",
            Status::WaitingReply => "violet",
            Status::Solved => "ok",
            Status::Closed | Status::Deleted => "",
        }
    }

    /// Icon of its tag.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Status::NotAccepted => "circle-dashed",
            Status::InProgress => "circle-dot",
            Status::WaitingReply => "circle-pause",
            Status::Solved => "circle-check",
            Status::Closed => "archive",
            Status::Deleted => "trash-2",
        }
    }
}

kernel::catalog! {
    /// 工单优先级: how soon a ticket wants to be handled (F§4.1, `ticket_level`).
    pub enum Priority {
        Low = 0, "low", "低", "Low";
        Medium = 1, "medium", "中", "Medium";
        High = 2, "high", "高", "High";
        Urgent = 3, "urgent", "紧急", "Urgent";
    }
}

impl Priority {
    /// Class of its bars in the style sheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Medium => "mid",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }
}

kernel::catalog! {
    /// 工单来源: where a ticket came from (F§4.1, `ticket_from`).
    pub enum Source {
        TicketCenter = 0, "ticket_center", "工单中心", "Ticket centre";
        PcMessage = 1, "pc_message", "网页留言", "Web message";
        H5Message = 2, "h5_message", "H5 留言", "H5 message";
        WechatMessage = 3, "wechat_message", "微信留言", "WeChat message";
        AppMessage = 4, "app_message", "APP 留言", "App message";
        Weibo = 5, "weibo", "微博", "Weibo";
        PcWorkbench = 6, "pc_workbench", "网页工作台", "Web workbench";
        Crm = 7, "crm", "客户中心", "Customer centre";
        Call = 8, "call", "呼叫中心", "Call centre";
        WechatWorkbench = 9, "wechat_workbench", "微信工作台", "WeChat workbench";
        H5Workbench = 10, "h5_workbench", "H5 工作台", "H5 workbench";
        AppWorkbench = 11, "app_workbench", "APP 工作台", "App workbench";
        Email = 12, "email", "邮件", "E-mail";
        VoiceMessage = 13, "voice_message", "语音留言", "Voice message";
        MiniWorkbench = 14, "mini_workbench", "小程序工作台", "Mini program workbench";
        WecomWorkbench = 15, "wecom_workbench", "企业微信工作台", "WeCom workbench";
        MiniMessage = 16, "mini_message", "小程序留言", "Mini program message";
        WecomMessage = 17, "wecom_message", "企业微信留言", "WeCom message";
    }
}

impl Source {
    /// Icon of its mark.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Source::TicketCenter | Source::PcWorkbench | Source::WechatWorkbench => "headset",
            Source::PcMessage => "globe",
            Source::H5Message | Source::AppMessage | Source::H5Workbench | Source::AppWorkbench => "smartphone",
            Source::WechatMessage | Source::Weibo | Source::WecomMessage | Source::MiniMessage => "message-circle",
            Source::MiniWorkbench | Source::WecomWorkbench => "app-window",
            Source::Crm => "users-round",
            Source::Call => "phone",
            Source::Email => "mail",
            Source::VoiceMessage => "mic",
        }
    }
}

kernel::catalog! {
    /// 发起方: who started a ticket (F§4.1, `start_type`).
    pub enum StartType {
        Agent = 0, "agent", "客服", "Agent";
        Customer = 1, "customer", "客户", "Customer";
    }
}

kernel::catalog! {
    /// 回复类型: who sees a message (F§4.1).
    pub enum ReplyType {
        Everyone = 0, "everyone", "所有人可见", "Visible to everyone";
        AgentsOnly = 1, "agents_only", "仅客服可见", "Visible to agents only";
    }
}

kernel::catalog! {
    /// 操作来源: through what a change came (F§4.1, `log_from`).
    pub enum LogFrom {
        Page = 1, "page", "页面", "Page";
        FlowTrigger = 2, "flow_trigger", "流转触发器", "Flow trigger";
        TimedTrigger = 3, "timed_trigger", "定时触发器", "Timed trigger";
        Mail = 4, "mail", "邮件", "Mail";
        Api = 5, "api", "开放接口", "API";
        System = 6, "system", "系统", "System";
    }
}

kernel::catalog! {
    /// 工单属性: what can change on a ticket, as histories name it.
    pub enum Property {
        Title = 0, "title", "标题", "Title";
        Status = 1, "status", "状态", "Status";
        Priority = 2, "priority", "优先级", "Priority";
        Category = 3, "category", "分类", "Category";
        Group = 4, "group", "受理组", "Group";
        Agent = 5, "agent", "受理客服", "Agent";
        Customer = 6, "customer", "客户", "Customer";
        Cc = 7, "cc", "抄送", "CC";
        Link = 8, "link", "关联工单", "Linked ticket";
    }
}

kernel::catalog! {
    /// 操作类型: what happened to a ticket, as one row of its history.
    pub enum ChangeKind {
        Created = 0, "created", "创建了工单", "created the ticket";
        Edited = 1, "edited", "修改了工单", "edited the ticket";
        Assigned = 2, "assigned", "分配了工单", "assigned the ticket";
        Taken = 3, "taken", "接手了工单", "took the ticket";
        Replied = 4, "replied", "回复并修改了工单", "replied and changed the ticket";
        CustomerReplied = 5, "customer_replied", "回复了，工单状态随之改变", "replied, which changed the ticket";
        Urged = 6, "urged", "催单", "urged the ticket";
        Activated = 7, "activated", "激活了工单", "activated the ticket";
        Deleted = 8, "deleted", "删除了工单", "deleted the ticket";
        Restored = 9, "restored", "恢复了工单", "restored the ticket";
        Linked = 10, "linked", "关联了工单", "linked a ticket";
        Unlinked = 11, "unlinked", "取消了关联", "removed a link";
        ReplyUndone = 12, "reply_undone", "撤回了一条回复", "took a reply back";
        ReplyDeleted = 13, "reply_deleted", "删除了一条回复", "deleted a reply";
        CustomerMerged = 14, "customer_merged", "随客户合并转移", "moved with a merge of customers";
        CustomerMergeUndone = 15, "customer_merge_undone", "随客户合并撤销转回", "moved back with an undone merge";
        MailFailed = 16, "mail_failed", "邮件没有送达", "a mail could not be delivered";
        RatingInvited = 17, "rating_invited", "发出了满意度邀评", "an invitation to rate went out";
        Rated = 18, "rated", "客户评价了工单", "the customer rated the ticket";
        NearlyDue = 19, "nearly_due", "提醒即将超时", "warned that it is nearly due";
        Overdue = 20, "overdue", "记录超时", "noted that it is overdue";
        MacroUsed = 21, "macro_used", "使用了宏", "used a macro";
        Answered = 22, "answered", "通过链接填写了字段", "filled in fields by the link";
    }
}

/// Title of a ticket at most, in characters.
pub const TITLE_MOST: usize = 200;
/// Description and reply at most, in characters of text (400113).
pub const TEXT_MOST: usize = 5_000;
/// HTML of one message at most, in characters: markup has its own bound, so that it cannot hide a bomb.
pub const HTML_MOST: usize = 200_000;
/// Reasons at most, in characters (400123, 400139).
pub const REASON_MOST: usize = 200;
/// Linked tickets at most (400170).
pub const LINKS_MOST: i64 = 20;
/// CC addresses at most.
pub const CC_MOST: usize = 20;
/// Levels of the category tree at most (F§4.1).
pub const LEVELS_MOST: i16 = 5;
/// Tickets of one bulk act at most.
pub const BULK_MOST: usize = 200;
/// Minutes between two urges of one ticket at least (400121).
pub const URGE_MINUTES: i64 = 30;
/// Seconds in which a reply can be taken back.
pub const UNDO_SECONDS: i64 = 10;
/// Seconds after which somebody no longer counts as having the ticket open.
pub const PRESENCE_SECONDS: i64 = 45;

/// A value as a history shows it: names are frozen when the change happens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Id, or key of a coded list; empty for plain text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The words people read; empty when the key has words in both languages.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl Shown {
    /// No value.
    #[must_use]
    pub fn none() -> Shown {
        Shown::default()
    }

    /// A row of a coded list.
    #[must_use]
    pub fn key(key: &str) -> Shown {
        Shown { id: key.to_owned(), label: String::new() }
    }

    /// Plain text.
    pub fn text(text: impl Into<String>) -> Shown {
        Shown { id: String::new(), label: text.into() }
    }

    /// Something with an id, and its name at this moment.
    pub fn named(id: impl ToString, name: impl Into<String>) -> Shown {
        Shown { id: id.to_string(), label: name.into() }
    }

    /// The words in a language; `None` when there is no value.
    #[must_use]
    pub fn words(&self, property: Property, lang: kernel::lang::Lang) -> Option<String> {
        let word = match property {
            Property::Status => Status::from_key(&self.id).map(|status| status.label(lang)),
            Property::Priority => Priority::from_key(&self.id).map(|priority| priority.label(lang)),
            _ => None,
        };
        word.map(str::to_owned).or_else(|| (!self.label.is_empty()).then(|| self.label.clone()))
    }
}

/// From what to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Before.
    pub from: Shown,
    /// After.
    pub to: Shown,
}

/// 变更内容: what one row of the history changed; the column `changes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Properties that changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<Property, Changed>,
    /// Own fields that changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<TicketFieldId, FieldChanged>,
    /// What taking the change back needs; only the server reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<serde_json::Value>,
}

impl Changes {
    /// Notes a property, unless it stayed what it was.
    pub fn note(&mut self, property: Property, from: Shown, to: Shown) {
        if from != to {
            self.set.insert(property, Changed { from, to });
        }
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.fields.is_empty()
    }
}

/// 在场: somebody else who has the ticket open right now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    pub agent: AgentId,
    /// The name shown.
    pub name: String,
    /// Whether they are writing.
    pub typing: bool,
}

/// 草稿: what saving a draft answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSaved {
    /// When, as RFC 3339; empty when the draft was empty and is gone.
    pub at: String,
}

/// 搜索结果: a ticket that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTicket {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: String,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
    /// The customer's nickname.
    pub customer: String,
    /// Words of the message that was found; empty when the hit is elsewhere.
    pub snippet: String,
}

impl FoundTicket {
    /// As a line of a list that is being typed at.
    #[must_use]
    pub fn found(self, lang: kernel::lang::Lang) -> Found {
        Found {
            href: format!("/tickets/{}", self.id),
            id: self.id.to_string(),
            title: self.title,
            facts: vec![self.number, self.customer],
            tag: self.status.label(lang).to_owned(),
        }
    }
}

/// Address of a file of a ticket; whoever opens it is asked for the ticket's permission again.
#[must_use]
pub fn file_href(file: FileId) -> String {
    format!("/files/{file}")
}

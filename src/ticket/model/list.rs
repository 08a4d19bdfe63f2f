//! 工单列表的地址: what a list shows, in which order, and where it begins. The address is the view: it is kept, shared
//! and counted as it is written.

use super::{Priority, Source, Status};
use core::fmt::Write;
use kernel::field::{key, of_key};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, TicketFieldId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::catalog! {
    /// 视图: the lists that everybody has.
    pub enum BuiltIn {
        Mine = 0, "mine", "我的工单", "My tickets";
        Group = 1, "group", "我的组", "My groups";
        Unassigned = 2, "unassigned", "未分配", "Unassigned";
        Followed = 3, "followed", "我关注的", "Followed";
        All = 4, "all", "全部工单", "All tickets";
        Bin = 5, "bin", "回收站", "Recycle bin";
    }
}

impl BuiltIn {
    /// Whether it shows unfinished tickets only, until a status is asked for.
    #[must_use]
    pub const fn is_open_only(self) -> bool {
        matches!(self, BuiltIn::Mine | BuiltIn::Group | BuiltIn::Unassigned | BuiltIn::Followed)
    }

    /// Icon of its row in the menu.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            BuiltIn::Mine => "user-round",
            BuiltIn::Group => "users-round",
            BuiltIn::Unassigned => "inbox",
            BuiltIn::Followed => "star",
            BuiltIn::All => "ticket",
            BuiltIn::Bin => "trash-2",
        }
    }
}

kernel::catalog! {
    /// 排序: the orders of a list.
    pub enum Sort {
        Updated = 0, "updated", "最近更新", "Last updated";
        UpdatedOldest = 1, "updated_oldest", "最久未更新", "Least recently updated";
        Created = 2, "created", "最新创建", "Newest";
        CreatedOldest = 3, "created_oldest", "最早创建", "Oldest";
        Priority = 4, "priority", "优先级", "Priority";
        Waiting = 5, "waiting", "客户等待最久", "Longest waiting";
        Due = 6, "due", "最快到时限", "Due first";
    }
}

kernel::catalog! {
    /// 标记: further conditions that need no value.
    pub enum Flag {
        Urged = 0, "urged", "被催过", "Urged";
        Reopened = 1, "reopened", "重新打开过", "Reopened";
        Draft = 2, "draft", "有我的草稿", "With my draft";
        Duplicate = 3, "duplicate", "可能重复", "Possible duplicate";
        Vip = 4, "vip", "VIP 客户", "VIP customer";
        Waiting = 5, "waiting", "客户在等", "Customer waits";
        Overdue = 6, "overdue", "已超时", "Overdue";
    }
}

/// 列表条件: a list of tickets as its address says it. Dates are `2026-11-22` in the company's zone, both included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// The list it starts from; all tickets when it is missing.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub view: Option<BuiltIn>,
    /// Words to find: title, customer, number, integration id, messages.
    pub q: String,
    /// One of these; the view's own rule when empty.
    pub status: Vec<Status>,
    /// One of these.
    pub priority: Vec<Priority>,
    /// One of these.
    pub source: Vec<Source>,
    /// All of these.
    pub flag: Vec<Flag>,
    /// 受理组.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub group: Option<GroupId>,
    /// 受理客服.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub agent: Option<AgentId>,
    /// 分类, with everything below it.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub category: Option<CategoryId>,
    /// 客户.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub customer: Option<CustomerId>,
    /// 自定义字段: what each of these holds, `own[f0192…]=value`; of several boxes one.
    pub own: BTreeMap<TicketFieldId, String>,
    /// 创建时间 from.
    pub created_from: String,
    /// 创建时间 to.
    pub created_to: String,
    /// 更新时间 from.
    pub updated_from: String,
    /// 更新时间 to.
    pub updated_to: String,
    /// Order; last updated first when it is missing.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub sort: Option<Sort>,
    /// Cursor of the page.
    pub at: String,
    /// 统计下钻: the report that the number stands in. The ticket slice hands it on.
    pub report: String,
    /// The metric behind the number.
    pub metric: String,
    /// What the report was grouped by, and which row.
    pub by: String,
    /// The row.
    pub row: String,
    /// First day of the report.
    pub from: String,
    /// Last day of the report.
    pub to: String,
}

impl ListQuery {
    /// A built-in list.
    #[must_use]
    pub fn of(view: BuiltIn) -> ListQuery {
        ListQuery { view: Some(view), ..ListQuery::default() }
    }

    /// The order in force.
    #[must_use]
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(Sort::Updated)
    }

    /// The list it starts from.
    #[must_use]
    pub fn start(&self) -> BuiltIn {
        self.view.unwrap_or(BuiltIn::All)
    }

    /// The statuses that are shown; `None` leaves out deleted tickets only.
    #[must_use]
    pub fn statuses(&self) -> Option<Vec<Status>> {
        let start = self.start();
        if start == BuiltIn::Bin {
            return Some(vec![Status::Deleted]);
        }
        if !self.status.is_empty() {
            return Some(self.status.iter().copied().filter(|status| *status != Status::Deleted).collect());
        }
        start.is_open_only().then(|| Status::OPEN.to_vec())
    }

    /// The conditions without the place in the list: what is kept as a view, and what a bulk act came from.
    #[must_use]
    pub fn without_place(&self) -> ListQuery {
        ListQuery { at: String::new(), ..self.clone() }
    }

    /// Whether anything narrows the list beyond its view.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        let bare = ListQuery { view: self.view, sort: self.sort, at: self.at.clone(), ..ListQuery::default() };
        *self != bare
    }

    /// The address after the question mark; `parse` reads it back.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut out = String::new();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = write!(out, "{}{name}=", if out.is_empty() { "" } else { "&" });
                encode(&mut out, value);
            }
        };
        put("view", self.view.map_or("", BuiltIn::key));
        put("q", &self.q);
        for (at, status) in self.status.iter().enumerate() {
            put(&format!("status[{at}]"), status.key());
        }
        for (at, priority) in self.priority.iter().enumerate() {
            put(&format!("priority[{at}]"), priority.key());
        }
        for (at, source) in self.source.iter().enumerate() {
            put(&format!("source[{at}]"), source.key());
        }
        for (at, flag) in self.flag.iter().enumerate() {
            put(&format!("flag[{at}]"), flag.key());
        }
        put("group", &text(self.group));
        put("agent", &text(self.agent));
        put("category", &text(self.category));
        put("customer", &text(self.customer));
        for (field, value) in &self.own {
            put(&format!("own[{}]", key(field)), value);
        }
        for (name, value) in self.texts() {
            put(name, value);
        }
        put("sort", self.sort.map_or("", Sort::key));
        put("at", &self.at);
        out
    }

    /// Reads an address. What cannot be read is left out: an old view still opens.
    #[must_use]
    pub fn parse(query: &str) -> ListQuery {
        let mut out = ListQuery::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            match name.split('[').next().unwrap_or("") {
                "view" => out.view = value.parse().ok(),
                "q" => out.q = value,
                "status" => out.status.extend(value.parse::<Status>()),
                "priority" => out.priority.extend(value.parse::<Priority>()),
                "source" => out.source.extend(value.parse::<Source>()),
                "flag" => out.flag.extend(value.parse::<Flag>()),
                "group" => out.group = value.parse().ok(),
                "agent" => out.agent = value.parse().ok(),
                "category" => out.category = value.parse().ok(),
                "customer" => out.customer = value.parse().ok(),
                "own" => {
                    let field = name.split_once('[').and_then(|(_, rest)| of_key(rest.trim_end_matches(']')));
                    out.own.extend(field.filter(|_| !value.is_empty()).map(|field| (field, value)));
                }
                "created_from" => out.created_from = value,
                "created_to" => out.created_to = value,
                "updated_from" => out.updated_from = value,
                "updated_to" => out.updated_to = value,
                "sort" => out.sort = value.parse().ok(),
                "at" => out.at = value,
                "report" => out.report = value,
                "metric" => out.metric = value,
                "by" => out.by = value,
                "row" => out.row = value,
                "from" => out.from = value,
                "to" => out.to = value,
                _ => {}
            }
        }
        out
    }

    fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("created_from", &self.created_from),
            ("created_to", &self.created_to),
            ("updated_from", &self.updated_from),
            ("updated_to", &self.updated_to),
            ("report", &self.report),
            ("metric", &self.metric),
            ("by", &self.by),
            ("row", &self.row),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }
}

fn text(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let rest = bytes.clone();
                let digits: Vec<u8> = rest.take(2).collect();
                match core::str::from_utf8(&digits)
                    .ok()
                    .filter(|digits| digits.len() == 2)
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                {
                    Some(decoded) => {
                        out.push(decoded);
                        bytes.next();
                        bytes.next();
                    }
                    None => out.push(b'%'),
                }
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

//! Words of reports that forms carry.

use export::model::Format;
use serde::{Deserialize, Serialize};

kernel::catalog! {
    /// 分组方式: what a report's table has one row for.
    pub enum By {
        Day = 0, "day", "日", "Day";
        Week = 1, "week", "周", "Week";
        Month = 2, "month", "月", "Month";
        Agent = 3, "agent", "客服", "Agent";
        Group = 4, "group", "受理组", "Group";
        Category = 5, "category", "分类", "Category";
        Channel = 6, "channel", "渠道", "Channel";
        Line = 7, "line", "业务线", "Line";
    }
}

kernel::catalog! {
    /// 日期范围: named ranges of days, in the company's zone.
    pub enum Preset {
        Today = 0, "today", "今天", "Today";
        Last7 = 1, "last_7", "近 7 天", "Last 7 days";
        Last30 = 2, "last_30", "近 30 天", "Last 30 days";
        ThisMonth = 3, "this_month", "本月", "This month";
        LastMonth = 4, "last_month", "上月", "Last month";
        Last90 = 5, "last_90", "近 90 天", "Last 90 days";
    }
}

kernel::catalog! {
    /// 导出内容: the table of figures, or the rows behind one of them.
    pub enum Content {
        Table = 0, "table", "统计表", "Table";
        Rows = 1, "rows", "明细", "Rows";
    }
}

impl By {
    /// Whether the rows are spans of time.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, By::Day | By::Week | By::Month)
    }
}

/// The address of a report, as typed: everything may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    /// 日期范围 by name; `from` and `to` win.
    pub range: String,
    /// First day, `2026-11-22`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// 受理组: an id, `none`, or empty for all.
    pub group: String,
    /// 客服, likewise.
    pub agent: String,
    /// 分类, likewise; with everything below it, unless `only-` stands before the id.
    pub category: String,
    /// 渠道: a key of the ticket sources.
    pub channel: String,
    /// 业务线: call center or telemarketing, by key.
    pub line: String,
    /// 对比上期: `no` leaves it out.
    pub compare: String,
    /// 分组方式.
    pub by: String,
    /// Key of the column that sorts, with `-` for large to small.
    pub sort: String,
    /// 指标: the number that was opened, for the list behind it.
    pub metric: String,
    /// Cursor of the list.
    pub at: String,
}

/// 导出: what is on screen, as a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// The kind of file.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub format: Option<Format>,
    /// Key of the report; empty for the first.
    #[serde(default)]
    pub report: String,
    /// What of the report.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub content: Option<Content>,
    /// The address of the page.
    #[serde(default)]
    pub query: ReportQuery,
}

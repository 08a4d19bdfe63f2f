//! Words of exports that forms carry.

use kernel::lang::Lang;
use kernel::permission::Permission;

kernel::catalog! {
    /// 导出格式.
    pub enum Format {
        Xlsx = 0, "xlsx", "XLSX", "XLSX";
        Csv = 1, "csv", "CSV", "CSV";
    }
}

kernel::catalog! {
    /// 导出状态.
    pub enum ExportState {
        Waiting = 0, "waiting", "等待中", "Waiting";
        Running = 1, "running", "正在导出", "Running";
        Done = 2, "done", "已完成", "Done";
        Failed = 3, "failed", "失败", "Failed";
    }
}

kernel::catalog! {
    /// 导出种类: what the rows of a file are.
    pub enum Kind {
        Statistics = 0, "statistics", "统计", "Reports";
        Tickets = 1, "tickets", "工单", "Tickets";
        Calls = 2, "calls", "通话记录", "Call records";
        CallStatistics = 3, "call_statistics", "呼叫统计", "Call reports";
    }
}

/// Rows of one file at most: what a spreadsheet still opens.
pub const MOST_ROWS: i64 = 200_000;

impl Format {
    /// Key, name and a word more of each, for the menu.
    #[must_use]
    pub const fn offers(lang: Lang) -> [(&'static str, &'static str, &'static str); 2] {
        [
            (Format::Xlsx.key(), Format::Xlsx.label(lang), kernel::t!(lang, "当前筛选", "As filtered")),
            (Format::Csv.key(), Format::Csv.label(lang), "UTF-8"),
        ]
    }
}

impl Kind {
    /// What somebody needs to ask for such a file, and to fetch it.
    #[must_use]
    pub const fn needs(self) -> [Permission; 2] {
        match self {
            Kind::Statistics => [Permission::StatisticsTicket, Permission::StatisticsExport],
            Kind::CallStatistics => [Permission::StatisticsCall, Permission::StatisticsExport],
            Kind::Tickets => [Permission::TicketView, Permission::TicketExport],
            Kind::Calls => [Permission::CallRecordOwn, Permission::CallExport],
        }
    }

    /// Where one's exports are listed, in the module that offers this kind.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Kind::Statistics | Kind::CallStatistics => "/reports/exports",
            Kind::Tickets => "/tickets/exports",
            Kind::Calls => "/calls/exports",
        }
    }

    /// What the audit trail calls it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Kind::Statistics | Kind::CallStatistics => "statistics.exported",
            Kind::Tickets => "tickets.exported",
            Kind::Calls => "calls.exported",
        }
    }
}

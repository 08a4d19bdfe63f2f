//! The menu table: every entry of the rail and of the module menus, each with the permission it needs. The command
//! palette reads the same rows.

use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::permission::{Module, Permission};

/// One entry of a module's menu.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Which module's menu.
    pub module: Module,
    /// Heading it stands under; an empty one for none.
    pub section: (&'static str, &'static str),
    /// The words.
    pub label: (&'static str, &'static str),
    /// Pinyin initials, for the palette.
    pub initials: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// What it needs; none for every signed-in person.
    pub needs: Option<Permission>,
}

const TOP: (&str, &str) = ("", "");
const COMPANY: (&str, &str) = ("公司", "Company");
const TICKETS: (&str, &str) = ("工单", "Tickets");
const CALLS: (&str, &str) = ("呼叫", "Calls");
const CALL_CENTER: (&str, &str) = ("呼叫中心客服", "Call center");
const TELEMARKETING: (&str, &str) = ("电销客服", "Telemarketing");
const CHANNELS: (&str, &str) = ("渠道", "Channels");
const EXPLAIN: (&str, &str) = ("说明", "About the numbers");

/// Every entry, in menu order. Ticket views stand in the ticket page's own side, since they are data.
pub const ENTRIES: &[Entry] = &[
    entry(Module::Ticket, ("更多", "More"), ("邮件台账", "Mail ledger"), "yjtz", "/mail", "mail", Some(Permission::MailLedger)),
    entry(
        Module::Ticket,
        ("更多", "More"),
        ("导出记录", "Exports"),
        "dcjl",
        "/tickets/exports",
        "download",
        Some(Permission::TicketExport),
    ),
    entry(Module::Call, CALL_CENTER, ("通话记录", "Call records"), "thjl", "/calls/records", "phone", Some(Permission::CallRecordOwn)),
    entry(
        Module::Call,
        TELEMARKETING,
        ("电销通话记录", "Telemarketing records"),
        "dxthjl",
        "/telemarketing/records",
        "phone-outgoing",
        Some(Permission::CallRecordOwn),
    ),
    entry(Module::Call, ("更多", "More"), ("导出记录", "Exports"), "dcjl", "/calls/exports", "download", Some(Permission::CallExport)),
    entry(Module::Customer, TOP, ("客户", "Customers"), "kh", "/customers", "users-round", Some(Permission::CustomerView)),
    entry(Module::Call, TOP, ("电话", "Phone"), "dh", "/phone", "phone", Some(Permission::CallPhone)),
    entry(Module::Call, TOP, ("实时通话", "Running calls"), "ssth", "/calls/live", "ear", Some(Permission::CallSupervise)),
    entry(Module::Call, TOP, ("实时大屏", "Live wall"), "ssdp", "/calls/wall", "monitor", Some(Permission::StatisticsCall)),
    entry(
        Module::Statistics,
        TICKETS,
        ("工单满意度统计", "Ticket satisfaction"),
        "gdmydtj",
        "/reports/ticket-satisfaction",
        "smile",
        Some(Permission::StatisticsTicket),
    ),
    entry(Module::Statistics, TICKETS, ("时效统计", "SLA"), "sxtj", "/reports/sla", "timer", Some(Permission::StatisticsTicket)),
    entry(Module::Statistics, CALLS, ("通话报表", "Calls"), "thbb", "/reports/calls", "phone", Some(Permission::StatisticsCall)),
    entry(
        Module::Statistics,
        CALLS,
        ("坐席工作效率", "Agent efficiency"),
        "zxgzxl",
        "/reports/call-agents",
        "users-round",
        Some(Permission::StatisticsCall),
    ),
    entry(
        Module::Statistics,
        CALLS,
        ("技能组报表", "Groups of agents"),
        "jnzbb",
        "/reports/call-groups",
        "users",
        Some(Permission::StatisticsCall),
    ),
    entry(
        Module::Statistics,
        CALLS,
        ("坐席工作状态统计", "Agent states"),
        "zxgzzttj",
        "/reports/agent-states",
        "clock",
        Some(Permission::StatisticsCall),
    ),
    entry(
        Module::Statistics,
        CALLS,
        ("通话满意度统计", "Call satisfaction"),
        "thmydtj",
        "/reports/call-satisfaction",
        "smile",
        Some(Permission::StatisticsCall),
    ),
    entry(
        Module::Statistics,
        EXPLAIN,
        ("通话指标定义", "Call definitions"),
        "thzbdy",
        "/reports/call-definitions",
        "book-open",
        Some(Permission::StatisticsCall),
    ),
    entry(
        Module::Statistics,
        EXPLAIN,
        ("指标定义", "Definitions"),
        "zbdy",
        "/reports/definitions",
        "book-open",
        Some(Permission::StatisticsTicket),
    ),
    entry(Module::Statistics, EXPLAIN, ("导出记录", "Exports"), "dcjl", "/reports/exports", "download", Some(Permission::StatisticsExport)),
    entry(
        Module::Settings,
        COMPANY,
        ("公司与业务单元", "Company and units"),
        "gsyywdy",
        "/settings/company",
        "building-2",
        Some(Permission::CompanySettings),
    ),
    entry(Module::Settings, COMPANY, ("客服账号", "Agents"), "kfzh", "/settings/agents", "users-round", Some(Permission::AgentManage)),
    entry(Module::Settings, COMPANY, ("客服组", "Groups"), "kfz", "/settings/groups", "users", Some(Permission::GroupManage)),
    entry(
        Module::Settings,
        COMPANY,
        ("权限组", "Permission groups"),
        "qxz",
        "/settings/permissions",
        "key-round",
        Some(Permission::PermissionManage),
    ),
    entry(Module::Settings, COMPANY, ("操作审计", "Audit trail"), "czsj", "/settings/audit", "history", Some(Permission::AuditView)),
    entry(
        Module::Settings,
        COMPANY,
        ("配置历史", "Configuration history"),
        "pzls",
        "/settings/history",
        "clock",
        Some(Permission::ConfigManage),
    ),
    entry(
        Module::Settings,
        COMPANY,
        ("导出与导入配置", "Export and import"),
        "dcydrpz",
        "/settings/configuration",
        "file-text",
        Some(Permission::ConfigManage),
    ),
    entry(Module::Settings, COMPANY, ("开放平台应用", "Applications"), "kfptyy", "/settings/apps", "plug", Some(Permission::AppManage)),
    entry(
        Module::Settings,
        COMPANY,
        ("隔离的任务", "Quarantined jobs"),
        "glrw",
        "/settings/jobs",
        "shield-alert",
        Some(Permission::JobManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单设置", "Ticket settings"),
        "gdsz",
        "/settings/tickets",
        "settings-2",
        Some(Permission::CategoryManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单提醒设置", "Ticket reminders"),
        "gdtxsz",
        "/settings/reminders",
        "bell-ring",
        Some(Permission::CategoryManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单分类", "Categories"),
        "gdfl",
        "/settings/categories",
        "list-tree",
        Some(Permission::CategoryManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单自定义字段", "Ticket fields"),
        "gdzdyzd",
        "/settings/ticket-fields",
        "form",
        Some(Permission::CategoryManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单模板", "Ticket templates"),
        "gdmb",
        "/settings/ticket-templates",
        "clipboard-list",
        Some(Permission::CategoryManage),
    ),
    entry(Module::Settings, TICKETS, ("时效规则", "SLA policies"), "sxgz", "/settings/sla", "timer", Some(Permission::SlaManage)),
    entry(Module::Settings, TICKETS, ("工作时间", "Duty times"), "gzsj", "/settings/duty", "calendar-clock", Some(Permission::SlaManage)),
    entry(Module::Settings, TICKETS, ("触发器", "Triggers"), "cfq", "/settings/triggers", "workflow", Some(Permission::TriggerManage)),
    entry(
        Module::Settings,
        TICKETS,
        ("消息转发", "Message forwarding"),
        "xxzf",
        "/settings/webhooks",
        "webhook",
        Some(Permission::WebhookManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("快捷回复与宏", "Preset replies and macros"),
        "kjhfyh",
        "/settings/presets",
        "zap",
        Some(Permission::PresetManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("工单满意度", "Ticket satisfaction"),
        "gdmyd",
        "/settings/satisfaction",
        "smile",
        Some(Permission::SatisfactionManage),
    ),
    entry(
        Module::Settings,
        TICKETS,
        ("客户字段", "Customer fields"),
        "khzd",
        "/settings/customer-fields",
        "user-cog",
        Some(Permission::CustomerFields),
    ),
    entry(Module::Settings, CHANNELS, ("电话账号与设置", "Phones"), "dhzhysz", "/settings/phones", "phone", Some(Permission::PhoneManage)),
    entry(Module::Settings, CHANNELS, ("邮箱", "Mailboxes"), "yx", "/settings/mailboxes", "mail", Some(Permission::MailboxManage)),
    entry(
        Module::Settings,
        CHANNELS,
        ("电话交换机", "Telephone switches"),
        "dhjhj",
        "/settings/switches",
        "phone",
        Some(Permission::SwitchManage),
    ),
];

const fn entry(
    module: Module,
    section: (&'static str, &'static str),
    label: (&'static str, &'static str),
    initials: &'static str,
    href: &'static str,
    icon: &'static str,
    needs: Option<Permission>,
) -> Entry {
    Entry { module, section, label, initials, href, icon, needs }
}

/// A module of the rail.
#[derive(Clone, Copy, Debug)]
pub struct RailEntry {
    /// The module; none for home.
    pub module: Option<Module>,
    /// The words.
    pub label: (&'static str, &'static str),
    /// Where it leads.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// What it needs.
    pub needs: Option<Permission>,
}

/// The rail, from the top.
pub const RAIL: &[RailEntry] = &[
    RailEntry { module: None, label: ("首页", "Home"), href: "/", icon: "house", needs: None },
    RailEntry {
        module: Some(Module::Ticket),
        label: ("工单", "Tickets"),
        href: "/tickets",
        icon: "ticket",
        needs: Some(Permission::TicketView),
    },
    RailEntry {
        module: Some(Module::Call),
        label: ("呼叫", "Calls"),
        href: "/calls/records",
        icon: "phone",
        needs: Some(Permission::CallRecordOwn),
    },
    RailEntry {
        module: Some(Module::Customer),
        label: ("客户", "Customers"),
        href: "/customers",
        icon: "users-round",
        needs: Some(Permission::CustomerView),
    },
    RailEntry {
        module: Some(Module::Statistics),
        label: ("统计", "Reports"),
        href: "/reports/ticket-satisfaction",
        icon: "chart-column",
        needs: Some(Permission::StatisticsTicket),
    },
    RailEntry { module: Some(Module::Settings), label: ("设置", "Settings"), href: "/settings", icon: "settings", needs: None },
];

/// The words in the language.
#[must_use]
pub fn words(pair: (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => pair.0,
        Lang::En => pair.1,
    }
}

/// The module a path belongs to.
#[must_use]
pub fn module_of(path: &str) -> Option<Module> {
    match path.split('/').nth(1)? {
        "tickets" | "mail" | "search" => Some(Module::Ticket),
        "calls" | "telemarketing" | "phone" => Some(Module::Call),
        "customers" => Some(Module::Customer),
        "reports" => Some(Module::Statistics),
        "settings" => Some(Module::Settings),
        _ => None,
    }
}

/// Where an entry of the rail leads the person: to its own place, or else to the first of its menu that is meant for them.
#[must_use]
pub fn way(entry: &'static RailEntry, ctx: &Ctx) -> Option<&'static str> {
    if entry.needs.is_none_or(|item| ctx.may(item)) {
        return Some(entry.href);
    }
    menu(entry.module?, ctx).find(|own| own.needs.is_some()).map(|own| own.href)
}

/// Entries of a module's menu that the person may open.
pub fn menu(module: Module, ctx: &Ctx) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(move |entry| entry.module == module && entry.needs.is_none_or(|item| ctx.may(item)))
}

/// Everything the palette can open for the person.
#[must_use]
pub fn palette(ctx: &Ctx) -> Vec<ui::islands::palette::Entry> {
    let lang = ctx.lang();
    let rail = RAIL.iter().filter_map(|entry| Some((entry.label, "", way(entry, ctx)?)));
    let menu = ENTRIES.iter().filter(|entry| entry.needs.is_none_or(|item| ctx.may(item)));
    let menu = menu.map(|entry| (entry.label, entry.initials, entry.href));
    let new = ctx.may(Permission::TicketCreate).then_some((("新建工单", "New ticket"), "xjgd", "/tickets/new"));
    rail.chain(menu)
        .chain(new)
        .map(|(label, initials, href)| ui::islands::palette::Entry {
            label: words(label, lang).to_owned(),
            also: format!("{} {initials}", words(label, lang.other())),
            href: href.to_owned(),
        })
        .collect()
}

/// Where the palette looks up tickets and customers, as far as the person may.
#[must_use]
pub fn places(ctx: &Ctx) -> ui::islands::palette::Places {
    let path = |item: Permission, path: &str| if ctx.may(item) { path.to_owned() } else { String::new() };
    ui::islands::palette::Places {
        tickets: path(Permission::TicketView, ui::form::path_of::<ticket::actions::FindTickets>()),
        calls: path(Permission::CallRecordOwn, ui::form::path_of::<call::actions::record::FindCalls>()),
        customers: path(Permission::CustomerView, ui::form::path_of::<customer::actions::LookupCustomers>()),
    }
}

//! 权限项: the catalog of what may be permitted, as module → page → action, and who may be given what.
//! Menus, `ctx.require`, the permission-group editor and the built-in roles all read this file.

use crate::lang::Lang;
use serde::{Deserialize, Serialize};

catalog! {
    /// 角色类型: role type codes of the original product's v5 interfaces (F§8); 3333 for the super admin is ours,
    /// since theirs cannot be named there.
    pub enum Role {
        SuperAdmin = 3333, "super_admin", "超级管理员", "Super admin";
        FullAdmin = 4444, "full_admin", "全功能管理员", "Full-function admin";
        OnlineAdmin = 2222, "online_admin", "在线管理员", "Online admin";
        CallAdmin = 9999, "call_admin", "呼叫管理员", "Call admin";
        TicketAdmin = 8888, "ticket_admin", "工单管理员", "Ticket admin";
        FullAgent = 7777, "full_agent", "全功能客服", "Full-function agent";
        OnlineAgent = 1111, "online_agent", "在线客服", "Online agent";
        CallAgent = 6669, "call_agent", "呼叫客服", "Call agent";
        TicketAgent = 5555, "ticket_agent", "工单客服", "Ticket agent";
    }
}

catalog! {
    /// 数据范围: which rows of an object type a person sees.
    pub enum Scope {
        Own = 0, "own", "仅自己的", "Own";
        Group = 1, "group", "所在组的", "Own groups";
        All = 2, "all", "全部", "All";
    }
}

catalog! {
    /// 功能模块: the modules of the rail, in its order.
    pub enum Module {
        Ticket = 1, "ticket", "工单", "Tickets";
        Call = 5, "call", "呼叫", "Calls";
        Customer = 2, "customer", "客户", "Customers";
        Statistics = 3, "statistics", "统计", "Reports";
        Settings = 4, "settings", "设置", "Settings";
    }
}

/// Who has an item without a permission group, and who may be given it in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Roles that have the item by default.
    pub default: &'static [Role],
    /// Further roles that may be given it in a permission group.
    pub grantable: &'static [Role],
}

const EVERYBODY: &[Role] = Role::ALL;
const ADMINS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin];
const TICKET_ADMINS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin, Role::TicketAdmin];
const TICKET_AGENTS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin, Role::TicketAdmin, Role::FullAgent, Role::TicketAgent];
const CALL_ADMINS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin, Role::CallAdmin];
const CALL_AGENTS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin, Role::CallAdmin, Role::FullAgent, Role::CallAgent];
const REPORTERS: &[Role] = &[Role::SuperAdmin, Role::FullAdmin, Role::TicketAdmin, Role::CallAdmin];
const SUPER: &[Role] = &[Role::SuperAdmin];
const NOBODY: &[Role] = &[];

macro_rules! permissions {
    ($( $variant:ident = $key:literal, $module:ident, ($page_zh:literal, $page_en:literal), ($zh:literal, $en:literal), $default:expr, $grantable:expr; )+) => {
        /// 权限项: one thing that may be permitted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission { $( #[doc = concat!($page_zh, " / ", $zh, ": ", $en)] $variant, )+ }

        impl Permission {
            /// Every item, in the order of the tree.
            pub const ALL: &'static [Permission] = &[$( Permission::$variant, )+];

            /// The stable word, as stored in permission groups.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $( Permission::$variant => $key, )+ }
            }

            /// Module it stands under.
            #[must_use]
            pub const fn module(self) -> Module {
                match self { $( Permission::$variant => Module::$module, )+ }
            }

            /// Page it stands under.
            #[must_use]
            pub const fn page(self, lang: Lang) -> &'static str {
                match (self, lang) { $( (Permission::$variant, Lang::Zh) => $page_zh, (Permission::$variant, Lang::En) => $page_en, )+ }
            }

            /// What it permits.
            #[must_use]
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) { $( (Permission::$variant, Lang::Zh) => $zh, (Permission::$variant, Lang::En) => $en, )+ }
            }

            /// The grant rule.
            #[must_use]
            pub const fn grant(self) -> Grant {
                match self { $( Permission::$variant => Grant { default: $default, grantable: $grantable }, )+ }
            }

            /// The item with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Permission> {
                match key { $( $key => Some(Permission::$variant), )+ _ => None }
            }

            /// What the item with this key permits.
            #[must_use]
            pub fn spell(key: &str, lang: Lang) -> Option<&'static str> {
                Permission::from_key(key).map(|item| item.label(lang))
            }
        }
    };
}

permissions! {
    TicketView = "ticket.view", Ticket, ("工单中心", "Ticket centre"), ("查看工单", "View tickets"), TICKET_AGENTS, EVERYBODY;
    TicketCreate = "ticket.create", Ticket, ("工单中心", "Ticket centre"), ("创建工单", "Create tickets"), TICKET_AGENTS, EVERYBODY;
    TicketReply = "ticket.reply", Ticket, ("工单中心", "Ticket centre"), ("回复客户", "Reply to customers"), TICKET_AGENTS, EVERYBODY;
    TicketNote = "ticket.note", Ticket, ("工单中心", "Ticket centre"), ("写内部备注", "Write internal notes"), TICKET_AGENTS, EVERYBODY;
    TicketEdit = "ticket.edit", Ticket, ("工单中心", "Ticket centre"), ("修改与分配工单", "Edit and assign tickets"), TICKET_AGENTS, EVERYBODY;
    TicketClose = "ticket.close", Ticket, ("工单中心", "Ticket centre"), ("关闭工单", "Close tickets"), TICKET_AGENTS, EVERYBODY;
    TicketActivate = "ticket.activate", Ticket, ("工单中心", "Ticket centre"), ("激活工单", "Activate tickets"), TICKET_AGENTS, EVERYBODY;
    TicketUrge = "ticket.urge", Ticket, ("工单中心", "Ticket centre"), ("催单", "Urge tickets"), TICKET_AGENTS, EVERYBODY;
    TicketDelete = "ticket.delete", Ticket, ("工单中心", "Ticket centre"), ("删除与恢复工单", "Delete and restore tickets"), TICKET_ADMINS, EVERYBODY;
    TicketReplyDelete = "ticket.reply_delete", Ticket, ("工单中心", "Ticket centre"), ("删除回复", "Delete replies"), TICKET_ADMINS, EVERYBODY;
    TicketSharedViews = "ticket.shared_views", Ticket, ("工单中心", "Ticket centre"), ("管理共享视图", "Manage shared views"), TICKET_ADMINS, EVERYBODY;
    TicketExport = "ticket.export", Ticket, ("工单中心", "Ticket centre"), ("导出工单", "Export tickets"), TICKET_ADMINS, EVERYBODY;
    MailLedger = "mail.ledger", Ticket, ("邮件台账", "Mail ledger"), ("查看邮件台账", "View the mail ledger"), TICKET_ADMINS, EVERYBODY;
    MailReplay = "mail.replay", Ticket, ("邮件台账", "Mail ledger"), ("重新处理邮件", "Process mail again"), TICKET_ADMINS, EVERYBODY;
    CallRecordOwn = "call.own_records", Call, ("通话记录", "Call records"), ("查看本人参与的通话记录", "View records of own calls"), CALL_AGENTS, EVERYBODY;
    CallRecordView = "call.records", Call, ("通话记录", "Call records"), ("查看全部通话记录", "View all call records"), CALL_ADMINS, EVERYBODY;
    CallNumberView = "call.numbers", Call, ("通话记录", "Call records"), ("通话里的号码不打码", "See numbers of calls unmasked"), CALL_ADMINS, EVERYBODY;
    CallNumberReveal = "call.reveal_number", Call, ("通话记录", "Call records"), ("逐条显示号码（记入审计）", "Show one number at a time (audited)"), CALL_AGENTS, EVERYBODY;
    RecordingListen = "call.recordings", Call, ("通话记录", "Call records"), ("收听录音（记入审计）", "Listen to recordings (audited)"), CALL_ADMINS, EVERYBODY;
    CallSummarize = "call.summary", Call, ("通话记录", "Call records"), ("填写服务小结", "Write call summaries"), CALL_AGENTS, EVERYBODY;
    CallExport = "call.export", Call, ("通话记录", "Call records"), ("导出通话记录", "Export call records"), CALL_ADMINS, EVERYBODY;
    CallPhone = "call.phone", Call, ("电话", "Phone"), ("使用电话条", "Use the phone bar"), CALL_AGENTS, EVERYBODY;
    CallSupervise = "call.supervise", Call, ("电话", "Phone"), ("监听、强插与强拆", "Monitor, barge in and disconnect calls"), CALL_ADMINS, EVERYBODY;
    CustomerView = "customer.view", Customer, ("客户中心", "Customer centre"), ("查看客户（含电话和邮箱）", "View customers and contacts"), TICKET_AGENTS, EVERYBODY;
    CustomerEdit = "customer.edit", Customer, ("客户中心", "Customer centre"), ("新建与修改客户", "Create and edit customers"), TICKET_AGENTS, EVERYBODY;
    CustomerMerge = "customer.merge", Customer, ("客户中心", "Customer centre"), ("合并客户", "Merge customers"), TICKET_ADMINS, EVERYBODY;
    StatisticsTicket = "statistics.ticket", Statistics, ("工单统计", "Ticket reports"), ("查看工单满意度统计", "View ticket satisfaction"), TICKET_ADMINS, EVERYBODY;
    StatisticsCall = "statistics.call", Statistics, ("呼叫统计", "Call reports"), ("查看通话、坐席与满意度统计", "View call reports"), CALL_ADMINS, EVERYBODY;
    StatisticsExport = "statistics.export", Statistics, ("统计", "Reports"), ("导出统计", "Export reports"), REPORTERS, EVERYBODY;
    CompanySettings = "settings.company", Settings, ("公司", "Company"), ("公司与业务单元", "Company and units"), ADMINS, NOBODY;
    AgentManage = "settings.agents", Settings, ("公司", "Company"), ("管理客服账号", "Manage agents"), ADMINS, &[Role::TicketAdmin, Role::OnlineAdmin, Role::CallAdmin];
    GroupManage = "settings.groups", Settings, ("公司", "Company"), ("管理客服组", "Manage groups"), TICKET_ADMINS, &[Role::OnlineAdmin, Role::CallAdmin];
    PermissionManage = "settings.permissions", Settings, ("公司", "Company"), ("管理权限组", "Manage permission groups"), SUPER, &[Role::FullAdmin];
    AuditView = "settings.audit", Settings, ("公司", "Company"), ("查看操作审计", "View the audit trail"), ADMINS, NOBODY;
    JobManage = "settings.jobs", Settings, ("公司", "Company"), ("处理隔离的任务", "Handle quarantined jobs"), ADMINS, NOBODY;
    AppManage = "settings.apps", Settings, ("公司", "Company"), ("管理开放平台应用", "Manage applications of the open platform"), ADMINS, NOBODY;
    ConfigManage = "settings.configuration", Settings, ("公司", "Company"), ("配置历史、导出与导入", "Configuration history, export and import"), ADMINS, NOBODY;
    CategoryManage = "settings.categories", Settings, ("工单设置", "Ticket settings"), ("管理工单分类、字段与模板", "Manage categories, fields and templates"), TICKET_ADMINS, NOBODY;
    SatisfactionManage = "settings.satisfaction", Settings, ("工单设置", "Ticket settings"), ("工单满意度设置", "Ticket satisfaction settings"), TICKET_ADMINS, NOBODY;
    TriggerManage = "settings.triggers", Settings, ("工单设置", "Ticket settings"), ("管理触发器", "Manage triggers"), TICKET_ADMINS, NOBODY;
    SlaManage = "settings.sla", Settings, ("工单设置", "Ticket settings"), ("管理时效与工作时间", "Manage SLA and duty times"), TICKET_ADMINS, NOBODY;
    PresetManage = "settings.presets", Settings, ("工单设置", "Ticket settings"), ("管理快捷回复与宏", "Manage preset replies and macros"), TICKET_ADMINS, NOBODY;
    WebhookManage = "settings.webhooks", Settings, ("工单设置", "Ticket settings"), ("管理消息转发", "Manage message forwarding"), ADMINS, NOBODY;
    CustomerFields = "settings.customer_fields", Settings, ("工单设置", "Ticket settings"), ("客户字段", "Customer fields"), TICKET_ADMINS, NOBODY;
    PhoneManage = "settings.phones", Settings, ("渠道", "Channels"), ("电话账号与设置", "Phone accounts and settings"), CALL_ADMINS, NOBODY;
    MailboxManage = "settings.mailboxes", Settings, ("渠道", "Channels"), ("管理邮箱", "Manage mailboxes"), TICKET_ADMINS, NOBODY;
    SwitchManage = "settings.switches", Settings, ("渠道", "Channels"), ("管理电话交换机", "Manage telephone switches"), CALL_ADMINS, NOBODY;
    ServiceCenter = "settings.service_center", Settings, ("渠道", "Channels"), ("客户服务中心", "Customer service center"), SUPER, &[Role::FullAdmin];
}

impl Permission {
    /// Whether the role may hold the item at all, by default or in a permission group.
    #[must_use]
    pub fn may_hold(self, role: Role) -> bool {
        let grant = self.grant();
        grant.default.contains(&role) || grant.grantable.contains(&role)
    }

    /// Items that the role has without a permission group.
    #[must_use]
    pub fn defaults_of(role: Role) -> Vec<Permission> {
        Permission::ALL.iter().copied().filter(|item| item.grant().default.contains(&role)).collect()
    }
}

impl Role {
    /// Whether the role administers: sees all rows by default.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        matches!(self, Role::SuperAdmin | Role::FullAdmin | Role::OnlineAdmin | Role::CallAdmin | Role::TicketAdmin)
    }

    /// Row scope without a permission group.
    #[must_use]
    pub const fn default_scope(self) -> Scope {
        if self.is_admin() { Scope::All } else { Scope::Group }
    }
}

impl core::fmt::Display for Permission {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.key())
    }
}

impl Serialize for Permission {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let key = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Permission::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("no permission {key:?}")))
    }
}

/// What one person may do: items and row scopes, worked out once per request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    items: u64,
    /// Which tickets. Customers are the whole company's: they belong to nobody in particular.
    pub tickets: Scope,
}

const _: () = assert!(Permission::ALL.len() <= 64, "Grants holds its items in one word");

impl Grants {
    /// Everything: the program itself.
    #[must_use]
    pub const fn all() -> Grants {
        Grants { items: u64::MAX, tickets: Scope::All }
    }

    /// Nothing: a customer, a visitor.
    #[must_use]
    pub const fn none() -> Grants {
        Grants { items: 0, tickets: Scope::Own }
    }

    /// What a role has without a permission group.
    #[must_use]
    pub fn of_role(role: Role) -> Grants {
        Grants::of(role, &Permission::defaults_of(role), role.default_scope())
    }

    /// What a role has with the items of a permission group; items the role cannot hold are ignored.
    #[must_use]
    pub fn of(role: Role, items: &[Permission], tickets: Scope) -> Grants {
        let items = items.iter().filter(|item| item.may_hold(role)).fold(0, |bits, item| bits | 1 << (*item as u64));
        Grants { items, tickets }
    }

    /// Whether the item is among them.
    #[must_use]
    pub const fn has(&self, item: Permission) -> bool {
        self.items & (1 << (item as u64)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Grants, Permission, Role};

    #[test]
    fn customer_service_center_follows_its_rule() {
        assert!(Grants::of_role(Role::SuperAdmin).has(Permission::ServiceCenter));
        assert!(!Grants::of_role(Role::FullAdmin).has(Permission::ServiceCenter));
        for role in Role::ALL {
            let may = matches!(role, Role::SuperAdmin | Role::FullAdmin);
            assert_eq!(Permission::ServiceCenter.may_hold(*role), may, "{role}");
        }
    }
}

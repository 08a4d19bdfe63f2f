//! 配置种类: everything that can be configured, in the order in which one needs the other: what a row names stands above it. The
//! history, the plan of an import and the file walk this table.

use identity::config::group::GroupDocument;
use identity::config::permission_group::PermissionGroupDocument;
use identity::config::{CompanyDocument, DepartmentDocument, UnitDocument};
use kernel::configured::{Kind, Spell};
use kernel::lang::Lang;
use kernel::permission::Permission;

/// What a shared view says of the report that it was opened from: tickets hand it on and know no report.
const OF_REPORTS: &[(&str, Spell)] = &[("report", report), ("metric", metric), ("by", stats::model::By::spell)];

/// The table.
pub const KINDS: &[Kind] = &[
    Kind::of::<CompanyDocument>(),
    Kind::of::<UnitDocument>(),
    Kind::of::<DepartmentDocument>(),
    Kind::of::<PermissionGroupDocument>(),
    Kind::of::<GroupDocument>(),
    Kind::of::<customer::config::FieldDocument>(),
    Kind::of::<mail::config::MailboxDocument>(),
    Kind::of::<call::config::SwitchDocument>(),
    Kind::of::<ticket::config::field::TicketFieldDocument>(),
    Kind::of::<ticket::config::template::TemplateDocument>(),
    Kind::of::<ticket::config::CategoryDocument>(),
    Kind::of::<routing::config::CalendarDocument>(),
    Kind::of::<sla::config::PolicyDocument>(),
    Kind::of::<webhook::config::WebhookDocument>(),
    // Those of one kind stand behind the other, whatever a file mixes.
    Kind::of::<trigger::config::TriggerDocument>().apart_by("kind"),
    Kind::of::<preset::config::PresetDocument>(),
    Kind::of::<ticket::config::view::ViewDocument>().that_spells(OF_REPORTS),
    Kind::setting::<ticket::model::setting::TicketSettings>(
        "ticket_settings",
        ("工单设置", "Ticket settings"),
        Permission::CategoryManage,
        "/settings/tickets",
    ),
    Kind::setting::<ticket::model::reminder::ReminderSettings>(
        "reminder_settings",
        ("工单提醒设置", "Ticket reminders"),
        Permission::CategoryManage,
        "/settings/reminders",
    )
    .that_refers::<ticket::model::reminder::ReminderSettings>(),
    Kind::setting::<call::model::phone::PhoneSettings>(
        "phone_settings",
        ("电话设置", "Phone settings"),
        Permission::PhoneManage,
        "/settings/phones",
    ),
    Kind::setting::<open_api::model::OpenPlatform>(
        "open_platform_settings",
        ("开放平台", "Open platform"),
        Permission::AppManage,
        "/settings/apps",
    ),
    Kind::setting::<satisfaction::model::SatisfactionSettings>(
        "satisfaction_settings",
        ("工单满意度", "Ticket satisfaction"),
        Permission::SatisfactionManage,
        "/settings/satisfaction",
    ),
];

fn report(key: &str, lang: Lang) -> Option<&'static str> {
    stats::reports::ALL.iter().find(|report| report.key == key).map(|report| report.name.of(lang))
}

fn metric(key: &str, lang: Lang) -> Option<&'static str> {
    stats::reports::ALL.iter().find_map(|report| report.metric(key)).map(|metric| metric.name.of(lang))
}

//! The route table: every page, what it needs, and the function that draws it. A test walks this table as every role.

use crate::web::router::PageResult;
use crate::web::{api, desk, detail, home, keys};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use identity::pages::door;
use kernel::error::Result;
use kernel::permission::Permission;
use ui::visit::{PublicVisit, Visit};

/// One page.
pub struct Route {
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// What it needs.
    pub access: Access,
    /// What draws it.
    pub draw: Draw,
}

/// What a page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody signed in.
    Anybody,
    /// Any signed-in agent; the page itself shows only what they may see.
    SignedIn,
    /// This item.
    Needs(Permission),
}

/// Draws a page outside the console.
pub type DrawPublic = fn(PublicVisit) -> BoxFuture<'static, PageResult>;
/// Draws a page of the console.
pub type DrawConsole = fn(Visit) -> BoxFuture<'static, PageResult>;
/// Answers with something that is no page: a mail's body for its frame, a download.
pub type DrawAnswer = fn(Visit, HeaderMap) -> BoxFuture<'static, Result<Response>>;

/// What draws a page.
#[derive(Clone, Copy)]
pub enum Draw {
    /// Outside the console.
    Public(DrawPublic),
    /// In the console.
    Console(DrawConsole),
    /// No page.
    Answer(DrawAnswer),
}

macro_rules! public {
    ($path:literal, $draw:path) => {
        Route { path: $path, access: Access::Anybody, draw: Draw::Public(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! signed_in {
    ($path:literal, $draw:path) => {
        Route { path: $path, access: Access::SignedIn, draw: Draw::Console(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! console {
    ($path:literal, $item:ident, $draw:path) => {
        Route { path: $path, access: Access::Needs(Permission::$item), draw: Draw::Console(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! answer {
    ($path:literal, $item:ident, $draw:path) => {
        Route {
            path: $path,
            access: Access::Needs(Permission::$item),
            draw: Draw::Answer(|visit, headers| Box::pin($draw(visit, headers))),
        }
    };
}

/// Every page.
pub const ROUTES: &[Route] = &[
    // Outside the console.
    public!("/welcome", home::welcome_page),
    public!("/sign-in", door::sign_in_page),
    public!("/forgot", door::forgot_page),
    public!("/reset/{token}", door::reset_page),
    public!("/activate/{token}", door::activate_page),
    public!("/activate/{token}/profile", door::activate_profile_page),
    public!("/r/{token}", satisfaction::pages::rating::rating_page),
    public!("/f/{token}", ticket::pages::form::form_page),
    public!("/developers", api::developers_page),
    // Everybody's.
    signed_in!("/", desk::home_page),
    signed_in!("/shortcuts", keys::shortcuts_page),
    signed_in!("/notices", desk::notices_page),
    signed_in!("/me", identity::pages::me::me_page),
    console!("/me/reminders", TicketView, ticket::pages::quiet::quiet_page),
    console!("/me/presets", TicketReply, preset::pages::own_page),
    console!("/me/presets/new", TicketReply, preset::pages::editor::new_own_page),
    console!("/me/presets/{id}", TicketReply, preset::pages::editor::own_page),
    signed_in!("/settings", identity::pages::settings_page),
    // 工单.
    console!("/tickets", TicketView, ticket::pages::list::list_page),
    console!("/tickets/new", TicketCreate, ticket::pages::create::create_page),
    console!("/tickets/bulk", TicketView, ticket::pages::bulk::bulk_page),
    console!("/tickets/exports", TicketExport, export::pages::ticket_exports_page),
    console!("/tickets/views", TicketView, ticket::pages::views::views_page),
    console!("/tickets/{id}", TicketView, detail::ticket_page),
    console!("/tickets/{id}/customer", TicketEdit, ticket::pages::other_customer::other_customer_page),
    console!("/tickets/{id}/runs", TriggerManage, trigger::pages::runs::ticket_page),
    answer!("/tickets/{id}/messages/{message}/body", TicketView, ticket::pages::body::body),
    console!("/search", TicketView, ticket::pages::search::search_page),
    console!("/settings/reminders", CategoryManage, ticket::pages::reminder::reminders_page),
    console!("/settings/sla", SlaManage, sla::pages::policies_page),
    console!("/settings/sla/new", SlaManage, sla::pages::editor::new_page),
    console!("/settings/sla/{id}", SlaManage, sla::pages::editor::edit_page),
    console!("/settings/duty", SlaManage, routing::pages::calendars_page),
    console!("/settings/duty/new", SlaManage, routing::pages::new_calendar_page),
    console!("/settings/duty/{id}", SlaManage, routing::pages::calendar_page),
    console!("/settings/tickets", CategoryManage, ticket::pages::settings::settings_page),
    console!("/settings/ticket-fields", CategoryManage, ticket::pages::field::fields_page),
    console!("/settings/ticket-fields/new", CategoryManage, ticket::pages::field::new_page),
    console!("/settings/ticket-fields/{id}", CategoryManage, ticket::pages::field::edit_page),
    console!("/settings/ticket-templates", CategoryManage, ticket::pages::template::templates_page),
    console!("/settings/ticket-templates/new", CategoryManage, ticket::pages::template::new_page),
    console!("/settings/ticket-templates/{id}", CategoryManage, ticket::pages::template::edit_page),
    console!("/settings/categories", CategoryManage, ticket::pages::category::categories_page),
    // 邮件.
    console!("/mail", MailLedger, mail::pages::ledger_page),
    console!("/mail/{id}", MailLedger, mail::pages::mail_page),
    answer!("/mail/{id}/body", MailLedger, mail::pages::body),
    answer!("/mail/{id}/source", MailLedger, mail::pages::source),
    console!("/settings/mailboxes", MailboxManage, mail::pages::mailboxes_page),
    console!("/settings/mailboxes/new", MailboxManage, mail::pages::new_mailbox_page),
    console!("/settings/mailboxes/{id}", MailboxManage, mail::pages::mailbox_page),
    // 呼叫.
    console!("/calls/records", CallRecordOwn, call::pages::record::call_center_page),
    console!("/telemarketing/records", CallRecordOwn, call::pages::record::telemarketing_page),
    console!("/calls/exports", CallExport, export::pages::call_exports_page),
    console!("/calls/{id}", CallRecordOwn, detail::call_page),
    answer!("/calls/{id}/recordings/{leg}", RecordingListen, call::pages::recording::bytes),
    console!("/phone", CallPhone, call::phone::pages::bar::phone_page),
    console!("/calls/live", CallSupervise, call::phone::pages::live::live_page),
    console!("/settings/phones", PhoneManage, call::phone::pages::settings::phones_page),
    console!("/settings/phones/{id}", PhoneManage, call::phone::pages::account::account_page),
    console!("/settings/switches/simulated", PhoneManage, call::phone::pages::simulated::simulated_page),
    // 呼叫中心.
    console!("/settings/switches", SwitchManage, call::pages::switches_page),
    console!("/settings/switches/new", SwitchManage, call::pages::new_page),
    console!("/settings/switches/{id}", SwitchManage, call::pages::switch_page),
    // 客户.
    console!("/customers", CustomerView, customer::pages::customers_page),
    console!("/customers/new", CustomerEdit, customer::pages::profile::new_customer_page),
    console!("/customers/{id}", CustomerView, detail::customer_page),
    console!("/customers/{id}/merge", CustomerMerge, customer::pages::merge::merge_page),
    console!("/settings/customer-fields", CustomerFields, customer::pages::field::customer_fields_page),
    // 统计.
    console!("/reports/ticket-satisfaction", StatisticsTicket, stats::pages::report::ticket_satisfaction_page),
    console!("/reports/ticket-satisfaction/rows", StatisticsTicket, stats::pages::rows::rows_page),
    console!("/reports/sla", StatisticsTicket, stats::pages::report::sla_page),
    console!("/reports/sla/rows", StatisticsTicket, stats::pages::sla_rows::rows_page),
    console!("/reports/calls", StatisticsCall, stats::pages::report::call_page),
    console!("/reports/calls/rows", StatisticsCall, stats::pages::call_rows::call_page),
    console!("/reports/call-agents", StatisticsCall, stats::pages::report::call_agent_page),
    console!("/reports/call-agents/rows", StatisticsCall, stats::pages::call_rows::agent_page),
    console!("/reports/call-groups", StatisticsCall, stats::pages::report::call_group_page),
    console!("/reports/call-groups/rows", StatisticsCall, stats::pages::call_rows::group_page),
    console!("/reports/call-satisfaction", StatisticsCall, stats::pages::report::call_satisfaction_page),
    console!("/reports/call-satisfaction/rows", StatisticsCall, stats::pages::call_rows::satisfaction_page),
    console!("/reports/agent-states", StatisticsCall, stats::pages::states::states_page),
    console!("/calls/wall", StatisticsCall, stats::pages::wall::wall_page),
    console!("/reports/call-definitions", StatisticsCall, stats::pages::definitions::call_definitions_page),
    console!("/reports/definitions", StatisticsTicket, stats::pages::definitions::definitions_page),
    console!("/reports/exports", StatisticsExport, export::pages::report_exports_page),
    // 设置.
    console!("/settings/company", CompanySettings, identity::pages::company::company_page),
    console!("/settings/agents", AgentManage, identity::pages::agents::agents_page),
    console!("/settings/agents/new", AgentManage, identity::pages::agent::new_agent_page),
    console!("/settings/agents/import", AgentManage, identity::pages::import::import_page),
    console!("/settings/agents/import/{id}", AgentManage, identity::pages::import::import_report_page),
    console!("/settings/agents/{id}", AgentManage, identity::pages::agent::agent_page),
    console!("/settings/agents/{id}/permissions", AgentManage, identity::pages::explain::agent_permissions_page),
    console!("/settings/groups", GroupManage, identity::pages::group::groups_page),
    console!("/settings/groups/new", GroupManage, identity::pages::group::new_group_page),
    console!("/settings/groups/{id}", GroupManage, identity::pages::group::group_page),
    console!("/settings/permissions", PermissionManage, identity::pages::permission::permissions_page),
    console!("/settings/permissions/new", PermissionManage, identity::pages::permission::new_permission_page),
    console!("/settings/permissions/who/{key}", PermissionManage, identity::pages::explain::who_has_page),
    console!("/settings/permissions/{id}", PermissionManage, identity::pages::permission::permission_page),
    console!("/settings/audit", AuditView, identity::pages::audit::audit_page),
    answer!("/settings/audit/file", AuditView, identity::pages::audit::audit_file),
    console!("/settings/history", ConfigManage, config::pages::history::history_page),
    console!("/settings/history/{kind}/{id}", ConfigManage, config::pages::object::object_page),
    console!("/settings/configuration", ConfigManage, config::pages::configuration::configuration_page),
    answer!("/settings/configuration/file", ConfigManage, config::pages::configuration::configuration_file),
    console!("/settings/configuration/plan/{id}", ConfigManage, config::pages::plan::plan_page),
    console!("/settings/apps", AppManage, open_api::pages::apps_page),
    console!("/settings/apps/new", AppManage, open_api::pages::app::new_page),
    console!("/settings/apps/{id}", AppManage, open_api::pages::app::edit_page),
    console!("/settings/jobs", JobManage, crate::worker::pages::jobs_page),
    console!("/settings/triggers", TriggerManage, trigger::pages::triggers_page),
    console!("/settings/triggers/new", TriggerManage, trigger::pages::editor::new_page),
    console!("/settings/triggers/{id}", TriggerManage, trigger::pages::editor::edit_page),
    console!("/settings/triggers/{id}/try", TriggerManage, trigger::pages::trial::trial_page),
    console!("/settings/triggers/{id}/runs", TriggerManage, trigger::pages::runs::runs_page),
    console!("/settings/webhooks", WebhookManage, webhook::pages::webhooks_page),
    console!("/settings/webhooks/new", WebhookManage, webhook::pages::editor::new_page),
    console!("/settings/webhooks/topics", WebhookManage, crate::worker::topics::topics_page),
    console!("/settings/webhooks/receiver", WebhookManage, webhook::pages::receiver::receiver_page),
    console!("/settings/webhooks/log", WebhookManage, webhook::pages::log::log_page),
    console!("/settings/webhooks/log/{id}", WebhookManage, webhook::pages::entry::entry_page),
    console!("/settings/webhooks/{id}", WebhookManage, webhook::pages::editor::edit_page),
    console!("/settings/presets", PresetManage, preset::pages::shared_page),
    console!("/settings/presets/new", PresetManage, preset::pages::editor::new_shared_page),
    console!("/settings/presets/{id}", PresetManage, preset::pages::editor::shared_page),
    console!("/settings/satisfaction", SatisfactionManage, satisfaction::pages::settings::settings_page),
    console!("/settings/satisfaction/preview", SatisfactionManage, satisfaction::pages::preview::preview_page),
];

//! One of everything that commands make, so that every page and function has something foreign to ask for.

use super::Ids;
use crate::tests::app::PASSWORD;
use kernel::ctx::Ctx;
use kernel::permission::Role;
use uuid::Uuid;

/// Groups, people, customers, tickets made by commands.
pub(super) async fn furnished(boss: &Ctx) -> Ids {
    use identity::model::company::{DepartmentInput, GroupInput, UnitInput};
    let agent = identity::model::account::AgentInput {
        email: "agent@other.example".to_owned(),
        name: "别家客服".to_owned(),
        role: Some(Role::TicketAgent),
        password: PASSWORD.to_owned(),
        ..Default::default()
    };
    let agent = identity::commands::account::create(boss, agent).await.expect("an agent").agent;
    let group =
        identity::commands::group::create(boss, GroupInput { name: "别家组".to_owned(), ..Default::default() }).await.expect("a group");
    let rights = identity::model::permission::PermissionGroupInput {
        name: "别家权限组".to_owned(),
        base_role: Some(Role::TicketAgent),
        ticket_scope: Some(kernel::permission::Scope::All),
        ..Default::default()
    };
    let rights = identity::commands::permission_group::create(boss, rights).await.expect("a permission group");
    identity::commands::department::save_unit(boss, UnitInput { name: "别家单元".to_owned(), ..Default::default() }).await.expect("a unit");
    identity::commands::department::save_department(boss, DepartmentInput { name: "别家部门".to_owned(), ..Default::default() })
        .await
        .expect("a department");
    let named = |nickname: &str| customer::model::CustomerInput { nickname: nickname.to_owned(), ..Default::default() };
    let customer = customer::commands::create(boss, named("别家的秘密客户")).await.expect("a customer");
    let gone = customer::commands::create(boss, named("别家的第二位")).await.expect("a customer");
    let merge = customer::commands::merge::merge(boss, customer::model::MergeInput { keep: customer, gone }).await.expect("a merge");
    let field =
        customer::model::FieldInput { label: "别家字段".to_owned(), kind: Some(kernel::field::FieldKind::Line), ..Default::default() };
    let field = customer::commands::field::save(boss, field).await.expect("a field");
    let category = ticket::model::category::CategoryInput { name: "别家分类".to_owned(), ..Default::default() };
    let category = ticket::commands::category::create(boss, category).await.expect("a category");
    let asked = ticket::model::field::TicketFieldInput {
        label: "别家工单字段".to_owned(),
        kind: Some(kernel::field::FieldKind::Line),
        enabled: true,
        ..Default::default()
    };
    let asked = ticket::commands::field::save(boss, asked).await.expect("a field");
    let template = ticket::model::template::TemplateInput { name: "别家模板".to_owned(), is_default: true, ..Default::default() };
    let template = ticket::commands::template::save(boss, template).await.expect("a template");
    let trigger = serde_json::from_value(serde_json::json!({
        "kind": "flow", "name": "别家的触发器", "moments": ["created"],
        "all": [{ "field": "title", "operator": "contains", "values": ["别家"] }],
        "actions": [{ "kind": "priority", "value": "high" }],
    }));
    let trigger = trigger::commands::save(boss, trigger.expect("an input")).await.expect("a trigger");
    let preset =
        |kind, title| preset::model::PresetInput { text: "别家的话".to_owned(), ..preset::model::PresetInput::named(kind, title) };
    let reply = preset::commands::save(boss, preset(preset::model::PresetKind::Reply, "别家的快捷回复")).await.expect("a preset reply");
    let changes = preset::commands::save(boss, preset(preset::model::PresetKind::Macro, "别家的宏")).await.expect("a macro");
    let own = preset::model::PresetInput {
        visibility: preset::model::Visibility::Own,
        ..preset(preset::model::PresetKind::Reply, "别家的自用")
    };
    let own = preset::commands::save(boss, own).await.expect("one's own");
    let hours =
        routing::model::CalendarInput { name: "别家的工作时间".to_owned(), time_zone: "UTC".to_owned(), ..Default::default() };
    let calendar = routing::commands::save(boss, hours).await.expect("a calendar");
    let policy = sla::model::PolicyInput {
        name: "别家的时效".to_owned(),
        medium: sla::model::GoalsInput { first: "4h".to_owned(), ..Default::default() },
        ..Default::default()
    };
    let policy = sla::commands::save(boss, policy).await.expect("a policy");
    let told = webhook::model::WebhookInput {
        name: "别家的转发".to_owned(),
        url: "https://crm.example.com/other".to_owned(),
        enabled: true,
        ..Default::default()
    };
    let told = webhook::commands::save(boss, told).await.expect("a subscription");
    webhook::commands::test(boss, webhook::model::WebhookChoice { webhook: told }).await.expect("a message");
    let ticket = ticket::model::input::CreateInput {
        customer: Some(customer),
        title: "别家的秘密工单".to_owned(),
        text: "别家的秘密".to_owned(),
        ..Default::default()
    };
    let created = ticket::commands::create::create(boss, ticket, Vec::new()).await.expect("a ticket");
    let switch = call::model::switch::SwitchInput {
        name: "别家的交换机".to_owned(),
        kind: Some(call::model::switch::SwitchKind::Http),
        enabled: true,
        ..Default::default()
    };
    let switch = call::commands::save(boss, switch).await.expect("a switch");
    let app =
        open_api::model::AppInput {
            name: "别家的应用".to_owned(), scopes: kernel::scope::ApiScope::ALL.to_vec(), ..Default::default()
        };
    let app = open_api::commands::app::create(boss, app).await.expect("an application").app;
    let file = config::commands::keep_file(boss, "别家的配置.toml", b"format = 1").await.expect("a file");
    let mut tx = boss.read().await.expect("a transaction");
    let one = |sql: &'static str| sqlx::query_scalar::<_, Uuid>(sql).bind(boss.company);
    let unit = one("select id from units where company_id = $1").fetch_one(&mut *tx).await.expect("a unit");
    let delivery = one("select id from webhook_deliveries where company_id = $1").fetch_one(&mut *tx).await.expect("a message");
    let department = one("select id from departments where company_id = $1").fetch_one(&mut *tx).await.expect("a department");
    [
        ("agent", agent.0),
        ("group", group.0),
        ("permission_group", rights.0),
        ("unit", unit),
        ("department", department),
        ("customer", customer.0),
        ("merge", merge.0),
        ("customer_field", field.0),
        ("category", category.0),
        ("ticket_field", asked.0),
        ("template", template.0),
        ("trigger", trigger.0),
        ("preset", reply.0),
        ("macro", changes.0),
        ("own_preset", own.0),
        ("app", app.0),
        ("calendar", calendar.0),
        ("policy", policy.0),
        ("switch", switch.0),
        ("webhook", told.0),
        ("delivery", delivery),
        ("config_file", file),
        ("ticket", created.ticket.0),
        ("message", created.message.0),
    ]
    .into_iter()
    .map(|(word, id)| (word, id.to_string()))
    .collect()
}

//! Own fields where things change meanwhile: another category, a deleted permission group, another default, a reader who may
//! not see a field.

use super::{
    Demand, Desk, FieldKind, TemplateInput, TicketFieldInput, answer_name, answers, input, kept, made, named, of_group, own, with,
};
use crate::tests::app::problems;
use crate::tests::trigger::{rule, then};
use identity::model::permission::PermissionGroupChoice;
use kernel::error::{Error, Problem};
use kernel::permission::{Permission, Role, Scope};
use ticket::commands::{field, template};
use ticket::model::input::EditInput;
use trigger::field::{Aspect, OwnField};
use trigger::model::{ActionKind, ConditionInput, Moment, Operator};

#[tokio::test]
async fn a_comparison_leaves_fields_alone_that_the_form_did_not_have() {
    let desk = Desk::new().await;
    let (order, note) = (own(&desk, "订单号", FieldKind::Line).await, own(&desk, "说法", FieldKind::Line).await);
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("通用", &[(note, Demand::Never)]) }).await.expect("saved");
    let returns = made(&desk, "退货", &[(order, Demand::Never)]).await;
    let category = named(&desk, "退货", None, Some(returns)).await;
    let ticket = desk.ticket("退货").await.ticket;
    let (id, version) = (ticket.to_string(), desk.version(ticket).await.to_string());
    let seen = desk.number_of("last_seq", ticket).await.to_string();
    super::save(&desk, &desk.lilei, ticket, |edit| EditInput {
        category: Some(Some(category)),
        priority: Some(ticket::model::Priority::High),
        fields: answers(&[(order, "8821")]),
        ..edit
    })
    .await
    .expect("saved");
    let browser = desk.test.super_admin().await;
    let of_note = answer_name(note);
    let old =
        [("ticket", &*id), ("version", &*version), ("seen_seq", &*seen), ("priority", "urgent"), ("category", ""), (&*of_note, "说好的")];
    let page = browser.submit(&format!("/tickets/{id}"), "/do/ticket/edit", &old).await;
    let name = |field| format!("section.stale [name='input[fields][f{field}]']");
    assert_eq!(page.texts("section.stale").len(), 1, "{}", page.body);
    assert!(page.texts(&name(order)).is_empty(), "it was not in the form: {}", page.body);
    assert_eq!(page.attribute(&name(note), "value"), "说好的", "what was typed goes along: {}", page.body);
    assert_eq!(kept(&desk, ticket, order).await.as_deref(), Some("8821"));
}

#[tokio::test]
async fn a_ticket_that_is_solved_with_another_category_shows_what_that_one_demands() {
    let desk = Desk::new().await;
    let result = own(&desk, "处理结果", FieldKind::Line).await;
    let returns = made(&desk, "退货", &[(result, Demand::Close)]).await;
    let category = named(&desk, "退货", None, Some(returns)).await.to_string();
    let ticket = desk.ticket("退货").await.ticket;
    let (id, version) = (ticket.to_string(), desk.version(ticket).await.to_string());
    let browser = desk.test.super_admin().await;
    let sent = [("ticket", &*id), ("version", &*version), ("priority", "medium"), ("category", &*category), ("status", "solved")];
    let page = browser.submit(&format!("/tickets/{id}"), "/do/ticket/edit", &sent).await;
    assert_eq!(page.attribute(&format!("#ticket_edit-fields-f{result}-"), "aria-invalid"), "true", "{}", page.body);
}

#[tokio::test]
async fn a_deleted_permission_group_opens_no_field_to_everybody() {
    let desk = Desk::new().await;
    let (finance, _) = of_group(&desk, "财务").await;
    let restricted = TicketFieldInput { shown_to: vec![finance], ..input("坏账原因", FieldKind::Line) };
    let id = field::save(&desk.admin, restricted.clone()).await.expect("saved");
    desk.test.tamper("update agents set permission_group_id = null".to_owned()).await;
    identity::commands::permission_group::delete(&desk.admin, PermissionGroupChoice { id: finance }).await.expect("deleted");
    let page = desk.test.super_admin().await.get(&format!("/settings/ticket-fields/{id}")).await;
    assert!(page.body.contains("（已删除的权限组）"), "{}", page.body);
    assert_eq!(page.attribute("input[name='input[shown_to][]'][checked]", "value"), finance.to_string());
    let again = TicketFieldInput { id: Some(id), version: 1, hint: "写清楚".to_owned(), ..restricted };
    assert_eq!(problems(field::save(&desk.admin, again).await), [("shown_to".to_owned(), Problem::BadChoice)]);
}

#[tokio::test]
async fn the_template_that_was_the_default_says_so_in_its_version_and_history() {
    let desk = Desk::new().await;
    let first = template::save(&desk.admin, TemplateInput { is_default: true, ..with("甲", &[]) }).await.expect("saved");
    template::save(&desk.admin, TemplateInput { is_default: true, ..with("乙", &[]) }).await.expect("saved");
    let stale = TemplateInput { id: Some(first), version: 1, is_default: true, ..with("甲一", &[]) };
    assert!(matches!(template::save(&desk.admin, stale).await, Err(Error::Problems(problems)) if problems.0[0].1 == Problem::Stale));
    let told: i64 =
        desk.test.ask(format!("select count(*) from audit_entries where action = 'template.edited' and object_id = '{first}'")).await;
    assert_eq!(told, 1);
}

#[tokio::test]
async fn a_deleted_field_comes_back_as_what_it_was() {
    let desk = Desk::new().await;
    let id = own(&desk, "订单号", FieldKind::Line).await;
    desk.test.tamper(format!("update ticket_fields set deleted_at = created_at where id = '{id}'")).await;
    let kind = desk.test.app.kinds.iter().find(|kind| kind.key == "ticket_field").expect("a kind");
    let document =
        |kind: &str| serde_json::json!({ "label": "订单号", "kind": kind, "filled_by": "agent", "enabled": true, "options": ["一"] });
    let put = async |of: &str| {
        let mut tx = desk.admin.begin().await?;
        kind.put(&mut tx, id.0, document(of)).await?;
        tx.commit().await
    };
    assert_eq!(problems(put("choice").await), [("kind".to_owned(), Problem::BadChoice)]);
    put("line").await.expect("it is back");
    assert_eq!(field_labels(&desk).await, ["订单号"]);
}

async fn field_labels(desk: &Desk) -> Vec<String> {
    ticket::queries::field::list(&desk.admin).await.expect("fields").into_iter().map(|field| field.label).collect()
}

#[tokio::test]
async fn who_may_not_see_a_field_writes_no_rule_about_it() {
    let desk = Desk::new().await;
    let (finance, _) = of_group(&desk, "财务").await;
    let secret = TicketFieldInput { shown_to: vec![finance], ..input("坏账原因", FieldKind::Line) };
    let id = field::save(&desk.admin, secret).await.expect("saved");
    let items = [Permission::defaults_of(Role::TicketAgent), vec![Permission::TriggerManage]].concat();
    let rights = identity::model::permission::PermissionGroupInput {
        name: "规则".to_owned(),
        base_role: Some(Role::TicketAdmin),
        ticket_scope: Some(Scope::All),
        items,
        ..Default::default()
    };
    let rights = identity::commands::permission_group::create(&desk.admin, rights).await.expect("a permission group");
    let agent = desk.test.new_agent("rules@example.com", "规则员", Role::TicketAdmin, vec![desk.group]).await;
    desk.test.tamper(format!("update agents set permission_group_id = '{rights}' where id = '{agent}'")).await;
    let writer = desk.test.ctx(agent).await;
    let own = OwnField { id, kind: FieldKind::Line };
    let asks = ConditionInput { field: Some(Aspect::Own(own)), operator: Some(Operator::Contains), values: vec!["赖账".to_owned()] };
    let asking = || rule("赖账的", Moment::Created, vec![asks.clone()], vec![then(ActionKind::Priority, "urgent")]);
    assert_eq!(problems(trigger::commands::save(&writer, asking()).await), [("all[0][values]".to_owned(), Problem::BadChoice)]);
    let known = trigger::commands::save(&desk.admin, asking()).await.expect("whoever sees it may");
    // What stands in a rule already stays when somebody else corrects its name.
    let renamed = trigger::model::TriggerInput { trigger: Some(known), version: 1, name: "赖账".to_owned(), ..asking() };
    trigger::commands::save(&writer, renamed).await.expect("saved");
    let browser = desk.test.signed_in("rules@example.com").await;
    assert!(!browser.get("/settings/triggers/new?kind=flow").await.body.contains("坏账原因"));
}

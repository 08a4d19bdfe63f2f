//! 权限组: what can be ticked, for whom, and what follows at once.

use super::LILEI;
use crate::tests::app::{TestApp, problem, problems};
use identity::commands::account::edit;
use identity::commands::permission_group;
use identity::model::account::AgentInput;
use identity::model::permission::{PermissionGroupChoice, PermissionGroupInput};
use identity::queries::permission::{explain, who_has};
use kernel::error::{Error, Problem};
use kernel::id::PermissionGroupId;
use kernel::permission::{Permission, Role, Scope};

fn group_of(role: Role, items: &[Permission]) -> PermissionGroupInput {
    PermissionGroupInput {
        name: format!("权限组 {role}"),
        base_role: Some(role),
        items: items.to_vec(),
        ticket_scope: Some(Scope::All),
        ..PermissionGroupInput::default()
    }
}

async fn give(test: &TestApp, email: &str, role: Role, group: Option<PermissionGroupId>) {
    let who = test.ctx_of(email).await.agent().expect("an agent");
    let version = test.ask(format!("select version from agents where id = '{who}'")).await;
    let input = AgentInput {
        id: Some(who),
        version,
        email: email.to_owned(),
        name: "某人".to_owned(),
        role: Some(role),
        permission_group: group,
        ..AgentInput::default()
    };
    edit(&test.admin().await, input).await.expect("given");
}

#[tokio::test]
async fn the_service_center_is_given_to_full_admins_and_to_nobody_else() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    for role in Role::ALL.iter().copied().filter(|role| !matches!(role, Role::SuperAdmin | Role::FullAdmin)) {
        let refused = permission_group::create(&admin, group_of(role, &[Permission::TicketView, Permission::ServiceCenter])).await;
        assert_eq!(problems(refused), [("settings.service_center".to_owned(), Problem::NotGrantable)], "{role}");
    }
    assert_eq!(
        problems(permission_group::create(&admin, group_of(Role::SuperAdmin, &[])).await),
        [("base_role".to_owned(), Problem::BadChoice)]
    );

    test.new_agent("full@example.com", "赵敏", Role::FullAdmin, Vec::new()).await;
    assert!(!test.ctx_of("full@example.com").await.may(Permission::ServiceCenter), "not by default");
    let group = permission_group::create(&admin, group_of(Role::FullAdmin, &[Permission::ServiceCenter, Permission::TicketView]))
        .await
        .expect("it may be given");
    give(&test, "full@example.com", Role::FullAdmin, Some(group)).await;
    let full = test.ctx_of("full@example.com").await;
    assert!(full.may(Permission::ServiceCenter) && !full.may(Permission::AgentManage), "the group's items are all there is");

    let names: Vec<String> = who_has(&admin, Permission::ServiceCenter).await.expect("who").into_iter().map(|holder| holder.name).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let why = explain(&admin, full.agent().expect("an agent")).await.expect("why");
    assert!(why.items.iter().any(|item| item.permission == Permission::ServiceCenter
        && item.has
        && item.because.text(kernel::lang::Lang::Zh).contains("权限组")));
}

#[tokio::test]
async fn a_form_with_an_item_the_role_cannot_hold_says_so_beside_it_and_keeps_what_was_typed() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let fields = [
        ("name", "夜班"),
        ("base_role", "ticket_agent"),
        ("items[]", "ticket.view"),
        ("items[]", "settings.service_center"),
        ("ticket_scope", "group"),
    ];
    let page = browser.submit("/settings/permissions/new?role=ticket_agent", "/do/permission_group/create", &fields).await;
    assert!(page.text(".wrongs").contains("这个角色不能拥有该权限项"), "{}", page.body);
    assert_eq!(page.attribute("input[name='input[name]']", "value"), "夜班");
    assert_eq!(test.ask::<i64>("select count(*) from permission_groups").await, 0);
}

#[tokio::test]
async fn rights_change_with_the_next_request() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let browser = test.signed_in(LILEI).await;
    assert_eq!(browser.get("/customers").await.status, 200);
    let group = permission_group::create(&admin, group_of(Role::TicketAgent, &[Permission::TicketView])).await.expect("a group");
    give(&test, LILEI, Role::TicketAgent, Some(group)).await;
    assert_eq!(browser.get("/customers").await.status, 403);
    let input = PermissionGroupInput {
        id: Some(group),
        version: 1,
        ..group_of(Role::TicketAgent, &[Permission::TicketView, Permission::CustomerView])
    };
    permission_group::edit(&admin, input.clone()).await.expect("edited");
    assert_eq!(browser.get("/customers").await.status, 200);
    assert_eq!(problem(permission_group::edit(&admin, input).await), Problem::Stale);
    assert_eq!(problem(permission_group::delete(&admin, PermissionGroupChoice { id: group }).await), Problem::GroupInUse);
    give(&test, LILEI, Role::TicketAgent, None).await;
    permission_group::delete(&admin, PermissionGroupChoice { id: group }).await.expect("nobody has it");
}

#[tokio::test]
async fn a_permission_group_of_another_role_cannot_be_given() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let group = permission_group::create(&admin, group_of(Role::FullAdmin, &[Permission::AgentManage])).await.expect("a group");
    let who = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    let input = AgentInput {
        id: Some(who),
        version: 1,
        email: LILEI.to_owned(),
        name: "李雷".to_owned(),
        role: Some(Role::TicketAgent),
        permission_group: Some(group),
        ..AgentInput::default()
    };
    assert_eq!(problems(edit(&admin, input).await), [("permission_group".to_owned(), Problem::BadChoice)]);
    assert!(!test.ctx(who).await.may(Permission::AgentManage));
}

#[tokio::test]
async fn who_manages_permission_groups_ticks_only_what_they_have() {
    let test = TestApp::new().await;
    let group = group_of(Role::FullAdmin, &[Permission::PermissionManage, Permission::TicketView]);
    let group = permission_group::create(&test.admin().await, group).await.expect("a group");
    test.new_agent("full@example.com", "赵敏", Role::FullAdmin, Vec::new()).await;
    assert!(matches!(
        permission_group::create(&test.ctx_of("full@example.com").await, group_of(Role::TicketAgent, &[])).await,
        Err(Error::Forbidden(_))
    ));
    give(&test, "full@example.com", Role::FullAdmin, Some(group)).await;
    let full = test.ctx_of("full@example.com").await;
    let refused = permission_group::create(&full, group_of(Role::TicketAgent, &[Permission::TicketView, Permission::TicketDelete])).await;
    assert_eq!(problems(refused), [("ticket.delete".to_owned(), Problem::RoleNotYours)]);
    permission_group::create(&full, group_of(Role::TicketAgent, &[Permission::TicketView])).await.expect("what they have");
}

#[tokio::test]
async fn customers_are_the_whole_companys_and_the_editor_says_so() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let page = browser.get("/settings/permissions/new?role=ticket_agent").await;
    assert!(page.body.contains("看得到公司的全部客户") && !page.body.contains("customer_scope"), "{}", page.body);
    let fields = [("name", "夜班"), ("base_role", "ticket_agent"), ("items[]", "customer.view"), ("ticket_scope", "own")];
    assert_eq!(browser.post("/settings/permissions/new", "/do/permission_group/create", &fields).await.status, 303);
    let scoped: Vec<_> = fields.into_iter().chain([("customer_scope", "own")]).collect();
    assert_ne!(browser.call("/do/permission_group/create", &scoped).await.status, 200, "nobody is promised a limit that does not hold");
    assert_eq!(test.ask::<i64>("select count(*) from permission_groups").await, 1);
}

//! Rights: nobody gives an application more than they have, and reports are seen by whom they concern.

use super::app_of;
use crate::tests::app::{TestApp, problem, problems};
use identity::commands::permission_group;
use identity::model::permission::PermissionGroupInput;
use kernel::api::Nothing;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem};
use kernel::permission::{Permission, Role, Scope};
use kernel::scope::ApiScope;
use open_api::commands::app::{create, edit, rotate};
use open_api::model::{AppChoice, AppInput};

/// Somebody of this role who has these items alone.
pub async fn limited(test: &TestApp, email: &str, role: Role, items: &[Permission]) -> Ctx {
    let group = PermissionGroupInput {
        name: email.to_owned(),
        base_role: Some(role),
        items: items.to_vec(),
        ticket_scope: Some(Scope::All),
        ..PermissionGroupInput::default()
    };
    let group = permission_group::create(&test.admin().await, group).await.expect("a permission group");
    let agent = test.new_agent(email, "李雷", role, Vec::new()).await;
    test.tamper(format!("update agents set permission_group_id = '{group}' where id = '{agent}'")).await;
    test.ctx(agent).await
}

#[tokio::test]
async fn nobody_gets_more_than_they_have_through_an_application() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let li = limited(&test, "lilei@example.com", Role::FullAdmin, &[Permission::AppManage, Permission::CustomerView]).await;
    let input = |name: &str, scopes: &[ApiScope]| AppInput { name: name.to_owned(), scopes: scopes.to_vec(), ..AppInput::default() };
    let refused = problems(create(&li, input("更多", &[ApiScope::CustomerRead, ApiScope::TicketRead])).await);
    assert_eq!(refused, [("scopes".to_owned(), Problem::ScopeNotYours)]);
    let own = create(&li, input("自己的", &[ApiScope::CustomerRead])).await.expect("what they have themselves");
    let more = AppInput { id: Some(own.app), version: 1, ..input("自己的", &[ApiScope::CustomerRead, ApiScope::AgentWrite]) };
    assert_eq!(problems(edit(&li, more).await), [("scopes".to_owned(), Problem::ScopeNotYours)]);
    let theirs = app_of(&admin, "商城", &[ApiScope::TicketRead], "").await;
    assert_eq!(problem(rotate(&li, AppChoice { id: theirs.app }).await), Problem::ScopeNotYours, "its key would be theirs");
    let renamed = AppInput { id: Some(theirs.app), version: 1, ..input("网店", &[ApiScope::TicketRead]) };
    edit(&li, renamed).await.expect("what it has already is nothing new");
}

#[tokio::test]
async fn a_stale_copy_of_an_application_does_not_overwrite() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let app = app_of(&admin, "商城", &[ApiScope::TicketRead], "").await.app;
    let input = |name: &str| AppInput {
        id: Some(app),
        version: 1,
        name: name.to_owned(),
        scopes: vec![ApiScope::TicketRead],
        ..AppInput::default()
    };
    edit(&admin, input("网店")).await.expect("edited");
    assert_eq!(problem(edit(&admin, input("旧名")).await), Problem::Stale);
    assert_eq!(test.ask::<String>("select name from api_apps").await, "网店");
}

#[tokio::test]
async fn reports_of_calls_are_for_whom_may_see_them() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAdmin, Vec::new()).await;
    let li = test.ctx(li).await;
    let query = |report: &str| stats::api::QueryReport {
        report: report.to_owned(),
        start_date: "2026-11-01".to_owned(),
        end_date: "2026-11-22".to_owned(),
        group_by: None,
        groupid: None,
        agentid: None,
    };
    stats::api::query_report(li.clone(), query("sla")).await.expect("a report of tickets");
    let refused = stats::api::query_report(li.clone(), query("call")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::StatisticsCall))), "{refused:?}");
    let seen = stats::api::query_definitions(li, Nothing).await.expect("definitions").items;
    assert!(seen.iter().any(|one| one.report == "sla") && seen.iter().all(|one| !one.report.starts_with("call")));
    let client = super::client(&test).await;
    let days = [("report", "call"), ("start_date", "2026-11-01"), ("end_date", "2026-11-22")];
    let report = client.get("/api/stats/5/report", &days).await;
    assert_eq!(super::client::code(&report), "000000", "the scope has both: {}", report.body);
}

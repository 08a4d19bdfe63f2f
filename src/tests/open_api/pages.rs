//! 应用 in the console: made, edited, given another key and revoked by forms, without scripting.

use super::client;
use super::client::{Client, YEAR, get_token};
use crate::tests::app::TestApp;
use kernel::permission::Role;
use open_api::commands::app::Keys;

#[tokio::test]
async fn an_application_is_made_by_a_form_and_its_key_shown_once() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    assert_eq!(admin.get("/settings/apps").await.text(".empty h2"), "还没有应用");
    let fields = [("name", "商城系统"), ("scopes[]", "ticket.read"), ("networks", "127.0.0.1\n10.0.0.0/8")];
    let page = admin.submit("/settings/apps/new", "/do/app/create", &fields).await;
    let shown = page.texts("dl.facts dd code");
    assert_eq!(shown.len(), 2, "{}", page.body);
    let path = test.list::<String>("select '/settings/apps/' || id from api_apps").await;
    let again = admin.get(&path[0]).await;
    assert_eq!(again.texts("dl.facts dd code").len(), 1, "the key is not shown again");
    assert!(!again.body.contains(&shown[1]));
    let keys = Keys {
        app: path[0].rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id"),
        appid: shown[0].clone(),
        app_key: shown[1].clone(),
    };
    let client = Client::of(&test, &keys).await;
    assert_eq!(client.get("/api/ws/5/ticket/query_tickets", &YEAR).await.json()["ret_code"], "000000");
    let called = admin.get(&path[0]).await;
    assert!(called.text("#calls ~ *, section[aria-labelledby=calls] tbody").contains("query_tickets"), "{}", called.body);
    assert_eq!(admin.get("/settings/apps").await.texts("td time").len(), 1, "when it was used last");
    let id = keys.app.to_string();
    let rotated = admin.submit(&path[0], "/do/app/rotate", &[("id", &id)]).await;
    let fresh = rotated.texts("dl.facts dd code");
    assert!(fresh.len() == 2 && fresh[1] != shown[1] && fresh[0] == shown[0]);
    assert_eq!(get_token(&test, &test.visitor(), &keys, 0).await["ret_code"], "900003");
    let list = admin.submit(&path[0], "/do/app/revoke", &[("id", &id)]).await;
    assert_eq!(list.text(".empty h2"), "还没有应用");
    assert_eq!(admin.get(&path[0]).await.status, 404);
    let trail = test.list::<String>("select action from audit_entries where object_kind = 'app' order by sequence").await;
    assert_eq!(trail, ["app.created", "app.key_rotated", "app.disabled"]);
    let kept: String = test
        .ask("select string_agg(coalesce(before::text, '') || coalesce(after::text, ''), '') from audit_entries where object_kind = 'app'")
        .await;
    assert!(!kept.contains(&shown[1]) && !kept.contains(&fresh[1]));
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let page = admin.submit("/settings/apps/new", "/do/app/create", &[("name", "商城"), ("networks", "garten")]).await;
    assert_eq!(page.attribute("[name='input[name]']", "value"), "商城");
    assert_eq!(page.text("#app-scopes .wrong"), "至少选择一个接口范围");
    let page = admin
        .submit("/settings/apps/new", "/do/app/create", &[("name", "商城"), ("scopes[]", "customer.read"), ("networks", "garten")])
        .await;
    assert_eq!(page.text("textarea"), "garten");
    assert!(page.text("#app-networks-h").contains("203.0.113.7"), "{}", page.body);
    assert!(page.body.contains("value=\"customer.read\" checked"), "{}", page.body);
    assert_eq!(test.ask::<i64>("select count(*) from api_apps").await, 0);
}

#[tokio::test]
async fn the_login_interface_is_opened_by_a_switch_that_its_history_keeps() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let page = admin.submit("/settings/apps", "/do/app/settings", &[("version", "0"), ("login", "true"), ("reason", "电话条")]).await;
    assert_eq!(page.attribute("[name='input[login]']", "checked"), "");
    assert!(page.body.contains("checked"), "{}", page.body);
    assert_eq!(test.ask::<String>("select reason from settings where kind = 'open_platform'").await, "电话条");
    test.new_agent("lilei@example.com", "李雷", Role::TicketAdmin, Vec::new()).await;
    assert_eq!(test.signed_in("lilei@example.com").await.get("/settings/apps").await.status, 403);
}

#[tokio::test]
async fn the_reference_says_the_same_in_both_languages_to_anybody() {
    let test = TestApp::new().await;
    let _ = client(&test).await;
    let visitor = test.visitor();
    let zh = visitor.get("/developers?lang=zh").await;
    let en = visitor.get("/developers?lang=en").await;
    assert_eq!((zh.status, en.status), (200, 200));
    let count = crate::web::api::endpoints().len();
    assert_eq!((zh.texts("article.def").len(), en.texts("article.def").len()), (count, count));
    assert!(zh.text("#ws-5-ticket-query_tickets").contains("查询工单列表") && zh.text("#ws-5-ticket-query_tickets").contains("99 已关闭"));
    assert!(en.text("#ws-5-ticket-query_tickets").contains("Query tickets") && en.text("#ws-5-ticket-query_tickets").contains("99 Closed"));
    assert!(zh.text("#codes").contains("900005") && en.text("#codes").contains("too_many_calls"));
    assert!(!en.text("#ws-5-ticket-query_tickets").chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "English is English");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_makes_an_application() {
    let test = TestApp::new().await;
    let Some(program) = crate::tests::mail::program::Program::beside(&test).await else { return };
    let (code, said, wrong) = program.run(&["app", "create", "--company", "测试公司", "--name", "接口", "--scope", "ticket.read"]);
    assert_eq!(code, Some(0), "{wrong}");
    let made: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let keys = Keys { app: kernel::id::AppId(uuid::Uuid::nil()), appid: text("appid"), app_key: text("app_key") };
    let client = Client::of(&test, &keys).await;
    assert_eq!(client.get("/api/ws/5/ticket/query_tickets", &YEAR).await.json()["ret_code"], "000000");
    let (code, _, wrong) = program.run(&["app", "create", "--company", "测试公司", "--name", "x", "--scope", "rocket"]);
    assert!(code == Some(1) && wrong.contains("rocket"), "{wrong}");
}

//! 客服与技能组 by the interface: what an edit keeps and empties, groups of every kind, who changes what at the same time.

use super::client;
use super::client::{code, reason};
use crate::tests::app::{ADMIN, TestApp};
use kernel::permission::Role;
use serde_json::{Value, json};

const UPDATE: &str = "/api/basic/5/agent/update_agent";

#[tokio::test]
async fn an_agent_in_a_call_group_is_edited_and_stays_there() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let client = client(&test).await;
    let made = client.post("/api/basic/5/group/save_groups", json!({ "group_name": "热线", "group_type": "2" })).await.json();
    let group = made["item"]["groupid"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let added = client.post("/api/basic/5/group_agent/save_agent", json!({ "groupid": group, "agentid": li })).await;
    assert_eq!(code(&added), "000000", "{}", added.body);
    let edited = client.post(UPDATE, json!({ "agentid": li, "agent_nick": "小李" })).await;
    assert_eq!(code(&edited), "000000", "{}", edited.body);
    let groups = async || test.ask::<i64>(format!("select count(*) from group_members where group_id = '{group}'")).await;
    assert_eq!(groups().await, 1);
    // The page in the console says which groups there are, of every kind.
    let page = test.signed_in(ADMIN).await.get(&format!("/settings/agents/{li}")).await;
    assert!(page.body.contains(&format!("value=\"{group}\" checked")), "{}", page.body);
    assert_eq!(code(&client.post(UPDATE, json!({ "agentid": li, "group_ids": "" })).await), "000000");
    assert_eq!(groups().await, 0, "sent empty");
}

#[tokio::test]
async fn what_is_sent_empty_is_emptied_and_what_cannot_be_empty_is_refused() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let client = client(&test).await;
    assert_eq!(code(&client.post(UPDATE, json!({ "agentid": li, "phone_no": "138 0013 8000" })).await), "000000");
    assert_eq!(code(&client.post(UPDATE, json!({ "agentid": li, "phone_no": "" })).await), "000000");
    assert_eq!(test.ask::<String>(format!("select phone from agents where id = '{li}'")).await, "");
    let refused = client.post(UPDATE, json!({ "agentid": li, "agent_role_type": "" })).await;
    assert_eq!((reason(&refused), &refused.json()["errors"][0]["field"]), ("required".to_owned(), &json!("agent_role_type")));
    let user = json!({ "user_nick": "张三", "partnerid": "shop-1", "remark": "老客户", "user_tels": "13800138000" });
    let user = client.post("/api/crm/5/user/save_user", user).await.json()["item"]["userid"].clone();
    let emptied = json!({ "userid": user, "partnerid": "", "remark": "", "user_tels": "" });
    assert_eq!(code(&client.post("/api/crm/5/user/update_user", emptied).await), "000000");
    let found = client.get("/api/crm/5/user/get_user_by_id", &[("userid", user.as_str().unwrap_or_default())]).await.json();
    let item = &found["item"];
    assert_eq!((&item["partnerid"], &item["remark"], &item["user_tels"]), (&Value::Null, &json!(""), &json!("")), "{found}");
    assert_eq!(item["user_nick"], "张三", "what is not sent stays");
}

#[tokio::test]
async fn two_who_change_one_group_at_once_are_both_heard() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let mei = test.new_agent("mei@example.com", "小美", Role::TicketAgent, Vec::new()).await;
    let client = client(&test).await;
    let made = client.post("/api/basic/5/group/save_groups", json!({ "group_name": "售后组" })).await.json();
    let group = made["item"]["groupid"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let add = |agent| client.post("/api/basic/5/group_agent/save_agent", json!({ "groupid": group, "agentid": agent }));
    let rename = client.post("/api/basic/5/group/update_groups", json!({ "groupid": group, "group_name": "售后一组" }));
    let (a, b, c) = tokio::join!(add(li), add(mei), rename);
    assert_eq!([code(&a), code(&b), code(&c)], ["000000", "000000", "000000"]);
    let kept = test
        .ask::<String>(format!(
            "select name || ' ' || (select count(*) from group_members m where m.group_id = g.id) from groups g where id = '{group}'"
        ))
        .await;
    assert_eq!(kept, "售后一组 2");
    let nobody = client.post("/api/basic/5/group_agent/save_agent", json!({ "groupid": group, "agentid": uuid::Uuid::from_u128(1) })).await;
    assert_eq!((reason(&nobody), &nobody.json()["errors"][0]["field"]), ("bad_choice".to_owned(), &json!("agentid")));
    let nameless = client.post("/api/basic/5/group/update_groups", json!({ "groupid": group, "group_name": "长".repeat(61) })).await;
    assert_eq!(nameless.json()["errors"][0]["field"], "group_name");
}

#[tokio::test]
async fn a_password_that_was_made_does_not_lie_readable_in_the_database() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let new = json!({ "email": "neu@example.com", "agent_name": "新人", "agent_role_type": "5555" });
    let made = client.post_once("/api/basic/5/agent/save_agent", "k", new.clone()).await;
    let password = made.json()["item"]["password"].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
    let kept: String = test.ask("select encode(answer, 'escape') from api_posts").await;
    assert!(!kept.contains(&password) && !kept.contains("password"), "{kept}");
    assert_eq!(client.post_once("/api/basic/5/agent/save_agent", "k", new).await.body, made.body, "the same answer");
}

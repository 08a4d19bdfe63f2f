//! What calls do: the same as pages, once, in the right name, in their own company.

use super::client::{Client, code, reason};
use super::right::limited;
use super::{app_of, client};
use crate::tests::app::TestApp;
use crate::web::api::endpoints;
use jiff::SignedDuration;
use kernel::api::Method;
use kernel::id::TicketId;
use kernel::permission::{Permission, Role};
use kernel::scope::ApiScope;
use serde_json::{Map, Value, json};
use std::time::Duration;

const AGENT_TICKET: &str = "/api/ws/5/ticket/save_agent_ticket";
const USER_TICKET: &str = "/api/ws/5/ticket/save_user_ticket";
const REPLY: &str = "/api/ws/5/ticket/save_ticket_reply";

fn ticket() -> Value {
    json!({ "ticket_title": "发票", "ticket_content": "请开发票", "partnerid": "shop-1", "user_nick": "张三", "unknown": [1] })
}

#[tokio::test]
async fn the_same_post_happens_once() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let first = client.post_once(USER_TICKET, "k1", ticket()).await;
    assert_eq!(code(&first), "000000", "{}", first.body);
    let again = client.post_once(USER_TICKET, "k1", ticket()).await;
    assert_eq!(again.body, first.body, "the same answer");
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 1);
    let mut other = ticket();
    other["ticket_title"] = json!("另一张");
    let refused = client.post_once(USER_TICKET, "k1", other).await;
    assert_eq!((code(&refused), reason(&refused)), ("400088".to_owned(), "key_used".to_owned()));
    assert_eq!(code(&client.post_once(USER_TICKET, "k2", ticket()).await), "000000");
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 2, "another key is another ticket");
    // What was refused may be sent again, right this time, under the same key.
    assert_eq!(code(&client.post_once(USER_TICKET, "k3", json!({})).await), "400004");
    assert_eq!(code(&client.post_once(USER_TICKET, "k3", ticket()).await), "000000");
    test.tamper("update api_posts set answer = null where key = 'k3'").await;
    let unknown = client.post_once(USER_TICKET, "k3", ticket()).await;
    assert_eq!(reason(&unknown), "still_running", "its end is not known: it is not done again");
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 3);
    // The schedules begin with the first look.
    test.run_jobs().await;
    test.later(SignedDuration::from_hours(48)).await;
    assert_eq!(test.ask::<i64>("select count(*) from api_posts").await, 0, "forgotten after a day");
}

#[tokio::test]
async fn two_at_once_under_one_key_are_one() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let one = || client.post_once(USER_TICKET, "k", ticket());
    let (a, b, c) = tokio::join!(one(), one(), one());
    let done = [&a, &b, &c].into_iter().filter(|answer| code(answer) == "000000").count();
    assert!(done >= 1, "{} {} {}", a.body, b.body, c.body);
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 1);
}

#[tokio::test]
async fn forms_and_json_are_read_alike_and_wrong_types_are_refused() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let form = "ticket_title=%E5%8F%91%E7%A5%A8&ticket_content=a+b&partnerid=shop-1&ticket_level=3".to_owned();
    let answer = client.browser.send(axum::http::Method::POST, USER_TICKET, Some(form), &[("token", &client.token)]).await;
    assert_eq!(code(&answer), "000000", "{}", answer.body);
    assert_eq!(test.ask::<String>("select title from tickets").await, "发票");
    for (wrong, field) in [
        (json!({ "ticket_title": 7 }), "ticket_title"),
        (json!({ "ticket_title": { "$ne": 1 } }), "ticket_title"),
        (json!({ "ticket_from": "77" }), "ticket_from"),
        (json!({ "userid": "x" }), "userid"),
        (json!({ "extend_fields": "x" }), "extend_fields"),
        (json!({ "ticket_title": "a\u{0}b" }), ""),
    ] {
        let mut sent = ticket();
        sent.as_object_mut().expect("an object").extend(wrong.as_object().cloned().unwrap_or_default());
        let refused = client.post(USER_TICKET, sent).await;
        assert_eq!(refused.status, 200);
        assert_eq!(refused.json()["errors"][0]["field"], field, "{}", refused.body);
        assert!(code(&refused).starts_with('4'), "{}", refused.body);
    }
    for body in ["[]", "{", "7"] {
        let browser = &client.browser;
        let refused = browser.send_json(USER_TICKET, &json!(body), &[("token", &client.token)]).await;
        assert_eq!(code(&refused), "400005", "{body}");
    }
    let twice = client.browser.get("/api/get_token?appid=a&appid=b").await;
    assert_eq!(code(&twice), "400005", "a name that comes twice");
}

#[tokio::test]
async fn an_application_acts_in_an_agents_name_with_that_agents_rights() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let mei = test.new_agent("mei@example.com", "小美", Role::OnlineAgent, Vec::new()).await;
    let client = client(&test).await;
    let made =
        client.post(AGENT_TICKET, json!({ "ticket_title": "t", "ticket_content": "c", "partnerid": "p1", "create_agentid": li })).await;
    let id = made.json()["item"]["ticketid"].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
    assert_eq!(test.ask::<String>("select creator_name from tickets").await, "李雷");
    assert_eq!(test.ask::<i16>("select log_from from ticket_changes where kind = 'created'").await, 5, "through the interface");
    let draft = ticket::model::reply::DraftInput {
        ticket: id.parse::<TicketId>().expect("an id"),
        html: "<p>半句话</p>".to_owned(),
        text: String::new(),
        reply_type: ticket::model::ReplyType::Everyone,
        seen_seq: 0,
    };
    ticket::commands::draft::save(&test.ctx(li).await, draft).await.expect("a draft");
    let replied = client
        .post(REPLY, json!({ "ticketid": id, "reply_agentid": li, "reply_content": "好的", "ticket_status": "3", "ticket_level": "2" }))
        .await;
    assert_eq!(code(&replied), "000000", "{}", replied.body);
    assert_eq!(test.list::<i16>("select status from tickets union all select priority from tickets").await, [3, 2]);
    assert_eq!(test.ask::<i64>("select count(*) from ticket_drafts where ticket_id is not null").await, 1, "what 李雷 types stays");
    let nobody = client.post(REPLY, json!({ "ticketid": id, "reply_content": "x" })).await;
    assert_eq!((code(&nobody), reason(&nobody)), ("400006".to_owned(), "operator_required".to_owned()));
    let unknown = client.post(REPLY, json!({ "ticketid": id, "reply_content": "x", "reply_agentid": uuid::Uuid::from_u128(1) })).await;
    assert_eq!(code(&unknown), "400007");
    let not_allowed = client.post(REPLY, json!({ "ticketid": id, "reply_content": "x", "reply_agentid": mei })).await;
    assert_eq!((code(&not_allowed), reason(&not_allowed)), ("400074".to_owned(), "forbidden".to_owned()), "小美 has no tickets");
    let own = client.post(AGENT_TICKET, json!({ "ticket_title": "t", "ticket_content": "c", "partnerid": "p1" })).await;
    assert_eq!(code(&own), "000000", "{}", own.body);
    assert_eq!(test.ask::<String>("select creator_name from tickets order by number desc limit 1").await, "商城");
    assert_eq!(test.ask::<String>("select actor_name from audit_entries where action = 'customer.created'").await, "李雷 · 商城");
    let file =
        client.post(AGENT_TICKET, json!({ "ticket_title": "t", "ticket_content": "c", "partnerid": "p1", "file_str": "a.png" })).await;
    assert_eq!(file.json()["errors"][0]["field"], "file_str", "not lost without a word");
}

#[tokio::test]
async fn a_reply_that_is_refused_for_its_priority_was_not_mailed() {
    let test = TestApp::new().await;
    let items = [Permission::TicketView, Permission::TicketReply, Permission::CustomerView];
    let li = limited(&test, "lilei@example.com", Role::TicketAgent, &items).await.agent().expect("an agent");
    let client = client(&test).await;
    let id = client.post(USER_TICKET, ticket()).await.json()["item"]["ticketid"].clone();
    let mut reply = json!({ "ticketid": id, "reply_agentid": li, "reply_content": "好的", "ticket_level": "3" });
    let refused = client.post_once(REPLY, "k", reply.clone()).await;
    assert_eq!(reason(&refused), "forbidden", "{}", refused.body);
    assert_eq!(test.ask::<i64>("select count(*) from ticket_messages where author_kind = 0").await, 0);
    reply.as_object_mut().expect("an object").remove("ticket_level");
    assert_eq!(code(&client.post_once(REPLY, "k", reply).await), "000000", "what was refused gave its key back");
    assert_eq!(test.ask::<i64>("select count(*) from ticket_messages where author_kind = 0").await, 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_a_post_that_ends() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let mut owner = test.owner().await;
    sqlx::raw_sql("begin; lock table tickets in access exclusive mode").execute(&mut owner).await.expect("a lock");
    tokio::select! {
        answer = client.post_once(USER_TICKET, "k", ticket()) => panic!("it does not wait: {}", answer.body),
        () = test.until_somebody_waits() => {}
    }
    sqlx::raw_sql("rollback").execute(&mut owner).await.expect("unlocked");
    for _ in 0..500 {
        if test.ask::<i64>("select count(*) from api_posts where answer is not null").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(code(&client.post_once(USER_TICKET, "k", ticket()).await), "000000", "its answer is known");
    assert_eq!(test.ask::<i64>("select count(*) from tickets").await, 1);
}

#[tokio::test]
async fn a_stale_reply_is_refused_when_the_customer_wrote_since() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let client = client(&test).await;
    let made = client.post(USER_TICKET, ticket()).await.json();
    let id = made["item"]["ticketid"].as_str().expect("a ticket").to_owned();
    let read_at = "2026-11-22 09:30:00";
    test.app.clock.advance(SignedDuration::from_mins(5));
    let said = client
        .post("/api/ws/5/ticket/save_user_reply", json!({ "ticketid": id, "partnerid": "shop-1", "reply_content": "还有一张" }))
        .await;
    assert_eq!(code(&said), "000000", "{}", said.body);
    let reply = |at: &str| json!({ "ticketid": id, "reply_agentid": li, "reply_content": "好的", "get_ticket_datetime": at });
    let stale = client.post(REPLY, reply(read_at)).await;
    assert_eq!((code(&stale), reason(&stale)), ("400057".to_owned(), "stale".to_owned()));
    assert_eq!(code(&client.post(REPLY, reply("2026-11-22 09:35:00")).await), "000000");
    let other = client.post("/api/crm/5/user/save_user", json!({ "user_nick": "别人" })).await.json()["item"]["userid"].clone();
    let foreign = client.post("/api/ws/5/ticket/save_user_reply", json!({ "ticketid": id, "userid": other, "reply_content": "x" })).await;
    assert_eq!(foreign.json()["errors"][0]["field"], "userid", "only the ticket's own customer writes into it");
}

#[tokio::test]
async fn accounts_are_managed_as_far_as_an_application_reaches() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    let (save, update) = ("/api/basic/5/agent/save_agent", "/api/basic/5/agent/update_agent");
    let made = client.post(save, json!({ "email": "neu@example.com", "agent_name": "新人", "agent_role_type": "5555" })).await.json();
    let id = made["item"]["agentid"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    assert!(made["item"]["password"].as_str().is_some_and(|password| password.len() >= 8), "made here, said once");
    let boss = client.post(save, json!({ "email": "boss@example.com", "agent_name": "老板", "agent_role_type": "3333" })).await;
    assert_eq!((boss.json()["errors"][0]["field"].clone(), reason(&boss)), (json!("agent_role_type"), "role_not_yours".to_owned()));
    let admin = test.admin().await.agent().expect("an agent");
    let took = client.post("/api/basic/5/agent/delete_agent", json!({ "agentid": admin })).await;
    assert_eq!(reason(&took), "role_not_yours", "no application touches a super admin");
    assert_eq!(code(&client.post(update, json!({ "agentid": id, "phone_no": "138 0013 8000" })).await), "000000");
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'agent_phone_changed'").await, 1, "what calls by it can follow");
    assert_eq!(code(&client.post(update, json!({ "agentid": id, "agent_nick": "小新" })).await), "000000");
    let agent = client.get("/api/basic/5/agent/query_agents", &[("agentid", &id)]).await.json()["items"][0].clone();
    assert_eq!((&agent["agent_nick"], &agent["phone_no"], &agent["agent_status"]), (&json!("小新"), &json!("138 0013 8000"), &json!("0")));
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'agent_phone_changed'").await, 1, "the number stayed");
    let early = client.post(update, json!({ "agentid": id, "agent_status": "1" })).await;
    assert_eq!(early.json()["errors"][0]["field"], "agent_status", "only enabled and disabled are switched");
    test.tamper("update agents set status = 1, activated_at = now() where email = 'neu@example.com'").await;
    for status in ["9", "1"] {
        assert_eq!(code(&client.post(update, json!({ "agentid": id, "agent_status": status })).await), "000000");
        let agent = client.get("/api/basic/5/agent/query_agents", &[("agentid", &id)]).await.json();
        assert_eq!(agent["items"][0]["agent_status"], status);
    }
    assert_eq!(
        test.ask::<String>("select actor_name from audit_entries where action = 'agent.created' order by sequence desc limit 1").await,
        "商城"
    );
}

#[tokio::test]
async fn lists_have_pages_with_numbers() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    for number in 0..17 {
        test.app.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(code(&client.post("/api/crm/5/user/save_user", json!({ "user_nick": format!("客户{number:02}") })).await), "000000");
    }
    let page = async |sent: &[(&str, &str)]| {
        let mut all = vec![("start_datetime", "2026-01-01")];
        all.extend_from_slice(sent);
        client.get("/api/crm/5/user/query_users", &all).await.json()
    };
    let first = page(&[]).await;
    let count = |answer: &Value| answer["items"].as_array().map(Vec::len);
    assert_eq!(
        (count(&first), &first["page_no"], &first["page_count"], &first["total_count"]),
        (Some(15), &json!(1), &json!(2), &json!(17))
    );
    assert_eq!(first["items"][0]["user_nick"], "客户16", "newest first");
    let second = page(&[("page_no", "2")]).await;
    assert_eq!((count(&second), &second["items"][1]["user_nick"]), (Some(2), &json!("客户00")));
    assert_eq!(page(&[("page_no", "0")]).await["items"], first["items"], "no page is the first");
    let behind = page(&[("page_no", "9")]).await;
    assert_eq!((count(&behind), &behind["total_count"]), (Some(0), &json!(17)));
    let agents = client.get("/api/basic/5/agent/query_agents", &[("page_no", "9")]).await.json();
    assert_eq!((count(&agents), &agents["total_count"]), (Some(0), &json!(1)));
    let long = client
        .get(
            "/api/ws/5/ticket/query_tickets",
            &[("create_start_datetime", "2020-01-01 00:00:00"), ("create_end_datetime", "2026-01-01 00:00:00")],
        )
        .await;
    assert_eq!(code(&long), "400003");
}

#[tokio::test]
async fn s03_no_endpoint_tells_or_touches_what_is_another_companys() {
    let test = TestApp::new().await;
    let ours = client(&test).await;
    test.new_company("别家公司", "boss@other.example").await;
    let boss = test.ctx_of("boss@other.example").await;
    let theirs = Client::of(&test, &app_of(&boss, "别家的应用", ApiScope::ALL, "").await).await;
    let group = theirs.post("/api/basic/5/group/save_groups", json!({ "group_name": "别家组" })).await.json()["item"]["groupid"].clone();
    let agent = json!({ "email": "a@other.example", "agent_name": "别家客服", "agent_role_type": "5555", "group_ids": group });
    let agent = theirs.post("/api/basic/5/agent/save_agent", agent).await.json()["item"]["agentid"].clone();
    let user = json!({ "user_nick": "别家客户", "partnerid": "别家-1", "user_emails": "c@other.example", "user_tels": "13800138000", "enterprise_name": "别家企业" });
    let user = theirs.post("/api/crm/5/user/save_user", user).await.json()["item"]["userid"].clone();
    let ticket = json!({ "ticket_title": "别家工单", "ticket_content": "别家的话", "userid": user });
    let ticket = theirs.post(USER_TICKET, ticket).await.json()["item"]["ticketid"].clone();
    let category = ticket::model::category::CategoryInput { name: "别家分类".to_owned(), ..Default::default() };
    let category = json!(ticket::commands::category::create(&boss, category).await.expect("a category"));
    assert!([&group, &agent, &user, &ticket].into_iter().all(Value::is_string));
    let known: Map<String, Value> = [
        ("agentid", &agent),
        ("create_agentid", &agent),
        ("reply_agentid", &agent),
        ("deal_agentid", &agent),
        ("groupid", &group),
        ("group_ids", &group),
        ("deal_groupid", &group),
        ("userid", &user),
        ("partnerid", &json!("别家-1")),
        ("user_email", &json!("c@other.example")),
        ("user_tel", &json!("13800138000")),
        ("ticketid", &ticket),
        ("ticket_typeid", &category),
        ("ticket_title", &json!("借用")),
        ("ticket_content", &json!("借用")),
        ("reply_content", &json!("借用")),
        ("agent_name", &json!("借用")),
        ("group_name", &json!("借用")),
        ("start_date", &json!("2026-11-01")),
        ("end_date", &json!("2026-11-22")),
        ("report", &json!("sla")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect();
    let before = checksum(&test, boss.company.0).await;
    for endpoint in endpoints().into_iter().filter(|endpoint| endpoint.scope().is_some()) {
        test.app.clock.advance(SignedDuration::from_secs(1));
        let sent: Map<String, Value> =
            endpoint.input.iter().filter_map(|field| Some((field.name.to_owned(), known.get(field.name)?.clone()))).collect();
        let answer = match endpoint.method {
            Method::Get => {
                let pairs: Vec<(&str, &str)> =
                    sent.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())).collect();
                ours.get(endpoint.path, &pairs).await
            }
            Method::Post => ours.post(endpoint.path, Value::Object(sent)).await,
        };
        assert_eq!(answer.status, 200, "{endpoint:?}: {}", answer.body);
        assert!(!answer.body.contains("别家") && !answer.body.contains("other.example"), "{endpoint:?} tells {}", answer.body);
    }
    assert_eq!(checksum(&test, boss.company.0).await, before, "nothing of theirs changed");
    let mixed = Client::with(&test, &theirs.token);
    assert_eq!(
        code(&mixed.get("/api/ws/5/ticket/get_ticket_by_id", &[("ticketid", ticket.as_str().unwrap_or_default())]).await),
        "000000",
        "theirs is there"
    );
}

/// A checksum of what a company has in the tables that calls write.
async fn checksum(test: &TestApp, company: uuid::Uuid) -> Vec<String> {
    let mut owner = test.owner().await;
    let mut sums = Vec::new();
    for table in ["agents", "groups", "group_members", "customers", "customer_contacts", "tickets", "ticket_messages", "ticket_changes"] {
        let sql = format!(
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t where company_id = $1"
        );
        sums.push(sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).bind(company).fetch_one(&mut owner).await.expect("a checksum"));
    }
    sums
}

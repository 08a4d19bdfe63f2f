//! 文档: every endpoint is documented, every answer is what the document says, and no client is broken by accident.

use super::client::Client;
use super::{app_of, client};
use crate::tests::app::TestApp;
use crate::web::api::endpoints;
use axum::serve;
use jiff::{SignedDuration, Timestamp};
use kernel::api::Method;
use kernel::permission::Role;
use kernel::scope::ApiScope;
use open_api::document::{breaks, document};
use open_api::pages::reference::EXAMPLES;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::Command;

/// A client that knows the document and nothing of the program: it calls what stands there, and compares what comes.
struct Reader {
    client: Client,
    document: Value,
    called: BTreeSet<String>,
}

impl Reader {
    /// Calls an endpoint, compares its answer with the document, and gives `item` or `items`.
    async fn call(&mut self, path: &str, sent: Value) -> Value {
        let method = if self.document["paths"][path]["get"].is_object() { "get" } else { "post" };
        let operation = self.document["paths"][path][method].clone();
        assert!(operation.is_object(), "{path} is not documented");
        let answer = if method == "get" {
            let pairs: Vec<(String, String)> = sent
                .as_object()
                .map(|sent| sent.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect())
                .unwrap_or_default();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
            self.client.get(path, &pairs).await
        } else {
            self.client.post(path, sent).await
        };
        let body = answer.json();
        let schemas = &operation["responses"]["200"]["content"]["application/json"]["schema"]["oneOf"];
        assert_eq!(misfits(&schemas[0], &body, "answer"), Vec::<String>::new(), "{path}: {body}");
        self.called.insert(path.to_owned());
        if body["item"].is_null() { body["items"].clone() } else { body["item"].clone() }
    }
}

/// Where a value is not what a schema says: as much of JSON Schema as the document uses.
fn misfits(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        other => panic!("the document says {other}"),
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    if !fits {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
        return found;
    }
    if schema["enum"].as_array().is_some_and(|rows| !rows.contains(value)) {
        found.push(format!("{at}: {value} is no row of {}", schema["enum"]));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        found.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, field) in fields {
            match properties.get(name) {
                Some(schema) => found.extend(misfits(schema, field, &format!("{at}.{name}"))),
                None => found.push(format!("{at}: {name} is not documented")),
            }
        }
    }
    if schema["items"].is_object() {
        for item in value.as_array().into_iter().flatten() {
            found.extend(misfits(&schema["items"], item, &format!("{at}[]")));
        }
    }
    found
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"], "enum": ["1", null] } }, "required": ["a"] });
    assert_eq!(misfits(&schema, &json!({ "a": null }), ""), Vec::<String>::new());
    for wrong in [json!({}), json!({ "a": 1 }), json!({ "a": "2" }), json!({ "a": "1", "b": 1 }), json!([])] {
        assert_eq!(misfits(&schema, &wrong, "").len(), 1, "{wrong}");
    }
}

#[tokio::test]
async fn a_days_work_by_the_document_alone_calls_every_endpoint() {
    let test = TestApp::new().await;
    let li = test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await.to_string();
    let admin = test.admin().await;
    let category = ticket::model::category::CategoryInput { name: "售后".to_owned(), ..Default::default() };
    let category = ticket::commands::category::create(&admin, category).await.expect("a category").to_string();
    let field = |label: &str| customer::model::FieldInput {
        label: label.to_owned(),
        kind: Some(kernel::field::FieldKind::Line),
        ..Default::default()
    };
    let shop = customer::commands::field::save(&admin, field("门店")).await.expect("a field").to_string();
    let asked = ticket::model::field::TicketFieldInput {
        label: "订单号".to_owned(),
        kind: Some(kernel::field::FieldKind::Line),
        enabled: true,
        ..Default::default()
    };
    let order = ticket::commands::field::save(&admin, asked).await.expect("a field");
    let slot =
        ticket::model::template::SlotInput { field: order, demand: Some(ticket::model::template::Demand::Never), place: String::new() };
    let template =
        ticket::model::template::TemplateInput { name: "默认".to_owned(), is_default: true, slots: vec![slot], ..Default::default() };
    ticket::commands::template::save(&admin, template).await.expect("a template");
    let order = order.to_string();
    let client = client(&test).await;
    let document = client.browser.get("/openapi.json").await.json();
    let mut reader = Reader { client, document, called: BTreeSet::new() };
    // People and groups.
    let group = reader.call("/api/basic/5/group/save_groups", json!({ "group_name": "售后组" })).await["groupid"].clone();
    reader.call("/api/basic/5/group/update_groups", json!({ "groupid": group, "group_name": "售后一组" })).await;
    reader.call("/api/basic/5/group_agent/save_agent", json!({ "groupid": group, "agentid": li })).await;
    let members = reader.call("/api/basic/5/group_agent/query_agents", json!({ "groupid": group })).await;
    assert_eq!((&members[0]["agent_name"], &members[0]["group_name"]), (&json!("李雷"), &json!(["售后一组"])));
    assert_eq!(reader.call("/api/basic/5/agent/query_groups", json!({})).await[0]["group_name"], "售后一组");
    assert!(reader.call("/api/basic/5/agent/query_agent_roles", json!({})).await.as_array().is_some_and(|roles| roles.len() == 8));
    reader.call("/api/basic/5/agent/query_departments", json!({})).await;
    let neu = json!({ "email": "neu@example.com", "agent_name": "新人", "agent_role_type": "5555" });
    let neu = reader.call("/api/basic/5/agent/save_agent", neu).await["agentid"].clone();
    reader.call("/api/basic/5/agent/update_agent", json!({ "agentid": neu, "agent_nick": "小新" })).await;
    assert_eq!(reader.call("/api/basic/5/agent/query_agents", json!({ "agent_name": "小新" })).await[0]["agentid"], neu);
    reader.call("/api/basic/5/agent/delete_agent", json!({ "agentid": neu })).await;
    // A customer.
    assert_eq!(reader.call("/api/crm/5/user/query_user_extend_fields", json!({})).await[0]["fieldid"], shop);
    let user = json!({
        "user_nick": "张三", "partnerid": "shop-1", "user_emails": "z@shop.example", "user_tels": "138 0013 8000",
        "enterprise_name": "某商城", "vip_level": "2", "extend_fields": [{ "fieldid": shop, "field_value": "一店" }],
    });
    let user = reader.call("/api/crm/5/user/save_user", user).await["userid"].clone();
    reader.call("/api/crm/5/user/update_user", json!({ "userid": user, "remark": "老客户" })).await;
    for (path, sent) in [
        ("get_user_by_id", json!({ "userid": user })),
        ("get_user_by_email", json!({ "user_email": "Z@shop.example" })),
        ("get_user_by_tel", json!({ "user_tel": "+86 13800138000" })),
        ("get_user_by_partnerid", json!({ "partnerid": "shop-1" })),
    ] {
        let found = reader.call(&format!("/api/crm/5/user/{path}"), sent).await;
        assert_eq!((&found["userid"], &found["remark"], &found["vip_level"]), (&user, &json!("老客户"), &json!("2")), "{path}");
        assert_eq!(found["extend_fields"][0]["field_value"], "一店", "what was not sent stays");
    }
    assert_eq!(reader.call("/api/crm/5/user/query_users", json!({ "enterprise_name": "某商城" })).await[0]["userid"], user);
    assert_eq!(reader.call("/api/crm/5/user/query_enterprises", json!({})).await[0]["user_count"], 1);
    test.app.clock.advance(SignedDuration::from_secs(2));
    // A ticket.
    let words = reader.call("/api/ws/5/ticket/get_data_dict", json!({})).await;
    assert_eq!(words["ticket_type_list"][0]["typeid"], category);
    assert_eq!(reader.call("/api/ws/5/ticket/query_ticket_extend_fields", json!({})).await[0]["fieldid"], order);
    let asked = reader.call("/api/ws/5/ticket/query_fileds_by_typeid", json!({ "ticket_typeid": category })).await;
    assert_eq!(asked[0]["fieldid"], order);
    let new = json!({
        "ticket_title": "退货", "ticket_content": "请退货", "userid": user, "create_agentid": li, "ticket_typeid": category,
        "ticket_level": "3", "deal_groupid": group, "extend_fields": [{ "fieldid": order, "field_value": "D-1" }],
    });
    let made = reader.call("/api/ws/5/ticket/save_agent_ticket", new).await;
    reader
        .call("/api/ws/5/ticket/save_user_ticket", json!({ "ticket_title": "催货", "ticket_content": "到哪了", "partnerid": "shop-1" }))
        .await;
    reader
        .call("/api/ws/5/ticket/save_ticket_reply", json!({ "ticketid": made["ticketid"], "reply_agentid": li, "reply_content": "已受理" }))
        .await;
    reader.call("/api/ws/5/ticket/save_user_reply", json!({ "ticketid": made["ticketid"], "userid": user, "reply_content": "谢谢" })).await;
    let list = reader.call("/api/ws/5/ticket/query_tickets", json!({ "ticket_level": "3", "userid": user })).await;
    assert_eq!((list.as_array().map(Vec::len), &list[0]["ticket_code"]), (Some(1), &made["ticket_code"]));
    let detail = reader.call("/api/ws/5/ticket/get_ticket_by_id", json!({ "ticketid": made["ticketid"] })).await;
    let replies: Vec<&str> =
        detail["reply_list"].as_array().into_iter().flatten().filter_map(|reply| reply["reply_content"].as_str()).collect();
    assert_eq!(replies, ["已受理", "谢谢"]);
    assert_eq!((&detail["ticket_content"], &detail["extend_fields"][0]["field_value"]), (&json!("请退货"), &json!("D-1")));
    // Figures and the feed.
    let days = json!({ "report": "ticket_satisfaction", "start_date": "2026-11-01", "end_date": "2026-11-22" });
    let figures = reader.call("/api/stats/5/report", days).await["total"].as_array().map(Vec::len);
    let defined = reader.call("/api/stats/5/definitions", json!({})).await;
    let count = defined.as_array().into_iter().flatten().filter(|one| one["report"] == "ticket_satisfaction").count();
    assert_eq!(figures, Some(count), "each figure has its definition");
    reader.call("/api/changes", json!({})).await;
    reader.call("/api/basic/5/group_agent/delete_agent", json!({ "groupid": group, "agentid": li })).await;
    reader.call("/api/basic/5/group/delete_groups", json!({ "groupid": group })).await;
    // The two that give tokens are called by other tests.
    let others = ["/api/get_token", "/api/basic/5/agent/login"];
    let forgotten: Vec<&str> =
        endpoints().iter().map(|endpoint| endpoint.path).filter(|path| !reader.called.contains(*path) && !others.contains(path)).collect();
    assert_eq!(forgotten, Vec::<&str>::new(), "nobody calls them");
}

#[tokio::test]
async fn every_endpoint_is_mounted_and_documented_once() {
    let test = TestApp::new().await;
    let document = document(&endpoints());
    let mut seen = BTreeSet::new();
    let visitor = test.visitor();
    for endpoint in endpoints() {
        assert!(seen.insert(endpoint.path), "{endpoint:?} comes twice");
        let operation = &document["paths"][endpoint.path][endpoint.method.key()];
        let ids = !endpoint.title.0.is_ascii() && endpoint.title.1.is_ascii();
        assert!(operation["operationId"].is_string() && ids, "{endpoint:?}");
        for field in endpoint.input {
            assert!(!field.words.0.is_ascii() && !field.words.1.is_empty(), "{endpoint:?} {}", field.name);
        }
        let takes_key = operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "Idempotency-Key");
        assert_eq!(takes_key, endpoint.method == Method::Post && endpoint.scope().is_some(), "where it is looked at: {endpoint:?}");
        let answer = match endpoint.method {
            Method::Get => visitor.get(endpoint.path).await,
            Method::Post => visitor.send_json(endpoint.path, &json!({}), &[]).await,
        };
        assert!(answer.json()["ret_code"].is_string(), "{endpoint:?} is mounted: {}", answer.body);
    }
    let ids: BTreeSet<String> =
        endpoints().iter().map(|one| document["paths"][one.path][one.method.key()]["operationId"].to_string()).collect();
    assert_eq!(ids.len(), endpoints().len(), "each has its own name");
    assert_eq!(test.visitor().get("/openapi.json").await.json(), document);
}

#[test]
fn the_document_is_what_was_agreed_and_breaks_nobody() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/open_api/openapi.json");
    let now = document(&endpoints());
    let agreed: Value = std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let broken = breaks(&agreed, &now);
    let is_update = std::env::var_os("KEFU_UPDATE_SNAPSHOTS").is_some();
    assert!(is_update || broken.is_empty(), "clients of the agreed document break:\n{}", broken.join("\n"));
    if is_update {
        let text = serde_json::to_string_pretty(&now).expect("JSON");
        std::fs::write(path, format!("{text}\n")).expect("the snapshot is written");
        return;
    }
    assert!(agreed == now, "the document changed and breaks nobody; if that is meant, run with KEFU_UPDATE_SNAPSHOTS=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_reference_run() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "示例", ApiScope::ALL, "").await;
    // Programs have the time of the machine.
    let held = test.app.clock.now();
    #[expect(clippy::disallowed_methods, reason = "the examples have no other clock")]
    let real = Timestamp::now();
    test.app.clock.advance(real.duration_since(held.0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let router = test.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { serve(listener, router).await });
    for ((name, text), (program, arguments)) in
        EXAMPLES.iter().zip([("sh", vec!["-c"]), ("python3", vec!["-c"]), ("node", vec!["--input-type=module", "-e"])])
    {
        let (keys, address, text) = (keys.clone(), address.clone(), (*text).to_owned());
        let run = tokio::task::spawn_blocking(move || {
            Command::new(program)
                .args(arguments)
                .arg(text)
                .env("KEFU", address)
                .env("APPID", keys.appid)
                .env("APP_KEY", keys.app_key)
                .env("NO_PROXY", "127.0.0.1")
                .env("no_proxy", "127.0.0.1")
                .output()
        });
        let output = run.await.expect("joined").unwrap_or_else(|error| panic!("{name}: {program} does not start: {error}"));
        let (said, wrong) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
        let answer: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{name}: {error}: {said}{wrong}"));
        assert_eq!(answer["ret_code"], "000000", "{name}: {answer}");
    }
    assert_eq!(test.ask::<String>("select partner_id from customers").await, "shop-1001");
}

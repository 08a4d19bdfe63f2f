//! Tokens of applications, scopes, addresses, the limit of calls.

use super::app_of;
use super::client::{Client, address, code, get_token, reason};
use crate::tests::app::{ADMIN, TestApp};
use crate::web::api::endpoints;
use jiff::SignedDuration;
use kernel::api::Method;
use kernel::scope::ApiScope;
use open_api::commands::app::{revoke, rotate};
use open_api::model::AppChoice;
use open_api::sign::sign;
use serde_json::json;

const ROLES: &str = "/api/basic/5/agent/query_agent_roles";

#[tokio::test]
async fn a_token_is_given_for_a_signature_of_now_alone() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "").await;
    let visitor = test.visitor();
    let given = get_token(&test, &visitor, &keys, 0).await;
    assert_eq!((&given["ret_code"], &given["item"]["expires_in"]), (&json!("000000"), &json!(86_400)), "{given}");
    assert!(given["item"]["token"].as_str().is_some_and(|token| token.starts_with("kfa_") && token.len() >= 32));
    for off in [599, -599] {
        assert_eq!(get_token(&test, &visitor, &keys, off).await["ret_code"], "000000", "{off} s");
    }
    for off in [601, -601] {
        let refused = get_token(&test, &visitor, &keys, off).await;
        assert_eq!((&refused["ret_code"], &refused["errors"][0]["reason"]), (&json!("900003"), &json!("create_time_stale")), "{off} s");
    }
    let now = (test.app.clock.now().micros() / 1_000_000).to_string();
    for (appid, signed) in [
        (keys.appid.as_str(), sign(&keys.appid, &now, "another key")),
        (keys.appid.as_str(), String::from("x")),
        ("kefu", sign("kefu", &now, &keys.app_key)),
    ] {
        let refused = visitor.get(&address("/api/get_token", &[("appid", appid), ("create_time", &now), ("sign", &signed)])).await;
        assert_eq!((refused.status, code(&refused)), (200, "900003".to_owned()), "{appid} {signed}");
    }
    let missing = visitor.get("/api/get_token").await;
    assert_eq!((code(&missing), missing.json()["errors"].as_array().map(Vec::len)), ("400004".to_owned(), Some(3)), "all at once");
}

#[tokio::test]
async fn a_new_token_ends_the_one_before_and_a_day_ends_each() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "").await;
    let first = Client::of(&test, &keys).await;
    assert_eq!(code(&first.get(ROLES, &[]).await), "000000");
    let second = Client::of(&test, &keys).await;
    assert_eq!(code(&first.get(ROLES, &[]).await), "900002", "replaced");
    assert_eq!(code(&second.get(ROLES, &[]).await), "000000");
    test.app.clock.advance(SignedDuration::from_secs(86_399));
    assert_eq!(code(&second.get(ROLES, &[]).await), "000000");
    test.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(code(&second.get(ROLES, &[]).await), "900002", "run out");
    assert_eq!(code(&Client::with(&test, "").get(ROLES, &[]).await), "900001");
    for bad in ["x", "kfa_", "kfa_x", &second.token[4..], &format!("kfa_{}", "A".repeat(64))] {
        assert_eq!(code(&Client::with(&test, bad).get(ROLES, &[]).await), "900002", "{bad}");
    }
}

#[tokio::test]
async fn the_database_holds_neither_token_nor_key() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "").await;
    let client = Client::of(&test, &keys).await;
    for (table, secret) in [("api_tokens", &client.token[4..]), ("api_apps", &*keys.app_key)] {
        let rows: String = test.ask(format!("select string_agg(t::text, '') from {table} t")).await;
        let hex = kernel::rng::hex(secret.as_bytes());
        assert!(!rows.contains(secret) && !rows.contains(&hex), "{table} holds it");
    }
}

#[tokio::test]
async fn another_key_and_revoking_end_the_token_at_once() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let keys = app_of(&admin, "商城", ApiScope::ALL, "").await;
    let client = Client::of(&test, &keys).await;
    let fresh = rotate(&admin, AppChoice { id: keys.app }).await.expect("another key");
    assert_eq!(fresh.appid, keys.appid);
    assert_eq!(code(&client.get(ROLES, &[]).await), "900002");
    assert_eq!(get_token(&test, &client.browser, &keys, 0).await["ret_code"], "900003", "the key before");
    let client = Client::of(&test, &fresh).await;
    revoke(&admin, AppChoice { id: keys.app }).await.expect("revoked");
    assert_eq!(code(&client.get(ROLES, &[]).await), "900002");
    assert_eq!(get_token(&test, &client.browser, &fresh, 0).await["ret_code"], "900003", "revoked");
}

#[tokio::test]
async fn every_endpoint_needs_its_own_scope_and_no_other() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    for scope in ApiScope::ALL {
        let client = Client::of(&test, &app_of(&admin, scope.key(), &[*scope], "").await).await;
        for endpoint in endpoints() {
            let Some(needed) = endpoint.scope() else { continue };
            test.app.clock.advance(SignedDuration::from_secs(1));
            let answer = match endpoint.method {
                Method::Get => client.get(endpoint.path, &[]).await,
                Method::Post => client.post(endpoint.path, json!({})).await,
            };
            let is_refused = code(&answer) == "400074" && reason(&answer) == "scope_missing";
            assert_eq!(is_refused, needed != *scope, "{scope} {endpoint:?}: {}", answer.body);
            assert!(reason(&answer) != "forbidden", "the scope gives what its endpoints ask for: {scope} {endpoint:?}");
        }
    }
}

#[tokio::test]
async fn an_application_calls_from_its_addresses_only() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "10.1.0.0/16\n203.0.113.7").await;
    let mut client = Client { browser: test.visitor_from([10, 1, 2, 3]), token: String::new() };
    let given = get_token(&test, &client.browser, &keys, 0).await;
    client.token = given["item"]["token"].as_str().expect("a token").to_owned();
    assert_eq!(code(&client.get(ROLES, &[]).await), "000000");
    client.browser.ip = [203, 0, 113, 7].into();
    assert_eq!(code(&client.get(ROLES, &[]).await), "000000");
    client.browser.ip = [10, 2, 0, 1].into();
    let refused = client.get(ROLES, &[]).await;
    assert_eq!((code(&refused), reason(&refused)), ("900004".to_owned(), "address_refused".to_owned()));
    assert_eq!(get_token(&test, &client.browser, &keys, 0).await["ret_code"], "900004");
}

#[tokio::test]
async fn an_application_calls_forty_times_at_once_and_twenty_times_a_second() {
    let test = TestApp::new().await;
    let keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "").await;
    let client = Client::of(&test, &keys).await;
    for number in 0..40 {
        assert_eq!(client.get(ROLES, &[]).await.status, 200, "call {number}");
    }
    let refused = client.get(ROLES, &[]).await;
    assert_eq!((refused.status, code(&refused)), (429, "900005".to_owned()));
    let wait = refused.headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    assert_eq!(wait, Some(1));
    assert_eq!(test.ask::<i64>("select count(*) from api_calls").await, 40, "one too many leaves no row");
    let client = Client::of(&test, &keys).await;
    assert_eq!(client.get(ROLES, &[]).await.status, 429, "another token is the same application");
    test.app.clock.advance(SignedDuration::from_secs(1));
    for number in 0..20 {
        assert_eq!(client.get(ROLES, &[]).await.status, 200, "call {number} of the next second");
    }
    assert_eq!(client.get(ROLES, &[]).await.status, 429);
}

#[tokio::test]
async fn wrong_signatures_slow_programs_down_and_nobody_who_signs_in_beside_them() {
    let test = TestApp::new().await;
    let mut keys = app_of(&test.admin().await, "商城", ApiScope::ALL, "10.0.0.1").await;
    let visitor = test.visitor();
    for _ in 0..45 {
        assert_eq!(get_token(&test, &visitor, &keys, 0).await["ret_code"], "900004", "the right signature from elsewhere is no failure");
    }
    keys.app_key = "another key".to_owned();
    for _ in 0..40 {
        assert_eq!(get_token(&test, &visitor, &keys, 0).await["ret_code"], "900003");
    }
    let now = (test.app.clock.now().micros() / 1_000_000).to_string();
    let paused = visitor.get(&address("/api/get_token", &[("appid", &keys.appid), ("create_time", &now), ("sign", "x")])).await;
    assert_eq!((paused.status, reason(&paused), paused.headers["retry-after"].to_str().ok()), (429, "too_frequent".to_owned(), Some("30")));
    test.signed_in(ADMIN).await;
}

//! 登录接口: tokens of agents by account and password.

use super::client::{Client, YEAR, code, reason};
use crate::tests::app::{ADMIN, PASSWORD, TestApp};
use crate::tests::browser::Answer;
use identity::commands::account::{disable, enable};
use identity::model::account::AgentChoice;
use jiff::SignedDuration;
use kernel::permission::Role;
use open_api::commands::setting::save;
use open_api::model::SettingsInput;
use serde_json::json;

const LOGIN: &str = "/api/basic/5/agent/login";
const LI: &str = "lilei@example.com";

async fn opened() -> TestApp {
    let test = TestApp::new().await;
    test.new_agent(LI, "李雷", Role::TicketAgent, Vec::new()).await;
    save(&test.admin().await, SettingsInput { version: 0, reason: String::new(), login: true }).await.expect("saved");
    test
}

async fn log_in(test: &TestApp, email: &str, password: &str) -> Answer {
    test.visitor().send_json(LOGIN, &json!({ "agent_email": email, "password": password }), &[]).await
}

async fn token(test: &TestApp) -> Client {
    let answer = log_in(test, LI, PASSWORD).await;
    Client::with(test, answer.json()["item"]["token"].as_str().unwrap_or_else(|| panic!("no token: {}", answer.body)))
}

#[tokio::test]
async fn it_is_closed_until_the_company_opens_it() {
    let test = TestApp::new().await;
    for _ in 0..8 {
        let refused = log_in(&test, ADMIN, PASSWORD).await;
        assert_eq!((code(&refused), reason(&refused)), ("900004".to_owned(), "api_off".to_owned()), "the right password is no failure");
    }
    assert_eq!(
        test.visitor().post("/sign-in", "/do/sign_in", &[("email", ADMIN), ("password", PASSWORD), ("next", "")]).await.location(),
        "/"
    );
}

#[tokio::test]
async fn an_agent_calls_with_their_own_rights() {
    let test = opened().await;
    let li = token(&test).await;
    let tickets = li.get("/api/ws/5/ticket/query_tickets", &YEAR).await;
    assert_eq!((code(&tickets), tickets.json()["total_count"].as_i64()), ("000000".to_owned(), Some(0)));
    for (path, sent) in [
        ("save_user_ticket", json!({ "ticket_title": "t", "ticket_content": "c", "partnerid": "p1" })),
        ("save_user_reply", json!({ "ticketid": uuid::Uuid::from_u128(1), "partnerid": "p1", "reply_content": "x" })),
    ] {
        let refused = li.post(&format!("/api/ws/5/ticket/{path}"), sent).await;
        assert_eq!(reason(&refused), "scope_missing", "no agent speaks as a customer: {path}");
    }
    let agents = li.get("/api/basic/5/agent/query_agents", &[]).await;
    assert_eq!((code(&agents), reason(&agents)), ("400074".to_owned(), "forbidden".to_owned()), "a ticket agent manages nobody");
    let admin = log_in(&test, ADMIN, PASSWORD).await.json();
    let admin = Client::with(&test, admin["item"]["token"].as_str().expect("a token"));
    assert_eq!(code(&admin.get("/api/basic/5/agent/query_agents", &[]).await), "000000");
    let page = test.visitor().send(axum::http::Method::GET, "/", None, &[("token", &admin.token)]).await;
    assert!(page.location().starts_with("/sign-in"), "it opens no console");
}

#[tokio::test]
async fn a_wrong_password_an_unknown_account_and_a_disabled_one_answer_alike_and_are_slowed_down() {
    let test = opened().await;
    let wrong = log_in(&test, LI, "falsch").await;
    let unknown = log_in(&test, "nobody@example.com", "falsch").await;
    assert_eq!((code(&wrong), &wrong.body), ("900003".to_owned(), &unknown.body));
    for _ in 0..4 {
        log_in(&test, LI, "falsch").await;
    }
    let paused = log_in(&test, LI, PASSWORD).await;
    assert_eq!(reason(&paused), "too_frequent", "five failures pause the account, here and in the console");
    assert_eq!((paused.status, paused.headers["retry-after"].to_str().ok()), (429, Some("30")));
    test.app.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(code(&log_in(&test, LI, PASSWORD).await), "000000");
}

#[tokio::test]
async fn a_token_ends_by_another_login_by_time_with_the_password_and_with_the_account() {
    let test = opened().await;
    let path = "/api/ws/5/ticket/query_tickets";
    let first = token(&test).await;
    let second = token(&test).await;
    assert_eq!((code(&first.get(path, &YEAR).await), code(&second.get(path, &YEAR).await)), ("900002".to_owned(), "000000".to_owned()));
    test.app.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(code(&second.get(path, &YEAR).await), "900002", "two hours");
    let third = token(&test).await;
    test.tamper("update agents set password_hash = password_hash || 'x' where email = 'lilei@example.com'").await;
    assert_eq!(code(&third.get(path, &YEAR).await), "900002", "another password");
    test.tamper("update agents set password_hash = left(password_hash, -1) where email = 'lilei@example.com'").await;
    assert_eq!(code(&third.get(path, &YEAR).await), "000000");
    let admin = test.admin().await;
    let id = test.ctx_of(LI).await.agent().expect("an agent");
    disable(&admin, AgentChoice { id }).await.expect("disabled");
    assert_eq!(code(&third.get(path, &YEAR).await), "900002", "disabled");
    assert_eq!(code(&log_in(&test, LI, PASSWORD).await), "900003");
    enable(&admin, AgentChoice { id }).await.expect("enabled");
    assert_eq!(code(&third.get(path, &YEAR).await), "900002", "and what was given before stays ended");
    assert_eq!(code(&token(&test).await.get(path, &YEAR).await), "000000");
}

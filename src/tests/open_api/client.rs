//! `Client`: a program that knows `appid` and `app_key` and nothing else.

use crate::tests::app::TestApp;
use crate::tests::browser::{Answer, Browser};
use axum::http::Method;
use open_api::commands::app::Keys;
use open_api::sign::sign;
use serde_json::Value;

/// A range of time, without which lists that grow for ever are not told.
pub const YEAR: [(&str, &str); 1] = [("create_start_datetime", "2026-01-01")];

/// A program with a token.
pub struct Client {
    /// How it reaches the server.
    pub browser: Browser,
    /// Its token.
    pub token: String,
}

impl Client {
    /// A program that got its token.
    pub async fn of(test: &TestApp, keys: &Keys) -> Client {
        let browser = test.visitor();
        let answer = get_token(test, &browser, keys, 0).await;
        let token = answer["item"]["token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned();
        Client { browser, token }
    }

    /// A program with this token.
    pub fn with(test: &TestApp, token: &str) -> Client {
        Client { browser: test.visitor(), token: token.to_owned() }
    }

    /// Asks with parameters in the address.
    pub async fn get(&self, path: &str, sent: &[(&str, &str)]) -> Answer {
        self.browser.send(Method::GET, &address(path, sent), None, &[("token", &self.token)]).await
    }

    /// Asks with fields as JSON.
    pub async fn post(&self, path: &str, sent: Value) -> Answer {
        self.browser.send_json(path, &sent, &[("token", &self.token)]).await
    }

    /// Asks with fields as JSON, under a key.
    pub async fn post_once(&self, path: &str, key: &str, sent: Value) -> Answer {
        self.browser.send_json(path, &sent, &[("token", &self.token), ("idempotency-key", key)]).await
    }
}

/// A path with parameters.
pub fn address(path: &str, sent: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = sent.iter().map(|(name, value)| format!("{name}={}", ui::visit::encoded(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Asks for a token at a clock that is so many seconds off.
pub async fn get_token(test: &TestApp, browser: &Browser, keys: &Keys, off: i64) -> Value {
    let create_time = (test.app.clock.now().micros() / 1_000_000 + off).to_string();
    let signed = sign(&keys.appid, &create_time, &keys.app_key);
    browser.get(&address("/api/get_token", &[("appid", &keys.appid), ("create_time", &create_time), ("sign", &signed)])).await.json()
}

/// `ret_code` of an answer, which is always there.
pub fn code(answer: &Answer) -> String {
    answer.json()["ret_code"].as_str().unwrap_or_else(|| panic!("no ret_code: {}", answer.body)).to_owned()
}

/// The first reason of a refusal.
pub fn reason(answer: &Answer) -> String {
    answer.json()["errors"][0]["reason"].as_str().unwrap_or_default().to_owned()
}

//! `POST /switch/events` (S54).

use super::{Exchange, switch};
use crate::tests::browser::Answer;
use axum::http::Method;
use call::api::PATH;
use call::commands::credential::{Credential, issue, sign};
use call::model::switch::SwitchChoice;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A switch with its key.
struct Speaker<'a> {
    exchange: &'a Exchange,
    credential: Credential,
}

impl<'a> Speaker<'a> {
    async fn new(exchange: &'a Exchange) -> Speaker<'a> {
        let credential = issue(&exchange.admin, SwitchChoice { switch: exchange.switch }).await.expect("a key");
        Speaker { exchange, credential }
    }

    fn seconds(&self) -> i64 {
        self.exchange.test.app.clock.now().micros() / 1_000_000
    }

    /// Sends a body, signed, with a nonce of its own.
    async fn say(&self, body: &Value) -> Answer {
        let nonce = kernel::rng::hex(&kernel::rng::bytes::<8>());
        self.send(body, &self.seconds().to_string(), &nonce, |_| {}).await
    }

    /// Sends a body; `change` has the last word on the headers key, timestamp, nonce and signature.
    async fn send(&self, body: &Value, timestamp: &str, nonce: &str, change: impl FnOnce(&mut [String; 4])) -> Answer {
        let text = body.to_string();
        let signature = sign(&self.credential.secret, timestamp, nonce, text.as_bytes());
        let mut values = [self.credential.key.clone(), timestamp.to_owned(), nonce.to_owned(), signature];
        change(&mut values);
        let names = ["x-kefu-key", "x-kefu-timestamp", "x-kefu-nonce", "x-kefu-signature"];
        let headers: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
        self.exchange.test.visitor().send(Method::POST, PATH, Some(text), &headers).await
    }
}

fn said(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn error(answer: &Answer) -> (u16, String) {
    (answer.status, said(answer)["error"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn a_signed_request_is_taken_and_a_repeated_event_changes_nothing() {
    let exchange = Exchange::new().await;
    let speaker = Speaker::new(&exchange).await;
    let events = serde_json::to_value(exchange.play("转接已确认", "c")).expect("JSON");
    let count = events.as_array().expect("a list").len();
    let first = speaker.say(&events).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!((said(&first)["accepted"].clone(), said(&first)["events"][0]["outcome"].clone()), (json!(count), json!("accepted")));
    let again = said(&speaker.say(&events).await);
    assert_eq!((again["accepted"].clone(), again["repeated"].clone()), (json!(0), json!(count)));
    assert_eq!(exchange.records("c").await.len(), 2);
    // One event by itself, and one in an envelope that names the company.
    let one = said(&speaker.say(&events[0]).await);
    assert_eq!(one["events"], json!([{ "id": "01", "outcome": "repeated" }]));
    let company = exchange.test.company.to_string();
    assert_eq!(speaker.say(&json!({ "companyId": company, "events": [events[0]] })).await.status, 200);
    // What cannot be understood is said, with why.
    let wrong = said(&speaker.say(&json!([{ "id": "x", "call": "c", "at": 5, "type": "ivr_entered" }])).await);
    assert_eq!((wrong["refused"].clone(), wrong["events"][0]["reason"].clone()), (json!(1), json!("time")));
}

#[tokio::test]
async fn s54_the_company_is_the_keys_and_no_other() {
    let exchange = Exchange::new().await;
    let speaker = Speaker::new(&exchange).await;
    let other = exchange.test.new_company("别家公司", "boss@other.example").await.to_string();
    let mut event = serde_json::to_value(&exchange.play("呼入接听", "c")[0]).expect("JSON");
    assert_eq!(error(&speaker.say(&json!({ "companyId": other, "events": [event] })).await), (403, "company_mismatch".to_owned()));
    assert_eq!(error(&speaker.say(&json!({ "companyId": 5, "events": [event] })).await), (403, "company_mismatch".to_owned()));
    event["companyId"] = json!(other);
    assert_eq!(error(&speaker.say(&json!([event])).await), (403, "company_mismatch".to_owned()));
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switch_events").await, 0);
    // The other company's switch cannot tell of agents that are not its own.
    let boss = exchange.test.ctx_of("boss@other.example").await;
    let theirs = issue(&boss, SwitchChoice { switch: switch(&boss, "别家总机").await }).await.expect("a key");
    let theirs = Speaker { exchange: &exchange, credential: theirs };
    let answer = said(&theirs.say(&serde_json::to_value(exchange.play("呼入，客服挂断", "c")).expect("JSON")).await);
    assert_eq!(answer["refused"], json!(1), "{answer}");
    assert_eq!(exchange.test.ask::<i64>("select count(*) from calls").await, 0);
}

#[tokio::test]
async fn s54_unsigned_old_and_repeated_requests_are_refused() {
    type Case<'a> = (&'a str, i64, &'a str, fn(&mut [String; 4]), (u16, &'a str));
    let exchange = Exchange::new().await;
    let speaker = Speaker::new(&exchange).await;
    let body = serde_json::to_value(&exchange.play("呼入接听", "c")[..1]).expect("JSON");
    let now = speaker.seconds();
    let at = |seconds: i64| seconds.to_string();
    let table: [Case<'_>; 9] = [
        ("no key", now, "n1", |values| values[0].clear(), (401, "unknown_key")),
        ("another key", now, "n2", |values| values[0].push('x'), (401, "unknown_key")),
        ("no signature", now, "n3", |values| values[3].clear(), (401, "bad_signature")),
        ("another signature", now, "n4", |values| values[3] = "00".repeat(32), (401, "bad_signature")),
        ("another nonce than was signed", now, "n5", |values| values[2].push('x'), (401, "bad_signature")),
        ("another time than was signed", now, "n6", |values| values[1].insert(0, '0'), (401, "bad_signature")),
        ("too old", now - 301, "n7", |_| {}, (401, "bad_timestamp")),
        ("too new", now + 301, "n8", |_| {}, (401, "bad_timestamp")),
        ("no nonce", now, "", |_| {}, (409, "repeated_nonce")),
    ];
    for (what, seconds, nonce, change, (status, word)) in table {
        assert_eq!(error(&speaker.send(&body, &at(seconds), nonce, change).await), (status, word.to_owned()), "{what}");
    }
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switch_events").await, 0);
    assert_eq!(speaker.send(&body, &at(now - 299), "once", |_| {}).await.status, 200);
    assert_eq!(error(&speaker.send(&body, &at(now), "once", |_| {}).await), (409, "repeated_nonce".to_owned()));
    let long = "n".repeat(65);
    assert_eq!(error(&speaker.send(&body, &at(now), &long, |_| {}).await), (409, "repeated_nonce".to_owned()));
    // Nonces are forgotten when their requests would be too old.
    exchange.test.app.clock.advance(SignedDuration::from_mins(20));
    call::commands::reap::reap(&exchange.test.system().await).await.expect("reaped");
    assert_eq!(exchange.test.ask::<i64>("select count(*) from switch_nonces").await, 0);
}

#[tokio::test]
async fn a_key_that_was_replaced_or_a_switch_that_is_off_is_refused() {
    let exchange = Exchange::new().await;
    let speaker = Speaker::new(&exchange).await;
    let body = serde_json::to_value(&exchange.play("呼入接听", "c")[..1]).expect("JSON");
    let next = Speaker::new(&exchange).await;
    assert_eq!(error(&speaker.say(&body).await), (401, "unknown_key".to_owned()));
    assert_eq!(next.say(&body).await.status, 200);
    exchange.test.tamper("update switches set is_enabled = false").await;
    assert_eq!(error(&next.say(&body).await), (401, "bad_signature".to_owned()));
}

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    let exchange = Exchange::new().await;
    let speaker = Speaker::new(&exchange).await;
    for body in [json!(5), json!("x"), json!({ "events": 5 })] {
        assert_eq!(error(&speaker.say(&body).await), (400, "bad_json".to_owned()), "{body}");
    }
    assert_eq!(error(&speaker.say(&json!(vec![json!({}); 1_001])).await), (413, "too_many_events".to_owned()));
    assert_eq!(error(&speaker.say(&json!("x".repeat(call::api::BODY_MOST))).await), (413, "too_large".to_owned()));
    assert_eq!(said(&speaker.say(&json!([])).await)["accepted"], json!(0));
    assert_eq!(exchange.test.visitor().get(PATH).await.status, 405);
}

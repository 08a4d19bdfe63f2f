//! 录音 (S53): by ranges, each request asked anew, taken down once.

use super::{Phones, SOUND};
use crate::tests::app::TestApp;
use axum::Router;
use axum::http::Method;
use axum::routing::get;
use bytes::Bytes;
use jiff::SignedDuration;
use kernel::id::LegId;

#[tokio::test]
async fn s53_a_recording_is_fetched_from_its_switch_and_again_when_somebody_asks() {
    let phones = Phones::of(TestApp::configured(|config| config.private_webhook_hosts = true).await).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let switch = format!("http://{}", listener.local_addr().expect("an address"));
    let sounds = Router::new().route("/call.wav", get(|| async { SOUND })).route("/words", get(|| async { "no sound" }));
    tokio::spawn(async move { axum::serve(listener, sounds).await.expect("it serves") });
    let lies_at = async |path: &str| phones.test.tamper(format!("update call_recordings set url = '{switch}/{path}'")).await;
    let call = phones.play_named("呼入接听", 30).await;
    let boss = phones.test.super_admin().await;
    let page = format!("/calls/{call}");
    lies_at("gone.wav").await;
    phones.test.run_jobs().await;
    let failed = boss.get(&page).await;
    assert!(failed.body.contains("没有取回：交换机没有给出录音") && failed.texts("audio").is_empty(), "{}", failed.body);
    lies_at("words").await;
    phones.test.later(SignedDuration::from_mins(6)).await;
    let failed = boss.get(&page).await;
    assert!(failed.body.contains("取回的不是录音"), "what may pass is tried again by itself: {}", failed.body);

    lies_at("call.wav").await;
    let id = call.to_string();
    let asked = boss.submit(&page, "/do/call/recording", &[("call", &id), ("leg", &id)]).await;
    assert!(asked.body.contains("正在取回录音"), "{}", asked.body);
    phones.test.run_jobs().await;
    let path = boss.get(&page).await.attribute("audio", "src");
    assert_eq!(boss.get(&path).await.body.len(), SOUND.len());
    let agent = phones.test.signed_in("a@example.com").await;
    let refused = agent.call("/do/call/recording", &[("call", &id), ("leg", &id)]).await;
    assert_eq!(refused.json()["problems"], serde_json::json!([["", "forbidden"]]));
}

#[tokio::test]
async fn s53_a_recording_plays_in_parts_for_whoever_may_listen() {
    let phones = Phones::new().await;
    let call = phones.play_named("呼入接听", 30).await;
    let system = phones.test.system().await;
    let boss = phones.test.super_admin().await;
    let page = format!("/calls/{call}");
    assert!(boss.get(&page).await.body.contains("还没有取回"), "told of, not fetched");
    call::commands::recording::keep(&system, call, LegId(call.0), Bytes::from_static(SOUND)).await.expect("kept");
    let path = boss.get(&page).await.attribute("audio", "src");
    assert_eq!(path, format!("/calls/{call}/recordings/{call}"));

    let whole = boss.get(&path).await;
    let header = |answer: &crate::tests::browser::Answer, name: &str| {
        answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    assert_eq!((whole.status, whole.body.len()), (200, SOUND.len()));
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert!(header(&whole, "content-type").starts_with("audio/"));

    let size = SOUND.len();
    let ask = async |range: &str| boss.send(Method::GET, &path, None, &[("range", range)]).await;
    let part = ask("bytes=16-19").await;
    assert_eq!((part.status, part.body.as_str(), header(&part, "content-range")), (206, "0123", format!("bytes 16-19/{size}")));
    let tail = ask("bytes=-3").await;
    assert_eq!((tail.status, tail.body.as_str()), (206, "xyz"));
    let outside = ask(&format!("bytes={size}-")).await;
    assert_eq!((outside.status, header(&outside, "content-range")), (416, format!("bytes */{size}")));
    let etag = header(&whole, "etag");
    let headers = [("range", "bytes=16-19"), ("if-range", etag.as_str())];
    assert_eq!(boss.send(Method::GET, &path, None, &headers).await.status, 206);
    let headers = [("range", "bytes=16-19"), ("if-range", "\"older\"")];
    assert_eq!(boss.send(Method::GET, &path, None, &headers).await.status, 200, "a part of something else would not fit");

    let heard = "select count(*) from audit_entries where action = 'call.recording_heard'";
    assert_eq!(phones.test.ask::<i64>(heard).await, 1, "one listening, in however many pieces");
    phones.test.app.clock.advance(SignedDuration::from_mins(31));
    assert_eq!(ask("bytes=1-").await.status, 206);
    assert_eq!(phones.test.ask::<i64>(heard).await, 2, "a later one counts wherever it begins");
    let agent = phones.test.signed_in("a@example.com").await;
    assert_eq!(agent.get(&path).await.status, 403);
    assert!(agent.get(&page).await.texts("audio").is_empty());
    assert_eq!(phones.test.visitor().get(&path).await.status, 303);
    phones.test.tamper(format!("update agents set status = 9 where email = '{}'", crate::tests::app::ADMIN)).await;
    assert_ne!(ask("bytes=16-19").await.status, 206, "every part is asked for anew");
}

#[tokio::test]
async fn s53_a_record_of_another_call_is_none_of_this_one() {
    let phones = Phones::new().await;
    let (one, other) = (phones.play_named("呼入接听", 30).await, phones.play_named("呼入接听", 10).await);
    let system = phones.test.system().await;
    call::commands::recording::keep(&system, one, LegId(one.0), Bytes::from_static(SOUND)).await.expect("kept");
    let boss = phones.test.super_admin().await;
    assert_eq!(boss.get(&format!("/calls/{other}/recordings/{one}")).await.status, 404);
    assert_eq!(boss.get(&format!("/calls/{other}/recordings/{other}")).await.status, 404);
    let refused = call::commands::recording::keep(&system, other, LegId(one.0), Bytes::from_static(SOUND)).await;
    assert!(refused.is_err(), "a recording belongs to a record of its call");
}

//! The pages, and the receiver of the installation itself, without scripting.

use super::receiver::{Catcher, Mood};
use super::{desk, to};
use crate::tests::app::TestApp;
use crate::tests::ticket::Desk;
use jiff::SignedDuration;
use webhook::commands::save;
use webhook::model::Profile;

#[tokio::test]
async fn a_subscription_is_made_shown_its_secret_once_and_replaced() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    let browser = desk.test.super_admin().await;
    assert!(browser.get("/settings/webhooks").await.body.contains("还没有消息转发"));
    let wrong = browser.submit("/settings/webhooks/new", "/do/webhook/save", &[("name", "CRM"), ("url", "ftp://x")]).await;
    assert_eq!(wrong.attribute("#webhook-name", "value"), "CRM", "nothing typed is lost");
    assert!(wrong.text(".wrong").contains("https"), "{}", wrong.body);
    let fields =
        [("name", "CRM"), ("url", catcher.url.as_str()), ("profile", "standard"), ("enabled", "true"), ("topics[]", "ticket.created")];
    let page = browser.submit("/settings/webhooks/new", "/do/webhook/save", &fields).await;
    let secret = page.text("#secret");
    assert!(secret.starts_with("whsec_") && secret.len() == 38, "{}", page.body);
    let id: uuid::Uuid = desk.test.ask("select id from webhooks").await;
    let path = format!("/settings/webhooks/{id}");
    assert!(!browser.get(&path).await.body.contains(&secret), "once");
    let stored: String = desk.test.ask("select encode(secret_sealed, 'escape') from webhooks").await;
    assert!(!stored.contains(&secret));
    let id_text = id.to_string();
    let page = browser.submit(&path, "/do/webhook/rotate", &[("webhook", &id_text)]).await;
    let second = page.text("#secret");
    assert!(second.starts_with("whsec_") && second != secret, "{}", page.body);
    // The other profile spells it otherwise: it is shown once more.
    let version = desk.test.ask::<i32>("select version from webhooks").await.to_string();
    let other = [
        ("id", id_text.as_str()),
        ("version", version.as_str()),
        ("name", "CRM"),
        ("url", catcher.url.as_str()),
        ("profile", "original"),
        ("enabled", "true"),
        ("topics[]", "ticket.created"),
    ];
    let third = browser.submit(&path, "/do/webhook/save", &other).await.text("#secret");
    assert!(third.len() == 48 && third.bytes().all(|byte| byte.is_ascii_hexdigit()), "{third}");
    let list = browser.get("/settings/webhooks").await;
    assert!(list.body.contains("CRM") && list.body.contains("工单创建"));
    let taken = browser.submit("/settings/webhooks/new", "/do/webhook/save", &[("name", "crm"), ("url", &catcher.url)]).await;
    assert!(taken.text(".wrong").contains("同名"), "{}", taken.body);
}

#[tokio::test]
async fn the_log_shows_the_request_and_the_answer_and_sends_again() {
    let (desk, catcher) = (desk().await, Catcher::start().await);
    save(&desk.admin, to(&catcher.url, "CRM", Profile::Standard)).await.expect("saved");
    catcher.answer(Mood::Words("收到了"));
    desk.ticket("退款").await;
    desk.test.run_jobs().await;
    let browser = desk.test.super_admin().await;
    let log = browser.get("/settings/webhooks/log?state=delivered").await;
    assert!(log.body.contains("工单创建") && log.body.contains("已送达"), "{}", log.body);
    assert!(browser.get("/settings/webhooks/log?state=given_up").await.body.contains("没有符合条件的消息"));
    assert!(browser.get("/settings/webhooks/log?to=2026-11-01").await.body.contains("没有符合条件的消息"));
    let id: uuid::Uuid = desk.test.ask("select id from webhook_deliveries").await;
    let entry = browser.get(&format!("/settings/webhooks/log/{id}")).await;
    for part in ["webhook-signature: v1,", "收到了", "退款", "POST http://127.0.0.1"] {
        assert!(entry.body.contains(part), "{part}: {}", entry.body);
    }
    let id_text = id.to_string();
    browser.post(&format!("/settings/webhooks/log/{id}"), "/do/webhook/replay", &[("delivery", &id_text)]).await;
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 2);
    browser.post("/settings/webhooks/log?state=delivered", "/do/webhook/replay_all", &[("state", "delivered")]).await;
    desk.test.run_jobs().await;
    assert_eq!(catcher.caught().len(), 3);
    let topics = browser.get("/settings/webhooks/topics").await;
    assert!(topics.body.contains("ticket.rated") && topics.body.contains("revision"), "{}", topics.body);
}

/// A desk whose program is served on a port of this machine, with private addresses forbidden as usual.
async fn served() -> Desk {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let test = TestApp::configured(|config| config.listen = address).await;
    test.serve(listener);
    Desk::of(test).await
}

#[tokio::test]
async fn the_installation_s_own_receiver_checks_signatures_and_fails_when_told() {
    let desk = served().await;
    let browser = desk.test.super_admin().await;
    assert!(browser.get("/settings/webhooks/receiver").await.body.contains("还没有试收地址"));
    let page = browser.submit("/settings/webhooks/receiver", "/do/webhook/receiver/open", &[("sure", "true")]).await;
    let url = page.attribute("#receiver-url", "value");
    assert!(url.starts_with("http://127.0.0.1:8080/hook/"), "{url}");
    for (name, profile) in [("标准", Profile::Standard), ("兼容", Profile::Original)] {
        save(&desk.admin, to(&url, name, profile)).await.expect("our own address is allowed");
    }
    browser.post("/settings/webhooks/receiver", "/do/webhook/receiver/answer", &[("reply", "error")]).await;
    desk.ticket("试一试").await;
    desk.test.run_jobs().await;
    desk.test.later(SignedDuration::from_secs(1)).await;
    assert_eq!(desk.test.list::<i16>("select seal from webhook_catches order by caught_at, id").await, [1, 2]);
    let faults: i64 = desk.test.ask("select count(*) from webhook_requests where status = 500").await;
    assert_eq!(faults, 1, "it failed once");
    desk.test.later(SignedDuration::from_secs(5)).await;
    assert_eq!(desk.test.list::<i16>("select state from webhook_deliveries").await, [1, 1]);
    let page = browser.get("/settings/webhooks/receiver").await;
    assert!(page.body.contains("签名正确（Standard Webhooks）") && page.body.contains("签名正确（X-Log-Sign）"), "{}", page.body);
    // Whoever knows the address but no secret is shown as such; a wrong address is none.
    let visitor = desk.test.visitor();
    let path = url.strip_prefix("http://127.0.0.1:8080").expect("a path").to_owned();
    let headers = [("webhook-id", "x"), ("webhook-timestamp", "1795311730"), ("webhook-signature", "v1,x")];
    assert_eq!(visitor.send(axum::http::Method::POST, &path, Some("{}".to_owned()), &headers).await.status, 200);
    assert_eq!(desk.test.ask::<i64>("select count(*) from webhook_catches where seal = 3").await, 1);
    assert_eq!(visitor.send(axum::http::Method::POST, "/hook/unbekannt", Some("{}".to_owned()), &[]).await.status, 404);
    let other = browser.submit("/settings/webhooks/receiver", "/do/webhook/receiver/open", &[("sure", "true")]).await;
    assert_ne!(other.attribute("#receiver-url", "value"), url);
    assert_eq!(visitor.send(axum::http::Method::POST, &path, Some("{}".to_owned()), &[]).await.status, 404, "the old address is gone");
    let page = browser.submit("/settings/webhooks/receiver", "/do/webhook/receiver/clear", &[("sure", "true")]).await;
    assert!(page.body.contains("还没有收到请求"));
}

//! /metrics: what the operator sees of requests, jobs and mails.

use crate::tests::app::TestApp;
use axum::body::Body;
use axum::http::Request;
use kernel::permission::Role;
use tower::ServiceExt;

#[tokio::test]
async fn requests_jobs_and_mails_are_counted_without_ids() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    admin.get("/settings/company").await;
    admin.get("/tickets/0192e6f0-0000-7000-8000-000000000000").await;
    admin.get("/no/such/page").await;
    test.new_agent("lilei@example.com", "李雷", Role::TicketAgent, Vec::new()).await;
    let system = test.system().await;
    let mailbox = mail::import::mailbox_for_import(&system, "service@shop.example").await.expect("a mailbox");
    let raw = "From: he@customer.example\r\nTo: service@shop.example\r\nSubject: x\r\nMessage-ID: <1@x>\r\n\r\ny\r\n";
    let arrival = mail::commands::Arrival { mailbox, uid: Some((1, 1)), raw: raw.into(), seen_at: system.now() };
    mail::commands::receive(&system, arrival).await.expect("stored");
    test.run_jobs().await;
    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let answer = crate::web::health::admin_router(test.app.clone()).oneshot(request).await.expect("an answer");
    let text = String::from_utf8(axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body").to_vec()).expect("UTF-8");
    for line in [
        "kefu_requests_total{method=\"GET\",route=\"/settings/company\",status=\"2xx\"}",
        "kefu_requests_total{method=\"GET\",route=\"/tickets/{id}\",status=\"4xx\"}",
        "kefu_requests_total{method=\"POST\",route=\"/do/{*name}\",status=\"3xx\"}",
        "kefu_request_seconds_bucket{le=\"0.5\",route=\"/settings/company\"}",
        "kefu_jobs_total{kind=\"react\",outcome=\"done\"}",
        "kefu_job_wait_seconds_count{kind=\"react\"}",
        "kefu_job_seconds_count{kind=\"react\"}",
        "kefu_mail_lag_seconds_count ",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("kefu_mail_lag_seconds_count 0\n"), "{text}");
    assert!(!text.contains("no/such") && !text.contains("0192e6f0"), "no ids in labels: {text}");
}

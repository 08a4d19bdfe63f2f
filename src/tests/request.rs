//! What stands before every request: origins, headers, errors, addresses (S11, S42, S50, S52, S57).

use crate::tests::app::TestApp;
use axum::http::Method;

#[tokio::test]
async fn s42_a_foreign_origin_changes_nothing() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let form = || Some("input[lang]=en&input[back]=/".to_owned());
    for headers in [&[("origin", "https://evil.example")][..], &[], &[("origin", "null")], &[("sec-fetch-site", "cross-site")]] {
        let answer = admin.send(Method::POST, "/do/language", form(), headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
}

#[tokio::test]
async fn s52_every_answer_has_its_headers() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    for path in ["/sign-in", "/nothing-here", "/kefu.css", "/healthz", "/tickets"] {
        let answer = visitor.get(path).await;
        for name in [
            "x-content-type-options",
            "referrer-policy",
            "content-security-policy",
            "cross-origin-opener-policy",
            "permissions-policy",
            "cache-control",
        ] {
            assert!(answer.headers.contains_key(name), "{path} lacks {name}");
        }
    }
    let policy = visitor.get("/sign-in").await.headers["content-security-policy"].to_str().unwrap_or("").to_owned();
    assert!(policy.contains("'nonce-") && !policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn s57_inner_matters_are_not_shown_outside() {
    let test = TestApp::new().await;
    let visitor = test.visitor();
    assert_eq!(visitor.get("/metrics").await.status, 404);
    assert_eq!(visitor.get("/healthz").await.status, 200);
    assert_eq!(visitor.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn s50_an_unknown_page_names_the_request_and_nothing_else() {
    let test = TestApp::new().await;
    let answer = test.visitor().get("/nothing-here").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.text(".oops code"), answer.headers["x-request-id"].to_str().unwrap_or(""));
}

#[tokio::test]
async fn an_empty_installation_shows_its_first_visit_and_nobody_can_sign_in() {
    let test = TestApp::empty().await;
    let visitor = test.visitor();
    assert_eq!(visitor.get("/").await.location(), "/welcome");
    assert_eq!(visitor.get("/welcome").await.text("h1"), "开始使用");
    let answer = visitor.submit("/sign-in", "/do/sign_in", &[("email", "admin"), ("password", "admin"), ("next", "")]).await;
    assert!(answer.text(".wrongs").contains("邮箱或密码不对"), "{}", answer.body);
}

#[tokio::test]
async fn s28_days_and_places_out_of_every_calendar_break_no_page() {
    let test = TestApp::new().await;
    let admin = test.super_admin().await;
    let far = "-377000000000000000";
    let id = "00000000000000000000000000000001";
    for day in ["-009999-01-01", "0000-01-01", "9999-12-31", "2026-02-30", "x"] {
        for path in [
            "/reports/ticket-satisfaction?from=DAY&to=DAY",
            "/reports/ticket-satisfaction/rows?metric=rated&from=DAY&to=DAY",
            "/reports/ticket-satisfaction?from=DAY",
            "/reports/ticket-satisfaction?to=DAY",
            "/tickets?created_from=DAY&updated_to=DAY",
            "/tickets?created_to=DAY&updated_from=DAY",
            "/settings/audit?from=DAY&to=DAY",
        ] {
            let path = path.replace("DAY", day);
            let answer = admin.get(&path).await;
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body);
        }
    }
    for path in ["/tickets?view=all", "/customers", "/mail", "/settings/audit", "/reports/ticket-satisfaction/rows?metric=rated"] {
        for cursor in [format!("a.{far}.{id}"), format!("b.{far}.{id}"), format!("a.{}.{id}", i64::MAX), format!("a.x.{id}"), "x".to_owned()] {
            let path = format!("{path}{}at={cursor}", if path.contains('?') { '&' } else { '?' });
            let answer = admin.get(&path).await;
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.body);
        }
    }
}

//! 操作审计 (S49): who changed what, before and after; a tampered trail is found.

use super::{LILEI, choice, invited};
use crate::tests::app::TestApp;
use identity::commands::account::{disable, enable};
use identity::commands::company;
use identity::model::company::CompanyInput;
use identity::queries::audit::{AuditEntry, AuditFilter, audit_csv, audit_page, audit_verify};
use kernel::error::Error;
use kernel::lang::Lang;
use kernel::permission::Role;
use serde_json::json;

#[tokio::test]
async fn every_change_is_there_with_before_and_after_and_by_whom() {
    let test = TestApp::new().await;
    let agent = invited(&test).await;
    let browser = test.super_admin().await;
    browser.post("/settings/company", "/do/company/edit", &[("name", "新名字"), ("time_zone", "Asia/Tokyo"), ("lang", "en")]).await;
    browser.post("/settings/agents", "/do/agent/disable", &[("id", &agent.to_string())]).await;

    let admin = test.admin().await;
    let rows = audit_page(&admin, &AuditFilter::default()).await.expect("the trail").rows;
    let (disabled, renamed) = (&rows[0], &rows[1]);
    assert_eq!((disabled.action.as_str(), disabled.object_id, disabled.object_label.as_str()), ("agent.disabled", Some(agent.0), "李雷"));
    assert_eq!(
        (disabled.before.clone(), disabled.after.clone()),
        (Some(json!({"status": "not_activated"})), Some(json!({"status": "disabled"})))
    );
    assert_eq!(
        (disabled.actor_name.as_str(), disabled.actor_id, disabled.ip.as_deref()),
        ("韩梅梅", admin.actor.uuid(), Some("127.0.0.1"))
    );
    assert_eq!(renamed.before, Some(json!({"name": "测试公司", "time_zone": "Asia/Shanghai", "lang": "zh"})));
    assert_eq!(renamed.after, Some(json!({"name": "新名字", "time_zone": "Asia/Tokyo", "lang": "en"})));
    assert_ne!(disabled.request_id, renamed.request_id);

    let only = async |filter: AuditFilter| -> Vec<String> {
        audit_page(&admin, &filter).await.expect("rows").rows.into_iter().map(|row| row.action).collect()
    };
    assert_eq!(only(AuditFilter { kind: "company".to_owned(), q: "tokyo".to_owned(), ..AuditFilter::default() }).await, ["company.edited"]);
    assert_eq!(only(AuditFilter { object: Some(agent.0), ..AuditFilter::default() }).await, ["agent.disabled", "agent.created"]);
    assert!(only(AuditFilter { to: Some(jiff::civil::date(2026, 11, 21)), ..AuditFilter::default() }).await.is_empty());
    let page = browser.get("/settings/audit").await;
    assert!(page.status == 200 && page.body.contains("新名字"), "{}", page.body);
}

#[tokio::test]
async fn no_secret_is_written_into_the_trail() {
    let test = TestApp::new().await;
    invited(&test).await;
    let rows: Vec<String> = test.list("select (before, after)::text from audit_entries").await;
    assert!(rows.len() >= 4);
    assert!(rows.iter().all(|row| !row.contains("argon2") && !row.contains("password")), "{rows:?}");
}

#[tokio::test]
async fn s49_a_trail_that_was_tampered_with_is_found() {
    for (what, tampering) in [
        ("an entry rewritten", r#"update audit_entries set after = '{"status": "enabled"}' where action = 'agent.disabled'"#),
        ("another name under it", "update audit_entries set actor_name = '李雷' where action = 'agent.disabled'"),
        ("another person under it", "update audit_entries set actor_id = gen_random_uuid() where action = 'agent.disabled'"),
        ("the program made of a person", "update audit_entries set actor_kind = 4 where action = 'agent.disabled'"),
        ("another address", "update audit_entries set ip = '203.0.113.7' where action = 'agent.disabled'"),
        ("no request", "update audit_entries set request_id = null where action = 'agent.disabled'"),
        ("another time", "update audit_entries set created_at = created_at + interval '1 microsecond' where action = 'agent.disabled'"),
        ("an entry taken out of the middle", "delete from audit_entries where action = 'agent.disabled'"),
        ("the end cut off", "delete from audit_entries where action = 'agent.enabled'"),
        ("the head wound back", "update audit_heads set entries = entries - 1"),
    ] {
        let test = TestApp::new().await;
        let agent = test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
        let admin = test.admin().await;
        disable(&admin, choice(agent)).await.expect("disabled");
        enable(&admin, choice(agent)).await.expect("enabled");
        let whole = audit_verify(&admin).await.expect("verified");
        assert!(whole.is_whole() && whole.entries >= 5, "{whole:?}");
        test.tamper(tampering).await;
        let broken = audit_verify(&admin).await.expect("verified");
        assert!(!broken.is_whole(), "{what}: {broken:?}");
    }
}

#[tokio::test]
async fn s49_entries_written_side_by_side_still_hang_together() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let all = (0..40).map(|number| {
        let admin = admin.clone();
        async move {
            let input = CompanyInput {
                name: format!("公司 {number}"),
                time_zone: "Asia/Shanghai".to_owned(),
                lang: Lang::Zh,
                ..CompanyInput::default()
            };
            company::edit(&admin, input).await
        }
    });
    assert!(futures_util::future::join_all(all).await.iter().all(Result::is_ok));
    let report = audit_verify(&admin).await.expect("verified");
    assert!(report.is_whole() && report.entries >= 42, "{report:?}");
}

#[tokio::test]
async fn s47_the_trail_as_a_file_starts_no_formula_and_needs_the_right() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let input = CompanyInput {
        name: "=HYPERLINK(\"http://evil.example\")".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        lang: Lang::Zh,
        ..CompanyInput::default()
    };
    company::edit(&admin, input).await.expect("renamed");
    let file = String::from_utf8(audit_csv(&admin, &AuditFilter::default(), plain).await.expect("a file")).expect("UTF-8");
    assert!(file.starts_with('\u{feff}') && file.contains("'=HYPERLINK"), "{file}");
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    for record in reader.records() {
        let record = record.expect("a row");
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{record:?}");
    }
    test.new_agent(LILEI, "李雷", Role::TicketAgent, Vec::new()).await;
    assert!(matches!(audit_csv(&test.ctx_of(LILEI).await, &AuditFilter::default(), plain).await, Err(Error::Forbidden(_))));
}

/// An entry's words for the file, as they are stored.
fn plain(entry: &AuditEntry, _: Lang) -> [String; 5] {
    [entry.action.clone(), entry.object_kind.clone(), entry.object_label.clone(), String::new(), String::new()]
}

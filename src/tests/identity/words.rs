//! 操作审计 in words: no program's keys, no empty changes, no entry for nothing.

use crate::tests::app::TestApp;
use customer::model::CustomerInput;
use ticket::model::setting::SettingsInput;

#[tokio::test]
async fn the_trail_speaks_of_customers_and_settings_in_words() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let he = CustomerInput {
        nickname: "何静".to_owned(),
        emails: "he@example.com".to_owned(),
        partner_id: Some("CM-1".to_owned()),
        ..CustomerInput::default()
    };
    let id = customer::commands::create(&admin, he.clone()).await.expect("created");
    let vip = CustomerInput { id: Some(id), vip_level: 3, emails: "he@example.com\nhe2@example.com".to_owned(), ..he };
    let version = test.ask::<i32>("select version from customers").await;
    customer::commands::edit(&admin, CustomerInput { version, ..vip }).await.expect("edited");
    let settings = SettingsInput { version: 0, reason: String::new(), reopen_on_reply: false, recent_hours: 12, sender_hourly: 30 };
    ticket::commands::setting::save(&admin, settings.clone()).await.expect("saved");
    ticket::commands::setting::save(&admin, SettingsInput { version: 1, ..settings }).await.expect("nothing to save");
    assert_eq!(test.ask::<i64>("select count(*) from settings").await, 1, "equal values are no version");
    assert_eq!(test.ask::<i64>("select count(*) from audit_entries where object_kind = 'settings'").await, 1);

    let browser = test.super_admin().await;
    let changed = |body: &str, words: &str| assert!(body.contains(words), "{words}: {body}");
    let created = browser.get("/settings/audit?kind=customer").await;
    let lines = created.texts("ul.diff li");
    for line in ["对接ID 由 – 改为 CM-1", "VIP等级 由 0 改为 3", "联系方式 由 – 改为 he2@example.com"] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.ends_with("由 – 改为 –") || line.contains('{')), "{lines:#?}");
    let settings = browser.get("/settings/audit?kind=settings").await;
    changed(&settings.text("ul.diff"), "每位发件人每小时最多");
    assert!(!settings.texts("ul.diff li").iter().any(|line| line.contains('_')), "a setting stands there by its key: {}", settings.body);
    let file = browser.get("/settings/audit/file").await.body;
    for words in ["修改,客户,何静", "VIP等级：3", "联系方式：he2@example.com"] {
        changed(&file, words);
    }
    assert!(!file.contains("partner_id") && !file.contains("\"\"normal"), "{file}");
}

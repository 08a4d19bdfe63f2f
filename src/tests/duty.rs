//! 工作时间: the form of a calendar, and by which one a group works.

use crate::tests::app::TestApp;
use identity::model::company::GroupInput;
use kernel::id::GroupId;
use routing::model::{CalendarChoice, CalendarInput};
use routing::{commands, queries};

fn office(name: &str) -> CalendarInput {
    CalendarInput {
        name: name.to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        monday: "9:00-18:00".to_owned(),
        ..CalendarInput::default()
    }
}

async fn group(test: &TestApp, name: &str) -> GroupId {
    let input = GroupInput { name: name.to_owned(), ..GroupInput::default() };
    identity::commands::group::create(&test.admin().await, input).await.expect("a group")
}

async fn name_of(test: &TestApp, group: Option<GroupId>) -> Option<String> {
    let admin = test.admin().await;
    let kept = queries::of_group(&mut admin.read().await.expect("a transaction"), group).await.expect("a calendar");
    kept.map(|kept| kept.name)
}

#[tokio::test]
async fn a_group_works_by_its_own_calendar_or_the_default_one() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let (first, second) = (group(&test, "售后组").await, group(&test, "夜班组").await);
    assert_eq!(name_of(&test, Some(first)).await, None, "day and night");
    commands::save(&admin, CalendarInput { is_default: true, ..office("白班") }).await.expect("saved");
    let night = commands::save(&admin, CalendarInput { groups: vec![second], ..office("夜班") }).await.expect("saved");
    assert_eq!(name_of(&test, Some(first)).await.as_deref(), Some("白班"));
    assert_eq!(name_of(&test, None).await.as_deref(), Some("白班"), "what no group has");
    assert_eq!(name_of(&test, Some(second)).await.as_deref(), Some("夜班"));
    // A group works by one: chosen elsewhere it leaves, and one default takes the place of the other.
    commands::save(&admin, CalendarInput { groups: vec![second], is_default: true, ..office("轮班") }).await.expect("saved");
    assert_eq!(name_of(&test, Some(second)).await.as_deref(), Some("轮班"));
    assert_eq!(name_of(&test, Some(first)).await.as_deref(), Some("轮班"));
    let stale = commands::save(&admin, CalendarInput { id: Some(night), version: 7, ..office("夜班") }).await;
    assert!(stale.is_err(), "somebody saved meanwhile");
    let shift = queries::list(&admin).await.expect("a list").into_iter().find(|kept| kept.name == "轮班").expect("it");
    commands::delete(&admin, CalendarChoice { id: shift.id }).await.expect("deleted");
    assert_eq!(name_of(&test, Some(second)).await, None);
    let kinds: Vec<String> = test.list("select action from audit_entries where action like 'calendar.%' order by created_at, id").await;
    assert_eq!(kinds, ["calendar.created", "calendar.created", "calendar.created", "calendar.deleted"]);
}

#[tokio::test]
async fn hours_that_cannot_be_read_are_said_beside_their_day_and_nothing_is_lost() {
    let test = TestApp::new().await;
    let browser = test.super_admin().await;
    let fields = [("name", "白班"), ("time_zone", "Asia/Shanghai"), ("monday", "9点到6点"), ("days", "2026-10-01 国庆节\n国庆")];
    let page = browser.submit("/settings/duty/new", "/do/duty/save", &fields).await;
    assert_eq!(page.attribute("#calendar-monday", "aria-invalid"), "true", "{}", page.body);
    assert!(page.body.contains("9点到6点") && page.body.contains("国庆节\n国庆"), "{}", page.body);
    let fields = [("name", "白班"), ("time_zone", "Asia/Shanghai"), ("monday", "22-6"), ("days", "2099-10-01~2099-10-03 国庆节")];
    let answer = browser.post("/settings/duty/new", "/do/duty/save", &fields).await;
    let page = browser.get(&answer.location()).await;
    assert_eq!(page.attribute("#calendar-monday", "value"), "22:00-06:00", "{}", page.body);
    assert!(page.body.contains("2099-10-01~2099-10-03 国庆节"), "{}", page.body);
    assert_eq!(page.texts(".duty li").len(), 14);
    assert!(browser.get("/settings/duty").await.body.contains("周一 22:00-06:00"));
    let again = browser.submit("/settings/duty/new", "/do/duty/save", &[("name", " 白班 "), ("time_zone", "UTC")]).await;
    assert!(again.body.contains("这个名称已被使用"), "{}", again.body);
}

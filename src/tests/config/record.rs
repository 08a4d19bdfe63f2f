//! 记录: what the history says of who did something, what it leaves alone, and who is refused for it.

use super::file::{EMPTY, put};
use super::{minute, send};
use crate::tests::app::{TestApp, problem};
use config::commands::{keep_file, roll_back};
use config::model::RestoreInput;
use identity::model::company::GroupInput;
use jiff::SignedDuration;
use kernel::configured::record::begin;
use kernel::error::Problem;
use kernel::setting;
use satisfaction::model::SatisfactionSettings;
use uuid::Uuid;

async fn versions_of(test: &TestApp) -> i64 {
    test.ask("select count(*) from config_versions").await
}

#[tokio::test]
async fn what_a_release_writes_otherwise_is_nobodys_change_and_no_beginning() {
    let test = TestApp::new().await;
    assert_eq!(test.ask::<i64>("select count(*) from config_versions where is_baseline and version > 1").await, 0);
    let before = versions_of(&test).await;
    begin(&test.app).await.expect("complete");
    assert_eq!(versions_of(&test).await, before, "there is nothing to say");
    // The release before knew nothing of descriptions.
    test.tamper("update config_versions set document = document - 'description' where kind = 'group' and document ? 'name'").await;
    begin(&test.app).await.expect("complete");
    let who: Vec<String> =
        test.list("select distinct actor_name from config_versions where kind = 'group' and version > 1 and not is_baseline").await;
    assert_eq!(who, ["系统"]);
    // What the command line makes is made, not found there.
    put(&test.system().await, &format!("{EMPTY}\n[[unit]]\nname = \"华东\"\n"), false).await;
    assert_eq!(test.ask::<i64>("select count(*) from config_versions where kind = 'unit' and name = '华东' and not is_baseline").await, 1);
    let page = test.super_admin().await.get("/settings/history?kind=unit").await;
    assert!(page.text(".audit .what").contains("新建"), "{}", page.body);
}

#[tokio::test]
async fn one_row_that_cannot_be_read_stops_nobody() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let mut tx = admin.begin().await.expect("a transaction");
    setting::save(&mut tx, &SatisfactionSettings { validity: 3, ..SatisfactionSettings::default() }, 0, "").await.expect("saved");
    tx.commit().await.expect("committed");
    let kept = "select count(*) from config_versions where kind = 'satisfaction_settings'";
    let before: i64 = test.ask(kept).await;
    test.tamper("update settings set document = '7'").await;
    send(&test.super_admin().await, ("/do/unit/save", &[("name", "华东")]), Uuid::nil()).await;
    assert_eq!(test.ask::<i64>("select count(*) from config_versions where kind = 'unit' and name = '华东'").await, 1);
    begin(&test.app).await.expect("the others");
    assert_eq!(test.ask::<i64>(kept).await, before, "what cannot be read is not deleted");
}

#[tokio::test]
async fn who_is_slower_than_somebody_elses_change_is_refused() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let new = GroupInput { name: "新组".to_owned(), ..GroupInput::default() };
    let group = identity::commands::group::create(&admin, new).await.expect("a group");
    let edited = GroupInput { id: Some(group), name: "老组".to_owned(), ..GroupInput::default() };
    identity::commands::group::edit(&admin, edited).await.expect("edited");
    let input = RestoreInput { kind: "group".to_owned(), object: group.0, version: 1, last: 2, reason: String::new() };
    // The way back waits for the row; meanwhile somebody saves something that waits for nothing.
    let mut held = admin.begin().await.expect("a transaction");
    sqlx::query("select from groups for update").execute(&mut *held).await.expect("held");
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let mut tx = admin.begin().await.expect("a transaction");
        setting::save(&mut tx, &SatisfactionSettings { validity: 3, ..SatisfactionSettings::default() }, 0, "").await.expect("saved");
        tx.commit().await.expect("committed");
        held.commit().await.expect("let go");
    };
    let (done, ()) = tokio::join!(roll_back(&admin, &input), meanwhile);
    assert_eq!(problem(done), Problem::Stale);
    assert_eq!(test.ask::<String>(format!("select name from groups where id = '{}'", group.0)).await, "老组");
    roll_back(&admin, &input).await.expect("and now it goes back");
}

#[tokio::test]
async fn a_view_that_somebody_took_back_is_theirs() {
    let test = TestApp::new().await;
    let (admin, browser) = (test.admin().await, test.super_admin().await);
    send(&browser, ("/do/ticket/view/save", &[("name", "等我的"), ("shared", "true"), ("query", "view=mine")]), Uuid::nil()).await;
    let view: Uuid = test.ask("select id from ticket_views").await;
    send(&browser, ("/do/ticket/view/save", &[("id", "{id}"), ("name", "我自己的"), ("query", "view=mine")]), view).await;
    let input = RestoreInput { kind: "view".to_owned(), object: view, version: 1, last: 2, reason: String::new() };
    assert_eq!(problem(roll_back(&admin, &input).await), Problem::Stale);
    assert!(test.ask::<bool>("select not shared and name = '我自己的' from ticket_views").await);
}

#[tokio::test]
async fn an_uploaded_file_is_gone_after_its_day() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    keep_file(&admin, "kefu.toml", EMPTY.as_bytes()).await.expect("kept");
    test.app.clock.advance(SignedDuration::from_hours(23));
    crate::worker::schedule::housekeeping(&test.system().await).await.expect("swept");
    assert_eq!(test.ask::<i64>("select count(*) from config_files").await, 1);
    test.app.clock.advance(SignedDuration::from_hours(1) + minute());
    crate::worker::schedule::housekeeping(&test.system().await).await.expect("swept");
    assert_eq!(test.ask::<i64>("select count(*) from config_files").await, 0);
}

//! Files that nothing names do not stay for ever, and named ones do.

use crate::tests::app::TestApp;
use jiff::SignedDuration;
use kernel::store::{self, Owner};

async fn stored(test: &TestApp) -> usize {
    use futures_util::StreamExt;
    let prefix = object_store::path::Path::from(test.company.to_string());
    object_store::ObjectStore::list(&*test.app.store, Some(&prefix)).count().await
}

/// The store writes down real time; the program's clock is set to it.
fn at_real_time(test: &TestApp) {
    let now = kernel::clock::Clock::default().now();
    test.app.clock.advance(now.since(test.app.clock.now()));
}

#[tokio::test]
async fn what_nothing_names_is_swept_after_a_day() {
    let test = TestApp::new().await;
    at_real_time(&test);
    let ctx = test.system().await;
    let named = store::put(&ctx, "named".into()).await.expect("put");
    let mut tx = ctx.begin().await.expect("a transaction");
    let owner = Owner { kind: "picture", id: ctx.uuid() };
    store::name(&mut tx, &named, "a.txt", owner, None).await.expect("named");
    tx.commit().await.expect("committed");
    let unnamed = store::put(&ctx, "unnamed".into()).await.expect("put");
    let before = stored(&test).await;
    crate::worker::schedule::housekeeping(&ctx).await.expect("swept");
    assert_eq!(stored(&test).await, before, "its transaction may be under way");
    test.app.clock.advance(SignedDuration::from_hours(25));
    crate::worker::schedule::housekeeping(&ctx).await.expect("swept");
    assert_eq!(stored(&test).await, before - 1);
    assert!(store::read(&ctx, &named.sha256).await.is_ok());
    assert!(store::read(&ctx, &unnamed.sha256).await.is_err());
}

#[tokio::test]
async fn a_removed_company_leaves_no_files() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    store::put(&ctx, "something".into()).await.expect("put");
    assert!(stored(&test).await > 0);
    test.tamper("update directory.companies set is_demo = true").await;
    identity::commands::company::remove_company(&test.app, test.company).await.expect("removed");
    assert_eq!(stored(&test).await, 0);
}

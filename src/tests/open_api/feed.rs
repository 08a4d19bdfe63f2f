//! 读取变更: nothing is passed by, whoever commits late (D21).

use super::client;
use super::client::{Client, code, reason};
use crate::tests::app::TestApp;
use jiff::SignedDuration;
use kernel::event::Event;
use kernel::id::TicketId;
use std::time::Duration;
use uuid::Uuid;

fn event(number: u128) -> Event {
    Event::TicketEdited { ticket: TicketId(Uuid::from_u128(number)) }
}

/// What the feed says from a place on, and where to go on.
async fn read(client: &Client, since: &str) -> (Vec<String>, String) {
    let sent = [("since", since)];
    let answer = client.get("/api/changes", if since.is_empty() { &[] } else { &sent }).await.json();
    let changes = answer["item"]["changes"].as_array().unwrap_or_else(|| panic!("no changes: {answer}"));
    let ids = changes.iter().map(|change| change["objectid"].as_str().unwrap_or_default().to_owned()).collect();
    (ids, answer["item"]["next"].as_str().unwrap_or_default().to_owned())
}

/// The same, once it says so much: other databases of the cluster may have older transactions, which it waits for as well.
async fn told(test: &TestApp, client: &Client, since: &str, most: usize) -> (Vec<String>, String) {
    for _ in 0..200 {
        let (seen, place) = read(client, since).await;
        if seen.len() >= most {
            return (seen, place);
        }
        // Each call has its cost.
        test.app.clock.advance(SignedDuration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing is told after {since}");
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

#[tokio::test]
async fn d21_a_late_commit_is_told_of_and_nothing_twice() {
    let test = TestApp::new().await;
    let (client, system) = (client(&test).await, test.system().await);
    let (_, start) = read(&client, "").await;
    // The first to write is the last to commit.
    let mut late = system.begin().await.expect("a transaction");
    late.record(event(1)).await.expect("recorded");
    let mut early = system.begin().await.expect("a transaction");
    early.record(event(2)).await.expect("recorded");
    early.commit().await.expect("committed");
    let (seen, place) = read(&client, &start).await;
    assert_eq!(seen, Vec::<String>::new(), "the one behind a transaction that runs waits for it");
    late.commit().await.expect("committed");
    let (seen, place) = told(&test, &client, if place.is_empty() { &start } else { &place }, 2).await;
    assert_eq!(seen, [id(1), id(2)], "in the order of transactions");
    let mut third = system.begin().await.expect("a transaction");
    third.record(event(3)).await.expect("recorded");
    third.record(event(4)).await.expect("recorded");
    third.commit().await.expect("committed");
    let (seen, place) = told(&test, &client, &place, 2).await;
    assert_eq!(seen, [id(3), id(4)]);
    assert_eq!(read(&client, &place).await, (Vec::new(), place.clone()), "the place stays");
    let mut given_up = system.begin().await.expect("a transaction");
    given_up.record(event(5)).await.expect("recorded");
    drop(given_up);
    assert_eq!(read(&client, &place).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_place_is_refused_and_private_events_are_not_told() {
    let test = TestApp::new().await;
    let client = client(&test).await;
    for bad in ["x", "1", "1.x", "-1.00000000-0000-0000-0000-000000000000", "99999999999999999999.00000000-0000-0000-0000-000000000000"] {
        let refused = client.get("/api/changes", &[("since", bad)]).await;
        assert_eq!((code(&refused), reason(&refused)), ("400005".to_owned(), "cursor_bad".to_owned()), "{bad}");
    }
    let agent = kernel::id::AgentId(Uuid::from_u128(9));
    let mut tx = test.system().await.begin().await.expect("a transaction");
    tx.record(Event::PasswordForgotten { agent }).await.expect("recorded");
    tx.commit().await.expect("committed");
    assert!(!read(&client, "").await.0.contains(&id(9)));
}

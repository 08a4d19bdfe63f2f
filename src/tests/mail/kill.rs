//! `kill -9` at any moment: of an import, and of the serving program while it fetches and decides. Afterwards every mail
//! is there once, with one verdict and one ticket.

use super::Written;
use super::program::{Program, some_time};
use super::servers::{servers, somebody, until};
use crate::tests::app::TestApp;
use std::fmt::Write;
use std::time::Duration;

const MAILS: usize = 240;

/// Each from somebody else, so that no limit holds.
fn written(number: usize) -> Written {
    Written::by(&format!("c{number}@customer.example"), &format!("第 {number} 封"))
        .with("Message-ID", format!("<m{number}@customer.example>"))
}

/// Every mail has one row, one verdict and one ticket with one message.
async fn assert_each_once(test: &TestApp, mails: usize) {
    let mails = i64::try_from(mails).expect("few");
    for (what, sql) in [
        ("rows", "select count(*) from mails where direction = 0"),
        ("ids", "select count(distinct message_id) from mails where direction = 0"),
        ("verdicts", "select count(*) from mails where state = 2 and verdict = 'new_ticket' and ticket_id is not null"),
        ("tickets of mails", "select count(distinct ticket_id) from mails"),
        ("tickets", "select count(*) from tickets"),
        ("titles", "select count(distinct title) from tickets"),
        ("messages", "select count(*) from ticket_messages"),
        ("customers", "select count(*) from customers"),
    ] {
        assert_eq!(test.ask::<i64>(sql).await, mails, "{what}");
    }
}

#[tokio::test]
async fn an_import_that_is_killed_loses_nothing_and_doubles_nothing() {
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let mut mbox = String::new();
    for number in 0..MAILS {
        let raw = String::from_utf8(written(number).raw()).expect("text");
        let _ = write!(mbox, "From c{number}@customer.example Fri Nov 20 11:02:03 2026\n{}\n\n", raw.trim_end().replace("\r\n", "\n"));
    }
    let file = program.folder.join("many.mbox");
    std::fs::write(&file, mbox).expect("written");
    let arguments = ["mail", "import", "--company", "测试公司", "--mailbox", super::SERVICE, file.to_str().expect("a path")];
    let (mut killed, mut seen) = (0, 0);
    for round in 0..12 {
        let mut running = program.start(&arguments, "killed");
        // Not before it has begun: something new is there.
        until("it imports", async || {
            let now: i64 = test.ask("select count(*) from mails").await;
            let has_begun = now > seen || running.has_ended();
            seen = now;
            has_begun
        })
        .await;
        some_time(Duration::from_millis(200)).await;
        killed += usize::from(!running.has_ended());
        running.kill();
        seen = test.ask("select count(*) from mails").await;
        if round >= 5 && seen >= i64::try_from(MAILS / 2).expect("few") {
            break;
        }
    }
    assert!(killed >= 3, "it was killed at work: {killed}");
    let lines = program.import(std::slice::from_ref(&file));
    assert_eq!(lines.len(), MAILS);
    assert!(lines.iter().all(|line| line["verdict"] == "new_ticket" && line["ticket_number"].is_number()), "{lines:?}");
    assert_each_once(&test, MAILS).await;
    // What the killed ones left to the worker is done already.
    test.run_jobs().await;
    assert_each_once(&test, MAILS).await;
    let again = program.import(&[file]);
    assert_eq!(again, lines, "the same answers again");
    assert_each_once(&test, MAILS).await;
}

#[tokio::test]
async fn a_serving_program_that_is_killed_loses_nothing_and_doubles_nothing() {
    let Some(servers) = servers() else { return };
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let user = somebody();
    servers.mailbox(&test, &user).await;
    for number in 0..MAILS {
        servers.drop_off(&user, &written(number).raw());
    }
    let (mut killed, mut seen) = (0, -1);
    while killed < 5 {
        // As if the minute had passed that a dead program's leases hold.
        test.tamper("update mailboxes set lease_until = null; update jobs set lease_until = now() - interval '1 second' where state = 1")
            .await;
        let mut running = program.start(&["serve"], "served");
        let progress = "select count(*) + count(ticket_id) from mails";
        until("it works", async || {
            assert!(!running.has_ended(), "it ended by itself");
            let now: i64 = test.ask(progress).await;
            let moves = now > seen && now > 0 || now == 2 * i64::try_from(MAILS).expect("few");
            seen = now;
            moves
        })
        .await;
        some_time(Duration::from_millis(500)).await;
        running.kill();
        killed += 1;
    }
    test.tamper("update mailboxes set lease_until = null; update jobs set lease_until = now() - interval '1 second' where state = 1").await;
    let _last = program.start(&["serve"], "served");
    until("everything is decided", async || {
        test.ask::<i64>("select count(*) from mails where state = 2").await == i64::try_from(MAILS).expect("few")
    })
    .await;
    until("nothing is left to do", async || {
        test.ask::<i64>("select count(*) from jobs where state in (0, 1) and kind in ('react', 'react_once', 'mail_send')").await == 0
    })
    .await;
    assert_each_once(&test, MAILS).await;
}

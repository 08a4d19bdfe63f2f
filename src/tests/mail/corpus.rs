//! More than a hundred real-world mails that nobody here wrote (`bin/corpus`), imported and through real servers: none
//! lost, none twice, each with its verdict.

use super::Post;
use super::program::Program;
use super::servers::{servers, somebody, until};
use crate::tests::app::TestApp;
use mail::import::split_mbox;
use std::collections::BTreeSet;
use std::path::PathBuf;

const VERDICTS: [&str; 4] = ["new_ticket", "appended", "suppressed", "quarantined"];

/// The files; without them the test says that it did not run.
fn files() -> Option<Vec<PathBuf>> {
    let Some(folder) = std::env::var_os("KEFU_TEST_CORPUS") else {
        eprintln!("did not run: KEFU_TEST_CORPUS names no folder; bin/corpus FOLDER fetches one");
        return None;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() >= 100, "only {} files", files.len());
    Some(files)
}

#[tokio::test]
async fn every_real_mail_has_one_line_and_one_row_with_a_verdict() {
    let Some(files) = files() else { return };
    let test = TestApp::new().await;
    let Some(program) = Program::beside(&test).await else { return };
    let mails: Vec<Vec<u8>> = files
        .iter()
        .flat_map(|file| split_mbox(&std::fs::read(file).expect("readable")).into_iter().map(|raw| raw.into_owned()).collect::<Vec<_>>())
        .collect();
    let lines = program.import(&files);
    assert_eq!(lines.len(), mails.len(), "a line each");
    for line in &lines {
        let text = |key: &str| line[key].as_str().unwrap_or_default();
        assert!(VERDICTS.contains(&text("verdict")) && !text("reason").is_empty(), "{line}");
        assert_ne!(text("reason"), "processing_failed", "{line}");
        assert!(text("verdict") != "new_ticket" || line["ticket_number"].is_number(), "{line}");
        assert!(!text("subject").contains("=?utf") && !text("from_name").contains("=?utf"), "{line}");
        assert!(!text("text").contains("──"), "no drawing of tables: {line}");
    }
    let opened = lines.iter().filter(|line| line["verdict"] == "new_ticket").count();
    assert!(opened >= 100, "{opened}");
    let unlike: BTreeSet<&Vec<u8>> = mails.iter().collect();
    let count = async |sql: &str| test.ask::<i64>(sql).await;
    let rows = i64::try_from(unlike.len()).expect("few");
    assert_eq!(count("select count(*) from mails").await, rows, "a row each");
    assert_eq!(count("select count(*) from mails where verdict is null or reason is null").await, 0);
    let tickets = count("select count(*) from tickets").await;
    assert_eq!(count("select count(distinct ticket_id) from mails where verdict = 'new_ticket'").await, tickets);
    assert_eq!(program.import(&files), lines, "the same again says the same");
    assert_eq!((count("select count(*) from mails").await, count("select count(*) from tickets").await), (rows, tickets));
}

#[tokio::test]
async fn real_mails_through_real_servers_arrive_once_each() {
    let (Some(files), Some(servers)) = (files(), servers()) else { return };
    let (post, user) = (Post::new().await, somebody());
    let mailbox = servers.mailbox(&post.test, &user).await;
    let mut taken = 0;
    for file in &files {
        for raw in split_mbox(&std::fs::read(file).expect("readable")) {
            taken += usize::from(servers.hand_over("sender@mail.test", &format!("{user}@mail.test"), &raw).await);
        }
    }
    assert!(taken >= 100, "the server took {taken}");
    until("all are delivered", async || servers.delivered_to(&user).len() == taken).await;
    let new = mail::imap::fetch_once(&post.ctx, mailbox).await.expect("fetched");
    assert_eq!(new, taken, "none lost on the way");
    post.test.run_jobs().await;
    let count = async |sql: &str| post.test.ask::<i64>(sql).await;
    let taken = i64::try_from(taken).expect("few");
    assert_eq!(count("select count(*) from mails where direction = 0").await, taken);
    assert_eq!(count("select count(*) from mails where direction = 0 and (verdict is null or reason is null)").await, 0);
    assert_eq!(count("select count(*) from jobs where state = 3").await, 0, "nothing gave up");
    assert_eq!(count("select count(*) from mails where verdict = 'new_ticket'").await, count("select count(*) from tickets").await);
    assert_eq!(mail::imap::fetch_once(&post.ctx, mailbox).await.expect("fetched"), 0);
}

//! The worker against the database: claims, fences, quarantine, schedules (D7, F14, F22).

use crate::tests::app::TestApp;
use crate::worker::schedule::Housekeeping;
use crate::worker::{self, commands, queries, queue};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::id::{CompanyId, JobId, MailId};
use kernel::job::{self, Job};
use kernel::lang::Lang;
use kernel::time::Stamp;
use mail::commands::send::Outgoing;
use mail::jobs::MailSend;
use serde::{Deserialize, Serialize};
use stats::model::ExportInput;
use std::collections::HashSet;
use std::time::Duration;
use webhook::jobs::ForwardMessages;

/// A job that nothing runs: it fails each time.
#[derive(Serialize, Deserialize)]
struct Probe {
    number: u32,
    key: Option<String>,
}

impl Job for Probe {
    const KIND: &'static str = "probe";
    const ATTEMPTS: i32 = 2;

    fn dedup_key(&self) -> Option<String> {
        self.key.clone()
    }
}

async fn put(ctx: &Ctx, number: u32) -> JobId {
    let mut tx = ctx.begin().await.expect("a transaction");
    let id = job::enqueue(&mut tx, &Probe { number, key: None }).await.expect("enqueued");
    tx.commit().await.expect("committed");
    id
}

/// State, attempt, fence and error of a job.
async fn row(ctx: &Ctx, id: JobId) -> (i16, i32, i64, Option<String>) {
    let mut tx = ctx.read().await.expect("a transaction");
    sqlx::query_as("select state, attempt, fence, error from jobs where company_id = $1 and id = $2")
        .bind(ctx.company)
        .bind(id)
        .fetch_one(&mut *tx)
        .await
        .expect("the job is there")
}

/// A program whose company was founded and has nothing left to do.
async fn quiet() -> (TestApp, Ctx) {
    let test = TestApp::new().await;
    test.run_jobs().await;
    let ctx = test.system().await;
    let mut tx = ctx.begin().await.expect("a transaction");
    sqlx::query("delete from jobs where company_id = $1").bind(ctx.company).execute(&mut *tx).await.expect("deleted");
    tx.commit().await.expect("committed");
    (test, ctx)
}

#[tokio::test]
async fn a_job_that_is_rolled_back_never_was_and_a_dedup_key_makes_one_of_two() {
    let (test, ctx) = quiet().await;
    let mut tx = ctx.begin().await.expect("a transaction");
    job::enqueue(&mut tx, &Probe { number: 1, key: None }).await.expect("enqueued");
    drop(tx);
    assert!(queue::claim(&test.app, 8).await.expect("claimed").is_empty());

    let mut tx = ctx.begin().await.expect("a transaction");
    let first = job::enqueue(&mut tx, &Probe { number: 1, key: Some("k".into()) }).await.expect("enqueued");
    let second = job::enqueue(&mut tx, &Probe { number: 2, key: Some("k".into()) }).await.expect("enqueued");
    tx.commit().await.expect("committed");
    assert_eq!(first, second);
    let claimed = queue::claim(&test.app, 8).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].payload["number"], 2, "the later payload wins");

    // A newer one waits while the older runs and fails: the older gives way.
    let mut tx = ctx.begin().await.expect("a transaction");
    let newer = job::enqueue(&mut tx, &Probe { number: 3, key: Some("k".into()) }).await.expect("enqueued");
    tx.commit().await.expect("committed");
    assert_ne!(newer, first);
    assert!(queue::fail(&claimed[0], "x").await.expect("written"));
    assert_eq!(row(&ctx, first).await.0, 2);
    assert_eq!(row(&ctx, newer).await.0, 0);
}

#[tokio::test]
async fn f22_a_job_that_fails_waits_longer_each_time_and_is_quarantined_with_a_way_back() {
    let (test, ctx) = quiet().await;
    let id = put(&ctx, 1).await;
    assert_eq!(test.run_jobs().await, 1);
    assert_eq!(test.run_jobs().await, 0, "it waits");
    let (state, attempt, _, error) = row(&ctx, id).await;
    assert_eq!((state, attempt), (0, 1));
    assert!(error.expect("an error").contains("no runner"));
    assert_eq!(test.later(SignedDuration::from_secs(13)).await, 1);
    assert_eq!(row(&ctx, id).await.0, 3);
    assert_eq!(test.later(SignedDuration::from_hours(7)).await, 0, "it is not tried again by itself");

    let seen = queries::quarantined(&ctx).await.expect("a list");
    assert_eq!((seen.len(), seen[0].id, seen[0].attempt), (1, id, 2));
    commands::replay(&ctx, id).await.expect("replayed");
    assert!(commands::replay(&ctx, id).await.is_err(), "only what is quarantined can be replayed");
    assert_eq!(test.run_jobs().await, 1);
    assert_eq!(row(&ctx, id).await.1, 1, "its attempts begin anew");
    test.later(SignedDuration::from_secs(13)).await;
    commands::discard(&ctx, id).await.expect("given up");
    assert!(queries::quarantined(&ctx).await.expect("a list").is_empty());
    commands::restore(&ctx, id).await.expect("back");
    assert_eq!(queries::standing(&ctx).await.expect("numbers").quarantined, 1);
    assert_eq!(commands::replay_all(&ctx).await.expect("replayed"), 1);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_changes_nothing() {
    let (test, ctx) = quiet().await;
    let id = put(&ctx, 1).await;
    let first = queue::claim(&test.app, 8).await.expect("claimed").remove(0);
    assert!(queue::claim(&test.app, 8).await.expect("claimed").is_empty(), "it is leased");
    test.app.clock.advance(SignedDuration::from_secs(50));
    assert!(queue::renew(&first).await.expect("renewed"));
    test.app.clock.advance(SignedDuration::from_secs(50));
    assert!(queue::claim(&test.app, 8).await.expect("claimed").is_empty(), "the lease was renewed");
    test.app.clock.advance(SignedDuration::from_secs(61));
    let second = queue::claim(&test.app, 8).await.expect("claimed").remove(0);
    assert_eq!((second.attempt, second.fence), (2, first.fence + 1));
    assert!(!queue::finish(&first).await.expect("an answer"));
    assert!(!queue::fail(&first, "late").await.expect("an answer"));
    assert!(!queue::renew(&first).await.expect("an answer"));
    assert_eq!(row(&ctx, id).await.0, 1);
    assert!(queue::finish(&second).await.expect("an answer"));
    assert_eq!(row(&ctx, id).await.0, 2);
}

#[tokio::test]
async fn f22_a_job_that_kills_its_process_is_quarantined_and_its_neighbours_go_on() {
    let (test, ctx) = quiet().await;
    let id = put(&ctx, 1).await;
    for _ in 0..2 {
        assert_eq!(queue::claim(&test.app, 8).await.expect("claimed").len(), 1);
        test.app.clock.advance(SignedDuration::from_secs(61));
    }
    let neighbour = put(&ctx, 2).await;
    let claimed = queue::claim(&test.app, 8).await.expect("claimed");
    assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [neighbour]);
    let (state, attempt, _, error) = row(&ctx, id).await;
    assert_eq!((state, attempt, error.as_deref()), (3, 2, Some("lease expired on last attempt")));
}

#[tokio::test]
async fn a_lease_given_back_costs_no_attempt() {
    let (test, ctx) = quiet().await;
    let id = put(&ctx, 1).await;
    let job = queue::claim(&test.app, 8).await.expect("claimed").remove(0);
    assert!(queue::release(&job).await.expect("an answer"));
    assert_eq!((row(&ctx, id).await.0, row(&ctx, id).await.1), (0, 0));
    assert_eq!(queue::claim(&test.app, 8).await.expect("claimed").len(), 1, "it is due at once");
}

#[tokio::test]
async fn d7_no_company_waits_behind_another_ones_flood() {
    let (test, ctx) = quiet().await;
    let other: CompanyId = test.new_company("另一家公司", "other@example.com").await;
    test.run_jobs().await;
    for number in 0..40 {
        put(&ctx, number).await;
    }
    let other_ctx = test.app.system(other).await.expect("the company");
    let theirs = put(&other_ctx, 1).await;
    let claimed = queue::claim(&test.app, 8).await.expect("claimed");
    assert!(claimed.len() <= 8);
    assert!(claimed.iter().any(|job| job.id == theirs));
    // Nothing of the flood is lost either.
    let mut seen: HashSet<JobId> = claimed.iter().map(|job| job.id).collect();
    loop {
        let claimed = queue::claim(&test.app, 8).await.expect("claimed");
        if claimed.is_empty() {
            break;
        }
        seen.extend(claimed.iter().map(|job| job.id));
    }
    assert_eq!(seen.len(), 41);
}

#[tokio::test]
async fn many_workers_take_each_job_once() {
    let (test, ctx) = quiet().await;
    for number in 0..60 {
        put(&ctx, number).await;
    }
    let workers = (0..4).map(|_| {
        let app = test.app.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..30 {
                mine.extend(queue::claim(&app, 3).await.expect("claimed").into_iter().map(|job| job.id));
            }
            mine
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.expect("a worker"));
    }
    assert_eq!(all.len(), 60);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 60);
}

#[tokio::test]
async fn a_job_of_a_transaction_that_was_open_during_a_claim_is_not_forgotten() {
    let (test, ctx) = quiet().await;
    put(&ctx, 1).await;
    let mut tx = ctx.begin().await.expect("a transaction");
    let late = job::enqueue(&mut tx, &Probe { number: 2, key: None }).await.expect("enqueued");
    assert_eq!(queue::claim(&test.app, 8).await.expect("claimed").len(), 1);
    tx.commit().await.expect("committed");
    let claimed = queue::claim(&test.app, 8).await.expect("claimed");
    assert_eq!(claimed.iter().map(|job| job.id).collect::<Vec<_>>(), [late]);
}

#[tokio::test]
async fn f14_a_late_schedule_runs_once_and_jumps_ahead() {
    let (test, ctx) = quiet().await;
    let count = async || -> i64 {
        let mut tx = ctx.read().await.expect("a transaction");
        sqlx::query_scalar("select count(*) from jobs where company_id = $1 and kind = 'housekeeping'")
            .bind(ctx.company)
            .fetch_one(&mut *tx)
            .await
            .expect("a number")
    };
    assert_eq!(count().await, 0);
    test.later(SignedDuration::from_hours(5 * 24)).await;
    assert_eq!(count().await, 1, "five days late: once");
    test.later(SignedDuration::from_hours(1)).await;
    assert_eq!(count().await, 1);
    test.later(SignedDuration::from_hours(24)).await;
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn housekeeping_removes_what_is_old() {
    let (test, ctx) = quiet().await;
    let mut tx = ctx.begin().await.expect("a transaction");
    let old = job::enqueue(&mut tx, &Housekeeping {}).await.expect("enqueued");
    tx.commit().await.expect("committed");
    assert_eq!(test.run_jobs().await, 1);
    assert_eq!(row(&ctx, old).await.0, 2);
    test.later(SignedDuration::from_hours(9 * 24)).await;
    let mut tx = ctx.read().await.expect("a transaction");
    let left: i64 = sqlx::query_scalar("select count(*) from jobs where company_id = $1 and id = $2")
        .bind(ctx.company)
        .bind(old)
        .fetch_one(&mut *tx)
        .await
        .expect("a number");
    assert_eq!(left, 0);
    // Partitions of the months ahead are there for the app to write, and only to write.
    let partition: bool = sqlx::query_scalar(
        "select to_regclass('audit_entries_2027_02') is not null and not has_table_privilege('audit_entries_2027_02', 'delete')",
    )
    .fetch_one(&mut *tx)
    .await
    .expect("an answer");
    assert!(partition);
}

#[tokio::test]
async fn the_loop_runs_what_is_enqueued_and_stops_when_asked() {
    let (test, ctx) = quiet().await;
    let running = tokio::spawn(worker::run(test.app.clone()));
    let mut tx = ctx.begin().await.expect("a transaction");
    let id = job::enqueue(&mut tx, &Housekeeping {}).await.expect("enqueued");
    tx.commit().await.expect("committed");
    for _ in 0..100 {
        if row(&ctx, id).await.0 == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(row(&ctx, id).await.0, 2);
    test.app.stopping.raise();
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it stops").expect("it does not panic");
}

#[tokio::test]
async fn f22_what_waits_for_a_job_that_is_given_up_has_failed() {
    let (test, ctx) = quiet().await;
    let admin = test.admin().await;
    let export = stats::commands::export(&admin, ExportInput::default()).await.expect("asked for");
    let mut tx = ctx.begin().await.expect("a transaction");
    let later = Some(test.app.clock.now().plus(SignedDuration::from_hours(1)));
    let mail = mail::commands::send::send(&mut tx, letter(later)).await.expect("it waits");
    tx.commit().await.expect("committed");
    test.tamper(format!("update exports set state = 1; update mails set state = 1 where id = '{mail}'")).await;
    // Each attempt kills its process, the last one too: the leases run out.
    let most: i32 = test.ask("select max(max_attempts) from jobs where kind in ('stats_export', 'mail_send')").await;
    test.app.clock.advance(SignedDuration::from_hours(1));
    for _ in 0..=most {
        queue::claim(&test.app, 8).await.expect("claimed");
        test.app.clock.advance(SignedDuration::from_secs(61));
    }
    assert_eq!(test.ask::<i16>(format!("select state from exports where id = '{export}'")).await, 3);
    let given_up = test.ask::<String>(format!("select state || ' ' || last_error from mails where id = '{mail}'")).await;
    assert_eq!(given_up, "3 lease expired on last attempt");
    assert!(test.ask::<bool>(format!("select possibly_sent from mails where id = '{mail}'")).await, "nobody knows how far it came");
    assert_eq!(test.ask::<i64>("select count(*) from events where kind = 'mail_failed'").await, 1);
}

#[tokio::test]
async fn f21_what_forwards_messages_takes_no_room() {
    let (test, ctx) = quiet().await;
    let mut tx = ctx.begin().await.expect("a transaction");
    job::enqueue(&mut tx, &ForwardMessages {}).await.expect("enqueued");
    tx.commit().await.expect("committed");
    let forwarding = queue::claim_beside(&test.app, 8, &[]).await.expect("claimed");
    assert_eq!(forwarding.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["forward_messages"]);
    for number in 0..6 {
        put(&ctx, number).await;
    }
    let more = queue::claim_beside(&test.app, 8, &forwarding.iter().collect::<Vec<_>>()).await.expect("claimed");
    assert_eq!(more.len(), 4, "all lanes of the company are free");
}

fn letter(send_at: Option<Stamp>) -> Outgoing {
    Outgoing {
        mailbox: None,
        to: vec![("he@example.com".to_owned(), "何静".to_owned())],
        cc: Vec::new(),
        subject: "您好".to_owned(),
        html: "<p>您好</p>".to_owned(),
        text: "您好".to_owned(),
        ticket: None,
        message: None,
        in_reply_to: None,
        references: Vec::new(),
        auto: false,
        files: Vec::new(),
        send_at,
        lang: Lang::Zh,
    }
}

#[tokio::test]
async fn slow_mail_servers_of_one_company_leave_lanes_to_everything_else() {
    let (test, ctx) = quiet().await;
    let mut tx = ctx.begin().await.expect("a transaction");
    for _ in 0..6 {
        job::enqueue(&mut tx, &MailSend { mail: MailId(ctx.uuid()) }).await.expect("enqueued");
    }
    tx.commit().await.expect("committed");
    test.app.clock.advance(SignedDuration::from_secs(1));
    for number in 0..6 {
        put(&ctx, number).await;
    }
    let other = test.new_company("别家", "boss@other.example").await;
    let elsewhere = test.app.system(other).await.expect("a context");
    let kinds = |jobs: &[queue::Leased], company: CompanyId| {
        let own: Vec<_> = jobs.iter().filter(|job| job.ctx.company == company).collect();
        (own.len(), own.iter().filter(|job| job.kind == "mail_send").count())
    };
    let mut running = Vec::new();
    for _ in 0..3 {
        let more = queue::claim_beside(&test.app, 8 - running.len(), &running.iter().collect::<Vec<_>>()).await.expect("claimed");
        running.extend(more);
    }
    assert_eq!(kinds(&running, ctx.company), (4, 2), "mails came first and got two of four lanes");
    // The other company finds room although it came last.
    put(&elsewhere, 9).await;
    running.retain(|job| job.ctx.company == ctx.company);
    let more = queue::claim_beside(&test.app, 8 - running.len(), &running.iter().collect::<Vec<_>>()).await.expect("claimed");
    assert_eq!(kinds(&more, ctx.company).0, 0);
    assert!(kinds(&more, other).0 > 0);
    // A mail that is through makes room for the next one.
    let done = running.iter().position(|job| job.kind == "mail_send").expect("a mail");
    queue::finish(&running.remove(done)).await.expect("written");
    let more = queue::claim_beside(&test.app, 8, &running.iter().collect::<Vec<_>>()).await.expect("claimed");
    assert_eq!(kinds(&more, ctx.company), (1, 1));
}

//! 收件: fetching by IMAP. One task looks after each mailbox; it holds the mailbox's lease, so that of several programs
//! one fetches, and its fence, so that one that lost the lease writes nothing more.

mod bound;
mod fetch;
mod session;

use crate::commands::{Fetcher, server};
use crate::reach::Refusal;
use crate::smtp::Server;
use fetch::{Care, Round, Trouble};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::{CompanyId, MailboxId};
use session::{Opened, STEP, Session};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long a lease holds without being renewed.
const LEASE: SignedDuration = SignedDuration::from_secs(90);
/// How often it is renewed, and settings are noticed.
const RENEW: Duration = Duration::from_secs(20);
/// How often new mailboxes are looked for.
const LOOK: Duration = Duration::from_secs(5);
/// How long a server is believed to tell of new mail by itself; some forget after half an hour, some after five minutes.
const IDLE: Duration = Duration::from_secs(300);
/// Connections that may break one after the other before the server is called out of order.
const MOST_BREAKS: u32 = 5;
/// The pause after a connection broke.
const SHORTLY: Duration = Duration::from_secs(2);
/// The longest pause before the next connection.
const LONGEST: Duration = Duration::from_secs(300);
/// How often a server is asked that does not tell.
const POLL: Duration = Duration::from_secs(60);

/// Looks after all mailboxes of all companies until the program stops.
pub async fn watch(app: Arc<App>) {
    let mut tasks: HashMap<MailboxId, JoinHandle<()>> = HashMap::new();
    while !app.stopping.is_raised() {
        tasks.retain(|_, task| !task.is_finished());
        match registered(&app).await {
            Ok(mailboxes) => {
                for (company, mailbox) in mailboxes {
                    tasks.entry(mailbox).or_insert_with(|| tokio::spawn(tend(app.clone(), company, mailbox)));
                }
            }
            Err(error) => tracing::warn!(%error, "mailboxes cannot be listed"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = app.stopping.raised() => {}
        }
    }
    let everybody = futures_util::future::join_all(tasks.into_values());
    if tokio::time::timeout(Duration::from_secs(10), everybody).await.is_err() {
        tracing::warn!("some mailboxes did not stop in time; their leases run out by themselves");
    }
}

/// Fetches once what is new in a mailbox; how many mails are new. System: for tests and the command line; it takes no
/// lease.
pub async fn fetch_once(ctx: &Ctx, mailbox: MailboxId) -> Result<usize> {
    const MOST_CONNECTIONS: usize = 12;
    let mut tx = ctx.begin().await?;
    let (server, folder) = server::imap_server(&mut tx, mailbox).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let round = Round { ctx: ctx.clone(), mailbox, folder, fetcher: Fetcher::Nobody };
    let mut care = Care::default();
    let before = ledger_size(ctx, mailbox).await?;
    for _ in 0..MOST_CONNECTIONS {
        let mut opened = session::open(&ctx.app, &server).await.map_err(problem)?;
        match fetch::round(&mut opened.session, &round, &mut care).await {
            Ok(_) => {
                log_out(opened.session).await;
                note(ctx, mailbox, None).await;
                return Ok(ledger_size(ctx, mailbox).await?.saturating_sub(before));
            }
            Err(Trouble::Broken(broken)) => fetch::remember(&round, &mut care, broken).await?,
            Err(Trouble::Refused(refusal)) => return Err(problem(refusal)),
            Err(Trouble::Ours(error)) => return Err(error),
        }
    }
    Err(problem(Refusal::Unreachable))
}

/// Signs in and opens the folder, for the mailbox's form.
///
/// # Errors
/// One of the closed set.
pub async fn test(app: &App, server: &Server, folder: &str) -> std::result::Result<(), Refusal> {
    position(app, server, folder).await.map(|_| ())
}

/// Where a folder stands: its UIDVALIDITY and the last UID it has given out.
///
/// # Errors
/// One of the closed set.
pub async fn position(app: &App, server: &Server, folder: &str) -> std::result::Result<(i64, i64), Refusal> {
    let mut opened = session::open(app, server).await?;
    let state = session::examine(&mut opened.session, folder).await?;
    log_out(opened.session).await;
    let last = state.uid_next.map_or(0, |next| i64::from(next) - 1);
    Ok((i64::from(state.uid_validity.unwrap_or(0)), last))
}

/// What a task holds.
struct Lease {
    mailbox: MailboxId,
    fence: i64,
    version: i32,
    server: Server,
    folder: String,
}

/// How one connection ended.
enum End {
    /// The lease is gone, the settings changed, or the program stops.
    Over,
    /// A message broke the connection: connect again soon.
    Broken,
    /// The server cannot be used.
    Refused(Refusal),
    /// Our own side failed.
    Ours(Error),
}

async fn registered(app: &Arc<App>) -> Result<Vec<(CompanyId, MailboxId)>> {
    let mut tx = app.directory().await?;
    let rows =
        sqlx::query!(r#"select company_id as "company: CompanyId", mailbox_id as "mailbox: MailboxId" from directory.mail_addresses"#)
            .fetch_all(&mut *tx)
            .await?;
    Ok(rows.into_iter().map(|row| (row.company, row.mailbox)).collect())
}

/// Looks after one mailbox as long as its lease and its settings hold.
async fn tend(app: Arc<App>, company: CompanyId, mailbox: MailboxId) {
    let Ok(ctx) = app.system(company).await else { return };
    let lease = match claim(&ctx, mailbox).await {
        Ok(Some(lease)) => lease,
        // Not in use, or somebody else looks after it; asked again with the next look.
        Ok(None) => return,
        Err(error) => return tracing::warn!(%mailbox, %error, "a mailbox cannot be claimed"),
    };
    let round = Round { ctx: ctx.clone(), mailbox, folder: lease.folder.clone(), fetcher: Fetcher::Lease(lease.fence) };
    let (mut care, mut failures) = (Care::default(), 0_u32);
    loop {
        let end = attend(&round, &lease, &mut care, &mut failures).await;
        let pause = match end {
            End::Over => break,
            // One message may break it a few times until it is set aside; who breaks every line is out of order.
            End::Broken => {
                failures += 1;
                if failures > MOST_BREAKS {
                    note(&ctx, mailbox, Some(Refusal::Unreachable)).await;
                }
                backoff(failures.saturating_sub(MOST_BREAKS)).min(if failures > MOST_BREAKS { LONGEST } else { SHORTLY })
            }
            End::Refused(refusal) => {
                failures += 1;
                note(&ctx, mailbox, Some(refusal)).await;
                backoff(failures)
            }
            End::Ours(error) => {
                failures += 1;
                tracing::warn!(%mailbox, %error, "fetching stopped on our own side");
                backoff(failures)
            }
        };
        if !hold_for(&ctx, &lease, pause).await {
            break;
        }
    }
    release(&ctx, &lease).await;
}

/// One connection: fetch, wait for news, fetch again.
async fn attend(round: &Round, lease: &Lease, care: &mut Care, failures: &mut u32) -> End {
    let ctx = &round.ctx;
    let Opened { mut session, has_idle } = match session::open(&ctx.app, &lease.server).await {
        Ok(opened) => opened,
        Err(refusal) => return End::Refused(refusal),
    };
    loop {
        match fetch::round(&mut session, round, care).await {
            Ok(_) => {
                *failures = 0;
                note(ctx, round.mailbox, None).await;
            }
            Err(Trouble::Broken(broken)) => {
                return match fetch::remember(round, care, broken).await {
                    Ok(()) => End::Broken,
                    Err(error) => End::Ours(error),
                };
            }
            Err(Trouble::Refused(refusal)) => return End::Refused(refusal),
            // The lease is gone: somebody else goes on.
            Err(Trouble::Ours(Error::Busy | Error::NotFound)) => return End::Over,
            Err(Trouble::Ours(error)) => return End::Ours(error),
        }
        if has_idle {
            session = match wait_for_news(session, ctx, lease).await {
                Ok(session) => session,
                Err(end) => return end,
            };
        } else if !hold_for(ctx, lease, POLL).await {
            log_out(session).await;
            return End::Over;
        }
    }
}

/// Waits until the server tells of something, or for five minutes; the lease is renewed meanwhile.
async fn wait_for_news(session: Session, ctx: &Ctx, lease: &Lease) -> std::result::Result<Session, End> {
    let mut handle = session.idle();
    match tokio::time::timeout(STEP, handle.init()).await {
        Ok(Ok(())) => {}
        _ => return Err(End::Broken),
    }
    let until = Instant::now() + IDLE;
    let is_held = {
        let (news, _stop) = handle.wait_with_timeout(IDLE * 2);
        tokio::pin!(news);
        loop {
            tokio::select! {
                told = &mut news => match told {
                    Ok(_) => break true,
                    Err(_) => return Err(End::Broken),
                },
                () = tokio::time::sleep_until(until) => break true,
                () = tokio::time::sleep(RENEW) => if !renew(ctx, lease).await { break false },
                () = ctx.app.stopping.raised() => break false,
            }
        }
    };
    match tokio::time::timeout(STEP, handle.done()).await {
        Ok(Ok(session)) if is_held => Ok(session),
        Ok(Ok(session)) => {
            log_out(session).await;
            Err(End::Over)
        }
        _ => Err(if is_held { End::Broken } else { End::Over }),
    }
}

/// Keeps the lease for a while; false when it is gone or the program stops.
async fn hold_for(ctx: &Ctx, lease: &Lease, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        if ctx.app.stopping.is_raised() || !renew(ctx, lease).await {
            return false;
        }
        let now = Instant::now();
        if now >= until {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(RENEW.min(until - now)) => {}
            () = ctx.app.stopping.raised() => {}
        }
    }
}

/// 15 s, 30 s, 1, 2, 4 minutes, then every five.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(15 << failures.clamp(1, 6).saturating_sub(1)).min(LONGEST)
}

async fn ledger_size(ctx: &Ctx, mailbox: MailboxId) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let size = sqlx::query_scalar!(
        r#"select count(*) as "n!" from mails where company_id = $1 and mailbox_id = $2 and direction = 0"#,
        company as _,
        mailbox as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(usize::try_from(size).unwrap_or(0))
}

async fn log_out(mut session: Session) {
    let _ = tokio::time::timeout(Duration::from_secs(5), session.logout()).await;
}

fn problem(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unreachable => Problem::MailUnreachable.into(),
        Refusal::AuthFailed => Problem::MailAuthFailed.into(),
        Refusal::NoFolder => Problem::NotFound.into(),
    }
}

async fn claim(ctx: &Ctx, mailbox: MailboxId) -> Result<Option<Lease>> {
    let mut tx = ctx.begin().await?;
    let (company, now) = (ctx.company, ctx.now());
    let row = sqlx::query!(
        "update mailboxes
        set lease_until = $3, lease_fence = lease_fence + 1
        where company_id = $1
        and id = $2
        and enabled
        and deleted_at is null
        and imap_host <> ''
        and (lease_until is null or lease_until < $4)
        returning lease_fence, version",
        company as _,
        mailbox as _,
        now.plus(LEASE),
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let Some((server, folder)) = server::imap_server(&mut tx, mailbox).await? else { return Ok(None) };
    tx.commit().await?;
    Ok(Some(Lease { mailbox, fence: row.lease_fence, version: row.version, server, folder }))
}

async fn renew(ctx: &Ctx, lease: &Lease) -> bool {
    let kept = async {
        let mut tx = ctx.begin().await?;
        let (company, until) = (ctx.company, ctx.now().plus(LEASE));
        let kept = sqlx::query!(
            "update mailboxes
            set lease_until = $5
            where company_id = $1
            and id = $2
            and lease_fence = $3
            and version = $4
            and enabled
            and deleted_at is null",
            company as _,
            lease.mailbox as _,
            lease.fence,
            lease.version,
            until,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok::<_, Error>(kept.rows_affected() == 1)
    };
    // A database that is away for a moment takes no lease from anybody.
    kept.await.unwrap_or(true)
}

async fn release(ctx: &Ctx, lease: &Lease) {
    let released = async {
        let mut tx = ctx.begin().await?;
        let company = ctx.company;
        sqlx::query!(
            "update mailboxes set lease_until = null where company_id = $1 and id = $2 and lease_fence = $3",
            company as _,
            lease.mailbox as _,
            lease.fence,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    };
    let _: Result = released.await;
}

/// Writes the mailbox's health down.
async fn note(ctx: &Ctx, mailbox: MailboxId, refusal: Option<Refusal>) {
    let noted = async {
        let mut tx = ctx.begin().await?;
        let (company, now) = (ctx.company, ctx.now());
        let error = refusal.map(|refusal| problem(refusal).problem().key());
        sqlx::query!(
            "update mailboxes
            set fetched_at = case when $3::text is null then $4 else fetched_at end, fetch_error = $3,
                failing_since = case when $3::text is null then null else coalesce(failing_since, $4) end
            where company_id = $1
            and id = $2",
            company as _,
            mailbox as _,
            error,
            now,
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    };
    let _: Result = noted.await;
}

//! 定时任务: work that comes back by the clock of its company. What is late runs once and then jumps ahead (F14).
//!
//! A schedule of a company is a row with its next time; the claim of the queue visits it, and when it is due one
//! statement moves it on and its job is enqueued in the same transaction: once, however many workers look. The upkeep of
//! the whole installation keeps its times in `directory.installation` in the same way.

use call::jobs::EndCalls;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CompanyId;
use kernel::job::{Job, enqueue};
use kernel::store;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use std::sync::Arc;
use trigger::jobs::TimedTriggers;
use trigger::model::TriggerKind;
use trigger::queries::has;

/// How often something comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// When the minute of the hour can be divided by this, 1 to 60.
    Minutes(i64),
    /// At this minute of every hour.
    Hour(i64),
    /// At this time of every day, in the company's zone.
    Day(Time),
}

/// 日常清理: the company's own upkeep.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Housekeeping {}

impl Job for Housekeeping {
    const KIND: &'static str = "housekeeping";
    const ATTEMPTS: i32 = 3;

    fn dedup_key(&self) -> Option<String> {
        Some(String::new())
    }
}

/// The schedules that every company has.
const SCHEDULES: &[(&str, Every)] =
    &[("housekeeping", Every::Day(Time::constant(3, 20, 0, 0))), ("timed_triggers", Every::Hour(0)), ("end_calls", Every::Hour(10))];

/// Notices, ended sessions and links that ran out are kept this long.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Pictures that stand in no text are kept this long: somebody may be about to send one.
const PICTURES_KEPT: SignedDuration = SignedDuration::from_hours(2 * 24);
/// Posts of the open platform are known by their key this long.
const POSTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Jobs that are done are kept this long.
const DONE_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows deleted in one transaction.
const CHUNK: i64 = 5_000;
/// How far back it is looked for sessions that ran out: some rounds, since one may have been put off.
const ABSENT: SignedDuration = SignedDuration::from_hours(1);

impl Every {
    /// The first time after `now`. A time of day that the clock jumps over comes right after the jump; one that comes
    /// twice counts the first time.
    pub fn next(self, now: Stamp, zone: &TimeZone) -> Stamp {
        let local = zone.to_datetime(now.0);
        let minute = i64::from(local.minute());
        // Within an hour the steps are real time, whatever the clocks do.
        let this_minute = now.minus(SignedDuration::from_secs(i64::from(local.second())));
        let this_minute = this_minute.minus(SignedDuration::from_nanos(i64::from(local.subsec_nanosecond())));
        match self {
            Every::Minutes(step) => {
                let step = step.clamp(1, 60);
                let next = ((minute / step + 1) * step).min(60);
                this_minute.plus(SignedDuration::from_mins(next - minute))
            }
            Every::Hour(at) => {
                let ahead = (at - minute).rem_euclid(60);
                this_minute.plus(SignedDuration::from_mins(if ahead == 0 { 60 } else { ahead }))
            }
            Every::Day(time) => {
                let mut day = local.date();
                loop {
                    let at = zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().map(Stamp);
                    match at {
                        Ok(at) if at > now => return at,
                        Ok(_) => day = day.saturating_add(1.day()),
                        // Only at the end of all time.
                        Err(_) => return now.plus(SignedDuration::from_hours(24)),
                    }
                }
            }
        }
    }
}

/// Enqueues the jobs of schedules that are due and moves them on; a company that has none yet gets them. Inside the
/// claim's transaction.
pub async fn enqueue_due(tx: &mut Tx) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // Looking takes no lock; nearly always there is nothing to do.
    let waiting: Vec<String> = sqlx::query_scalar!("select name from schedules where company_id = $1 and next_at > $2", company as _, now)
        .fetch_all(&mut **tx)
        .await?;
    for (name, every) in SCHEDULES {
        if !waiting.iter().any(|waiting| waiting == name) && is_ours(tx, name, *every).await? {
            enqueue_one(tx, name).await?;
        }
    }
    Ok(())
}

/// What a schedule comes back for.
async fn enqueue_one(tx: &mut Tx, name: &str) -> Result {
    match name {
        "housekeeping" => enqueue(tx, &Housekeeping {}).await.map(|_| ()),
        "timed_triggers" if has(tx, TriggerKind::Timed).await? => enqueue(tx, &TimedTriggers {}).await.map(|_| ()),
        "end_calls" if call::queries::has(tx).await? => enqueue(tx, &EndCalls {}).await.map(|_| ()),
        _ => Ok(()),
    }
}

/// Moves a schedule that is due on; whether it was due and nobody else moved it. One that the company does not have yet
/// begins with its next time.
async fn is_ours(tx: &mut Tx, name: &str, every: Every) -> Result<bool> {
    let (company, now, zone) = (tx.ctx.company, tx.ctx.now(), tx.ctx.zone.clone());
    let next = every.next(now, &zone);
    let was_due = sqlx::query_scalar!(
        "update schedules set next_at = $3 where company_id = $1 and name = $2 and next_at <= $4 returning name",
        company as _,
        name,
        next,
        now,
    )
    .fetch_optional(&mut **tx)
    .await?
    .is_some();
    if !was_due {
        sqlx::query!(
            "insert into schedules (company_id, name, next_at) values ($1, $2, $3) on conflict (company_id, name) do nothing",
            company as _,
            name,
            next,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(was_due)
}

/// Removes what is no longer needed of one company. System: a schedule.
pub async fn housekeeping(ctx: &Ctx) -> Result {
    let company = ctx.company;
    // Those whose session ran out while no worker looked.
    identity::commands::state::sweep(ctx).await?;
    loop {
        let mut tx = ctx.begin().await?;
        let jobs = sqlx::query!(
            "delete from jobs
            where company_id = $1
            and id in (select id from jobs where company_id = $1 and state = 2 and finished_at < $2 limit $3)",
            company as _,
            ctx.now().minus(DONE_KEPT),
            CHUNK,
        )
        .execute(&mut *tx)
        .await?;
        let notices = sqlx::query!(
            "delete from live_events
            where company_id = $1
            and (agent_id, seq) in (select agent_id, seq from live_events where company_id = $1 and created_at < $2 limit $3)",
            company as _,
            ctx.now().minus(KEPT),
            CHUNK,
        )
        .execute(&mut *tx)
        .await?;
        identity::commands::forget_links(&mut tx, ctx.now().minus(KEPT)).await?;
        config::commands::forget_files(&mut tx).await?;
        call::phone::commands::forget(&mut tx, ctx.now().minus(KEPT)).await?;
        ticket::commands::picture::sweep(&mut tx, ctx.now().minus(PICTURES_KEPT)).await?;
        let has_more = trigger::commands::record::forget(&mut tx, ctx.now().minus(KEPT), CHUNK).await?;
        let has_mails = ticket::commands::digest::forget(&mut tx, ctx.now().minus(KEPT), CHUNK).await?;
        let has_messages = webhook::commands::log::forget(&mut tx, ctx.now().minus(KEPT), CHUNK).await?;
        let has_calls = open_api::commands::call::forget(&mut tx, ctx.now().minus(KEPT), CHUNK).await?;
        let has_posts = open_api::commands::post::forget(&mut tx, ctx.now().minus(POSTS_KEPT), CHUNK).await?;
        tx.commit().await?;
        let has_more = has_more || has_mails || has_messages || has_calls || has_posts;
        if jobs.rows_affected() + notices.rows_affected() == 0 && !has_more {
            break;
        }
    }
    sweep(ctx).await
}

/// Deletes files that nothing names: their transaction never came, or their row is gone.
async fn sweep(ctx: &Ctx) -> Result {
    let company = ctx.company;
    for hashes in store::settled(ctx).await?.chunks(500) {
        let mut tx = ctx.read().await?;
        let unnamed = sqlx::query_scalar!(
            r#"select hash as "hash!"
            from unnest($2::bytea[]) hash
            where not exists (select from files f where f.company_id = $1 and f.sha256 = hash)
            and not exists (select from mails m where m.company_id = $1 and m.raw_sha256 = hash)"#,
            company as _,
            hashes,
        )
        .fetch_all(&mut *tx)
        .await?;
        drop(tx);
        for hash in unnamed {
            store::sweep(ctx, &hash).await?;
        }
    }
    Ok(())
}

/// Whoever's session ran out is offline: looked at every ten minutes, in the companies where that happened.
async fn note_absent(app: &Arc<App>, now: Stamp) -> Result {
    let mut tx = app.directory().await?;
    let is_time = is_due(&mut tx, "absences", Every::Minutes(10), now).await?;
    tx.commit().await?;
    if !is_time {
        return Ok(());
    }
    for company in identity::queries::session::ran_out(app, now.minus(ABSENT), now).await? {
        // No company waits for one that cannot be looked at now.
        if let Err(error) = sweep_absent(app, company).await {
            tracing::warn!(%error, %company, "who is absent was not noted");
        }
    }
    Ok(())
}

async fn sweep_absent(app: &Arc<App>, company: CompanyId) -> Result {
    identity::commands::state::sweep(&app.system(company).await?).await
}

/// The upkeep of the installation: every company has its turn, partitions exist before they are needed, ended sessions
/// and old counts of failed attempts go, whoever's session ran out is offline. Each part once a day, visitors' sessions
/// every hour, absences every ten minutes, however many nodes there are.
pub async fn upkeep(app: &Arc<App>) -> Result {
    let now = app.clock.now();
    note_absent(app, now).await?;
    let mut tx = app.directory().await?;
    if is_due(&mut tx, "sessions", Every::Hour(20), now).await? {
        // Forms of visitors who never came back for them.
        sqlx::query!("delete from directory.sessions where expires_at < $1 and agent_id is null", now).execute(&mut *tx).await?;
    }
    if !is_due(&mut tx, "upkeep", Every::Day(Time::constant(1, 10, 0, 0)), now).await? {
        return Ok(tx.commit().await?);
    }
    sqlx::query!("select ensure_partitions(($1::timestamptz at time zone 'UTC')::date) as created", now).fetch_one(&mut *tx).await?;
    sqlx::query!(
        "insert into directory.ready_companies (company_id, next_at)
        select company_id, $1 from directory.companies
        on conflict (company_id) do nothing",
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from directory.sessions where expires_at < $1", now.minus(KEPT)).execute(&mut *tx).await?;
    identity::throttle::forget_old(app).await?;
    tx.commit().await?;
    kernel::configured::record::begin(app).await
}

/// Whether a part of the installation's upkeep is due; it is moved on then, inside the caller's transaction.
async fn is_due(connection: &mut PgConnection, name: &str, every: Every, now: Stamp) -> Result<bool> {
    let moved = sqlx::query_scalar!(
        r#"update directory.installation
        set schedules = jsonb_set(schedules, array[$3], to_jsonb($1::timestamptz))
        where coalesce((schedules ->> $3)::timestamptz <= $2, true)
        returning true as "yes!""#,
        every.next(now, &TimeZone::UTC),
        now,
        name,
    )
    .fetch_optional(connection)
    .await?;
    Ok(moved.is_some())
}

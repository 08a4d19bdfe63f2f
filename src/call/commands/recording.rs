//! 录音: fetched from the switch that keeps it, kept in the object store, heard by whoever may (S53).

use crate::jobs::FetchRecording;
use crate::model::recording::{Fetched, RecordingChoice};
use crate::queries::detail;
use crate::queries::recording::{Source, need_leg, owner, sources};
use bytes::Bytes;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::egress::Refusal;
use kernel::error::{Error, Result};
use kernel::id::{CallId, FileId, LegId};
use kernel::job::{enqueue, enqueue_at};
use kernel::permission::Permission;
use kernel::store;
use kernel::tx::{Subject, Tx};

/// Bytes of a recording at most: some hours as telephones sound.
const MOST: usize = 50 * 1024 * 1024;
/// How often a switch is asked before it takes a person to ask again.
const TRIES: i16 = 5;
/// A player asks for a sound piece by piece, and people jump in it: within this time it is one listening.
const HEARING: SignedDuration = SignedDuration::from_mins(30);

/// Notes the recordings that a switch told of, and asks for those that are new or lie elsewhere now. System: the intake.
pub(crate) async fn note(tx: &mut Tx, call: CallId, told: &[(LegId, &str)]) -> Result {
    // The switch of the demo is one on paper: it has nothing to hand out.
    if told.is_empty() || tx.ctx.is_demo {
        return Ok(());
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let legs: Vec<LegId> = told.iter().map(|(leg, _)| *leg).collect();
    let urls: Vec<String> = told.iter().map(|(_, url)| (*url).to_owned()).collect();
    let fresh = sqlx::query_scalar!(
        r#"insert into call_recordings as r (company_id, call_id, leg_id, url, state, tries, changed_at)
        select $1, $2, t.leg_id, t.url, 0, 0, $3
        from unnest($4::uuid[], $5::text[]) t (leg_id, url)
        on conflict (company_id, call_id, leg_id) do update
        set url = excluded.url, state = 0, tries = 0, changed_at = excluded.changed_at
        where r.url <> excluded.url
        returning leg_id as "leg: LegId""#,
        company as _,
        call as _,
        now,
        &legs as _,
        &urls,
    )
    .fetch_all(&mut **tx)
    .await?;
    for leg in fresh {
        enqueue(tx, &FetchRecording { call, leg }).await?;
    }
    Ok(())
}

/// Fetches a recording that was told of. What may pass by itself is tried again later. System: the worker's job; a second
/// run fetches nothing twice.
pub async fn fetch(ctx: &Ctx, call: CallId, leg: LegId) -> Result {
    let told = sources(&mut ctx.read().await?, call).await?.into_iter().find(|told| told.leg == leg);
    let Some(told) = told.filter(|told| told.state != Fetched::Kept) else { return Ok(()) };
    let state = match sound(ctx, &told.url).await {
        Err(state) => state,
        Ok(content) => match keep(ctx, call, leg, content).await {
            Ok(_) => Fetched::Kept,
            // More is known of the call since, and this is no record of it any more.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        },
    };
    settle(ctx, call, &told, state).await
}

/// The sound at an address, or why there is none.
async fn sound(ctx: &Ctx, url: &str) -> core::result::Result<Bytes, Fetched> {
    let answer = ctx.app.egress.get(url, MOST).await.map_err(|refusal| match refusal {
        Refusal::BadUrl | Refusal::Forbidden => Fetched::BadAddress,
        Refusal::Unresolved | Refusal::Unreachable | Refusal::Tls | Refusal::TimedOut | Refusal::Broken => Fetched::NoAnswer,
    })?;
    if answer.status != 200 {
        return Err(Fetched::Refused);
    }
    if answer.is_cut {
        return Err(Fetched::TooLarge);
    }
    if store::media_type(&answer.body).starts_with("audio/") { Ok(Bytes::from(answer.body)) } else { Err(Fetched::NoSound) }
}

/// Notes how the fetching ended, unless the recording lies elsewhere by now.
async fn settle(ctx: &Ctx, call: CallId, told: &Source, state: Fetched) -> Result {
    let (company, now, tries) = (ctx.company, ctx.now(), told.tries + 1);
    let mut tx = ctx.begin().await?;
    let settled = sqlx::query!(
        "update call_recordings
        set state = $5, tries = $6, changed_at = $7
        where company_id = $1
        and call_id = $2
        and leg_id = $3
        and url = $4",
        company as _,
        call as _,
        told.leg as _,
        told.url,
        state as _,
        tries,
        now,
    )
    .execute(&mut *tx)
    .await?;
    if settled.rows_affected() == 1 && state.may_pass() && tries < TRIES {
        let wait = SignedDuration::from_mins(5 * i64::from(tries) * i64::from(tries));
        enqueue_at(&mut tx, &FetchRecording { call, leg: told.leg }, now.plus(wait)).await?;
    }
    tx.commit().await
}

/// 再取一次: asks for a recording that could not be fetched. `NotFound` for one that the actor may not see, or that is here.
pub async fn again(ctx: &Ctx, input: RecordingChoice) -> Result {
    ctx.require(Permission::RecordingListen)?;
    ctx.require(Permission::CallRecordOwn)?;
    let (call, leg) = input.call.zip(input.leg).ok_or(Error::NotFound)?;
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.begin().await?;
    detail::facts(&mut tx, call).await?;
    let asked = sqlx::query!(
        "update call_recordings
        set state = 0, tries = 0, changed_at = $4
        where company_id = $1
        and call_id = $2
        and leg_id = $3
        and state <> 1",
        company as _,
        call as _,
        leg as _,
        now,
    )
    .execute(&mut *tx)
    .await?;
    if asked.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    enqueue(&mut tx, &FetchRecording { call, leg }).await?;
    tx.commit().await
}

/// Keeps the sound of a record; a record has one. System: the fetching calls this.
pub async fn keep(ctx: &Ctx, call: CallId, leg: LegId, content: Bytes) -> Result<FileId> {
    let put = store::put(ctx, content).await?;
    let mut tx = ctx.begin().await?;
    need_leg(&mut tx, call, leg).await?;
    store::forget(&mut tx, owner(leg)).await?;
    let file = store::name(&mut tx, &put, &format!("{leg}.audio"), owner(leg), None).await?;
    tx.commit().await?;
    Ok(file)
}

/// Takes down that somebody listens, wherever they begin: the first piece within half an hour stands for all of them.
pub async fn hear(ctx: &Ctx, call: CallId, leg: LegId) -> Result {
    ctx.require(Permission::RecordingListen)?;
    let (company, me, now) = (ctx.company, ctx.agent()?, ctx.now());
    let mut tx = ctx.begin().await?;
    need_leg(&mut tx, call, leg).await?;
    let begun = sqlx::query!(
        "insert into recording_hearings as h (company_id, leg_id, agent_id, heard_at)
        values ($1, $2, $3, $4)
        on conflict (company_id, leg_id, agent_id) do update
        set heard_at = excluded.heard_at
        where h.heard_at <= $5",
        company as _,
        leg as _,
        me as _,
        now,
        now.minus(HEARING),
    )
    .execute(&mut *tx)
    .await?;
    if begun.rows_affected() == 0 {
        return Ok(());
    }
    tx.audit("call.recording_heard", Subject::named("call", Some(call.0), leg.to_string()), None, None).await?;
    tx.commit().await
}

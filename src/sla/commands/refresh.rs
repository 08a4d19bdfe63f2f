//! 更新时钟: the clocks of one ticket, worked out anew from its whole order.

use crate::clock::{Clock, clocks};
use crate::jobs::RefreshClocks;
use crate::model::Policy;
use crate::pick::{Asked, Passed, pick};
use crate::queries::{Assigned, Kept, Known, Told, all, assigned, known, life};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::TicketId;
use kernel::job;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::Tx;
use routing::calendar::Calendar;
use ticket::commands::rule::{self, Due};
use ticket::model::due::ClockState;
use ticket::model::{ChangeKind, Status};
use ticket::queries::case::{Case, case};

/// Works out the clocks of a ticket and says once of each that it is nearly over, and over. Running twice changes
/// nothing. System: a reaction to every event of a ticket, and the job of the moment at which a clock has its next word.
pub async fn refresh(ctx: &Ctx, ticket: TicketId) -> Result {
    let mut tx = ctx.begin().await?;
    // Nobody writes into the ticket meanwhile, so that two refreshes work from one order after the other.
    rule::hold(&mut tx, ticket).await?;
    let case = case(&mut tx, ticket).await?;
    let policy = if case.status == Status::Deleted { None } else { choose(&mut tx, &case).await? };
    // In the recycle bin nobody waits: what was not over is no clock, until the ticket is restored.
    let Some(policy) = policy else {
        let known = known(&mut tx, ticket).await?;
        note_told(&mut tx, ticket, &known).await?;
        forget(&mut tx, ticket, &known.iter().filter(|known| known.ended_at.is_some()).collect::<Vec<_>>()).await?;
        rule::show_due(&mut tx, ticket, None).await?;
        return tx.commit().await;
    };
    let (life, known, now) = (life(&mut tx, &case).await?, known(&mut tx, ticket).await?, ctx.now());
    let found = clocks(&life, policy.terms(), now);
    // What came to its end stays as it was, with who was responsible then: under the policy before, or unless the ticket's
    // order says something else of it now, as when a reply was taken back.
    let same = |known: &Known, clock: &Clock| (known.target, known.no) == (clock.target, clock.no);
    let stays = |known: &Known, ended: Stamp| {
        let now = found.iter().find(|clock| same(known, clock)).map(|clock| clock.ended_at);
        // One that was over and runs again is worked out anew, whatever the policy.
        now != Some(None) && (ended <= policy.since || now == Some(Some(ended)))
    };
    let kept: Vec<&Known> = known.iter().filter(|known| known.ended_at.is_some_and(|ended| stays(known, ended))).collect();
    forget(&mut tx, ticket, &kept).await?;
    let before = told_before(&mut tx, ticket).await?;
    for clock in found.iter().filter(|clock| !kept.iter().any(|known| same(known, clock))) {
        let of_before = before.iter().find(|told| (told.target, told.no) == (clock.target, clock.no));
        let told = match known.iter().find(|known| same(known, clock)) {
            Some(known) => (known.near_told, known.over_told),
            None => of_before.map_or((false, false), |told| (told.near, told.over)),
        };
        keep(&mut tx, &case, &policy, clock, told).await?;
    }
    let shown: Vec<Clock> = found.iter().cloned().map(|clock| as_kept(clock, &kept)).collect();
    rule::show_due(&mut tx, ticket, next_due(&shown)).await?;
    if let Some(at) = found.iter().filter_map(|clock| next_word(clock, now)).min() {
        job::enqueue_at(&mut tx, &RefreshClocks { ticket }, at).await?;
    }
    tx.commit().await
}

/// The clock as it was kept, when it was.
fn as_kept(clock: Clock, kept: &[&Known]) -> Clock {
    let known = kept.iter().find(|known| (known.target, known.no) == (clock.target, clock.no));
    known.map_or(clock.clone(), |known| known.over(clock))
}

/// When there is something to say of a clock: that it is nearly over, or over.
fn next_word(clock: &Clock, now: Stamp) -> Option<Stamp> {
    let ahead = [clock.near_at, clock.due_at].into_iter().flatten().filter(|at| *at > now);
    if clock.state == ClockState::Running { ahead.min() } else { None }
}

/// The clock that is over next, else one that stands still, else the last that came to its end.
fn next_due(clocks: &[Clock]) -> Option<Due> {
    let open = clocks.iter().filter(|clock| !clock.state.is_over());
    let rank = |clock: &&Clock| (clock.due_at.is_none(), clock.due_at, clock.target.code());
    let shown = open.min_by_key(rank).or_else(|| clocks.iter().max_by_key(|clock| clock.ended_at))?;
    let is_over = shown.state.is_over();
    Some(Due { at: shown.due_at.filter(|_| !is_over), state: shown.state, target: shown.target.code() })
}

/// The policy of the ticket: the one it has while what was asked of it stays as it was, else the first that fits now.
async fn choose(tx: &mut Tx, case: &Case) -> Result<Option<Assigned>> {
    let before = assigned(tx, case.id).await?;
    let vip = customer::queries::card(tx, case.customer).await?.vip_level;
    let asked = Asked { group: case.group, categories: case.categories.clone(), source: case.source, vip, priority: case.priority };
    if let Some(before) = &before
        && before.asked == asked
    {
        return Ok(Some(before.clone()));
    }
    let policies: Vec<Kept> = all(tx).await?.into_iter().filter(|kept| kept.enabled).collect();
    let (found, misfits) = pick(policies.iter().map(|kept| &kept.policy), &asked);
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    // A ticket counts from its beginning under its first policy.
    let since = if has_had_one(tx, case.id).await? { now } else { case.created_at };
    sqlx::query!(
        "update ticket_slas set until = $3 where company_id = $1 and ticket_id = $2 and until is null",
        company as _,
        case.id as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let Some(kept) = found.map(|at| &policies[at]) else { return Ok(None) };
    let (calendar_name, calendar) = hours(tx, &kept.policy, &asked).await?;
    let passed: Vec<Passed> = policies.iter().zip(misfits).map(|(before, misfits)| Passed { name: before.name.clone(), misfits }).collect();
    let no = sqlx::query_scalar!(
        r#"insert into ticket_slas (company_id, ticket_id, no, policy_id, policy_name, policy, calendar_name, calendar, asked, since, passed)
        select $1, $2, coalesce(max(no), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10 from ticket_slas where company_id = $1 and ticket_id = $2
        returning no"#,
        company as _,
        case.id as _,
        kept.id as _,
        kept.name,
        serde_json::to_value(&kept.policy).map_err(Error::internal)?,
        calendar_name,
        serde_json::to_value(&calendar).map_err(Error::internal)?,
        serde_json::to_value(&asked).map_err(Error::internal)?,
        since,
        serde_json::to_value(&passed).map_err(Error::internal)?,
    )
    .fetch_one(&mut **tx)
    .await?;
    let (policy_id, name, policy) = (kept.id, kept.name.clone(), kept.policy.clone());
    Ok(Some(Assigned { no, policy_id, name, policy, calendar_name, calendar, asked, since, passed }))
}

/// Keeps what was said of clocks that run, with the policy that the ticket had last: it may get one again.
async fn note_told(tx: &mut Tx, ticket: TicketId, known: &[Known]) -> Result {
    let told: Vec<Told> = known
        .iter()
        .filter(|known| known.ended_at.is_none() && known.near_told)
        .map(|known| Told { target: known.target, no: known.no, near: known.near_told, over: known.over_told })
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let company = tx.ctx.company;
    sqlx::query!(
        "update ticket_slas
        set told = $3
        where company_id = $1
        and ticket_id = $2
        and no = (select max(no) from ticket_slas where company_id = $1 and ticket_id = $2)",
        company as _,
        ticket as _,
        serde_json::to_value(&told).map_err(Error::internal)?,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was said of clocks under the policies that the ticket had.
async fn told_before(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Told>> {
    let company = tx.ctx.company;
    let kept = sqlx::query_scalar!(
        "select told from ticket_slas where company_id = $1 and ticket_id = $2 and told <> '[]' order by no desc",
        company as _,
        ticket as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let told = kept.into_iter().map(serde_json::from_value::<Vec<Told>>).collect::<core::result::Result<Vec<_>, _>>();
    Ok(told.map_err(Error::internal)?.concat())
}

async fn has_had_one(tx: &mut Tx, ticket: TicketId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from ticket_slas where company_id = $1 and ticket_id = $2) as "has!""#,
        company as _,
        ticket as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

async fn hours(tx: &mut Tx, policy: &Policy, asked: &Asked) -> Result<(String, Calendar)> {
    if !policy.in_duty_time {
        return Ok((String::new(), Calendar::always()));
    }
    let kept = routing::queries::of_group(tx, asked.group).await?;
    Ok(kept.map_or_else(|| (String::new(), Calendar::always()), |kept| (kept.name, kept.calendar)))
}

/// Forgets the clocks of a ticket but these.
async fn forget(tx: &mut Tx, ticket: TicketId, kept: &[&Known]) -> Result {
    let company = tx.ctx.company;
    let (targets, numbers): (Vec<i16>, Vec<i32>) = kept.iter().map(|known| (known.target.code(), known.no)).unzip();
    sqlx::query!(
        "delete from sla_clocks
        where company_id = $1
        and ticket_id = $2
        and (target, no) not in (select * from unnest($3::smallint[], $4::int[]))",
        company as _,
        ticket as _,
        &targets,
        &numbers,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a clock as it stands, and says what is to be said of it.
async fn keep(tx: &mut Tx, case: &Case, policy: &Assigned, clock: &Clock, (near_told, over_told): (bool, bool)) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let is_near = clock.state == ClockState::Running && clock.near_at.is_some_and(|at| at <= now);
    let is_over = clock.state == ClockState::Overdue;
    // The history says it too, which is what triggers look at.
    let lang = tx.ctx.company_lang;
    let words = t!(lang, "{0}（{1}）", "{0} ({1})", clock.target.label(lang), policy.name);
    if is_over && !over_told {
        ticket::commands::note(tx, case.id, ChangeKind::Overdue, &words).await?;
        tx.record(Event::TicketOverdue { ticket: case.id, target: clock.target.code() }).await?;
    } else if is_near && !near_told && !over_told {
        ticket::commands::note(tx, case.id, ChangeKind::NearlyDue, &words).await?;
        tx.record(Event::TicketNearlyDue { ticket: case.id, target: clock.target.code() }).await?;
    }
    let (near_told, over_told) = (near_told || is_near || is_over, over_told || is_over);
    let millis = |length: jiff::SignedDuration| i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    let agent_name = match case.agent {
        Some(agent) => identity::queries::name_of(tx, agent).await?,
        None => String::new(),
    };
    sqlx::query!(
        "insert into sla_clocks (company_id, ticket_id, target, no, policy_id, policy_name, allowed_ms, used_ms, started_at, ended_at,
            near_at, due_at, state, near_told, over_told, group_id, agent_id, agent_name, category_id, channel, priority, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        company as _,
        case.id as _,
        clock.target as _,
        clock.no,
        policy.policy_id as _,
        policy.name,
        millis(clock.allowed),
        millis(clock.used),
        clock.started_at,
        clock.ended_at as _,
        clock.near_at as _,
        clock.due_at as _,
        clock.state as _,
        near_told,
        over_told,
        case.group as _,
        case.agent as _,
        agent_name,
        case.categories.first().copied() as _,
        case.source as _,
        case.priority as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

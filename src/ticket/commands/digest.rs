//! 提醒邮件: what happened within a minute comes to a person in one mail.

use crate::jobs::ReminderDigest;
use crate::model::reminder::ReminderEvent;
use crate::queries;
use crate::scope;
use jiff::SignedDuration;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::{AgentId, TicketId};
use kernel::job;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::rich;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::{React, Tx};
use mail::commands::send::{self, Outgoing};
use sqlx::QueryBuilder;
use std::collections::HashMap;

/// The first reminder waits this long for others: a person gets one mail a minute at most.
const GATHERED: SignedDuration = SignedDuration::from_mins(1);
/// How long a mail waits for room when its reader got several automatic ones just now.
const HELD_BACK: SignedDuration = SignedDuration::from_mins(2);
/// Of the automatic mails that an address may get (S22), those that reminders leave to letters about the account.
const LEFT_FREE: i64 = 1;
/// Reminders of one mail; more come with the next.
const MOST: i64 = 200;

/// Keeps the event for the next mail of these agents. Running twice for one event keeps it once.
pub(super) async fn note(tx: &mut Tx, happened: &React, event: ReminderEvent, ticket: TicketId, agents: &[AgentId]) -> Result {
    if agents.is_empty() {
        return Ok(());
    }
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let ids: Vec<uuid::Uuid> = agents.iter().map(|_| tx.ctx.uuid()).collect();
    sqlx::query!(
        "insert into reminder_mails (company_id, id, agent_id, event_id, event, ticket_id, by_agent_id, happened_at)
        select $1, id, agent_id, $4, $5, $6, $7, $8 from unnest($2::uuid[], $3::uuid[]) as noted (id, agent_id)
        on conflict (company_id, agent_id, event_id) do nothing",
        company as _,
        &ids,
        agents as _,
        happened.id,
        event as _,
        ticket as _,
        happened.by as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    // One order for all writers, so that two transactions never wait for each other's jobs.
    let mut agents = agents.to_vec();
    agents.sort_unstable();
    for agent in agents {
        job::enqueue_at(tx, &ReminderDigest { agent }, now.plus(GATHERED)).await?;
    }
    Ok(())
}

/// Sends what waits for an agent, as far as they may still see it; later when they want quiet now or got several automatic
/// mails just before. System: the worker calls this.
pub async fn send_digest(ctx: &Ctx, agent: AgentId) -> Result {
    let mut tx = ctx.begin().await?;
    let waiting = waiting(&mut tx, agent).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let person = match identity::queries::person(&ctx.app, ctx.company, agent, Request::internal(&ctx.app)).await {
        Ok(person) => Some(person),
        Err(Error::SignInFirst) => None,
        Err(error) => return Err(error),
    };
    if let Some(person) = person {
        if let Some(later) = later(&mut tx, agent, &person.email).await? {
            job::enqueue_at(&mut tx, &ReminderDigest { agent }, later).await?;
            return tx.commit().await;
        }
        let lang = person.lang.unwrap_or(ctx.company_lang);
        let may_see = person.ctx.may(Permission::TicketView);
        let told = if may_see { told(&mut tx, &person.ctx, &waiting).await? } else { Vec::new() };
        if !told.is_empty() {
            send::send(&mut tx, letter(ctx, lang, (person.email, person.name), &told)).await?;
        }
    }
    if i64::try_from(waiting.len()).is_ok_and(|count| count == MOST) {
        let next = ctx.now().plus(GATHERED);
        job::enqueue_at(&mut tx, &ReminderDigest { agent }, next).await?;
    }
    let (company, now, ids) = (ctx.company, ctx.now(), waiting.iter().map(|row| row.id).collect::<Vec<_>>());
    sqlx::query!("update reminder_mails set sent_at = $3 where company_id = $1 and id = any($2)", company as _, &ids, now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Forgets what was sent before; whether there is more. System: housekeeping.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let company = tx.ctx.company;
    let done = sqlx::query!(
        "delete from reminder_mails
        where company_id = $1
        and id in (select id from reminder_mails where company_id = $1 and sent_at < $2 limit $3)",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Something that a mail says.
struct Waiting {
    id: uuid::Uuid,
    event: ReminderEvent,
    ticket: TicketId,
    by: Option<String>,
    happened_at: Stamp,
}

async fn waiting(tx: &mut Tx, agent: AgentId) -> Result<Vec<Waiting>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Waiting,
        r#"select m.id, m.event as "event: ReminderEvent", m.ticket_id as "ticket: TicketId", m.happened_at,
            (select a.name from agents a where a.company_id = m.company_id and a.id = m.by_agent_id) as "by"
        from reminder_mails m
        where m.company_id = $1
        and m.agent_id = $2
        and m.sent_at is null
        order by m.happened_at, m.id
        limit $3
        for update of m skip locked"#,
        company as _,
        agent as _,
        MOST,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// When the mail has to wait: until the quiet hours end, or until the address has room.
async fn later(tx: &mut Tx, agent: AgentId, address: &str) -> Result<Option<Stamp>> {
    let (now, zone) = (tx.ctx.now(), tx.ctx.zone.clone());
    let settings = queries::reminders(tx).await?.value;
    let hours = queries::quiet_of(tx, agent).await?.hours(&settings);
    if let Some(left) = hours.and_then(|hours| hours.left(now.minute_of_day(&zone))) {
        return Ok(Some(now.plus(SignedDuration::from_mins(left.into()))));
    }
    Ok((send::room(tx, address).await? <= LEFT_FREE).then(|| now.plus(HELD_BACK)))
}

/// A ticket of a mail, with what happened to it.
struct Told<'a> {
    id: TicketId,
    number: i64,
    title: String,
    news: Vec<&'a Waiting>,
}

/// The tickets that the reader sees, in the order in which something happened to them first.
async fn told<'a>(tx: &mut Tx, reader: &Ctx, waiting: &'a [Waiting]) -> Result<Vec<Told<'a>>> {
    let ids: Vec<uuid::Uuid> = waiting.iter().map(|row| row.ticket.0).collect();
    let mut query = QueryBuilder::new("select t.id, t.number, t.title from tickets t where t.company_id = ");
    query.push_bind(reader.company).push(" and t.status <> 98 and t.id = any(").push_bind(ids).push(")");
    scope::push(&mut query, reader);
    let rows: Vec<(TicketId, i64, String)> = query.build_query_as().fetch_all(&mut **tx).await?;
    let mut seen: HashMap<TicketId, (i64, String)> = rows.into_iter().map(|(id, number, title)| (id, (number, title))).collect();
    let mut told: Vec<Told<'a>> = Vec::new();
    for row in waiting {
        if let Some(known) = told.iter_mut().find(|known| known.id == row.ticket) {
            known.news.push(row);
        } else if let Some((number, title)) = seen.remove(&row.ticket) {
            told.push(Told { id: row.ticket, number, title, news: vec![row] });
        }
    }
    Ok(told)
}

fn letter(ctx: &Ctx, lang: Lang, to: (String, String), told: &[Told]) -> Outgoing {
    let config = &ctx.app.config;
    let subject = match told {
        [only] => format!("{} [#{}]", only.title, only.number),
        several => t!(lang, "{} 张工单有新变化", "News of {} tickets", several.len()),
    };
    let mut text = String::new();
    for ticket in told {
        text.push_str(&format!("{} {}\n{}", ticket.number, ticket.title, config.link(&format!("/tickets/{}", ticket.id))));
        for news in &ticket.news {
            let (time, what) = (news.happened_at.clock(&ctx.zone), news.event.label(lang));
            let by = news.by.as_deref().map(|name| t!(lang, "（{}）", " ({})", name)).unwrap_or_default();
            text.push_str(&format!("\n· {time} {what}{by}"));
        }
        text.push_str("\n\n");
    }
    let own = config.link("/me/reminders");
    text.push_str(&t!(lang, "选择接收哪些提醒：{}", "Choose what you hear of: {}", own));
    Outgoing {
        mailbox: None,
        to: vec![to],
        cc: Vec::new(),
        subject,
        html: rich::for_mail(&rich::from_text(&text)),
        text,
        ticket: None,
        message: None,
        in_reply_to: None,
        // What never was a mail, but is the same for all reminders of a ticket: mail programs put them together by it.
        references: told.iter().take(10).map(|ticket| format!("ticket-{}@{}", ticket.id, config.host())).collect(),
        auto: true,
        files: Vec::new(),
        send_at: None,
        lang,
    }
}

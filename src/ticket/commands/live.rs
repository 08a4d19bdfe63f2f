//! 实时消息: who is told that a ticket changed. Only people who may see the ticket are (S05, S08).

use super::digest;
use crate::model::quiet::Quiet;
use crate::model::reminder::{Relation, ReminderEvent, ReminderSettings, Tone, Way};
use identity::model::permission::{GroupRights, grants, items};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::event::Event;
use kernel::id::{AgentId, TicketId};
use kernel::live;
use kernel::permission::{Permission, Role, Scope};
use kernel::setting;
use kernel::tx::{React, Tx};
use serde_json::{Value, json};

/// Tells who may see the ticket, except whoever did it: those whom the reminder settings name by bell, sound and mail, open
/// pages of everybody else without any. What rings no bell is for open pages, and only who is signed in has one: the ticket
/// was committed before, so whoever signs in meanwhile sees it as it is. System: a reaction to every event of a ticket;
/// running twice for one event tells once.
pub async fn tell_live(ctx: &Ctx, happened: &React) -> Result {
    let event = &happened.event;
    let Some(ticket) = event.ticket() else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    let company = ctx.company;
    let row = sqlx::query!("select number, title from tickets where company_id = $1 and id = $2", company as _, ticket as _)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let settings = setting::in_force::<ReminderSettings>(&mut tx).await?.value;
    let audience = audience(&mut tx, ticket).await?;
    let word = json!({ "ticket": ticket, "number": row.number.to_string(), "title": row.title, "what": what(happened) });
    let (mut told, mut mailed) = (Vec::new(), Vec::new());
    for listener in audience.iter().filter(|listener| Some(listener.agent) != happened.by) {
        let reminder = listener.reminder(happened, &settings, ctx);
        if reminder.ways.contains(&Way::Mail) {
            mailed.push(listener.agent);
        }
        if listener.is_here || reminder.ways.contains(&Way::PopUp) {
            told.push((listener.agent, reminder.said(&word, ticket, settings.tone)));
        }
    }
    live::tell_of(&mut tx, happened.id, "ticket", told.iter().map(|(agent, word)| (*agent, word)).collect()).await?;
    if let Some(known) = reminded_of(happened) {
        digest::note(&mut tx, happened, known, ticket, &mailed).await?;
    }
    tx.commit().await
}

/// As what it counts: a customer who edits a ticket, by filling in their form, has answered.
const fn reminded_of(happened: &React) -> Option<ReminderEvent> {
    match happened.event {
        Event::TicketEdited { .. } if happened.by_customer => Some(ReminderEvent::CustomerReplied),
        _ => ReminderEvent::of(&happened.event),
    }
}

/// The word by which the notice says what happened: that the customer filled in their form is more than an edit.
fn what(happened: &React) -> &'static str {
    match happened.event {
        Event::TicketEdited { .. } if happened.by_customer => "ticket_answered",
        ref event => event.kind(),
    }
}

/// How somebody hears of an event.
struct Reminder {
    ways: Vec<Way>,
    /// 免打扰时段: the bell counts it, nothing moves.
    is_hushed: bool,
}

impl Reminder {
    /// What leads somewhere rings the bell; the rest only tells open pages.
    fn said(&self, word: &Value, ticket: TicketId, tone: Tone) -> Value {
        let mut word = word.clone();
        if self.ways.contains(&Way::PopUp) {
            word["href"] = json!(format!("/tickets/{ticket}"));
        }
        if self.is_hushed {
            word["hush"] = json!(true);
        } else if self.ways.contains(&Way::Sound) {
            word["sound"] = json!(tone.key());
        }
        word
    }
}

/// Somebody who hears of a ticket.
struct Listener {
    agent: AgentId,
    relation: Relation,
    /// Signed in somewhere.
    is_here: bool,
    quiet: Quiet,
}

impl Listener {
    /// How the event reaches them. What the settings do not name is a notice for who is near: followers want every change,
    /// whoever handles the ticket its rating and a mail that failed.
    fn reminder(&self, happened: &React, settings: &ReminderSettings, ctx: &Ctx) -> Reminder {
        let is_hushed = self.quiet.hours(settings).is_some_and(|hours| hours.left(ctx.now().minute_of_day(&ctx.zone)).is_some());
        if let Some(known) = reminded_of(happened) {
            let mut ways = settings.ways(known, self.agent, self.relation);
            ways.retain(|way| !self.quiet.mutes(settings, known, *way));
            return Reminder { ways, is_hushed };
        }
        let is_near = match &happened.event {
            Event::TicketRated { .. } | Event::MailFailed { .. } => self.relation.handles || self.relation.follows,
            Event::TicketEdited { .. } => self.relation.follows,
            _ => false,
        };
        Reminder { ways: if is_near { vec![Way::PopUp] } else { Vec::new() }, is_hushed }
    }
}

/// Enabled agents who see the ticket in their lists: who handle, follow or created it, those of its group whose scope
/// reaches their group, of a ticket that no group and nobody has everybody whose scope does, and who sees everything.
async fn audience(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Listener>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let rows = sqlx::query!(
        r#"select a.id as "id: AgentId", a.role as "role: Role", p.permissions as "permissions?", p.ticket_scope as "scope?: Scope",
            (a.id is not distinct from t.agent_id) as "handles!",
            t.agent_id is null as "is_open!",
            (t.creator_kind = 0 and t.creator_id is not distinct from a.id) as "created!",
            exists (
                select from ticket_followers f
                where f.company_id = t.company_id and f.ticket_id = t.id and f.agent_id = a.id
            ) as "follows!",
            t.group_id is null and t.agent_id is null or exists (
                select from group_members m
                where m.company_id = t.company_id and m.group_id = t.group_id and m.agent_id = a.id
            ) as "in_group!",
            exists (
                select from directory.sessions s
                where s.company_id = a.company_id and s.agent_id = a.id and s.expires_at > $3
            ) as "is_here!",
            r.document as "quiet?"
        from tickets t
        join agents a on a.company_id = t.company_id and a.status = 1
        left join agent_reminders r on r.company_id = a.company_id and r.agent_id = a.id
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where t.company_id = $1
        and t.id = $2"#,
        company as _,
        ticket as _,
        now,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut audience = Vec::new();
    for row in rows {
        let rights =
            row.permissions.zip(row.scope).map(|(keys, tickets)| GroupRights { name: String::new(), items: items(&keys), tickets });
        let grants = grants(row.role, rights.as_ref());
        let is_own = row.handles || row.created || row.follows;
        let is_within = match grants.tickets {
            Scope::All => true,
            Scope::Group => row.in_group,
            Scope::Own => false,
        };
        if grants.has(Permission::TicketView) && (is_own || is_within) {
            let could_take = row.is_open && row.in_group && row.is_here;
            let relation = Relation { handles: row.handles, follows: row.follows, created: row.created, could_take };
            let quiet = row.quiet.map(serde_json::from_value).transpose().map_err(Error::internal)?.unwrap_or_default();
            audience.push(Listener { agent: row.id, relation, is_here: row.is_here, quiet });
        }
    }
    Ok(audience)
}

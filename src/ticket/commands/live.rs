//! 实时消息: who is told that a ticket changed. Only people who may see the ticket are (S05, S08).

use crate::model::reminder::{Relation, ReminderEvent, ReminderSettings, Tone, Way};
use identity::model::permission::{GroupRights, grants, items};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::event::Event;
use kernel::id::{AgentId, TicketId};
use kernel::live;
use kernel::permission::{Permission, Role, Scope};
use kernel::setting;
use kernel::tx::{React, Tx};
use serde_json::{Value, json};

/// Tells who may see the ticket, except whoever did it: those whom the reminder settings name by bell and sound, open pages
/// of everybody else without either. What rings no bell is for open pages, and only who is signed in has one: the ticket was
/// committed before, so whoever signs in meanwhile sees it as it is. System: a reaction to every event of a ticket; running
/// twice for one event tells once.
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
    let word = json!({ "ticket": ticket, "number": row.number.to_string(), "title": row.title, "what": event.kind() });
    let told: Vec<(AgentId, Value)> = audience
        .iter()
        .filter(|listener| Some(listener.agent) != happened.by)
        .filter_map(|listener| {
            let ways = listener.ways(event, &settings);
            (listener.is_here || !ways.is_empty()).then(|| (listener.agent, said(&word, ticket, &ways, settings.tone)))
        })
        .collect();
    live::tell_of(&mut tx, happened.id, "ticket", told.iter().map(|(agent, word)| (*agent, word)).collect()).await?;
    tx.commit().await
}

/// What leads somewhere rings the bell; the rest only tells open pages.
fn said(word: &Value, ticket: TicketId, ways: &[Way], tone: Tone) -> Value {
    let mut word = word.clone();
    if ways.contains(&Way::PopUp) {
        word["href"] = json!(format!("/tickets/{ticket}"));
    }
    if ways.contains(&Way::Sound) {
        word["sound"] = json!(tone.key());
    }
    word
}

/// Somebody who hears of a ticket.
struct Listener {
    agent: AgentId,
    relation: Relation,
    /// Signed in somewhere.
    is_here: bool,
}

impl Listener {
    /// How the event reaches them. What the settings do not name is a notice for who is near: followers want every change,
    /// whoever handles the ticket its rating and a mail that failed.
    fn ways(&self, event: &Event, settings: &ReminderSettings) -> Vec<Way> {
        if let Some(known) = ReminderEvent::of(event) {
            return settings.ways(known, self.agent, self.relation);
        }
        let is_near = match event {
            Event::TicketRated { .. } | Event::MailFailed { .. } => self.relation.handles || self.relation.follows,
            Event::TicketEdited { .. } => self.relation.follows,
            _ => false,
        };
        if is_near { vec![Way::PopUp] } else { Vec::new() }
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
            ) as "is_here!"
        from tickets t
        join agents a on a.company_id = t.company_id and a.status = 1
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
            audience.push(Listener { agent: row.id, relation, is_here: row.is_here });
        }
    }
    Ok(audience)
}

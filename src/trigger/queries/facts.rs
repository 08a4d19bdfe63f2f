//! 事实 from the database: tickets as conditions see them, many at once. System: a rule is nobody's scope; who may see what
//! it found is asked where it is shown.

use crate::evaluate::{Facts, Happened};
use crate::model::Moment;
use kernel::answer::values_of;
use kernel::error::{Error, Result};
use kernel::id::{CustomerId, TicketFieldId, TicketId};
use kernel::tx::Tx;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use ticket::queries::case::{What, cases};

/// A ticket and what conditions see of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Which.
    pub ticket: TicketId,
    /// 工单号.
    pub number: i64,
    /// As it is now, with nothing that happened.
    pub facts: Facts,
}

/// One ticket.
pub(crate) async fn known(tx: &mut Tx, ticket: TicketId) -> Result<Known> {
    all_known(tx, &[ticket]).await?.pop().ok_or(Error::NotFound)
}

/// These tickets, by id.
pub(crate) async fn all_known(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<Known>> {
    let cases = cases(tx, tickets).await?;
    let mut customers: Vec<CustomerId> = cases.iter().map(|case| case.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    let cards = customer::queries::cards(tx, &customers).await?;
    let cards: HashMap<CustomerId, _> = cards.into_iter().map(|card| (card.id, card)).collect();
    let scores: HashMap<TicketId, i16> = satisfaction::queries::scores(tx, tickets).await?.into_iter().collect();
    let calendars = Arc::new(routing::queries::calendars(tx).await?);
    let templates = Arc::new(ticket::queries::template::templates(tx).await?);
    let asked = ticket::queries::field::all(tx).await?;
    let own = |kept: &Value| -> BTreeMap<TicketFieldId, Vec<String>> {
        let asked = asked.iter().filter(|field| field.enabled);
        asked.map(|field| (field.id, values_of(kept.get(field.id.to_string())))).collect()
    };
    let known = cases.into_iter().filter_map(|case| {
        let card = cards.get(&case.customer)?;
        let facts = Facts {
            title: case.title,
            description: case.description,
            status: case.status,
            priority: case.priority,
            categories: case.categories,
            source: case.source,
            starter: case.starter,
            group: case.group,
            agent: case.agent,
            mailbox: case.mailbox,
            senders: card.emails.iter().map(|address| address.trim().to_lowercase()).collect(),
            vip_level: card.vip_level,
            created_at: case.created_at,
            updated_at: case.updated_at,
            status_since: case.status_since,
            waiting_since: case.waiting_since,
            urge_count: case.urge_count,
            cycle: case.cycle,
            score: scores.get(&case.id).copied(),
            calendars: calendars.clone(),
            templates: templates.clone(),
            own: own(&case.fields),
            happened: None,
        };
        Some(Known { ticket: case.id, number: case.number, facts })
    });
    Ok(known.collect())
}

/// As what an entry of a ticket's order counts; nothing when no trigger waits for it.
#[must_use]
pub(crate) fn happened(what: What) -> Option<Happened> {
    let of = |moment| Some(Happened { moments: vec![moment], ..Happened::default() });
    match what {
        What::Created => of(Moment::Created),
        What::Changed { properties, fields } => Some(Happened { moments: vec![Moment::Updated], changed: properties, own: fields }),
        What::CustomerReplied => of(Moment::CustomerReplied),
        What::AgentReplied { .. } => of(Moment::AgentReplied),
        What::NearlyDue => of(Moment::NearlyDue),
        What::Overdue => of(Moment::Overdue),
        What::Else => None,
    }
}

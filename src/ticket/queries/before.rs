//! 打开时的值: what the properties and own fields of a ticket were when somebody opened its form, read from its history.

use crate::model::{Changes, Property, Shown};
use kernel::error::{Error, Result};
use kernel::id::{TicketFieldId, TicketId};
use kernel::tx::Tx;
use std::collections::BTreeMap;

/// What a ticket was, of what changed since.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    /// Properties, as the form sends them.
    pub properties: BTreeMap<Property, String>,
    /// Own fields.
    pub fields: BTreeMap<TicketFieldId, Vec<String>>,
}

/// What each property and own field was at this place of the ticket's order, for those that changed since; as the form sends them.
/// Inside a transaction that asked who may see the ticket.
pub(crate) async fn before(tx: &mut Tx, ticket: TicketId, seen_seq: i32) -> Result<Before> {
    let company = tx.ctx.company;
    let rows = sqlx::query_scalar!(
        "select changes
        from ticket_changes
        where company_id = $1
        and ticket_id = $2
        and seq > $3
        and (changes -> 'set' is not null or changes -> 'fields' is not null)
        order by seq",
        company as _,
        ticket as _,
        seen_seq,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut were = Before::default();
    for row in rows {
        let changes: Changes = serde_json::from_value(row).map_err(Error::internal)?;
        for (property, changed) in changes.set {
            were.properties.entry(property).or_insert_with(|| sent(changed.from));
        }
        for (field, changed) in changes.fields {
            were.fields.entry(field).or_insert(changed.from);
        }
    }
    Ok(were)
}

/// Ids and keys are sent as such, texts as they are.
pub(super) fn sent(shown: Shown) -> String {
    if shown.id.is_empty() { shown.label } else { shown.id }
}

//! 占位的填写: words with their places filled for one ticket. The link of the customer's form is made only where the words name
//! it. System: inside the transaction of a command that asked who may.

use super::form;
use crate::queries::case::case;
use crate::queries::place::{self, Place, Values};
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::tx::Tx;

/// Plain text.
pub async fn text(tx: &mut Tx, ticket: TicketId, text: &str) -> Result<String> {
    let values = values(tx, ticket, text).await?;
    Ok(place::fill(text, &values))
}

/// Sanitised HTML.
pub async fn html(tx: &mut Tx, ticket: TicketId, html: &str) -> Result<String> {
    let values = values(tx, ticket, html).await?;
    Ok(place::fill_html(html, &values))
}

/// What stands at the places; nothing is read for words without any.
async fn values(tx: &mut Tx, ticket: TicketId, words: &str) -> Result<Values> {
    if !words.contains("{{") {
        return Ok(Values::new());
    }
    let case = case(tx, ticket).await?;
    let mut values = place::values(tx, &case).await?;
    if words.contains(&Place::Form.typed()) {
        values.push((Place::Form, form::link_when_empty(tx, ticket).await?));
    }
    Ok(values)
}

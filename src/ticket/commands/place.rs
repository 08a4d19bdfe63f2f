//! 占位的填写: words with their places filled for one ticket. The link of the customer's form is a right: it is made where the words
//! become a mail and nowhere else, so that what is kept names its place alone. System: inside the transaction of a command that
//! asked who may.

use super::form;
use super::held::Held;
use crate::queries::case::case;
use crate::queries::place::{self, Place, Values};
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::tx::Tx;

/// Words that go out by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// As they are mailed.
    pub mailed: String,
    /// As the ticket keeps them: the link of the form is only its place.
    pub kept: String,
}

/// Plain text. The place of the form stays, or is nothing when there is nothing to fill in.
pub async fn text(tx: &mut Tx, ticket: TicketId, text: &str) -> Result<String> {
    let values = values(tx, ticket, text).await?;
    Ok(place::fill(text, &values))
}

/// Sanitised HTML. The place of the form stays for the reply to fill, or is nothing when there is nothing to fill in.
pub async fn html(tx: &mut Tx, ticket: TicketId, html: &str) -> Result<String> {
    let values = values(tx, ticket, html).await?;
    Ok(place::fill_html(html, &values))
}

/// Plain text of a mail that nobody looks at before it goes out.
pub async fn letter(tx: &mut Tx, ticket: TicketId, text: &str) -> Result<Letter> {
    let mut values = values(tx, ticket, text).await?;
    let kept = place::fill(text, &values);
    let is_link_due = text.contains(&Place::Form.typed()) && values.iter().all(|(place, _)| *place != Place::Form);
    if !is_link_due {
        return Ok(Letter { mailed: kept.clone(), kept });
    }
    let held = Held::lock_any(tx, ticket).await?;
    values.push((Place::Form, form::link(tx, &held).await?));
    Ok(Letter { mailed: place::fill(text, &values), kept })
}

/// What stands at the places; nothing is read for words without any. The place of a form that has something to fill in is left
/// out, and so stays.
async fn values(tx: &mut Tx, ticket: TicketId, words: &str) -> Result<Values> {
    if !words.contains("{{") {
        return Ok(Values::new());
    }
    let case = case(tx, ticket).await?;
    let mut values = place::values(tx, &case).await?;
    if words.contains(&Place::Form.typed()) && !form::is_wanted(tx, &case).await? {
        values.push((Place::Form, String::new()));
    }
    Ok(values)
}

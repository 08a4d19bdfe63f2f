//! 客户填写: the link of a ticket, the card on the ticket's page and the customer's page.

use super::before::before;
use super::detail::Head;
use super::field;
use super::template::{self, Form};
use crate::model::Status;
use crate::model::field::{FilledBy, TicketField};
use crate::model::form::DAYS;
use crate::model::template::Demand;
use jiff::SignedDuration;
use kernel::answer::values_of;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Result};
use kernel::id::{CategoryId, CompanyId, CustomerId, TicketFieldId, TicketId};
use kernel::permission::Permission;
use kernel::rng;
use kernel::secret::Vault;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use std::collections::BTreeMap;

/// The link of a ticket's form.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub ticket: TicketId,
    /// Whom it was made for.
    pub customer: CustomerId,
    pub sealed: Vec<u8>,
    pub expires_at: Stamp,
    /// When the customer last sent the form.
    pub answered_at: Option<Stamp>,
}

impl Link {
    /// Its token; nothing when the key of the installation was changed since.
    pub(crate) fn token(&self, vault: &Vault, company: CompanyId, ticket: TicketId) -> Option<String> {
        String::from_utf8(vault.open(&sealed_in(company, ticket), &self.sealed).ok()?).ok()
    }

    /// Whether it was made for this person, whoever they were merged into since.
    pub(crate) async fn is_of(&self, tx: &mut Tx, person: CustomerId) -> Result<bool> {
        /// Merges of merges that are followed.
        const MOST: usize = 16;
        let mut made_for = self.customer;
        for _ in 0..MOST {
            if made_for == person {
                return Ok(true);
            }
            match customer::queries::card(tx, made_for).await?.merged_into {
                Some(into) => made_for = into,
                None => return Ok(false),
            }
        }
        Ok(false)
    }
}

/// Until when a link is valid that is sent now.
#[must_use]
pub(crate) fn expiry(now: Stamp) -> Stamp {
    now.plus(SignedDuration::from_hours(24 * DAYS))
}

/// Why nothing can be filled in any more; nothing while it can. A solved ticket still takes answers: what is wrong with
/// them is best mended by who gave them.
#[must_use]
pub(crate) fn refusal(status: Status, expires_at: Stamp, now: Stamp) -> Option<Problem> {
    match status {
        Status::Closed | Status::Deleted => Some(Problem::FormOver),
        _ if expires_at <= now => Some(Problem::FormExpired),
        _ => None,
    }
}

/// What a sealed link is bound to.
pub(crate) fn sealed_in(company: CompanyId, ticket: TicketId) -> String {
    format!("{company}/ticket_forms/link_sealed/{ticket}")
}

/// The link of this ticket, when it ever had one.
pub(crate) async fn link_of(tx: &mut Tx, ticket: TicketId) -> Result<Option<Link>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Link,
        r#"select ticket_id as "ticket: TicketId", customer_id as "customer: CustomerId", link_sealed as sealed,
            expires_at as "expires_at: Stamp", answered_at as "answered_at: Stamp"
        from ticket_forms
        where company_id = $1
        and ticket_id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// The link with this token, of the company that it names.
pub(crate) async fn by_token(tx: &mut Tx, token: &str) -> Result<Link> {
    let company = tx.ctx.company;
    let (_, hash) = rng::read_link_token(token).filter(|(of, _)| *of == company).ok_or(Problem::FormLinkUnknown)?;
    sqlx::query_as!(
        Link,
        r#"select ticket_id as "ticket: TicketId", customer_id as "customer: CustomerId", link_sealed as sealed,
            expires_at as "expires_at: Stamp", answered_at as "answered_at: Stamp"
        from ticket_forms
        where company_id = $1
        and token_hash = $2"#,
        company as _,
        hash,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::from(Problem::FormLinkUnknown))
}

/// 客户填写 as the ticket's page shows it: what is asked of the customer, and how far they are.
#[derive(Clone, Debug)]
pub struct CustomerForm {
    /// The fields that the reader may see, by name.
    pub labels: Vec<String>,
    /// How many of them are empty.
    pub empty: usize,
    /// Until when the link is valid; nothing before it was sent.
    pub expires_at: Option<Stamp>,
    /// When the customer last sent the form.
    pub answered_at: Option<Stamp>,
    /// The link itself, while it works, for whoever may answer the ticket and sees every field behind it.
    pub link: Option<String>,
}

/// The form of a ticket; nothing when its template asks nothing of its customer, or nothing that the reader may see. Inside
/// a transaction that asked who may see the ticket.
pub(crate) async fn of_ticket(tx: &mut Tx, head: &Head, own: &Form) -> Result<Option<CustomerForm>> {
    let asked: Vec<&TicketField> = own.slots.iter().map(|(field, _)| field).filter(|field| field.filled_by == FilledBy::Customer).collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let ctx = tx.ctx.clone();
    let link = match link_of(tx, head.id).await? {
        Some(link) if link.is_of(tx, head.customer_id).await? => Some(link),
        _ => None,
    };
    let is_theirs = link.is_some()
        && ctx.may(Permission::TicketReply)
        && template::of_customer(tx, head.category_id).await?.iter().all(|(field, _)| field.is_seen);
    let is_shown = |link: &&Link| is_theirs && refusal(head.status, link.expires_at, ctx.now()).is_none();
    let token = link.as_ref().filter(is_shown).and_then(|link| link.token(&ctx.app.vault, ctx.company, head.id));
    Ok(Some(CustomerForm {
        labels: asked.iter().map(|field| field.label.clone()).collect(),
        empty: asked.iter().filter(|field| values_of(head.fields.get(field.id.to_string())).is_empty()).count(),
        expires_at: link.as_ref().map(|link| link.expires_at),
        answered_at: link.as_ref().and_then(|link| link.answered_at),
        link: token.map(|token| ctx.app.config.link(&format!("/f/{token}"))),
    }))
}

/// What the customer's page shows: of the ticket nothing but its number, its title and the fields that are theirs.
#[derive(Clone, Debug)]
pub struct FormPage {
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// The fields, in order, with what is demanded of each.
    pub fields: Vec<(TicketField, Demand)>,
    /// What was filled in so far, also of other fields.
    pub kept: Value,
    /// The last place of the ticket's order.
    pub last_seq: i32,
    /// Until when the link is valid.
    pub expires_at: Stamp,
    /// When the customer last sent the form.
    pub answered_at: Option<Stamp>,
    /// Why nothing can be filled in any more.
    pub refusal: Option<Problem>,
    /// What fields were that changed since the form was drawn which is shown again now.
    pub were: BTreeMap<TicketFieldId, Vec<String>>,
    /// For a form that is shown again: every field of customers, also those that are not asked for any more.
    pub known: Vec<TicketField>,
}

/// What the page behind a link shows; `seen_seq` is the place of the ticket's order at which a form was drawn that is shown again
/// now. Public: the link itself is the right (`commands::form::visitor`).
pub async fn page(ctx: &Ctx, token: &str, seen_seq: Option<i32>) -> Result<FormPage> {
    let (company, now) = (ctx.company, ctx.now());
    let mut tx = ctx.read().await?;
    let link = by_token(&mut tx, token).await?;
    let row = sqlx::query!(
        r#"select number, title, status as "status: Status", category_id as "category: CategoryId", fields, last_seq
        from tickets
        where company_id = $1
        and id = $2"#,
        company as _,
        link.ticket as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let (mut were, mut known) = (BTreeMap::new(), Vec::new());
    if let Some(seen_seq) = seen_seq {
        were = before(&mut tx, link.ticket, seen_seq).await?.fields;
        known = field::all(&mut tx).await?;
        known.retain(|field| field.filled_by == FilledBy::Customer);
    }
    Ok(FormPage {
        number: row.number,
        title: row.title,
        fields: template::of_customer(&mut tx, row.category).await?,
        kept: row.fields,
        last_seq: row.last_seq,
        expires_at: link.expires_at,
        answered_at: link.answered_at,
        refusal: refusal(row.status, link.expires_at, now),
        were,
        known,
    })
}

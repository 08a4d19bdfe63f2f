//! 搜索: tickets by number, title, message or customer, and customers, each only as far as the actor may see.

use super::word::{self, Words};
use crate::model::{FoundTicket, Status, number};
use crate::scope;
use customer::model::CustomerHit;
use jiff::ToSpan;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::permission::Permission;
use kernel::search;
use sqlx::QueryBuilder;

/// Tickets shown at most.
pub const FOUND_MOST: i64 = 50;
/// Days in which a short number is looked for.
const SHORT_DAYS: i64 = 60;
/// Characters of a message before and after the hit.
const AROUND: usize = 40;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Tickets, last updated first.
    pub tickets: Vec<FoundTicket>,
    /// Customers.
    pub customers: Vec<CustomerHit>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TicketId,
    number: i64,
    title: String,
    status: Status,
    customer: String,
    text: Option<String>,
}

/// Searches tickets, messages and customers. Nothing searchable typed finds nothing.
pub async fn search(ctx: &Ctx, typed: &str) -> Result<Found> {
    let customers = if ctx.may(Permission::CustomerView) { customer::queries::lookup(ctx, typed).await? } else { Vec::new() };
    let tickets = if ctx.may(Permission::TicketView) { tickets(ctx, typed, FOUND_MOST).await? } else { Vec::new() };
    Ok(Found { tickets, customers })
}

/// Tickets that a typed text may mean, at most five: by the end of a number first, today's before older ones, then by
/// words. For the command palette.
pub async fn quick(ctx: &Ctx, typed: &str) -> Result<Vec<FoundTicket>> {
    const MOST: i64 = 5;
    ctx.require(Permission::TicketView)?;
    let mut found = match number::parse_short(typed) {
        Some(count) => by_count(ctx, count, MOST).await?,
        None => Vec::new(),
    };
    let words = typed.trim().trim_start_matches(['#', '＃']);
    for ticket in tickets(ctx, words, MOST).await? {
        if !found.iter().any(|known| known.id == ticket.id) {
            found.push(ticket);
        }
    }
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(found)
}

/// Tickets alone, at most `most`.
pub async fn tickets(ctx: &Ctx, typed: &str, most: i64) -> Result<Vec<FoundTicket>> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let words = match word::look_up(&mut tx, typed).await? {
        Words::Any | Words::Nothing => return Ok(Vec::new()),
        words => words,
    };
    let company = ctx.company;
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.title, t.status, k.nickname as customer, h.text
        from (select t.company_id, t.id, t.number, t.title, t.status, t.customer_id, t.updated_at from tickets t where t.company_id = ",
    );
    query.push_bind(company).push(" and t.status <> 98");
    word::push(&mut query, ctx, &words);
    scope::push(&mut query, ctx);
    query.push(" order by t.updated_at desc, t.id desc limit ").push_bind(most);
    query.push(
        ") t
        join customers k on k.company_id = t.company_id and k.id = t.customer_id
        left join lateral (
            select m.text
            from ticket_messages m
            where m.company_id = t.company_id
            and m.ticket_id = t.id
            and m.deleted_at is null
            and m.bigrams @> ",
    );
    query.push_bind(search::wanted(typed));
    query.push(
        " order by m.seq desc
            limit 1
        ) h on true
        order by t.updated_at desc, t.id desc",
    );
    let rows = query.build_query_as::<Row>().fetch_all(&mut *tx).await?;
    Ok(rows.into_iter().map(|row| row.found(typed)).collect())
}

/// The tickets that were the `count`th of their day, as people say a number among themselves: the newest first.
async fn by_count(ctx: &Ctx, count: i64, most: i64) -> Result<Vec<FoundTicket>> {
    let today = ctx.now().date(&ctx.zone);
    let numbers: Vec<i64> = (0..SHORT_DAYS)
        .filter_map(|back| today.checked_sub(back.days()).ok())
        .filter_map(|day| number::number(day.year(), day.month(), day.day(), count))
        .collect();
    let mut tx = ctx.read().await?;
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.title, t.status, k.nickname as customer, null::text as text
        from tickets t
        join customers k on k.company_id = t.company_id and k.id = t.customer_id
        where t.company_id = ",
    );
    query.push_bind(ctx.company).push(" and t.status <> 98 and t.number = any(").push_bind(numbers).push(")");
    scope::push(&mut query, ctx);
    query.push(" order by t.number desc limit ").push_bind(most);
    let rows = query.build_query_as::<Row>().fetch_all(&mut *tx).await?;
    Ok(rows.into_iter().map(|row| row.found("")).collect())
}

impl Row {
    fn found(self, typed: &str) -> FoundTicket {
        FoundTicket {
            id: self.id,
            number: self.number.to_string(),
            title: self.title,
            status: self.status,
            customer: self.customer,
            snippet: self.text.map(|text| snippet(&text, typed)).unwrap_or_default(),
        }
    }
}

/// The words around the first hit.
fn snippet(text: &str, typed: &str) -> String {
    let characters: Vec<char> = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let lower: Vec<char> = characters.iter().map(|character| character.to_lowercase().next().unwrap_or(*character)).collect();
    let begins = |word: &str| {
        let word: Vec<char> = word.to_lowercase().chars().collect();
        lower.windows(word.len().max(1)).position(|window| window == word)
    };
    let at = typed.split_whitespace().find_map(begins).unwrap_or(0);
    let (from, to) = (at.saturating_sub(AROUND), (at + 2 * AROUND).min(characters.len()));
    let cut: String = characters[from..to].iter().collect();
    format!("{}{}{}", if from > 0 { "…" } else { "" }, cut.trim(), if to < characters.len() { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::snippet;

    #[test]
    fn a_snippet_shows_the_hit() {
        let text = format!("{}退款{}", "前".repeat(100), "后".repeat(100));
        let cut = snippet(&text, "退款");
        assert!(cut.contains("退款") && cut.starts_with('…') && cut.ends_with('…') && cut.chars().count() < 130);
        assert_eq!(snippet("短", "没有"), "短");
        assert_eq!(snippet("", "x"), "");
    }
}

//! 搜索: tickets by number, title, message or customer, and customers, each only as far as the actor may see.

use super::word::{self, Words};
use crate::model::{FoundTicket, Status};
use crate::scope;
use customer::model::CustomerHit;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::permission::Permission;
use kernel::search;
use sqlx::QueryBuilder;

/// Tickets shown at most.
pub const FOUND_MOST: i64 = 50;
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

/// Tickets alone, at most `most`: for the command palette.
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
    let found = |row: Row| FoundTicket {
        id: row.id,
        number: row.number.to_string(),
        title: row.title,
        status: row.status,
        customer: row.customer,
        snippet: row.text.map(|text| snippet(&text, typed)).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(found).collect())
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

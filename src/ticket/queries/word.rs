//! 查找: which tickets a few typed words mean: in the ticket, in its messages, in its customer.
//!
//! A rare word is looked up in its index and gives ids. A word that stands everywhere would give most of the table, so
//! it is asked of each ticket instead, in the order of the list, until the page is full.

use crate::model::number;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::search;
use kernel::tx::Tx;
use sqlx::{Postgres, QueryBuilder};

/// Hits in one place up to which a word counts as rare.
const RARE: i32 = 2_000;

/// What was typed, looked up.
#[derive(Clone, Debug)]
pub(crate) enum Words {
    /// Nothing was typed.
    Any,
    /// Nothing that can be searched for was typed.
    Nothing,
    /// A whole number was typed.
    Number(i64),
    /// These tickets.
    Few(Vec<TicketId>),
    /// Too many to name.
    Many { terms: Vec<String>, phrases: Vec<String> },
}

/// Looks the words up.
pub(crate) async fn look_up(tx: &mut Tx, typed: &str) -> Result<Words> {
    if typed.trim().is_empty() {
        return Ok(Words::Any);
    }
    if let Some(number) = number::parse(typed) {
        return Ok(Words::Number(number));
    }
    let (terms, phrases) = (search::wanted(typed), phrases(typed));
    if terms.is_empty() {
        return Ok(Words::Nothing);
    }
    let company = tx.ctx.company;
    // The functions find by index (migration 0012) and stop one past RARE; the join reads what they found.
    let mut query = QueryBuilder::new("select x.id, true");
    push_whole(&mut query, "x.title", &phrases);
    query.push(" from tickets_with(").push_bind(terms.clone()).push(", ").push_bind(RARE + 1);
    query.push(") f (id) join tickets x on x.id = f.id where x.company_id = ").push_bind(company);
    query.push(" union all select y.ticket_id, y.deleted_at is null");
    push_whole(&mut query, "y.text", &phrases);
    query.push(" from ticket_messages_with(").push_bind(terms.clone()).push(", ").push_bind(RARE + 1);
    query.push(") f (id) join ticket_messages y on y.id = f.id where y.company_id = ").push_bind(company);
    query.push(" union all (select z.id, true from customers_with(").push_bind(terms.clone()).push(", ").push_bind(RARE + 1);
    query.push(") f (id) join tickets z on z.customer_id = f.id where z.company_id = ").push_bind(company);
    query.push(" limit ").push_bind(i64::from(RARE) + 1).push(")");
    let found: Vec<(TicketId, bool)> = query.build_query_as().fetch_all(&mut **tx).await?;
    if i32::try_from(found.len()).unwrap_or(i32::MAX) > RARE {
        return Ok(Words::Many { terms, phrases });
    }
    let mut hits: Vec<TicketId> = found.into_iter().filter_map(|(ticket, is_hit)| is_hit.then_some(ticket)).collect();
    hits.sort_unstable();
    hits.dedup();
    Ok(Words::Few(hits))
}

/// Appends ` and …`: the ticket is among what was found.
pub(crate) fn push(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, words: &Words) {
    match words {
        Words::Any => {}
        Words::Nothing => {
            query.push(" and false");
        }
        Words::Number(number) => {
            query.push(" and t.number = ").push_bind(*number);
        }
        Words::Few(tickets) => {
            query.push(" and t.id = any(").push_bind(tickets.clone()).push(")");
        }
        Words::Many { terms, phrases } => {
            query.push(" and (t.bigrams @> ").push_bind(terms.clone());
            push_whole(query, "t.title", phrases);
            query.push(" or exists (select from ticket_messages y where y.company_id = ").push_bind(ctx.company);
            query.push(" and y.ticket_id = t.id and y.bigrams @> ").push_bind(terms.clone()).push(" and y.deleted_at is null");
            push_whole(query, "y.text", phrases);
            // `offset 0` keeps the planner from reading all messages first into a hash, which it does otherwise.
            query.push(" offset 0) or exists (select from customers y where y.company_id = ").push_bind(ctx.company);
            query.push(" and y.id = t.customer_id and y.bigrams @> ").push_bind(terms.clone()).push(" offset 0))");
        }
    }
}

/// Pairs of characters can stand apart in a text; whole runs of Chinese cannot. Everything in them is a letter, so no
/// wildcard needs an escape.
fn push_whole(query: &mut QueryBuilder<Postgres>, column: &'static str, phrases: &[String]) {
    for phrase in phrases {
        query.push(" and ").push(column).push(" ilike ").push_bind(format!("%{phrase}%"));
    }
}

/// Runs of at least three Chinese characters of what was typed.
fn phrases(typed: &str) -> Vec<String> {
    let is_han = |character: char| matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    typed.split(|character| !is_han(character)).filter(|run| run.chars().count() >= 3).take(8).map(str::to_owned).collect()
}

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
const RARE: i64 = 2_000;

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
    let mut query = QueryBuilder::new("(select x.id from tickets x where x.company_id = ");
    query.push_bind(company).push(" and x.bigrams @> ").push_bind(terms.clone());
    push_phrases(&mut query, "x.title", &phrases);
    query.push(" limit ").push_bind(RARE + 1);
    query.push(") union all (select y.ticket_id from ticket_messages y where y.company_id = ").push_bind(company);
    query.push(" and y.bigrams @> ").push_bind(terms.clone()).push(" and y.deleted_at is null");
    push_phrases(&mut query, "y.text", &phrases);
    query.push(" limit ").push_bind(RARE + 1);
    query.push(") union all (select z.id from customers k join tickets z on z.company_id = k.company_id and z.customer_id = k.id");
    query.push(" where k.company_id = ").push_bind(company).push(" and k.bigrams @> ").push_bind(terms.clone());
    query.push(" limit ").push_bind(RARE + 1).push(")");
    let mut found = query.build_query_scalar::<TicketId>().fetch_all(&mut **tx).await?;
    if found.len() > usize::try_from(RARE).unwrap_or(usize::MAX) {
        return Ok(Words::Many { terms, phrases });
    }
    found.sort_unstable();
    found.dedup();
    Ok(Words::Few(found))
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
            push_phrases(query, "t.title", phrases);
            query.push(" or exists (select from ticket_messages y where y.company_id = ").push_bind(ctx.company);
            query.push(" and y.ticket_id = t.id and y.bigrams @> ").push_bind(terms.clone()).push(" and y.deleted_at is null");
            push_phrases(query, "y.text", phrases);
            // `offset 0` keeps the planner from reading all messages first into a hash, which it does otherwise.
            query.push(" offset 0) or exists (select from customers y where y.company_id = ").push_bind(ctx.company);
            query.push(" and y.id = t.customer_id and y.bigrams @> ").push_bind(terms.clone()).push(" offset 0))");
        }
    }
}

/// Pairs of characters can stand apart in a text; whole runs of Chinese cannot. Everything in them is a letter, so no
/// wildcard needs an escape.
fn push_phrases(query: &mut QueryBuilder<Postgres>, column: &'static str, phrases: &[String]) {
    for phrase in phrases {
        query.push(" and ").push(column).push(" ilike ").push_bind(format!("%{phrase}%"));
    }
}

/// Runs of at least three Chinese characters of what was typed.
fn phrases(typed: &str) -> Vec<String> {
    let is_han = |character: char| matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    typed.split(|character| !is_han(character)).filter(|run| run.chars().count() >= 3).take(8).map(str::to_owned).collect()
}

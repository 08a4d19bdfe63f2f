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

/// Hits among titles, or among customers' tickets, up to which a word counts as rare.
const RARE: i32 = 1_000;
/// The same for messages, of which a ticket has several.
const RARE_MESSAGES: i32 = 4 * RARE;

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
    Many {
        /// What every hit has.
        terms: Vec<String>,
        /// What must stand together.
        phrases: Vec<String>,
        /// The first hits that were found, in no order.
        some: Vec<TicketId>,
    },
}

/// Looks the words up, by index: the functions stand in migration 0012.
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
    let patterns: Vec<String> = phrases.iter().map(|phrase| pattern(phrase)).collect();
    let found = sqlx::query!(
        r#"select 0 as "place!", tickets_with($1, $2, $3) as "id!: TicketId"
        union all
        (
            select 1, z.id
            from customers_with($1, $3) f (id)
            join tickets z on z.customer_id = f.id
            where z.company_id = $4
            limit $3
        )"#,
        &terms,
        &patterns,
        RARE + 1,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let is_cut = (0..2).any(|place| is_more(found.iter().filter(|row| row.place == place).count(), RARE));
    let mut hits: Vec<TicketId> = found.into_iter().map(|row| row.id).collect();
    let is_cut = is_cut || {
        // Only of a word that is rare so far the messages are asked, of which there are many more.
        let found =
            sqlx::query_scalar!(r#"select ticket_messages_with($1, $2, $3) as "id!: TicketId""#, &terms, &patterns, RARE_MESSAGES + 1)
                .fetch_all(&mut **tx)
                .await?;
        let is_cut = is_more(found.len(), RARE_MESSAGES);
        hits.extend(found);
        is_cut
    };
    hits.sort_unstable();
    hits.dedup();
    Ok(if is_cut { Words::Many { terms, phrases, some: hits } } else { Words::Few(hits) })
}

fn is_more(found: usize, most: i32) -> bool {
    i32::try_from(found).is_ok_and(|found| found > most)
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
        Words::Many { terms, phrases, .. } => {
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
        query.push(" and ").push(column).push(" ilike ").push_bind(pattern(phrase));
    }
}

fn pattern(phrase: &str) -> String {
    format!("%{phrase}%")
}

/// Runs of at least three Chinese characters of what was typed.
fn phrases(typed: &str) -> Vec<String> {
    let is_han = |character: char| matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    typed.split(|character| !is_han(character)).filter(|run| run.chars().count() >= 3).take(8).map(str::to_owned).collect()
}

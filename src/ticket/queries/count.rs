//! 视图与数量: the lists of the menu, each with how many tickets stand in it.

use super::condition::push_conditions;
use super::word::{self, Words};
use crate::model::list::{BuiltIn, ListQuery};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, ViewId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use sqlx::{Postgres, QueryBuilder};

/// Tickets are counted up to here; a longer list says “1,000+”. It bounds what one page costs, however large the company.
pub const COUNTED_MOST: i64 = 1_000;

/// 视图: a list that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Which.
    pub id: ViewId,
    /// 名称.
    pub name: String,
    /// Its address, after the question mark.
    pub query: String,
    /// Whether every agent sees it.
    pub shared: bool,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// How many tickets stand in each list, in the order asked; `COUNTED_MOST` means that many or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of the lists that everybody has, that of all tickets where it is shown; the recycle bin only for those who may see it.
    pub built_in: Vec<(BuiltIn, i64)>,
    /// Of the kept ones.
    pub saved: Vec<(ViewId, i64)>,
}

impl Counts {
    /// How many tickets stand in a built-in list.
    #[must_use]
    pub fn of(&self, view: BuiltIn) -> Option<i64> {
        self.built_in.iter().find(|(counted, _)| *counted == view).map(|(_, count)| *count)
    }

    /// How many stand in a kept one.
    #[must_use]
    pub fn of_saved(&self, view: ViewId) -> Option<i64> {
        self.saved.iter().find(|(counted, _)| *counted == view).map(|(_, count)| *count)
    }
}

/// The kept lists: shared ones first, then the reader's own.
pub async fn views(ctx: &Ctx) -> Result<Vec<SavedView>> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: ViewId", name, query, shared, agent_id as "agent_id: AgentId"
        from ticket_views
        where company_id = $1
        and (shared or agent_id = $2)
        order by shared desc, position, id
        limit 60"#,
        company as _,
        me as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SavedView { id: row.id, name: row.name, query: row.query, shared: row.shared, own: row.agent_id == me })
        .collect())
}

/// A kept list that everybody sees.
#[derive(Clone, Debug)]
pub(crate) struct SharedView {
    pub id: ViewId,
    pub name: String,
    pub query: String,
    pub owner: AgentId,
}

/// The kept lists that everybody sees, in order. System: its caller has asked who may.
pub(crate) async fn shared_views(tx: &mut Tx) -> Result<Vec<SharedView>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        SharedView,
        r#"select id as "id: ViewId", name, query, agent_id as "owner: AgentId"
        from ticket_views
        where company_id = $1
        and shared
        order by position, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The lists that everybody has, the recycle bin only for those who may see it.
pub fn menu(ctx: &Ctx) -> impl Iterator<Item = BuiltIn> {
    let may_see_bin = ctx.may(Permission::TicketDelete);
    BuiltIn::ALL.iter().copied().filter(move |view| *view != BuiltIn::Bin || may_see_bin)
}

/// How many tickets stand in every list of the menu, in one statement, and one more for each kept list with words. All
/// tickets only grow in number, which says nothing about the work to do: they are counted where they are what is `shown`.
pub async fn counts(ctx: &Ctx, views: &[SavedView], shown: Option<BuiltIn>) -> Result<Counts> {
    ctx.require(Permission::TicketView)?;
    let built_in: Vec<BuiltIn> = menu(ctx).filter(|view| *view != BuiltIn::All || shown == Some(*view)).collect();
    let lists = built_in.iter().map(|view| ListQuery::of(*view)).chain(views.iter().map(|view| ListQuery::parse(&view.query)));
    let counts = count_all(ctx, lists.collect()).await?;
    let (of_built_in, of_saved) = counts.split_at(built_in.len());
    Ok(Counts {
        built_in: built_in.into_iter().zip(of_built_in.iter().copied()).collect(),
        saved: views.iter().map(|view| view.id).zip(of_saved.iter().copied()).collect(),
    })
}

/// How many tickets stand in one list.
pub async fn count(ctx: &Ctx, list: &ListQuery) -> Result<i64> {
    ctx.require(Permission::TicketView)?;
    if list.start() == BuiltIn::Bin {
        ctx.require(Permission::TicketDelete)?;
    }
    Ok(count_all(ctx, vec![list.clone()]).await?.first().copied().unwrap_or(0))
}

/// How many tickets stand in one list, at most `most`: for what has a bound of its own.
pub async fn count_up_to(ctx: &Ctx, list: &ListQuery, most: i64) -> Result<i64> {
    super::condition::require(ctx, list)?;
    let mut tx = ctx.read().await?;
    let words = word::look_up(&mut tx, &list.q).await?;
    count_one(&mut tx, list, &words, most).await
}

async fn count_all(ctx: &Ctx, lists: Vec<ListQuery>) -> Result<Vec<i64>> {
    let mut tx = ctx.read().await?;
    let mut query = QueryBuilder::new("select array[");
    let mut common = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        let words = word::look_up(&mut tx, &list.q).await?;
        query.push(if at == 0 { "" } else { ", " });
        if matches!(words, Words::Many { .. }) {
            query.push("0");
            common.push((at, words));
        } else {
            push_count(&mut query, ctx, list, &words, COUNTED_MOST);
        }
    }
    query.push("]::bigint[]");
    let mut counts = query.build_query_scalar::<Vec<i64>>().fetch_one(&mut *tx).await?;
    for (at, words) in common {
        counts[at] = count_in(&mut tx, &lists[at], &words).await?;
    }
    Ok(counts)
}

/// How many tickets stand in one list whose words are looked up. Of a word that stands everywhere the first hits are
/// counted: mostly they are `COUNTED_MOST` already.
pub(crate) async fn count_in(tx: &mut Tx, list: &ListQuery, words: &Words) -> Result<i64> {
    if let Words::Many { some, .. } = words {
        let least = count_one(tx, list, &Words::Few(some.clone()), COUNTED_MOST).await?;
        if least >= COUNTED_MOST {
            return Ok(least);
        }
    }
    count_one(tx, list, words, COUNTED_MOST).await
}

async fn count_one(tx: &mut Tx, list: &ListQuery, words: &Words, most: i64) -> Result<i64> {
    let mut query = QueryBuilder::new("select ");
    push_count(&mut query, &tx.ctx.clone(), list, words, most);
    Ok(query.build_query_scalar().fetch_one(&mut **tx).await?)
}

fn push_count(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, list: &ListQuery, words: &Words, most: i64) {
    query.push("(select count(*) from (select from tickets t");
    push_conditions(query, ctx, list, words);
    query.push(" limit ").push(most).push(") x)");
}

//! 工单列表: rows of the ticket centre, in one statement a page.

use super::condition::{push_conditions, require};
use super::count::count_in;
use super::word::{self, Words};
use crate::model::due::ClockState;
use crate::model::list::{ListQuery, Sort};
use crate::model::{Priority, Source, Status};
use crate::scope;
use jiff::Timestamp;
use kernel::ctx::Ctx;
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, CustomerId, GroupId, TicketId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::{self, Stamp};
use kernel::tx::Tx;
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};
use std::collections::HashMap;

/// Rows of one page.
pub const PAGE: usize = 50;

/// One row of a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TicketRow {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// Names of the category and those above it, joined by `/`.
    pub category_path: Option<String>,
    /// 附件 in all its messages.
    pub file_count: i32,
    /// 回复 with the description.
    pub message_count: i32,
    /// 客户.
    pub customer_id: CustomerId,
    /// The customer's nickname.
    pub customer_nickname: String,
    /// VIP等级; 0 is nobody special.
    pub vip_level: i16,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 来源.
    pub source: Source,
    /// 受理组.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// 受理客服.
    pub agent_id: Option<AgentId>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// Since when the customer waits for us.
    pub waiting_since: Option<Stamp>,
    /// When the clock that it shows is over, as long as it runs.
    pub due_at: Option<Stamp>,
    /// How that clock stands; nothing without an SLA policy.
    pub due_state: Option<ClockState>,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// 催单 so far.
    pub urge_count: i32,
    /// Grows with every activation; above 1 it was opened again.
    pub cycle: i32,
    /// Grows with every change.
    pub version: i32,
    /// Whether the reader has an unsent reply in it.
    pub has_draft: bool,
}

/// 上一张与下一张: the tickets beside one, in the list it was opened from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The one before, with its number.
    pub previous: Option<(TicketId, i64)>,
    /// The one after.
    pub next: Option<(TicketId, i64)>,
}

/// Finds what is wrong with the conditions of an address: days that are none, ranges that end before they begin.
/// `rows` leaves out what cannot be read.
pub fn check(list: &ListQuery) -> Result {
    let mut problems = Problems::default();
    for (field, from, to) in
        [("created_from", &list.created_from, &list.created_to), ("updated_from", &list.updated_from, &list.updated_to)]
    {
        let days = (time::day(from), time::day(to));
        problems.need(from.is_empty() || days.0.is_some(), field, Problem::BadDate);
        problems.need(to.is_empty() || days.1.is_some(), &field.replace("from", "to"), Problem::BadDate);
        if let (Some(first), Some(last)) = days {
            problems.need(first <= last, field, Problem::RangeReversed);
        }
    }
    problems.end()
}

/// One page of a list.
pub async fn rows(ctx: &Ctx, list: &ListQuery) -> Result<Paged<TicketRow>> {
    rows_of(ctx, list, PAGE).await
}

/// As `rows`, with pages of another size.
pub async fn rows_of(ctx: &Ctx, list: &ListQuery, size: usize) -> Result<Paged<TicketRow>> {
    require(ctx, list)?;
    let mut tx = ctx.read().await?;
    let words = word::look_up(&mut tx, &list.q).await?;
    rows_in(&mut tx, list, &words, size).await
}

/// One page of a list and how many tickets stand in it, `COUNTED_MOST` meaning that many or more; the words are looked
/// up once for both. A number that is known already is not counted again.
pub async fn rows_and_count(ctx: &Ctx, list: &ListQuery, known: Option<i64>) -> Result<(Paged<TicketRow>, i64)> {
    require(ctx, list)?;
    let mut tx = ctx.read().await?;
    let words = word::look_up(&mut tx, &list.q).await?;
    let rows = rows_in(&mut tx, list, &words, PAGE).await?;
    let total = match known {
        Some(total) => total,
        None => count_in(&mut tx, list, &words).await?,
    };
    Ok((rows, total))
}

/// A list that is walked from its beginning to its end.
#[derive(Debug)]
pub struct Walk {
    tx: Tx,
    list: ListQuery,
    words: Words,
    is_over: bool,
}

/// Walks a list for an export, from one snapshot: what changes meanwhile neither slips through nor comes twice.
pub async fn walk(ctx: &Ctx, list: &ListQuery) -> Result<Walk> {
    require(ctx, list)?;
    // Never a page's, which others read in too.
    let ctx = Ctx { reading: None, ..ctx.clone() };
    // Of the connections that pages do not read by: a file takes long.
    let mut tx = ctx.begin().await?;
    sqlx::query!("set transaction isolation level repeatable read").execute(&mut *tx).await?;
    let words = word::look_up(&mut tx, &list.q).await?;
    Ok(Walk { tx, list: list.without_place(), words, is_over: false })
}

impl Walk {
    /// The next rows; fewer than `size` are the last ones.
    pub async fn next(&mut self, size: usize) -> Result<Vec<TicketRow>> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let page = rows_in(&mut self.tx, &self.list, &self.words, size).await?;
        match page.next {
            Some(next) => self.list.at = next.to_string(),
            None => self.is_over = true,
        }
        Ok(page.rows)
    }

    /// What was filled in of own fields of these rows, from the same snapshot.
    pub async fn kept(&mut self, rows: &[TicketRow]) -> Result<HashMap<TicketId, Value>> {
        let (company, ids) = (self.tx.ctx.company, rows.iter().map(|row| row.id.0).collect::<Vec<_>>());
        let kept = sqlx::query!(
            r#"select id as "id: TicketId", fields
            from tickets
            where company_id = $1
            and id = any($2)
            and fields <> '{}'"#,
            company as _,
            &ids,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(kept.into_iter().map(|row| (row.id, row.fields)).collect())
    }
}

async fn rows_in(tx: &mut Tx, list: &ListQuery, words: &Words, size: usize) -> Result<Paged<TicketRow>> {
    let ctx = &tx.ctx.clone();
    let order = Order::of(list.order());
    // A cursor that cannot be read is the beginning.
    let cursor = list.at.parse::<Cursor>().ok().filter(|cursor| order.key(cursor).is_some());
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.direction == Direction::Before);
    let mut query = select();
    push_conditions(&mut query, ctx, list, words);
    if let Some(cursor) = &cursor {
        order.push_beyond(&mut query, cursor, backwards);
    }
    order.push_order(&mut query, backwards);
    // Written out: a plan that is kept between requests must know that it is a few rows.
    query.push(" limit ").push(size + 1);
    push_names(&mut query, ctx);
    order.push_order(&mut query, backwards);
    let rows = query.build_query_as::<TicketRow>().fetch_all(&mut **tx).await?;
    Ok(Paged::cut(rows, size, cursor.as_ref(), |row| (order.key_of(row).to_string(), row.id.0)))
}

/// Rows of these tickets that the actor may see, last updated first, at most `PAGE`: for lists that another slice
/// worked out, such as the tickets behind a number of a report.
pub async fn rows_among(ctx: &Ctx, tickets: &[TicketId]) -> Result<Vec<TicketRow>> {
    ctx.require(Permission::TicketView)?;
    let mut query = select();
    query.push(" where t.company_id = ").push_bind(ctx.company);
    query.push(" and t.id = any(").push_bind(tickets.to_vec()).push(")");
    scope::push(&mut query, ctx);
    query.push(" order by t.updated_at desc, t.id desc limit ").push(PAGE);
    push_names(&mut query, ctx);
    query.push(" order by t.updated_at desc, t.id desc");
    let mut tx = ctx.read().await?;
    Ok(query.build_query_as::<TicketRow>().fetch_all(&mut *tx).await?)
}

/// The tickets before and after one in a list.
pub async fn neighbours(ctx: &Ctx, list: &ListQuery, ticket: TicketId) -> Result<Neighbours> {
    require(ctx, list)?;
    let order = Order::of(list.order());
    let mut tx = ctx.read().await?;
    let mut query =
        QueryBuilder::new("select t.priority, t.created_at, t.updated_at, t.waiting_since, t.due_at from tickets t where t.company_id = ");
    query.push_bind(ctx.company).push(" and t.id = ").push_bind(ticket);
    scope::push(&mut query, ctx);
    let Some(here) = query.build_query_as::<Keys>().fetch_optional(&mut *tx).await? else {
        return Ok(Neighbours::default());
    };
    let words = word::look_up(&mut tx, &list.q).await?;
    let mut found = [None, None];
    for (slot, backwards) in found.iter_mut().zip([true, false]) {
        let direction = if backwards { Direction::Before } else { Direction::After };
        let cursor = Cursor { direction, key: order.pick(&here).to_string(), id: ticket.0 };
        let mut query = QueryBuilder::new("select t.id, t.number from tickets t");
        push_conditions(&mut query, ctx, list, &words);
        order.push_beyond(&mut query, &cursor, backwards);
        order.push_order(&mut query, backwards);
        query.push(" limit 1");
        *slot = query.build_query_as::<(TicketId, i64)>().fetch_optional(&mut *tx).await?;
    }
    let [previous, next] = found;
    Ok(Neighbours { previous, next })
}

/// The tickets of a page are picked first, and only those get their names: `push_names` closes what this opens.
fn select() -> QueryBuilder<Postgres> {
    QueryBuilder::new(
        "select t.id, t.number, t.title, c.path as category_path, t.file_count, t.message_count, t.customer_id,
            k.nickname as customer_nickname, k.vip_level, t.status, t.priority, t.source, t.group_id, g.name as group_name,
            t.agent_id, a.name as agent_name, t.waiting_since, t.due_at, t.due_state, t.created_at, t.updated_at, t.urge_count, t.cycle, t.version,
            d.ticket_id is not null as has_draft
        from (
            select t.company_id, t.id, t.number, t.title, t.category_id, t.file_count, t.message_count, t.customer_id, t.status, t.priority,
                t.source, t.group_id, t.agent_id, t.waiting_since, t.due_at, t.due_state, t.created_at, t.updated_at, t.urge_count, t.cycle, t.version
            from tickets t",
    )
}

fn push_names(query: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
    query.push(
        ") t
        join customers k on k.company_id = t.company_id and k.id = t.customer_id
        left join ticket_categories c on c.company_id = t.company_id and c.id = t.category_id
        left join groups g on g.company_id = t.company_id and g.id = t.group_id
        left join agents a on a.company_id = t.company_id and a.id = t.agent_id
        left join ticket_drafts d on d.company_id = t.company_id and d.ticket_id = t.id and d.agent_id = ",
    );
    query.push_bind(ctx.actor.agent());
}

/// What a place in a list is made of.
#[derive(sqlx::FromRow)]
struct Keys {
    priority: Priority,
    created_at: Stamp,
    updated_at: Stamp,
    waiting_since: Option<Stamp>,
    due_at: Option<Stamp>,
}

/// How a list is ordered: a column, then the id, both in one direction.
#[derive(Clone, Copy)]
struct Order {
    sort: Sort,
    column: &'static str,
    descends: bool,
}

impl Order {
    fn of(sort: Sort) -> Order {
        let (column, descends) = match sort {
            Sort::Updated => ("t.updated_at", true),
            Sort::UpdatedOldest => ("t.updated_at", false),
            Sort::Created => ("t.created_at", true),
            Sort::CreatedOldest => ("t.created_at", false),
            Sort::Priority => ("t.priority", true),
            // What does not wait comes last.
            Sort::Due => ("coalesce(t.due_at, timestamptz '9000-01-01 00:00:00+00')", false),
            Sort::Waiting => ("coalesce(t.waiting_since, timestamptz '9000-01-01 00:00:00+00')", false),
        };
        Order { sort, column, descends }
    }

    fn pick(self, keys: &Keys) -> i64 {
        match self.sort {
            Sort::Updated | Sort::UpdatedOldest => keys.updated_at.micros(),
            Sort::Created | Sort::CreatedOldest => keys.created_at.micros(),
            Sort::Priority => i64::from(keys.priority.code()),
            Sort::Waiting => keys.waiting_since.map_or_else(far, Stamp::micros),
            Sort::Due => keys.due_at.map_or_else(far, Stamp::micros),
        }
    }

    fn key_of(self, row: &TicketRow) -> i64 {
        let (priority, created_at, updated_at) = (row.priority, row.created_at, row.updated_at);
        self.pick(&Keys { priority, created_at, updated_at, waiting_since: row.waiting_since, due_at: row.due_at })
    }

    /// The cursor's key, when it is one of this order.
    fn key(self, cursor: &Cursor) -> Option<i64> {
        let key = cursor.integer().ok()?;
        match self.sort {
            Sort::Priority => i16::try_from(key).is_ok().then_some(key),
            _ => Stamp::from_micros(key).map(|_| key),
        }
    }

    fn push_beyond(self, query: &mut QueryBuilder<Postgres>, cursor: &Cursor, backwards: bool) {
        let Some(key) = self.key(cursor) else { return };
        let sign = if self.descends == backwards { ">" } else { "<" };
        query.push(" and (").push(self.column).push(", t.id) ").push(sign).push(" (");
        match (self.sort, Stamp::from_micros(key)) {
            (Sort::Priority, _) | (_, None) => query.push_bind(i16::try_from(key).unwrap_or(0)),
            (_, Some(at)) => query.push_bind(at),
        };
        query.push(", ").push_bind(cursor.id).push(")");
    }

    fn push_order(self, query: &mut QueryBuilder<Postgres>, backwards: bool) {
        let word = if self.descends == backwards { " asc" } else { " desc" };
        query.push(" order by ").push(self.column).push(word).push(", t.id").push(word);
    }
}

/// The constant of `Sort::Waiting`.
fn far() -> i64 {
    "9000-01-01T00:00:00Z".parse::<Timestamp>().map_or(i64::MAX, Timestamp::as_microsecond)
}

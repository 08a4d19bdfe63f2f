//! Reads of reports: the table with its totals, and the tickets behind a number.

pub mod clocks;
pub mod legs;
pub mod spread;
pub mod table;
pub mod wall;
pub mod worked;

use crate::metric::Metric;
use crate::report::{Branch, Filter, Pick};
use crate::sql::{self, Below};
use crate::subject::Subject;
use identity::model::{AgentOption, GroupOption};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CategoryId, InvitationId, TicketId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::{QueryBuilder, Row};
use ticket::model::Source;

/// Rows of a page of the drill-down.
pub const PAGE: usize = 50;

/// What a report can be filtered by.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// 客服.
    pub agents: Vec<AgentOption>,
    /// 受理组.
    pub groups: Vec<GroupOption>,
    /// 分类, by path.
    pub categories: Vec<(CategoryId, String)>,
}

/// 工单明细: one ticket behind a number.
#[derive(Clone, Debug)]
pub struct RatedTicket {
    /// Which invitation.
    pub invitation: InvitationId,
    /// The ticket.
    pub ticket: TicketId,
    /// 工单编号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 客户.
    pub customer: String,
    /// 客服 at the invitation.
    pub agent: String,
    /// 渠道 at the invitation.
    pub channel: Source,
    /// When it was invited.
    pub sent_at: Stamp,
    /// 分数.
    pub score: Option<i16>,
    /// 原因.
    pub reasons: Vec<String>,
    /// 说明.
    pub remark: String,
    /// When it was rated last.
    pub rated_at: Option<Stamp>,
}

/// The choices of the filter bar.
pub async fn choices(ctx: &Ctx, subject: Subject) -> Result<Choices> {
    ctx.require(subject.needs())?;
    let mut tx = ctx.read().await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    let mut groups = Vec::new();
    for kind in subject.groups() {
        groups.extend(identity::queries::group_options(&mut tx, *kind).await?);
    }
    if subject != Subject::Tickets {
        return Ok(Choices { agents, groups, categories: Vec::new() });
    }
    let company = ctx.company;
    let categories = sqlx::query!(
        r#"select id as "id: CategoryId", path
        from ticket_categories
        where company_id = $1
        and deleted_at is null
        order by path"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(Choices { agents, groups, categories: categories.into_iter().map(|row| (row.id, row.path)).collect() })
}

/// How many rows stand behind a number.
pub async fn count(ctx: &Ctx, filter: &Filter, metric: &'static Metric) -> Result<i64> {
    ctx.require(metric.relation.subject.needs())?;
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, filter).await?;
    let mut query = QueryBuilder::new("select count(*)");
    sql::behind(&mut query, ctx, filter, &below, metric);
    Ok(query.build_query_scalar().fetch_one(&mut *tx).await?)
}

/// The tickets behind a number, latest invitation first.
pub async fn rows(ctx: &Ctx, filter: &Filter, metric: &'static Metric, cursor: Option<&Cursor>, size: usize) -> Result<Paged<RatedTicket>> {
    ctx.require(Permission::StatisticsTicket)?;
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, filter).await?;
    let mut query = QueryBuilder::new(
        "select x.id, x.ticket_id, t.number, t.title,
            (select c.nickname from customers c where c.company_id = t.company_id and c.id = t.customer_id),
            x.agent_name, x.channel, x.sent_at, x.score, r.reasons, r.remark, r.rated_at
        from (select i.company_id, i.id, i.ticket_id, i.agent_name, i.channel, i.sent_at, i.score",
    );
    sql::behind(&mut query, ctx, filter, &below, metric);
    let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = cursor {
        let at = cursor.integer().ok().and_then(Stamp::from_micros);
        query.push(if backwards { " and (i.sent_at, i.id) > (" } else { " and (i.sent_at, i.id) < (" });
        query.push_bind(at).push(", ").push_bind(cursor.id).push(")");
    }
    query.push(if backwards { " order by i.sent_at, i.id" } else { " order by i.sent_at desc, i.id desc" });
    query.push(" limit ").push(size + 1);
    query.push(
        ") x join tickets t on t.company_id = x.company_id and t.id = x.ticket_id
        left join satisfaction_ratings r on r.company_id = x.company_id and r.invitation_id = x.id and r.is_current",
    );
    query.push(if backwards { " order by x.sent_at, x.id" } else { " order by x.sent_at desc, x.id desc" });
    let found = query.build().fetch_all(&mut *tx).await?;
    let rows: Vec<RatedTicket> = found.iter().map(rated_ticket).collect::<std::result::Result<_, sqlx::Error>>()?;
    Ok(Paged::cut(rows, size, cursor, |row| (row.sent_at.micros().to_string(), row.invitation.0)))
}

fn rated_ticket(row: &sqlx::postgres::PgRow) -> std::result::Result<RatedTicket, sqlx::Error> {
    Ok(RatedTicket {
        invitation: row.try_get(0)?,
        ticket: row.try_get(1)?,
        number: row.try_get(2)?,
        title: row.try_get(3)?,
        customer: row.try_get::<Option<String>, _>(4)?.unwrap_or_default(),
        agent: row.try_get(5)?,
        channel: row.try_get(6)?,
        sent_at: row.try_get(7)?,
        score: row.try_get(8)?,
        reasons: row.try_get::<Option<Vec<String>>, _>(9)?.unwrap_or_default(),
        remark: row.try_get::<Option<String>, _>(10)?.unwrap_or_default(),
        rated_at: row.try_get(11)?,
    })
}

/// The chosen category and, unless it is meant alone, everything below it.
async fn below(tx: &mut Tx, filter: &Filter) -> Result<Below> {
    let category = match filter.category {
        Pick::Any | Pick::Nobody => return Ok(Below::default()),
        Pick::One(Branch::Only(category)) => return Ok(Below(vec![category])),
        Pick::One(Branch::Whole(category)) => category,
    };
    let company = tx.ctx.company;
    let ids = sqlx::query_scalar!(
        r#"with recursive line as (
            select id from ticket_categories where company_id = $1 and id = $2
            union
            select c.id from ticket_categories c join line on c.parent_id = line.id where c.company_id = $1
        )
        select id as "id!: CategoryId" from line"#,
        company as _,
        category as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Below(ids))
}

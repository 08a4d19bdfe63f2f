//! One relation, one set of predicates, two final selects: what a number counts and the list behind it cannot differ.
//! Every piece of SQL is a literal; values from an address are bound.

use crate::figure::{Sums, bases};
use crate::metric::{Metric, Relation, Value};
use crate::model::By;
use crate::report::{Filter, Pick, Range};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CategoryId;
use kernel::permission::Scope;
use kernel::time::Stamp;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};
use uuid::Uuid;

/// One group of a table before it has its name.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// Id of agent, group or category; none for rows that have none, and for other dimensions.
    pub id: Option<Uuid>,
    /// Place of the part of the range, or code of the channel.
    pub number: Option<i32>,
    /// The name kept with the facts.
    pub name: Option<String>,
    /// What its rows add up to.
    pub sums: Sums,
}

/// What the filter is resolved with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Below(pub Vec<CategoryId>);

impl Bucket {
    /// Whether both are the group of the same agent, place or channel.
    pub(crate) fn is_same(&self, other: &Bucket) -> bool {
        (self.id, self.number) == (other.id, other.number)
    }
}

/// The sums by group.
pub(crate) async fn grouped(
    tx: &mut kernel::tx::Tx,
    filter: &Filter,
    below: &Below,
    metrics: &[&'static Metric],
    parts: &[Range],
) -> Result<Vec<Bucket>> {
    let wanted = bases(metrics);
    let relation = relation(&wanted);
    let ctx = tx.ctx.clone();
    let mut query = QueryBuilder::new("select ");
    match filter.by {
        By::Day | By::Week | By::Month => {
            // Boundaries are worked out here, so that days begin where the company's calendar says, in both programs.
            let starts: Vec<Stamp> = parts.iter().map(|part| part.span(&ctx.zone).0).collect();
            query
                .push("null::uuid, width_bucket(")
                .push(relation.clock)
                .push(", ")
                .push_bind(starts)
                .push("::timestamptz[]) - 1, null::text, ");
        }
        By::Agent => {
            // The name as it was when the invitation went out, the latest one.
            query.push("i.agent_id, null::int, (array_agg(i.agent_name order by i.sent_at desc))[1], ");
        }
        By::Group => {
            query.push("i.group_id, null::int, null::text, ");
        }
        By::Category => {
            query.push("i.category_id, null::int, null::text, ");
        }
        By::Channel => {
            query.push("null::uuid, i.channel::int, null::text, ");
        }
    }
    columns(&mut query, &wanted);
    base(&mut query, &ctx, relation, filter, below);
    query.push(match filter.by {
        By::Agent => " group by i.agent_id",
        By::Group => " group by i.group_id",
        By::Category => " group by i.category_id",
        By::Channel => " group by i.channel",
        By::Day | By::Week | By::Month => " group by 2",
    });
    let rows = query.build().fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| Ok(Bucket { id: row.try_get(0)?, number: row.try_get(1)?, name: row.try_get(2)?, sums: sums(row, &wanted, 3)? }))
        .collect()
}

/// `from … where …` of the rows behind a metric; the caller has written the select and writes the order.
pub(crate) fn behind(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, filter: &Filter, below: &Below, metric: &Metric) {
    base(query, ctx, metric.relation, filter, below);
    query.push(" and (").push(metric.predicate()).push(")");
}

/// The one `from` and `where` under every select.
fn base(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, relation: &Relation, filter: &Filter, below: &Below) {
    let (from, until) = filter.range.span(&ctx.zone);
    query.push(" from ").push(relation.from);
    query.push(" where ").push(relation.company).push(" = ").push_bind(ctx.company);
    query.push(" and ").push(relation.holds);
    query.push(" and ").push(relation.clock).push(" >= ").push_bind(from);
    query.push(" and ").push(relation.clock).push(" < ").push_bind(until);
    match filter.agent {
        Pick::Any => {}
        Pick::Nobody => _ = query.push(" and i.agent_id is null"),
        Pick::One(agent) => _ = query.push(" and i.agent_id = ").push_bind(agent),
    }
    match filter.group {
        Pick::Any => {}
        Pick::Nobody => _ = query.push(" and i.group_id is null"),
        Pick::One(group) => _ = query.push(" and i.group_id = ").push_bind(group),
    }
    match filter.category {
        Pick::Any => {}
        Pick::Nobody => _ = query.push(" and i.category_id is null"),
        Pick::One(_) => _ = query.push(" and i.category_id = any(").push_bind(below.0.clone()).push(")"),
    }
    if let Some(channel) = filter.channel {
        query.push(" and i.channel = ").push_bind(channel);
    }
    scope(query, ctx);
}

/// 数据范围: by the agent and the group at the invitation, which a later reassignment does not move (C2). Somebody with a
/// narrow scope keeps the numbers that were theirs.
fn scope(query: &mut QueryBuilder<Postgres>, ctx: &Ctx) {
    if ctx.grants.tickets == Scope::All {
        return;
    }
    let Some(me) = ctx.actor.agent() else {
        query.push(" and false");
        return;
    };
    query.push(" and (i.agent_id = ").push_bind(me);
    if ctx.grants.tickets == Scope::Group {
        query.push(" or i.group_id = any(").push_bind(ctx.groups.to_vec()).push(")");
        query.push(" or i.group_id is null and i.agent_id is null");
    }
    query.push(")");
}

fn relation(wanted: &[&'static Metric]) -> &'static Relation {
    wanted.first().map_or(&crate::metric::INVITATIONS, |metric| metric.relation)
}

fn columns(query: &mut QueryBuilder<Postgres>, wanted: &[&'static Metric]) {
    for (at, metric) in wanted.iter().enumerate() {
        if at > 0 {
            query.push(", ");
        }
        match metric.value {
            Value::Count(holds) => _ = query.push("count(*) filter (where ").push(holds).push(")"),
            Value::Sum(what) => _ = query.push("coalesce(sum(").push(what).push("), 0)::bigint"),
            // Ratios were taken apart.
            Value::Ratio(..) => _ = query.push("0::bigint"),
        }
    }
}

fn sums(row: &PgRow, wanted: &[&'static Metric], first: usize) -> Result<Sums> {
    let mut out = Sums::default();
    for (at, metric) in wanted.iter().enumerate() {
        out.set(metric, row.try_get::<i64, _>(first + at)?);
    }
    Ok(out)
}

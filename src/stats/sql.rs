//! One relation, one set of predicates, two final selects: what a number counts and the list behind it cannot differ.
//! Every piece of SQL is a literal, or made of some; values from an address are bound.

use crate::figure::{Sums, bases};
use crate::metric::{Metric, Relation, Value};
use crate::model::By;
use crate::report::{Filter, Pick, Range};
use crate::subject::Subject;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CategoryId;
use kernel::permission::Scope;
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};
use std::collections::HashMap;
use uuid::Uuid;

/// One group of a table before it has its name.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// Id of agent, group or category; none for rows that have none, and for other dimensions.
    pub id: Option<Uuid>,
    /// Code of the channel or of the line.
    pub number: Option<i32>,
    /// The name kept with the facts.
    pub name: Option<String>,
    /// What its rows add up to.
    pub sums: Sums,
}

/// What one pass over the rows gives.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    /// The parts of the range that have rows, by their place.
    pub now: HashMap<usize, Sums>,
    /// The same of the period before.
    pub before: HashMap<usize, Sums>,
    /// The groups, each with whether it is of the range or of the period before; none where time is the dimension.
    pub groups: Vec<(bool, Bucket)>,
}

/// What the filter is resolved with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Below(pub Vec<CategoryId>);

/// The sums by part and by group. `parts` are those of the period before, none when nothing is compared, and those of
/// the range; together they have no gap.
pub(crate) async fn pass(
    tx: &mut Tx,
    filter: &Filter,
    below: &Below,
    metrics: &[&'static Metric],
    parts: (&[Range], &[Range]),
) -> Result<Pass> {
    let (earlier, now) = parts;
    let wanted = bases(metrics);
    let relation = relation(&wanted);
    let ctx = tx.ctx.clone();
    // Boundaries are worked out here, so that days begin where the company's calendar says, in both programs.
    let starts: Vec<Stamp> = earlier.iter().chain(now).map(|part| part.span(&ctx.zone).0).collect();
    let dimension = match filter.by {
        By::Agent => Some("i.agent_id"),
        By::Group => Some("i.group_id"),
        By::Category => Some("i.category_id"),
        By::Channel => Some("i.channel"),
        By::Line => Some("i.line"),
        By::Day | By::Week | By::Month => None,
    };
    let is_now = format!("p.part >= {}", earlier.len());
    let mut query = QueryBuilder::new("select p.part, ");
    match dimension {
        Some(dimension) => {
            query.push(&is_now).push(", grouping(p.part) = 1, max(").push(relation.clock).push("), ");
            // A code, or an id.
            match filter.by {
                By::Channel | By::Line => query.push("null::uuid, ").push(dimension).push("::int"),
                _ => query.push(dimension).push(", null::int"),
            };
        }
        None => _ = query.push("null::bool, false, null::timestamptz, null::uuid, null::int"),
    }
    query.push(", ");
    columns(&mut query, &wanted);
    let whole = Range { from: earlier.first().map_or(filter.range.from, |part| part.from), to: filter.range.to };
    let apart = (relation.clock, starts);
    base(&mut query, &ctx, relation, &Filter { range: whole, ..*filter }, below, Some(apart));
    match dimension {
        Some(dimension) => _ = query.push(" group by grouping sets ((p.part), (").push(&is_now).push(", ").push(dimension).push("))"),
        None => _ = query.push(" group by p.part"),
    }
    let rows = query.build().fetch_all(&mut **tx).await?;
    let mut out = Pass::default();
    let mut latest: Vec<Option<Stamp>> = Vec::new();
    for row in &rows {
        let sums = sums(row, &wanted, 6)?;
        if row.try_get(2)? {
            latest.push(row.try_get(3)?);
            out.groups.push((row.try_get(1)?, Bucket { id: row.try_get(4)?, number: row.try_get(5)?, name: None, sums }));
        } else if let Ok(at) = usize::try_from(row.try_get::<i32, _>(0)?) {
            match at.checked_sub(earlier.len()) {
                Some(at) => out.now.insert(at, sums),
                None => out.before.insert(at, sums),
            };
        }
    }
    if filter.by == By::Agent {
        name_agents(tx, relation, &mut out.groups, &latest).await?;
    }
    Ok(out)
}

/// Gives agents the name that stood on the latest of their rows: as it was when that was written.
async fn name_agents(tx: &mut Tx, relation: &Relation, groups: &mut [(bool, Bucket)], latest: &[Option<Stamp>]) -> Result {
    let of: Vec<(Uuid, Stamp)> = groups.iter().zip(latest).filter_map(|((_, bucket), at)| bucket.id.zip(*at)).collect();
    let (ids, moments): (Vec<Uuid>, Vec<Stamp>) = of.into_iter().unzip();
    let mut query = QueryBuilder::new("select i.agent_id, ");
    query.push(relation.clock).push(", i.agent_name from ").push(relation.from);
    query.push(" where ").push(relation.company).push(" = ").push_bind(tx.ctx.company);
    query.push(" and ").push(relation.holds);
    query.push(" and ").push(relation.clock).push(" = any(").push_bind(moments).push(") and i.agent_id = any(").push_bind(ids).push(")");
    let rows: Vec<(Uuid, Stamp, String)> = query.build_query_as().fetch_all(&mut **tx).await?;
    let names: HashMap<(Uuid, Stamp), String> = rows.into_iter().map(|(agent, at, name)| ((agent, at), name)).collect();
    for ((_, bucket), at) in groups.iter_mut().zip(latest) {
        bucket.name = bucket.id.zip(*at).and_then(|key| names.get(&key).cloned());
    }
    Ok(())
}

/// `from … where …` of the rows behind a metric; the caller has written the select and writes the order.
pub(crate) fn behind(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, filter: &Filter, below: &Below, metric: &Metric) {
    base(query, ctx, metric.relation, filter, below, None);
    query.push(" and (").push(metric.predicate()).push(")");
}

/// The one `from` and `where` under every select, with the moment it is asked at as `n.now`. `apart`: a clock, and the
/// moments at which it cuts the rows into parts that are numbered as `p.part`.
fn base(
    query: &mut QueryBuilder<Postgres>,
    ctx: &Ctx,
    relation: &Relation,
    filter: &Filter,
    below: &Below,
    apart: Option<(&'static str, Vec<Stamp>)>,
) {
    let (from, until) = filter.range.span(&ctx.zone);
    query.push(" from ").push(relation.from);
    if let Some((clock, starts)) = apart {
        query.push(" cross join lateral (select width_bucket(").push(clock).push(", ");
        query.push_bind(starts).push("::timestamptz[]) - 1 as part) p");
    }
    // A predicate may ask for the moment, which is the program's and not the database's.
    query.push(" cross join (select ").push_bind(ctx.now()).push("::timestamptz as now) n");
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
    if let Some(line) = filter.line {
        query.push(" and i.line = ").push_bind(line);
    }
    scope(query, ctx, relation.subject);
}

/// 数据范围: by the agent and the group that the row names, which are not those that the ticket has by now (C2). Somebody
/// with a narrow scope keeps the numbers that were theirs.
fn scope(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, subject: Subject) {
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
        // What has come to nobody yet is everybody's; a third party's record has no agent by its nature, and is its asker's group's.
        query.push(match subject {
            Subject::Tickets => " or i.group_id is null and i.agent_id is null",
            Subject::Calls => " or i.group_id is null and i.agent_id is null and i.call_type in (0, 1)",
        });
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
            Value::Sum(what, holds) => {
                query.push("coalesce(sum(").push(what).push(") filter (where ").push(holds).push("), 0)::bigint");
            }
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

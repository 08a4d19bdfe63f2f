//! Reads of reports: the table with its totals, and the tickets behind a number.

use crate::figure::Sums;
use crate::metric::Metric;
use crate::model::{By, ReportQuery};
use crate::report::{Branch, Filter, Pick, Range};
use crate::reports::Report;
use crate::sql::{self, Below, Bucket};
use identity::model::{AgentOption, GroupKind, GroupOption};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CategoryId, GroupId, InvitationId, TicketId};
use kernel::lang::Lang;
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::{QueryBuilder, Row};
use std::cmp::Ordering;
use std::collections::HashMap;
use ticket::model::Source;
use uuid::Uuid;

/// Rows of a page of the drill-down.
pub const PAGE: usize = 50;
/// Longest range whose chart has one column a day.
const DAYS: i32 = 92;

/// 统计表: everything a report page shows.
#[derive(Clone, Debug)]
pub struct Table {
    /// What was asked.
    pub filter: Filter,
    /// 数据截至.
    pub as_of: Stamp,
    /// 合计.
    pub total: Sums,
    /// 合计 of the period before, when it is compared.
    pub previous: Option<Sums>,
    /// How the chart's axis is cut: days, or weeks of a long range.
    pub step: By,
    /// The chart's columns.
    pub series: Vec<(Range, Sums)>,
    /// The columns of the period before, each under the one it is compared with; empty when nothing is compared.
    pub series_before: Vec<(Range, Sums)>,
    /// The table's rows, sorted.
    pub lines: Vec<Line>,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whose picture to show: an agent's id.
    pub id: Option<Uuid>,
    /// 名称, as it was when the facts happened.
    pub name: String,
    /// The address that narrows the report to this row.
    pub query: ReportQuery,
    /// What its rows add up to.
    pub sums: Sums,
    /// What the same row added up to in the period before, when it is compared.
    pub before: Option<Sums>,
}

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

/// The table of a report.
pub async fn table(ctx: &Ctx, report: &'static Report, filter: Filter) -> Result<Table> {
    ctx.require(Permission::StatisticsTicket)?;
    let as_of = ctx.now();
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, &filter).await?;
    let step = if filter.range.days() <= DAYS { By::Day } else { By::Week };
    let series = by_time(&mut tx, &Filter { by: step, ..filter }, &below, report).await?;
    // Every row falls into one part of the range: the parts add up to the total.
    let total = sum(&series.now);
    let previous = filter.compares.then(|| sum(&series.before));
    let lines = lines(&mut tx, report, &filter, &below, (step, &series)).await?;
    let Periods { now: series, before: series_before } = series;
    Ok(Table { filter, as_of, total, previous, step, series, series_before, lines })
}

/// The parts of the range, and those of the period before, part by part; the latter empty when nothing is compared.
struct Periods {
    now: Vec<(Range, Sums)>,
    before: Vec<(Range, Sums)>,
}

fn sum(parts: &[(Range, Sums)]) -> Sums {
    let mut total = Sums::default();
    parts.iter().for_each(|(_, sums)| total.add(sums));
    total
}

/// The choices of the filter bar.
pub async fn choices(ctx: &Ctx) -> Result<Choices> {
    ctx.require(Permission::StatisticsTicket)?;
    let mut tx = ctx.read().await?;
    let agents = identity::queries::agent_options(&mut tx).await?;
    let groups = identity::queries::group_options(&mut tx, GroupKind::Ticket).await?;
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

/// How many tickets stand behind a number.
pub async fn count(ctx: &Ctx, filter: &Filter, metric: &'static Metric) -> Result<i64> {
    ctx.require(Permission::StatisticsTicket)?;
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
            x.agent_name, x.channel, x.sent_at, x.score, x.reasons, x.remark, x.rated_at
        from (select i.company_id, i.id, i.ticket_id, i.agent_name, i.channel, i.sent_at, r.score, r.reasons, r.remark, r.rated_at",
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
    query.push(") x join tickets t on t.company_id = x.company_id and t.id = x.ticket_id");
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

/// One entry for every part of the range, those without rows included. A part is compared with the one as many days
/// earlier as the range has, so that the parts of the period before add up to its total too.
async fn by_time(tx: &mut Tx, filter: &Filter, below: &Below, report: &Report) -> Result<Periods> {
    let parts = filter.range.parts(filter.by);
    let now = in_parts(tx, filter, below, report, &parts).await?;
    let before = if filter.compares {
        let earlier: Vec<Range> = parts.iter().map(|part| part.back(filter.range.days())).collect();
        in_parts(tx, &filter.before(), below, report, &earlier).await?
    } else {
        Vec::new()
    };
    Ok(Periods { now, before })
}

async fn in_parts(tx: &mut Tx, filter: &Filter, below: &Below, report: &Report, parts: &[Range]) -> Result<Vec<(Range, Sums)>> {
    let mut out: Vec<(Range, Sums)> = parts.iter().map(|part| (*part, Sums::default())).collect();
    for bucket in sql::grouped(tx, filter, below, report.metrics, parts).await? {
        let entry = bucket.number.and_then(|at| usize::try_from(at).ok()).and_then(|at| out.get_mut(at));
        if let Some((_, sums)) = entry {
            sums.add(&bucket.sums);
        }
    }
    Ok(out)
}

/// The rows of the table. `known` are the parts that the chart needed anyway.
async fn lines(tx: &mut Tx, report: &'static Report, filter: &Filter, below: &Below, known: (By, &Periods)) -> Result<Vec<Line>> {
    let lang = tx.ctx.lang();
    let mut lines: Vec<Line> = if filter.by.is_time() {
        let today = tx.ctx.now().date(&tx.ctx.zone);
        let own;
        let parts = if known.0 == filter.by {
            known.1
        } else {
            own = by_time(tx, filter, below, report).await?;
            &own
        };
        let mut before = parts.before.iter();
        let line = |(range, sums): &(Range, Sums)| Line {
            id: None,
            name: part_name(*range, filter.by, today, lang),
            query: Filter { range: *range, ..*filter }.query(),
            sums: sums.clone(),
            before: before.next().map(|(_, sums)| sums.clone()),
        };
        parts.now.iter().map(line).collect()
    } else {
        let names = names(tx, filter.by).await?;
        let now = sql::grouped(tx, filter, below, report.metrics, &[]).await?;
        let before = if filter.compares { sql::grouped(tx, &filter.before(), below, report.metrics, &[]).await? } else { Vec::new() };
        // Who did nothing this time stands there too, with what was: the period before adds up to its total.
        let gone = before.iter().filter(|was| !now.iter().any(|bucket| bucket.is_same(was)));
        let gone: Vec<Bucket> = gone.map(|was| Bucket { sums: Sums::default(), ..was.clone() }).collect();
        now.into_iter()
            .chain(gone)
            .map(|bucket| {
                let was = before.iter().find(|was| was.is_same(&bucket)).map(|was| was.sums.clone());
                Line { before: filter.compares.then(|| was.unwrap_or_default()), ..line(bucket, filter, &names, lang) }
            })
            .collect()
    };
    let (metric, descending) = (filter.sort.metric, filter.sort.descending);
    // The fetched order of time is its own order; names sort as text, and settle what is equal otherwise.
    let sorted = |a: &Line, b: &Line| {
        let by_figure = metric.map_or(Ordering::Equal, |metric| {
            let figure = |line: &Line| line.sums.figure(metric).scaled(10_000);
            figure(a).cmp(&figure(b))
        });
        if filter.by.is_time() { by_figure } else { by_figure.then_with(|| a.name.cmp(&b.name)) }
    };
    if descending {
        lines.reverse();
        lines.sort_by(|a, b| sorted(b, a));
    } else {
        lines.sort_by(sorted);
    }
    Ok(lines)
}

fn line(bucket: Bucket, filter: &Filter, names: &HashMap<Uuid, String>, lang: Lang) -> Line {
    let mut narrow = *filter;
    let none = match filter.by {
        By::Agent => t!(lang, "无客服", "Nobody"),
        By::Group => t!(lang, "无受理组", "No group"),
        _ => t!(lang, "无分类", "No category"),
    };
    let kept = bucket.name.filter(|name| !name.is_empty());
    let name = match bucket.id {
        Some(id) => kept.or_else(|| names.get(&id).cloned()).unwrap_or_else(|| t!(lang, "已删除", "Deleted").to_owned()),
        None => none.to_owned(),
    };
    match filter.by {
        By::Agent => narrow.agent = bucket.id.map_or(Pick::Nobody, |id| Pick::One(AgentId(id))),
        By::Group => narrow.group = bucket.id.map_or(Pick::Nobody, |id| Pick::One(GroupId(id))),
        // The row counts its own category; those below have rows of their own.
        By::Category => narrow.category = bucket.id.map_or(Pick::Nobody, |id| Pick::One(Branch::Only(CategoryId(id)))),
        By::Channel | By::Day | By::Week | By::Month => {
            let channel = bucket.number.and_then(|code| i16::try_from(code).ok()).and_then(Source::from_code);
            narrow.channel = channel;
            let name = channel.map_or_else(String::new, |channel| channel.label(lang).to_owned());
            return Line { id: None, name, query: narrow.query(), sums: bucket.sums, before: None };
        }
    }
    let id = bucket.id.filter(|_| filter.by == By::Agent);
    Line { id, name, query: narrow.query(), sums: bucket.sums, before: None }
}

/// `2026-11-22`, `11-16 – 11-22`, `2026-11`.
fn part_name(range: Range, by: By, today: jiff::civil::Date, lang: Lang) -> String {
    match by {
        By::Month => range.from.strftime("%Y-%m").to_string(),
        By::Week => range.words(today, lang),
        _ => range.from.to_string(),
    }
}

/// Names of groups or categories, the deleted ones too: facts name them for ever.
async fn names(tx: &mut Tx, by: By) -> Result<HashMap<Uuid, String>> {
    let company = tx.ctx.company;
    match by {
        By::Group => {
            let rows = sqlx::query!("select id, name from groups where company_id = $1", company as _).fetch_all(&mut **tx).await?;
            Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
        }
        By::Category => {
            let rows =
                sqlx::query!("select id, path from ticket_categories where company_id = $1", company as _).fetch_all(&mut **tx).await?;
            Ok(rows.into_iter().map(|row| (row.id, row.path)).collect())
        }
        _ => Ok(HashMap::new()),
    }
}

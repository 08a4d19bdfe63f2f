//! 统计表: one pass over the rows gives the chart, the table, its totals and what they are compared with.

use super::below;
use crate::figure::Sums;
use crate::model::{By, ReportQuery};
use crate::report::{Branch, Filter, Pick, Range};
use crate::reports::Report;
use crate::sql::{self, Bucket};
use crate::subject::Subject;
use call::model::BusinessLine;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CategoryId, GroupId};
use kernel::lang::Lang;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::cmp::Ordering;
use std::collections::HashMap;
use ticket::model::Source;
use uuid::Uuid;

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

/// The table of a report.
pub async fn table(ctx: &Ctx, report: &'static Report, filter: Filter) -> Result<Table> {
    ctx.require(report.subject().needs())?;
    let as_of = ctx.now();
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, &filter).await?;
    // Days add up to weeks and months here, so that they are read once.
    let days = filter.range.parts(By::Day);
    let earlier = if filter.compares { back(&days, filter.range) } else { Vec::new() };
    let pass = sql::pass(&mut tx, &filter, &below, &report.shown(), (&earlier, &days)).await?;
    let days = Periods { now: known(&days, &pass.now), before: known(&earlier, &pass.before) };
    let step = if filter.range.days() <= DAYS { By::Day } else { By::Week };
    let Periods { now: series, before: series_before } = days.cut(filter.range, step);
    // Every row falls into one day of the range: the days add up to the total.
    let total = sum(&days.now);
    let previous = filter.compares.then(|| sum(&days.before));
    let lines = lines(&mut tx, &filter, &days, pass.groups).await?;
    Ok(Table { filter, as_of, total, previous, step, series, series_before, lines })
}

/// The parts of the range, and those of the period before, part by part; the latter empty when nothing is compared.
struct Periods {
    now: Vec<(Range, Sums)>,
    before: Vec<(Range, Sums)>,
}

impl Periods {
    /// Days put together to longer parts, those without rows included. A part is compared with the one as many days
    /// earlier as the range has, so that the parts of the period before add up to its total too.
    fn cut(&self, range: Range, by: By) -> Periods {
        let parts = range.parts(by);
        let earlier = if self.before.is_empty() { Vec::new() } else { back(&parts, range) };
        Periods { now: gathered(&parts, &self.now), before: gathered(&earlier, &self.before) }
    }
}

fn back(parts: &[Range], range: Range) -> Vec<Range> {
    parts.iter().map(|part| part.back(range.days())).collect()
}

fn known(parts: &[Range], sums: &HashMap<usize, Sums>) -> Vec<(Range, Sums)> {
    parts.iter().enumerate().map(|(at, part)| (*part, sums.get(&at).cloned().unwrap_or_default())).collect()
}

fn gathered(parts: &[Range], days: &[(Range, Sums)]) -> Vec<(Range, Sums)> {
    let mut days = days.iter().peekable();
    parts
        .iter()
        .map(|part| {
            let mut total = Sums::default();
            while let Some((_, sums)) = days.next_if(|(day, _)| day.to <= part.to) {
                total.add(sums);
            }
            (*part, total)
        })
        .collect()
}

fn sum(parts: &[(Range, Sums)]) -> Sums {
    let mut total = Sums::default();
    parts.iter().for_each(|(_, sums)| total.add(sums));
    total
}

/// The rows of the table.
async fn lines(tx: &mut Tx, filter: &Filter, days: &Periods, groups: Vec<(bool, Bucket)>) -> Result<Vec<Line>> {
    let lang = tx.ctx.lang();
    let mut lines: Vec<Line> = if filter.by.is_time() {
        let today = tx.ctx.now().date(&tx.ctx.zone);
        let parts = days.cut(filter.range, filter.by);
        let mut before = parts.before.into_iter();
        let line = |(range, sums): (Range, Sums)| Line {
            id: None,
            name: part_name(range, filter.by, today, lang),
            query: Filter { range, ..*filter }.query(),
            sums,
            before: before.next().map(|(_, sums)| sums),
        };
        parts.now.into_iter().map(line).collect()
    } else {
        let names = names(tx, filter.by).await?;
        let (now, before): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(is_now, _)| *is_now);
        let mut before: HashMap<(Option<Uuid>, Option<i32>), Bucket> =
            before.into_iter().map(|(_, bucket)| ((bucket.id, bucket.number), bucket)).collect();
        let mut lines: Vec<Line> = now
            .into_iter()
            .map(|(_, bucket)| {
                let was = before.remove(&(bucket.id, bucket.number)).map(|was| was.sums).unwrap_or_default();
                Line { before: filter.compares.then_some(was), ..line(bucket, filter, &names, lang) }
            })
            .collect();
        // Who did nothing this time stands there too, with what was: the period before adds up to its total.
        lines.extend(before.into_values().map(|mut gone| {
            let was = core::mem::take(&mut gone.sums);
            Line { before: Some(was), ..line(gone, filter, &names, lang) }
        }));
        lines
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
        By::Group if filter.subject == Subject::Calls => t!(lang, "无技能组", "No group"),
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
        By::Channel | By::Line | By::Day | By::Week | By::Month => {
            let code = bucket.number.and_then(|code| i16::try_from(code).ok());
            let name = if filter.by == By::Line {
                narrow.line = code.and_then(BusinessLine::from_code);
                narrow.line.map(|line| line.label(lang))
            } else {
                narrow.channel = code.and_then(Source::from_code);
                narrow.channel.map(|channel| channel.label(lang))
            };
            let name = name.unwrap_or_default().to_owned();
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

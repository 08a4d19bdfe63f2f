//! 分位: median and 90th percentile of a length of time. They do not add up, so that they are asked for a range as a whole.

use super::below;
use crate::metric::Metric;
use crate::report::Filter;
use crate::sql;
use kernel::ctx::Ctx;
use kernel::error::Result;
use sqlx::QueryBuilder;

/// 分位: milliseconds that half and nine tenths of the rows do not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// 中位数 (p50).
    pub half: i64,
    /// 90 分位 (p90).
    pub most: i64,
}

/// The quantiles of what rows add to a metric; nothing when there is no row.
pub async fn spread(ctx: &Ctx, filter: &Filter, metric: &'static Metric) -> Result<Option<Spread>> {
    ctx.require(metric.relation.subject.needs())?;
    let Some(worth) = metric.worth() else { return Ok(None) };
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, filter).await?;
    let mut query = QueryBuilder::new("select (percentile_disc(array[0.5, 0.9]) within group (order by ");
    query.push(worth).push("))::bigint[]");
    sql::behind(&mut query, ctx, filter, &below, metric);
    let found: Option<Vec<i64>> = query.build_query_scalar().fetch_one(&mut *tx).await?;
    Ok(found.and_then(|both| match both[..] {
        [half, most] => Some(Spread { half, most }),
        _ => None,
    }))
}

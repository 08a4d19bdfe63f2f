//! 通话明细: the call records behind a number.

use super::below;
use crate::metric::Metric;
use crate::report::Filter;
use crate::sql;
use call::model::{BusinessLine, CallResult, CallType};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CallId, LegId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::time::Stamp;
use sqlx::postgres::PgRow;
use sqlx::{QueryBuilder, Row};

/// 通话记录 behind a number. It names the customer, and no telephone number: who may see those is the call's own business.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Of which call.
    pub call: CallId,
    /// Which record.
    pub leg: LegId,
    /// 呼叫类型.
    pub call_type: CallType,
    /// 业务线.
    pub line: BusinessLine,
    /// 客户, when the number is a customer's.
    pub customer: String,
    /// 客服 when it began.
    pub agent: String,
    /// 技能组 when it began.
    pub group: String,
    /// It began.
    pub started_at: Stamp,
    /// 振铃时长, milliseconds like all durations.
    pub ring_ms: i64,
    /// 通话时长.
    pub talk_ms: i64,
    /// 排队时长.
    pub queue_ms: i64,
    /// 通话结果.
    pub result: Option<CallResult>,
    /// 每行的量: what it adds to the number; nothing where each row counts as one.
    pub worth: Option<i64>,
}

/// The records behind a number, latest beginning first.
pub async fn rows(ctx: &Ctx, filter: &Filter, metric: &'static Metric, cursor: Option<&Cursor>, size: usize) -> Result<Paged<CallRow>> {
    ctx.require(metric.relation.subject.needs())?;
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, filter).await?;
    let mut query = QueryBuilder::new(
        "select x.call_id, x.id, x.call_type, x.line,
            (select c.nickname from customers c where c.company_id = x.company_id and c.id = x.customer_id),
            x.agent_name, (select g.name from groups g where g.company_id = x.company_id and g.id = x.group_id),
            x.started_at, x.ring_ms, x.talk_ms, x.queue_ms, x.result, x.worth
        from (select i.company_id, i.call_id, i.id, i.call_type, i.line, i.customer_id, i.agent_name, i.group_id, i.started_at,
            i.ring_ms, i.talk_ms, i.queue_ms, i.result, ",
    );
    query.push(metric.worth().unwrap_or("null::bigint".into())).push(" as worth");
    sql::behind(&mut query, ctx, filter, &below, metric);
    let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = cursor {
        let at = cursor.integer().ok().and_then(Stamp::from_micros);
        query.push(if backwards { " and (i.started_at, i.id) > (" } else { " and (i.started_at, i.id) < (" });
        query.push_bind(at).push(", ").push_bind(cursor.id).push(")");
    }
    query.push(if backwards { " order by i.started_at, i.id" } else { " order by i.started_at desc, i.id desc" });
    query.push(" limit ").push(size + 1).push(") x");
    query.push(if backwards { " order by x.started_at, x.id" } else { " order by x.started_at desc, x.id desc" });
    let found = query.build().fetch_all(&mut *tx).await?;
    let rows: Vec<CallRow> = found.iter().map(call_row).collect::<std::result::Result<_, sqlx::Error>>()?;
    Ok(Paged::cut(rows, size, cursor, |row| (row.started_at.micros().to_string(), row.leg.0)))
}

fn call_row(row: &PgRow) -> std::result::Result<CallRow, sqlx::Error> {
    Ok(CallRow {
        call: row.try_get(0)?,
        leg: row.try_get(1)?,
        call_type: row.try_get(2)?,
        line: row.try_get(3)?,
        customer: row.try_get::<Option<String>, _>(4)?.unwrap_or_default(),
        agent: row.try_get(5)?,
        group: row.try_get::<Option<String>, _>(6)?.unwrap_or_default(),
        started_at: row.try_get(7)?,
        ring_ms: row.try_get(8)?,
        talk_ms: row.try_get(9)?,
        queue_ms: row.try_get(10)?,
        result: row.try_get(11)?,
        worth: row.try_get(12)?,
    })
}

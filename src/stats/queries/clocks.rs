//! 时钟明细: the clocks behind a number of the SLA report.

use super::below;
use crate::metric::Metric;
use crate::report::Filter;
use crate::sql;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::TicketId;
use kernel::lang::Lang;
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::t;
use kernel::time::Stamp;
use sla::model::Target;
use sqlx::postgres::PgRow;
use sqlx::{QueryBuilder, Row};
use ticket::model::Source;
use ticket::model::due::ClockState;

/// 时钟: one clock behind a number.
#[derive(Clone, Debug)]
pub struct TicketClock {
    /// The ticket.
    pub ticket: TicketId,
    /// 工单编号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 客户.
    pub customer: String,
    /// 客服 at its end, or now.
    pub agent: String,
    /// 渠道.
    pub channel: Source,
    /// Name of the policy.
    pub policy: String,
    /// Towards what.
    pub target: Target,
    /// Which of its kind, from 1.
    pub no: i32,
    /// It began.
    pub started_at: Stamp,
    /// When its time is or was over.
    pub due_at: Option<Stamp>,
    /// It came to its end.
    pub ended_at: Option<Stamp>,
    /// How long it ran.
    pub used_ms: i64,
    /// How long it may run.
    pub allowed_ms: i64,
    /// How it stands, by the moment it was read.
    pub state: ClockState,
}

impl TicketClock {
    /// Towards what, and which of its kind.
    #[must_use]
    pub fn aim(&self, lang: Lang) -> String {
        match self.no {
            1 => self.target.label(lang).to_owned(),
            no => t!(lang, "{0}（第 {1} 次）", "{0} ({1})", self.target.label(lang), no),
        }
    }
}

/// The clocks behind a number, latest beginning first.
pub async fn rows(ctx: &Ctx, filter: &Filter, metric: &'static Metric, cursor: Option<&Cursor>, size: usize) -> Result<Paged<TicketClock>> {
    ctx.require(Permission::StatisticsTicket)?;
    let mut tx = ctx.read().await?;
    let below = below(&mut tx, filter).await?;
    let mut query = QueryBuilder::new(
        "select x.ticket_id, t.number, t.title,
            (select c.nickname from customers c where c.company_id = t.company_id and c.id = t.customer_id),
            x.agent_name, x.channel, x.policy_name, x.target, x.no, x.started_at, x.due_at, x.ended_at, x.used_ms, x.allowed_ms, x.state
        from (select i.company_id, i.ticket_id, i.agent_name, i.channel, i.policy_name, i.target, i.no, i.started_at, i.due_at, i.ended_at,
            i.used_ms, i.allowed_ms, i.state",
    );
    sql::behind(&mut query, ctx, filter, &below, metric);
    let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = cursor {
        // A place that cannot be read is null, after and before which nothing stands.
        let place = place(cursor);
        query.push(if backwards {
            " and (i.started_at, i.ticket_id, i.target, i.no) > ("
        } else {
            " and (i.started_at, i.ticket_id, i.target, i.no) < ("
        });
        query.push_bind(place.map(|(at, _, _)| at)).push(", ").push_bind(cursor.id).push(", ");
        query.push_bind(place.map(|(_, target, _)| target)).push(", ").push_bind(place.map(|(_, _, no)| no)).push(")");
    }
    query.push(if backwards {
        " order by i.started_at, i.ticket_id, i.target, i.no"
    } else {
        " order by i.started_at desc, i.ticket_id desc, i.target desc, i.no desc"
    });
    query.push(" limit ").push(size + 1);
    query.push(") x join tickets t on t.company_id = x.company_id and t.id = x.ticket_id");
    query.push(if backwards {
        " order by x.started_at, x.ticket_id, x.target, x.no"
    } else {
        " order by x.started_at desc, x.ticket_id desc, x.target desc, x.no desc"
    });
    let found = query.build().fetch_all(&mut *tx).await?;
    let now = ctx.now();
    let rows: Vec<TicketClock> = found.iter().map(|row| ticket_clock(row, now)).collect::<std::result::Result<_, sqlx::Error>>()?;
    Ok(Paged::cut(rows, size, cursor, |row| (key(row), row.ticket.0)))
}

/// The sort key of a clock in a cursor, beside its ticket.
fn key(clock: &TicketClock) -> String {
    format!("{}-{}-{}", clock.started_at.micros(), clock.target.code(), clock.no)
}

/// What `key` wrote: when the clock began, towards what, which of its kind.
fn place(cursor: &Cursor) -> Option<(Stamp, i16, i32)> {
    let mut parts = cursor.key.rsplitn(3, '-');
    let no = parts.next()?.parse().ok()?;
    let target = parts.next()?.parse().ok()?;
    let at = Stamp::from_micros(parts.next()?.parse().ok()?)?;
    Some((at, target, no))
}

fn ticket_clock(row: &PgRow, now: Stamp) -> std::result::Result<TicketClock, sqlx::Error> {
    let due_at: Option<Stamp> = row.try_get(10)?;
    // As the numbers see it: late from its last moment, also before the timer has written so.
    let state = match row.try_get::<ClockState, _>(14)? {
        ClockState::Running if due_at.is_some_and(|due| due <= now) => ClockState::Overdue,
        state => state,
    };
    Ok(TicketClock {
        ticket: row.try_get(0)?,
        number: row.try_get(1)?,
        title: row.try_get(2)?,
        customer: row.try_get::<Option<String>, _>(3)?.unwrap_or_default(),
        agent: row.try_get(4)?,
        channel: row.try_get(5)?,
        policy: row.try_get(6)?,
        target: row.try_get(7)?,
        no: row.try_get(8)?,
        started_at: row.try_get(9)?,
        due_at,
        ended_at: row.try_get(11)?,
        used_ms: row.try_get(12)?,
        allowed_ms: row.try_get(13)?,
        state,
    })
}

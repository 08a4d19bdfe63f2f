//! 一通电话: everything its page shows.

use super::record::{RecordRow, push_names, select};
use crate::model::event::Direction;
use crate::model::{Bucket, BusinessLine, QueueState};
use crate::scope;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CallId, CustomerId, LegId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use sqlx::QueryBuilder;
use uuid::Uuid;

/// 一通电话: what is true of the whole of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CallFacts {
    /// Which: 主通话记录id.
    pub id: CallId,
    /// The switch that told of it.
    pub switch_id: Uuid,
    /// The switch's own id of it.
    pub call_key: String,
    /// 业务线.
    pub line: BusinessLine,
    /// In or out.
    pub direction: Direction,
    /// 客户, when the number was known.
    pub customer_id: Option<CustomerId>,
    /// 客户号码, unmasked: pages mask it.
    pub customer_number: String,
    /// 外显号码.
    pub shown: String,
    /// 开始时间.
    pub started_at: Stamp,
    /// 结束时间; nothing while it runs.
    pub ended_at: Option<Stamp>,
    /// The group it waited for last.
    pub queue_group: Option<String>,
    /// 排队状态.
    pub queue_state: QueueState,
    /// 留言 in milliseconds.
    pub voicemail_ms: Option<i64>,
    /// Levels of 满意度; 0 when nobody asked.
    pub satisfy_levels: i16,
    /// The key that was pressed; 0 for none.
    pub satisfy_key: i16,
}

/// 通话记录 with its place among those of its call.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LegRow {
    /// What a list shows of it.
    #[sqlx(flatten)]
    pub record: RecordRow,
    /// The record whose agent asked for this one.
    pub from_leg_id: Option<LegId>,
    /// 振铃时间.
    pub rang_at: Option<Stamp>,
    /// 接听时间.
    pub answered_at: Option<Stamp>,
    /// 保持次数.
    pub hold_count: i16,
    /// 三方通话.
    pub is_three_way: bool,
    /// 录音时长 in milliseconds.
    pub recording_ms: Option<i64>,
}

kernel::catalog! {
    /// Whose time a stretch is.
    pub enum Side {
        Customer = 0, "customer", "客户", "Customer";
        Agent = 1, "agent", "客服", "Agent";
        Third = 2, "third", "第三方", "Third party";
    }
}

/// 时间账 row: a stretch of one person's time, half open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StretchRow {
    /// The record it belongs to.
    pub leg_id: Option<LegId>,
    /// Whose time.
    pub who: Side,
    /// Which agent's.
    pub agent_id: Option<AgentId>,
    /// The agent's present name: whoever was only rung has no record that froze one.
    pub agent_name: Option<String>,
    /// 时间归属.
    pub bucket: Bucket,
    /// From.
    pub from_at: Stamp,
    /// To; nothing while it runs.
    pub to_at: Option<Stamp>,
}

/// What the page of a call shows.
#[derive(Clone, Debug)]
pub struct CallDetail {
    /// The call.
    pub call: CallFacts,
    /// The main record first, then the child legs in the order of their beginning.
    pub legs: Vec<LegRow>,
    /// 时间账.
    pub ledger: Vec<StretchRow>,
}

/// 交换机事件, as it was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// When it happened at the switch.
    pub happened_at: Stamp,
    /// When it came.
    pub received_at: Stamp,
    /// `model::event::SwitchEvent`.
    pub body: Value,
}

/// A call that the actor may see.
pub async fn call(ctx: &Ctx, call: CallId) -> Result<CallDetail> {
    ctx.require(Permission::CallRecordOwn)?;
    let mut tx = ctx.read().await?;
    let facts = facts(&mut tx, call).await?;
    let mut query = select();
    query.push(" where l.company_id = ").push_bind(ctx.company).push(" and l.call_id = ").push_bind(call);
    push_names(&mut query);
    query.push(" order by l.place");
    let legs: Vec<LegRow> = query.build_query_as().fetch_all(&mut *tx).await?;
    let company = ctx.company;
    let ledger = sqlx::query_as!(
        StretchRow,
        r#"select s.leg_id as "leg_id: LegId", s.who as "who: Side", s.agent_id as "agent_id: AgentId", a.name as "agent_name?",
            s.bucket as "bucket: Bucket", s.from_at, s.to_at
        from call_stretches s
        left join agents a on a.company_id = s.company_id and a.id = s.agent_id
        where s.company_id = $1
        and s.call_id = $2
        order by s.place"#,
        company as _,
        call as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(CallDetail { call: facts, legs, ledger })
}

/// The call itself; `NotFound` when the actor may not see it, as when there is none (S03).
pub(crate) async fn facts(tx: &mut Tx, call: CallId) -> Result<CallFacts> {
    let mut query = QueryBuilder::new(
        "select c.id, c.switch_id, c.call_key, c.line, c.direction, c.customer_id, c.customer_number, c.shown, c.started_at, c.ended_at,
            g.name as queue_group, c.queue_state, c.voicemail_ms, c.satisfy_levels, c.satisfy_key
        from calls c
        left join groups g on g.company_id = c.company_id and g.id = c.queue_group_id
        where c.company_id = ",
    );
    query.push_bind(tx.ctx.company).push(" and c.id = ").push_bind(call);
    scope::push(&mut query, &tx.ctx.clone(), "c.company_id", "c.id");
    query.build_query_as().fetch_optional(&mut **tx).await?.ok_or(Error::NotFound)
}

/// What the switch told of a call, in the order in which it happened. Numbers stand in it as they are.
pub async fn told(ctx: &Ctx, facts: &CallFacts) -> Result<Vec<Told>> {
    ctx.require(Permission::CallRecordView)?;
    ctx.require(Permission::CallNumberView)?;
    let (company, switch) = (ctx.company, facts.switch_id);
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Told,
        "select happened_at, received_at, body
        from switch_events
        where company_id = $1
        and switch_id = $2
        and call_key = $3
        order by happened_at, received_at, event_key
        limit 500",
        company as _,
        switch,
        facts.call_key,
    )
    .fetch_all(&mut *tx)
    .await?)
}

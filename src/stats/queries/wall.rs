//! 实时大屏: who waits and how the agents are, at this moment.

use call::model::{Bucket, BusinessLine};
use identity::model::{AgentState, AgentStatus};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CallId};
use kernel::permission::{Permission, Scope};
use kernel::time::Stamp;

/// 排队中的通话.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which call.
    pub call: CallId,
    /// 业务线.
    pub line: BusinessLine,
    /// 技能组 it waits for.
    pub group: String,
    /// 进入时间.
    pub since: Stamp,
}

/// 坐席 as they are now.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Who.
    pub agent: AgentId,
    /// 客服.
    pub name: String,
    /// 客服状态.
    pub state: AgentState,
    /// Since when.
    pub since: Option<Stamp>,
    /// What of a call takes them, and since when.
    pub call: Option<(Bucket, Stamp)>,
}

impl Seat {
    /// 空闲: available, and on no call.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.call.is_none() && self.state == AgentState::Available
    }
}

/// The calls in a queue, who waits longest first. A narrow row scope sees those of its own groups.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>> {
    ctx.require(Permission::StatisticsCall)?;
    let mut tx = ctx.read().await?;
    let (company, sees_all, groups) = (ctx.company, ctx.grants.tickets == Scope::All, ctx.groups.to_vec());
    let rows = sqlx::query!(
        r#"select c.id as "call: CallId", c.line as "line: BusinessLine", c.queue_entered_at as "since!: Stamp",
            (select g.name from groups g where g.company_id = c.company_id and g.id = c.queue_group_id) as "group"
        from calls c
        where c.company_id = $1
        and c.ended_at is null
        and c.queue_entered_at is not null
        and c.queue_left_at is null
        and ($2 or c.queue_group_id = any($3))
        order by c.queue_entered_at, c.id"#,
        company as _,
        sees_all,
        &groups as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Waiting { call: row.call, line: row.line, group: row.group.unwrap_or_default(), since: row.since })
        .collect())
}

/// The agents whose account is enabled and who are not offline, by state and name. A narrow row scope sees itself.
pub async fn seats(ctx: &Ctx) -> Result<Vec<Seat>> {
    ctx.require(Permission::StatisticsCall)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let one = if ctx.grants.tickets == Scope::All { None } else { Some(ctx.agent()?) };
    // A stretch without an end belongs to a call that runs, unless its end was never told. Few are so: they have an index.
    let rows = sqlx::query!(
        r#"select a.id as "agent: AgentId", a.name, a.state as "state: AgentState", a.state_since as "since: Stamp",
            s.bucket as "bucket?: Bucket", s.from_at as "from?: Stamp"
        from agents a
        left join lateral (
            select s.bucket, s.from_at
            from call_stretches s
            join calls c on c.company_id = s.company_id and c.id = s.call_id
            where s.company_id = a.company_id
            and s.agent_id = a.id
            and s.to_at is null
            and c.ended_at is null
            order by s.from_at desc
            limit 1
        ) s on true
        where a.company_id = $1
        and ($2::uuid is null or a.id = $2)
        and (a.state <> $3 or s.bucket is not null)
        and a.status = $4
        order by a.state, a.name, a.id"#,
        company as _,
        one as Option<AgentId> as _,
        AgentState::Offline as _,
        AgentStatus::Enabled as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Seat { agent: row.agent, name: row.name, state: row.state, since: row.since, call: row.bucket.zip(row.from) })
        .collect())
}

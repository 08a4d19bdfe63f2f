//! 坐席工作状态统计: states and calls of each agent, cut at the company's midnights.

use crate::report::Range;
use crate::worked::{Facts, Worked, worked};
use call::model::Bucket;
use identity::model::AgentState;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::AgentId;
use kernel::permission::{Permission, Scope};
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::collections::BTreeMap;

/// Longest range, in days: every stretch of every call in it is looked at.
pub const LONGEST: i32 = 31;

/// 坐席工作状态 of one agent.
#[derive(Clone, Debug)]
pub struct AgentWorked {
    /// Who.
    pub agent: AgentId,
    /// 客服, by today's name.
    pub name: String,
    /// Each day of the range, as the company's calendar cuts it.
    pub days: Vec<Worked>,
    /// All of them.
    pub total: Worked,
}

/// How agents spent the days of a range, by name; those of whom nothing is known are left out. Time that has not come yet
/// counts for nothing. Somebody with a narrow row scope sees their own line.
pub async fn by_agent(ctx: &Ctx, range: Range, agent: Option<AgentId>) -> Result<Vec<AgentWorked>> {
    ctx.require(Permission::StatisticsCall)?;
    let mut tx = ctx.read().await?;
    let spans: Vec<(Stamp, Stamp)> = range.parts(crate::model::By::Day).into_iter().map(|day| day.span(&ctx.zone)).collect();
    let (from, until) = range.span(&ctx.zone);
    let until = until.min(ctx.now());
    let one = if ctx.grants.tickets == Scope::All { agent } else { Some(ctx.agent()?) };
    let facts = facts(&mut tx, from, until, one).await?;
    let mut out = Vec::new();
    for known in identity::queries::agent_options(&mut tx).await? {
        let Some(own) = facts.get(&known.id) else { continue };
        let days: Vec<Worked> = spans.iter().map(|(start, end)| worked(own, (millis(*start), millis((*end).min(until))))).collect();
        let mut total = Worked::default();
        days.iter().for_each(|day| total.add(day));
        if !total.is_nothing() {
            out.push(AgentWorked { agent: known.id, name: known.name, days, total });
        }
    }
    Ok(out)
}

async fn facts(tx: &mut Tx, from: Stamp, until: Stamp, one: Option<AgentId>) -> Result<BTreeMap<AgentId, Facts>> {
    let company = tx.ctx.company;
    // The state in which somebody goes into the range is the last one before it.
    let states = sqlx::query!(
        r#"select a.id as "agent: AgentId", c.changed_at as "at!: Stamp", c.state as "state!: AgentState"
        from agents a
        cross join lateral (
            (
                select s.changed_at, s.id, s.state
                from agent_state_changes s
                where s.company_id = a.company_id
                and s.agent_id = a.id
                and s.changed_at <= $2
                order by s.changed_at desc, s.id desc
                limit 1
            )
            union all
            select s.changed_at, s.id, s.state
            from agent_state_changes s
            where s.company_id = a.company_id
            and s.agent_id = a.id
            and s.changed_at > $2
            and s.changed_at < $3
        ) c
        where a.company_id = $1
        and ($4::uuid is null or a.id = $4)
        order by a.id, c.changed_at, c.id"#,
        company as _,
        from,
        until,
        one as Option<AgentId> as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    // A call that ran into the range began within the day before it.
    let calls = sqlx::query!(
        r#"select agent_id as "agent!: AgentId", bucket as "bucket: Bucket", from_at as "from: Stamp", coalesce(to_at, $3) as "to!: Stamp"
        from call_stretches
        where company_id = $1
        and agent_id is not null
        and from_at >= $2::timestamptz - interval '1 day'
        and from_at < $3
        and ($4::uuid is null or agent_id = $4)"#,
        company as _,
        from,
        until,
        one as Option<AgentId> as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut out: BTreeMap<AgentId, Facts> = BTreeMap::new();
    for row in states {
        out.entry(row.agent).or_default().states.push((millis(row.at), row.state));
    }
    for row in calls {
        out.entry(row.agent).or_default().calls.push((row.bucket, millis(row.from), millis(row.to)));
    }
    Ok(out)
}

fn millis(at: Stamp) -> i64 {
    at.micros().div_euclid(1000)
}

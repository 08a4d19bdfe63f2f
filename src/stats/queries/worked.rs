//! 坐席工作状态统计: states and calls of each agent, cut at the company's midnights.

use crate::model::ReportQuery;
use crate::report::{Filter, Pick, Range};
use crate::reports;
use crate::worked::{Facts, Worked, worked};
use call::model::Bucket;
use identity::model::AgentState;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ctx::Ctx;
use kernel::error::{Problems, Result};
use kernel::id::AgentId;
use kernel::permission::{Permission, Scope};
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::collections::BTreeMap;

/// Longest range, in days: every stretch of every call in it is looked at.
pub const LONGEST: i32 = 31;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which days; the last of them, when they are too many.
    pub range: Range,
    /// 客服, when it is about one.
    pub agent: Option<AgentId>,
    /// Whether there were too many days.
    pub is_cut: bool,
}

impl Asked {
    /// Reads the address; without dates it is about the last seven days. What cannot be understood is named and stands open.
    #[must_use]
    pub fn read(query: ReportQuery, today: Date) -> (Asked, Problems) {
        let is_plain = query.range.is_empty() && query.from.is_empty() && query.to.is_empty();
        let query = if is_plain { ReportQuery { range: "last_7".to_owned(), ..query } } else { query };
        let (filter, problems) = Filter::read(&query, &reports::call_agent::REPORT, today);
        let Range { from, to } = filter.range;
        let range = Range { from: from.max(to.saturating_sub((LONGEST - 1).days())), to };
        let agent = match filter.agent {
            Pick::One(agent) => Some(agent),
            Pick::Any | Pick::Nobody => None,
        };
        (Asked { range, agent, is_cut: range != filter.range }, problems)
    }
}

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
    for (agent, name) in names(&mut tx, &facts).await? {
        let Some(own) = facts.get(&agent) else { continue };
        let days: Vec<Worked> = spans.iter().map(|(start, end)| worked(own, (millis(*start), millis((*end).min(until))))).collect();
        let mut total = Worked::default();
        days.iter().for_each(|day| total.add(day));
        if !total.is_nothing() {
            out.push(AgentWorked { agent, name, days, total });
        }
    }
    Ok(out)
}

/// Whoever something is known of, by name: what somebody did stays when the account is deleted.
async fn names(tx: &mut Tx, facts: &BTreeMap<AgentId, Facts>) -> Result<Vec<(AgentId, String)>> {
    let company = tx.ctx.company;
    let agents: Vec<AgentId> = facts.keys().copied().collect();
    let rows = sqlx::query!(
        r#"select id as "id: AgentId", name
        from agents
        where company_id = $1
        and id = any ($2)
        order by name, id"#,
        company as _,
        &agents as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn facts(tx: &mut Tx, from: Stamp, until: Stamp, one: Option<AgentId>) -> Result<BTreeMap<AgentId, Facts>> {
    let company = tx.ctx.company;
    // The state in which somebody goes into the range is the last one before it.
    let states = sqlx::query!(
        r#"select a.id as "agent: AgentId", c.changed_at as "at!: Stamp", c.state as "state!: AgentState",
            coalesce((c.own_state ->> 'works')::boolean, false) as "works!"
        from agents a
        cross join lateral (
            (
                select s.changed_at, s.id, s.state, s.own_state
                from agent_state_changes s
                where s.company_id = a.company_id
                and s.agent_id = a.id
                and s.changed_at <= $2
                order by s.changed_at desc, s.id desc
                limit 1
            )
            union all
            select s.changed_at, s.id, s.state, s.own_state
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
    // A call that ran into the range began within the day before it. `offset 0` keeps the part of each agent a part of its own, which
    // the index has in order of time: the rest of the history is not looked at.
    let calls = sqlx::query!(
        r#"select a.id as "agent: AgentId", c.bucket as "bucket!: Bucket", c.from_at as "from!: Stamp", coalesce(c.to_at, $3) as "to!: Stamp"
        from agents a
        cross join lateral (
            select s.bucket, s.from_at, s.to_at
            from call_stretches s
            where s.company_id = a.company_id
            and s.agent_id = a.id
            and s.from_at >= $2::timestamptz - interval '1 day'
            and s.from_at < $3
            offset 0
        ) c
        where a.company_id = $1
        and ($4::uuid is null or a.id = $4)"#,
        company as _,
        from,
        until,
        one as Option<AgentId> as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut out: BTreeMap<AgentId, Facts> = BTreeMap::new();
    for row in states {
        out.entry(row.agent).or_default().states.push((millis(row.at), row.state, row.works));
    }
    for row in calls {
        out.entry(row.agent).or_default().calls.push((row.bucket, millis(row.from), millis(row.to)));
    }
    Ok(out)
}

fn millis(at: Stamp) -> i64 {
    at.micros().div_euclid(1000)
}

//! 我的通话 and calls on pages that are not theirs: the home page, a customer's page, the palette.

use super::record::{self, RecordRow, push_names, push_number, select};
use crate::filter::{RecordFilter, figures, is_short};
use crate::model::BusinessLine;
use crate::scope;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::CustomerId;
use kernel::permission::Permission;
use kernel::time::start_of_day;

/// Figures that are worth looking for.
const FEWEST: usize = 4;

/// 我的通话 of today on one line, from midnight in the company's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Today {
    /// 业务线.
    pub line: BusinessLine,
    /// Calls with customers that the agent took, made with success, or was transferred to.
    pub answered: i64,
    /// Records of the agent's that rang out. Who was rung beside others, one of whom answered, has no record.
    pub missed: i64,
    /// 通话时长 with customers, in milliseconds.
    pub talk_ms: i64,
}

/// The actor's own numbers of today, of each line on which there were calls; of the call center when there were none.
pub async fn today(ctx: &Ctx) -> Result<Vec<Today>> {
    ctx.require(Permission::CallRecordOwn)?;
    let (company, me) = (ctx.company, ctx.agent()?);
    let since = start_of_day(ctx.now().date(&ctx.zone), &ctx.zone);
    let mut tx = ctx.read().await?;
    // As `filter::Taken` says, which opens what is counted here.
    let mut days = sqlx::query_as!(
        Today,
        r#"select line as "line!: BusinessLine",
            count(*) filter (where call_type in (0, 1, 22) and result in (10, 20)) as "answered!",
            count(*) filter (where call_type in (0, 22) and result = 11) as "missed!",
            coalesce(sum(talk_ms), 0)::bigint as "talk_ms!"
        from call_legs
        where company_id = $1
        and agent_id = $2
        and started_at >= $3
        group by line
        order by line"#,
        company as _,
        me as _,
        since,
    )
    .fetch_all(&mut *tx)
    .await?;
    if days.is_empty() {
        days.push(Today { line: BusinessLine::CallCenter, answered: 0, missed: 0, talk_ms: 0 });
    }
    Ok(days)
}

/// Main records of a customer that the actor may see, the newest first, at most `most`, and how many there are on each line
/// that has any.
pub async fn of_customer(ctx: &Ctx, customer: CustomerId, most: usize) -> Result<(Vec<RecordRow>, Vec<(BusinessLine, i64)>)> {
    ctx.require(Permission::CallRecordOwn)?;
    let mut tx = ctx.read().await?;
    let mut query = select();
    query.push(" where l.company_id = ").push_bind(ctx.company);
    query.push(" and l.customer_id = ").push_bind(customer).push(" and l.call_type in (0, 1)");
    scope::push(&mut query, ctx, "l.company_id", "l.call_id");
    query.push(" order by l.started_at desc, l.id desc limit ").push(most);
    push_names(&mut query);
    query.push(" order by l.started_at desc, l.id desc");
    let rows: Vec<RecordRow> = query.build_query_as().fetch_all(&mut *tx).await?;
    drop(tx);
    let filter = RecordFilter { customer: Some(customer), ..RecordFilter::default() };
    let mut totals = Vec::new();
    for line in BusinessLine::ALL {
        totals.push((*line, record::count_up_to(ctx, *line, &filter, record::MOST_COUNTED).await?));
    }
    totals.retain(|(_, total)| *total > 0);
    Ok((rows, totals))
}

/// Whether a typed text is the end of a number, by which this actor may not look for calls.
#[must_use]
pub fn needs_whole(ctx: &Ctx, typed: &str) -> bool {
    ctx.may(Permission::CallRecordOwn) && is_number(typed) && figures(typed).len() >= FEWEST && is_short(typed, ctx)
}

fn is_number(typed: &str) -> bool {
    typed.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
}

/// The newest calls whose customer's number is meant by a typed text, at most five: by its end, or as a whole for whoever
/// sees numbers masked, who finds none by less of it.
pub async fn find(ctx: &Ctx, typed: &str) -> Result<Vec<RecordRow>> {
    ctx.require(Permission::CallRecordOwn)?;
    if !is_number(typed) || figures(typed).len() < FEWEST || is_short(typed, ctx) {
        return Ok(Vec::new());
    }
    let mut tx = ctx.read().await?;
    let mut query = select();
    query.push(" where l.company_id = ").push_bind(ctx.company).push(" and l.call_type in (0, 1)");
    push_number(&mut query, ctx, typed);
    scope::push(&mut query, ctx, "l.company_id", "l.call_id");
    query.push(" order by l.started_at desc, l.id desc limit 5");
    push_names(&mut query);
    query.push(" order by l.started_at desc, l.id desc");
    Ok(query.build_query_as().fetch_all(&mut *tx).await?)
}

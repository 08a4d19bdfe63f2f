//! Reads of what triggers did.

use crate::evaluate::Verdict;
use crate::model::{Acted, Outcome};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{RunId, TicketId, TriggerId};
use kernel::permission::Permission;
use kernel::time::Stamp;

/// Runs of one page of the record.
pub const RUNS: i64 = 100;

/// 运行记录: one look of a trigger at a ticket.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// The trigger.
    pub trigger: TriggerId,
    /// Its name then.
    pub trigger_name: String,
    /// The ticket.
    pub ticket: TicketId,
    /// 工单号.
    pub ticket_number: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// How many rules had acted before it in the same chain.
    pub hop: i16,
    /// Every condition with what it found.
    pub verdict: Verdict,
    /// What followed.
    pub effects: Vec<Acted>,
    /// When.
    pub created_at: Stamp,
}

/// 整点: one hour at which timed triggers looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// When they looked.
    pub looked_at: Stamp,
    /// At how many tickets.
    pub tickets: i32,
    /// In how many of them a trigger acted.
    pub acted: i32,
}

/// The newest runs of a trigger.
pub async fn runs(ctx: &Ctx, trigger: TriggerId) -> Result<Vec<Run>> {
    newest(ctx, Some(trigger), None).await
}

/// The newest runs that looked at a ticket, whichever trigger looked.
pub async fn runs_of_ticket(ctx: &Ctx, ticket: TicketId) -> Result<Vec<Run>> {
    newest(ctx, None, Some(ticket)).await
}

async fn newest(ctx: &Ctx, trigger: Option<TriggerId>, ticket: Option<TicketId>) -> Result<Vec<Run>> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: RunId", trigger_id as "trigger: TriggerId", trigger_name, ticket_id as "ticket: TicketId", ticket_number,
            outcome as "outcome: Outcome", hop, verdict, effects, created_at as "created_at: Stamp"
        from trigger_runs
        where company_id = $1
        and ($2::uuid is null or trigger_id = $2)
        and ($3::uuid is null or ticket_id = $3)
        order by created_at desc, id desc
        limit $4"#,
        company as _,
        trigger as _,
        ticket as _,
        RUNS,
    )
    .fetch_all(&mut *tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Run {
                id: row.id,
                trigger: row.trigger,
                trigger_name: row.trigger_name,
                ticket: row.ticket,
                ticket_number: row.ticket_number,
                outcome: row.outcome,
                hop: row.hop,
                verdict: serde_json::from_value(row.verdict).map_err(Error::internal)?,
                effects: serde_json::from_value(row.effects).map_err(Error::internal)?,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// The last hour at which timed triggers looked.
pub async fn last_hour(ctx: &Ctx) -> Result<Option<Hour>> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    Ok(sqlx::query_as!(
        Hour,
        r#"select looked_at as "looked_at: Stamp", tickets, acted
        from trigger_hours
        where company_id = $1
        order by looked_at desc
        limit 1"#,
        company as _,
    )
    .fetch_optional(&mut *tx)
    .await?)
}

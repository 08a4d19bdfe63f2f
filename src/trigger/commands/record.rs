//! 运行记录 as it is written, and how long it is kept.

use crate::evaluate::Verdict;
use crate::model::{Acted, Outcome};
use crate::queries::Trigger;
use kernel::error::{Error, Result};
use kernel::id::TicketId;
use kernel::time::Stamp;
use kernel::tx::Tx;

/// One look of a trigger at a ticket, about to be written.
pub(super) struct Record<'a> {
    /// Who looked.
    pub trigger: &'a Trigger,
    /// The place of the ticket's order that set it off; nothing for a timed one.
    pub seq: Option<i32>,
    /// How many rules had acted before it in the same chain.
    pub hop: u8,
    /// 工单号.
    pub number: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// What every condition found.
    pub verdict: Verdict,
    /// What followed.
    pub effects: Vec<Acted>,
}

/// Writes the records, in one statement however many triggers looked.
pub(super) async fn write(tx: &mut Tx, ticket: TicketId, records: &[Record<'_>]) -> Result {
    let Some(first) = records.first() else { return Ok(()) };
    let (company, now, number) = (tx.ctx.company, tx.ctx.now(), first.number);
    let json = |value: &dyn Fn(&Record<'_>) -> serde_json::Result<serde_json::Value>| -> Result<Vec<serde_json::Value>> {
        records.iter().map(|record| value(record).map_err(Error::internal)).collect()
    };
    let verdicts = json(&|record| serde_json::to_value(&record.verdict))?;
    let effects = json(&|record| serde_json::to_value(&record.effects))?;
    let ids: Vec<uuid::Uuid> = records.iter().map(|_| tx.ctx.uuid()).collect();
    let triggers: Vec<uuid::Uuid> = records.iter().map(|record| record.trigger.id.0).collect();
    let names: Vec<String> = records.iter().map(|record| record.trigger.name.clone()).collect();
    let versions: Vec<i32> = records.iter().map(|record| record.trigger.version).collect();
    let places: Vec<Option<i32>> = records.iter().map(|record| record.seq).collect();
    let hops: Vec<i16> = records.iter().map(|record| i16::from(record.hop)).collect();
    let outcomes: Vec<i16> = records.iter().map(|record| record.outcome.code()).collect();
    sqlx::query!(
        "insert into trigger_runs (company_id, ticket_id, ticket_number, kind, created_at, id, trigger_id, trigger_name, trigger_version,
            seq, hop, outcome, verdict, effects)
        select $1, $2, $3, $4, $5, r.id, r.trigger_id, r.trigger_name, r.trigger_version, r.seq, r.hop, r.outcome, r.verdict, r.effects
        from unnest($6::uuid[], $7::uuid[], $8::text[], $9::integer[], $10::integer[], $11::smallint[], $12::smallint[], $13::jsonb[], $14::jsonb[])
            as r (id, trigger_id, trigger_name, trigger_version, seq, hop, outcome, verdict, effects)",
        company as _,
        ticket as _,
        number,
        first.trigger.kind as _,
        now,
        &ids,
        &triggers,
        &names,
        &versions,
        &places as _,
        &hops,
        &outcomes,
        &verdicts,
        &effects,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes the oldest records of before this moment; whether there may be more. System: the company's upkeep.
pub async fn forget(tx: &mut Tx, before: Stamp, most: i64) -> Result<bool> {
    let company = tx.ctx.company;
    let runs = sqlx::query!(
        "delete from trigger_runs
        where company_id = $1
        and id in (select id from trigger_runs where company_id = $1 and created_at < $2 limit $3)",
        company as _,
        before,
        most,
    )
    .execute(&mut **tx)
    .await?;
    // One an hour: they need no portions.
    sqlx::query!("delete from trigger_hours where company_id = $1 and looked_at < $2", company as _, before).execute(&mut **tx).await?;
    Ok(runs.rows_affected() > 0)
}

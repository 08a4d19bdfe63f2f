//! 补记结束: a call whose end was never told, since a switch crashed or a line was cut, ends with the last thing that was told.
//! The end is an event like others, and gives way to a real one that comes after all.

use super::take::{lock, millis, told};
use super::{credential, take};
use crate::model::event::{Cause, Happening, Side, SwitchEvent};
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::SwitchId;
use kernel::tx::Tx;

/// A call of which nothing was told for so long is over: nobody talks, holds or waits for half a working day without any event.
pub const SILENT: SignedDuration = SignedDuration::from_hours(6);
/// Calls that are ended in one run.
const MOST: i64 = 500;

/// Ends calls of which nothing was told for `SILENT`, each in a transaction of its own, and forgets old nonces; gives how many
/// were ended. One that cannot be ended holds the others up no more than until the next run. System: the hourly job.
pub async fn reap(ctx: &Ctx) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    credential::forget(&mut tx).await?;
    tx.commit().await?;
    let mut ended = 0;
    for (switch, call) in open(ctx).await? {
        match end(ctx, switch, &call).await {
            Ok(is_ended) => ended += usize::from(is_ended),
            Err(error) => tracing::error!(%error, %switch, call, "a silent call could not be ended"),
        }
    }
    Ok(ended)
}

async fn open(ctx: &Ctx) -> Result<Vec<(SwitchId, String)>> {
    let (company, before) = (ctx.company, ctx.now().minus(SILENT));
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select switch_id as "switch: SwitchId", call_key
        from calls
        where company_id = $1
        and ended_at is null
        and updated_at < $2
        order by updated_at, id
        limit $3"#,
        company as _,
        before,
        MOST,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.switch, row.call_key)).collect())
}

/// Ends a call; whether it was still open and silent once it was held.
async fn end(ctx: &Ctx, switch: SwitchId, call: &str) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let name = [call.to_owned()];
    lock(&mut tx, switch, &name).await?;
    if !is_silent(&mut tx, switch, call).await? {
        return Ok(false);
    }
    let events = told(&mut tx, switch, &name).await?.remove(call).unwrap_or_default();
    let last = events.iter().filter(|event| !event.what.comes_later()).map(|event| event.at).max();
    let at = last.unwrap_or_else(|| millis(ctx.now()));
    let what = Happening::Ended { by: Side::System, cause: Cause::Crashed };
    // Its name is the moment: after a correction the call may fall silent again, at another one.
    let event = SwitchEvent { id: format!("kefu:silent:{at}"), call: call.to_owned(), at, what };
    take::take_told(&mut tx, switch, &[event]).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether the call is open and nothing was told of it for `SILENT`: while it was waited for, something may have been.
async fn is_silent(tx: &mut Tx, switch: SwitchId, call: &str) -> Result<bool> {
    let (company, before) = (tx.ctx.company, tx.ctx.now().minus(SILENT));
    let silent = sqlx::query_scalar!(
        "select count(*)
        from calls
        where company_id = $1
        and switch_id = $2
        and call_key = $3
        and ended_at is null
        and updated_at < $4",
        company as _,
        switch as _,
        call,
        before,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(silent.unwrap_or_default() > 0)
}

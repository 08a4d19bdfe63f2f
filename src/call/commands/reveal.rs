//! 显示号码: the numbers of one call, unmasked, for whoever sees them masked.

use crate::model::number::masked;
use crate::model::summary::CallChoice;
use crate::queries::detail;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::CallId;
use kernel::permission::Permission;
use kernel::tx::Subject;

/// Takes down who looked at the numbers of which call; whoever asked may show them once. `NotFound` for a call that the
/// actor may not see.
pub async fn reveal(ctx: &Ctx, input: CallChoice) -> Result<CallId> {
    ctx.require(Permission::CallNumberReveal)?;
    ctx.require(Permission::CallRecordOwn)?;
    let call = input.call.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    let facts = detail::facts(&mut tx, call).await?;
    // The trail itself tells no number to its readers.
    tx.audit("call.number_revealed", Subject::named("call", Some(call.0), masked(&facts.customer_number)), None, None).await?;
    tx.commit().await?;
    Ok(call)
}

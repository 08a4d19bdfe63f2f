//! 录音: kept in the object store, heard by whoever may (S53).

use crate::queries::recording::{need_leg, owner};
use bytes::Bytes;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CallId, FileId, LegId};
use kernel::permission::Permission;
use kernel::store;
use kernel::tx::Subject;

/// Keeps the sound of a record; a record has one. System: whatever takes recordings from a switch calls this.
pub async fn keep(ctx: &Ctx, call: CallId, leg: LegId, content: Bytes) -> Result<FileId> {
    let put = store::put(ctx, content).await?;
    let mut tx = ctx.begin().await?;
    need_leg(&mut tx, call, leg).await?;
    store::forget(&mut tx, owner(leg)).await?;
    let file = store::name(&mut tx, &put, &format!("{leg}.audio"), owner(leg), None).await?;
    tx.commit().await?;
    Ok(file)
}

/// Takes down that somebody begins to listen; the player asks for the beginning once and for the rest piece by piece.
pub async fn hear(ctx: &Ctx, call: CallId, leg: LegId) -> Result {
    ctx.require(Permission::RecordingListen)?;
    let mut tx = ctx.begin().await?;
    need_leg(&mut tx, call, leg).await?;
    tx.audit("call.recording_heard", Subject::named("call", Some(call.0), leg.to_string()), None, None).await?;
    tx.commit().await
}

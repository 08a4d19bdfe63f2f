//! 录音 of a record: which bytes, for whoever may listen.

use super::detail;
use crate::model::recording::Fetched;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{CallId, LegId};
use kernel::permission::Permission;
use kernel::store::{self, Owner, StoredFile};
use kernel::tx::Tx;

/// What the file of a recording belongs to.
#[must_use]
pub const fn owner(leg: LegId) -> Owner {
    Owner { kind: "recording", id: leg.0 }
}

/// The stored recording of a record, asked anew for every request (S53): the right, the call, the record, the file.
pub async fn recording(ctx: &Ctx, call: CallId, leg: LegId) -> Result<StoredFile> {
    ctx.require(Permission::RecordingListen)?;
    let mut tx = ctx.read().await?;
    detail::facts(&mut tx, call).await?;
    need_leg(&mut tx, call, leg).await?;
    let file = store::of_owner(&mut tx, owner(leg)).await?.into_iter().next().ok_or(Error::NotFound)?;
    if file.media_type.starts_with("audio/") { Ok(file) } else { Err(Error::NotFound) }
}

/// 录音 as a switch told of it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Of which record.
    pub leg: LegId,
    /// Where it lies. It is asked by the program only and shown to nobody.
    pub url: String,
    /// 取回状态.
    pub state: Fetched,
    /// How often it was asked for.
    pub tries: i16,
}

/// The recordings that were told of in a call. System: its caller has asked who may see the call.
pub async fn sources(tx: &mut Tx, call: CallId) -> Result<Vec<Source>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Source,
        r#"select leg_id as "leg: LegId", url, state as "state: Fetched", tries
        from call_recordings
        where company_id = $1
        and call_id = $2"#,
        company as _,
        call as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Which records of a call have a recording that is kept here.
pub async fn kept(tx: &mut Tx, legs: &[LegId]) -> Result<Vec<LegId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select distinct owner_id as "leg!: LegId"
        from files
        where company_id = $1
        and owner_kind = 'recording'
        and owner_id = any($2)"#,
        company as _,
        legs as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// `NotFound` unless the call has this record.
pub(crate) async fn need_leg(tx: &mut Tx, call: CallId, leg: LegId) -> Result {
    let company = tx.ctx.company;
    let has = sqlx::query_scalar!(
        r#"select exists (select from call_legs where company_id = $1 and call_id = $2 and id = $3) as "has!""#,
        company as _,
        call as _,
        leg as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if has { Ok(()) } else { Err(Error::NotFound) }
}

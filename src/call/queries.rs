//! Reads of switches and of the quarantine.

use crate::model::switch::{Refusal, SwitchKind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::SwitchId;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use uuid::Uuid;

/// Rows of the quarantine that are shown.
const MOST: i64 = 100;

/// 交换机 as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Which.
    pub id: SwitchId,
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: SwitchKind,
    /// 启用.
    pub is_enabled: bool,
    /// `x-kefu-key`; empty while it has none.
    pub key: String,
    /// Grows with every change.
    pub version: i32,
    /// 最近事件, to the minute.
    pub last_event_at: Option<Stamp>,
}

/// 隔离的事件.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Which.
    pub id: Uuid,
    /// Of which switch.
    pub switch: SwitchId,
    /// As it came.
    pub body: Value,
    /// Why it could not be understood.
    pub reason: Refusal,
    /// What is wrong, in the reader's words.
    pub detail: String,
    /// How often it came.
    pub times: i32,
    /// When it came last.
    pub last_at: Stamp,
}

/// Every switch, by name. System: its caller has asked who may.
pub async fn all(tx: &mut Tx) -> Result<Vec<Kept>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Kept,
        r#"select id as "id: SwitchId", name, kind as "kind: SwitchKind", is_enabled, key, version, last_event_at
        from switches
        where company_id = $1
        and deleted_at is null
        order by name, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The one with this id.
pub(crate) fn held(known: &[Kept], id: SwitchId) -> Result<Kept> {
    known.iter().find(|kept| kept.id == id).cloned().ok_or(Error::NotFound)
}

/// The switches, for their settings page.
pub async fn list(ctx: &Ctx) -> Result<Vec<Kept>> {
    ctx.require(Permission::SwitchManage)?;
    all(&mut ctx.read().await?).await
}

/// 隔离区 of one switch, or of all, the newest first.
pub async fn refused(ctx: &Ctx, switch: Option<SwitchId>) -> Result<Vec<Refused>> {
    ctx.require(Permission::SwitchManage)?;
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Refused,
        r#"select id, switch_id as "switch: SwitchId", body, reason as "reason: Refusal", detail, times, last_at
        from switch_refusals
        where company_id = $1
        and ($2::uuid is null or switch_id = $2)
        order by last_at desc, id
        limit $3"#,
        company as _,
        switch as _,
        MOST,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// How many events of each switch lie in quarantine.
pub async fn refused_counts(ctx: &Ctx) -> Result<Vec<(SwitchId, i64)>> {
    ctx.require(Permission::SwitchManage)?;
    let company = ctx.company;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select switch_id as "switch: SwitchId", count(*) as "count!"
        from switch_refusals
        where company_id = $1
        group by switch_id"#,
        company as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.switch, row.count)).collect())
}

/// Whether the company has a switch, or had one. System: the schedules ask.
pub async fn has(tx: &mut Tx) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(r#"select exists(select from switches where company_id = $1) as "has!""#, company as _)
        .fetch_one(&mut **tx)
        .await?)
}

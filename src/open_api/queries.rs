//! Reads of applications, their calls, and the feed of changes.

use crate::model::OpenPlatform;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::AppId;
use kernel::permission::Permission;
use kernel::scope::ApiScope;
use kernel::setting::{InForce, in_force};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use sqlx::types::Uuid;

/// 应用.
#[derive(Clone, Debug)]
pub struct App {
    /// Which.
    pub id: AppId,
    /// 名称.
    pub name: String,
    /// 接口范围.
    pub scopes: Vec<ApiScope>,
    /// IP 名单; everywhere when empty.
    pub networks: Vec<String>,
    /// When it was made.
    pub created_at: Stamp,
    /// By whom.
    pub created_by: String,
    /// Since when its key holds.
    pub key_at: Stamp,
    /// When it called last, to the minute.
    pub used_at: Option<Stamp>,
    /// Grows with every edit.
    pub version: i32,
}

/// Applications that are not revoked, by name.
pub async fn apps(ctx: &Ctx) -> Result<Vec<App>> {
    ctx.require(Permission::AppManage)?;
    let mut tx = ctx.read().await?;
    rows(&mut tx, None).await
}

/// One of them.
pub async fn app(ctx: &Ctx, id: AppId) -> Result<App> {
    ctx.require(Permission::AppManage)?;
    app_in(&mut ctx.read().await?, id).await
}

/// One of them, inside the caller's transaction. System: its caller has asked who may.
pub(crate) async fn app_in(tx: &mut Tx, id: AppId) -> Result<App> {
    rows(tx, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn rows(tx: &mut Tx, id: Option<AppId>) -> Result<Vec<App>> {
    let company = tx.ctx.company;
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: AppId", name, scopes, networks, created_at, created_by, key_at, used_at, version
        from api_apps
        where company_id = $1
        and revoked_at is null
        and ($2::uuid is null or id = $2)
        order by lower(name), id"#,
        company as _,
        id.map(|id| id.0),
    )
    .fetch_all(&mut **tx)
    .await?;
    let app = |row: Row| App {
        id: row.id,
        name: row.name,
        scopes: row.scopes.iter().filter_map(|key| ApiScope::from_key(key)).collect(),
        networks: row.networks,
        created_at: row.created_at,
        created_by: row.created_by,
        key_at: row.key_at,
        used_at: row.used_at,
        version: row.version,
    };
    Ok(rows.into_iter().map(app).collect())
}

/// An application as it is kept.
struct Row {
    id: AppId,
    name: String,
    scopes: Vec<String>,
    networks: Vec<String>,
    created_at: Stamp,
    created_by: String,
    key_at: Stamp,
    used_at: Option<Stamp>,
    version: i32,
}

/// 开放平台设置 in force.
pub async fn settings(ctx: &Ctx) -> Result<InForce<OpenPlatform>> {
    ctx.require(Permission::AppManage)?;
    in_force(&mut ctx.read().await?).await
}

/// 调用记录.
#[derive(Clone, Debug)]
pub struct Called {
    /// When.
    pub at: Stamp,
    /// What.
    pub path: String,
    /// What it was answered.
    pub ret_code: String,
    /// How long it took, in milliseconds.
    pub millis: i32,
    /// From where.
    pub ip: Option<String>,
    /// The request's id, which stands in the program's log too.
    pub request: Uuid,
}

/// The last calls of an application, newest first.
pub async fn calls(ctx: &Ctx, id: AppId) -> Result<Vec<Called>> {
    ctx.require(Permission::AppManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Called,
        r#"select created_at as at, path, ret_code, millis, host(ip) as ip, request_id as request
        from api_calls
        where company_id = $1
        and caller = $2
        order by created_at desc, id desc
        limit 50"#,
        ctx.company as _,
        id.0,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// 变更: something that happened, for whoever keeps a copy up to date.
#[derive(Clone, Debug)]
pub struct Change {
    /// Of this event.
    pub id: Uuid,
    /// 事件类型.
    pub kind: String,
    /// What it happened to.
    pub subject: Option<Uuid>,
    /// What is known of it.
    pub payload: Value,
    /// When.
    pub at: Stamp,
    /// Where to go on after it.
    pub cursor: String,
}

/// Kinds that say something of tickets and customers; what concerns accounts, links and single mails stays inside.
const TOLD: [&str; 14] = [
    "customer_merged",
    "customer_merge_undone",
    "ticket_created",
    "ticket_assigned",
    "ticket_replied_by_customer",
    "ticket_replied_by_agent",
    "ticket_status_changed",
    "ticket_edited",
    "ticket_urged",
    "ticket_nearly_due",
    "ticket_overdue",
    "rating_invited",
    "ticket_rated",
    "mail_failed",
];

/// What changed after a place, at most `most`, in the order of transactions. A transaction is told of only when every one before
/// it has ended: one that commits late is not passed by (D21). Its caller has asked who may.
///
/// # Errors
/// `Problem::CursorBad` for a place that is none.
pub async fn changes(ctx: &Ctx, since: Option<&str>, most: i64) -> Result<Vec<Change>> {
    let bad = || Error::Problems(Problems::one("since", Problem::CursorBad));
    let place = |text: &str| {
        let (transaction, id) = text.split_once('.')?;
        let is_number = !transaction.is_empty() && transaction.len() <= 18 && transaction.bytes().all(|byte| byte.is_ascii_digit());
        Some((transaction.to_owned(), id.parse::<Uuid>().ok()?)).filter(|_| is_number)
    };
    let (transaction, id) = match since {
        Some(text) => place(text).ok_or_else(bad)?,
        None => ("0".to_owned(), Uuid::nil()),
    };
    let kinds = TOLD.map(str::to_owned);
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select id, kind, subject_id, payload, created_at, transaction::text as "transaction!"
        from events
        where company_id = $1
        and transaction < pg_snapshot_xmin(pg_current_snapshot())
        and (transaction, id) > ($2::text::xid8, $3)
        and kind = any($4)
        order by transaction, id
        limit $5"#,
        ctx.company as _,
        transaction,
        id,
        &kinds,
        most,
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Change {
            cursor: format!("{}.{}", row.transaction, row.id),
            id: row.id,
            kind: row.kind,
            subject: row.subject_id,
            payload: row.payload,
            at: row.created_at,
        })
        .collect())
}

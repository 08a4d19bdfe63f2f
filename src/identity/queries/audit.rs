//! 操作审计: who changed what, before and after; and whether the trail is whole (S49).

use jiff::civil::Date;
use kernel::actor::ActorKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::{Stamp, is_known, start_of_day};
use kernel::tx::{self, Subject};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Uuid;
use sqlx::{FromRow, Postgres, QueryBuilder};

/// Rows of one page.
pub const PAGE: usize = 50;
/// Most rows of one export.
pub const EXPORT_MAX: usize = 50_000;
/// Rows fetched at once by the check.
const BATCH: i64 = 1000;

/// What narrows the trail; it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Part of the object's name or of what changed.
    pub q: String,
    /// Who.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub actor: Option<Uuid>,
    /// Kind of object, such as `agent`.
    pub kind: String,
    /// One object.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub object: Option<Uuid>,
    /// First day, in the company's zone.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub from: Option<Date>,
    /// Last day, in the company's zone.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub to: Option<Date>,
    /// Where the page begins.
    pub at: Option<String>,
}

/// One entry.
#[derive(Clone, Debug, FromRow)]
pub struct AuditEntry {
    /// Which.
    pub id: Uuid,
    /// When.
    pub created_at: Stamp,
    /// `agent.edited` …
    pub action: String,
    /// `agent`, `ticket`, `settings` …
    pub object_kind: String,
    /// Which object.
    pub object_id: Option<Uuid>,
    /// Its name at that moment.
    pub object_label: String,
    /// Values before.
    pub before: Option<Value>,
    /// Values after.
    pub after: Option<Value>,
    /// What kind of actor.
    pub actor_kind: ActorKind,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// The name at that moment.
    pub actor_name: String,
    /// Address of the request.
    pub ip: Option<String>,
    /// Id of the request.
    pub request_id: Option<Uuid>,
}

/// 校验结果: whether every entry is there as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries that hang together.
    pub entries: i64,
    /// The first entry that does not follow, when there is one.
    pub broken_at: Option<Stamp>,
    /// Whether the trail ends where the company's head says.
    pub ends_right: bool,
}

impl AuditReport {
    /// Whether nothing was changed, taken out or put in.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broken_at.is_none() && self.ends_right
    }
}

/// One page of the trail, the newest first.
pub async fn audit_page(ctx: &Ctx, filter: &AuditFilter) -> Result<Paged<AuditEntry>> {
    let cursor: Option<Cursor> = filter.at.as_deref().and_then(|at| at.parse().ok());
    let rows = entries(ctx, filter, cursor.as_ref(), PAGE + 1).await?;
    Ok(Paged::cut(rows, PAGE, cursor.as_ref(), |row| (row.created_at.micros().to_string(), row.id)))
}

/// The same rows as a CSV file with a mark of UTF-8, at most `EXPORT_MAX`; cells cannot act as formulas (S47).
/// `told` puts action, kind, name, and the values before and after into words.
pub async fn audit_csv(ctx: &Ctx, filter: &AuditFilter, told: impl Fn(&AuditEntry, Lang) -> [String; 5]) -> Result<Vec<u8>> {
    let rows = entries(ctx, filter, None, EXPORT_MAX).await?;
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let head = match ctx.lang() {
        Lang::Zh => ["时间", "操作人", "动作", "对象", "名称", "修改前", "修改后", "IP 地址", "请求编号"],
        Lang::En => ["time", "actor", "action", "object", "name", "before", "after", "ip", "request"],
    };
    writer.write_record(head).map_err(Error::internal)?;
    for row in rows {
        let [action, kind, label, before, after] = told(&row, ctx.lang());
        let cells = [
            row.created_at.table(&ctx.zone),
            row.actor_name,
            action,
            kind,
            label,
            before,
            after,
            row.ip.unwrap_or_default(),
            row.request_id.map(|id| id.to_string()).unwrap_or_default(),
        ];
        writer.write_record(cells.map(harmless)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// Kinds of objects that the trail names, for the filter.
pub async fn audit_kinds(ctx: &Ctx) -> Result<Vec<String>> {
    ctx.require(Permission::AuditView)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_scalar!("select distinct object_kind from audit_entries where company_id = $1 order by object_kind", ctx.company as _,)
        .fetch_all(&mut *tx)
        .await?)
}

/// Walks the whole chain of the company and computes each link again.
pub async fn audit_verify(ctx: &Ctx) -> Result<AuditReport> {
    ctx.require(Permission::AuditView)?;
    let mut tx = ctx.read().await?;
    let mut report = AuditReport { entries: 0, broken_at: None, ends_right: false };
    let mut chain = Vec::new();
    'walk: loop {
        let rows = sqlx::query_as!(
            Link,
            r#"select created_at, sequence, id, action, object_kind, object_id, object_label, before, after,
                actor_kind as "actor_kind: ActorKind", actor_id, actor_name, host(ip) as ip, request_id, chain
            from audit_entries
            where company_id = $1
            and sequence > $2
            order by sequence
            limit $3"#,
            ctx.company as _,
            report.entries,
            BATCH,
        )
        .fetch_all(&mut *tx)
        .await?;
        if rows.is_empty() {
            break;
        }
        for link in rows {
            if link.sequence != report.entries + 1 || !link.follows(&chain) {
                report.broken_at = Some(link.created_at);
                break 'walk;
            }
            report.entries += 1;
            chain = link.chain;
        }
    }
    let head =
        sqlx::query!("select chain, entries from audit_heads where company_id = $1", ctx.company as _).fetch_optional(&mut *tx).await?;
    report.ends_right = match head {
        Some(head) => head.chain == chain && head.entries == report.entries,
        None => report.entries == 0,
    };
    Ok(report)
}

struct Link {
    created_at: Stamp,
    sequence: i64,
    id: Uuid,
    action: String,
    object_kind: String,
    object_id: Option<Uuid>,
    object_label: String,
    before: Option<Value>,
    after: Option<Value>,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    actor_name: String,
    ip: Option<String>,
    request_id: Option<Uuid>,
    chain: Vec<u8>,
}

impl Link {
    fn follows(&self, previous: &[u8]) -> bool {
        let subject = Subject { kind: self.object_kind.clone().into(), id: self.object_id, label: self.object_label.clone() };
        let link = tx::Link {
            id: self.id,
            at: self.created_at,
            action: &self.action,
            subject: &subject,
            before: self.before.as_ref(),
            after: self.after.as_ref(),
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            actor_name: &self.actor_name,
            ip: self.ip.as_deref().and_then(|ip| ip.parse().ok()),
            request: self.request_id,
        };
        link.after(previous) == self.chain
    }
}

async fn entries(ctx: &Ctx, filter: &AuditFilter, cursor: Option<&Cursor>, most: usize) -> Result<Vec<AuditEntry>> {
    ctx.require(Permission::AuditView)?;
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select id, created_at, action, object_kind, object_id, object_label, before, after, actor_kind, actor_id, actor_name,
            host(ip) as ip, request_id
        from audit_entries
        where company_id = ",
    );
    query.push_bind(ctx.company);
    if let Some(actor) = filter.actor {
        query.push(" and actor_id = ").push_bind(actor);
    }
    if !filter.kind.is_empty() {
        query.push(" and object_kind = ").push_bind(filter.kind.clone());
    }
    if let Some(object) = filter.object {
        query.push(" and object_id = ").push_bind(object);
    }
    if let Some(day) = filter.from.filter(|day| is_known(*day)) {
        query.push(" and created_at >= ").push_bind(start_of_day(day, &ctx.zone));
    }
    if let Some(day) = filter.to.filter(|day| is_known(*day)) {
        query.push(" and created_at < ").push_bind(start_of_day(day.tomorrow().unwrap_or(Date::MAX), &ctx.zone));
    }
    let words = filter.q.trim().to_lowercase();
    if !words.is_empty() {
        let like = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query
            .push(" and lower(object_label || ' ' || actor_name || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, '')) like ")
            .push_bind(like);
    }
    let backwards = cursor.is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = cursor {
        let at = cursor.integer().ok().and_then(Stamp::from_micros).ok_or(Error::NotFound)?;
        query.push(if backwards { " and (created_at, id) > (" } else { " and (created_at, id) < (" });
        query.push_bind(at).push(", ").push_bind(cursor.id).push(")");
    }
    query.push(if backwards { " order by created_at, id limit " } else { " order by created_at desc, id desc limit " });
    query.push_bind(i64::try_from(most).unwrap_or(i64::MAX));
    let mut tx = ctx.read().await?;
    Ok(query.build_query_as().fetch_all(&mut *tx).await?)
}

/// A cell that a spreadsheet would run gets a quote in front.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

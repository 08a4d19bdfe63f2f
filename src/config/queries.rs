//! Reads of the configuration as it is and was, and of its versions.

use crate::refs::Names;
use crate::section::Section;
use jiff::civil::Date;
use kernel::actor::ActorKind;
use kernel::configured::order::{Documents, in_order, settled};
use kernel::configured::record::ORDER;
use kernel::configured::{Kind, Object};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::Permission;
use kernel::time::{Stamp, is_known, start_of_day};
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{FromRow, Postgres, QueryBuilder};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows of one page.
pub const PAGE: usize = 50;

/// What narrows the history; it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryFilter {
    /// Kind of object.
    pub kind: String,
    /// Who.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub actor: Option<Uuid>,
    /// First day, in the company's zone.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub from: Option<Date>,
    /// Last day, in the company's zone.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub to: Option<Date>,
    /// Where the page begins.
    pub at: Option<String>,
}

/// 配置版本: one version of an object, with the document before it.
#[derive(Clone, Debug, FromRow)]
pub struct Version {
    /// Which row.
    pub id: Uuid,
    /// Kind of the object.
    pub kind: String,
    /// Which object; nobody for the order of a kind and for settings.
    pub object_id: Uuid,
    /// 1, 2, 3 …
    pub version: i32,
    /// The object's name then.
    pub name: String,
    /// The document; nothing when it was deleted.
    pub document: Option<Value>,
    /// The document of the version before.
    pub before: Option<Value>,
    /// Whether it was there when the history began.
    pub is_baseline: bool,
    /// Why; empty when nobody said.
    pub reason: String,
    /// What kind of actor.
    pub actor_kind: ActorKind,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// The name at that moment.
    pub actor_name: String,
    /// When.
    pub created_at: Stamp,
}

/// The row of a kind.
pub fn kind_of(ctx: &Ctx, key: &str) -> Result<&'static Kind> {
    ctx.app.kinds.iter().find(|kind| kind.key == key).ok_or(Error::NotFound)
}

/// The configuration in force. System: its caller has asked who may.
pub async fn current(tx: &mut Tx) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    for kind in tx.ctx.app.kinds {
        sections.push(placed(kind, kind.all(tx).await?));
    }
    Ok(sections)
}

/// The configuration as it was at a moment.
pub async fn as_of(ctx: &Ctx, at: Stamp) -> Result<Vec<Section>> {
    ctx.require(Permission::ConfigManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        "select distinct on (kind, object_id) kind, object_id, document
        from config_versions
        where company_id = $1
        and created_at <= $2
        order by kind, object_id, version desc",
        ctx.company as _,
        at,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut found: HashMap<String, HashMap<Uuid, Value>> = HashMap::new();
    for row in rows {
        if let Some(document) = row.document {
            found.entry(row.kind).or_default().insert(row.object_id, document);
        }
    }
    let section = |kind: &'static Kind| {
        let mut documents = found.remove(kind.key).unwrap_or_default();
        let order = if kind.is_single { None } else { documents.remove(&ORDER) };
        let order: Vec<Uuid> = order.and_then(|order| serde_json::from_value(order).ok()).unwrap_or_default();
        let ids: Vec<Uuid> = documents.keys().copied().collect();
        let objects = in_order(&ids, &order).into_iter().filter_map(|id| Some(Object { id, document: documents.remove(&id)? }));
        placed(kind, objects.collect())
    };
    Ok(ctx.app.kinds.iter().map(section).collect())
}

/// The objects of a kind in order, as the database lists them; without an order of their own they stand by their names.
fn placed(kind: &'static Kind, mut objects: Vec<Object>) -> Section {
    if kind.is_ordered {
        let ids: Vec<Uuid> = objects.iter().map(|object| object.id).collect();
        let order = {
            let documents: Documents<'_> = objects.iter().map(|object| (object.id, &object.document)).collect();
            settled(kind.apart, &ids, &documents)
        };
        let place: HashMap<Uuid, usize> = order.into_iter().zip(0..).collect();
        objects.sort_by_key(|object| place.get(&object.id).copied());
    } else {
        objects.sort_by_cached_key(|object| {
            (object.document.get(kind.name).and_then(Value::as_str).unwrap_or_default().to_owned(), object.id)
        });
        objects = above_first(objects);
    }
    Section { kind, objects }
}

/// One above another before those below it, otherwise in the order they have.
fn above_first(objects: Vec<Object>) -> Vec<Object> {
    let (mut placed, mut waiting): (Vec<Object>, Vec<Object>) = (Vec::new(), objects);
    let parent = |object: &Object| object.document.get("parent").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    while !waiting.is_empty() {
        let known: Vec<Uuid> = waiting.iter().map(|object| object.id).collect();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|object| parent(object).is_none_or(|id| !known.contains(&id)));
        // A ring has no beginning: it stays as it is.
        if ready.is_empty() {
            placed.extend(rest);
            break;
        }
        placed.extend(ready);
        waiting = rest;
    }
    placed
}

/// Accounts with their addresses, for references. System: its caller has asked who may.
pub async fn addresses(tx: &mut Tx) -> Result<Vec<(Uuid, String)>> {
    let agents = identity::queries::agent_addresses(tx).await?;
    Ok(agents.into_iter().map(|(id, _, address)| (id.0, address)).collect())
}

/// What ids are called for people: objects by the last name they had, deleted ones too, and accounts by theirs.
pub async fn names(ctx: &Ctx) -> Result<Names> {
    ctx.require(Permission::ConfigManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        "select distinct on (kind, object_id) kind, object_id, name
        from config_versions
        where company_id = $1
        order by kind, object_id, version desc",
        ctx.company as _,
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut names = Names::default();
    for row in rows {
        names.add(&row.kind, &row.name, row.object_id);
    }
    for (id, name, _) in identity::queries::agent_addresses(&mut tx).await? {
        names.add(crate::refs::AGENT, &name, id.0);
    }
    Ok(names)
}

/// The history, the newest first. That a kind began without an order is no change.
pub async fn history(ctx: &Ctx, filter: &HistoryFilter) -> Result<Paged<Version>> {
    ctx.require(Permission::ConfigManage)?;
    let cursor: Option<Cursor> = filter.at.as_deref().and_then(|at| at.parse().ok());
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select v.id, v.kind, v.object_id, v.version, v.name, v.document, b.document as before, v.is_baseline, v.reason, v.actor_kind,
            v.actor_id, v.actor_name, v.created_at
        from config_versions v
        left join config_versions b
        on b.company_id = v.company_id and b.kind = v.kind and b.object_id = v.object_id and b.version = v.version - 1
        where v.company_id = ",
    );
    query.push_bind(ctx.company);
    query.push(" and not (v.version = 1 and jsonb_typeof(v.document) is not distinct from 'array')");
    if !filter.kind.is_empty() {
        query.push(" and v.kind = ").push_bind(filter.kind.clone());
    }
    if let Some(actor) = filter.actor {
        query.push(" and v.actor_id = ").push_bind(actor);
    }
    if let Some(day) = filter.from.filter(|day| is_known(*day)) {
        query.push(" and v.created_at >= ").push_bind(start_of_day(day, &ctx.zone));
    }
    if let Some(day) = filter.to.filter(|day| is_known(*day)) {
        query.push(" and v.created_at < ").push_bind(start_of_day(day.tomorrow().unwrap_or(Date::MAX), &ctx.zone));
    }
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = &cursor {
        let at = cursor.integer().ok().and_then(Stamp::from_micros).ok_or(Error::NotFound)?;
        query.push(if backwards { " and (v.created_at, v.id) > (" } else { " and (v.created_at, v.id) < (" });
        query.push_bind(at).push(", ").push_bind(cursor.id).push(")");
    }
    query.push(if backwards { " order by v.created_at, v.id limit " } else { " order by v.created_at desc, v.id desc limit " });
    query.push_bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let mut tx = ctx.read().await?;
    let rows: Vec<Version> = query.build_query_as().fetch_all(&mut *tx).await?;
    Ok(Paged::cut(rows, PAGE, cursor.as_ref(), |row| (row.created_at.micros().to_string(), row.id)))
}

/// The versions of one object, the newest first.
pub async fn versions(ctx: &Ctx, kind: &str, object: Uuid) -> Result<Vec<Version>> {
    ctx.require(Permission::ConfigManage)?;
    kept(&mut ctx.read().await?, kind, object).await
}

/// The same, inside the caller's transaction. System: its caller has asked who may.
pub(crate) async fn kept(tx: &mut Tx, kind: &str, object: Uuid) -> Result<Vec<Version>> {
    let company = tx.ctx.company;
    let rows = sqlx::query_as!(
        Version,
        r#"select v.id, v.kind, v.object_id, v.version, v.name, v.document, b.document as "before?",
            v.is_baseline, v.reason, v.actor_kind as "actor_kind: ActorKind", v.actor_id, v.actor_name, v.created_at
        from config_versions v
        left join config_versions b
        on b.company_id = v.company_id and b.kind = v.kind and b.object_id = v.object_id and b.version = v.version - 1
        where v.company_id = $1
        and v.kind = $2
        and v.object_id = $3
        order by v.version desc
        limit 200"#,
        company as _,
        kind,
        object,
    )
    .fetch_all(&mut **tx)
    .await?;
    if rows.is_empty() { Err(Error::NotFound) } else { Ok(rows) }
}

/// How many versions the company has: when somebody commits a change, more. System: its caller has asked who may.
pub(crate) async fn count(tx: &mut Tx) -> Result<i64> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from config_versions where company_id = $1"#, company as _)
        .fetch_one(&mut **tx)
        .await?)
}

/// Since when the history of the company is kept; nothing is known of what was before.
pub async fn began(ctx: &Ctx) -> Result<Option<Stamp>> {
    ctx.require(Permission::ConfigManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_scalar!(r#"select min(created_at) as "at: Stamp" from config_versions where company_id = $1"#, ctx.company as _)
        .fetch_one(&mut *tx)
        .await?)
}

/// A file that was uploaded: its name and its text, for the one who did so, for a day.
pub async fn file(ctx: &Ctx, id: Uuid) -> Result<(String, String)> {
    ctx.require(Permission::ConfigManage)?;
    let (agent, now) = (ctx.agent()?, ctx.now());
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        "select name, content
        from config_files
        where company_id = $1
        and id = $2
        and agent_id = $3
        and expires_at > $4",
        ctx.company as _,
        id,
        agent as _,
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok((row.name, row.content))
}

//! 配置版本: every version of every configured object, written by the commit that changed it. No command has to think of it,
//! and what a change does to other objects, such as a group that leaves its calendar, is seen too.

use super::order::{Documents, by_group, in_order};
use super::{Kind, Object};
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::id::CompanyId;
use crate::tx::Tx;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The id under which the order of a kind is kept. It is there for every kind of many objects from the day on which the
/// company has the kind, so that a first object is told from a kind that a release added.
pub const ORDER: Uuid = Uuid::nil();

/// Kind of the audit entries of accounts.
const ACCOUNTS: &str = "agent";
/// What is done to accounts that changes configuration: an account works in groups until it is deleted.
const OF_ACCOUNTS: [&str; 4] = ["agent.created", "agent.edited", "agent.imported", "agent.deleted"];

/// Whether this, done to a subject of this kind, may have changed configuration.
pub(crate) fn concerns(kinds: &[Kind], subject: &str, action: &str) -> bool {
    if subject == ACCOUNTS { OF_ACCOUNTS.contains(&action) } else { kinds.iter().any(|kind| kind.subject == subject) }
}

struct Known {
    version: i32,
    document: Option<Value>,
}

struct Fresh {
    kind: &'static str,
    id: Uuid,
    version: i32,
    name: String,
    document: Option<Value>,
    is_begun: bool,
}

/// Compares everything with its last version and writes what differs. The caller holds the head of the audit trail, so that
/// two commits do so one after the other. A kind of which an object cannot be read keeps the versions it has: what is changed
/// beside it must not fail for it.
pub(crate) async fn record(tx: &mut Tx) -> Result {
    let mut known = latest(tx).await?;
    let kinds = tx.ctx.app.kinds;
    let mut fresh = Vec::new();
    for kind in kinds {
        match kind.all(tx).await {
            Ok(objects) => differences(kind, objects, known.remove(kind.key).unwrap_or_default(), &mut fresh),
            Err(error) => {
                let (kind, company) = (kind.key, tx.ctx.company);
                tracing::error!(%error, kind, %company, "configuration that cannot be read is not recorded");
            }
        }
    }
    for one in fresh {
        insert(tx, one).await?;
    }
    Ok(())
}

/// Completes the history of every company, as nobody's change: at the start of the program, which may write documents
/// otherwise than the release before it, and with its upkeep. One company that cannot be read is left out.
///
/// # Errors
/// When the directory cannot be read.
pub async fn begin(app: &Arc<App>) -> Result {
    for company in app.companies().await? {
        if let Err(error) = complete(app, company).await {
            tracing::error!(%error, %company, "the configuration history of a company was not completed");
        }
    }
    Ok(())
}

async fn complete(app: &Arc<App>, company: CompanyId) -> Result {
    let mut tx = app.system(company).await?.begin().await?;
    tx.hold_trail().await?;
    record(&mut tx).await?;
    tx.commit().await
}

fn differences(kind: &Kind, objects: Vec<Object>, mut known: HashMap<Uuid, Known>, fresh: &mut Vec<Fresh>) {
    let is_begun = known.is_empty();
    // Of settings, of which there is one, nobody's id is the object itself.
    let order = if kind.is_single { None } else { known.remove(&ORDER) };
    if !kind.is_single {
        let ids: Vec<Uuid> = objects.iter().map(|object| object.id).collect();
        let now = if kind.is_ordered { ids.clone() } else { Vec::new() };
        let kept = order.as_ref().and_then(|order| order.document.clone()).and_then(|order| serde_json::from_value(order).ok());
        let kept: Vec<Uuid> = kept.unwrap_or_default();
        let documents: Documents<'_> = objects.iter().map(|object| (object.id, &object.document)).collect();
        let is_moved = || by_group(kind.apart, &in_order(&ids, &kept), &documents) != by_group(kind.apart, &ids, &documents);
        if order.is_none() || (kind.is_ordered && is_moved()) {
            let version = order.map_or(1, |order| order.version + 1);
            let document = Some(Value::from(now.iter().map(Uuid::to_string).collect::<Vec<_>>()));
            fresh.push(Fresh { kind: kind.key, id: ORDER, version, name: String::new(), document, is_begun });
        }
    }
    for object in objects {
        let before = known.remove(&object.id);
        if before.as_ref().is_some_and(|before| before.document.as_ref() == Some(&object.document)) {
            continue;
        }
        let version = before.map_or(1, |before| before.version + 1);
        let name = name_of(kind, &object.document);
        fresh.push(Fresh { kind: kind.key, id: object.id, version, name, document: Some(object.document), is_begun });
    }
    for (id, gone) in known {
        let Some(document) = gone.document else { continue };
        let name = name_of(kind, &document);
        fresh.push(Fresh { kind: kind.key, id, version: gone.version + 1, name, document: None, is_begun });
    }
}

fn name_of(kind: &Kind, document: &Value) -> String {
    document.get(kind.name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

async fn latest(tx: &mut Tx) -> Result<HashMap<String, HashMap<Uuid, Known>>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        "select distinct on (kind, object_id) kind, object_id, version, document
        from config_versions
        where company_id = $1
        order by kind, object_id, version desc",
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut known: HashMap<String, HashMap<Uuid, Known>> = HashMap::new();
    for row in rows {
        known.entry(row.kind).or_default().insert(row.object_id, Known { version: row.version, document: row.document });
    }
    Ok(known)
}

async fn insert(tx: &mut Tx, fresh: Fresh) -> Result {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), tx.ctx.uuid());
    // What was there before the history began is nobody's change.
    let (actor, reason) = if fresh.is_begun { (Actor::System, String::new()) } else { (tx.ctx.actor.clone(), tx.reason().to_owned()) };
    sqlx::query!(
        "insert into config_versions (company_id, kind, object_id, version, id, name, document, is_baseline, reason, actor_kind, actor_id,
            actor_name, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        company as _,
        fresh.kind,
        fresh.id,
        fresh.version,
        id,
        fresh.name,
        fresh.document,
        fresh.is_begun,
        reason,
        actor.kind() as _,
        actor.uuid(),
        actor.name(),
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::concerns;

    #[test]
    fn what_is_done_to_accounts_concerns_configuration_where_it_changes_groups() {
        for action in ["agent.created", "agent.edited", "agent.imported", "agent.deleted"] {
            assert!(concerns(&[], "agent", action), "{action}");
        }
        for action in ["agent.password_changed", "agent.sessions_ended", "agent.invited_again", "agent.disabled"] {
            assert!(!concerns(&[], "agent", action), "{action}");
        }
        assert!(!concerns(&[], "own_preset", "preset.edited"));
    }
}

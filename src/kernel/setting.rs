//! 设置: versioned documents. A settings object is a serde type; every version of it is kept with who, when and why.

use crate::error::Result;
use crate::time::Stamp;
use crate::tx::Tx;
use serde::{Serialize, de::DeserializeOwned};

/// A settings object of a slice. `Default` is what holds until somebody saves.
pub trait Setting: Serialize + DeserializeOwned + Default + Clone + Send {
    /// The stable word it is stored under.
    const KIND: &'static str;
    /// What its fields are called in the history; a field that is not here shows its key.
    const KEYS: &'static [(&'static str, crate::configured::Words)] = &[];
    /// Keys whose values are rows of a coded list, with what says them.
    const CODES: &'static [(&'static str, crate::configured::Spell)] = &[];
    /// Fields whose list has places with names.
    const PLACES: &'static [(&'static str, crate::configured::Place)] = &[];
    /// Fields whose list has no order of its own.
    const SETS: &'static [&'static str] = &[];

    /// Finds everything that is wrong with the values.
    ///
    /// # Errors
    /// All problems, each beside its field.
    fn check(&self) -> Result;
}

/// The version in force.
#[derive(Clone, Debug)]
pub struct InForce<S> {
    /// 0 when nobody saved yet.
    pub version: i32,
    /// The values.
    pub value: S,
}

/// One kept version, for the history drawer.
#[derive(Clone, Debug)]
pub struct Version {
    /// 1, 2, 3 …
    pub version: i32,
    /// The values.
    pub document: serde_json::Value,
    /// Why, as typed.
    pub reason: String,
    /// Who.
    pub actor_name: String,
    /// When.
    pub created_at: Stamp,
}

/// The values in force.
///
/// # Errors
/// When the database refuses or the stored document does not fit its type.
pub async fn in_force<S: Setting>(tx: &mut Tx) -> Result<InForce<S>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        "select version, document from settings where company_id = $1 and kind = $2 order by version desc limit 1",
        company as _,
        S::KIND,
    )
    .fetch_optional(&mut **tx)
    .await?;
    match row {
        None => Ok(InForce { version: 0, value: S::default() }),
        Some(row) => {
            Ok(InForce { version: row.version, value: serde_json::from_value(row.document).map_err(crate::error::Error::internal)? })
        }
    }
}

/// The kept versions, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn history(tx: &mut Tx, kind: &str) -> Result<Vec<Version>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Version,
        "select version, document, reason, actor_name, created_at
        from settings
        where company_id = $1 and kind = $2
        order by version desc
        limit 50",
        company as _,
        kind,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Saves a new version, with its audit entry; values that are those in force make none. `expected` is the version the editor started from.
///
/// # Errors
/// The value's own problems; `Problem::Stale` when somebody saved meanwhile.
pub async fn save<S: Setting>(tx: &mut Tx, value: &S, expected: i32, reason: &str) -> Result<i32> {
    value.check()?;
    tx.because(reason);
    let before = in_force::<S>(tx).await?;
    if before.version != expected {
        return Err(crate::error::Problem::Stale.into());
    }
    let (company, now, actor) = (tx.ctx.company, tx.ctx.now(), tx.ctx.actor.clone());
    let document = serde_json::to_value(value).map_err(crate::error::Error::internal)?;
    let old = serde_json::to_value(&before.value).map_err(crate::error::Error::internal)?;
    if document == old {
        return Ok(before.version);
    }
    let version = expected + 1;
    sqlx::query!(
        "insert into settings (company_id, kind, version, document, reason, actor_kind, actor_id, actor_name, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        company as _,
        S::KIND,
        version,
        document,
        reason,
        actor.kind() as _,
        actor.uuid(),
        actor.name(),
        now,
    )
    .execute(&mut **tx)
    .await
    .map_err(|error| crate::error::Error::on_constraint(error, "settings_pkey", "", crate::error::Problem::Stale))?;
    tx.audit("settings.saved", crate::tx::Subject::named("settings", None, S::KIND), Some(old), Some(document)).await?;
    Ok(version)
}

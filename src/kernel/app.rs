//! What one running program holds: pools, store, clock, keys.

use crate::clock::Clock;
use crate::config::Config;
use crate::configured::Kind;
use crate::ctx::{Ctx, Request};
use crate::egress::Egress;
use crate::error::{Error, Result};
use crate::id::CompanyId;
use crate::live::Hub;
use crate::permission::Grants;
use crate::secret::Vault;
use crate::stop::Stop;
use object_store::ObjectStore;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The role of every ordinary connection: it owns nothing and row-level security binds it (S02).
pub const ROLE: &str = "kefu_app";

/// One running program.
#[derive(Debug)]
pub struct App {
    /// How it was started.
    pub config: Config,
    /// Connections for commands.
    pub write: PgPool,
    /// Connections for queries; may be a replica.
    pub read: PgPool,
    /// Everything that can be configured, in the order in which one needs the other.
    pub kinds: &'static [Kind],
    /// Attachments.
    pub store: Arc<dyn ObjectStore>,
    /// Now.
    pub clock: Clock,
    /// Secrets at rest.
    pub vault: Vault,
    /// Requests to addresses that somebody typed.
    pub egress: Egress,
    /// Open live streams.
    pub live: Hub,
    /// Wakes the worker of this process.
    pub work: Notify,
    /// Set when the program is asked to stop.
    pub stopping: Stop,
}

impl App {
    /// A pool whose connections act as the app's role from the first moment.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn pool(options: PgConnectOptions, connections: u32) -> Result<PgPool> {
        let options = options.options([("role", ROLE), ("statement_timeout", "15000"), ("idle_in_transaction_session_timeout", "30000")]);
        Ok(PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(3))
            .test_before_acquire(false)
            .connect_with(options)
            .await?)
    }

    /// The context of the program's own work in a company.
    ///
    /// # Errors
    /// `NotFound` when there is no such company.
    pub async fn system(self: &Arc<Self>, company: CompanyId) -> Result<Ctx> {
        Ctx::load(self, company, crate::actor::Actor::System, Grants::all(), Vec::new(), Request::internal(self)).await
    }

    /// A transaction that opens no company: only the directory can be read and written.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn directory(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
        begin(&self.write, "begin".to_owned()).await
    }

    /// Companies of this database, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn companies(&self) -> Result<Vec<CompanyId>> {
        let mut tx = self.directory().await?;
        let found = sqlx::query_scalar!(r#"select company_id as "id: CompanyId" from directory.companies order by created_at"#)
            .fetch_all(&mut *tx)
            .await?;
        Ok(found)
    }
}

/// Opens a transaction, in a task of its own: sqlx rolls back what is dropped, but for a `BEGIN` that was sent and whose
/// answer nobody waits for any more, as when a browser goes away. Its connection would go back to the pool inside a
/// transaction that somebody else writes into and nobody commits.
pub(crate) async fn begin(pool: &PgPool, statement: String) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(statement)).await });
    Ok(begun.await.map_err(Error::internal)??)
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::internal(error)
    }
}

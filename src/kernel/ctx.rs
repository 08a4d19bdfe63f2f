//! The context of a command or query: which company, who, what they may, when, and where from. It is the first
//! parameter everywhere; what is not in it cannot be done.

use crate::actor::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::id::{AgentId, CompanyId, GroupId, RequestId};
use crate::lang::Lang;
use crate::permission::{Grants, Permission};
use crate::rng;
use crate::time::Stamp;
use crate::tx::Tx;
use jiff::tz::TimeZone;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct Request {
    /// Shown on error pages, written in logs and audit.
    pub id: RequestId,
    /// The client's address, through trusted proxies only (S46).
    pub ip: Option<IpAddr>,
    /// The language of the page.
    pub lang: Lang,
    /// 应用: by which application of the open platform an agent or customer acts, when by one.
    pub through: Option<Arc<str>>,
}

impl Request {
    /// The program's own work.
    #[must_use]
    pub fn internal(app: &App) -> Request {
        Request { id: RequestId(rng::uuid_at(app.clock.now())), ip: None, lang: Lang::Zh, through: None }
    }
}

/// 上下文: who does something in which company.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The running program.
    pub app: Arc<App>,
    /// The company whose rows can be seen.
    pub company: CompanyId,
    /// The company's name.
    pub company_name: Arc<str>,
    /// The company's zone.
    pub zone: TimeZone,
    /// The company's own language, for mails to customers of unknown language.
    pub company_lang: Lang,
    /// Whether it is the demo, which can be removed in one click.
    pub is_demo: bool,
    /// Who acts.
    pub actor: Actor,
    /// What they may.
    pub grants: Grants,
    /// The groups they work in.
    pub groups: Arc<[GroupId]>,
    /// Where from.
    pub request: Request,
    /// What a page reads, it reads in one transaction.
    pub reading: Option<Reading>,
}

impl Ctx {
    /// Builds a context; the caller has established who acts.
    ///
    /// # Errors
    /// `NotFound` when there is no such company.
    pub async fn load(
        app: &Arc<App>,
        company: CompanyId,
        actor: Actor,
        grants: Grants,
        groups: Vec<GroupId>,
        request: Request,
    ) -> Result<Ctx> {
        let mut tx = begin(&app.read, company).await?;
        let row = sqlx::query!("select name, time_zone, lang, is_demo from companies where company_id = $1", company as _)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(Ctx {
            app: app.clone(),
            company,
            company_name: row.name.into(),
            zone: crate::time::zone(&row.time_zone).unwrap_or(TimeZone::UTC),
            company_lang: Lang::from_key(&row.lang).unwrap_or_default(),
            is_demo: row.is_demo,
            actor,
            grants,
            groups: groups.into(),
            request,
            reading: None,
        })
    }

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.request.lang
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.app.clock.now()
    }

    /// A fresh UUIDv7; wrap it in the id it is for.
    #[must_use]
    pub fn uuid(&self) -> uuid::Uuid {
        rng::uuid_at(self.now())
    }

    /// Refuses unless the actor has the item.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn require(&self, item: Permission) -> Result {
        if self.may(item) { Ok(()) } else { Err(Error::Forbidden(item)) }
    }

    /// Whether the actor has the item.
    #[must_use]
    pub fn may(&self, item: Permission) -> bool {
        self.grants.has(item)
    }

    /// The signed-in agent.
    ///
    /// # Errors
    /// `SignInFirst` when it is somebody else.
    pub fn agent(&self) -> Result<AgentId> {
        self.actor.agent().ok_or(Error::SignInFirst)
    }

    /// The same person acting as the program: for effects that need no right of theirs, such as reactions to events.
    #[must_use]
    pub fn as_system(&self) -> Ctx {
        Ctx { actor: Actor::System, grants: Grants::all(), ..self.clone() }
    }

    /// Opens a transaction for a command.
    ///
    /// # Errors
    /// `Busy` when no connection can be had in time.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx::new(begin(&self.app.write, self.company).await?, self.clone()))
    }

    /// Opens a transaction for queries: the page's, when this is a page and nobody reads in it at the moment.
    ///
    /// # Errors
    /// `Busy` when no connection can be had in time.
    pub async fn read(&self) -> Result<Tx> {
        match self.reading.as_ref().and_then(|reading| reading.of(self.company)) {
            Some(open) => Ok(Tx::of_page(open, self.clone())),
            None => Ok(Tx::new(begin(&self.app.read, self.company).await?, self.clone())),
        }
    }
}

/// 页面的读事务: the one transaction in which a page reads, from the account behind the session to its last list, so
/// that it costs one `BEGIN` and one `ROLLBACK`, not a pair for every query. Each statement sees what is committed then.
#[derive(Clone, Debug)]
pub struct Reading {
    company: CompanyId,
    open: Arc<Mutex<Option<Open>>>,
}

type Open = sqlx::Transaction<'static, sqlx::Postgres>;

/// A page's transaction while one query has it.
pub type OpenGuard = OwnedMappedMutexGuard<Option<Open>, Open>;

impl Reading {
    /// Opens it, before it is known who reads.
    ///
    /// # Errors
    /// `Busy` when no connection can be had in time.
    pub async fn begin(app: &App, company: CompanyId) -> Result<Reading> {
        let open = begin(&app.read, company).await?;
        Ok(Reading { company, open: Arc::new(Mutex::new(Some(open))) })
    }

    /// The transaction, unless it is another company's, ended, or in the hands of a query that calls another one.
    #[must_use]
    pub fn of(&self, company: CompanyId) -> Option<OpenGuard> {
        let free = self.open.clone().try_lock_owned().ok().filter(|_| self.company == company)?;
        OwnedMutexGuard::try_map(free, Option::as_mut).ok()
    }

    /// Ends it: everything is read, or a query failed and the transaction with it. Later queries open their own.
    pub async fn end(&self) {
        self.open.lock().await.take();
    }
}

/// Opens a company before it is known who acts in it: sign-in, sessions, public links.
///
/// # Errors
/// `Busy` when no connection can be had in time.
pub async fn open(app: &App, company: CompanyId) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    begin(&app.write, company).await
}

/// The one place where a company reaches the database: a literal `SET LOCAL` in the same round trip as `BEGIN` (D5).
async fn begin(pool: &sqlx::PgPool, company: CompanyId) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    crate::app::begin(pool, format!("begin; set local app.company_id = '{}'", company.0)).await
}

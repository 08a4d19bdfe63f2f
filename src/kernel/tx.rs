//! A transaction of one company. State change, event, audit entry and jobs are one commit.

use crate::actor::{Actor, ActorKind};
use crate::configured::record;
use crate::ctx::{Ctx, OpenGuard};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::AgentId;
use crate::job;
use crate::rng;
use crate::time::Stamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, Transaction};
use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::{Deref, DerefMut};

/// 事务: dereferences to the connection; dropped without `commit` it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    /// The context it was opened from.
    pub ctx: Ctx,
    due: Option<Stamp>,
    audits: Vec<Audit>,
    wakes: Vec<AgentId>,
    reason: String,
}

#[derive(Debug)]
enum Inner {
    Own(Transaction<'static, Postgres>),
    Page(OpenGuard),
}

/// An audit entry on its way to the trail.
#[derive(Debug)]
struct Audit {
    action: String,
    subject: Subject,
    before: Option<Value>,
    after: Option<Value>,
}

/// What an audit entry is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// `agent`, `ticket`, `settings` …
    pub kind: Cow<'static, str>,
    /// Which.
    pub id: Option<uuid::Uuid>,
    /// Its name at that moment.
    pub label: String,
}

impl Subject {
    /// A subject with the name it had.
    pub fn named(kind: &'static str, id: Option<uuid::Uuid>, label: impl Into<String>) -> Subject {
        Subject { kind: kind.into(), id, label: label.into() }
    }
}

/// The job that carries one event to its reactions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct React {
    /// What happened.
    pub event: Event,
    /// The event's own id: a reaction that runs twice knows it by this.
    pub id: uuid::Uuid,
    /// The agent who did it, when an agent did.
    #[serde(default)]
    pub by: Option<AgentId>,
    /// Whether the customer did it.
    #[serde(default)]
    pub by_customer: bool,
}

impl job::Job for React {
    const KIND: &'static str = "react";
    const ATTEMPTS: i32 = 12;
}

impl Tx {
    pub(crate) fn new(inner: Transaction<'static, Postgres>, ctx: Ctx) -> Tx {
        Tx { inner: Inner::Own(inner), ctx, due: None, audits: Vec::new(), wakes: Vec::new(), reason: String::new() }
    }

    /// A query in the transaction of its page.
    pub(crate) fn of_page(open: OpenGuard, ctx: Ctx) -> Tx {
        Tx { inner: Inner::Page(open), ctx, due: None, audits: Vec::new(), wakes: Vec::new(), reason: String::new() }
    }

    /// Records what happened, for everything that reacts to it (R5).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record(&mut self, event: Event) -> Result {
        let (company, now, id) = (self.ctx.company, self.ctx.now(), self.ctx.uuid());
        let (by, by_customer) = (self.ctx.actor.agent(), matches!(self.ctx.actor, Actor::Customer { .. }));
        let payload = serde_json::to_value(&event).map_err(Error::internal)?;
        sqlx::query!(
            "insert into events (company_id, created_at, id, kind, subject_id, payload) values ($1, $2, $3, $4, $5, $6)",
            company as _,
            now,
            id,
            event.kind(),
            event.subject(),
            payload,
        )
        .execute(&mut **self)
        .await?;
        job::enqueue(self, &React { event, id, by, by_customer }).await?;
        Ok(())
    }

    /// Appends to the audit trail when the transaction commits: each entry is chained to the one before by hash, under
    /// the lock of the company's head row (S49).
    ///
    /// # Errors
    /// None now; the commit may fail.
    pub async fn audit(&mut self, action: &str, subject: Subject, before: Option<Value>, after: Option<Value>) -> Result {
        self.audits.push(Audit { action: action.to_owned(), subject, before, after });
        Ok(())
    }

    /// How many audit entries wait for the commit: a place to come back to, beside a savepoint.
    #[must_use]
    pub fn audited(&self) -> usize {
        self.audits.len()
    }

    /// Forgets the audit entries after a place, of what was rolled back to its savepoint.
    pub fn forget_audits(&mut self, after: usize) {
        self.audits.truncate(after);
    }

    /// Says why, for the history of what changes here; as it was typed, at most 200 characters of it.
    pub fn because(&mut self, reason: &str) {
        self.reason = reason.trim().chars().take(200).collect();
    }

    /// Why; empty when nobody said.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The next value of a counter of the company, from 1 (D2).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_number(&mut self, counter: &str) -> Result<i64> {
        let company = self.ctx.company;
        Ok(sqlx::query_scalar!(
            "insert into counters as c (company_id, name, value) values ($1, $2, 1)
            on conflict (company_id, name) do update set value = c.value + 1
            returning value",
            company as _,
            counter,
        )
        .fetch_one(&mut **self)
        .await?)
    }

    pub(crate) fn woke_worker(&mut self, at: Stamp) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    pub(crate) fn woke_agent(&mut self, agent: AgentId) {
        self.wakes.push(agent);
    }

    /// Commits, then wakes who waits for it. The rows that all transactions of a company share, the head of the audit
    /// trail and the company's next due time, are written here, last and in one order: taken earlier, two commands that
    /// audit and enqueue in different order would wait for each other for ever.
    ///
    /// # Errors
    /// When the database refuses: nothing happened then.
    pub async fn commit(mut self) -> Result {
        let audits = std::mem::take(&mut self.audits);
        let changes_configuration = audits.iter().any(|audit| record::concerns(self.ctx.app.kinds, &audit.subject.kind, &audit.action));
        for audit in audits {
            self.write_audit(audit).await?;
        }
        if changes_configuration {
            record::record(&mut self).await?;
        }
        if let Some(at) = self.due {
            let company = self.ctx.company;
            sqlx::query!(
                "insert into directory.ready_companies as ready (company_id, next_at) values ($1, $2)
                on conflict (company_id) do update set next_at = excluded.next_at where ready.next_at > excluded.next_at",
                company as _,
                at,
            )
            .execute(&mut *self)
            .await?;
        }
        match self.inner {
            Inner::Own(inner) => inner.commit().await?,
            // Commands open their own: in a page's transaction nothing was written.
            Inner::Page(_) => {}
        }
        if self.due.is_some() {
            self.ctx.app.work.notify_one();
        }
        for agent in self.wakes {
            self.ctx.app.live.wake(self.ctx.company, agent);
        }
        Ok(())
    }

    /// Locks the head of the company's audit trail until the transaction ends: its last link and how many entries it has.
    async fn head(&mut self) -> Result<(Vec<u8>, i64)> {
        let company = self.ctx.company;
        let head = sqlx::query!(
            "insert into audit_heads as head (company_id, chain, entries) values ($1, ''::bytea, 0)
            on conflict (company_id) do update set entries = head.entries
            returning chain, entries",
            company as _,
        )
        .fetch_one(&mut **self)
        .await?;
        Ok((head.chain, head.entries))
    }

    /// Waits for everybody who audits in the company, and lets them wait: what they committed can be read now, and nothing comes
    /// after it until this commits.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hold_trail(&mut self) -> Result {
        self.head().await.map(drop)
    }

    async fn write_audit(&mut self, audit: Audit) -> Result {
        let Audit { action, subject, before, after } = audit;
        let (company, now, id) = (self.ctx.company, self.ctx.now(), self.ctx.uuid());
        let (actor, request) = (self.ctx.actor.clone(), self.ctx.request.clone());
        // Who acts by an application is named with it.
        let name = match (&request.through, &actor) {
            (Some(app), Actor::Agent { name, .. } | Actor::Customer { name, .. }) => format!("{name} · {app}"),
            _ => actor.name().to_owned(),
        };
        let (last, entries) = self.head().await?;
        let link = Link {
            id,
            at: now,
            action: &action,
            subject: &subject,
            before: before.as_ref(),
            after: after.as_ref(),
            actor_kind: actor.kind(),
            actor_id: actor.uuid(),
            actor_name: &name,
            ip: request.ip,
            request: Some(request.id.0),
        };
        let chain = link.after(&last);
        sqlx::query!(
            "insert into audit_entries (company_id, created_at, id, action, object_kind, object_id, object_label, before, after,
                actor_kind, actor_id, actor_name, ip, request_id, chain, sequence)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::inet, $14, $15, $16)",
            company as _,
            now,
            id,
            action,
            &*subject.kind,
            subject.id,
            subject.label,
            before,
            after,
            actor.kind() as _,
            actor.uuid(),
            name,
            request.ip.map(|ip| ip.to_string()),
            request.id.0,
            chain,
            entries + 1,
        )
        .execute(&mut **self)
        .await?;
        sqlx::query!("update audit_heads set chain = $2, entries = entries + 1 where company_id = $1", company as _, chain)
            .execute(&mut **self)
            .await?;
        Ok(())
    }
}

/// Everything an audit entry says, for its link in the chain; the check of the trail computes it again (S49).
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The entry.
    pub id: uuid::Uuid,
    /// When it was written.
    pub at: Stamp,
    /// What was done.
    pub action: &'a str,
    /// To what.
    pub subject: &'a Subject,
    /// Values before.
    pub before: Option<&'a Value>,
    /// Values after.
    pub after: Option<&'a Value>,
    /// What kind of actor.
    pub actor_kind: ActorKind,
    /// Who.
    pub actor_id: Option<uuid::Uuid>,
    /// Who, by name.
    pub actor_name: &'a str,
    /// From where.
    pub ip: Option<IpAddr>,
    /// In which request.
    pub request: Option<uuid::Uuid>,
}

impl Link<'_> {
    /// The hash of this entry behind another one's.
    #[must_use]
    pub fn after(&self, previous: &[u8]) -> Vec<u8> {
        fn text(value: Option<impl ToString>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        let mut data = previous.to_vec();
        let parts = [
            &self.id.to_string(),
            // The database keeps microseconds.
            &self.at.micros().to_string(),
            self.action,
            &*self.subject.kind,
            &text(self.subject.id),
            &self.subject.label,
            &text(self.before),
            &text(self.after),
            self.actor_kind.key(),
            &text(self.actor_id),
            self.actor_name,
            &text(self.ip),
            &text(self.request),
        ];
        for part in parts {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        rng::sha256(&data)
    }
}

impl Deref for Tx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        match &self.inner {
            Inner::Own(inner) => inner,
            Inner::Page(inner) => inner,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match &mut self.inner {
            Inner::Own(inner) => inner,
            Inner::Page(inner) => inner,
        }
    }
}

//! A ticket under its row's lock: the one way in which tickets change.

use crate::model::state::{Act, reopens, transition};
use crate::model::{ChangeKind, Changes, LogFrom, Priority, Property, Shown, Status};
use crate::scope;
use kernel::actor::Actor;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, TicketId};
use kernel::time::Stamp;
use kernel::tx::{Subject, Tx};
use serde_json::{Map, Value};
use sqlx::QueryBuilder;
use sqlx::types::Json;

/// A locked ticket. Its fields are changed here and written by `save`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Held {
    pub id: TicketId,
    pub number: i64,
    pub title: String,
    pub status: Status,
    pub status_before_delete: Option<Status>,
    pub priority: Priority,
    pub category_id: Option<CategoryId>,
    pub customer_id: CustomerId,
    pub group_id: Option<GroupId>,
    pub agent_id: Option<AgentId>,
    pub cc: Vec<String>,
    pub fields: Json<Map<String, Value>>,
    pub last_seq: i32,
    pub message_count: i32,
    pub file_count: i32,
    pub version: i32,
    pub cycle: i32,
    pub urge_count: i32,
    pub urged_at: Option<Stamp>,
    pub updated_at: Stamp,
    pub waiting_since: Option<Stamp>,
    pub first_response_at: Option<Stamp>,
    pub solved_at: Option<Stamp>,
    pub closed_at: Option<Stamp>,
    pub deleted_at: Option<Stamp>,
}

/// One row of the history, about to be written.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub kind: ChangeKind,
    pub changes: Changes,
    pub note: String,
    /// Through what it came; `None` is the usual way of its actor.
    pub from: Option<LogFrom>,
}

impl Log {
    pub(crate) fn of(kind: ChangeKind, changes: Changes) -> Log {
        Log { kind, changes, note: String::new(), from: None }
    }

    /// A change with the reason that its actor gave.
    pub(crate) fn because(kind: ChangeKind, changes: Changes, reason: &str) -> Log {
        Log { note: reason.trim().to_owned(), ..Log::of(kind, changes) }
    }
}

impl From<ChangeKind> for Log {
    fn from(kind: ChangeKind) -> Log {
        Log::of(kind, Changes::default())
    }
}

impl Held {
    /// Locks a ticket that the actor may see.
    pub(crate) async fn lock(tx: &mut Tx, id: TicketId) -> Result<Held> {
        let ctx = tx.ctx.clone();
        Held::lock_for(tx, &ctx, id).await
    }

    /// Locks a ticket without asking who may see it: for what customers and the program itself do.
    pub(crate) async fn lock_any(tx: &mut Tx, id: TicketId) -> Result<Held> {
        let ctx = tx.ctx.as_system();
        Held::lock_for(tx, &ctx, id).await
    }

    async fn lock_for(tx: &mut Tx, ctx: &Ctx, id: TicketId) -> Result<Held> {
        let mut query = QueryBuilder::new(
            "select t.id, t.number, t.title, t.status, t.status_before_delete, t.priority, t.category_id, t.customer_id,
                t.group_id, t.agent_id, t.cc, t.fields, t.last_seq, t.message_count, t.file_count, t.version, t.cycle,
                t.urge_count, t.urged_at, t.updated_at, t.waiting_since, t.first_response_at, t.solved_at, t.closed_at, t.deleted_at
            from tickets t
            where t.company_id = ",
        );
        query.push_bind(ctx.company).push(" and t.id = ").push_bind(id);
        scope::push(&mut query, ctx);
        query.push(" for update of t");
        query.build_query_as::<Held>().fetch_optional(&mut **tx).await?.ok_or(Error::NotFound)
    }

    /// Takes the next place in the ticket's order.
    pub(crate) fn next_seq(&mut self) -> i32 {
        self.last_seq += 1;
        self.last_seq
    }

    /// What a property is, as forms send it.
    pub(crate) fn value(&self, property: Property) -> String {
        let id = |id: Option<String>| id.unwrap_or_default();
        match property {
            Property::Title => self.title.clone(),
            Property::Status => self.status.key().to_owned(),
            Property::Priority => self.priority.key().to_owned(),
            Property::Category => id(self.category_id.map(|id| id.to_string())),
            Property::Group => id(self.group_id.map(|id| id.to_string())),
            Property::Agent => id(self.agent_id.map(|id| id.to_string())),
            Property::Customer => self.customer_id.to_string(),
            Property::Cc => self.cc.join("\n"),
            Property::Link => String::new(),
        }
    }

    /// Refuses what is done to a ticket in the recycle bin.
    pub(crate) fn refuse_deleted(&self) -> Result {
        if self.status == Status::Deleted { Err(Problem::TicketDeleted.into()) } else { Ok(()) }
    }

    /// Moves the status by an act, with everything that hangs on it, and notes the change.
    pub(crate) fn act(&mut self, act: Act, now: Stamp, changes: &mut Changes) -> Result {
        let from = self.status;
        let to = transition(from, act).map_err(|problem| Error::Problems(Problems::one(field_of(problem), problem)))?;
        if from == to {
            return Ok(());
        }
        if reopens(from, to) {
            self.cycle += 1;
            self.solved_at = None;
            self.closed_at = None;
        }
        match to {
            Status::Solved => self.solved_at = Some(now),
            Status::Closed => self.closed_at = Some(now),
            _ => {}
        }
        if to.is_finished() {
            self.waiting_since = None;
        }
        self.status = to;
        changes.note(Property::Status, Shown::key(from.key()), Shown::key(to.key()));
        Ok(())
    }

    /// Writes one row of the history at the next place of the order.
    pub(crate) async fn log(&mut self, tx: &mut Tx, log: Log) -> Result<i32> {
        let (company, now, actor) = (tx.ctx.company, tx.ctx.now(), tx.ctx.actor.clone());
        let (ticket, seq) = (self.id, self.next_seq());
        let changes = serde_json::to_value(&log.changes).map_err(Error::internal)?;
        sqlx::query!(
            "insert into ticket_changes (company_id, ticket_id, seq, kind, changes, note, log_from, actor_kind, actor_id, actor_name, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            company as _,
            ticket as _,
            seq,
            log.kind.key(),
            changes,
            log.note,
            log.from.unwrap_or_else(|| usual(&tx.ctx)) as _,
            actor.kind() as _,
            actor.uuid(),
            actor.name(),
            now,
        )
        .execute(&mut **tx)
        .await?;
        Ok(seq)
    }

    /// Writes the ticket: a new version, changed now.
    pub(crate) async fn save(&mut self, tx: &mut Tx) -> Result {
        let company = tx.ctx.company;
        self.version += 1;
        self.updated_at = tx.ctx.now();
        let terms = kernel::search::terms([self.title.as_str(), &self.number.to_string()]);
        sqlx::query!(
            "update tickets
            set title = $3, status = $4, status_before_delete = $5, priority = $6, category_id = $7, customer_id = $8, group_id = $9,
                agent_id = $10, cc = $11, last_seq = $12, message_count = $13, file_count = $14, version = $15, cycle = $16,
                urge_count = $17, urged_at = $18, updated_at = $19, waiting_since = $20, first_response_at = $21, solved_at = $22,
                closed_at = $23, deleted_at = $24, bigrams = $25, fields = $26
            where company_id = $1
            and id = $2",
            company as _,
            self.id as _,
            self.title,
            self.status as _,
            self.status_before_delete as _,
            self.priority as _,
            self.category_id as _,
            self.customer_id as _,
            self.group_id as _,
            self.agent_id as _,
            &self.cc,
            self.last_seq,
            self.message_count,
            self.file_count,
            self.version,
            self.cycle,
            self.urge_count,
            self.urged_at as _,
            self.updated_at,
            self.waiting_since as _,
            self.first_response_at as _,
            self.solved_at as _,
            self.closed_at as _,
            self.deleted_at as _,
            &terms,
            &self.fields as _,
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Records what follows from the difference to `before`: a new status, another group or agent.
    pub(crate) async fn record_difference(&self, tx: &mut Tx, before: &Held) -> Result {
        let ticket = self.id;
        if self.status != before.status {
            tx.record(Event::TicketStatusChanged { ticket, from: before.status.code(), to: self.status.code() }).await?;
        }
        if (self.group_id, self.agent_id) != (before.group_id, before.agent_id) {
            tx.record(Event::TicketAssigned { ticket, group: self.group_id, agent: self.agent_id }).await?;
        }
        Ok(())
    }

    /// The ticket as an audit entry names it.
    pub(crate) fn subject(&self) -> Subject {
        Subject::named("ticket", Some(self.id.0), format!("{} {}", self.number, self.title))
    }
}

/// Through what this actor's changes come. Customers write by mail, unless an application hands on what they said.
fn usual(ctx: &Ctx) -> LogFrom {
    match &ctx.actor {
        Actor::App { .. } => LogFrom::Api,
        Actor::Agent { .. } | Actor::Customer { .. } if ctx.request.through.is_some() => LogFrom::Api,
        Actor::Agent { .. } => LogFrom::Page,
        Actor::Customer { .. } => LogFrom::Mail,
        Actor::Rule { is_timed: false, .. } => LogFrom::FlowTrigger,
        Actor::Rule { is_timed: true, .. } => LogFrom::TimedTrigger,
        Actor::System => LogFrom::System,
    }
}

fn field_of(problem: Problem) -> &'static str {
    match problem {
        Problem::BadChoice | Problem::ActivateFirst => "status",
        _ => "",
    }
}

//! Reads of policies and clocks.

use crate::clock::{Clock, Life, Step, Terms, clocks};
use crate::model::{Policy, Target};
use crate::pick::{Asked, Passed};
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{PolicyId, TicketId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use routing::calendar::Calendar;
use serde::{Deserialize, Serialize};
use ticket::model::due::ClockState;
use ticket::model::{Property, StartType, Status};
use ticket::queries::case::{Case, What, history};

/// A policy that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Which.
    pub id: PolicyId,
    /// 名称.
    pub name: String,
    /// Its place: the first that fits is asked.
    pub position: i32,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// What it says.
    pub policy: Policy,
    /// Grows with every change.
    pub version: i32,
}

/// The policy a ticket has, as it was when it was chosen.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// Which of the ticket's policies, from 1.
    pub no: i32,
    /// Which policy.
    pub policy_id: PolicyId,
    /// Its name then.
    pub name: String,
    /// What it said then.
    pub policy: Policy,
    /// Name of the hours; empty for day and night.
    pub calendar_name: String,
    /// The hours then.
    pub calendar: Calendar,
    /// What was asked of the ticket then.
    pub asked: Asked,
    /// Since when.
    pub since: Stamp,
    /// Policies before it, which did not fit.
    pub passed: Vec<Passed>,
}

/// What was said of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub target: Target,
    pub no: i32,
    pub near: bool,
    pub over: bool,
}

/// A clock as it was kept last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Towards what.
    pub target: Target,
    /// Which of its kind.
    pub no: i32,
    /// How long it might run, in milliseconds.
    pub allowed_ms: i64,
    /// When its time was or is over.
    pub due_at: Option<Stamp>,
    /// How it stood.
    pub state: ClockState,
    /// When it came to its end.
    pub ended_at: Option<Stamp>,
    /// Whether it was said that it is nearly over.
    pub near_told: bool,
    /// Whether it was said that it is over.
    pub over_told: bool,
}

impl Known {
    /// The clock by the terms under which it came to its end.
    #[must_use]
    pub fn over(&self, clock: Clock) -> Clock {
        let allowed = jiff::SignedDuration::from_millis(self.allowed_ms);
        Clock { allowed, due_at: self.due_at, state: self.state, ended_at: self.ended_at, ..clock }
    }
}

/// Every policy in its order, for the list.
pub async fn list(ctx: &Ctx) -> Result<Vec<Kept>> {
    ctx.require(Permission::SlaManage)?;
    all(&mut ctx.read().await?).await
}

/// Every policy in its order. System: its caller has asked who may.
pub async fn all(tx: &mut Tx) -> Result<Vec<Kept>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: PolicyId", name, position, enabled, document, version
        from sla_policies
        where company_id = $1
        and deleted_at is null
        order by position, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let policy = serde_json::from_value(row.document).map_err(Error::internal)?;
            Ok(Kept { id: row.id, name: row.name, position: row.position, enabled: row.enabled, policy, version: row.version })
        })
        .collect()
}

/// One of them.
pub(crate) fn held(known: &[Kept], id: PolicyId) -> Result<Kept> {
    known.iter().find(|kept| kept.id == id).cloned().ok_or(Error::NotFound)
}

/// Whether the company has a policy, or a ticket that got one: without, nothing needs to be worked out.
pub async fn has(tx: &mut Tx) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from sla_policies where company_id = $1 and deleted_at is null and enabled)
            or exists (select from sla_clocks where company_id = $1) as "has!""#,
        company as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The policy that a ticket has; its caller has asked who may see the ticket.
pub async fn assigned(tx: &mut Tx, ticket: TicketId) -> Result<Option<Assigned>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select no, policy_id as "policy_id: PolicyId", policy_name, policy, calendar_name, calendar, asked, since, passed
        from ticket_slas
        where company_id = $1
        and ticket_id = $2
        and until is null"#,
        company as _,
        ticket as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Assigned {
            no: row.no,
            policy_id: row.policy_id,
            name: row.policy_name,
            policy: serde_json::from_value(row.policy).map_err(Error::internal)?,
            calendar_name: row.calendar_name,
            calendar: serde_json::from_value(row.calendar).map_err(Error::internal)?,
            asked: serde_json::from_value(row.asked).map_err(Error::internal)?,
            since: row.since,
            passed: serde_json::from_value(row.passed).map_err(Error::internal)?,
        })
    })
    .transpose()
}

/// Clocks of a ticket as they were kept last.
pub(crate) async fn known(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Known>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Known,
        r#"select target as "target: Target", no, allowed_ms, due_at, state as "state: ClockState", ended_at, near_told, over_told
        from sla_clocks
        where company_id = $1
        and ticket_id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The ticket's life as clocks see it.
pub async fn life(tx: &mut Tx, case: &Case) -> Result<Life> {
    let mut steps = Vec::new();
    let mut began_as = None;
    for happening in history(tx, case.id).await? {
        match happening.what {
            What::CustomerReplied => steps.push((happening.at, Step::CustomerWrote)),
            What::AgentReplied { to_customer: true } => steps.push((happening.at, Step::AgentReplied)),
            What::Changed { properties: changed, .. } => {
                for (_, from, to) in changed.iter().filter(|(property, _, _)| *property == Property::Status) {
                    began_as = began_as.or_else(|| Status::from_key(from));
                    steps.extend(Status::from_key(to).map(|status| (happening.at, Step::Became(status))));
                }
            }
            What::Created | What::AgentReplied { to_customer: false } | What::NearlyDue | What::Overdue | What::Else => {}
        }
    }
    Ok(Life {
        created_at: case.created_at,
        by_customer: case.starter == StartType::Customer,
        began_as: began_as.unwrap_or(case.status),
        steps,
    })
}

/// The clocks of one ticket as they stand now, for its page.
#[derive(Clone, Debug)]
pub struct TicketClocks {
    /// By which policy.
    pub policy: PolicyId,
    /// Its name when the ticket got it.
    pub name: String,
    /// Policies before it, which did not fit when it was chosen.
    pub passed: Vec<Passed>,
    /// Name of the hours; empty for day and night.
    pub calendar_name: String,
    /// In the order in which they began.
    pub clocks: Vec<Clock>,
    /// Now.
    pub now: Stamp,
}

/// The clocks of a ticket, worked out by the same function that the timer asks; nothing without a policy. Its caller has
/// asked who may see the ticket.
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<Option<TicketClocks>> {
    let Some(assigned) = assigned(tx, ticket).await? else { return Ok(None) };
    let case = ticket::queries::case::case(tx, ticket).await?;
    // In the recycle bin nobody waits.
    if case.status == Status::Deleted {
        return Ok(None);
    }
    let (life, now) = (life(tx, &case).await?, tx.ctx.now());
    let known = known(tx, ticket).await?;
    // What came to its end under terms of before is shown by those, as the report counts it.
    let as_kept = |clock: Clock| match known.iter().find(|known| (known.target, known.no) == (clock.target, clock.no)) {
        Some(known) if clock.ended_at.is_some() && known.ended_at.is_some() => known.over(clock),
        _ => clock,
    };
    let clocks = clocks(&life, assigned.terms(), now).into_iter().map(as_kept).collect();
    let Assigned { policy_id: policy, name, passed, calendar_name, .. } = assigned;
    Ok(Some(TicketClocks { policy, name, passed, calendar_name, clocks, now }))
}

impl Assigned {
    /// By what its clocks are measured.
    #[must_use]
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            goals: self.policy.goals(self.asked.priority),
            pauses: self.policy.pauses,
            near_percent: self.policy.near_percent,
            calendar: &self.calendar,
        }
    }
}

//! Reads of triggers, of what their conditions and actions can name, and of their runs.

use crate::evaluate::{Facts, Happened, Verdict};
use crate::field::{Field, Holds};
use crate::model::{Acted, Outcome, Rule, TriggerKind};
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{RunId, TicketId, TriggerId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use ticket::model::{Priority, Source, StartType, Status};

/// Runs of one page of the record.
pub const RUNS: i64 = 100;

/// 触发器 as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Which.
    pub id: TriggerId,
    /// 类型.
    pub kind: TriggerKind,
    /// 名称.
    pub name: String,
    /// 说明.
    pub description: String,
    /// Place among those of its kind.
    pub position: i32,
    /// Since when it is enabled.
    pub enabled_at: Option<Stamp>,
    /// The rule.
    pub rule: Rule,
    /// Grows with every change.
    pub version: i32,
    /// When it last changed.
    pub updated_at: Stamp,
}

/// Something that can be named in a rule: value and words.
pub type Choice = (String, String);

/// What conditions and actions can name, as value and words.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// 客服.
    pub agents: Vec<Choice>,
    /// 受理组.
    pub groups: Vec<Choice>,
    /// 分类, every level.
    pub categories: Vec<Choice>,
    /// 分类 that a ticket can take.
    pub leaves: Vec<String>,
    /// 邮箱.
    pub mailboxes: Vec<Choice>,
}

impl Choices {
    /// The rows of a field that holds one of a list; none when it holds words or a number.
    #[must_use]
    pub fn of(&self, field: Field, lang: Lang) -> Vec<Choice> {
        let own = |key: &str, label: &str| (key.to_owned(), label.to_owned());
        match field {
            Field::Status => Status::CHOICES.iter().map(|row| own(row.key(), row.label(lang))).collect(),
            Field::Priority => Priority::ALL.iter().map(|row| own(row.key(), row.label(lang))).collect(),
            Field::Source => Source::ALL.iter().map(|row| own(row.key(), row.label(lang))).collect(),
            Field::Starter => StartType::ALL.iter().map(|row| own(row.key(), row.label(lang))).collect(),
            Field::Category => self.categories.clone(),
            Field::Group => self.groups.clone(),
            Field::Agent => self.agents.clone(),
            Field::Mailbox => self.mailboxes.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether a condition on the field can name this value.
    #[must_use]
    pub fn has(&self, field: Field, value: &str) -> bool {
        matches!(field.holds(), Holds::Text | Holds::Number) || self.of(field, Lang::Zh).iter().any(|(known, _)| known == value)
    }
}

/// 运行记录: one look of a trigger at a ticket.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// The trigger.
    pub trigger: TriggerId,
    /// Its name then.
    pub trigger_name: String,
    /// The ticket.
    pub ticket: TicketId,
    /// 工单号.
    pub ticket_number: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// How many rules had acted before it in the same chain.
    pub hop: i16,
    /// Every condition with what it found.
    pub verdict: Verdict,
    /// What followed.
    pub effects: Vec<Acted>,
    /// When.
    pub created_at: Stamp,
}

/// The triggers of a company in their order.
pub async fn list(ctx: &Ctx) -> Result<Vec<Trigger>> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    all(&mut tx).await
}

/// One trigger.
pub async fn one(ctx: &Ctx, id: TriggerId) -> Result<Trigger> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    held(&mut tx, id).await
}

pub(crate) async fn held(tx: &mut Tx, id: TriggerId) -> Result<Trigger> {
    all(tx).await?.into_iter().find(|trigger| trigger.id == id).ok_or(Error::NotFound)
}

/// Those that are enabled, in order.
pub(crate) async fn enabled(tx: &mut Tx, kind: TriggerKind) -> Result<Vec<Trigger>> {
    let triggers = all(tx).await?;
    Ok(triggers.into_iter().filter(|trigger| trigger.kind == kind && trigger.enabled_at.is_some()).collect())
}

/// Whether any flow trigger is enabled: where there is none, no event costs a job. One that is enabled later has nothing to
/// do with what happened before.
pub async fn has_flow(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let has = sqlx::query_scalar!(
        r#"select exists (
            select from triggers
            where company_id = $1 and kind = $2 and deleted_at is null and enabled_at is not null
        ) as "has!""#,
        company as _,
        TriggerKind::Flow as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(has)
}

async fn all(tx: &mut Tx) -> Result<Vec<Trigger>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: TriggerId", kind as "kind: TriggerKind", name, description, position,
            enabled_at as "enabled_at: Stamp", rule, version, updated_at as "updated_at: Stamp"
        from triggers
        where company_id = $1
        and deleted_at is null
        order by kind, position, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Trigger {
                id: row.id,
                kind: row.kind,
                name: row.name,
                description: row.description,
                position: row.position,
                enabled_at: row.enabled_at,
                rule: serde_json::from_value(row.rule).map_err(Error::internal)?,
                version: row.version,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

/// What rules can name.
pub(crate) async fn choices(tx: &mut Tx) -> Result<Choices> {
    let agents = identity::queries::agent_options(tx).await?;
    let groups = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    let tree = ticket::queries::category::tree(tx).await?;
    let mailboxes = ticket::queries::mailboxes(tx).await?;
    Ok(Choices {
        agents: agents.into_iter().filter(|agent| agent.enabled).map(|agent| (agent.id.to_string(), agent.name)).collect(),
        groups: groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect(),
        leaves: tree.iter().filter(|category| category.is_leaf).map(|category| category.id.to_string()).collect(),
        categories: tree.into_iter().map(|category| (category.id.to_string(), category.path.replace('/', " / "))).collect(),
        mailboxes: mailboxes.into_iter().map(|(id, address)| (id.to_string(), address)).collect(),
    })
}

/// The ticket as conditions see it, with its number.
pub(crate) async fn facts(tx: &mut Tx, ticket: TicketId, happened: Option<Happened>) -> Result<(i64, Facts)> {
    let case = ticket::queries::case::case(tx, ticket).await?;
    let customer = customer::queries::card(tx, case.customer).await?;
    let score = satisfaction::queries::score(tx, ticket).await?;
    let facts = Facts {
        title: case.title,
        description: case.description,
        status: case.status,
        priority: case.priority,
        categories: case.categories,
        source: case.source,
        starter: case.starter,
        group: case.group,
        agent: case.agent,
        mailbox: case.mailbox,
        senders: customer.emails.iter().map(|address| address.trim().to_lowercase()).collect(),
        vip_level: customer.vip_level,
        created_at: case.created_at,
        updated_at: case.updated_at,
        waiting_since: case.waiting_since,
        urge_count: case.urge_count,
        cycle: case.cycle,
        score,
        happened,
    };
    Ok((case.number, facts))
}

/// The newest runs of a trigger.
pub async fn runs(ctx: &Ctx, trigger: TriggerId) -> Result<Vec<Run>> {
    ctx.require(Permission::TriggerManage)?;
    let mut tx = ctx.read().await?;
    let company = ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: RunId", trigger_id as "trigger: TriggerId", trigger_name, ticket_id as "ticket: TicketId", ticket_number,
            outcome as "outcome: Outcome", hop, verdict, effects, created_at as "created_at: Stamp"
        from trigger_runs
        where company_id = $1
        and trigger_id = $2
        order by created_at desc, id desc
        limit $3"#,
        company as _,
        trigger as _,
        RUNS,
    )
    .fetch_all(&mut *tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Run {
                id: row.id,
                trigger: row.trigger,
                trigger_name: row.trigger_name,
                ticket: row.ticket,
                ticket_number: row.ticket_number,
                outcome: row.outcome,
                hop: row.hop,
                verdict: serde_json::from_value(row.verdict).map_err(Error::internal)?,
                effects: serde_json::from_value(row.effects).map_err(Error::internal)?,
                created_at: row.created_at,
            })
        })
        .collect()
}

//! Reads of triggers, and of what their conditions and actions can name.

pub mod facts;
pub mod run;
pub mod trial;

use crate::field::{Aspect, Duty, Field, Holds, OwnField};
use crate::model::{Rule, TriggerKind};
use identity::model::GroupKind;
use kernel::answer::wrong;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use ticket::model::field::TicketField;
use ticket::model::{Priority, Source, StartType, Status};
use ui::form::own;

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

/// A subscription that an action can name, and whether it takes anything now.
#[derive(Clone, Debug)]
pub struct WebhookRow {
    /// Value and words.
    pub choice: Choice,
    /// 启用.
    pub is_on: bool,
}

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
    /// 工单模板.
    pub templates: Vec<Choice>,
    /// 消息转发.
    pub webhooks: Vec<WebhookRow>,
    /// 自定义字段 that are asked for, those that the reader may not see among them.
    pub own: Vec<TicketField>,
}

impl Choices {
    /// The rows of a field that holds one of a list; none when it holds words or a number.
    #[must_use]
    pub fn of(&self, aspect: Aspect, lang: Lang) -> Vec<Choice> {
        let field = match aspect {
            Aspect::Field(field) => field,
            Aspect::Own(own) => return self.own_field(own).map(|field| own::offered(&field.asked(), &[])).unwrap_or_default(),
        };
        match field {
            Field::Category => self.categories.clone(),
            Field::Group => self.groups.clone(),
            Field::Agent => self.agents.clone(),
            Field::Mailbox => self.mailboxes.clone(),
            Field::Template => self.templates.clone(),
            _ => coded(field, lang),
        }
    }

    /// Whether a condition on the field can name this value.
    #[must_use]
    pub fn has(&self, aspect: Aspect, value: &str) -> bool {
        match (aspect, aspect.holds()) {
            (Aspect::Own(own), _) => self.own_field(own).is_some_and(|field| wrong(&field.asked(), &[value.to_owned()], None).is_none()),
            (_, Holds::Text | Holds::Number) => true,
            _ => self.of(aspect, Lang::Zh).iter().any(|(known, _)| known == value),
        }
    }

    /// The own field, unless it is switched off.
    #[must_use]
    pub fn own_field(&self, own: OwnField) -> Option<&TicketField> {
        self.own.iter().find(|field| field.id == own.id && field.kind == own.kind)
    }
}

/// The rows of a field that holds one of a coded list, which is the same in every company.
#[must_use]
pub(crate) fn coded(field: Field, lang: Lang) -> Vec<Choice> {
    let row = |key: &str, label: &str| (key.to_owned(), label.to_owned());
    match field {
        Field::Status => Status::CHOICES.iter().map(|one| row(one.key(), one.label(lang))).collect(),
        Field::Priority => Priority::ALL.iter().map(|one| row(one.key(), one.label(lang))).collect(),
        Field::Source => Source::ALL.iter().map(|one| row(one.key(), one.label(lang))).collect(),
        Field::Starter => StartType::ALL.iter().map(|one| row(one.key(), one.label(lang))).collect(),
        Field::Duty => Duty::ALL.iter().map(|one| row(one.key(), one.label(lang))).collect(),
        _ => Vec::new(),
    }
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

/// Whether any trigger of the kind is enabled: where there is none, neither an event nor an hour costs a job. One that is
/// enabled later has nothing to do with what happened before.
pub async fn has(tx: &mut Tx, kind: TriggerKind) -> Result<bool> {
    let company = tx.ctx.company;
    let has = sqlx::query_scalar!(
        r#"select exists (
            select from triggers
            where company_id = $1 and kind = $2 and deleted_at is null and enabled_at is not null
        ) as "has!""#,
        company as _,
        kind as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(has)
}

pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Trigger>> {
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
    let templates = ticket::queries::template::all(tx).await?;
    let own = ticket::queries::field::all(tx).await?;
    let webhooks = webhook::queries::all(tx).await?;
    Ok(Choices {
        templates: templates.into_iter().map(|template| (template.id.to_string(), template.name)).collect(),
        webhooks: webhooks
            .into_iter()
            .map(|webhook| WebhookRow { choice: (webhook.id.to_string(), webhook.name), is_on: webhook.enabled })
            .collect(),
        own: own.into_iter().filter(|field| field.enabled).collect(),
        agents: agents.into_iter().filter(|agent| agent.enabled).map(|agent| (agent.id.to_string(), agent.name)).collect(),
        groups: groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect(),
        leaves: tree.iter().filter(|category| category.is_leaf).map(|category| category.id.to_string()).collect(),
        categories: tree.into_iter().map(|category| (category.id.to_string(), category.path.replace('/', " / "))).collect(),
        mailboxes: mailboxes.into_iter().map(|(id, address)| (id.to_string(), address)).collect(),
    })
}

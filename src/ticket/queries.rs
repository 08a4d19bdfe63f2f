//! Reads of tickets that other slices and several pages share. The list, the detail, search and views stand in
//! `queries/`.

pub(crate) mod before;
pub mod body;
pub mod case;
pub mod category;
pub(crate) mod condition;
pub mod count;
pub mod detail;
pub mod draft;
pub mod field;
pub mod form;
pub mod list;
pub mod numbered;
pub mod payload;
pub mod place;
pub mod search;
pub mod template;
pub mod timeline;

mod word;

use crate::model::quiet::Quiet;
use crate::model::reminder::ReminderSettings;
use crate::model::setting::TicketSettings;
use crate::model::{Priority, Source, Status};
use crate::scope;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, FileId, GroupId, MailboxId, MessageId, TicketId};
use kernel::permission::Permission;
use kernel::setting::InForce;
use kernel::store::{self, StoredFile};
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::QueryBuilder;

/// 工单概况: what other slices need to know of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
    /// 来源.
    pub source: Source,
    /// 分类.
    pub category_id: Option<CategoryId>,
    /// 客户.
    pub customer_id: CustomerId,
    /// 受理组.
    pub group_id: Option<GroupId>,
    /// 受理客服.
    pub agent_id: Option<AgentId>,
    /// The name customers see of that agent.
    pub agent_name: Option<String>,
    /// Grows with every activation.
    pub cycle: i32,
    /// By which mailbox replies go out.
    pub mailbox_id: Option<MailboxId>,
    /// When it was solved, unless it was opened again.
    pub solved_at: Option<Stamp>,
    /// When it was closed, unless it was opened again.
    pub closed_at: Option<Stamp>,
    /// When it came to be.
    pub created_at: Stamp,
}

/// What other slices need to know of a ticket; inside the caller's transaction, without asking who may see it.
pub async fn facts(tx: &mut Tx, ticket: TicketId) -> Result<TicketFacts> {
    let company = tx.ctx.company;
    sqlx::query_as!(
        TicketFacts,
        r#"select t.id as "id: TicketId", t.number, t.title, t.status as "status: Status", t.source as "source: Source",
            t.category_id as "category_id: CategoryId", t.customer_id as "customer_id: CustomerId",
            t.group_id as "group_id: GroupId", t.agent_id as "agent_id: AgentId", a.nickname as "agent_name?",
            t.cycle, t.mailbox_id as "mailbox_id: MailboxId", t.solved_at, t.closed_at, t.created_at
        from tickets t
        left join agents a on a.company_id = t.company_id and a.id = t.agent_id
        where t.company_id = $1
        and t.id = $2"#,
        company as _,
        ticket as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)
}

/// 当前值: what a ticket is now, beside what somebody with a stale copy wanted to save.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Current {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// The version to save against.
    pub version: i32,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 分类.
    pub category_id: Option<CategoryId>,
    /// Names of the category and those above it.
    pub category_path: Option<String>,
    /// 受理组.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// 受理客服.
    pub agent_id: Option<AgentId>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// 抄送.
    pub cc: Vec<String>,
    /// Last place of the ticket's order.
    pub last_seq: i32,
    /// When it last changed.
    pub updated_at: Stamp,
    /// Who changed it last.
    pub changed_by: Option<String>,
}

/// 近期工单: tickets that a customer created lately, to be looked at before another one is made.
#[derive(Clone, Debug)]
pub struct RecentTickets {
    /// Within how many hours.
    pub hours: i64,
    /// How many there are, whoever may see them.
    pub total: i64,
    /// Those the actor may see, newest first, at most five.
    pub tickets: Vec<RecentTicket>,
}

/// One of them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecentTicket {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
    /// When it came to be.
    pub created_at: Stamp,
}

/// Refuses a ticket that is not the actor's to see, with the same answer as for one that does not exist (S03).
pub async fn visible(tx: &mut Tx, ticket: TicketId) -> Result {
    let ctx = tx.ctx.clone();
    let mut query = QueryBuilder::new("select true from tickets t where t.company_id = ");
    query.push_bind(ctx.company).push(" and t.id = ").push_bind(ticket);
    scope::push(&mut query, &ctx);
    query.build_query_scalar::<bool>().fetch_optional(&mut **tx).await?.map(|_| ()).ok_or(Error::NotFound)
}

/// The ticket with this number, when the actor may see it.
pub async fn by_number(ctx: &Ctx, number: i64) -> Result<TicketId> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let mut query = QueryBuilder::new("select t.id from tickets t where t.company_id = ");
    query.push_bind(ctx.company).push(" and t.number = ").push_bind(number);
    scope::push(&mut query, ctx);
    query.build_query_scalar::<TicketId>().fetch_optional(&mut *tx).await?.ok_or(Error::NotFound)
}

/// What a ticket is now, for the comparison after `Problem::Stale`.
pub async fn current(ctx: &Ctx, ticket: TicketId) -> Result<Current> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.version, t.title, t.status, t.priority, t.category_id, c.path as category_path, t.group_id,
            g.name as group_name, t.agent_id, a.name as agent_name, t.cc, t.last_seq, t.updated_at,
            (
                select x.actor_name
                from ticket_changes x
                where x.company_id = t.company_id
                and x.ticket_id = t.id
                order by x.seq desc
                limit 1
            ) as changed_by
        from tickets t
        left join ticket_categories c on c.company_id = t.company_id and c.id = t.category_id
        left join groups g on g.company_id = t.company_id and g.id = t.group_id
        left join agents a on a.company_id = t.company_id and a.id = t.agent_id
        where t.company_id = ",
    );
    query.push_bind(ctx.company).push(" and t.id = ").push_bind(ticket);
    scope::push(&mut query, ctx);
    query.build_query_as::<Current>().fetch_optional(&mut *tx).await?.ok_or(Error::NotFound)
}

/// Tickets that this customer created within the hours of the settings. How many there are is told to everybody who may
/// create tickets; which ones only to those who may see them.
pub async fn recent_of_customer(ctx: &Ctx, customer: CustomerId) -> Result<RecentTickets> {
    ctx.require(Permission::TicketCreate)?;
    let mut tx = ctx.read().await?;
    let hours = settings(&mut tx).await?.value.recent_hours;
    let (company, since) = (ctx.company, ctx.now().minus(SignedDuration::from_hours(hours)));
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!"
        from tickets
        where company_id = $1
        and customer_id = $2
        and created_at > $3
        and status <> 98"#,
        company as _,
        customer as _,
        since,
    )
    .fetch_one(&mut *tx)
    .await?;
    let mut query = QueryBuilder::new("select t.id, t.number, t.title, t.status, t.created_at from tickets t where t.company_id = ");
    query.push_bind(company).push(" and t.customer_id = ").push_bind(customer);
    query.push(" and t.created_at > ").push_bind(since).push(" and t.status <> 98");
    scope::push(&mut query, ctx);
    query.push(" order by t.created_at desc limit 5");
    let tickets = query.build_query_as::<RecentTicket>().fetch_all(&mut *tx).await?;
    Ok(RecentTickets { hours, total, tickets })
}

/// 邮箱 that replies can go out by, with their addresses.
pub async fn mailboxes(tx: &mut Tx) -> Result<Vec<(MailboxId, String)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: MailboxId", address
        from mailboxes
        where company_id = $1
        and deleted_at is null
        and enabled
        order by address"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.address)).collect())
}

/// 个人提醒 of an agent; nothing is left out until they say so.
pub async fn quiet_of(tx: &mut Tx, agent: AgentId) -> Result<Quiet> {
    let company = tx.ctx.company;
    let document =
        sqlx::query_scalar!("select document from agent_reminders where company_id = $1 and agent_id = $2", company as _, agent as _,)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(document.map(serde_json::from_value).transpose().map_err(Error::internal)?.unwrap_or_default())
}

/// The reminder settings in force.
pub async fn reminders(tx: &mut Tx) -> Result<InForce<ReminderSettings>> {
    kernel::setting::in_force(tx).await
}

/// The settings of tickets in force.
pub async fn settings(tx: &mut Tx) -> Result<InForce<TicketSettings>> {
    kernel::setting::in_force::<TicketSettings>(tx).await
}

/// Until when replies of the ticket can still be taken back, when one can. System: what must not leave before them.
pub async fn held_until(tx: &mut Tx, ticket: TicketId) -> Result<Option<Stamp>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    Ok(sqlx::query_scalar!(
        "select max(hold_until)
        from ticket_messages
        where company_id = $1
        and ticket_id = $2
        and hold_until > $3
        and deleted_at is null",
        company as _,
        ticket as _,
        now,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// A file that the actor may read: of a ticket they may see, or of their own draft (S16).
pub async fn file_for(ctx: &Ctx, file: FileId) -> Result<StoredFile> {
    ctx.require(Permission::TicketView)?;
    let me = ctx.agent()?;
    let mut tx = ctx.read().await?;
    let found = store::find(&mut tx, file).await?;
    match (found.owner_kind.as_str(), found.owner_id) {
        ("picture", Some(owner)) if owner == me.0 => Ok(found),
        ("draft", Some(draft)) => {
            let company = ctx.company;
            // Only drafts of replies have files.
            let ticket = sqlx::query_scalar!(
                r#"select ticket_id as "ticket: TicketId" from ticket_drafts where company_id = $1 and id = $2 and agent_id = $3"#,
                company as _,
                draft,
                me as _,
            )
            .fetch_optional(&mut *tx)
            .await?
            .flatten()
            .ok_or(Error::NotFound)?;
            visible(&mut tx, ticket).await?;
            Ok(found)
        }
        ("ticket_message", Some(owner)) => {
            let (company, message) = (ctx.company, MessageId(owner));
            let ticket = sqlx::query_scalar!(
                r#"select ticket_id as "ticket: TicketId"
                from ticket_messages
                where company_id = $1
                and id = $2
                and deleted_at is null"#,
                company as _,
                message as _,
            )
            .fetch_optional(&mut *tx)
            .await?
            .ok_or(Error::NotFound)?;
            visible(&mut tx, ticket).await?;
            Ok(found)
        }
        _ => Err(Error::NotFound),
    }
}

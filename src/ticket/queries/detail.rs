//! 工单详情: one ticket with everything that happened to it.

use super::form::{self, CustomerForm};
use super::template::{self, Form};
use super::timeline::{self, MessageFile, Timeline};
use crate::model::{PRESENCE_SECONDS, Present, Priority, ReplyType, Source, StartType, Status};
use crate::scope;
use customer::queries::CustomerCard;
use jiff::SignedDuration;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MailboxId, TicketId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;
use sqlx::QueryBuilder;

/// 工单详情.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The ticket itself.
    pub ticket: Head,
    /// 自定义字段 that the reader may see.
    pub own: Form,
    /// 客户填写, when its template asks something of its customer.
    pub customer_form: Option<CustomerForm>,
    /// Its customer.
    pub customer: CustomerCard,
    /// What happened, oldest first.
    pub timeline: Timeline,
    /// 关注人.
    pub followers: Vec<Follower>,
    /// Whether the reader is among them.
    pub is_followed: bool,
    /// 关联工单 that the reader may see.
    pub links: Vec<Linked>,
    /// Who else has it open.
    pub presences: Vec<Present>,
    /// The reader's unsent reply.
    pub draft: Option<Draft>,
}

/// The ticket itself.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Head {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
    /// The status it gets back when it is restored.
    pub status_before_delete: Option<Status>,
    /// 优先级.
    pub priority: Priority,
    /// 来源.
    pub source: Source,
    /// 发起方.
    pub start_type: StartType,
    /// 分类.
    pub category_id: Option<CategoryId>,
    /// Names of the category and those above it.
    pub category_path: Option<String>,
    /// 客户.
    pub customer_id: CustomerId,
    /// 受理组.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: Option<String>,
    /// 受理客服.
    pub agent_id: Option<AgentId>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// By which mailbox replies go out.
    pub mailbox_id: Option<MailboxId>,
    /// Its address.
    pub mailbox_address: Option<String>,
    /// 抄送.
    pub cc: Vec<String>,
    /// What was filled in of own fields, also of those that the reader may not see.
    pub fields: Value,
    /// Who created it.
    pub creator_name: String,
    /// The ticket it may repeat.
    pub possible_duplicate_of: Option<TicketId>,
    /// That ticket's number.
    pub duplicate_number: Option<i64>,
    /// Last place of the order: what a reply's writer has seen.
    pub last_seq: i32,
    /// Messages that are not deleted.
    pub message_count: i32,
    /// 附件 in all its messages.
    pub file_count: i32,
    /// The version that an edit starts from.
    pub version: i32,
    /// Grows with every activation.
    pub cycle: i32,
    /// 催单 so far.
    pub urge_count: i32,
    /// The last one.
    pub urged_at: Option<Stamp>,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// Since when the customer waits for us.
    pub waiting_since: Option<Stamp>,
    /// First reply to everyone.
    pub first_response_at: Option<Stamp>,
    /// When it was solved, unless it was opened again.
    pub solved_at: Option<Stamp>,
    /// When it was closed, unless it was opened again.
    pub closed_at: Option<Stamp>,
    /// When it went into the recycle bin.
    pub deleted_at: Option<Stamp>,
}

/// 关注人.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    /// Who.
    pub agent: AgentId,
    /// The agent's name.
    pub name: String,
}

/// 关联工单.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Linked {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 状态.
    pub status: Status,
}

/// 草稿.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What was typed, as HTML.
    pub html: String,
    /// The same as plain text, for a form without an editor.
    pub text: String,
    /// Who shall see it.
    pub reply_type: ReplyType,
    /// What its writer had seen then.
    pub seen_seq: i32,
    /// When it was kept.
    pub updated_at: Stamp,
    /// Files that came back with a reply that was taken back.
    pub files: Vec<MessageFile>,
}

/// One ticket with everything that happened to it.
pub async fn detail(ctx: &Ctx, ticket: TicketId) -> Result<Detail> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let head = head(&mut tx, ticket).await?;
    let customer = customer::queries::card(&mut tx, head.customer_id).await?;
    let timeline = timeline::page_of(&mut tx, ticket, None).await?;
    let followers = followers(&mut tx, ticket).await?;
    let me = ctx.actor.agent();
    let own = template::form(&mut tx, head.category_id).await?;
    Ok(Detail {
        customer_form: form::of_ticket(&mut tx, &head, &own).await?,
        own,
        customer,
        timeline,
        is_followed: followers.iter().any(|follower| Some(follower.agent) == me),
        followers,
        links: links(&mut tx, ticket).await?,
        presences: presences(&mut tx, ticket).await?,
        draft: draft(&mut tx, ticket).await?,
        ticket: head,
    })
}

/// Who else has the ticket open; inside a transaction that asked who may.
pub async fn presences(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Present>> {
    let (company, me) = (tx.ctx.company, tx.ctx.actor.agent());
    let fresh = tx.ctx.now().minus(SignedDuration::from_secs(PRESENCE_SECONDS));
    Ok(sqlx::query_as!(
        Present,
        r#"select p.agent_id as "agent: AgentId", a.name, p.typing
        from ticket_presences p
        join agents a on a.company_id = p.company_id and a.id = p.agent_id
        where p.company_id = $1
        and p.ticket_id = $2
        and p.seen_at >= $3
        and p.agent_id is distinct from $4
        order by a.name"#,
        company as _,
        ticket as _,
        fresh,
        me as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn head(tx: &mut Tx, ticket: TicketId) -> Result<Head> {
    let ctx = tx.ctx.clone();
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.title, t.status, t.status_before_delete, t.priority, t.source, t.start_type, t.category_id,
            c.path as category_path, t.customer_id, t.group_id, g.name as group_name, t.agent_id, a.name as agent_name, t.mailbox_id,
            b.address as mailbox_address, t.cc, t.fields, t.creator_name, t.possible_duplicate_of, d.number as duplicate_number, t.last_seq,
            t.message_count, t.file_count, t.version, t.cycle, t.urge_count, t.urged_at, t.created_at, t.updated_at, t.waiting_since,
            t.first_response_at, t.solved_at, t.closed_at, t.deleted_at
        from tickets t
        left join ticket_categories c on c.company_id = t.company_id and c.id = t.category_id
        left join groups g on g.company_id = t.company_id and g.id = t.group_id
        left join agents a on a.company_id = t.company_id and a.id = t.agent_id
        left join mailboxes b on b.company_id = t.company_id and b.id = t.mailbox_id
        left join tickets d on d.company_id = t.company_id and d.id = t.possible_duplicate_of
        where t.company_id = ",
    );
    query.push_bind(ctx.company).push(" and t.id = ").push_bind(ticket);
    scope::push(&mut query, &ctx);
    query.build_query_as::<Head>().fetch_optional(&mut **tx).await?.ok_or(Error::NotFound)
}

async fn followers(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Follower>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Follower,
        r#"select f.agent_id as "agent: AgentId", a.name
        from ticket_followers f
        join agents a on a.company_id = f.company_id and a.id = f.agent_id
        where f.company_id = $1
        and f.ticket_id = $2
        order by a.name
        limit 100"#,
        company as _,
        ticket as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn links(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Linked>> {
    let ctx = tx.ctx.clone();
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.title, t.status
        from ticket_links l
        join tickets t on t.company_id = l.company_id and t.id = l.other_id
        where l.company_id = ",
    );
    query.push_bind(ctx.company).push(" and l.ticket_id = ").push_bind(ticket);
    scope::push(&mut query, &ctx);
    query.push(" order by t.number limit 20");
    Ok(query.build_query_as::<Linked>().fetch_all(&mut **tx).await?)
}

async fn draft(tx: &mut Tx, ticket: TicketId) -> Result<Option<Draft>> {
    let (company, Some(me)) = (tx.ctx.company, tx.ctx.actor.agent()) else { return Ok(None) };
    let row = sqlx::query!(
        r#"select id, html, reply_type as "reply_type: ReplyType", seen_seq, updated_at
        from ticket_drafts
        where company_id = $1
        and ticket_id = $2
        and agent_id = $3"#,
        company as _,
        ticket as _,
        me as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let stored = kernel::store::of_owner(tx, crate::commands::draft::owner(row.id)).await?;
    let file = |file: kernel::store::StoredFile| MessageFile { id: file.id, name: file.name, media_type: file.media_type, size: file.size };
    Ok(Some(Draft {
        text: rich::to_text(&row.html),
        html: rich::clean(&row.html),
        reply_type: row.reply_type,
        seen_seq: row.seen_seq,
        updated_at: row.updated_at,
        files: stored.into_iter().map(file).collect(),
    }))
}

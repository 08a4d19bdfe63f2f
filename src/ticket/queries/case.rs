//! 案情: a ticket as rules see it, and what happened to it, in the ticket's order. For reactions, inside a transaction of
//! the program itself: nobody's scope is asked.

use super::before::sent;
use crate::model::{ChangeKind, Changes, Priority, Property, ReplyType, Source, StartType, Status};
use kernel::actor::ActorKind;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MailboxId, TicketFieldId, TicketId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;

/// Occasions that are read at once; what is more comes the next time.
const MOST: i64 = 200;
/// Occasions of several tickets that are read at once.
const MOST_OF_ALL: i64 = 50_000;
/// 未关闭: the states in which rules look by the clock.
const UNCLOSED: [i16; 4] = [Status::NotAccepted.code(), Status::InProgress.code(), Status::WaitingReply.code(), Status::Solved.code()];

/// A ticket as rules see it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 描述, as text.
    pub description: String,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 分类 and those above it.
    pub categories: Vec<CategoryId>,
    /// 来源.
    pub source: Source,
    /// 发起方.
    pub starter: StartType,
    /// 客户.
    pub customer: CustomerId,
    /// 受理组.
    pub group: Option<GroupId>,
    /// 受理客服.
    pub agent: Option<AgentId>,
    /// The mailbox it came to.
    pub mailbox: Option<MailboxId>,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// Since when it has its status.
    pub status_since: Stamp,
    /// Since when the customer waits for us.
    pub waiting_since: Option<Stamp>,
    /// 催单 so far.
    pub urge_count: i32,
    /// Grows with every activation, from 1.
    pub cycle: i32,
    /// What was filled in of own fields.
    pub fields: Value,
}

/// 动静: one thing that happened to a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Its place in the ticket's order.
    pub seq: i32,
    /// When.
    pub at: Stamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It came to be.
    Created,
    /// Properties or own fields changed; nothing of either when it was urged.
    Changed {
        /// Each with what it was and what it became, as forms send them.
        properties: Vec<(Property, String, String)>,
        /// The same of own fields, of which several values can be chosen.
        fields: Vec<(TicketFieldId, Vec<String>, Vec<String>)>,
    },
    /// The customer wrote.
    CustomerReplied,
    /// An agent wrote.
    AgentReplied {
        /// To everyone; else to agents alone.
        to_customer: bool,
    },
    /// A clock of it was nearly over.
    NearlyDue,
    /// A clock of it was over.
    Overdue,
    /// Something that no rule waits for.
    Else,
}

/// The ticket as it stands.
pub async fn case(tx: &mut Tx, ticket: TicketId) -> Result<Case> {
    cases(tx, &[ticket]).await?.pop().ok_or(Error::NotFound)
}

/// These tickets as they stand, by id.
pub async fn cases(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<Case>> {
    let (company, ids) = (tx.ctx.company, tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>());
    Ok(sqlx::query_as!(
        Case,
        r#"select t.id as "id: TicketId", t.number, t.title, t.status as "status: Status", t.priority as "priority: Priority",
            t.source as "source: Source", t.start_type as "starter: StartType", t.customer_id as "customer: CustomerId",
            t.group_id as "group: GroupId", t.agent_id as "agent: AgentId", t.mailbox_id as "mailbox: MailboxId",
            t.created_at as "created_at: Stamp", t.updated_at as "updated_at: Stamp", t.waiting_since as "waiting_since: Stamp",
            t.urge_count, t.cycle, t.fields,
            coalesce((
                select left(m.text, 10000)
                from ticket_messages m
                where m.company_id = t.company_id and m.ticket_id = t.id and m.seq = 1
            ), '') as "description!",
            coalesce((
                select max(c.created_at)
                from ticket_changes c
                where c.company_id = t.company_id and c.ticket_id = t.id and c.changes -> 'set' ? 'status'
            ), t.created_at) as "status_since!: Stamp",
            array(
                select above.id
                from ticket_categories c
                join ticket_categories above on above.company_id = c.company_id and (above.id = c.id or starts_with(c.path, above.path || '/'))
                where c.company_id = t.company_id and c.id = t.category_id
                order by above.level desc
            ) as "categories!: Vec<CategoryId>"
        from tickets t
        where t.company_id = $1
        and t.id = any($2)
        order by t.id"#,
        company as _,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Every ticket that is neither closed nor deleted, by id.
pub async fn unclosed(tx: &mut Tx) -> Result<Vec<TicketId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select id as "id: TicketId"
        from tickets
        where company_id = $1
        and status = any($2)
        order by id"#,
        company as _,
        &UNCLOSED,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Tickets that changed since then, the newest first; not those in the recycle bin.
pub async fn changed_since(tx: &mut Tx, since: Stamp, most: i64) -> Result<Vec<TicketId>> {
    let company = tx.ctx.company;
    // The number of the recycle bin is written out, as in the index that serves this.
    Ok(sqlx::query_scalar!(
        r#"select id as "id: TicketId"
        from tickets
        where company_id = $1
        and updated_at >= $2
        and status <> 98
        order by updated_at desc, id desc
        limit $3"#,
        company as _,
        since,
        most,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What happened to the ticket after this place of its order, oldest first.
pub async fn happenings(tx: &mut Tx, ticket: TicketId, after: i32) -> Result<Vec<Happening>> {
    let found = happened(tx, &[ticket], after, None, MOST).await?;
    Ok(found.into_iter().map(|(_, happening)| happening).collect())
}

/// Everything that happened to the ticket, oldest first.
pub async fn history(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Happening>> {
    let found = happened(tx, &[ticket], 0, None, MOST_OF_ALL).await?;
    Ok(found.into_iter().map(|(_, happening)| happening).collect())
}

/// What happened to these tickets since then: by ticket, oldest first.
pub async fn happenings_since(tx: &mut Tx, tickets: &[TicketId], since: Stamp) -> Result<Vec<(TicketId, Happening)>> {
    happened(tx, tickets, 0, Some(since), MOST_OF_ALL).await
}

async fn happened(tx: &mut Tx, tickets: &[TicketId], after: i32, since: Option<Stamp>, most: i64) -> Result<Vec<(TicketId, Happening)>> {
    let (company, ids) = (tx.ctx.company, tickets.iter().map(|ticket| ticket.0).collect::<Vec<_>>());
    let rows = sqlx::query!(
        r#"select ticket_id as "ticket!: TicketId", seq as "seq!", created_at as "at!: Stamp", kind, changes,
            author_kind as "author_kind: ActorKind", reply_type as "reply_type: ReplyType"
        from (
            select c.ticket_id, c.seq, c.created_at, c.kind, c.changes, null::smallint as author_kind, null::smallint as reply_type
            from ticket_changes c
            where c.company_id = $1 and c.ticket_id = any($2) and c.seq > $3
            union all
            select m.ticket_id, m.seq, m.created_at, null, null, m.author_kind, m.reply_type
            from ticket_messages m
            where m.company_id = $1 and m.ticket_id = any($2) and m.seq > $3
        ) happened
        where $4::timestamptz is null or created_at >= $4
        order by ticket_id, seq
        limit $5"#,
        company as _,
        &ids,
        after,
        since as _,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let what = match (row.kind.as_deref().and_then(ChangeKind::from_key), row.author_kind) {
                (Some(ChangeKind::Created), _) => What::Created,
                // It changes no property that a history shows, and is what rules wait for.
                (Some(ChangeKind::Urged), _) => What::Changed { properties: Vec::new(), fields: Vec::new() },
                (Some(ChangeKind::NearlyDue), _) => What::NearlyDue,
                (Some(ChangeKind::Overdue), _) => What::Overdue,
                (Some(_), _) => changed(row.changes)?,
                // The description came with the ticket.
                (None, _) if row.seq == 1 => What::Else,
                (None, Some(ActorKind::Customer)) => What::CustomerReplied,
                (None, Some(ActorKind::Agent)) => What::AgentReplied { to_customer: row.reply_type == Some(ReplyType::Everyone) },
                _ => What::Else,
            };
            Ok((row.ticket, Happening { seq: row.seq, at: row.at, what }))
        })
        .collect()
}

fn changed(changes: Option<serde_json::Value>) -> Result<What> {
    let changes: Changes = serde_json::from_value(changes.unwrap_or_default()).map_err(Error::internal)?;
    if changes.is_empty() {
        return Ok(What::Else);
    }
    Ok(What::Changed {
        properties: changes.set.into_iter().map(|(property, changed)| (property, sent(changed.from), sent(changed.to))).collect(),
        fields: changes.fields.into_iter().map(|(field, changed)| (field, changed.from, changed.to)).collect(),
    })
}

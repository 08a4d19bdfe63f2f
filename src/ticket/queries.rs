//! Reads of tickets that other slices and several pages share. The list, the detail, search and views stand in
//! `queries/`.

use crate::model::{Source, Status};
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MailboxId, TicketId};
use kernel::time::Stamp;
use kernel::tx::Tx;

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

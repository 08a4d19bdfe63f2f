//! 工单列表 as the open platform asks for it: by points in time and codes, page by page, by number.

use crate::model::{Priority, Source, StartType, Status};
use crate::scope;
use kernel::api::range::Window;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, TicketId};
use kernel::permission::Permission;
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::{Postgres, QueryBuilder};

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// One ticket.
    pub ticket: Option<TicketId>,
    /// 工单号.
    pub number: Option<i64>,
    /// When they were created.
    pub created: Window,
    /// When they last changed.
    pub updated: Window,
    /// 状态; all but deleted ones when nothing is said.
    pub status: Option<Status>,
    /// 优先级.
    pub priority: Option<Priority>,
    /// 分类, this one alone.
    pub category: Option<CategoryId>,
    /// 受理组.
    pub group: Option<GroupId>,
    /// 受理客服.
    pub agent: Option<AgentId>,
    /// 客户.
    pub customer: Option<CustomerId>,
}

/// One ticket of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Numbered {
    /// Which.
    pub id: TicketId,
    /// 工单号.
    pub number: i64,
    /// 标题.
    pub title: String,
    /// 描述, as text.
    pub text: String,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 来源.
    pub source: Source,
    /// 发起方.
    pub start_type: StartType,
    /// Who created it.
    pub creator_id: Option<uuid::Uuid>,
    /// The name of who created it.
    pub creator_name: String,
    /// 分类.
    pub category_id: Option<CategoryId>,
    /// Names of the category and those above it, joined by `/`.
    pub category_path: String,
    /// 受理组.
    pub group_id: Option<GroupId>,
    /// Its name.
    pub group_name: String,
    /// 受理客服.
    pub agent_id: Option<AgentId>,
    /// The agent's name.
    pub agent_name: String,
    /// 客户.
    pub customer_id: CustomerId,
    /// The customer's nickname.
    pub nickname: String,
    /// The customer's full name.
    pub customer_name: String,
    /// 对接ID of the customer.
    pub partner_id: Option<String>,
    /// The customer's telephone numbers.
    pub phones: Vec<String>,
    /// The customer's e-mail addresses.
    pub emails: Vec<String>,
    /// 催单 so far.
    pub urge_count: i32,
    /// When it came to be.
    pub created_at: Stamp,
    /// When it last changed.
    pub updated_at: Stamp,
    /// First reply to everyone.
    pub first_response_at: Option<Stamp>,
    /// When it was solved, unless it was opened again.
    pub solved_at: Option<Stamp>,
    /// When it was closed, unless it was opened again.
    pub closed_at: Option<Stamp>,
}

/// Tickets that the actor may see, last created first: at most `most` of them after `before`, and how many there are.
pub async fn tickets(ctx: &Ctx, narrow: &Narrow, (before, most): (i64, i64)) -> Result<(Vec<Numbered>, i64)> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let mut count = QueryBuilder::new("select count(*) from tickets t");
    push(&mut count, ctx, narrow);
    let total: i64 = count.build_query_scalar().fetch_one(&mut *tx).await?;
    let rows = rows(&mut tx, narrow, (before, most)).await?;
    Ok((rows, total))
}

async fn rows(tx: &mut Tx, narrow: &Narrow, (before, most): (i64, i64)) -> Result<Vec<Numbered>> {
    let ctx = tx.ctx.clone();
    // Few tickets are picked first, and only those get their names.
    let mut query = QueryBuilder::new(
        "select t.id, t.number, t.title, coalesce(m.text, '') as text, t.status, t.priority, t.source, t.start_type, t.creator_id,
            t.creator_name, t.category_id, coalesce(c.path, '') as category_path, t.group_id, coalesce(g.name, '') as group_name, t.agent_id,
            coalesce(a.name, '') as agent_name, t.customer_id, k.nickname, k.name as customer_name, k.partner_id,
            array(
                select o.value from customer_contacts o
                where o.company_id = k.company_id and o.customer_id = k.id and o.kind = 0
                order by o.position
            ) as phones,
            array(
                select o.value from customer_contacts o
                where o.company_id = k.company_id and o.customer_id = k.id and o.kind = 1
                order by o.position
            ) as emails,
            t.urge_count, t.created_at, t.updated_at, t.first_response_at, t.solved_at, t.closed_at
        from (select t.* from tickets t",
    );
    push(&mut query, &ctx, narrow);
    query.push(" order by t.created_at desc, t.id desc offset ").push_bind(before).push(" limit ").push_bind(most);
    query.push(
        ") t
        join customers k on k.company_id = t.company_id and k.id = t.customer_id
        left join ticket_messages m on m.company_id = t.company_id and m.ticket_id = t.id and m.seq = 1 and m.deleted_at is null
        left join ticket_categories c on c.company_id = t.company_id and c.id = t.category_id
        left join groups g on g.company_id = t.company_id and g.id = t.group_id
        left join agents a on a.company_id = t.company_id and a.id = t.agent_id
        order by t.created_at desc, t.id desc",
    );
    Ok(query.build_query_as::<Numbered>().fetch_all(&mut **tx).await?)
}

fn push(query: &mut QueryBuilder<Postgres>, ctx: &Ctx, narrow: &Narrow) {
    query.push(" where t.company_id = ").push_bind(ctx.company);
    match narrow.status {
        Some(status) => query.push(" and t.status = ").push_bind(status),
        None => query.push(" and t.status <> ").push_bind(Status::Deleted),
    };
    if let Some(ticket) = narrow.ticket {
        query.push(" and t.id = ").push_bind(ticket);
    }
    if let Some(number) = narrow.number {
        query.push(" and t.number = ").push_bind(number);
    }
    for (words, at) in [
        (" and t.created_at >= ", narrow.created.from),
        (" and t.created_at < ", narrow.created.until),
        (" and t.updated_at >= ", narrow.updated.from),
        (" and t.updated_at < ", narrow.updated.until),
    ] {
        if let Some(at) = at {
            query.push(words).push_bind(at);
        }
    }
    if let Some(priority) = narrow.priority {
        query.push(" and t.priority = ").push_bind(priority);
    }
    if let Some(category) = narrow.category {
        query.push(" and t.category_id = ").push_bind(category);
    }
    if let Some(group) = narrow.group {
        query.push(" and t.group_id = ").push_bind(group);
    }
    if let Some(agent) = narrow.agent {
        query.push(" and t.agent_id = ").push_bind(agent);
    }
    if let Some(customer) = narrow.customer {
        query.push(" and t.customer_id = ").push_bind(customer);
    }
    scope::push(query, ctx);
}

/// The last place of the ticket's order at this second, by which whoever read it then has seen what there was.
pub async fn seen_at(ctx: &Ctx, ticket: TicketId, at: Stamp) -> Result<i32> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_scalar!(
        r#"select coalesce(max(seq), 0) as "seq!"
        from (
            select c.seq, c.created_at from ticket_changes c where c.company_id = $1 and c.ticket_id = $2
            union all
            select m.seq, m.created_at from ticket_messages m where m.company_id = $1 and m.ticket_id = $2
        ) happened
        where date_trunc('second', created_at) <= $3"#,
        ctx.company as _,
        ticket as _,
        at,
    )
    .fetch_one(&mut *tx)
    .await?)
}

//! 工单报文: a ticket as other systems get it. Ids are stable, coded values are the words that stand in addresses and files,
//! times are RFC 3339 in UTC.

use super::case::case;
use crate::model::{Priority, ReplyType, Source, Status};
use kernel::actor::ActorKind;
use kernel::error::Result;
use kernel::id::{AgentId, CategoryId, CustomerId, GroupId, MessageId, TicketId};
use kernel::tx::Tx;
use serde::Serialize;
use serde_json::Value;

/// 工单.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketPayload {
    /// Which.
    pub id: TicketId,
    /// 工单号, as text: it is longer than what JavaScript counts exactly.
    pub number: String,
    /// 标题.
    pub title: String,
    /// 描述, as text.
    pub description: String,
    /// 状态.
    pub status: Status,
    /// 优先级.
    pub priority: Priority,
    /// 来源.
    pub source: Source,
    /// 分类.
    pub category: Option<Named<CategoryId>>,
    /// 受理组.
    pub group: Option<Named<GroupId>>,
    /// 受理客服.
    pub agent: Option<Named<AgentId>>,
    /// 客户.
    pub customer: CustomerPayload,
    /// 自定义字段 by their ids, as they are kept.
    pub fields: Value,
    /// 催单 so far.
    pub urge_count: i32,
    /// When it came to be.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// Where people see it.
    pub url: String,
}

/// Something with a name.
#[derive(Clone, Debug, Serialize)]
pub struct Named<I> {
    /// Which.
    pub id: I,
    /// What it is called; of categories the names from the root, joined by `/`.
    pub name: String,
}

/// 客户.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerPayload {
    /// Which.
    pub id: CustomerId,
    /// 昵称.
    pub nickname: String,
    /// 姓名.
    pub name: String,
    /// 对接ID.
    pub partner_id: Option<String>,
    /// VIP等级; 0 for nobody special.
    pub vip_level: i16,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Phone numbers.
    pub phones: Vec<String>,
}

/// 工单回复.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagePayload {
    /// Which.
    pub id: MessageId,
    /// Who sees it.
    pub visibility: ReplyType,
    /// Who wrote it: a customer, an agent, a rule.
    pub author_kind: ActorKind,
    /// Their name.
    pub author: String,
    /// What was written, as text.
    pub text: String,
    /// When.
    pub created_at: String,
}

/// The ticket as it stands. System: whoever set the forwarding up was asked.
pub async fn ticket(tx: &mut Tx, ticket: TicketId) -> Result<TicketPayload> {
    let case = case(tx, ticket).await?;
    let customer = customer::queries::card(tx, case.customer).await?;
    let category = match case.categories.first() {
        Some(id) => super::category::tree(tx).await?.into_iter().find(|known| known.id == *id),
        None => None,
    };
    let group = match case.group {
        Some(id) => Some(Named { id, name: identity::queries::group_name(tx, id).await? }),
        None => None,
    };
    let agent = match case.agent {
        Some(id) => Some(Named { id, name: identity::queries::name_of(tx, id).await? }),
        None => None,
    };
    Ok(TicketPayload {
        id: case.id,
        number: case.number.to_string(),
        title: case.title,
        description: case.description,
        status: case.status,
        priority: case.priority,
        source: case.source,
        category: category.map(|category| Named { id: category.id, name: category.path }),
        group,
        agent,
        customer: CustomerPayload {
            id: customer.id,
            nickname: customer.nickname,
            name: customer.name,
            partner_id: customer.partner_id,
            vip_level: customer.vip_level,
            emails: customer.emails,
            phones: customer.phones,
        },
        fields: case.fields,
        urge_count: case.urge_count,
        created_at: case.created_at.machine(),
        updated_at: case.updated_at.machine(),
        url: tx.ctx.app.config.link(&format!("/tickets/{ticket}")),
    })
}

/// A message of it; nothing when it was taken back.
pub async fn message(tx: &mut Tx, ticket: TicketId, message: MessageId) -> Result<Option<MessagePayload>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select reply_type as "visibility: ReplyType", author_kind as "author_kind: ActorKind", author_name, text, created_at
        from ticket_messages
        where company_id = $1
        and ticket_id = $2
        and id = $3
        and deleted_at is null"#,
        company as _,
        ticket as _,
        message as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| MessagePayload {
        id: message,
        visibility: row.visibility,
        author_kind: row.author_kind,
        author: row.author_name,
        text: row.text,
        created_at: row.created_at.machine(),
    }))
}

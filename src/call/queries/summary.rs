//! 服务小结 as pages show it.

use crate::model::summary::SummaryStatus;
use kernel::error::Result;
use kernel::id::{CallId, CategoryId, UnitId};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde_json::Value;

/// 服务小结: one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// 1 is the first.
    pub version: i32,
    /// 业务单元.
    pub unit: Option<UnitId>,
    /// Its name when the summary was written.
    pub unit_name: String,
    /// 问题类型.
    pub category: Option<CategoryId>,
    /// Its present path.
    pub category_path: Option<String>,
    /// 处理状态.
    pub status: SummaryStatus,
    /// 备注.
    pub remark: String,
    /// 自定义字段: id of the field → what was filled in.
    pub fields: Value,
    /// Who wrote it.
    pub agent_name: String,
    /// When.
    pub created_at: Stamp,
}

/// Every version of a call's summary, the one that holds first; whoever asks has made sure that the actor sees the call.
pub async fn versions(tx: &mut Tx, call: CallId) -> Result<Vec<Summary>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Summary,
        r#"select s.version, s.unit_id as "unit: UnitId", s.unit_name, s.category_id as "category: CategoryId", c.path as "category_path?",
            s.status as "status: SummaryStatus", s.remark, s.fields, s.agent_name, s.created_at
        from call_summaries s
        left join ticket_categories c on c.company_id = s.company_id and c.id = s.category_id
        where s.company_id = $1
        and s.call_id = $2
        order by s.version desc"#,
        company as _,
        call as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

//! 归属: under whom people stand at this moment, for facts that keep it from then on (C2).

use kernel::error::Result;
use kernel::id::{AgentId, DepartmentId, GroupId, UnitId};
use kernel::tx::Tx;

/// 归属 of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub agent: AgentId,
    /// Full name.
    pub name: String,
    /// 部门.
    pub department: Option<DepartmentId>,
    /// 业务单元.
    pub unit: Option<UnitId>,
}

/// Where these agents stand; those that the company does not have are left out. An account that was deleted keeps its place:
/// what happened before is told later.
pub async fn places(tx: &mut Tx, agents: &[AgentId]) -> Result<Vec<Place>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Place,
        r#"select id as "agent: AgentId", name, department_id as "department: DepartmentId", unit_id as "unit: UnitId"
        from agents
        where company_id = $1
        and id = any ($2)"#,
        company as _,
        agents as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Which of these groups the company has, or had.
pub async fn groups_among(tx: &mut Tx, groups: &[GroupId]) -> Result<Vec<GroupId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select id as "id: GroupId" from groups where company_id = $1 and id = any ($2)"#,
        company as _,
        groups as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

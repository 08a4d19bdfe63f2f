//! 公司: its facts, units, departments, and the state of the installation before the first visit.

use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{CompanyId, DepartmentId, UnitId};
use kernel::permission::Permission;
use kernel::tx::Tx;

/// 公司.
#[derive(Clone, Debug)]
pub struct Company {
    /// Name.
    pub name: String,
    /// IANA name of the zone.
    pub time_zone: String,
    /// `zh` or `en`.
    pub lang: String,
}

/// 业务单元, with how many agents belong to it.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Which.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// Agents that are not deleted.
    pub agents: i64,
}

/// 部门, with how many agents belong to it.
#[derive(Clone, Debug)]
pub struct Department {
    /// Which.
    pub id: DepartmentId,
    /// Name.
    pub name: String,
    /// The department above.
    pub parent: Option<DepartmentId>,
    /// Agents that are not deleted.
    pub agents: i64,
}

/// What the first visit finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Whether a company that is no demo exists.
    pub has_company: bool,
    /// The demo, when it is loaded.
    pub demo: Option<CompanyId>,
    /// Whether the one-time code of the start-up log is asked for.
    pub needs_code: bool,
}

/// Facts of the own company.
pub async fn company(ctx: &Ctx) -> Result<Company> {
    ctx.require(Permission::CompanySettings)?;
    facts(&mut ctx.read().await?).await
}

pub(crate) async fn facts(tx: &mut Tx) -> Result<Company> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(Company, "select name, time_zone, lang from companies where company_id = $1", company as _)
        .fetch_one(&mut **tx)
        .await?)
}

/// Business units by name.
pub async fn units(tx: &mut Tx) -> Result<Vec<Unit>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Unit,
        r#"select u.id as "id: UnitId", u.name, count(a.id) as "agents!"
        from units u
        left join agents a on a.company_id = u.company_id and a.unit_id = u.id
        where u.company_id = $1
        group by u.company_id, u.id
        order by u.name, u.id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Departments by name; the tree is in `parent`.
pub async fn departments(tx: &mut Tx) -> Result<Vec<Department>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        Department,
        r#"select d.id as "id: DepartmentId", d.name, d.parent_id as "parent: DepartmentId", count(a.id) as "agents!"
        from departments d
        left join agents a on a.company_id = d.company_id and a.department_id = d.id
        where d.company_id = $1
        group by d.company_id, d.id
        order by d.name, d.id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Public: what the first visit finds.
pub async fn installation(app: &App) -> Result<Installation> {
    let mut tx = app.directory().await?;
    let rows = sqlx::query!(r#"select company_id as "company: CompanyId", is_demo from directory.companies order by created_at"#)
        .fetch_all(&mut *tx)
        .await?;
    Ok(Installation {
        has_company: rows.iter().any(|row| !row.is_demo),
        demo: rows.iter().find(|row| row.is_demo).map(|row| row.company),
        needs_code: needs_setup_code(app),
    })
}

/// Whether strangers can reach the program, so that the first visit asks for the code of the start-up log.
#[must_use]
pub fn needs_setup_code(app: &App) -> bool {
    let host = app.config.host();
    !app.config.listen.ip().is_loopback() || !matches!(host, "127.0.0.1" | "localhost" | "[" | "::1")
}

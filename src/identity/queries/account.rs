//! 客服账号: the list, one account, the person's own.

use crate::commands::reach;
use crate::model::{AgentState, AgentStatus, TokenKind};
use kernel::ctx::Ctx;
use kernel::error::Result;
use kernel::id::{AgentId, DepartmentId, GroupId, PermissionGroupId, UnitId};
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::{Permission, Role};
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Postgres, QueryBuilder};

/// Whether the actor manages accounts and this one is not above them. System: for rights that hang on it.
pub async fn may_manage(tx: &mut Tx, agent: AgentId) -> Result<bool> {
    Ok(tx.ctx.may(Permission::AgentManage) && reach::may_reach(tx, agent).await?)
}

/// Whether the actor is a super admin, or the program itself. System: for rights that hang on it.
pub async fn is_super_admin(tx: &mut Tx) -> Result<bool> {
    reach::is_super(tx).await
}

/// Rows of one page of the list.
pub const PAGE: usize = 50;

/// What narrows the list; it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentFilter {
    /// Part of name, nickname, address or telephone.
    pub q: String,
    /// State; everything but deleted when empty.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub status: Option<AgentStatus>,
    /// Role type.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub role: Option<Role>,
    /// Ticket group.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub group: Option<GroupId>,
    /// Permission group.
    #[serde(deserialize_with = "kernel::input::blank")]
    pub permission_group: Option<PermissionGroupId>,
    /// Where the page begins.
    pub at: Option<String>,
}

/// One row of the list.
#[derive(Clone, Debug, FromRow)]
pub struct AgentRow {
    /// Which.
    pub id: AgentId,
    /// Sign-in address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// The name customers see.
    pub nickname: String,
    /// Role type.
    pub role: Role,
    /// State.
    pub status: AgentStatus,
    /// Name of the own permission group.
    pub permission_group: Option<String>,
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Last sign-in.
    pub last_sign_in_at: Option<Stamp>,
    /// 客服状态; whoever is signed in nowhere is offline, whatever they said before.
    pub state: AgentState,
    /// Until when the invitation works.
    pub invited_until: Option<Stamp>,
}

/// How many accounts are in each state.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgentCounts {
    /// 启用.
    pub enabled: i64,
    /// 未激活.
    pub not_activated: i64,
    /// 停用.
    pub disabled: i64,
}

/// 客服: one account, for its page.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Which.
    pub id: AgentId,
    /// Sign-in address; empty when deleted.
    pub email: String,
    /// Full name.
    pub name: String,
    /// The name customers see.
    pub nickname: String,
    /// Telephone.
    pub phone: String,
    /// Role type.
    pub role: Role,
    /// Own permission group.
    pub permission_group: Option<PermissionGroupId>,
    /// Department.
    pub department: Option<DepartmentId>,
    /// Business unit.
    pub unit: Option<UnitId>,
    /// Groups.
    pub groups: Vec<GroupId>,
    /// State.
    pub status: AgentStatus,
    /// Language.
    pub lang: Option<String>,
    /// Grows with every change.
    pub version: i32,
    /// When it was created.
    pub created_at: Stamp,
    /// When it was activated.
    pub activated_at: Option<Stamp>,
    /// Last sign-in.
    pub last_sign_in_at: Option<Stamp>,
    /// Until when the invitation works.
    pub invited_until: Option<Stamp>,
}

/// One page of the list, by name.
pub async fn agents(ctx: &Ctx, filter: &AgentFilter) -> Result<Paged<AgentRow>> {
    ctx.require(Permission::AgentManage)?;
    let cursor: Option<Cursor> = filter.at.as_deref().and_then(|at| at.parse().ok());
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select a.id, a.email, a.name, a.nickname, a.role, a.status, p.name as permission_group,
            array(
                select g.name
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                and g.deleted_at is null
                order by g.name, g.id
            ) as groups,
            a.last_sign_in_at,
            (
                select max(t.expires_at)
                from agent_tokens t
                where t.company_id = a.company_id
                and t.agent_id = a.id
                and t.kind = 0
                and t.used_at is null
            ) as invited_until,
            case when exists (
                select from directory.sessions s
                where s.company_id = a.company_id
                and s.agent_id = a.id
                and s.expires_at > ",
    );
    query.push_bind(ctx.now()).push(
        ") then a.state else (-1)::smallint end as state
        from agents a
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where a.company_id = ",
    );
    query.push_bind(ctx.company);
    match filter.status {
        Some(status) => query.push(" and a.status = ").push_bind(status),
        None => query.push(" and a.status <> ").push_bind(AgentStatus::Deleted),
    };
    if let Some(role) = filter.role {
        query.push(" and a.role = ").push_bind(role);
    }
    if let Some(group) = filter.permission_group {
        query.push(" and a.permission_group_id = ").push_bind(group);
    }
    if let Some(group) = filter.group {
        query
            .push(" and exists (select from group_members m where m.company_id = a.company_id and m.agent_id = a.id and m.group_id = ")
            .push_bind(group)
            .push(")");
    }
    let words = filter.q.trim().to_lowercase();
    if !words.is_empty() {
        let like = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query.push(" and lower(a.name || ' ' || a.nickname || ' ' || a.email || ' ' || a.phone) like ").push_bind(like);
    }
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.direction == Direction::Before);
    if let Some(cursor) = &cursor {
        query.push(if backwards { " and (a.name, a.id) < (" } else { " and (a.name, a.id) > (" });
        query.push_bind(cursor.key.clone()).push(", ").push_bind(cursor.id).push(")");
    }
    query.push(if backwards { " order by a.name desc, a.id desc limit " } else { " order by a.name, a.id limit " });
    query.push_bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX));
    let mut tx = ctx.read().await?;
    let rows = query.build_query_as().fetch_all(&mut *tx).await?;
    Ok(Paged::cut(rows, PAGE, cursor.as_ref(), |row: &AgentRow| (row.name.clone(), row.id.0)))
}

/// How many accounts are in each state.
pub async fn counts(ctx: &Ctx) -> Result<AgentCounts> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        AgentCounts,
        r#"select count(*) filter (where status = $2) as "enabled!", count(*) filter (where status = $3) as "not_activated!",
            count(*) filter (where status = $4) as "disabled!"
        from agents
        where company_id = $1"#,
        ctx.company as _,
        AgentStatus::Enabled as _,
        AgentStatus::NotActivated as _,
        AgentStatus::Disabled as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// 个人设置: what people see of themselves.
#[derive(Clone, Debug)]
pub struct Own {
    /// Sign-in address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// The name customers see.
    pub nickname: String,
    /// Telephone.
    pub phone: String,
    /// `zh` or `en`; the browser's when unset.
    pub lang: Option<String>,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
}

/// Public: whoever is signed in sees the own account.
pub async fn own(ctx: &Ctx) -> Result<Own> {
    let agent = ctx.agent()?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Own,
        "select email, name, nickname, phone, lang, theme, density from agents where company_id = $1 and id = $2",
        ctx.company as _,
        agent as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// One account.
pub async fn agent(ctx: &Ctx, id: AgentId) -> Result<Agent> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        Agent,
        r#"select a.id as "id: AgentId", a.email, a.name, a.nickname, a.phone, a.role as "role: Role",
            a.permission_group_id as "permission_group: PermissionGroupId", a.department_id as "department: DepartmentId",
            a.unit_id as "unit: UnitId",
            array(
                select m.group_id
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                and g.deleted_at is null
            ) as "groups!: Vec<GroupId>",
            a.status as "status: AgentStatus", a.lang, a.version, a.created_at, a.activated_at as "activated_at: Stamp",
            a.last_sign_in_at as "last_sign_in_at: Stamp",
            (
                select max(t.expires_at)
                from agent_tokens t
                where t.company_id = a.company_id
                and t.agent_id = a.id
                and t.kind = $3
                and t.used_at is null
            ) as "invited_until: Stamp"
        from agents a
        where a.company_id = $1
        and a.id = $2"#,
        ctx.company as _,
        id as _,
        TokenKind::Activation as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

//! 客服账号: the list, one account, the profile step of an activation, the report of an import.

use crate::commands::reach;
use crate::model::account::ImportRow;
use crate::model::{AgentStatus, TokenKind};
use kernel::app::App;
use kernel::ctx::{self, Ctx};
use kernel::error::{Error, Problem, Result};
use kernel::id::{AgentId, DepartmentId, GroupId, PermissionGroupId, UnitId};
use kernel::lang::Lang;
use kernel::page::{Cursor, Direction, Paged};
use kernel::permission::{Permission, Role};
use kernel::rng;
use kernel::time::Stamp;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;
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

/// Step two of an activation: what the person may correct.
#[derive(Clone, Debug)]
pub struct ProfileStep {
    /// Name of the company.
    pub company: String,
    /// Sign-in address.
    pub email: String,
    /// Full name, as the administrator wrote it.
    pub name: String,
    /// Nickname, as the administrator wrote it.
    pub nickname: String,
    /// Language, as the administrator chose it.
    pub lang: Option<Lang>,
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
            ) as invited_until
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

/// Public: whoever has passed step one of an activation sees what step two may correct.
pub async fn profile_step(app: &App, token: &str) -> Result<ProfileStep> {
    let (company, hash) = rng::read_link_token(token).ok_or(Error::from(Problem::LinkInvalid))?;
    let mut tx = ctx::open(app, company).await?;
    let row = sqlx::query!(
        "select c.name as company, a.email, a.name, a.nickname, a.lang
        from agent_tokens t
        join agents a on a.company_id = t.company_id and a.id = t.agent_id
        join companies c on c.company_id = t.company_id
        where t.company_id = $1
        and t.token_hash = $2
        and t.kind = $3
        and t.used_at is null
        and t.expires_at > $4
        and a.status = $5",
        company as _,
        hash,
        TokenKind::Profile as _,
        app.clock.now(),
        AgentStatus::NotActivated as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::from(Problem::LinkInvalid))?;
    Ok(ProfileStep {
        company: row.company,
        email: row.email,
        name: row.name,
        nickname: row.nickname,
        lang: row.lang.as_deref().and_then(Lang::from_key),
    })
}

/// Public: whether a link of a forgotten password still works.
pub async fn reset_is_open(app: &App, token: &str) -> Result<bool> {
    let Some((company, hash)) = rng::read_link_token(token) else {
        return Ok(false);
    };
    let mut tx = ctx::open(app, company).await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from agent_tokens t
            join agents a on a.company_id = t.company_id and a.id = t.agent_id
            where t.company_id = $1
            and t.token_hash = $2
            and t.kind = $3
            and t.used_at is null
            and t.expires_at > $4
            and t.account_version = a.version
            and a.status = $5
        ) as "open!""#,
        company as _,
        hash,
        TokenKind::Reset as _,
        app.clock.now(),
        AgentStatus::Enabled as _,
    )
    .fetch_one(&mut *tx)
    .await?)
}

/// Reports of the actor's own imports that can still be read, the newest first.
pub async fn import_reports(ctx: &Ctx) -> Result<Vec<(Uuid, Stamp)>> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    let rows = sqlx::query!(
        r#"select id, created_at as "created_at: Stamp"
        from agent_imports
        where company_id = $1
        and agent_id is not distinct from $2
        and expires_at > $3
        order by created_at desc, id desc"#,
        ctx.company as _,
        ctx.actor.uuid(),
        ctx.now(),
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.created_at)).collect())
}

/// The report of an import, for the one who imported. An import that ended halfway may have made the account of a row
/// and not said so: it is looked for.
pub async fn import_report(ctx: &Ctx, id: Uuid) -> Result<Vec<ImportRow>> {
    ctx.require(Permission::AgentManage)?;
    let now = ctx.now();
    let mut tx = ctx.read().await?;
    let kept = sqlx::query!(
        "select report, created_at
        from agent_imports
        where company_id = $1
        and id = $2
        and agent_id is not distinct from $3
        and expires_at > $4",
        ctx.company as _,
        id,
        ctx.actor.uuid(),
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    let plain = ctx.app.vault.open(&crate::commands::import::report_place(ctx, id), &kept.report)?;
    let mut rows: Vec<ImportRow> = serde_json::from_slice(&plain).map_err(Error::internal)?;
    for row in rows.iter_mut().filter(|row| row.agent.is_none() && row.problems.0.is_empty()) {
        row.agent = sqlx::query_scalar!(
            r#"select id as "id: AgentId" from agents where company_id = $1 and email = $2 and created_at >= $3"#,
            ctx.company as _,
            kernel::input::email(&row.email).unwrap_or_default(),
            kept.created_at,
        )
        .fetch_optional(&mut *tx)
        .await?;
        row.password = row.password.take().filter(|_| row.agent.is_some());
    }
    Ok(rows)
}

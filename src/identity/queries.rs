//! Reads of accounts: who is signed in, and what other slices ask for: choices in lists, membership.

pub mod account;
pub mod audit;
pub mod company;
pub mod group;
pub mod import;
pub mod link;
pub mod listed;
pub mod permission;
pub mod place;
pub mod session;

use crate::model::permission::{GroupRights, grants, items};
use crate::model::{AgentOption, AgentState, AgentStatus, Density, GroupKind, GroupOption, OwnState, Theme};
use jiff::tz::TimeZone;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{Ctx, Reading, Request};
use kernel::error::{Error, Result};
use kernel::id::{AgentId, CompanyId, GroupId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role, Scope};
use kernel::tx::Tx;
use std::sync::Arc;

/// 登录的人: what a request of a signed-in person begins with.
#[derive(Clone, Debug)]
pub struct Person {
    /// The context of everything the person does.
    pub ctx: Ctx,
    /// Full name.
    pub name: String,
    /// The name customers see.
    pub nickname: String,
    /// Sign-in address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Role type.
    pub role: Role,
    /// Own language; the browser's when unset.
    pub lang: Option<Lang>,
    /// Light or dark.
    pub theme: Theme,
    /// Row height.
    pub density: Density,
    /// How they are.
    pub state: AgentState,
}

/// The person of a session, with rights and groups as they are now. The own language wins over the request's.
///
/// `SignInFirst` unless the account is enabled.
pub async fn person(app: &Arc<App>, company: CompanyId, agent: AgentId, request: Request) -> Result<Person> {
    let mut person = reader(app, company, agent, request).await?;
    person.ctx.reading = None;
    Ok(person)
}

/// As `person`, for a page: it goes on reading in the transaction that this opened.
pub async fn reader(app: &Arc<App>, company: CompanyId, agent: AgentId, request: Request) -> Result<Person> {
    let reading = Reading::begin(app, company).await?;
    let mut tx = reading.of(company).ok_or(Error::Busy)?;
    let row = sqlx::query!(
        r#"select c.name as company_name, c.time_zone, c.lang as company_lang, c.is_demo,
            a.name, a.nickname, a.email, a.phone, a.role as "role: Role", a.lang, a.theme, a.density,
            a.state as "state: AgentState",
            p.name as "group_name?", p.permissions as "permissions?", p.ticket_scope as "tickets?: Scope",
            array(
                select m.group_id
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                and g.deleted_at is null
            ) as "groups!: Vec<GroupId>"
        from agents a
        join companies c on c.company_id = a.company_id
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where a.company_id = $1
        and a.id = $2
        and a.status = $3"#,
        company as _,
        agent as _,
        AgentStatus::Enabled as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::SignInFirst)?;
    drop(tx);
    let rights = match (row.group_name, row.permissions, row.tickets) {
        (Some(name), Some(keys), Some(tickets)) => Some(GroupRights { name, items: items(&keys), tickets }),
        _ => None,
    };
    let lang = row.lang.as_deref().and_then(Lang::from_key);
    let request = Request { lang: lang.unwrap_or(request.lang), ..request };
    let ctx = Ctx {
        app: app.clone(),
        company,
        company_name: row.company_name.into(),
        zone: kernel::time::zone(&row.time_zone).unwrap_or(TimeZone::UTC),
        company_lang: Lang::from_key(&row.company_lang).unwrap_or_default(),
        is_demo: row.is_demo,
        actor: Actor::Agent { id: agent, name: row.name.clone() },
        grants: grants(row.role, rights.as_ref()),
        groups: row.groups.into(),
        request,
        reading: Some(reading),
    };
    Ok(Person {
        ctx,
        name: row.name,
        nickname: row.nickname,
        email: row.email,
        phone: row.phone,
        role: row.role,
        lang,
        theme: Theme::from_key(&row.theme).unwrap_or_default(),
        density: Density::from_key(&row.density).unwrap_or_default(),
        state: row.state,
    })
}

/// Agents that are not deleted, by name.
pub async fn agent_options(tx: &mut Tx) -> Result<Vec<AgentOption>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        AgentOption,
        r#"select id as "id: AgentId", name, nickname, (status = $2) as "enabled!"
        from agents
        where company_id = $1
        and status <> $3
        order by name, id"#,
        company as _,
        AgentStatus::Enabled as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Full name of an agent, whatever became of the account; empty when there is none.
pub async fn name_of(tx: &mut Tx, agent: AgentId) -> Result<String> {
    let company = tx.ctx.company;
    let name = sqlx::query_scalar!("select name from agents where company_id = $1 and id = $2", company as _, agent as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(name.unwrap_or_default())
}

/// 客服状态: how an agent is and since when; `NotFound` of nobody.
pub async fn state_of(tx: &mut Tx, agent: AgentId) -> Result<(AgentState, Option<kernel::time::Stamp>)> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select state as "state: AgentState", state_since from agents where company_id = $1 and id = $2"#,
        company as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok((row.state, row.state_since))
}

/// 自定义状态 that the agent is in.
pub async fn own_state_of(tx: &mut Tx, agent: AgentId) -> Result<Option<OwnState>> {
    let company = tx.ctx.company;
    let own = sqlx::query_scalar!("select own_state from agents where company_id = $1 and id = $2", company as _, agent as _)
        .fetch_optional(&mut **tx)
        .await?
        .flatten();
    own.map(serde_json::from_value).transpose().map_err(Error::internal)
}

/// Of these agents those whose account is enabled and who are available, whoever is so longest first.
pub async fn available(tx: &mut Tx, agents: &[AgentId]) -> Result<Vec<AgentId>> {
    let (company, ids) = (tx.ctx.company, agents.iter().map(|agent| agent.0).collect::<Vec<_>>());
    Ok(sqlx::query_scalar!(
        r#"select id as "id: AgentId"
        from agents
        where company_id = $1
        and id = any($2)
        and status = $3
        and state = $4
        order by state_since, id"#,
        company as _,
        &ids,
        AgentStatus::Enabled as _,
        AgentState::Available as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// 客服账号状态 and the telephone number of an account; `NotFound` of nobody.
pub async fn status_of(tx: &mut Tx, agent: AgentId) -> Result<(AgentStatus, String)> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select status as "status: AgentStatus", phone from agents where company_id = $1 and id = $2 and status <> $3"#,
        company as _,
        agent as _,
        AgentStatus::Deleted as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok((row.status, row.phone))
}

/// The name of a group, deleted or not.
pub async fn group_name(tx: &mut Tx, group: GroupId) -> Result<String> {
    let company = tx.ctx.company;
    let name = sqlx::query_scalar!("select name from groups where company_id = $1 and id = $2", company as _, group as _)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(name.unwrap_or_default())
}

/// E-mail and name of an agent whose account is enabled.
pub async fn address_of(tx: &mut Tx, agent: AgentId) -> Result<Option<(String, String)>> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        "select email, name from agents where company_id = $1 and id = $2 and status = $3",
        company as _,
        agent as _,
        AgentStatus::Enabled as _,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (row.email, row.name)))
}

/// Agents with an enabled account who hold a permission.
pub async fn who_may(tx: &mut Tx, item: Permission) -> Result<Vec<AgentId>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select a.id as "id: AgentId", a.role as "role: Role", p.permissions as "permissions?", p.ticket_scope as "scope?: Scope"
        from agents a
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        where a.company_id = $1
        and a.status = $2"#,
        company as _,
        AgentStatus::Enabled as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let may = rows.into_iter().filter(|row| {
        let rights = row.permissions.as_ref().zip(row.scope);
        let rights = rights.map(|(keys, tickets)| GroupRights { name: String::new(), items: items(keys), tickets });
        grants(row.role, rights.as_ref()).has(item)
    });
    Ok(may.map(|row| row.id).collect())
}

/// Groups of a kind that are not deleted, by name.
pub async fn group_options(tx: &mut Tx, kind: GroupKind) -> Result<Vec<GroupOption>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_as!(
        GroupOption,
        r#"select id as "id: GroupId", name
        from groups
        where company_id = $1
        and kind = $2
        and deleted_at is null
        order by name, id"#,
        company as _,
        kind as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// 默认工单组: the group that work starts in when nothing else was said, which is the company's first that is left.
pub async fn default_group(tx: &mut Tx, kind: GroupKind) -> Result<Option<GroupId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select id as "id: GroupId"
        from groups
        where company_id = $1
        and kind = $2
        and deleted_at is null
        order by created_at, id
        limit 1"#,
        company as _,
        kind as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Enabled agents of a group.
pub async fn members(tx: &mut Tx, group: GroupId) -> Result<Vec<AgentId>> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select m.agent_id as "agent: AgentId"
        from group_members m
        join agents a on a.company_id = m.company_id and a.id = m.agent_id
        where m.company_id = $1
        and m.group_id = $2
        and a.status = $3
        order by m.agent_id"#,
        company as _,
        group as _,
        AgentStatus::Enabled as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Whether the agent is enabled and works in the group.
pub async fn is_member(tx: &mut Tx, group: GroupId, agent: AgentId) -> Result<bool> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!(
        r#"select exists (
            select from group_members m
            join agents a on a.company_id = m.company_id and a.id = m.agent_id
            where m.company_id = $1
            and m.group_id = $2
            and m.agent_id = $3
            and a.status = $4
        ) as "member!""#,
        company as _,
        group as _,
        agent as _,
        AgentStatus::Enabled as _,
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// The agent with this mail address, unless deleted.
pub async fn agent_by_email(tx: &mut Tx, email: &str) -> Result<Option<AgentOption>> {
    let company = tx.ctx.company;
    let Some(email) = kernel::input::email(email) else {
        return Ok(None);
    };
    Ok(sqlx::query_as!(
        AgentOption,
        r#"select id as "id: AgentId", name, nickname, (status = $3) as "enabled!"
        from agents
        where company_id = $1
        and email = $2
        and status <> $4"#,
        company as _,
        email,
        AgentStatus::Enabled as _,
        AgentStatus::Deleted as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Accounts that are not deleted, by name, with the address that tells one from another everywhere. System: its caller has
/// asked who may.
pub async fn agent_addresses(tx: &mut Tx) -> Result<Vec<(AgentId, String, String)>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: AgentId", name, email
        from agents
        where company_id = $1
        and status <> $2
        order by name, id"#,
        company as _,
        AgentStatus::Deleted as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.email)).collect())
}

//! 客服与技能组 as the open platform lists them: page by page, by number.

use crate::model::{AgentStatus, GroupKind};
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, DepartmentId, GroupId};
use kernel::permission::{Permission, Role};
use kernel::tx::Tx;

/// One account of the list.
#[derive(Clone, Debug)]
pub struct ListedAgent {
    /// Which.
    pub id: AgentId,
    /// Sign-in address.
    pub email: String,
    /// Full name.
    pub name: String,
    /// The name customers see.
    pub nickname: String,
    /// Telephone.
    pub phone: String,
    /// Role type.
    pub role: Role,
    /// State.
    pub status: AgentStatus,
    /// Department.
    pub department: Option<DepartmentId>,
    /// Groups of every kind, in the order of their names.
    pub groups: Vec<GroupId>,
    /// Their names.
    pub group_names: Vec<String>,
    /// How many match, on every page.
    pub total: i64,
}

/// What narrows the list of accounts.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// Sign-in address.
    pub email: Option<String>,
    /// Part of the name or of the name customers see.
    pub name: Option<String>,
    /// State.
    pub status: Option<AgentStatus>,
    /// Group, of any kind.
    pub group: Option<GroupId>,
    /// One account.
    pub agent: Option<AgentId>,
}

/// Accounts that are not deleted, by name: at most `most` of them after `before`.
pub async fn agents(ctx: &Ctx, narrow: Narrow, (before, most): (i64, i64)) -> Result<Vec<ListedAgent>> {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.read().await?;
    let part = narrow.name.as_deref().map(str::to_lowercase);
    Ok(sqlx::query_as!(
        ListedAgent,
        r#"select a.id as "id: AgentId", a.email, a.name, a.nickname, a.phone, a.role as "role: Role", a.status as "status: AgentStatus",
            a.department_id as "department: DepartmentId",
            array(
                select m.group_id
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                and g.deleted_at is null
                order by g.name, g.id
            ) as "groups!: Vec<GroupId>",
            array(
                select g.name
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                and g.deleted_at is null
                order by g.name, g.id
            ) as "group_names!", count(*) over () as "total!"
        from agents a
        where a.company_id = $1
        and a.status <> $2
        and ($3::text is null or a.email = $3)
        and ($4::text is null or strpos(lower(a.name || ' ' || a.nickname), $4) > 0)
        and ($5::smallint is null or a.status = $5)
        and ($6::uuid is null or exists (
            select from group_members m
            where m.company_id = a.company_id
            and m.agent_id = a.id
            and m.group_id = $6
        ))
        and ($7::uuid is null or a.id = $7)
        order by a.name, a.id
        offset $8
        limit $9"#,
        ctx.company as _,
        AgentStatus::Deleted as _,
        narrow.email,
        part,
        narrow.status.map(AgentStatus::code),
        narrow.group.map(|group| group.0),
        narrow.agent.map(|agent| agent.0),
        before,
        most,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// One group of the list.
#[derive(Clone, Debug)]
pub struct ListedGroup {
    /// Which.
    pub id: GroupId,
    /// Name.
    pub name: String,
    /// What it works on.
    pub kind: GroupKind,
    /// How many match, on every page.
    pub total: i64,
}

/// Groups that are not deleted, by name: at most `most` of them after `before`.
pub async fn groups(ctx: &Ctx, kind: Option<GroupKind>, (before, most): (i64, i64)) -> Result<Vec<ListedGroup>> {
    ctx.require(Permission::GroupManage)?;
    let mut tx = ctx.read().await?;
    Ok(sqlx::query_as!(
        ListedGroup,
        r#"select g.id as "id: GroupId", g.name, g.kind as "kind: GroupKind", count(*) over () as "total!"
        from groups g
        where g.company_id = $1
        and g.deleted_at is null
        and ($2::smallint is null or g.kind = $2)
        order by g.name, g.id
        offset $3
        limit $4"#,
        ctx.company as _,
        kind.map(GroupKind::code),
        before,
        most,
    )
    .fetch_all(&mut *tx)
    .await?)
}

/// The context of the agent in whose name an application acts: with that agent's rights, as they are now. An agent who called
/// with a token of their own acts in their own name alone. Public: its caller's command asks what the agent may.
///
/// # Errors
/// `Problem::OperatorRequired` beside the field when an application names nobody, `Problem::OperatorUnknown` when there is no such
/// agent, or it is somebody else.
pub async fn acting(ctx: &Ctx, field: &str, named: Option<AgentId>) -> Result<Ctx> {
    let wrong = |problem| Error::Problems(Problems::one(field, problem));
    if let Some(me) = ctx.actor.agent() {
        return if named.is_none_or(|named| named == me) { Ok(ctx.clone()) } else { Err(wrong(Problem::OperatorUnknown)) };
    }
    let agent = named.ok_or_else(|| wrong(Problem::OperatorRequired))?;
    let request = kernel::ctx::Request { through: Some(ctx.actor.name().into()), ..ctx.request.clone() };
    match super::person(&ctx.app, ctx.company, agent, request).await {
        Err(Error::SignInFirst | Error::NotFound) => Err(wrong(Problem::OperatorUnknown)),
        found => {
            let acting = found?.ctx;
            Ok(Ctx { request: kernel::ctx::Request { lang: ctx.lang(), ..acting.request.clone() }, ..acting })
        }
    }
}

/// A mark of the account's password that changes with it, and tells nothing of it: what was given because of the password ends
/// with it, and for good when the account is disabled. System: its caller has asked who.
pub async fn password_mark(tx: &mut Tx, agent: AgentId) -> Result<Vec<u8>> {
    let company = tx.ctx.company;
    let basis = sqlx::query_scalar!(
        r#"select password_hash || coalesce(extract(epoch from disabled_at)::text, '') as "basis!"
        from agents
        where company_id = $1
        and id = $2"#,
        company as _,
        agent as _,
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::NotFound)?;
    Ok(kernel::rng::sha256(basis.as_bytes()))
}

//! 客服账号: creating, editing, disabling, enabling, deleting, inviting again. Nobody gives away or takes away more than
//! they have, and one enabled super admin always remains.

use super::membership::set_groups;
use super::reach::{Reachable, check_gift, keep_super_admin, reachable};
use super::{revoke_tokens, session, state};
use crate::model::account::{AgentChoice, AgentInput, InviteInput, may_become};
use crate::model::{AgentState, AgentStatus, StateReason};
use crate::password;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, DepartmentId, GroupId, PermissionGroupId, UnitId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::rng;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// A new account.
#[derive(Clone, Debug)]
pub struct Created {
    /// Which.
    pub agent: AgentId,
    /// The password, when it was generated here: to be shown once.
    pub password: Option<String>,
}

/// An account about to be stored.
#[derive(Clone, Debug)]
pub struct NewAgent {
    /// Sign-in address in its normal form.
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
    /// Ticket groups.
    pub groups: Vec<GroupId>,
    /// Language.
    pub lang: Option<Lang>,
    /// State to begin in.
    pub status: AgentStatus,
    /// PHC string.
    pub password_hash: String,
}

/// Creates an account that is not activated yet and invites its owner. The password is the administrator's choice or
/// generated.
pub async fn create(ctx: &Ctx, input: AgentInput) -> Result<Created> {
    ctx.require(Permission::AgentManage)?;
    let input = AgentInput { id: None, ..input };
    input.check()?;
    let role = input.role.ok_or(Error::NotFound)?;
    let email = kernel::input::email(&input.email).unwrap_or_default();
    let generated = input.password.is_empty().then(rng::password);
    if generated.is_none() {
        password::check(&input.password, "password", &[&ctx.company_name, &input.name, input.nickname(), &email])?;
    }
    let password_hash = password::hash(generated.as_deref().unwrap_or(&input.password)).await?;
    let mut tx = ctx.begin().await?;
    check_gift(&mut tx, role, input.permission_group).await?;
    let new = NewAgent {
        nickname: input.nickname().to_owned(),
        email,
        name: input.name.trim().to_owned(),
        phone: input.phone.trim().to_owned(),
        role,
        permission_group: input.permission_group,
        department: input.department,
        unit: input.unit,
        groups: input.groups,
        lang: input.lang,
        status: AgentStatus::NotActivated,
        password_hash,
    };
    let agent = insert(&mut tx, new).await?;
    tx.record(Event::AgentInvited { agent }).await?;
    tx.commit().await?;
    Ok(Created { agent, password: generated })
}

/// System: stores an account with its sign-in address and groups, and audits it. Inside the caller's transaction. The
/// demo uses it for people who are enabled from the start.
pub async fn insert(tx: &mut Tx, new: NewAgent) -> Result<AgentId> {
    let (company, now, id) = (tx.ctx.company, tx.ctx.now(), AgentId(tx.ctx.uuid()));
    let activated_at = (new.status == AgentStatus::Enabled).then_some(now);
    claim_address(tx, id, &new.email).await?;
    sqlx::query!(
        "insert into agents (company_id, id, email, name, nickname, phone, role, permission_group_id, department_id, unit_id,
            status, password_hash, lang, created_at, activated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        company as _,
        id as _,
        new.email,
        new.name,
        new.nickname,
        new.phone,
        new.role as _,
        new.permission_group as _,
        new.department as _,
        new.unit as _,
        new.status as _,
        new.password_hash,
        new.lang.map(Lang::key),
        now,
        activated_at as _,
    )
    .execute(&mut **tx)
    .await
    .map_err(bad_reference)?;
    set_groups(tx, id, &new.groups).await?;
    let after = snapshot(tx, id).await?;
    tx.audit("agent.created", Subject::named("agent", Some(id.0), new.name), None, Some(after)).await?;
    Ok(id)
}

/// Edits an account. A new address signs in from then on and ends links sent before.
pub async fn edit(ctx: &Ctx, input: AgentInput) -> Result {
    ctx.require(Permission::AgentManage)?;
    let id = input.id.ok_or(Error::NotFound)?;
    input.check()?;
    let role = input.role.ok_or(Error::NotFound)?;
    let email = kernel::input::email(&input.email).unwrap_or_default();
    let mut tx = ctx.begin().await?;
    let agent = reachable(&mut tx, id).await?;
    if role != agent.role || input.permission_group != agent.permission_group {
        if ctx.actor.agent() == Some(id) && role != agent.role {
            return Err(Error::Problems(Problems::one("role", Problem::NotOnYourself)));
        }
        check_gift(&mut tx, role, input.permission_group).await?;
    }
    let before = snapshot(&mut tx, id).await?;
    let changed = sqlx::query!(
        "update agents set email = $4, name = $5, nickname = $6, phone = $7, role = $8, permission_group_id = $9,
            department_id = $10, unit_id = $11, lang = $12, version = version + 1
        where company_id = $1
        and id = $2
        and version = $3",
        ctx.company as _,
        id as _,
        input.version,
        email,
        input.name.trim(),
        input.nickname(),
        input.phone.trim(),
        role as _,
        input.permission_group as _,
        input.department as _,
        input.unit as _,
        input.lang.map(Lang::key),
    )
    .execute(&mut *tx)
    .await
    .map_err(bad_reference)?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale.into());
    }
    if email != agent.email {
        release_address(&mut tx, id).await?;
        claim_address(&mut tx, id, &email).await?;
        revoke_tokens(&mut tx, id).await?;
        if agent.status == AgentStatus::NotActivated {
            tx.record(Event::AgentInvited { agent: id }).await?;
        }
    }
    if role != agent.role && agent.role == Role::SuperAdmin {
        keep_super_admin(&mut tx).await?;
    }
    if before["phone"].as_str() != Some(input.phone.trim()) {
        tx.record(Event::AgentPhoneChanged { agent: id }).await?;
    }
    set_groups(&mut tx, id, &input.groups).await?;
    let after = snapshot(&mut tx, id).await?;
    tx.audit("agent.edited", Subject::named("agent", Some(id.0), input.name.trim()), Some(before), Some(after)).await?;
    tx.commit().await
}

/// 停用: the person is signed out at once and cannot sign in; links stop working.
pub async fn disable(ctx: &Ctx, input: AgentChoice) -> Result {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.begin().await?;
    let agent = reachable(&mut tx, input.id).await?;
    set_status(&mut tx, &agent, AgentStatus::Disabled).await?;
    revoke_tokens(&mut tx, agent.id).await?;
    session::end_all(&mut tx, agent.id, None).await?;
    tx.commit().await
}

/// 启用: an account that was activated before can sign in again; another one is invited again.
pub async fn enable(ctx: &Ctx, input: AgentChoice) -> Result {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.begin().await?;
    let agent = reachable(&mut tx, input.id).await?;
    let to = if agent.was_activated { AgentStatus::Enabled } else { AgentStatus::NotActivated };
    set_status(&mut tx, &agent, to).await?;
    if to == AgentStatus::NotActivated {
        tx.record(Event::AgentInvited { agent: agent.id }).await?;
    }
    tx.commit().await
}

/// 删除: the address is free again and nobody can sign in with it; what the person did keeps their name.
pub async fn delete(ctx: &Ctx, input: AgentChoice) -> Result {
    ctx.require(Permission::AgentManage)?;
    let mut tx = ctx.begin().await?;
    let agent = reachable(&mut tx, input.id).await?;
    set_status(&mut tx, &agent, AgentStatus::Deleted).await?;
    release_address(&mut tx, agent.id).await?;
    sqlx::query!(
        "update agents set email = '', phone = '', password_hash = '', permission_group_id = null, department_id = null, unit_id = null
        where company_id = $1
        and id = $2",
        ctx.company as _,
        agent.id as _,
    )
    .execute(&mut *tx)
    .await?;
    set_groups(&mut tx, agent.id, &[]).await?;
    revoke_tokens(&mut tx, agent.id).await?;
    session::end_all(&mut tx, agent.id, None).await?;
    tx.commit().await
}

/// 重发邀请: a new link; the ones before stop working at once. An administrator who lost the first password sets
/// another one here.
pub async fn invite_again(ctx: &Ctx, input: InviteInput) -> Result {
    ctx.require(Permission::AgentManage)?;
    let password_hash = match input.password.as_str() {
        "" => None,
        password => {
            password::check(password, "password", &[&ctx.company_name])?;
            Some(password::hash(password).await?)
        }
    };
    let mut tx = ctx.begin().await?;
    let agent = reachable(&mut tx, input.id).await?;
    if agent.status != AgentStatus::NotActivated {
        return Err(Problem::Stale.into());
    }
    sqlx::query!(
        "update agents set password_hash = coalesce($3, password_hash)
        where company_id = $1
        and id = $2",
        ctx.company as _,
        agent.id as _,
        password_hash,
    )
    .execute(&mut *tx)
    .await?;
    revoke_tokens(&mut tx, agent.id).await?;
    tx.record(Event::AgentInvited { agent: agent.id }).await?;
    tx.audit("agent.invited_again", Subject::named("agent", Some(agent.id.0), agent.name), None, None).await?;
    tx.commit().await
}

async fn set_status(tx: &mut Tx, agent: &Reachable, to: AgentStatus) -> Result {
    let company = tx.ctx.company;
    if tx.ctx.actor.agent() == Some(agent.id) {
        return Err(Problem::NotOnYourself.into());
    }
    if !may_become(agent.status, to) {
        return Err(Problem::Stale.into());
    }
    let disabled_at = (to == AgentStatus::Disabled).then(|| tx.ctx.now());
    sqlx::query!(
        "update agents set status = $3, version = version + 1, disabled_at = coalesce($4, disabled_at)
        where company_id = $1
        and id = $2",
        company as _,
        agent.id as _,
        to as _,
        disabled_at as _,
    )
    .execute(&mut **tx)
    .await?;
    if agent.role == Role::SuperAdmin {
        keep_super_admin(tx).await?;
    }
    if matches!(to, AgentStatus::Disabled | AgentStatus::Deleted) {
        state::put(tx, agent.id, AgentState::Offline, StateReason::Closed, None).await?;
    }
    let action = match to {
        AgentStatus::Disabled => "agent.disabled",
        AgentStatus::Deleted => "agent.deleted",
        AgentStatus::Enabled | AgentStatus::NotActivated => "agent.enabled",
    };
    let subject = Subject::named("agent", Some(agent.id.0), agent.name.clone());
    tx.audit(action, subject, Some(json!({"status": agent.status})), Some(json!({"status": to}))).await
}

async fn claim_address(tx: &mut Tx, agent: AgentId, email: &str) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("insert into directory.sign_ins (email, company_id, agent_id) values ($1, $2, $3)", email, company as _, agent as _,)
        .execute(&mut **tx)
        .await
        .map_err(|error| Error::on_constraint(error, "sign_ins_pkey", "email", Problem::EmailTaken))?;
    Ok(())
}

async fn release_address(tx: &mut Tx, agent: AgentId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from directory.sign_ins where company_id = $1 and agent_id = $2", company as _, agent as _)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What the audit trail keeps of an account; the names, since ids say nothing later.
async fn snapshot(tx: &mut Tx, id: AgentId) -> Result<Value> {
    let company = tx.ctx.company;
    let row = sqlx::query!(
        r#"select a.email, a.name, a.nickname, a.phone, a.role as "role: Role", a.status as "status: AgentStatus", a.lang,
            p.name as "permission_group?", d.name as "department?", u.name as "unit?",
            array(
                select g.name
                from group_members m
                join groups g on g.company_id = m.company_id and g.id = m.group_id
                where m.company_id = a.company_id
                and m.agent_id = a.id
                order by g.name, g.id
            ) as "groups!"
        from agents a
        left join permission_groups p on p.company_id = a.company_id and p.id = a.permission_group_id
        left join departments d on d.company_id = a.company_id and d.id = a.department_id
        left join units u on u.company_id = a.company_id and u.id = a.unit_id
        where a.company_id = $1
        and a.id = $2"#,
        company as _,
        id as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(json!({
        "email": row.email,
        "name": row.name,
        "nickname": row.nickname,
        "phone": row.phone,
        "role": row.role,
        "status": row.status,
        "lang": row.lang,
        "permission_group": row.permission_group,
        "department": row.department,
        "unit": row.unit,
        "groups": row.groups,
    }))
}

/// Which field names a row that is not there.
fn bad_reference(error: sqlx::Error) -> Error {
    let field = match &error {
        sqlx::Error::Database(cause) => match cause.constraint() {
            Some("agents_company_id_permission_group_id_fkey") => Some("permission_group"),
            Some("agents_company_id_department_id_fkey") => Some("department"),
            Some("agents_company_id_unit_id_fkey") => Some("unit"),
            _ => None,
        },
        _ => None,
    };
    match field {
        Some(field) => Error::Problems(Problems::one(field, Problem::BadChoice)),
        None => Error::on_constraint(error, "agents_email", "email", Problem::EmailTaken),
    }
}

//! 忘记密码与修改密码 (S36).

use super::session;
use crate::model::account::{ChangePasswordInput, ForgotInput, ResetInput};
use crate::model::{AgentStatus, TokenKind};
use crate::password;
use crate::throttle;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::event::Event;
use kernel::id::{AgentId, CompanyId};
use kernel::rng;
use kernel::tx::{Subject, Tx};
use std::sync::Arc;
use std::time::Duration;

/// How long a request for a link takes at least, so that its length tells nothing.
const ANSWER_AFTER: Duration = Duration::from_millis(80);

/// Public: whoever cannot sign in asks for a link. The answer is the same whether there is such an account or not.
pub async fn forget(app: &Arc<App>, input: ForgotInput, request: &Request) -> Result {
    input.check()?;
    let email = kernel::input::email(&input.email).unwrap_or_default();
    let (asked, ()) = tokio::join!(ask_for_link(app, &email, request), tokio::time::sleep(ANSWER_AFTER));
    asked
}

/// Public: whoever has the link of a forgotten password chooses a new one. All sessions and links of the account end.
pub async fn reset(app: &Arc<App>, input: ResetInput, request: &Request) -> Result {
    input.check()?;
    let paid = throttle::network(app, request.ip).await?;
    let (company, hash) = rng::read_link_token(&input.token).ok_or(Problem::LinkInvalid)?;
    let ctx = app.system(company).await.map_err(|_| Error::from(Problem::LinkInvalid))?;
    let ctx = Ctx { request: request.clone(), ..ctx };
    let mut tx = ctx.read().await?;
    let person = link_owner(&mut tx, &hash).await?.ok_or(Problem::LinkInvalid)?;
    drop(tx);
    password::check(&input.password, "password", &[&ctx.company_name, &person.name, &person.email])?;
    let password_hash = password::hash(&input.password).await?;
    let ctx = Ctx { actor: Actor::Agent { id: person.id, name: person.name.clone() }, ..ctx };
    let mut tx = ctx.begin().await?;
    let now = ctx.now();
    // The link is used up here, once: whoever comes second finds nothing.
    let used = sqlx::query!(
        "update agent_tokens set used_at = $3
        where company_id = $1
        and token_hash = $2
        and used_at is null",
        ctx.company as _,
        hash,
        now,
    )
    .execute(&mut *tx)
    .await?;
    if used.rows_affected() == 0 {
        return Err(Problem::LinkInvalid.into());
    }
    store(&mut tx, person.id, &password_hash).await?;
    session::end_all(&mut tx, person.id, None).await?;
    tx.audit("agent.password_reset", Subject::named("agent", Some(person.id.0), person.name), None, None).await?;
    throttle::refund(&mut tx, &paid).await?;
    sqlx::query!("delete from directory.throttles where key = $1", format!("account:{}", person.email)).execute(&mut *tx).await?;
    tx.commit().await
}

/// Public: whoever is signed in changes the own password; every other session ends. `current` is the stored hash of
/// the session that stays.
pub async fn change(ctx: &Ctx, input: ChangePasswordInput, current: Option<&[u8]>) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.read().await?;
    let row = sqlx::query!(
        "select name, email, password_hash, version from agents where company_id = $1 and id = $2",
        ctx.company as _,
        agent as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    drop(tx);
    // Guessing the password of an open screen is guessing like any other.
    let paid = throttle::named(&ctx.app, &format!("change:{agent}"), None).await?;
    if !password::verify(&input.password_current, Some(&row.password_hash)).await?.matches {
        return Err(Error::Problems(Problems::one("password_current", Problem::PasswordWrong)));
    }
    let mut tx = ctx.app.directory().await?;
    throttle::refund(&mut tx, &paid).await?;
    tx.commit().await?;
    input.check()?;
    password::check(&input.password, "password", &[&ctx.company_name, &row.name, &row.email])?;
    let password_hash = password::hash(&input.password).await?;
    let mut tx = ctx.begin().await?;
    store(&mut tx, agent, &password_hash).await?;
    super::revoke_tokens(&mut tx, agent).await?;
    session::end_all(&mut tx, agent, current).await?;
    tx.audit("agent.password_changed", Subject::named("agent", Some(agent.0), row.name), None, None).await?;
    tx.commit().await
}

struct Owner {
    id: AgentId,
    name: String,
    email: String,
}

async fn ask_for_link(app: &Arc<App>, email: &str, request: &Request) -> Result {
    // Kept whether the account exists or not: at most a few mails to one address.
    let _ = throttle::named(app, &format!("forgot:{email}"), request.ip).await?;
    let mut tx = app.directory().await?;
    let found = sqlx::query!(
        r#"select company_id as "company: CompanyId", agent_id as "agent: AgentId" from directory.sign_ins where email = $1"#,
        email,
    )
    .fetch_optional(&mut *tx)
    .await?;
    drop(tx);
    let Some(found) = found else {
        return Ok(());
    };
    let ctx = app.system(found.company).await?;
    let ctx = Ctx { request: request.clone(), ..ctx };
    let mut tx = ctx.begin().await?;
    let is_enabled = sqlx::query_scalar!(
        r#"select exists (
            select from agents
            where company_id = $1
            and id = $2
            and status = $3
        ) as "enabled!""#,
        found.company as _,
        found.agent as _,
        AgentStatus::Enabled as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    if is_enabled {
        tx.record(Event::PasswordForgotten { agent: found.agent }).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A new password is a new version of the account: links bound to the old one stop working.
async fn store(tx: &mut Tx, agent: AgentId, password_hash: &str) -> Result {
    let company = tx.ctx.company;
    let stored = sqlx::query!(
        "update agents set password_hash = $3, version = version + 1
        where company_id = $1
        and id = $2
        and status = $4",
        company as _,
        agent as _,
        password_hash,
        AgentStatus::Enabled as _,
    )
    .execute(&mut **tx)
    .await?;
    if stored.rows_affected() == 1 { Ok(()) } else { Err(Problem::LinkInvalid.into()) }
}

async fn link_owner(tx: &mut Tx, hash: &[u8]) -> Result<Option<Owner>> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    Ok(sqlx::query_as!(
        Owner,
        r#"select a.id as "id: AgentId", a.name, a.email
        from agent_tokens t
        join agents a on a.company_id = t.company_id and a.id = t.agent_id
        where t.company_id = $1
        and t.token_hash = $2
        and t.kind = $3
        and t.used_at is null
        and t.expires_at > $4
        and t.account_version = a.version
        and a.status = $5"#,
        company as _,
        hash,
        TokenKind::Reset as _,
        now,
        AgentStatus::Enabled as _,
    )
    .fetch_optional(&mut **tx)
    .await?)
}

//! 登录: the same work and the same answer for an unknown address, a wrong password, an account that is not activated
//! and one that is disabled (S33).

use crate::model::AgentStatus;
use crate::model::account::SignInInput;
use crate::password;
use crate::throttle;
use kernel::app::App;
use kernel::ctx;
use kernel::error::{Problem, Result};
use kernel::id::{AgentId, CompanyId};
use kernel::rng;
use kernel::tx::Tx;
use std::net::IpAddr;
use std::sync::Arc;

/// Who signed in. The web server opens the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The company.
    pub company: CompanyId,
    /// The person.
    pub agent: AgentId,
}

/// Public: looks at address and password; whoever signs in is there from now on.
///
/// `Problem::SignInFailed` for everything that is wrong, `Problem::TooFrequent` while a pause holds, whoever is asked
/// for.
pub async fn sign_in(app: &Arc<App>, input: SignInInput, ip: Option<IpAddr>) -> Result<SignedIn> {
    let (mut tx, who) = prove(app, input, ip).await?;
    super::state::arrive(&mut tx, who.agent).await?;
    tx.commit().await?;
    Ok(who)
}

/// Public: the same work for whoever opens no console. The transaction has noted the sign-in; its caller commits it, with what
/// follows from it.
pub async fn prove(app: &Arc<App>, input: SignInInput, ip: Option<IpAddr>) -> Result<(Tx, SignedIn)> {
    input.check()?;
    // What is no address is counted and looked for by its hash: any text may be typed.
    let email = kernel::input::email(&input.email).unwrap_or_else(|| rng::hex(&rng::sha256(input.email.as_bytes())));
    let paid = throttle::account(app, &email, ip).await?;
    let who = find(app, &email).await?;
    // Nobody has this id: the same statement finds nothing in the same time.
    let SignedIn { company, agent } =
        who.unwrap_or(SignedIn { company: CompanyId(sqlx::types::Uuid::nil()), agent: AgentId(sqlx::types::Uuid::nil()) });
    let mut tx = ctx::open(app, company).await?;
    let row = sqlx::query!(
        r#"select password_hash, status as "status: AgentStatus" from agents where company_id = $1 and id = $2"#,
        company as _,
        agent as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    drop(tx);
    let verdict = password::verify(&input.password, row.as_ref().map(|row| row.password_hash.as_str())).await?;
    let is_enabled = row.as_ref().is_some_and(|row| row.status == AgentStatus::Enabled);
    let Some(verified) = row.map(|row| row.password_hash).filter(|_| verdict.matches && is_enabled) else {
        return Err(Problem::SignInFailed.into());
    };
    let rehashed = if verdict.outdated { Some(password::hash(&input.password).await?) } else { None };
    let mut tx = app.system(company).await?.begin().await?;
    enter(&mut tx, SignedIn { company, agent }, &verified, rehashed.as_deref()).await?;
    throttle::refund(&mut tx, &paid).await?;
    throttle::remember(&mut tx, &email, ip, app.clock.now()).await?;
    Ok((tx, SignedIn { company, agent }))
}

async fn find(app: &App, email: &str) -> Result<Option<SignedIn>> {
    let mut tx = app.directory().await?;
    Ok(sqlx::query_as!(
        SignedIn,
        r#"select company_id as "company: CompanyId", agent_id as "agent: AgentId" from directory.sign_ins where email = $1"#,
        email,
    )
    .fetch_optional(&mut *tx)
    .await?)
}

/// Notes the sign-in; meanwhile the account may have been disabled, or have got another password than the verified one.
async fn enter(tx: &mut Tx, who: SignedIn, verified: &str, rehashed: Option<&str>) -> Result {
    let now = tx.ctx.now();
    let entered = sqlx::query!(
        "update agents set last_sign_in_at = $3, password_hash = coalesce($4, password_hash)
        where company_id = $1
        and id = $2
        and status = $5
        and password_hash = $6",
        who.company as _,
        who.agent as _,
        now,
        rehashed,
        AgentStatus::Enabled as _,
        verified,
    )
    .execute(&mut **tx)
    .await?;
    if entered.rows_affected() == 1 { Ok(()) } else { Err(Problem::SignInFailed.into()) }
}

/// Public: pays for one try of a program at the key of an application.
///
/// `Problem::TooFrequent` while a pause holds.
pub async fn pay(app: &App, ip: Option<IpAddr>) -> Result<throttle::Paid> {
    throttle::program(app, ip).await
}

/// Public: the try was right, and gets its price back.
pub async fn give_back(tx: &mut Tx, paid: &throttle::Paid) -> Result {
    throttle::refund(tx, paid).await
}

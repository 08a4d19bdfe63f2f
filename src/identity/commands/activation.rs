//! 客服激活 (S35): the invited agent opens the link and types the account's own password. Equal: the second step,
//! with a short-lived token of its own, so that the two steps work without scripting and without a session. Not equal:
//! one generic failure, and nothing changes.

use super::sign_in::SignedIn;
use super::{issue_token, revoke_tokens};
use crate::model::account::{ActivateInput, FinishInput};
use crate::model::{AgentStatus, TokenKind};
use crate::password;
use crate::throttle;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{self, Ctx, Request};
use kernel::error::{Error, Problem, Result};
use kernel::id::{AgentId, CompanyId};
use kernel::lang::Lang;
use kernel::rng;
use kernel::tx::Subject;
use serde_json::json;
use sqlx::types::Uuid;
use std::sync::Arc;

/// Tries of one link.
const TRIES: i32 = 5;

/// Public: step one. Gives the token of step two.
///
/// `Problem::ActivationFailed` whatever is wrong: no such link, expired, used, sent again, too many tries, account
/// disabled, another password.
pub async fn activate(app: &Arc<App>, input: ActivateInput, request: &Request) -> Result<String> {
    let paid = throttle::network(app, request.ip).await?;
    // What is no token at all takes the same way as one that nobody issued.
    let (company, hash) = rng::read_link_token(&input.token).unwrap_or((CompanyId(Uuid::nil()), rng::sha256(input.token.as_bytes())));
    let account = spend_try(app, company, &hash).await?;
    let verdict = password::verify(&input.password, account.as_ref().map(|account| account.password_hash.as_str())).await?;
    let failed = || Error::from(Problem::ActivationFailed);
    let account = account.filter(|_| verdict.matches).ok_or_else(failed)?;
    let mut tx = app.system(company).await.map_err(|_| failed())?.begin().await?;
    let still_waits = sqlx::query_scalar!(
        r#"select exists (
            select from agents
            where company_id = $1
            and id = $2
            and status = $3
            and password_hash = $4
        ) as "waits!""#,
        company as _,
        account.id as _,
        AgentStatus::NotActivated as _,
        account.password_hash,
    )
    .fetch_one(&mut *tx)
    .await?;
    if !still_waits {
        return Err(failed());
    }
    let token = issue_token(&mut tx, account.id, TokenKind::Profile).await?;
    throttle::refund(&mut tx, &paid).await?;
    tx.commit().await?;
    Ok(token)
}

/// Public: step two. The account is enabled and its owner signed in; every link of the account ends.
///
/// `Problem::LinkInvalid` when the token of step one expired, was used or the account was disabled meanwhile.
pub async fn finish(app: &Arc<App>, input: FinishInput, request: &Request) -> Result<SignedIn> {
    input.check()?;
    let invalid = || Error::from(Problem::LinkInvalid);
    let (company, hash) = rng::read_link_token(&input.token).ok_or_else(invalid)?;
    let ctx = app.system(company).await.map_err(|_| invalid())?;
    let name = input.name.trim();
    let nickname = if input.nickname.trim().is_empty() { name } else { input.nickname.trim() };
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let agent = sqlx::query_scalar!(
        r#"update agent_tokens set used_at = $3
        where company_id = $1
        and token_hash = $2
        and kind = $4
        and used_at is null
        and expires_at > $3
        returning agent_id as "agent: AgentId""#,
        company as _,
        hash,
        now,
        TokenKind::Profile as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(invalid)?;
    // Of many at once exactly one enables the account (S58).
    let enabled = sqlx::query!(
        "update agents set status = $3, name = $4, nickname = $5, lang = coalesce($6, lang), activated_at = $7, last_sign_in_at = $7,
            version = version + 1
        where company_id = $1
        and id = $2
        and status = $8",
        company as _,
        agent as _,
        AgentStatus::Enabled as _,
        name,
        nickname,
        input.lang.map(Lang::key),
        now,
        AgentStatus::NotActivated as _,
    )
    .execute(&mut *tx)
    .await?;
    if enabled.rows_affected() == 0 {
        return Err(invalid());
    }
    revoke_tokens(&mut tx, agent).await?;
    tx.ctx = Ctx { actor: Actor::Agent { id: agent, name: name.to_owned() }, request: request.clone(), ..ctx };
    tx.audit(
        "agent.activated",
        Subject::named("agent", Some(agent.0), name),
        Some(json!({"status": AgentStatus::NotActivated})),
        Some(json!({"status": AgentStatus::Enabled, "name": name, "nickname": nickname})),
    )
    .await?;
    tx.commit().await?;
    Ok(SignedIn { company, agent })
}

struct Account {
    id: AgentId,
    password_hash: String,
}

/// Counts a try of a link that is open, and gives its account. Paid before the password is looked at, so that parallel
/// tries cannot be more than allowed.
async fn spend_try(app: &App, company: CompanyId, hash: &[u8]) -> Result<Option<Account>> {
    let mut tx = ctx::open(app, company).await?;
    let account = sqlx::query_as!(
        Account,
        r#"update agent_tokens t set tries = t.tries + 1
        from agents a
        where t.company_id = $1
        and t.token_hash = $2
        and t.kind = $3
        and t.used_at is null
        and t.expires_at > $4
        and t.tries < $5
        and a.company_id = t.company_id
        and a.id = t.agent_id
        and a.status = $6
        returning a.id as "id: AgentId", a.password_hash"#,
        company as _,
        hash,
        TokenKind::Activation as _,
        app.clock.now(),
        TRIES,
        AgentStatus::NotActivated as _,
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(account)
}

//! 账号链接: what the links of activation and of a forgotten password lead to, for people who are not signed in.

use crate::model::{AgentStatus, TokenKind};
use kernel::app::App;
use kernel::ctx;
use kernel::error::{Error, Problem, Result};
use kernel::lang::Lang;
use kernel::rng;

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

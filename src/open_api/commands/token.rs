//! 令牌: how callers prove who they are, and the token they get for it.

use crate::model::OpenPlatform;
use crate::queries::app_in;
use crate::sign::{is_fresh, is_signed, moment, read_appid};
use identity::commands::sign_in::{give_back, pay, prove};
use identity::model::account::SignInInput;
use identity::queries::listed::password_mark;
use jiff::SignedDuration;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{self, Ctx, Request};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, AppId, CompanyId};
use kernel::network::contains;
use kernel::permission::Grants;
use kernel::rng;
use kernel::scope::ApiScope;
use kernel::setting::in_force;
use kernel::t;
use kernel::time::Stamp;
use kernel::tx::Tx;
use std::sync::Arc;

/// How long a token of an application works (F§1.1).
pub const APP_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// How long a token of an agent works (S41).
pub const AGENT_LASTS: SignedDuration = SignedDuration::from_hours(2);
/// Uses of an application are noted at most so often.
const NOTED: SignedDuration = SignedDuration::from_secs(60);
/// Before the token of an application, so that scanners and people know what it is.
const APP_PREFIX: &str = "kfa_";
/// Before the token of an agent.
const AGENT_PREFIX: &str = "kfu_";

/// A token that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// What stands in the header `token`.
    pub token: String,
    /// How long it works.
    pub lasts: SignedDuration,
    /// Whose it is, when an agent's.
    pub agent: Option<AgentId>,
}

/// 获取 token, public: by the signature of an application. The token before ends.
pub async fn issue(app: &Arc<App>, request: Request, appid: &str, create_time: &str, signed: &str) -> Result<Given> {
    let wrong = || Error::from(Problem::SignWrong);
    let at = moment(create_time).ok_or_else(|| Error::Problems(Problems::one("create_time", Problem::BadFormat)))?;
    if !is_fresh(at, app.clock.now()) {
        return Err(Error::Problems(Problems::one("create_time", Problem::CreateTimeStale)));
    }
    let (company, id) = read_appid(appid).ok_or_else(wrong)?;
    // Tries are paid for by the network, apart from those of people: a key has 256 bits, and still nobody shall try for ever.
    let paid = pay(app, request.ip).await?;
    let ctx = match Ctx::load(app, company, Actor::System, Grants::none(), Vec::new(), request).await {
        Err(Error::NotFound) => return Err(wrong()),
        loaded => loaded?,
    };
    let mut tx = ctx.begin().await?;
    let row = sqlx::query!(
        r#"select app_key, networks from api_apps where company_id = $1 and id = $2 and revoked_at is null for update"#,
        company as _,
        id as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or_else(wrong)?;
    let key = app.vault.open(&super::app::place(&ctx, id), &row.app_key)?;
    if !is_signed(signed, appid.trim(), create_time, &String::from_utf8_lossy(&key)) {
        return Err(wrong());
    }
    give_back(&mut tx, &paid).await?;
    if !is_allowed(&row.networks, &ctx.request) {
        // The signature was right: it must not count as a failure.
        tx.commit().await?;
        return Err(Problem::AddressRefused.into());
    }
    sqlx::query!("delete from api_tokens where company_id = $1 and app_id = $2", company as _, id as _).execute(&mut *tx).await?;
    let given = keep(&mut tx, Holder::App(id)).await?;
    tx.commit().await?;
    Ok(given)
}

/// 登录接口, public: by account and password, with everything that guards the console's own sign-in. It opens no session, and works
/// only where the company has opened it. The token before ends.
pub async fn login(app: &Arc<App>, request: Request, email: String, password: String) -> Result<Given> {
    let (mut tx, who) = prove(app, SignInInput { email, password, next: String::new() }, request.ip).await?;
    let settings = in_force::<OpenPlatform>(&mut tx).await?;
    if !settings.value.login {
        // The password was right: it must not count as a failure.
        tx.commit().await?;
        return Err(Problem::ApiOff.into());
    }
    let mark = password_mark(&mut tx, who.agent).await?;
    sqlx::query!("delete from api_tokens where company_id = $1 and agent_id = $2", who.company as _, who.agent as _)
        .execute(&mut *tx)
        .await?;
    let given = keep(&mut tx, Holder::Agent(who.agent, mark)).await?;
    tx.commit().await?;
    Ok(given)
}

/// Whose a new token is.
enum Holder {
    App(AppId),
    Agent(AgentId, Vec<u8>),
}

async fn keep(tx: &mut Tx, holder: Holder) -> Result<Given> {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let fresh = rng::link_token(company);
    let (prefix, lasts, app, agent, mark) = match holder {
        Holder::App(app) => (APP_PREFIX, APP_LASTS, Some(app), None, None),
        Holder::Agent(agent, mark) => (AGENT_PREFIX, AGENT_LASTS, None, Some(agent), Some(mark)),
    };
    sqlx::query!(
        "insert into api_tokens (company_id, token_hash, app_id, agent_id, password_mark, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        company as _,
        fresh.hash,
        app as _,
        agent as _,
        mark,
        now,
        now.plus(lasts),
    )
    .execute(&mut **tx)
    .await?;
    Ok(Given { token: format!("{prefix}{}", fresh.text), lasts, agent })
}

/// A caller whose token is good.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The context of what they call; an application's has no rights before `by` says for which scope.
    pub ctx: Ctx,
    /// The application or the agent.
    pub id: sqlx::types::Uuid,
    /// Their token, as it is kept.
    pub token_hash: Vec<u8>,
    /// 接口范围 of an application; an agent has none, and their own rights.
    pub scopes: Option<Vec<ApiScope>>,
}

impl Caller {
    /// The context of a call by this scope.
    ///
    /// # Errors
    /// `Problem::ScopeMissing` when the application was not given it.
    pub fn by(&self, scope: ApiScope) -> Result<Ctx> {
        match &self.scopes {
            None => Ok(self.ctx.clone()),
            Some(scopes) if scopes.contains(&scope) => Ok(Ctx { grants: scope.grants(), ..self.ctx.clone() }),
            Some(_) => Err(Problem::ScopeMissing.into()),
        }
    }
}

/// Company and hash of a token; none for a text that is no token.
#[must_use]
pub fn read(token: &str) -> Option<(CompanyId, Vec<u8>)> {
    let text = token.trim();
    [APP_PREFIX, AGENT_PREFIX].iter().find_map(|prefix| text.strip_prefix(prefix)).and_then(rng::read_link_token)
}

/// A token as it is kept.
struct Kept {
    app_id: Option<AppId>,
    agent_id: Option<AgentId>,
    password_mark: Option<Vec<u8>>,
    expires_at: Stamp,
}

/// Public: who calls with this token. `Problem::TokenMissing` without one, `Problem::TokenInvalid` for one that is none, has run
/// out, was replaced, or whose holder may not call any more; `Problem::AddressRefused` from elsewhere than the list says.
pub async fn admit(app: &Arc<App>, request: Request, token: &str) -> Result<Caller> {
    if token.trim().is_empty() {
        return Err(Problem::TokenMissing.into());
    }
    let invalid = || Error::from(Problem::TokenInvalid);
    let (company, token_hash) = read(token).ok_or_else(invalid)?;
    let mut tx = ctx::open(app, company).await?;
    let kept = sqlx::query_as!(
        Kept,
        r#"select app_id as "app_id: AppId", agent_id as "agent_id: AgentId", password_mark, expires_at
        from api_tokens
        where company_id = $1
        and token_hash = $2"#,
        company as _,
        token_hash,
    )
    .fetch_optional(&mut *tx)
    .await?;
    drop(tx);
    let kept = kept.filter(|kept| kept.expires_at > app.clock.now()).ok_or_else(invalid)?;
    match (kept.app_id, kept.agent_id) {
        (Some(id), _) => {
            let actor = Actor::App { id, name: String::new() };
            let ctx = Ctx::load(app, company, actor, Grants::none(), Vec::new(), request).await?;
            of_app(ctx, id, token_hash).await
        }
        (None, Some(agent)) => {
            let through: Arc<str> = t!(request.lang, "接口", "API").into();
            let asked = Request { through: Some(through), ..request.clone() };
            let person = match identity::queries::person(app, company, agent, asked).await {
                Err(Error::SignInFirst) => return Err(invalid()),
                found => found?,
            };
            let mut tx = person.ctx.read().await?;
            let is_same = kept.password_mark == Some(password_mark(&mut tx, agent).await?);
            drop(tx);
            if !is_same {
                return Err(invalid());
            }
            // An interface answers in the language that is asked for, not in the one of the agent's pages.
            let ctx = Ctx { request: Request { lang: request.lang, ..person.ctx.request.clone() }, ..person.ctx };
            Ok(Caller { id: agent.0, token_hash, scopes: None, ctx })
        }
        (None, None) => Err(invalid()),
    }
}

async fn of_app(ctx: Ctx, id: AppId, token_hash: Vec<u8>) -> Result<Caller> {
    let mut tx = ctx.begin().await?;
    let app = match app_in(&mut tx, id).await {
        Err(Error::NotFound) => return Err(Problem::TokenInvalid.into()),
        found => found?,
    };
    if !is_allowed(&app.networks, &ctx.request) {
        return Err(Problem::AddressRefused.into());
    }
    let now = ctx.now();
    if app.used_at.is_none_or(|at| now.since(at) > NOTED) {
        sqlx::query!("update api_apps set used_at = $3 where company_id = $1 and id = $2", ctx.company as _, id as _, now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let ctx = Ctx { actor: Actor::App { id, name: app.name }, ..ctx };
    Ok(Caller { ctx, id: id.0, token_hash, scopes: Some(app.scopes) })
}

fn is_allowed(networks: &[String], request: &Request) -> bool {
    networks.is_empty() || request.ip.is_some_and(|ip| networks.iter().any(|network| contains(network, ip)))
}

//! 公司: creating one with its first super admin, its facts, and removing the demo.

use super::account::NewAgent;
use crate::model::company::{CompanyInput, SetupInput};
use crate::model::{AgentStatus, GroupKind};
use crate::password;
use crate::throttle;
use kernel::actor::Actor;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{AgentId, CompanyId, GroupId};
use kernel::lang::Lang;
use kernel::permission::{Grants, Permission, Role};
use kernel::rng;
use kernel::t;
use kernel::time::zone;
use kernel::tx::{Subject, Tx};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;

/// 新公司: what one needs to begin.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// Name.
    pub name: String,
    /// IANA name of the zone.
    pub time_zone: String,
    /// Language of mails to people whose language is unknown, and of the names that are made here.
    pub lang: Lang,
    /// Whether it is the demo, which can be removed.
    pub is_demo: bool,
    /// Sign-in address of the first super admin.
    pub email: String,
    /// Full name of the first super admin; the address' first part when empty.
    pub admin: String,
    /// Password of the first super admin, who is enabled at once.
    pub password: String,
}

/// What came to be with a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founded {
    /// The company.
    pub company: CompanyId,
    /// Its super admin.
    pub agent: AgentId,
    /// Its first ticket group.
    pub group: GroupId,
}

/// System: the command line and the demo make companies. All of it or nothing.
pub async fn create_company(app: &Arc<App>, new: NewCompany) -> Result<Founded> {
    let (ctx, founder) = prepare(app, &new).await?;
    let mut tx = ctx.begin().await?;
    let founded = found(&mut tx, &new, founder).await?;
    tx.commit().await?;
    Ok(founded)
}

/// Public: the first visit, before anybody can sign in. Where the program listens beyond loopback it asks for the
/// one-time code of the start-up log. Of many at once exactly one succeeds (S58).
pub async fn set_up(app: &Arc<App>, input: SetupInput, request: &Request) -> Result<Founded> {
    input.check()?;
    check_setup_code(app, &input.code, request.ip).await?;
    let new = NewCompany {
        name: input.company,
        time_zone: input.time_zone,
        lang: input.lang.unwrap_or(request.lang),
        is_demo: false,
        email: input.email,
        admin: input.name,
        password: input.password,
    };
    let (ctx, founder) = prepare(app, &new).await?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("select only_row from directory.installation for update").fetch_one(&mut *tx).await?;
    let exists = sqlx::query_scalar!(r#"select exists (select from directory.companies where not is_demo) as "exists!""#)
        .fetch_one(&mut *tx)
        .await?;
    if exists {
        return Err(Problem::SetupDone.into());
    }
    let founded = found(&mut tx, &new, founder).await?;
    let now = ctx.now();
    sqlx::query!("update directory.installation set setup_code_used_at = $1", now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(founded)
}

/// System: a fresh one-time code of the first visit, for the start-up log; the one before stops working.
pub async fn issue_setup_code(app: &App) -> Result<String> {
    let code = rng::spoken_code();
    let mut tx = app.directory().await?;
    sqlx::query!(
        "update directory.installation set setup_code_hash = $1, setup_code_used_at = null",
        rng::sha256(code.replace('-', "").as_bytes()),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(code)
}

/// Public: refuses a wrong code of the first visit, where one is asked for. Tries are counted by network.
pub async fn check_setup_code(app: &App, code: &str, ip: Option<IpAddr>) -> Result {
    if !crate::queries::company::needs_setup_code(app) {
        return Ok(());
    }
    let wrong = || Error::Problems(Problems::one("code", Problem::SetupCodeWrong));
    let paid = throttle::named(app, "setup", ip).await?;
    let typed: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let mut tx = app.directory().await?;
    let row = sqlx::query!("select setup_code_hash, setup_code_used_at from directory.installation").fetch_one(&mut *tx).await?;
    let stored = row.setup_code_hash.filter(|_| row.setup_code_used_at.is_none()).ok_or_else(wrong)?;
    if !bool::from(subtle::ConstantTimeEq::ct_eq(stored.as_slice(), rng::sha256(typed.as_bytes()).as_slice())) {
        return Err(wrong());
    }
    throttle::refund(&mut tx, &paid).await?;
    Ok(tx.commit().await?)
}

/// Changes name, zone and language of the company.
pub async fn edit(ctx: &Ctx, input: CompanyInput) -> Result {
    ctx.require(Permission::CompanySettings)?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    put(&mut tx, &input).await?;
    tx.commit().await
}

/// The checks and the writing of `edit`, inside the caller's transaction.
pub(crate) async fn put(tx: &mut Tx, input: &CompanyInput) -> Result {
    input.check()?;
    let company = tx.ctx.company;
    if zone(&input.time_zone).is_none() {
        return Err(Error::Problems(Problems::one("time_zone", Problem::BadTimeZone)));
    }
    let before = sqlx::query!("select name, time_zone, lang from companies where company_id = $1 for update", company as _)
        .fetch_one(&mut **tx)
        .await?;
    sqlx::query!(
        "update companies set name = $2, time_zone = $3, lang = $4
        where company_id = $1",
        company as _,
        input.name.trim(),
        input.time_zone,
        input.lang.key(),
    )
    .execute(&mut **tx)
    .await?;
    tx.audit(
        "company.edited",
        Subject::named("company", Some(company.0), input.name.trim()),
        Some(json!({"name": before.name, "time_zone": before.time_zone, "lang": before.lang})),
        Some(json!({"name": input.name.trim(), "time_zone": input.time_zone, "lang": input.lang})),
    )
    .await
}

/// System: removes the demo with everything in it, the bytes of its files last. Any other company is refused by the
/// database itself.
pub async fn remove_company(app: &Arc<App>, company: CompanyId) -> Result {
    let ctx = app.system(company).await?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("set local statement_timeout = '5min'").execute(&mut *tx).await?;
    sqlx::query!("select remove_company($1)", company as _).execute(&mut *tx).await?;
    tx.commit().await?;
    // The company is gone whatever the store says.
    if let Err(error) = kernel::store::remove_all(app, company).await {
        tracing::warn!(%error, %company, "files of a removed company stay in the store");
    }
    Ok(())
}

/// The first super admin, ready to be stored.
struct Founder {
    email: String,
    name: String,
    password_hash: String,
}

/// Everything that needs no transaction: checks, the costly hash, the context of the company to be.
async fn prepare(app: &Arc<App>, new: &NewCompany) -> Result<(Ctx, Founder)> {
    let email = kernel::input::email(&new.email).unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default();
    let name = if new.admin.trim().is_empty() { local.to_owned() } else { new.admin.trim().to_owned() };
    let input = SetupInput {
        company: new.name.clone(),
        time_zone: new.time_zone.clone(),
        email: new.email.clone(),
        name: name.clone(),
        password: new.password.clone(),
        ..SetupInput::default()
    };
    input.check()?;
    let zone = zone(&new.time_zone).ok_or(Error::Problems(Problems::one("time_zone", Problem::BadTimeZone)))?;
    password::check(&new.password, "password", &[&new.name, &new.admin, &email])?;
    let password_hash = password::hash(&new.password).await?;
    let ctx = Ctx {
        app: app.clone(),
        company: CompanyId(rng::uuid_at(app.clock.now())),
        company_name: new.name.trim().into(),
        zone,
        company_lang: new.lang,
        is_demo: new.is_demo,
        actor: Actor::System,
        grants: Grants::all(),
        groups: Arc::new([]),
        request: Request::internal(app),
        reading: None,
    };
    Ok((ctx, Founder { email, name, password_hash }))
}

async fn found(tx: &mut Tx, new: &NewCompany, founder: Founder) -> Result<Founded> {
    let (ctx, now) = (tx.ctx.clone(), tx.ctx.now());
    let (company, name) = (ctx.company, new.name.trim());
    sqlx::query!("insert into directory.companies (company_id, is_demo, created_at) values ($1, $2, $3)", company as _, new.is_demo, now,)
        .execute(&mut **tx)
        .await?;
    let mail_key = ctx.app.vault.seal(&format!("company/companies/mail_key/{company}"), &rng::bytes::<32>());
    sqlx::query!(
        "insert into companies (company_id, name, time_zone, lang, is_demo, mail_key, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
        company as _,
        name,
        new.time_zone,
        new.lang.key(),
        new.is_demo,
        mail_key,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let after = json!({"name": name, "time_zone": new.time_zone, "lang": new.lang});
    tx.audit("company.created", Subject::named("company", Some(company.0), name), None, Some(after)).await?;
    let group_name = t!(new.lang, "默认工单组", "Default ticket group");
    let group = GroupId(ctx.uuid());
    super::group::insert(tx, group, GroupKind::Ticket, group_name, "").await?;
    let agent = NewAgent {
        email: founder.email,
        name: founder.name.clone(),
        nickname: founder.name,
        phone: String::new(),
        role: Role::SuperAdmin,
        permission_group: None,
        department: None,
        unit: None,
        groups: vec![group],
        lang: None,
        status: AgentStatus::Enabled,
        password_hash: founder.password_hash,
    };
    let agent = super::account::insert(tx, agent).await?;
    Ok(Founded { company, agent, group })
}

/// Holds the company until the transaction ends, so that two who change an order or a default do so one after the other.
/// System: its caller has asked who may.
pub async fn hold(tx: &mut Tx) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("select from companies where company_id = $1 for no key update", company as _).execute(&mut **tx).await?;
    Ok(())
}

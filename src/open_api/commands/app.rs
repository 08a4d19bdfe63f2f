//! 应用: making, editing, another key, revoking.

use crate::model::{APPS_MOST, AppChoice, AppInput};
use crate::queries::{App, app_in};
use crate::sign::appid;
use identity::model::permission::covers;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::AppId;
use kernel::input::lines;
use kernel::network::is_network;
use kernel::permission::Permission;
use kernel::rng;
use kernel::scope::ApiScope;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};

/// What an application proves itself by; the key is not shown again.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Which application.
    pub app: AppId,
    /// `appid`.
    pub appid: String,
    /// `app_key`.
    pub app_key: String,
}

/// Makes an application.
pub async fn create(ctx: &Ctx, input: AppInput) -> Result<Keys> {
    ctx.require(Permission::AppManage)?;
    let networks = checked(&input)?;
    may_give(ctx, &input.scopes, "scopes")?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let (company, now, id) = (ctx.company, ctx.now(), AppId(ctx.uuid()));
    let known = sqlx::query_scalar!(r#"select count(*) as "n!" from api_apps where company_id = $1 and revoked_at is null"#, company as _)
        .fetch_one(&mut *tx)
        .await?;
    if known >= APPS_MOST {
        return Err(Problem::TooManyApps.into());
    }
    let (app_key, sealed) = fresh_key(ctx, id);
    sqlx::query!(
        "insert into api_apps (company_id, id, name, app_key, scopes, networks, created_at, created_by, key_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
        company as _,
        id as _,
        input.name.trim(),
        sealed,
        &keys(&input.scopes),
        &networks,
        now,
        ctx.actor.name(),
    )
    .execute(&mut *tx)
    .await
    .map_err(name_taken)?;
    let after = shown(&app_in(&mut tx, id).await?);
    tx.audit("app.created", Subject::named("app", Some(id.0), input.name.trim()), None, Some(after)).await?;
    tx.commit().await?;
    Ok(Keys { app: id, appid: appid(company, id), app_key })
}

/// Changes name, scopes and addresses; what calls meanwhile is asked by the new ones at its next call.
pub async fn edit(ctx: &Ctx, input: AppInput) -> Result {
    ctx.require(Permission::AppManage)?;
    let networks = checked(&input)?;
    let id = input.id.ok_or(Error::NotFound)?;
    let mut tx = ctx.begin().await?;
    let before = held(&mut tx, id).await?;
    if before.version != input.version {
        return Err(Problem::Stale.into());
    }
    let added: Vec<ApiScope> = input.scopes.iter().copied().filter(|scope| !before.scopes.contains(scope)).collect();
    may_give(ctx, &added, "scopes")?;
    sqlx::query!(
        "update api_apps
        set name = $3, scopes = $4, networks = $5, version = version + 1
        where company_id = $1
        and id = $2",
        ctx.company as _,
        id as _,
        input.name.trim(),
        &keys(&input.scopes),
        &networks,
    )
    .execute(&mut *tx)
    .await
    .map_err(name_taken)?;
    let after = app_in(&mut tx, id).await?;
    tx.audit("app.edited", Subject::named("app", Some(id.0), after.name.clone()), Some(shown(&before)), Some(shown(&after))).await?;
    tx.commit().await
}

/// 更换密钥: the key before and the token it got stop working at once.
pub async fn rotate(ctx: &Ctx, input: AppChoice) -> Result<Keys> {
    ctx.require(Permission::AppManage)?;
    let mut tx = ctx.begin().await?;
    let app = held(&mut tx, input.id).await?;
    // Whoever has the key may do what the application may.
    may_give(ctx, &app.scopes, "")?;
    let (company, now) = (ctx.company, ctx.now());
    let (app_key, sealed) = fresh_key(ctx, app.id);
    sqlx::query!("update api_apps set app_key = $3, key_at = $4 where company_id = $1 and id = $2", company as _, app.id as _, sealed, now)
        .execute(&mut *tx)
        .await?;
    end_token(&mut tx, app.id).await?;
    tx.audit("app.key_rotated", Subject::named("app", Some(app.id.0), app.name), None, None).await?;
    tx.commit().await?;
    Ok(Keys { app: app.id, appid: appid(company, app.id), app_key })
}

/// 停用: it cannot call any more, and its name is free for another one.
pub async fn revoke(ctx: &Ctx, input: AppChoice) -> Result {
    ctx.require(Permission::AppManage)?;
    let mut tx = ctx.begin().await?;
    let app = held(&mut tx, input.id).await?;
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!("update api_apps set revoked_at = $3 where company_id = $1 and id = $2", company as _, app.id as _, now)
        .execute(&mut *tx)
        .await?;
    end_token(&mut tx, app.id).await?;
    tx.audit("app.disabled", Subject::named("app", Some(app.id.0), app.name.clone()), Some(shown(&app)), None).await?;
    tx.commit().await
}

async fn end_token(tx: &mut Tx, app: AppId) -> Result {
    let company = tx.ctx.company;
    sqlx::query!("delete from api_tokens where company_id = $1 and app_id = $2", company as _, app as _).execute(&mut **tx).await?;
    Ok(())
}

/// An application that is not revoked, locked until the transaction ends.
async fn held(tx: &mut Tx, id: AppId) -> Result<App> {
    let company = tx.ctx.company;
    sqlx::query!("select id from api_apps where company_id = $1 and id = $2 and revoked_at is null for update", company as _, id as _)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound)?;
    app_in(tx, id).await
}

fn fresh_key(ctx: &Ctx, app: AppId) -> (String, Vec<u8>) {
    let app_key = rng::hex(&rng::bytes::<32>());
    let sealed = ctx.app.vault.seal(&place(ctx, app), app_key.as_bytes());
    (app_key, sealed)
}

/// Where the key of an application lies sealed.
pub(crate) fn place(ctx: &Ctx, app: AppId) -> String {
    format!("{}/api_apps/app_key/{app}", ctx.company)
}

/// The networks of the form, when everything of it is right.
fn checked(input: &AppInput) -> Result<Vec<String>> {
    input.check()?;
    let networks = lines(&input.networks);
    let mut problems = Problems::default();
    problems.need(networks.iter().all(|line| is_network(line)), "networks", Problem::BadNetwork);
    problems.end()?;
    Ok(networks)
}

/// Nobody gives an application, and with its key themselves, more than they have.
fn may_give(ctx: &Ctx, scopes: &[ApiScope], field: &str) -> Result {
    let covered = scopes.iter().all(|scope| covers(&ctx.grants, &scope.grants()));
    if covered { Ok(()) } else { Err(Error::Problems(Problems::one(field, Problem::ScopeNotYours))) }
}

fn keys(scopes: &[ApiScope]) -> Vec<String> {
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.iter().map(|scope| scope.key().to_owned()).collect()
}

fn name_taken(error: sqlx::Error) -> Error {
    Error::on_constraint(error, "api_apps_name", "name", Problem::NameTaken)
}

/// As the audit trail keeps it, without the key.
fn shown(app: &App) -> Value {
    json!({ "name": app.name, "scopes": app.scopes, "networks": app.networks })
}

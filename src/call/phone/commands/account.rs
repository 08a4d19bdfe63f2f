//! 电话账号: answer way, extension, and the company's extensions.

use crate::model::AnswerWay;
use crate::model::phone::{AccountInput, ExtensionsInput, PhoneSettings, PhoneSettingsInput, read_own};
use crate::phone::queries;
use identity::model::AgentStatus;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::AgentId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Extensions of a company at most.
const MOST: usize = 2_000;

/// 电话设置: saves a new version.
pub async fn save_settings(ctx: &Ctx, input: PhoneSettingsInput) -> Result {
    ctx.require(Permission::PhoneManage)?;
    let PhoneSettingsInput { version, reason, wrap_up_s, busy_after_missed, own_states } = input;
    let mut tx = ctx.begin().await?;
    kernel::setting::save(&mut tx, &PhoneSettings { wrap_up_s, busy_after_missed, own_states: read_own(&own_states) }, version, &reason)
        .await?;
    tx.commit().await
}

/// SIP分机: sets the company's extensions. One that is bound cannot go; who edited what has changed meanwhile is told so.
pub async fn set_extensions(ctx: &Ctx, input: ExtensionsInput) -> Result {
    ctx.require(Permission::PhoneManage)?;
    let wanted: BTreeSet<String> = kernel::input::lines(&input.extensions).into_iter().collect();
    let mut problems = Problems::default();
    let is_extension = |text: &String| (2..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    problems.need(wanted.iter().all(is_extension), "extensions", Problem::BadFormat);
    problems.need(wanted.len() <= MOST, "extensions", Problem::TooMany);
    problems.end()?;
    let wanted: Vec<String> = wanted.into_iter().collect();
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let before = queries::extensions(&mut tx).await?;
    let seen: BTreeSet<String> = kernel::input::lines(&input.before).into_iter().collect();
    if before.iter().cloned().collect::<BTreeSet<String>>() != seen {
        return Err(Problem::Stale.into());
    }
    sqlx::query!("delete from phone_extensions where company_id = $1 and extension <> all($2)", ctx.company as _, &wanted)
        .execute(&mut *tx)
        .await
        .map_err(|error| Error::on_constraint(error, "phone_accounts_company_id_extension_fkey", "extensions", Problem::ExtensionInUse))?;
    sqlx::query!(
        "insert into phone_extensions (company_id, extension, created_at)
        select $1, extension, $3 from unnest($2::text[]) extension
        on conflict (company_id, extension) do nothing",
        ctx.company as _,
        &wanted,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await?;
    let after = queries::extensions(&mut tx).await?;
    let subject = Subject::named("phone", None, "");
    tx.audit("phone.edited", subject, Some(json!({ "extensions": before })), Some(json!({ "extensions": after }))).await?;
    tx.commit().await
}

/// 绑定SIP分机: sets an agent's phone account. An account that is not activated, or disabled, gets none, but may give one up; one
/// extension is one agent's, whoever binds it at the same moment (S58). Who is disabled or deleted leaves it to whoever gets it.
pub async fn bind(ctx: &Ctx, input: AccountInput) -> Result {
    ctx.require(Permission::PhoneManage)?;
    let extension = Some(input.extension.trim()).filter(|extension| !extension.is_empty());
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let (status, mobile) = identity::queries::status_of(&mut tx, input.agent).await?;
    match status {
        AgentStatus::NotActivated => return Err(Problem::AgentNotActivated.into()),
        AgentStatus::Disabled if extension.is_none() && !input.enabled => {}
        AgentStatus::Disabled | AgentStatus::Deleted => return Err(Problem::AgentDisabled.into()),
        AgentStatus::Enabled => {}
    }
    let mut problems = Problems::default();
    problems.need(extension.is_some() || input.answer_way != AnswerWay::Sip || !input.enabled, "extension", Problem::ExtensionNeeded);
    problems.need(
        !mobile.trim().is_empty() || input.answer_way != AnswerWay::Mobile || !input.enabled,
        "answer_way",
        Problem::MobileNeeded,
    );
    problems.end()?;
    let before = queries::account(&mut tx, input.agent).await?;
    if before.as_ref().map_or(0, |account| account.version) != input.version {
        return Err(Problem::Stale.into());
    }
    if let Some(extension) = extension {
        free(&mut tx, input.agent, extension).await?;
    }
    sqlx::query!(
        "insert into phone_accounts as p (company_id, agent_id, answer_way, extension, enabled, version, updated_at)
        values ($1, $2, $3, $4, $5, 1, $6)
        on conflict (company_id, agent_id) do update
        set answer_way = excluded.answer_way, extension = excluded.extension, enabled = excluded.enabled,
            version = p.version + 1, updated_at = excluded.updated_at",
        ctx.company as _,
        input.agent as _,
        input.answer_way as _,
        extension,
        input.enabled,
        ctx.now(),
    )
    .execute(&mut *tx)
    .await
    .map_err(|error| match Error::broke(&error, "phone_accounts_company_id_extension_fkey") {
        true => Error::Problems(Problems::one("extension", Problem::ExtensionUnknown)),
        false => Error::on_constraint(error, "phone_accounts_extension", "extension", Problem::ExtensionTaken),
    })?;
    let name = identity::queries::name_of(&mut tx, input.agent).await?;
    let old = before.map(|account| shown(account.answer_way, account.extension.as_deref(), account.enabled));
    let new = shown(input.answer_way, extension, input.enabled);
    tx.audit("phone.edited", Subject::named("phone", Some(input.agent.0), name), old, Some(new)).await?;
    tx.commit().await
}

/// Whoever else has the extension and is not enabled any more gives it up.
async fn free(tx: &mut Tx, agent: AgentId, extension: &str) -> Result {
    let Some(owner) = queries::whose(tx, extension).await?.filter(|owner| *owner != agent) else { return Ok(()) };
    let is_enabled = match identity::queries::status_of(tx, owner).await {
        Ok((status, _)) => status == AgentStatus::Enabled,
        // Of somebody deleted nothing is said.
        Err(Error::NotFound) => false,
        Err(error) => return Err(error),
    };
    let Some(account) = queries::account(tx, owner).await?.filter(|_| !is_enabled) else { return Ok(()) };
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "update phone_accounts
        set extension = null, enabled = false, version = version + 1, updated_at = $3
        where company_id = $1
        and agent_id = $2",
        company as _,
        owner as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    let name = identity::queries::name_of(tx, owner).await?;
    let old = shown(account.answer_way, account.extension.as_deref(), account.enabled);
    let new = shown(account.answer_way, None, false);
    tx.audit("phone.edited", Subject::named("phone", Some(owner.0), name), Some(old), Some(new)).await
}

/// An account as the audit keeps it.
fn shown(way: AnswerWay, extension: Option<&str>, enabled: bool) -> Value {
    json!({ "answer_way": way.key(), "extension": extension, "enabled": enabled })
}

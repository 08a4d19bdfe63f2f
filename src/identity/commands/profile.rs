//! 个人设置: what people change about themselves.

use crate::model::Theme;
use crate::model::account::ProfileInput;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::tx::Subject;
use serde_json::json;

/// Public: whoever is signed in changes the own profile.
pub async fn edit(ctx: &Ctx, input: ProfileInput) -> Result {
    let agent = ctx.agent()?;
    input.check()?;
    let name = input.name.trim();
    let nickname = if input.nickname.trim().is_empty() { name } else { input.nickname.trim() };
    let mut tx = ctx.begin().await?;
    let before = sqlx::query!(
        "select name, nickname, phone from agents where company_id = $1 and id = $2 for update",
        ctx.company as _,
        agent as _,
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(Error::SignInFirst)?;
    let before = json!({"name": before.name, "nickname": before.nickname, "phone": before.phone});
    let after = json!({"name": name, "nickname": nickname, "phone": input.phone.trim()});
    // Colours and row heights are nobody else's business: they are no new version of the account.
    let is_new = before != after;
    sqlx::query!(
        "update agents set name = $3, nickname = $4, phone = $5, lang = $6, theme = $7, density = $8, version = version + $9
        where company_id = $1
        and id = $2",
        ctx.company as _,
        agent as _,
        name,
        nickname,
        input.phone.trim(),
        input.lang.map(Lang::key),
        input.theme.key(),
        input.density.key(),
        i32::from(is_new),
    )
    .execute(&mut *tx)
    .await?;
    if is_new {
        tx.audit("agent.edited", Subject::named("agent", Some(agent.0), name), Some(before), Some(after)).await?;
    }
    tx.commit().await
}

/// Changes the colours of one's console.
pub async fn set_theme(ctx: &Ctx, theme: Theme) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("update agents set theme = $3 where company_id = $1 and id = $2", ctx.company as _, agent as _, theme.key())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Changes the language of one's console.
pub async fn set_lang(ctx: &Ctx, lang: Lang) -> Result {
    let agent = ctx.agent()?;
    let mut tx = ctx.begin().await?;
    sqlx::query!("update agents set lang = $3 where company_id = $1 and id = $2", ctx.company as _, agent as _, lang.key())
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

//! 个人设置: what people change about themselves.

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
    sqlx::query!(
        "update agents set name = $3, nickname = $4, phone = $5, lang = $6, theme = $7, density = $8
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
    )
    .execute(&mut *tx)
    .await?;
    let before = json!({"name": before.name, "nickname": before.nickname, "phone": before.phone});
    let after = json!({"name": name, "nickname": nickname, "phone": input.phone.trim()});
    // Colours and row heights are nobody else's business.
    if before != after {
        tx.audit("agent.edited", Subject::named("agent", Some(agent.0), name), Some(before), Some(after)).await?;
    }
    tx.commit().await
}

//! Writes of presets. Shared ones need the right to manage them, one's own the right to reply: what may not be managed
//! answers like nothing.

mod check;
pub mod insert;
mod keep;
pub mod perform;

use crate::model::{PresetChoice, PresetInput, PresetKind, SwitchInput, TITLE_MOST, Visibility};
use crate::queries::{Names, Preset, Shelf, html, names, on};
use crate::say;
use check::{choices, free, room};
use keep::write;
use kernel::ctx::Ctx;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::PresetId;
use kernel::permission::Permission;
use kernel::rich;
use kernel::t;
use kernel::tx::{Subject, Tx};
use serde_json::{Value, json};
use sqlx::types::Json;
use ticket::model::TEXT_MOST;

/// First words that are kept beside the HTML, in characters.
const WORDS: usize = 200;

/// 保存: a new preset, or a new version of one.
pub async fn save(ctx: &Ctx, input: PresetInput) -> Result<PresetId> {
    let shelf = Shelf::of(input.visibility);
    ctx.require(shelf.needs())?;
    input.check()?;
    let mut tx = ctx.begin().await?;
    tx.because(&input.reason);
    identity::commands::company::hold(&mut tx).await?;
    if let Some(id) = input.id {
        let before = on(&mut tx, shelf).await?.into_iter().find(|preset| preset.id == id).ok_or(Error::NotFound)?;
        if before.version != input.version {
            return Err(Problem::Stale.into());
        }
    }
    let id = input.id.unwrap_or(PresetId(ctx.uuid()));
    put(&mut tx, id, &input).await?;
    tx.commit().await?;
    Ok(id)
}

/// The checks and the writing of `save`, inside the caller's transaction, which holds the company; a deleted preset comes
/// back.
pub(crate) async fn put(tx: &mut Tx, id: PresetId, input: &PresetInput) -> Result {
    let (shelf, acts, html) = (Shelf::of(input.visibility), input.check()?, body(input)?);
    let (known, names, ctx) = (on(tx, shelf).await?, names(tx).await?, tx.ctx.clone());
    let shortcut = input.shortcut.trim().to_lowercase();
    choices(tx, input, &names).await?;
    free(tx, &shortcut, id).await?;
    let before = known.iter().find(|preset| preset.id == id);
    if before.is_some_and(|before| before.kind != input.kind) {
        return Err(Error::Problems(Problems::one("kind", Problem::BadChoice)));
    }
    if before.is_none() {
        room(&known, shelf, input.kind)?;
    }
    let preset = Preset {
        id,
        kind: input.kind,
        visibility: input.visibility,
        owner: if shelf == Shelf::Own { Some(ctx.agent()?) } else { None },
        groups: if input.visibility == Visibility::Groups { input.groups.clone() } else { Vec::new() },
        title: input.title.trim().to_owned(),
        shortcut,
        folder: input.folder.trim().to_owned(),
        words: first_words(&html),
        acts: Json(acts),
        enabled: input.enabled,
        version: 1,
        used: 0,
        last_used_at: None,
    };
    let was = match before {
        Some(before) => Some(shown(&ctx, before, &self::html(tx, id).await?, &names)),
        None => None,
    };
    write(tx, &preset, &html).await?;
    let action = if was.is_some() { "preset.edited" } else { "preset.created" };
    tx.audit(action, subject(&preset), was, Some(shown(&ctx, &preset, &html, &names))).await
}

/// 复制: the same once more on the same shelf, switched off and without the shortcut, which is taken.
pub async fn copy(ctx: &Ctx, input: PresetChoice) -> Result<(PresetId, Shelf)> {
    require_any(ctx)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let (original, shelf) = managed(&mut tx, input.preset).await?;
    room(&on(&mut tx, shelf).await?, shelf, original.kind)?;
    let (html, names) = (html(&mut tx, original.id).await?, names(&mut tx).await?);
    let title = t!(ctx.lang(), "{} 的副本", "Copy of {}", original.title).chars().take(TITLE_MOST).collect();
    let preset = Preset { id: PresetId(ctx.uuid()), title, shortcut: String::new(), enabled: false, version: 1, ..original };
    write(&mut tx, &preset, &html).await?;
    tx.audit("preset.created", subject(&preset), None, Some(shown(ctx, &preset, &html, &names))).await?;
    tx.commit().await?;
    Ok((preset.id, shelf))
}

/// 启用 or 停用.
pub async fn switch(ctx: &Ctx, input: SwitchInput) -> Result {
    require_any(ctx)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let (preset, _) = managed(&mut tx, input.preset).await?;
    if preset.enabled == input.enabled {
        return Ok(());
    }
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!(
        "update presets
        set enabled = $3, version = version + 1, updated_at = $4
        where company_id = $1
        and id = $2",
        company as _,
        preset.id as _,
        input.enabled,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let action = if input.enabled { "preset.enabled" } else { "preset.disabled" };
    tx.audit(action, subject(&preset), None, None).await?;
    tx.commit().await
}

/// 删除. What was written and done with it stays, and histories go on naming it.
pub async fn delete(ctx: &Ctx, input: PresetChoice) -> Result<Shelf> {
    require_any(ctx)?;
    let mut tx = ctx.begin().await?;
    identity::commands::company::hold(&mut tx).await?;
    let (preset, shelf) = managed(&mut tx, input.preset).await?;
    erase(&mut tx, &preset).await?;
    tx.commit().await?;
    Ok(shelf)
}

/// Deletes a shared preset, inside the caller's transaction, which holds the company.
pub(crate) async fn remove(tx: &mut Tx, id: PresetId) -> Result {
    let preset = on(tx, Shelf::Shared).await?.into_iter().find(|preset| preset.id == id).ok_or(Error::NotFound)?;
    erase(tx, &preset).await
}

async fn erase(tx: &mut Tx, preset: &Preset) -> Result {
    let (html, names, ctx) = (html(tx, preset.id).await?, names(tx).await?, tx.ctx.clone());
    let (company, now) = (ctx.company, ctx.now());
    sqlx::query!("update presets set deleted_at = $3 where company_id = $1 and id = $2", company as _, preset.id as _, now)
        .execute(&mut **tx)
        .await?;
    tx.audit("preset.deleted", subject(preset), Some(shown(&ctx, preset, &html, &names)), None).await
}

/// Whoever may neither manage shared presets nor have own ones has none to name.
fn require_any(ctx: &Ctx) -> Result {
    if ctx.may(Permission::PresetManage) { Ok(()) } else { ctx.require(Permission::TicketReply) }
}

/// A preset that the actor may manage, and where it stands.
async fn managed(tx: &mut Tx, id: PresetId) -> Result<(Preset, Shelf)> {
    for shelf in [Shelf::Own, Shelf::Shared] {
        if !tx.ctx.may(shelf.needs()) {
            continue;
        }
        if let Some(preset) = on(tx, shelf).await?.into_iter().find(|preset| preset.id == id) {
            return Ok((preset, shelf));
        }
    }
    Err(Error::NotFound)
}

/// What was written, sanitised; pictures stay with the ticket they were sent in, so a preset has none.
fn body(input: &PresetInput) -> Result<String> {
    let typed = if input.html.trim().is_empty() { rich::from_text(&input.text) } else { input.html.clone() };
    let html = rich::without_pictures(&rich::clean(&typed), |_| false);
    let mut problems = Problems::default();
    problems.need(rich::count(&html) <= TEXT_MOST, "text", Problem::TooLong);
    problems.need(input.kind == PresetKind::Macro || !rich::is_empty(&html), "text", Problem::Required);
    problems.end()?;
    Ok(html)
}

fn first_words(html: &str) -> String {
    let text = rich::to_text(html);
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect()
}

/// One's own presets are no configuration: the history of it does not look at them.
fn subject(preset: &Preset) -> Subject {
    let kind = if preset.owner.is_some() { "own_preset" } else { "preset" };
    Subject::named(kind, Some(preset.id.0), preset.title.clone())
}

/// A preset as the audit trail keeps it: what a macro does in words, as it read then.
fn shown(ctx: &Ctx, preset: &Preset, html: &str, names: &Names) -> Value {
    let lang = ctx.company_lang;
    let group = |id: &kernel::id::GroupId| names.groups.iter().find(|(known, _)| *known == id.to_string()).map(|(_, name)| name.clone());
    json!({
        "name": preset.title,
        "kind": preset.kind.label(lang),
        "visibility": preset.visibility.label(lang),
        "groups": preset.groups.iter().filter_map(group).collect::<Vec<_>>(),
        "shortcut": preset.shortcut,
        "folder": preset.folder,
        "text": rich::to_text(html),
        "rule": say::sentence(&preset.acts.0, &preset.words, names, lang),
        "enabled": preset.enabled,
    })
}

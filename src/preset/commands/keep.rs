//! The rows of presets.

use crate::queries::Preset;
use kernel::error::Result;
use kernel::id::PresetId;
use kernel::tx::Tx;

/// A new one, or a new version of one; a deleted one comes back.
pub(super) async fn write(tx: &mut Tx, preset: &Preset, html: &str) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    let groups: Vec<uuid::Uuid> = preset.groups.iter().map(|group| group.0).collect();
    sqlx::query!(
        "insert into presets as p (company_id, id, kind, visibility, owner_id, groups, title, shortcut, folder, html, words, acts, enabled,
            version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14)
        on conflict (company_id, id) do update
        set visibility = excluded.visibility, groups = excluded.groups, title = excluded.title, shortcut = excluded.shortcut,
            folder = excluded.folder, html = excluded.html, words = excluded.words, acts = excluded.acts, enabled = excluded.enabled,
            version = p.version + 1, updated_at = excluded.updated_at, deleted_at = null",
        company as _,
        preset.id as _,
        preset.kind as _,
        preset.visibility as _,
        preset.owner as _,
        &groups,
        preset.title,
        preset.shortcut,
        preset.folder,
        html,
        preset.words,
        &preset.acts as _,
        preset.enabled,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// 使用: counts one.
pub(super) async fn count(tx: &mut Tx, preset: PresetId) -> Result {
    let (company, now) = (tx.ctx.company, tx.ctx.now());
    sqlx::query!(
        "insert into preset_uses (company_id, preset_id, used, last_used_at)
        values ($1, $2, 1, $3)
        on conflict (company_id, preset_id) do update
        set used = preset_uses.used + 1, last_used_at = excluded.last_used_at",
        company as _,
        preset as _,
        now,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

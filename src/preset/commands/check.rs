//! 检查: what only the database knows of a preset that is about to be kept.

use crate::model::{PresetInput, PresetKind, Who};
use crate::queries::{Names, Preset, Shelf};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::PresetId;
use kernel::tx::Tx;

/// Shared presets of one kind at most.
const SHARED_MOST: usize = 500;
/// Presets of one kind that are one's own, at most.
const OWN_MOST: usize = 100;

/// Every id is one that can be named: each problem beside its field.
pub(super) async fn choices(tx: &mut Tx, input: &PresetInput, names: &Names) -> Result {
    let knows = |known: &[(String, String)], id: Option<String>| id.is_none_or(|id| known.iter().any(|(known, _)| *known == id));
    let agent = |who: Option<Who>| match who {
        Some(Who::Agent(agent)) => knows(&names.agents, Some(agent.to_string())),
        _ => true,
    };
    let mut problems = Problems::default();
    problems.need(input.groups.iter().all(|group| knows(&names.groups, Some(group.to_string()))), "groups", Problem::BadChoice);
    problems.need(knows(&names.groups, input.group.map(|id| id.to_string())), "group", Problem::BadChoice);
    problems.need(knows(&names.categories, input.category.map(|id| id.to_string())), "category", Problem::BadChoice);
    problems.need(agent(input.agent), "agent", Problem::BadChoice);
    problems.need(agent(input.follow), "follow", Problem::BadChoice);
    // A pair that no ticket can have would be refused at every use.
    if let (Some(group), Some(Who::Agent(agent))) = (input.group, input.agent) {
        let works_there = identity::queries::is_member(tx, group, agent).await?;
        problems.need(works_there, "agent", Problem::GroupAgentMismatch);
    }
    problems.end()
}

/// A shortcut is one preset's among what its writer sees: the shared ones of everybody, and their own. Whether a colleague
/// has it for themselves is not told.
pub(super) async fn free(tx: &mut Tx, shortcut: &str, but: PresetId) -> Result {
    if shortcut.is_empty() {
        return Ok(());
    }
    let (company, me) = (tx.ctx.company, tx.ctx.actor.agent());
    let is_taken = sqlx::query_scalar!(
        r#"select exists (
            select from presets
            where company_id = $1
            and deleted_at is null
            and shortcut = $2
            and (owner_id is null or owner_id = $3)
            and id <> $4
        ) as "taken!""#,
        company as _,
        shortcut,
        me as _,
        but as _,
    )
    .fetch_one(&mut **tx)
    .await?;
    if is_taken { Err(Error::Problems(Problems::one("shortcut", Problem::ShortcutTaken))) } else { Ok(()) }
}

/// Whether one more of the kind has room on the shelf.
pub(super) fn room(known: &[Preset], shelf: Shelf, kind: PresetKind) -> Result {
    let (most, problem) = match shelf {
        Shelf::Shared => (SHARED_MOST, Problem::TooManyPresets),
        Shelf::Own => (OWN_MOST, Problem::TooManyOwnPresets),
    };
    if known.iter().filter(|preset| preset.kind == kind).count() < most { Ok(()) } else { Err(problem.into()) }
}

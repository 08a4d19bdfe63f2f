//! Reads of presets: those that somebody manages, those that somebody can use, and what macros can name.

use crate::find::{OFFERS_MOST, find};
use crate::model::{Acts, FindInput, Offer, PresetKind, Visibility};
use crate::say;
use identity::model::GroupKind;
use kernel::ctx::Ctx;
use kernel::error::{Error, Result};
use kernel::id::{AgentId, GroupId, PresetId};
use kernel::permission::Permission;
use kernel::rich;
use kernel::time::Stamp;
use kernel::tx::Tx;
use sqlx::types::Json;
use std::collections::HashMap;

/// 快捷回复 or 宏 as lists show it.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Which.
    pub id: PresetId,
    /// 类型.
    pub kind: PresetKind,
    /// 可见范围.
    pub visibility: Visibility,
    /// Whose own it is.
    pub owner: Option<AgentId>,
    /// 客服组 that can use it.
    pub groups: Vec<GroupId>,
    /// 名称.
    pub title: String,
    /// 快捷词, in lower case.
    pub shortcut: String,
    /// 分类.
    pub folder: String,
    /// Its first words.
    pub words: String,
    /// What it does.
    pub acts: Json<Acts>,
    /// 启用.
    pub enabled: bool,
    /// Grows with every change.
    pub version: i32,
    /// How often it was used.
    pub used: i64,
    /// When last.
    pub last_used_at: Option<Stamp>,
}

/// 快捷回复 or 宏 as the page of a ticket offers it.
#[derive(Clone, Debug)]
pub struct Usable {
    /// Which.
    pub id: PresetId,
    /// 类型.
    pub kind: PresetKind,
    /// 可见范围.
    pub visibility: Visibility,
    /// 名称.
    pub title: String,
    /// 分类.
    pub folder: String,
    /// The first words of a macro; of a preset reply the page says its name only.
    pub words: String,
    /// What a macro does.
    pub acts: Json<Acts>,
}

/// 书架: where presets are managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Those of everybody and of groups.
    Shared,
    /// The reader's own.
    Own,
}

impl Shelf {
    /// The shelf on which a preset of this visibility stands.
    #[must_use]
    pub const fn of(visibility: Visibility) -> Shelf {
        match visibility {
            Visibility::Everybody | Visibility::Groups => Shelf::Shared,
            Visibility::Own => Shelf::Own,
        }
    }

    /// What it takes to manage what stands there: one's own are whoever's who may reply.
    #[must_use]
    pub const fn needs(self) -> Permission {
        match self {
            Shelf::Shared => Permission::PresetManage,
            Shelf::Own => Permission::TicketReply,
        }
    }
}

/// What macros can name, as value and words.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// 客服 whose accounts are enabled.
    pub agents: Vec<(String, String)>,
    /// 受理组.
    pub groups: Vec<(String, String)>,
    /// 分类 that a ticket can take.
    pub categories: Vec<(String, String)>,
}

/// What stands on a shelf, by name.
pub async fn list(ctx: &Ctx, shelf: Shelf) -> Result<Vec<Preset>> {
    ctx.require(shelf.needs())?;
    let mut tx = ctx.read().await?;
    on(&mut tx, shelf).await
}

/// One preset of a shelf, with its HTML.
pub async fn one(ctx: &Ctx, shelf: Shelf, id: PresetId) -> Result<(Preset, String)> {
    ctx.require(shelf.needs())?;
    let mut tx = ctx.read().await?;
    let preset = on(&mut tx, shelf).await?.into_iter().find(|preset| preset.id == id).ok_or(Error::NotFound)?;
    let html = html(&mut tx, id).await?;
    Ok((preset, rich::clean(&html)))
}

/// Those that the actor can use on tickets, by name, and what their macros name.
pub async fn usable(ctx: &Ctx) -> Result<(Vec<Usable>, Names)> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    let presets = for_page(&mut tx).await?;
    let has_macro = presets.iter().any(|preset| preset.kind == PresetKind::Macro);
    let names = if has_macro { names(&mut tx).await? } else { Names::default() };
    Ok((presets, names))
}

/// What the list beneath a `/` shows.
pub async fn offers(ctx: &Ctx, input: &FindInput) -> Result<Vec<Offer>> {
    ctx.require(Permission::TicketView)?;
    let mut tx = ctx.read().await?;
    ticket::queries::visible(&mut tx, input.ticket).await?;
    let mut found = find(&input.q, for_use(&mut tx).await?);
    found.truncate(OFFERS_MOST);
    let has_macro = found.iter().any(|preset| preset.kind == PresetKind::Macro);
    let names = if has_macro { names(&mut tx).await? } else { Names::default() };
    let does = |preset: &Preset| say::sentence(&preset.acts.0, &preset.words, &names, ctx.lang());
    let offer = |preset: Preset| Offer {
        id: preset.id,
        is_macro: preset.kind == PresetKind::Macro,
        words: if preset.kind == PresetKind::Macro { does(&preset) } else { preset.words },
        title: preset.title,
        shortcut: preset.shortcut,
        folder: preset.folder,
    };
    Ok(found.into_iter().map(offer).collect())
}

/// What macros can name.
pub async fn names(tx: &mut Tx) -> Result<Names> {
    let agents = identity::queries::agent_options(tx).await?;
    let groups = identity::queries::group_options(tx, GroupKind::Ticket).await?;
    let tree = ticket::queries::category::tree(tx).await?;
    Ok(Names {
        agents: agents.into_iter().filter(|agent| agent.enabled).map(|agent| (agent.id.to_string(), agent.name)).collect(),
        groups: groups.into_iter().map(|group| (group.id.to_string(), group.name)).collect(),
        categories: tree
            .into_iter()
            .filter(|category| category.is_leaf)
            .map(|category| (category.id.to_string(), category.path.replace('/', " / ")))
            .collect(),
    })
}

/// Those that the actor can use: of everybody, of a group of theirs, their own.
pub(crate) async fn for_use(tx: &mut Tx) -> Result<Vec<Preset>> {
    let (company, me, groups) = (tx.ctx.company, tx.ctx.agent()?, tx.ctx.groups.iter().map(|group| group.0).collect::<Vec<_>>());
    Ok(sqlx::query_as!(
        Preset,
        r#"select p.id as "id: PresetId", p.kind as "kind: PresetKind", p.visibility as "visibility: Visibility",
            p.owner_id as "owner: AgentId", p.groups as "groups: Vec<GroupId>", p.title, p.shortcut, p.folder, p.words,
            p.acts as "acts: Json<Acts>", p.enabled, p.version, coalesce(u.used, 0) as "used!", u.last_used_at as "last_used_at?: Stamp"
        from presets p
        left join preset_uses u on u.company_id = p.company_id and u.preset_id = p.id
        where p.company_id = $1
        and p.deleted_at is null
        and p.enabled
        and (p.visibility = $3 or p.visibility = $4 and p.groups && $5 or p.owner_id = $2)
        order by lower(p.title), p.id"#,
        company as _,
        me as _,
        Visibility::Everybody as _,
        Visibility::Groups as _,
        &groups,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// The same with no more than a page of a ticket draws: every one of these pages reads them all.
async fn for_page(tx: &mut Tx) -> Result<Vec<Usable>> {
    let (company, me, groups) = (tx.ctx.company, tx.ctx.agent()?, tx.ctx.groups.iter().map(|group| group.0).collect::<Vec<_>>());
    Ok(sqlx::query_as!(
        Usable,
        r#"select id as "id: PresetId", kind as "kind: PresetKind", visibility as "visibility: Visibility", title, folder,
            case when kind = $6 then words else '' end as "words!",
            case when kind = $6 then acts else '{}' end as "acts!: Json<Acts>"
        from presets
        where company_id = $1
        and deleted_at is null
        and enabled
        and (visibility = $3 or visibility = $4 and groups && $5 or owner_id = $2)
        order by lower(title), id"#,
        company as _,
        me as _,
        Visibility::Everybody as _,
        Visibility::Groups as _,
        &groups,
        PresetKind::Macro as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What stands on a shelf, whatever may be done with it.
pub(crate) async fn on(tx: &mut Tx, shelf: Shelf) -> Result<Vec<Preset>> {
    let (company, owner) = (tx.ctx.company, if shelf == Shelf::Own { Some(tx.ctx.agent()?) } else { None });
    Ok(sqlx::query_as!(
        Preset,
        r#"select p.id as "id: PresetId", p.kind as "kind: PresetKind", p.visibility as "visibility: Visibility",
            p.owner_id as "owner: AgentId", p.groups as "groups: Vec<GroupId>", p.title, p.shortcut, p.folder, p.words,
            p.acts as "acts: Json<Acts>", p.enabled, p.version, coalesce(u.used, 0) as "used!", u.last_used_at as "last_used_at?: Stamp"
        from presets p
        left join preset_uses u on u.company_id = p.company_id and u.preset_id = p.id
        where p.company_id = $1
        and p.deleted_at is null
        and p.owner_id is not distinct from $2
        order by lower(p.title), p.id"#,
        company as _,
        owner as _,
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// HTML of every shared preset. System: its caller has asked who may.
pub(crate) async fn shared_html(tx: &mut Tx) -> Result<HashMap<PresetId, String>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: PresetId", html from presets where company_id = $1 and owner_id is null and deleted_at is null"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.html)).collect())
}

/// HTML of a preset that the caller has found.
pub(crate) async fn html(tx: &mut Tx, id: PresetId) -> Result<String> {
    let company = tx.ctx.company;
    Ok(sqlx::query_scalar!("select html from presets where company_id = $1 and id = $2", company as _, id as _)
        .fetch_one(&mut **tx)
        .await?)
}

//! 配置对象: shared preset replies and macros, as the history keeps them. One's own are no configuration.

use crate::commands;
use crate::model::{Acts, PresetInput, PresetKind, Visibility, Who};
use crate::queries::{Preset, Shelf, on, shared_html};
use kernel::configured::{Configured, Spell, Words};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::{GroupId, PresetId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 快捷回复 or 宏.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresetDocument {
    /// 名称.
    pub title: String,
    /// 类型; it cannot change.
    pub kind: PresetKind,
    /// 可见范围: everybody or chosen groups.
    pub visibility: Visibility,
    /// 客服组 that can use it.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// 快捷词.
    #[serde(default)]
    pub shortcut: String,
    /// 分类.
    #[serde(default)]
    pub folder: String,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// Its words, with their places.
    #[serde(default)]
    pub html: String,
    /// What a macro does.
    #[serde(default)]
    pub acts: Acts,
}

impl From<PresetDocument> for PresetInput {
    fn from(document: PresetDocument) -> PresetInput {
        let acts = document.acts;
        PresetInput {
            visibility: document.visibility,
            groups: document.groups,
            shortcut: document.shortcut,
            folder: document.folder,
            enabled: document.enabled,
            html: document.html,
            reply_type: acts.reply,
            status: acts.status,
            priority: acts.priority,
            category: acts.category,
            group: acts.group,
            agent: acts.agent,
            cc: acts.cc.join("\n"),
            follow: acts.follow,
            note: acts.note,
            ..PresetInput::named(document.kind, &document.title)
        }
    }
}

/// Agents are named by their ids; whoever uses the macro is a word.
fn whoever(value: &str, lang: Lang) -> Option<&'static str> {
    (value == Who::ME).then_some(t!(lang, "使用者", "whoever uses it"))
}

impl Configured for PresetDocument {
    const KIND: &'static str = "preset";
    const LABEL: Words = ("快捷回复与宏", "Preset replies and macros");
    const NEEDS: Permission = Permission::PresetManage;
    const PAGE: &'static str = "/settings/presets";
    const NAME: &'static str = "title";
    const CODES: &'static [(&'static str, Spell)] = &[
        ("kind", PresetKind::spell),
        ("visibility", Visibility::spell),
        ("status", ticket::model::Status::spell),
        ("priority", ticket::model::Priority::spell),
        ("reply", ticket::model::ReplyType::spell),
        ("agent", whoever),
        ("follow", whoever),
    ];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("title", ("名称", "Name")),
        ("kind", ("类型", "Type")),
        ("visibility", ("可见范围", "Visible to")),
        ("groups", ("客服组", "Groups")),
        ("shortcut", ("快捷词", "Shortcut")),
        ("folder", ("分类", "Folder")),
        ("enabled", ("启用", "Enabled")),
        ("html", ("内容", "Words")),
        ("acts", ("动作", "Actions")),
        ("status", ("状态", "Status")),
        ("priority", ("优先级", "Priority")),
        ("category", ("工单分类", "Category")),
        ("group", ("受理组", "Group")),
        ("agent", ("受理客服", "Agent")),
        ("cc", ("抄送", "CC")),
        ("follow", ("关注人", "Follower")),
        ("note", ("内部备注", "Internal note")),
        ("reply", ("回复", "Reply")),
    ];
    const SETS: &'static [&'static str] = &["groups"];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let mut html = shared_html(tx).await?;
        let document = |preset: Preset| {
            let html = html.remove(&preset.id).unwrap_or_default();
            let (title, kind, visibility, groups) = (preset.title, preset.kind, preset.visibility, preset.groups);
            let (shortcut, folder, enabled, acts) = (preset.shortcut, preset.folder, preset.enabled, preset.acts.0);
            (preset.id.0, PresetDocument { title, kind, visibility, groups, shortcut, folder, enabled, html, acts })
        };
        Ok(on(tx, Shelf::Shared).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        if document.visibility == Visibility::Own {
            return Err(Error::Problems(Problems::one("visibility", Problem::BadChoice)));
        }
        commands::put(tx, PresetId(id), &document.into()).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, PresetId(id)).await
    }
}

//! 配置对象: a switch, as the history keeps it: without its key and secret.

use crate::commands;
use crate::model::switch::{SwitchInput, SwitchKind};
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::SwitchId;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 交换机.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchDocument {
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: SwitchKind,
    /// Whether its events are taken.
    #[serde(default)]
    pub enabled: bool,
}

impl Configured for SwitchDocument {
    const KIND: &'static str = "switch";
    const LABEL: Words = ("电话交换机", "Telephone switches");
    const NEEDS: Permission = Permission::SwitchManage;
    const PAGE: &'static str = "/settings/switches";
    const WHEN_MADE: Option<Words> = Some((
        "新交换机没有密钥，要在交换机设置里生成",
        "A new switch has no key: somebody makes one in its settings",
    ));
    const CODES: &'static [(&'static str, Spell)] = &[("kind", SwitchKind::spell)];
    const KEYS: &'static [(&'static str, Words)] =
        &[("name", ("名称", "Name")), ("kind", ("类型", "Kind")), ("enabled", ("启用", "Enabled"))];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let switches = queries::all(tx).await?;
        let document = |name, kind, enabled| SwitchDocument { name, kind, enabled };
        Ok(switches.into_iter().map(|kept| (kept.id.0, document(kept.name, kept.kind, kept.is_enabled))).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let SwitchDocument { name, kind, enabled } = document;
        commands::put(tx, SwitchId(id), &SwitchInput { name, kind: Some(kind), enabled, ..SwitchInput::default() }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, SwitchId(id)).await
    }
}

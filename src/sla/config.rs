//! 配置对象: an SLA policy, as the history keeps it.

use crate::commands;
use crate::model::{Policy, PolicyInput};
use crate::queries;
use kernel::configured::{Configured, Place, Spell, Words};
use kernel::error::Result;
use kernel::id::PolicyId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use ticket::model::{Priority, Source};
use uuid::Uuid;

/// 时效规则.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// 名称.
    pub name: String,
    /// Whether it is asked at all.
    #[serde(default)]
    pub enabled: bool,
    /// What it says.
    pub policy: Policy,
}

/// There is a goal for each priority, the lowest first.
fn priority(place: usize, lang: Lang) -> Option<String> {
    Priority::ALL.get(place).map(|priority| priority.label(lang).to_owned())
}

impl Configured for PolicyDocument {
    const KIND: &'static str = "sla";
    const LABEL: Words = ("时效规则", "SLA policies");
    const NEEDS: Permission = Permission::SlaManage;
    const PAGE: &'static str = "/settings/sla";
    const CODES: &'static [(&'static str, Spell)] = &[("sources", Source::spell)];
    const PLACES: &'static [(&'static str, Place)] = &[("goals", priority)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("enabled", ("启用", "Enabled")),
        ("policy", ("规则", "Policy")),
        ("groups", ("受理组", "Groups")),
        ("categories", ("分类", "Categories")),
        ("sources", ("来源", "Sources")),
        ("vip_from", ("VIP等级不低于", "VIP level from")),
        ("goals", ("目标时长（分钟）", "Goals in minutes")),
        ("first", ("首次响应", "First response")),
        ("next", ("后续响应", "Next response")),
        ("solve", ("解决", "Solution")),
        ("in_duty_time", ("只算工作时间", "In duty time only")),
        ("pauses", ("等待客户时暂停", "Pauses while waiting")),
        ("near_percent", ("即将超时百分比", "Nearly due, percent")),
    ];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let policies = queries::all(tx).await?;
        let document = |name, enabled, policy| PolicyDocument { name, enabled, policy };
        Ok(policies.into_iter().map(|kept| (kept.id.0, document(kept.name, kept.enabled, kept.policy))).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let PolicyDocument { name, enabled, policy } = document;
        commands::put(tx, PolicyId(id), &PolicyInput { name, enabled, ..PolicyInput::from(&policy) }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, PolicyId(id)).await
    }

    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let order: Vec<PolicyId> = order.iter().copied().map(PolicyId).collect();
        match order.first() {
            Some(first) => commands::arrange(tx, &order, *first).await,
            None => Ok(()),
        }
    }
}

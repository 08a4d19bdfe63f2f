//! 配置对象: a group with who works in it.

use crate::commands::{group, membership};
use crate::model::GroupKind;
use crate::model::company::GroupInput;
use crate::queries::group as queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::{AgentId, GroupId};
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 客服组.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDocument {
    /// What it works on; a file that does not say means tickets.
    #[serde(default, skip_serializing_if = "is_ticket")]
    pub kind: GroupKind,
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Who works in it.
    #[serde(default)]
    pub members: Vec<AgentId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_ticket(kind: &GroupKind) -> bool {
    *kind == GroupKind::Ticket
}

impl Configured for GroupDocument {
    const KIND: &'static str = "group";
    const LABEL: Words = ("客服组", "Groups");
    const NEEDS: Permission = Permission::GroupManage;
    const PAGE: &'static str = "/settings/groups";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("kind", ("类型", "Kind")),
        ("name", ("名称", "Name")),
        ("description", ("说明", "Description")),
        ("members", ("成员", "Members")),
    ];

    const CODES: &'static [(&'static str, Spell)] = &[("kind", GroupKind::spell)];
    const SETS: &'static [&'static str] = &["members"];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        queries::all(tx).await.map(|groups| {
            let document = |group: queries::Group| GroupDocument {
                kind: group.kind,
                name: group.name,
                description: group.description,
                members: group.members,
            };
            groups.into_iter().map(|group| (group.id.0, document(group))).collect()
        })
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let GroupDocument { kind, name, description, members } = document;
        group::put(tx, GroupId(id), &GroupInput { kind, name, description, members, ..GroupInput::default() }).await
    }

    /// Who worked in it was part of the configuration: without the group nobody does.
    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        membership::set_members(tx, GroupId(id), &[]).await?;
        group::remove(tx, GroupId(id)).await
    }
}

//! 配置对象: a ticket group with who works in it.

use crate::commands::{group, membership};
use crate::model::company::GroupInput;
use crate::queries::group as queries;
use kernel::configured::{Configured, Words};
use kernel::error::Result;
use kernel::id::{AgentId, GroupId};
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 工单客服组.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDocument {
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Who works in it.
    #[serde(default)]
    pub members: Vec<AgentId>,
}

impl Configured for GroupDocument {
    const KIND: &'static str = "group";
    const LABEL: Words = ("客服组", "Groups");
    const NEEDS: Permission = Permission::GroupManage;
    const PAGE: &'static str = "/settings/groups";
    const KEYS: &'static [(&'static str, Words)] =
        &[("name", ("名称", "Name")), ("description", ("说明", "Description")), ("members", ("成员", "Members"))];

    const SETS: &'static [&'static str] = &["members"];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        queries::all(tx).await.map(|groups| {
            let document =
                |group: queries::Group| GroupDocument { name: group.name, description: group.description, members: group.members };
            groups.into_iter().map(|group| (group.id.0, document(group))).collect()
        })
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let GroupDocument { name, description, members } = document;
        group::put(tx, GroupId(id), &GroupInput { name, description, members, ..GroupInput::default() }).await
    }

    /// Who worked in it was part of the configuration: without the group nobody does.
    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        membership::set_members(tx, GroupId(id), &[]).await?;
        group::remove(tx, GroupId(id)).await
    }
}

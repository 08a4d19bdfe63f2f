//! 配置对象: a permission group.

use crate::commands::permission_group;
use crate::model::permission::PermissionGroupInput;
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::PermissionGroupId;
use kernel::macros::uuid::Uuid;
use kernel::permission::{Permission, Role, Scope};
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 权限组.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionGroupDocument {
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Role whose grant rules bound the items; it cannot change.
    pub base_role: Role,
    /// Ticked items.
    #[serde(default)]
    pub items: Vec<Permission>,
    /// Which tickets.
    pub ticket_scope: Scope,
}

impl Configured for PermissionGroupDocument {
    const KIND: &'static str = "permission_group";
    const LABEL: Words = ("权限组", "Permission groups");
    const NEEDS: Permission = Permission::PermissionManage;
    const PAGE: &'static str = "/settings/permissions";
    const CODES: &'static [(&'static str, Spell)] =
        &[("base_role", Role::spell), ("items", Permission::spell), ("ticket_scope", Scope::spell)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("description", ("说明", "Description")),
        ("base_role", ("角色", "Role")),
        ("items", ("权限项", "Items")),
        ("ticket_scope", ("工单范围", "Tickets")),
    ];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let groups = queries::permission::load(tx, None).await?;
        Ok(groups
            .into_iter()
            .map(|group| {
                let (name, items, ticket_scope) = (group.rights.name, group.rights.items, group.rights.tickets);
                let document =
                    PermissionGroupDocument { name, description: group.description, base_role: group.base_role, items, ticket_scope };
                (group.id.0, document)
            })
            .collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let PermissionGroupDocument { name, description, base_role, items, ticket_scope } = document;
        let input = PermissionGroupInput {
            name,
            description,
            base_role: Some(base_role),
            items,
            ticket_scope: Some(ticket_scope),
            ..PermissionGroupInput::default()
        };
        permission_group::put(tx, PermissionGroupId(id), &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        permission_group::remove(tx, PermissionGroupId(id)).await
    }
}

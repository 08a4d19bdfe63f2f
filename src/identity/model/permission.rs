//! 权限组: own groups of permission items, and why a person has an item or not.

use kernel::error::{Problem, Problems, Result};
use kernel::id::PermissionGroupId;
use kernel::lang::Lang;
use kernel::permission::{Grants, Permission, Role, Scope};
use kernel::t;
use serde::{Deserialize, Serialize};

/// 新建或修改权限组.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionGroupInput {
    /// Which is edited; none for a new one.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub id: Option<PermissionGroupId>,
    /// The version the editor started from; 0 for a new one.
    #[serde(default)]
    pub version: i32,
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Role whose grant rules bound the items; it cannot change afterwards.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub base_role: Option<Role>,
    /// Ticked items.
    #[serde(default)]
    pub items: Vec<Permission>,
    /// Which tickets.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub ticket_scope: Option<Scope>,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl PermissionGroupInput {
    /// Finds everything that is wrong; an item that the role cannot hold has its problem beside the item's key.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", 40);
        problems.at_most(&self.description, "description", 200);
        problems.need(self.base_role.is_some(), "base_role", Problem::Required);
        problems.need(self.ticket_scope.is_some(), "ticket_scope", Problem::Required);
        if let Some(role) = self.base_role {
            // Super admins have everything, always: the last one could lock the company otherwise.
            problems.need(role != Role::SuperAdmin, "base_role", Problem::BadChoice);
            for item in &self.items {
                problems.need(item.may_hold(role), item.key(), Problem::NotGrantable);
            }
        }
        problems.end()
    }
}

/// One permission group, to delete it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionGroupChoice {
    /// Which.
    pub id: PermissionGroupId,
}

/// Why somebody has an item or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The role has it without a permission group.
    RoleHas(Role),
    /// The role lacks it without a permission group, though one may give it.
    RoleLacks(Role),
    /// The person's permission group has it.
    GroupHas(String),
    /// The person's permission group lacks it.
    GroupLacks(String),
    /// No permission group can give it to this role.
    NotGrantable(Role),
}

impl Because {
    /// Whether the item is held.
    #[must_use]
    pub const fn has(&self) -> bool {
        matches!(self, Because::RoleHas(_) | Because::GroupHas(_))
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Because::RoleHas(role) => t!(lang, "角色“{}”默认拥有", "The role “{}” has it by default", role.label(lang)),
            Because::RoleLacks(role) => {
                t!(
                    lang,
                    "角色“{}”默认没有，可以通过权限组给予",
                    "The role “{}” lacks it by default; a permission group may give it",
                    role.label(lang)
                )
            }
            Because::GroupHas(group) => t!(lang, "来自权限组“{}”", "From the permission group “{}”", group),
            Because::GroupLacks(group) => t!(lang, "权限组“{}”没有勾选", "The permission group “{}” does not have it", group),
            Because::NotGrantable(role) => t!(lang, "角色“{}”不能拥有这一项", "The role “{}” cannot be given it", role.label(lang)),
        }
    }

    /// The same in few words, for a page that names role and permission group once.
    #[must_use]
    pub const fn short(&self, lang: Lang) -> &'static str {
        match self {
            Because::RoleHas(_) => t!(lang, "角色默认", "By role"),
            Because::RoleLacks(_) => t!(lang, "可以由权限组给", "A permission group may give it"),
            Because::GroupHas(_) => t!(lang, "来自权限组", "From the permission group"),
            Because::GroupLacks(_) => t!(lang, "权限组没有勾选", "Not ticked in the permission group"),
            Because::NotGrantable(_) => t!(lang, "这个角色不能拥有", "Not for this role"),
        }
    }
}

/// 权限来源: one item of one person, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Which item.
    pub permission: Permission,
    /// Whether it is held.
    pub has: bool,
    /// Why.
    pub because: Because,
}

/// A permission group as far as rights go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRights {
    /// Its name.
    pub name: String,
    /// Ticked items.
    pub items: Vec<Permission>,
    /// Which tickets.
    pub tickets: Scope,
}

/// What a role with this permission group may do; the one place that combines them.
#[must_use]
pub fn grants(role: Role, group: Option<&GroupRights>) -> Grants {
    match group {
        Some(group) => Grants::of(role, &group.items, group.tickets),
        None => Grants::of_role(role),
    }
}

/// Whether a role with this permission group has the item, and why.
#[must_use]
pub fn explain(role: Role, group: Option<&GroupRights>, permission: Permission) -> Explained {
    let has = grants(role, group).has(permission);
    let because = match group {
        _ if !permission.may_hold(role) => Because::NotGrantable(role),
        Some(group) if has => Because::GroupHas(group.name.clone()),
        Some(group) => Because::GroupLacks(group.name.clone()),
        None if has => Because::RoleHas(role),
        None => Because::RoleLacks(role),
    };
    Explained { permission, has, because }
}

/// Whether `giver` has everything that `given` has: nobody gives away more than they have.
#[must_use]
pub fn covers(giver: &Grants, given: &Grants) -> bool {
    let items = Permission::ALL.iter().all(|item| giver.has(*item) || !given.has(*item));
    items && giver.tickets >= given.tickets
}

/// Items of stored keys; a key of an item that is gone is left out.
#[must_use]
pub fn items(keys: &[String]) -> Vec<Permission> {
    keys.iter().filter_map(|key| Permission::from_key(key)).collect()
}

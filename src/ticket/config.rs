//! 配置对象 of tickets: categories and shared views, as the history keeps them.

pub mod view;

use crate::commands::category;
use crate::model::category::CategoryInput;
use crate::queries;
use kernel::configured::{Configured, Words};
use kernel::error::Result;
use kernel::id::CategoryId;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// 工单分类.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryDocument {
    /// 名称.
    pub name: String,
    /// The one above.
    #[serde(default)]
    pub parent: Option<CategoryId>,
    /// 说明.
    #[serde(default)]
    pub description: String,
}

impl Configured for CategoryDocument {
    const KIND: &'static str = "category";
    const LABEL: Words = ("工单分类", "Categories");
    const NEEDS: Permission = Permission::CategoryManage;
    const PAGE: &'static str = "/settings/categories";
    const KEYS: &'static [(&'static str, Words)] =
        &[("name", ("名称", "Name")), ("parent", ("上级", "Under")), ("description", ("说明", "Description"))];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let tree = queries::category::tree(tx).await?;
        let document = |name, parent, description| CategoryDocument { name, parent, description };
        Ok(tree.into_iter().map(|one| (one.id.0, document(one.name, one.parent_id, one.description))).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let CategoryDocument { name, parent, description } = document;
        category::put(tx, CategoryId(id), &CategoryInput { name, parent, description, ..CategoryInput::default() }).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        category::remove(tx, CategoryId(id)).await
    }

    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let order: Vec<CategoryId> = order.iter().copied().map(CategoryId).collect();
        category::arrange(tx, &order).await?;
        let paths: Vec<String> = queries::category::tree(tx).await?.into_iter().map(|one| one.path).collect();
        tx.audit("category.moved", Subject::named("category", None, ""), None, Some(json!({ "order": paths }))).await
    }
}

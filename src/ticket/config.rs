//! 配置对象 of tickets: categories, own fields, templates and shared views, as the history keeps them.

pub mod field;
pub mod template;
pub mod view;

use crate::commands::category;
use crate::model::category::CategoryInput;
use crate::queries;
use kernel::configured::{Configured, Words};
use kernel::error::Result;
use kernel::id::{CategoryId, TemplateId};
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
    /// 工单模板 of its tickets.
    #[serde(default)]
    pub template: Option<TemplateId>,
}

impl Configured for CategoryDocument {
    const KIND: &'static str = "category";
    const LABEL: Words = ("工单分类", "Categories");
    const NEEDS: Permission = Permission::CategoryManage;
    const PAGE: &'static str = "/settings/categories";
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("parent", ("上级", "Under")),
        ("description", ("说明", "Description")),
        ("template", ("工单模板", "Template")),
    ];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let templates = queries::template::named(tx).await?;
        let document = |one: queries::category::Category| {
            let template = templates.get(&one.id).copied();
            (one.id.0, CategoryDocument { name: one.name, parent: one.parent_id, description: one.description, template })
        };
        Ok(queries::category::tree(tx).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let CategoryDocument { name, parent, description, template } = document;
        category::put(tx, CategoryId(id), &CategoryInput { name, parent, description, template, ..CategoryInput::default() }).await
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

//! 工单分类 as pages show it.

use kernel::error::Result;
use kernel::id::CategoryId;
use kernel::tx::Tx;
use std::collections::HashMap;

/// One category of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// The one above; none on the first level.
    pub parent_id: Option<CategoryId>,
    /// 名称.
    pub name: String,
    /// 说明.
    pub description: String,
    /// 1 to 5.
    pub level: i16,
    /// Names from the root, joined by `/`.
    pub path: String,
    /// Whether it can be chosen.
    pub is_leaf: bool,
}

/// The tree, each category right after the one above it, in the order of the settings. Everybody may know it.
pub async fn tree(tx: &mut Tx) -> Result<Vec<Category>> {
    let company = tx.ctx.company;
    let rows = sqlx::query!(
        r#"select id as "id: CategoryId", parent_id as "parent_id: CategoryId", name, description, level, path
        from ticket_categories
        where company_id = $1
        and deleted_at is null
        order by position, name, id"#,
        company as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut below: HashMap<Option<CategoryId>, Vec<Category>> = HashMap::new();
    for row in rows {
        let category = Category {
            id: row.id,
            parent_id: row.parent_id,
            name: row.name,
            description: row.description,
            level: row.level,
            path: row.path,
            is_leaf: true,
        };
        below.entry(row.parent_id).or_default().push(category);
    }
    let mut ordered = Vec::new();
    let mut open: Vec<Category> = below.remove(&None).unwrap_or_default().into_iter().rev().collect();
    while let Some(mut category) = open.pop() {
        let children = below.remove(&Some(category.id)).unwrap_or_default();
        category.is_leaf = children.is_empty();
        ordered.push(category);
        open.extend(children.into_iter().rev());
    }
    Ok(ordered)
}

/// What can be chosen: the leaves with their paths.
pub async fn leaves(tx: &mut Tx) -> Result<Vec<(CategoryId, String)>> {
    Ok(tree(tx).await?.into_iter().filter(|category| category.is_leaf).map(|category| (category.id, category.path)).collect())
}

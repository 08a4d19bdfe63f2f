//! 配置对象: a list that everybody sees, with its conditions by their names.

use crate::commands::view;
use crate::model::list::{BuiltIn, Flag, ListQuery, Sort};
use crate::model::view::ViewInput;
use crate::model::{Priority, Source, Status};
use crate::queries::count::shared_views;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::{AgentId, ViewId};
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// 共享视图.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewDocument {
    /// 名称.
    pub name: String,
    /// Who made it.
    pub owner: AgentId,
    /// 列表条件.
    #[serde(default)]
    pub conditions: Conditions,
}

/// Conditions of a list, without those that say nothing.
#[derive(Clone, Debug, Default)]
pub struct Conditions(ListQuery);

impl Conditions {
    fn map(&self) -> Map<String, Value> {
        match serde_json::to_value(self.0.without_place()) {
            Ok(Value::Object(map)) => map.into_iter().filter(|(_, value)| says_something(value)).collect(),
            _ => Map::new(),
        }
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, out: S) -> core::result::Result<S::Ok, S::Error> {
        self.map().serialize(out)
    }
}

impl<'de> Deserialize<'de> for Conditions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> core::result::Result<Self, D::Error> {
        let typed = Map::deserialize(from)?;
        let read = Conditions(serde_json::from_value(Value::Object(typed.clone())).map_err(D::Error::custom)?);
        let kept = read.map();
        // What the list does not know would be dropped without a word.
        match typed.iter().find(|(key, value)| says_something(value) && !kept.contains_key(key.as_str())) {
            Some((key, _)) => Err(D::Error::custom(format!("no condition {key:?}"))),
            None => Ok(read),
        }
    }
}

impl Configured for ViewDocument {
    const KIND: &'static str = "view";
    const LABEL: Words = ("共享视图", "Shared views");
    const NEEDS: Permission = Permission::TicketSharedViews;
    const PAGE: &'static str = "/tickets/views";
    const CODES: &'static [(&'static str, Spell)] = &[
        ("view", BuiltIn::spell),
        ("status", Status::spell),
        ("priority", Priority::spell),
        ("source", Source::spell),
        ("flag", Flag::spell),
        ("sort", Sort::spell),
    ];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("owner", ("创建人", "Made by")),
        ("conditions", ("条件", "Conditions")),
        ("view", ("列表", "List")),
        ("q", ("文字", "Words")),
        ("status", ("状态", "Status")),
        ("priority", ("优先级", "Priority")),
        ("source", ("来源", "Source")),
        ("flag", ("标记", "Marks")),
        ("group", ("受理组", "Group")),
        ("agent", ("受理客服", "Agent")),
        ("category", ("分类", "Category")),
        ("customer", ("客户", "Customer")),
        ("own", ("自定义字段", "Own fields")),
        ("created_from", ("创建时间从", "Created from")),
        ("created_to", ("创建时间到", "Created to")),
        ("updated_from", ("更新时间从", "Changed from")),
        ("updated_to", ("更新时间到", "Changed to")),
        ("report", ("报表", "Report")),
        ("metric", ("指标", "Metric")),
        ("by", ("分组", "Grouped by")),
        ("row", ("行", "Row")),
        ("from", ("报表从", "Report from")),
        ("to", ("报表到", "Report to")),
        ("sort", ("排序", "Order")),
    ];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let views = shared_views(tx).await?;
        let document =
            |name, owner, query: &str| ViewDocument { name, owner, conditions: Conditions(ListQuery::parse(query).without_place()) };
        Ok(views.into_iter().map(|view| (view.id.0, document(view.name, view.owner, &view.query))).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let input = ViewInput { name: document.name, shared: true, query: document.conditions.0.to_query(), ..ViewInput::default() };
        view::put_shared(tx, ViewId(id), document.owner, &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        view::remove_shared(tx, ViewId(id)).await
    }

    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let order: Vec<ViewId> = order.iter().copied().map(ViewId).collect();
        view::arrange(tx, &order).await?;
        let names: Vec<String> = shared_views(tx).await?.into_iter().map(|view| view.name).collect();
        tx.audit("view.moved", Subject::named("view", None, ""), None, Some(json!({ "order": names }))).await
    }
}

//! 配置对象: a template of tickets, as the history keeps it.

use crate::commands::template;
use crate::model::template::{Slot, SlotInput, TemplateInput};
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::id::TemplateId;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 工单模板.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateDocument {
    /// 名称.
    pub name: String,
    /// 说明.
    #[serde(default)]
    pub description: String,
    /// 默认.
    #[serde(default)]
    pub is_default: bool,
    /// Its fields, in the order of the form.
    #[serde(default)]
    pub slots: Vec<Slot>,
}

impl Configured for TemplateDocument {
    const KIND: &'static str = "template";
    const LABEL: Words = ("工单模板", "Ticket templates");
    const NEEDS: Permission = Permission::CategoryManage;
    const PAGE: &'static str = "/settings/ticket-templates";
    const CODES: &'static [(&'static str, Spell)] = &[("demand", crate::model::template::Demand::spell)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("name", ("名称", "Name")),
        ("description", ("说明", "Description")),
        ("is_default", ("默认", "Default")),
        ("slots", ("字段", "Fields")),
        ("field", ("字段", "Field")),
        ("demand", ("必填", "Required")),
    ];

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let templates = queries::template::all(tx).await?;
        let document = |template: crate::model::template::Template| {
            let (name, description, is_default, slots) = (template.name, template.description, template.is_default, template.slots);
            (template.id.0, TemplateDocument { name, description, is_default, slots })
        };
        Ok(templates.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let slot = |slot: Slot| SlotInput { field: slot.field, demand: Some(slot.demand), place: String::new() };
        let input = TemplateInput {
            name: document.name,
            description: document.description,
            is_default: document.is_default,
            slots: document.slots.into_iter().map(slot).collect(),
            ..TemplateInput::default()
        };
        template::put(tx, TemplateId(id), &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        template::remove(tx, TemplateId(id)).await
    }
}

//! 配置对象: an own field of tickets, as the history keeps it.

use crate::commands::field;
use crate::model::field::{FilledBy, TicketFieldInput};
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::field::FieldKind;
use kernel::id::{PermissionGroupId, TicketFieldId};
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 工单自定义字段.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketFieldDocument {
    /// 字段名称.
    pub label: String,
    /// 提示.
    #[serde(default)]
    pub hint: String,
    /// 字段类型; it cannot change.
    pub kind: FieldKind,
    /// 选项.
    #[serde(default)]
    pub options: Vec<String>,
    /// 填写方.
    pub filled_by: FilledBy,
    /// 可见权限组; every one when empty.
    #[serde(default)]
    pub shown_to: Vec<PermissionGroupId>,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
}

impl Configured for TicketFieldDocument {
    const KIND: &'static str = "ticket_field";
    const LABEL: Words = ("工单自定义字段", "Ticket fields");
    const NEEDS: Permission = Permission::CategoryManage;
    const PAGE: &'static str = "/settings/ticket-fields";
    const NAME: &'static str = "label";
    const CODES: &'static [(&'static str, Spell)] = &[("kind", FieldKind::spell), ("filled_by", FilledBy::spell)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("label", ("字段名称", "Label")),
        ("hint", ("提示", "Hint")),
        ("kind", ("字段类型", "Type")),
        ("options", ("选项", "Options")),
        ("filled_by", ("填写方", "Filled in by")),
        ("shown_to", ("可见权限组", "Shown to")),
        ("enabled", ("启用", "Enabled")),
    ];
    const SETS: &'static [&'static str] = &["shown_to"];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let fields = queries::field::all(tx).await?;
        let document = |field: crate::model::field::TicketField| {
            let (label, hint, kind, options) = (field.label, field.hint, field.kind, field.options);
            let (filled_by, shown_to, enabled) = (field.filled_by, field.shown_to, field.enabled);
            (field.id.0, TicketFieldDocument { label, hint, kind, options, filled_by, shown_to, enabled })
        };
        Ok(fields.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let input = TicketFieldInput {
            label: document.label,
            hint: document.hint,
            kind: Some(document.kind),
            options: document.options.join("\n"),
            filled_by: Some(document.filled_by),
            shown_to: document.shown_to,
            enabled: document.enabled,
            ..TicketFieldInput::default()
        };
        field::put(tx, TicketFieldId(id), &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        field::remove(tx, TicketFieldId(id)).await
    }

    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let order: Vec<TicketFieldId> = order.iter().copied().map(TicketFieldId).collect();
        match order.first() {
            Some(first) => field::arrange(tx, &order, *first).await,
            None => Ok(()),
        }
    }
}

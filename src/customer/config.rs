//! 配置对象: a customer field, as the history keeps it.

use crate::commands::field;
use crate::model::FieldInput;
use crate::queries;
use kernel::configured::{Configured, Spell, Words};
use kernel::error::Result;
use kernel::field::FieldKind;
use kernel::id::CustomerFieldId;
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::Tx;
use serde::{Deserialize, Serialize};

/// 客户字段.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument {
    /// 字段名称.
    pub label: String,
    /// 字段类型; it cannot change.
    pub kind: FieldKind,
    /// 选项.
    #[serde(default)]
    pub options: Vec<String>,
}

impl Configured for FieldDocument {
    const KIND: &'static str = "customer_field";
    const LABEL: Words = ("客户字段", "Customer fields");
    const NEEDS: Permission = Permission::CustomerFields;
    const PAGE: &'static str = "/settings/customer-fields";
    const NAME: &'static str = "label";
    const CODES: &'static [(&'static str, Spell)] = &[("kind", FieldKind::spell)];
    const KEYS: &'static [(&'static str, Words)] =
        &[("label", ("名称", "Name")), ("kind", ("类型", "Type")), ("options", ("选项", "Options"))];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let fields = queries::field::defined(tx).await?;
        let document = |label, kind, options| FieldDocument { label, kind, options };
        Ok(fields.into_iter().map(|field| (field.id.0, document(field.label, field.kind, field.options))).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        let FieldDocument { label, kind, options } = document;
        let input = FieldInput { label, kind: Some(kind), options: options.join("\n"), ..FieldInput::default() };
        field::put(tx, CustomerFieldId(id), &input).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        field::take_off(tx, CustomerFieldId(id)).await
    }

    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let order: Vec<CustomerFieldId> = order.iter().copied().map(CustomerFieldId).collect();
        match order.first() {
            Some(first) => field::arrange(tx, &order, *first).await,
            None => Ok(()),
        }
    }
}

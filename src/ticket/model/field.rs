//! 工单自定义字段: inputs of their settings, and what somebody filled in.

use kernel::error::{Problem, Problems, Result};
use kernel::field::{Answer, Asked, FieldKind};
use kernel::id::{CategoryId, PermissionGroupId, TicketFieldId};
use kernel::input::blank;
use kernel::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 字段名称 at most, in characters.
pub const LABEL_MOST: usize = 50;
/// 提示 at most, in characters.
pub const HINT_MOST: usize = 100;
/// Own fields of a company at most, those that are switched off among them.
pub const FIELDS_MOST: usize = 100;

/// What was filled in, by the field's id.
pub type Answers = BTreeMap<TicketFieldId, Answer>;

kernel::catalog! {
    /// 填写方: from whom the answer comes. Agents write down what customers answer, too.
    pub enum FilledBy {
        Agent = 0, "agent", "客服填写", "Filled in by agents";
        Customer = 1, "customer", "客户填写", "Answered by the customer";
    }
}

/// 工单自定义字段: one field that a company defined for its tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketField {
    /// Which.
    pub id: TicketFieldId,
    /// 字段名称.
    pub label: String,
    /// 提示.
    pub hint: String,
    /// 字段类型.
    pub kind: FieldKind,
    /// 选项, for the kinds that offer a choice.
    pub options: Vec<String>,
    /// 填写方.
    pub filled_by: FilledBy,
    /// 可见权限组; every one when empty.
    pub shown_to: Vec<PermissionGroupId>,
    /// Place in the settings and in lists.
    pub position: i32,
    /// 启用: whether it is asked for at all.
    pub enabled: bool,
    /// Whether the reader may see it.
    pub is_seen: bool,
    /// Grows with every change.
    pub version: i32,
}

impl TicketField {
    /// What a form asks in it.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        Asked { label: &self.label, hint: &self.hint, kind: self.kind, options: &self.options }
    }
}

/// A field as it is typed by an administrator.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketFieldInput {
    /// The field being edited; none adds one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<TicketFieldId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 字段名称.
    pub label: String,
    /// 提示: a line under the field.
    #[serde(default)]
    pub hint: String,
    /// 字段类型; it stays what it was when a field is edited.
    #[serde(default, deserialize_with = "blank")]
    pub kind: Option<FieldKind>,
    /// 选项, one a line; paths for a cascade.
    #[serde(default)]
    pub options: String,
    /// 填写方; agents when nothing is chosen.
    #[serde(default, deserialize_with = "blank")]
    pub filled_by: Option<FilledBy>,
    /// 可见权限组; every one when none is ticked.
    #[serde(default)]
    pub shown_to: Vec<PermissionGroupId>,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl TicketFieldInput {
    /// The kind and the options, or everything that is wrong. Whether permission groups exist is known to the command.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result<(FieldKind, Vec<String>)> {
        let mut problems = Problems::default();
        problems.text(&self.label, "label", LABEL_MOST);
        problems.at_most(&self.hint, "hint", HINT_MOST);
        let options = self.kind.map(|kind| kind.options(&self.options, &mut problems)).unwrap_or_default();
        problems.need(self.kind.is_some(), "kind", Problem::Required);
        problems.end()?;
        Ok((self.kind.unwrap_or(FieldKind::Line), options))
    }
}

/// One place up or down.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldStep {
    /// Which.
    pub field: TicketFieldId,
    /// Where to.
    pub step: Step,
}

/// 分类的字段: of which category the fields are asked for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormInput {
    /// 分类; none for a ticket without one.
    #[serde(default, deserialize_with = "blank")]
    pub category: Option<CategoryId>,
}

/// From what to what an own field changed, with its name at that moment: names are frozen in histories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChanged {
    /// 字段名称.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Before; empty for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// After; empty for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

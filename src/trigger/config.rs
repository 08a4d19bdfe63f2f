//! 配置对象: a trigger, as the history keeps it.

use crate::commands;
use crate::field::{Aspect, Field, OwnField};
use crate::model::{Action, ActionInput, ActionKind, Condition, ConditionInput, Moment, Operator, Rule, TriggerInput, TriggerKind};
use crate::queries;
use crate::say::{self, Called};
use kernel::configured::{Configured, Named, Say, Spell, Words};
use kernel::error::{Error, Problem, Problems, Result};
use kernel::id::TriggerId;
use kernel::lang::Lang;
use kernel::macros::uuid::Uuid;
use kernel::permission::Permission;
use kernel::tx::{Subject, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// 触发器.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerDocument {
    /// 类型; it cannot change.
    pub kind: TriggerKind,
    /// 名称.
    pub name: String,
    /// 说明.
    #[serde(default)]
    pub description: String,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// What it looks at and does.
    pub rule: Rule,
}

impl TriggerDocument {
    /// As its form would send it.
    fn input(self) -> TriggerInput {
        let lines = |conditions: Vec<Condition>| {
            let line = |condition: Condition| ConditionInput {
                field: Some(condition.field),
                operator: Some(condition.operator),
                values: condition.values,
            };
            conditions.into_iter().map(line).collect()
        };
        let action = |action: Action| ActionInput { kind: Some(action.kind), value: action.value, text: action.text, own: action.own };
        TriggerInput {
            trigger: None,
            version: 0,
            kind: self.kind,
            name: self.name,
            description: self.description,
            enabled: self.enabled,
            stop: self.rule.stop,
            moments: self.rule.moments,
            all: lines(self.rule.all),
            any: lines(self.rule.any),
            actions: self.rule.actions.into_iter().map(action).collect(),
            step: String::new(),
            reason: String::new(),
        }
    }
}

/// The names that things had last, as a history knows them.
struct Remembered<'a>(&'a Named<'a>);

impl Called for Remembered<'_> {
    fn label(&self, own: OwnField) -> Option<String> {
        (self.0)(&own.to_string())
    }

    fn words(&self, aspect: Aspect, value: &str, lang: Lang) -> Option<String> {
        match aspect {
            Aspect::Field(field) => {
                let row = queries::coded(field, lang).into_iter().find(|(known, _)| known == value);
                row.map(|(_, words)| words).or_else(|| (self.0)(value))
            }
            Aspect::Own(_) => None,
        }
    }

    fn webhook(&self, id: &str) -> Option<String> {
        (self.0)(id)
    }
}

fn condition(line: &Value, named: &Named<'_>, lang: Lang) -> Option<String> {
    let line: Condition = serde_json::from_value(line.clone()).ok()?;
    Some(say::condition(&line, &Remembered(named), lang))
}

fn action(line: &Value, named: &Named<'_>, lang: Lang) -> Option<String> {
    let line: Action = serde_json::from_value(line.clone()).ok()?;
    Some(say::action(&line, &Remembered(named), lang))
}

impl Configured for TriggerDocument {
    const KIND: &'static str = "trigger";
    const LABEL: Words = ("触发器", "Triggers");
    const NEEDS: Permission = Permission::TriggerManage;
    const PAGE: &'static str = "/settings/triggers";
    const CODES: &'static [(&'static str, Spell)] = &[
        ("kind", TriggerKind::spell),
        ("kind", ActionKind::spell),
        ("moments", Moment::spell),
        ("operator", Operator::spell),
        ("field", Field::spell),
    ];
    const LINES: &'static [(&'static str, Say)] = &[("all", condition), ("any", condition), ("actions", action)];
    const KEYS: &'static [(&'static str, Words)] = &[
        ("kind", ("类型", "Type")),
        ("name", ("名称", "Name")),
        ("description", ("说明", "Description")),
        ("enabled", ("启用", "Enabled")),
        ("rule", ("规则", "Rule")),
        ("moments", ("触发时机", "Moments")),
        ("all", ("满足所有", "All of")),
        ("any", ("满足任一", "Any of")),
        ("field", ("字段", "Field")),
        ("operator", ("关系", "Relation")),
        ("values", ("值", "Values")),
        ("actions", ("动作", "Actions")),
        ("value", ("值", "Value")),
        ("text", ("文字", "Text")),
        ("own", ("自定义字段", "Own field")),
        ("stop", ("命中后停止", "Stops the others")),
    ];
    const ORDERED: bool = true;

    async fn all(tx: &mut Tx) -> Result<Vec<(Uuid, Self)>> {
        let document = |trigger: queries::Trigger| {
            let enabled = trigger.enabled_at.is_some();
            let (kind, name, description, rule) = (trigger.kind, trigger.name, trigger.description, trigger.rule);
            (trigger.id.0, TriggerDocument { kind, name, description, enabled, rule })
        };
        Ok(queries::all(tx).await?.into_iter().map(document).collect())
    }

    async fn put(tx: &mut Tx, id: Uuid, document: Self) -> Result {
        commands::put(tx, TriggerId(id), &document.input()).await
    }

    async fn remove(tx: &mut Tx, id: Uuid) -> Result {
        commands::remove(tx, TriggerId(id)).await
    }

    /// The kinds stand one behind the other, each in its own order.
    async fn arrange(tx: &mut Tx, order: &[Uuid]) -> Result {
        let known = queries::all(tx).await?;
        for kind in TriggerKind::ALL {
            let of_kind = |id: &&Uuid| known.iter().any(|trigger| trigger.id.0 == **id && trigger.kind == *kind);
            let ids: Vec<TriggerId> = order.iter().filter(of_kind).copied().map(TriggerId).collect();
            commands::place(tx, &ids).await?;
        }
        let named = |id: &Uuid| known.iter().find(|trigger| trigger.id.0 == *id).map(|trigger| trigger.name.clone());
        let names: Option<Vec<String>> = order.iter().map(named).collect();
        let names = names.ok_or(Error::Problems(Problems::one("order", Problem::BadChoice)))?;
        tx.audit("trigger.moved", Subject::named("trigger", None, ""), None, Some(json!({ "order": names }))).await
    }
}

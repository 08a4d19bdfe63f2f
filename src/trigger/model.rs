//! Coded lists of triggers, the rule as it is kept and as the form sends it, and its check.

use crate::field::{Aspect, OwnField};
use kernel::error::{Problem, Problems, Result};
use kernel::id::TriggerId;
use kernel::input::{blank, email};
use kernel::step::Step;
use serde::{Deserialize, Serialize};

/// 名称 and 说明 at most, in characters (F§4.2).
pub const NAME_MOST: usize = 100;
/// Conditions of either list, and actions, at most (F§4.2).
pub const ROWS_MOST: usize = 10;
/// Texts of conditions at most, in characters.
pub const VALUE_MOST: usize = 200;
/// Values of one condition at most.
pub const VALUES_MOST: usize = 50;
/// Text of a note or of a mail at most, in characters.
pub const TEXT_MOST: usize = 2_000;
/// Rules that set off each other stop here (S30).
pub const HOPS_MOST: u8 = 10;
/// A trigger acts on one ticket so many times an hour at most (S30).
pub const HOURLY_MOST: i64 = 30;

kernel::catalog! {
    /// 触发器类型: what makes a trigger look at a ticket (F§4.2).
    pub enum TriggerKind {
        Flow = 1, "flow", "流转触发器", "Flow trigger";
        Timed = 2, "timed", "定时触发器", "Timed trigger";
    }
}

kernel::catalog! {
    /// 触发时机: at what moment a flow trigger looks.
    pub enum Moment {
        Created = 1, "created", "工单创建时", "When a ticket is created";
        Updated = 2, "updated", "工单更新时", "When a ticket is changed";
        CustomerReplied = 3, "customer_replied", "客户回复时", "When the customer replies";
        AgentReplied = 4, "agent_replied", "客服回复时", "When an agent replies";
        NearlyDue = 5, "nearly_due", "即将超时时", "When it is nearly due";
        Overdue = 6, "overdue", "超时时", "When it is overdue";
    }
}

kernel::catalog! {
    /// 条件关系: how a condition compares.
    pub enum Operator {
        Is = 1, "is", "是", "is";
        IsNot = 2, "is_not", "不是", "is not";
        Contains = 3, "contains", "包含", "contains";
        ContainsNot = 4, "contains_not", "不包含", "does not contain";
        StartsWith = 5, "starts_with", "开头是", "starts with";
        EndsWith = 6, "ends_with", "结尾是", "ends with";
        Matches = 7, "matches", "匹配正则", "matches the pattern";
        AtLeast = 8, "at_least", "不少于", "is at least";
        AtMost = 9, "at_most", "不多于", "is at most";
        Empty = 10, "empty", "为空", "is empty";
        NotEmpty = 11, "not_empty", "不为空", "is not empty";
        Changed = 12, "changed", "有变化", "changed";
        ChangedTo = 13, "changed_to", "变为", "changed to";
        ChangedFrom = 14, "changed_from", "由此变化", "changed from";
    }
}

impl Operator {
    /// Whether it compares with values.
    #[must_use]
    pub const fn has_values(self) -> bool {
        !matches!(self, Operator::Empty | Operator::NotEmpty | Operator::Changed)
    }

    /// Whether it asks what a change found, which a timed trigger has none of.
    #[must_use]
    pub const fn asks_before(self) -> bool {
        matches!(self, Operator::Changed | Operator::ChangedTo | Operator::ChangedFrom)
    }
}

/// 条件: one line of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// 字段.
    pub field: Aspect,
    /// 关系.
    pub operator: Operator,
    /// Ids, keys, words or a number; any of them will do.
    #[serde(default)]
    pub values: Vec<String>,
}

kernel::catalog! {
    /// 动作: what a trigger does.
    pub enum ActionKind {
        Group = 1, "group", "分配到受理组", "Assign to a group";
        Agent = 2, "agent", "分配给客服", "Assign to an agent";
        Status = 3, "status", "设置状态", "Set the status";
        Priority = 4, "priority", "设置优先级", "Set the priority";
        Category = 5, "category", "设置分类", "Set the category";
        Cc = 6, "cc", "添加抄送", "Add to CC";
        Follow = 7, "follow", "添加关注人", "Add a follower";
        Note = 8, "note", "添加内部备注", "Add an internal note";
        Urge = 9, "urge", "催单", "Urge";
        MailCustomer = 10, "mail_customer", "发邮件给客户", "Mail the customer";
        MailAgent = 11, "mail_agent", "发邮件给受理客服", "Mail the handling agent";
        MailAddress = 12, "mail_address", "发邮件到", "Send a mail to";
        Own = 13, "own", "设置自定义字段", "Set an own field";
        Forward = 14, "forward", "消息转发", "Forward the message";
    }
}

/// 动作: one line of what a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// An id, a key or an address; what an own field is set to, of boxes the only one that is ticked.
    #[serde(default)]
    pub value: String,
    /// Words of a note, a reason or a mail, with `{{name}}` places.
    #[serde(default)]
    pub text: String,
    /// 自定义字段 that is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnField>,
}

/// 规则: what a trigger looks at and what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// 触发时机 of a flow trigger.
    #[serde(default)]
    pub moments: Vec<Moment>,
    /// 满足所有: every one of them must hold.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// 满足任一: one of them must hold, when there are any.
    #[serde(default)]
    pub any: Vec<Condition>,
    /// 动作, in order.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// 命中后停止: the triggers after it do not look any more.
    #[serde(default)]
    pub stop: bool,
}

/// 触发器 as its form sends it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerInput {
    /// Which; none makes a new one.
    #[serde(default, deserialize_with = "blank")]
    pub trigger: Option<TriggerId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 类型; it stays what it is.
    pub kind: TriggerKind,
    /// 名称.
    pub name: String,
    /// 说明.
    #[serde(default)]
    pub description: String,
    /// 启用.
    #[serde(default)]
    pub enabled: bool,
    /// 命中后停止.
    #[serde(default)]
    pub stop: bool,
    /// 触发时机.
    #[serde(default)]
    pub moments: Vec<Moment>,
    /// 满足所有.
    #[serde(default)]
    pub all: Vec<ConditionInput>,
    /// 满足任一.
    #[serde(default)]
    pub any: Vec<ConditionInput>,
    /// 动作.
    #[serde(default)]
    pub actions: Vec<ActionInput>,
    /// Empty saves; `all`, `any` and `actions` ask for the form again with what was chosen.
    #[serde(default)]
    pub step: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

/// A line of conditions of the form; without a field it is no line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionInput {
    /// 字段.
    #[serde(default, deserialize_with = "blank")]
    pub field: Option<Aspect>,
    /// 关系; the first of its field when none was chosen yet.
    #[serde(default, deserialize_with = "blank")]
    pub operator: Option<Operator>,
    /// What it compares with.
    #[serde(default)]
    pub values: Vec<String>,
}

/// A line of actions of the form; without a kind it is no line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionInput {
    /// What.
    #[serde(default, deserialize_with = "blank")]
    pub kind: Option<ActionKind>,
    /// An id, a key or an address.
    #[serde(default)]
    pub value: String,
    /// Words.
    #[serde(default)]
    pub text: String,
    /// 自定义字段.
    #[serde(default, deserialize_with = "blank")]
    pub own: Option<OwnField>,
}

impl TriggerInput {
    /// The rule of the form, without its empty lines.
    ///
    /// # Errors
    /// All problems, each beside its field. Whether ids exist is known to the command.
    pub fn check(&self) -> Result<Rule> {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MOST);
        problems.at_most(&self.description, "description", NAME_MOST);
        let is_flow = self.kind == TriggerKind::Flow;
        problems.need(!is_flow || !self.moments.is_empty(), "moments", Problem::Required);
        let all = conditions(&self.all, "all", is_flow, &mut problems);
        let any = conditions(&self.any, "any", is_flow, &mut problems);
        // A trigger without a condition would touch every ticket there is.
        problems.need(!all.is_empty() || !any.is_empty(), "all", Problem::Required);
        let actions = self.actions(&mut problems);
        problems.need(!actions.is_empty(), "actions", Problem::Required);
        problems.end()?;
        let moments = if is_flow { self.moments.clone() } else { Vec::new() };
        Ok(Rule { moments, all, any, actions, stop: self.stop })
    }

    fn actions(&self, problems: &mut Problems) -> Vec<Action> {
        problems.need(self.actions.len() <= ROWS_MOST, "actions", Problem::TooMany);
        let mut actions = Vec::new();
        for (at, line) in self.actions.iter().enumerate() {
            let Some(kind) = line.kind else { continue };
            let (value, text) = (line.value.trim().to_owned(), line.text.trim().to_owned());
            let (of_value, of_text) = (format!("actions[{at}][value]"), format!("actions[{at}][text]"));
            let own = line.own.filter(|_| kind == ActionKind::Own);
            match kind {
                ActionKind::Note | ActionKind::MailCustomer | ActionKind::MailAgent => problems.text(&text, &of_text, TEXT_MOST),
                ActionKind::MailAddress => {
                    problems.need(email(&value).is_some(), &of_value, Problem::BadEmail);
                    problems.text(&text, &of_text, TEXT_MOST);
                }
                ActionKind::Urge => problems.text(&text, &of_text, VALUE_MOST),
                ActionKind::Cc => problems.need(email(&value).is_some(), &of_value, Problem::BadEmail),
                ActionKind::Own => problems.need(own.is_some() && !value.is_empty(), &of_value, Problem::Required),
                _ => problems.need(!value.is_empty(), &of_value, Problem::Required),
            }
            actions.push(Action { kind, value, text, own });
        }
        actions
    }
}

fn conditions(lines: &[ConditionInput], list: &str, is_flow: bool, problems: &mut Problems) -> Vec<Condition> {
    problems.need(lines.len() <= ROWS_MOST, list, Problem::TooMany);
    let mut conditions = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(field) = line.field else { continue };
        let operators = field.operators(is_flow);
        let operator = line.operator.filter(|operator| operators.contains(operator)).unwrap_or(operators[0]);
        let mut values: Vec<String> = line.values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
        let of_values = format!("{list}[{at}][values]");
        if operator.has_values() {
            problems.need(!values.is_empty(), &of_values, Problem::Required);
            problems.need(values.len() <= VALUES_MOST, &of_values, Problem::TooMany);
            for value in &values {
                problems.at_most(value, &of_values, VALUE_MOST);
                problems.need(!field.is_number() || value.parse::<u32>().is_ok(), &of_values, Problem::BadNumber);
            }
        } else {
            values.clear();
        }
        conditions.push(Condition { field, operator, values });
    }
    conditions
}

/// A trigger and where it goes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// Which.
    pub trigger: TriggerId,
    /// Where.
    pub step: Step,
}

/// 排序: the triggers of a kind in another order, as they were dragged.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    /// Of which kind.
    pub kind: TriggerKind,
    /// All of them, by id, apart by spaces.
    pub order: String,
}

/// A trigger, to be copied or deleted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceInput {
    /// Which.
    pub trigger: TriggerId,
}

/// A trigger that is switched on or off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchInput {
    /// Which.
    pub trigger: TriggerId,
    /// 启用.
    pub enabled: bool,
}

kernel::catalog! {
    /// 运行结果: how a look of a trigger at a ticket ended.
    pub enum Outcome {
        Matched = 1, "matched", "命中", "Matched";
        NotMatched = 2, "not_matched", "未命中", "Not matched";
        Stopped = 3, "stopped", "已中止：连续触发超过 10 次", "Stopped: more than 10 rules in a row";
        TooOften = 4, "too_often", "已中止：一小时内超过 30 次", "Stopped: more than 30 times in an hour";
    }
}

kernel::catalog! {
    /// 动作结果: what became of one action.
    pub enum Effect {
        Done = 1, "done", "已执行", "Done";
        Unchanged = 2, "unchanged", "无需改变", "Nothing to change";
        Refused = 3, "refused", "未能执行", "Refused";
    }
}

/// 动作记录: one action of a run and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// The action.
    #[serde(flatten)]
    pub action: Action,
    /// What became of it.
    pub effect: Effect,
    /// Why not, when it was refused: words as people are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

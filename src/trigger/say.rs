//! 规则的说法: a rule as one sentence, in both languages; the list, the editor and the record of a run say the same.

use crate::field::{Aspect, Field, Holds, OwnField};
use crate::model::{Action, ActionKind, Condition, Operator, Rule};
use crate::queries::Choices;
use crate::review::Warning;
use kernel::answer::words;
use kernel::field::FieldKind;
use kernel::lang::Lang;
use kernel::t;
use ticket::model::{Priority, Status};

/// 称呼: what the fields and values that a rule names are called: in an editor the choices there are, in a history the names
/// that things had last.
pub trait Called {
    /// The name of an own field.
    fn label(&self, own: OwnField) -> Option<String>;
    /// The words of a row that this field can hold.
    fn words(&self, aspect: Aspect, value: &str, lang: Lang) -> Option<String>;
    /// The name of a subscription to forwarded messages.
    fn webhook(&self, id: &str) -> Option<String>;
}

impl Called for Choices {
    fn label(&self, own: OwnField) -> Option<String> {
        self.own_field(own).map(|field| field.label.clone())
    }

    fn words(&self, aspect: Aspect, value: &str, lang: Lang) -> Option<String> {
        self.of(aspect, lang).into_iter().find(|(known, _)| known == value).map(|(_, words)| words)
    }

    fn webhook(&self, id: &str) -> Option<String> {
        self.webhooks.iter().find(|row| row.choice.0 == id).map(|row| row.choice.1.clone())
    }
}

/// Words of one condition: `状态 是 尚未受理、受理中`.
#[must_use]
pub fn condition(condition: &Condition, choices: &impl Called, lang: Lang) -> String {
    let field = aspect(condition.field, choices, lang);
    if !condition.operator.has_values() {
        return format!("{field} {}", condition.operator.label(lang));
    }
    let values: Vec<String> = condition.values.iter().map(|value| value_words(condition.field, value, choices, lang)).collect();
    format!("{field} {} {}", operator(condition.field, condition.operator, lang), values.join(t!(lang, "、", " or ")))
}

/// What a condition looks at, by its name: of own fields the one it has now.
#[must_use]
pub fn aspect(aspect: Aspect, choices: &impl Called, lang: Lang) -> String {
    match aspect {
        Aspect::Field(field) => field.label(lang).to_owned(),
        Aspect::Own(own) => choices.label(own).unwrap_or_else(|| t!(lang, "（停用的字段）", "(a field that is switched off)").to_owned()),
    }
}

/// The operator beside this field: a number is not "at least" in the words of a list.
#[must_use]
pub fn operator(aspect: Aspect, operator: Operator, lang: Lang) -> &'static str {
    let is_moment = aspect.own().is_some_and(|own| matches!(own.kind, FieldKind::Date | FieldKind::Time));
    match (aspect.holds(), operator) {
        (Holds::Amount, Operator::AtLeast) if is_moment => t!(lang, "不早于", "is not before"),
        (Holds::Amount, Operator::AtMost) if is_moment => t!(lang, "不晚于", "is not after"),
        (Holds::Number | Holds::Amount, Operator::Is) if !is_moment => t!(lang, "等于", "equals"),
        _ => operator.label(lang),
    }
}

/// A value as people read it: the name of a row, or the words in quotes.
#[must_use]
pub fn value_words(aspect: Aspect, value: &str, choices: &impl Called, lang: Lang) -> String {
    if let Some(own) = aspect.own().filter(|own| own.holds() == Holds::Maybe) {
        // Also of one that was taken off the list.
        return words(own.kind, value);
    }
    match aspect.holds() {
        Holds::Text => t!(lang, "“{}”", "“{}”", value),
        Holds::Number | Holds::Amount => value.to_owned(),
        Holds::Choice | Holds::Maybe => {
            choices.words(aspect, value, lang).unwrap_or_else(|| t!(lang, "（已删除）", "(deleted)").to_owned())
        }
    }
}

/// Words of one action: `分配到受理组 售后`.
#[must_use]
pub fn action(action: &Action, choices: &impl Called, lang: Lang) -> String {
    let gone = || t!(lang, "（已删除）", "(deleted)").to_owned();
    let of = |field: Field| value_words(field.into(), &action.value, choices, lang);
    let what = match action.kind {
        ActionKind::Group => of(Field::Group),
        ActionKind::Agent | ActionKind::Follow => of(Field::Agent),
        ActionKind::Category => of(Field::Category),
        ActionKind::Status => Status::from_key(&action.value).map_or_else(gone, |status| status.label(lang).to_owned()),
        ActionKind::Priority => Priority::from_key(&action.value).map_or_else(gone, |priority| priority.label(lang).to_owned()),
        ActionKind::Cc => action.value.clone(),
        ActionKind::Forward => choices.webhook(&action.value).map_or_else(gone, |name| t!(lang, "给 {}", "to {}", name)),
        ActionKind::Own => match action.own.map(Aspect::Own) {
            Some(own) => {
                let value = value_words(own, &action.value, choices, lang);
                t!(lang, "{0} 为 {1}", "{0} to {1}", aspect(own, choices, lang), value)
            }
            None => gone(),
        },
        ActionKind::Note | ActionKind::Urge | ActionKind::MailCustomer | ActionKind::MailAgent => {
            t!(lang, "“{}”", "“{}”", shortened(&action.text))
        }
        ActionKind::MailAddress => t!(lang, "{0}：“{1}”", "{0}: “{1}”", action.value, shortened(&action.text)),
    };
    format!("{}{}{what}", action.kind.label(lang), t!(lang, " ", ": "))
}

/// The whole rule.
#[must_use]
pub fn sentence(rule: &Rule, choices: &impl Called, lang: Lang) -> String {
    let words = |conditions: &[Condition]| -> Vec<String> { conditions.iter().map(|one| condition(one, choices, lang)).collect() };
    let moments: Vec<&str> = rule.moments.iter().map(|moment| moment.label(lang)).collect();
    let when =
        if moments.is_empty() { t!(lang, "每个整点", "Every full hour").to_owned() } else { moments.join(t!(lang, "或", " or ")) };
    let all = words(&rule.all).join(t!(lang, "，且 ", " and "));
    let any = words(&rule.any).join(t!(lang, "，或 ", " or "));
    let asked = match (all.is_empty(), any.is_empty()) {
        (false, false) => t!(lang, "{0}，并且（{1}）", "{0}, and ({1})", all, any),
        (false, true) => all,
        (true, _) => any,
    };
    let actions: Vec<String> = rule.actions.iter().map(|one| action(one, choices, lang)).collect();
    let actions = actions.join(t!(lang, "；", "; "));
    let end = if rule.stop { t!(lang, "；然后不再看后面的触发器", "; the triggers after it do not look any more") } else { "" };
    t!(lang, "{0}，如果 {1}：{2}{3}", "{0}, if {1}: {2}{3}", when, asked, actions, end)
}

/// 警告 in words.
#[must_use]
pub fn warning(warning: &Warning, choices: &impl Called, lang: Lang) -> String {
    match warning {
        Warning::Contradiction(one, other) => t!(
            lang,
            "永远不会命中：“{0}”和“{1}”不能同时成立。",
            "It never matches: “{0}” and “{1}” do not hold together.",
            condition(one, choices, lang),
            condition(other, choices, lang)
        ),
        Warning::NoChange(one) => t!(
            lang,
            "永远不会命中：“{}”要在工单更新时看，而它不看更新。",
            "It never matches: “{}” asks for a change, and it does not look at changes.",
            condition(one, choices, lang)
        ),
        Warning::FieldGone(one) => t!(
            lang,
            "“{}”问的字段已停用，这一条不会成立。",
            "“{}” asks for a field that is switched off: it does not hold.",
            condition(one, choices, lang)
        ),
        Warning::ActionGone(one) => t!(
            lang,
            "“{}”要设置的字段已停用，不会执行。",
            "“{}” sets a field that is switched off: it is refused.",
            action(one, choices, lang)
        ),
        Warning::Shadowed(name) => t!(
            lang,
            "看不到工单：凡是符合它的，都先符合前面的“{}”，到那里就停了。",
            "It sees no ticket: whatever matches it matches “{}” before, which ends the look.",
            name
        ),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST { text.to_owned() } else { format!("{}…", text.chars().take(MOST).collect::<String>()) }
}

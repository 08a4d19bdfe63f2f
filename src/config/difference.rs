//! 字段差异: two documents side by side, field by field, in words.

use crate::refs::Names;
use kernel::configured::Kind;
use kernel::lang::Lang;
use kernel::t;
use serde_json::Value;
use std::collections::BTreeSet;

/// One field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Keys and places from the document down.
    pub path: Vec<String>,
    /// Before.
    pub before: Value,
    /// After.
    pub after: Value,
}

/// Every field that differs, in the order of the keys. A list of plain values is one field; lists of tables are gone through.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(&mut Vec::new(), before, after, &mut found);
    found
}

fn walk(path: &mut Vec<String>, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after || (says_nothing(before) && says_nothing(after)) {
        return;
    }
    let mut step = |key: String, before: &Value, after: &Value| {
        path.push(key);
        walk(path, before, after, found);
        path.pop();
    };
    match (before, after) {
        (Value::Object(_) | Value::Null, Value::Object(_)) | (Value::Object(_), Value::Null) => {
            let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<BTreeSet<_>>()).unwrap_or_default();
            for key in keys(before).union(&keys(after)) {
                step(key.clone(), &before[key.as_str()], &after[key.as_str()]);
            }
        }
        (Value::Array(was), Value::Array(is)) if was.iter().chain(is).any(Value::is_object) => {
            for at in 0..was.len().max(is.len()) {
                step(format!("#{}", at + 1), was.get(at).unwrap_or(&Value::Null), is.get(at).unwrap_or(&Value::Null));
            }
        }
        _ => found.push(Difference { path: path.clone(), before: before.clone(), after: after.clone() }),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().all(says_nothing),
        Value::Object(map) => map.values().all(says_nothing),
        Value::Number(_) | Value::Bool(true) => false,
    }
}

impl Difference {
    /// What the field is called.
    #[must_use]
    pub fn field(&self, kind: &Kind, names: &Names, lang: Lang) -> String {
        if self.path.is_empty() {
            return t!(lang, "顺序", "Order").to_owned();
        }
        self.path.iter().map(|key| called(key, kind, names, lang)).collect::<Vec<_>>().join(" / ")
    }

    /// The two values in words: before, after.
    #[must_use]
    pub fn said(&self, kind: &Kind, names: &Names, lang: Lang) -> [String; 2] {
        let key = self.path.iter().rev().find(|key| !key.starts_with('#')).map_or("", String::as_str);
        [&self.before, &self.after].map(|value| words(value, key, kind, names, lang))
    }
}

/// A key as people read it; one that is an id, by what it names.
fn called<'a>(key: &'a str, kind: &Kind, names: &'a Names, lang: Lang) -> &'a str {
    names.named(key).unwrap_or_else(|| kind.key(key, lang))
}

/// A value as people read it: ids by what they name, codes by their words.
fn words(value: &Value, key: &str, kind: &Kind, names: &Names, lang: Lang) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { t!(lang, "是", "Yes") } else { t!(lang, "否", "No") }.to_owned(),
        Value::String(text) if text.is_empty() => "–".to_owned(),
        Value::String(text) => match names.named(text) {
            Some(name) => name.to_owned(),
            None => kind.value(key, text, lang).to_owned(),
        },
        Value::Array(list) if list.is_empty() => "–".to_owned(),
        Value::Array(list) => list.iter().map(|one| words(one, key, kind, names, lang)).collect::<Vec<_>>().join(t!(lang, "、", ", ")),
        Value::Object(map) => {
            let part = |(key, value): (&String, &Value)| {
                t!(lang, "{0}：{1}", "{0}: {1}", called(key, kind, names, lang), words(value, key, kind, names, lang))
            };
            map.iter().map(part).collect::<Vec<_>>().join(t!(lang, "；", "; "))
        }
        Value::Number(number) => number.to_string(),
    }
}

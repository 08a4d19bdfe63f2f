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

/// Every field that differs, in the order of the keys. A list of plain values is one field; lists of tables are gone through, and
/// lists whose places have names. A line that is said as a whole is one field too.
#[must_use]
pub fn differences(kind: &Kind, before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(kind, &mut Vec::new(), before, after, &mut found);
    found
}

fn walk(kind: &Kind, path: &mut Vec<String>, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after || (says_nothing(before) && says_nothing(after)) {
        return;
    }
    let key = key_of(path);
    let (is_line, has_places) = (path.last().is_some_and(|last| is_place(last)) && kind.line(key).is_some(), kind.place(key).is_some());
    let mut step = |key: String, before: &Value, after: &Value| {
        path.push(key);
        walk(kind, path, before, after, found);
        path.pop();
    };
    match (before, after) {
        _ if is_line => found.push(Difference { path: path.clone(), before: before.clone(), after: after.clone() }),
        (Value::Object(_) | Value::Null, Value::Object(_)) | (Value::Object(_), Value::Null) => {
            let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<BTreeSet<_>>()).unwrap_or_default();
            for key in keys(before).union(&keys(after)) {
                step(key.clone(), &before[key.as_str()], &after[key.as_str()]);
            }
        }
        (Value::Array(_) | Value::Null, Value::Array(_)) | (Value::Array(_), Value::Null)
            if has_places || is_table(before) || is_table(after) =>
        {
            let (was, is) = (list(before), list(after));
            for at in 0..was.len().max(is.len()) {
                step(format!("#{}", at + 1), was.get(at).unwrap_or(&Value::Null), is.get(at).unwrap_or(&Value::Null));
            }
        }
        _ => found.push(Difference { path: path.clone(), before: before.clone(), after: after.clone() }),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn is_table(value: &Value) -> bool {
    list(value).iter().any(Value::is_object)
}

/// The place in a list, `#1`, as a part of a path.
fn is_place(part: &str) -> bool {
    part.starts_with('#')
}

/// The last key of a path: places have the meaning of their list.
fn key_of(path: &[String]) -> &str {
    path.iter().rev().find(|part| !is_place(part)).map_or("", String::as_str)
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
        let part = |at: usize| {
            let part = &self.path[at];
            let place = part.strip_prefix('#').and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
            let named = place.and_then(|place| kind.place(key_of(&self.path[..at]))?(place, lang));
            named.unwrap_or_else(|| called(part, kind, names, lang).to_owned())
        };
        (0..self.path.len()).map(part).collect::<Vec<_>>().join(" / ")
    }

    /// The two values in words: before, after.
    #[must_use]
    pub fn said(&self, kind: &Kind, names: &Names, lang: Lang) -> [String; 2] {
        let key = key_of(&self.path);
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
        Value::Object(_) if kind.line(key).is_some() => {
            let named = |text: &str| names.named(text).map(str::to_owned);
            let said = kind.line(key).and_then(|say| say(value, &named, lang));
            // What no longer reads as one is shown as it lies there.
            said.unwrap_or_else(|| value.to_string())
        }
        Value::Object(map) => {
            let part = |(key, value): (&String, &Value)| {
                t!(lang, "{0}：{1}", "{0}: {1}", called(key, kind, names, lang), words(value, key, kind, names, lang))
            };
            map.iter().map(part).collect::<Vec<_>>().join(t!(lang, "；", "; "))
        }
        Value::Number(number) => number.to_string(),
    }
}

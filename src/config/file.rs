//! 配置文件: a configuration as a text that people read and change: TOML, a table for each object under the word of its kind.
//!
//! ```toml
//! format = 1
//!
//! [company]
//! name = "晨光家居"
//!
//! [[group]]
//! members = ["@agent/li.lei@example.com"]
//! name = "售后组"
//! ```

use crate::fault::{Fault, Place};
use crate::model::{FILE_MOST, OBJECTS_MOST};
use crate::refs::Names;
use crate::section::{Labels, Section, labels};
use kernel::configured::{Kind, Object};
use kernel::error::{Error, Result};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// The shape of the file; another one gets another number.
const FORMAT: i64 = 1;

/// The file of a configuration. The same configuration gives the same bytes: keys stand in their order, objects in theirs,
/// and nothing else is in it.
///
/// # Errors
/// When a document has a value that the file cannot hold.
pub fn write(sections: &[Section], names: &Names) -> Result<String> {
    let mut text = format!("# 客服 Kefu\nformat = {FORMAT}\n");
    for section in sections.iter().filter(|section| !section.objects.is_empty()) {
        let written = section.objects.iter().map(|object| {
            let mut document = names.write(&object.document);
            for key in section.kind.sets {
                if let Some(Value::Array(list)) = document.get_mut(*key) {
                    list.sort_by_key(ToString::to_string);
                }
            }
            table(document)
        });
        for document in written {
            let document = if section.kind.is_single { toml::Value::Table(document) } else { vec![document].into() };
            let part = toml::Table::from_iter([(section.kind.key.to_owned(), document)]);
            text.push('\n');
            text.push_str(&toml::to_string(&part).map_err(Error::internal)?);
        }
    }
    Ok(text)
}

/// The configuration of a file, over the one there is: an object that is called the same is the same. With `prune` what the
/// file does not name cannot be referred to.
///
/// # Errors
/// Everything that is wrong with the file by itself.
pub fn read(
    text: &str,
    now: &[Section],
    agents: &[(Uuid, String)],
    prune: bool,
    mut fresh: impl FnMut() -> Uuid,
) -> core::result::Result<Vec<Section>, Vec<Fault>> {
    let found = objects(text, now)?;
    let mut names = Names::of(if prune { &[] } else { now }, agents);
    let mut placed = Vec::new();
    for (section, documents) in now.iter().zip(&found) {
        let known: HashMap<String, Uuid> =
            labels(section.kind, &section.objects).into_iter().zip(section.objects.iter().map(|object| object.id)).collect();
        for (label, document) in labelled(section.kind, documents) {
            let only = section.objects.first().filter(|_| section.kind.is_single).map(|object| object.id);
            let id = only.or_else(|| known.get(&label).copied()).unwrap_or_else(&mut fresh);
            if !section.kind.is_single {
                names.add(section.kind.key, &label, id);
            }
            placed.push((section.kind, label, id, document));
        }
    }
    let mut faults = Vec::new();
    let mut sections: Vec<Section> = now.iter().map(|section| Section { kind: section.kind, objects: Vec::new() }).collect();
    for (kind, label, id, document) in placed {
        let place = Place { kind, name: if kind.is_single { String::new() } else { label.replace('\0', "") } };
        if let Some(key) = zero(document, "") {
            faults.push(Fault::Zero(place, key));
            continue;
        }
        let document = match names.read(document) {
            Ok(document) => document,
            Err(unknown) => {
                faults.extend(unknown.into_iter().map(|reference| Fault::UnknownReference(place.clone(), reference)));
                continue;
            }
        };
        match kind.read(document) {
            Ok(document) => {
                if let Some(section) = sections.iter_mut().find(|section| section.kind.key == kind.key) {
                    section.objects.push(Object { id, document });
                }
            }
            Err(words) => faults.push(Fault::Document(place, words)),
        }
    }
    if faults.is_empty() { Ok(sections) } else { Err(faults) }
}

/// The documents of a file, kind by kind as they stand in `now`.
fn objects(text: &str, now: &[Section]) -> core::result::Result<Vec<Vec<Value>>, Vec<Fault>> {
    if text.len() > FILE_MOST {
        return Err(vec![Fault::TooLarge]);
    }
    let mut table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| vec![Fault::Unreadable(error.to_string().trim().to_owned())])?;
    if table.remove("format").and_then(|format| format.as_integer()) != Some(FORMAT) {
        return Err(vec![Fault::Format]);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for section in now {
        let kind = section.kind;
        let documents = match table.remove(kind.key).map(json) {
            None => Some(Vec::new()),
            Some(Value::Object(only)) if kind.is_single => Some(vec![Value::Object(only)]),
            Some(Value::Array(list)) if !kind.is_single && list.iter().all(Value::is_object) => Some(list),
            Some(_) => None,
        };
        match documents {
            Some(documents) => found.push(documents),
            None => faults.push(Fault::Shape(kind.label)),
        }
    }
    faults.extend(table.keys().cloned().map(Fault::UnknownKind));
    if found.iter().map(Vec::len).sum::<usize>() > OBJECTS_MOST {
        faults.push(Fault::TooMany);
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// The key under which a text has the character that the database does not take.
fn zero(document: &Value, key: &str) -> Option<String> {
    match document {
        Value::String(text) => text.contains('\0').then(|| key.to_owned()),
        Value::Array(list) => list.iter().find_map(|value| zero(value, key)),
        Value::Object(map) => {
            map.iter().find_map(|(below, value)| if below.contains('\0') { Some(below.replace('\0', "")) } else { zero(value, below) })
        }
        _ => None,
    }
}

fn labelled<'a>(kind: &Kind, documents: &'a [Value]) -> Vec<(String, &'a Value)> {
    let (mut labels, prefix) = (Labels::default(), format!("@{}/", kind.key));
    let text = |document: &Value, key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    documents
        .iter()
        .map(|document| {
            let (parent, name) = (text(document, "parent"), text(document, kind.name));
            // A name that begins with @ has a second one here.
            let name = name.strip_prefix('@').filter(|rest| rest.starts_with('@')).unwrap_or(&name);
            (labels.next(parent.strip_prefix(&prefix), name), document)
        })
        .collect()
}

/// A document as the file holds it: what says nothing is left out.
fn table(document: Value) -> toml::Table {
    let mut table = toml::Table::new();
    if let Value::Object(map) = document {
        table.extend(map.into_iter().filter_map(|(key, value)| Some((key, held(value)?))));
    }
    table
}

fn held(value: Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => yes.into(),
        Value::String(text) => text.into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        Value::Array(list) => list.into_iter().filter_map(held).collect::<Vec<_>>().into(),
        object @ Value::Object(_) => table(object).into(),
    })
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => yes.into(),
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(json).collect::<Vec<_>>().into(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>().into(),
    }
}

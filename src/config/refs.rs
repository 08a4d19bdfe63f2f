//! 引用: in a file an object is named, not numbered. A text of a document that is the id of a known object or account becomes
//! `@group/售后组` or `@agent/li.lei@example.com`, and back; a text that begins with `@` by itself gets a second one. A word
//! before an id stays before its name: `own-choice-0192…` becomes `@own-choice-@ticket_field/原因`. Keys are texts like others.

use crate::section::{Section, labels};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// The word of accounts in references.
pub const AGENT: &str = "agent";

/// What can be referred to.
#[derive(Clone, Debug, Default)]
pub struct Names {
    references: HashMap<Uuid, String>,
    ids: HashMap<String, Uuid>,
}

impl Names {
    /// The names of a configuration, and of accounts by their addresses.
    #[must_use]
    pub fn of(sections: &[Section], agents: &[(Uuid, String)]) -> Names {
        let mut names = Names::default();
        for (id, address) in agents {
            names.add(AGENT, address, *id);
        }
        for section in sections.iter().filter(|section| !section.kind.is_single) {
            for (object, label) in section.objects.iter().zip(labels(section.kind, &section.objects)) {
                names.add(section.kind.key, &label, object.id);
            }
        }
        names
    }

    /// One more.
    pub fn add(&mut self, kind: &str, label: &str, id: Uuid) {
        let reference = format!("@{kind}/{label}");
        self.references.insert(id, reference.clone());
        self.ids.insert(reference, id);
    }

    /// Takes over what is not known yet.
    pub fn extend(&mut self, others: Names) {
        for (id, reference) in others.references {
            self.references.entry(id).or_insert(reference);
        }
    }

    /// What an id is called, without its kind.
    #[must_use]
    pub fn label(&self, id: Uuid) -> Option<&str> {
        self.references.get(&id).and_then(|reference| reference.split_once('/')).map(|(_, label)| label)
    }

    /// What the id at the end of a text is called.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<&str> {
        numbered(text).and_then(|(_, id)| self.label(id))
    }

    /// The key of every id that nothing here has: what it named is deleted, or is no part of the configuration.
    #[must_use]
    pub fn dangling(&self, document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.look(document, "", &mut found);
        found
    }

    fn look(&self, document: &Value, key: &str, found: &mut Vec<String>) {
        let is_lost = |text: &str| numbered(text).is_some_and(|(_, id)| !self.references.contains_key(&id));
        match document {
            Value::String(text) if is_lost(text) => found.push(key.to_owned()),
            Value::Array(list) => {
                for value in list {
                    self.look(value, key, found);
                }
            }
            Value::Object(map) => {
                for (below, value) in map {
                    if is_lost(below) {
                        found.push(key.to_owned());
                    }
                    // What stands under an id has no name of its own.
                    self.look(value, if numbered(below).is_some() { key } else { below }, found);
                }
            }
            _ => {}
        }
    }

    /// The document with names in place of ids.
    #[must_use]
    pub fn write(&self, document: &Value) -> Value {
        match document {
            Value::String(text) => Value::String(self.written(text)),
            Value::Array(list) => Value::Array(list.iter().map(|value| self.write(value)).collect()),
            // A list keeps what it wants of own fields under their ids.
            Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (self.written(key), self.write(value))).collect()),
            other => other.clone(),
        }
    }

    /// The document with ids in place of names.
    ///
    /// # Errors
    /// The references to what is not there.
    pub fn read(&self, document: &Value) -> Result<Value, Vec<String>> {
        let mut unknown = Vec::new();
        let read = self.resolve(document, &mut unknown);
        if unknown.is_empty() { Ok(read) } else { Err(unknown) }
    }

    fn written(&self, text: &str) -> String {
        match numbered(text).and_then(|(before, id)| Some((before, self.references.get(&id)?))) {
            Some(("", reference)) => reference.clone(),
            Some((before, reference)) => format!("@{before}{reference}"),
            None if text.starts_with('@') => format!("@{text}"),
            None => text.to_owned(),
        }
    }

    fn resolve(&self, document: &Value, unknown: &mut Vec<String>) -> Value {
        match document {
            Value::String(text) => self.resolved(text, unknown).map_or(Value::Null, Value::from),
            Value::Array(list) => Value::Array(list.iter().map(|value| self.resolve(value, unknown)).collect()),
            Value::Object(map) => {
                let part = |(key, value): (&String, &Value)| Some((self.resolved(key, unknown)?, self.resolve(value, unknown)));
                Value::Object(map.iter().filter_map(part).collect())
            }
            other => other.clone(),
        }
    }

    /// The text with an id in place of its name; none when there is no such thing, which is noted then.
    fn resolved(&self, text: &str, unknown: &mut Vec<String>) -> Option<String> {
        let id = match text.strip_prefix('@') {
            None => return Some(text.to_owned()),
            Some(rest) if rest.starts_with('@') => return Some(rest.to_owned()),
            Some(rest) => self.id_of(text, rest),
        };
        if id.is_none() {
            unknown.push(text.to_owned());
        }
        id
    }

    /// The id of a reference, with the word before it.
    fn id_of(&self, text: &str, rest: &str) -> Option<String> {
        if let Some(id) = self.ids.get(text) {
            return Some(id.to_string());
        }
        let (before, reference) = rest.split_at(rest.find('@').filter(|at| *at > 0)?);
        let id = self.ids.get(reference).filter(|_| is_word(before))?;
        Some(format!("{before}{id}"))
    }
}

/// The id at the end of a text and the word before it. Only as ids are written: another spelling of one is a text.
fn numbered(text: &str) -> Option<(&str, Uuid)> {
    let (before, last) = text.split_at_checked(text.len().checked_sub(uuid::fmt::Hyphenated::LENGTH)?)?;
    let id = last.parse::<Uuid>().ok().filter(|id| id.to_string() == last)?;
    is_word(before).then_some((before, id))
}

fn is_word(before: &str) -> bool {
    before.is_empty() || before.ends_with('-') && before.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
}

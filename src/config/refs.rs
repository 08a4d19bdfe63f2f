//! 引用: in a file an object is named, not numbered. A text of a document that is the id of a known object or account becomes
//! `@group/售后组` or `@agent/li.lei@example.com`, and back; a text that begins with `@` by itself gets a second one. A word
//! before an id stays before its name: `own-choice-0192…` becomes `@own-choice-@ticket_field/原因`.

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

    /// The document with names in place of ids.
    #[must_use]
    pub fn write(&self, document: &Value) -> Value {
        match document {
            Value::String(text) => Value::String(self.written(text)),
            Value::Array(list) => Value::Array(list.iter().map(|value| self.write(value)).collect()),
            Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), self.write(value))).collect()),
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
            Value::String(text) => match text.strip_prefix('@') {
                None => document.clone(),
                Some(rest) if rest.starts_with('@') => Value::from(rest),
                Some(rest) => match self.id_of(text, rest) {
                    Some(id) => Value::from(id),
                    None => {
                        unknown.push(text.clone());
                        Value::Null
                    }
                },
            },
            Value::Array(list) => Value::Array(list.iter().map(|value| self.resolve(value, unknown)).collect()),
            Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), self.resolve(value, unknown))).collect()),
            other => other.clone(),
        }
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

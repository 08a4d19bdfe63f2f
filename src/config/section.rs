//! 配置: everything that is set up, kind by kind.

use kernel::configured::{Kind, Object};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The objects of one kind, in order.
#[derive(Clone, Debug)]
pub struct Section {
    /// The kind.
    pub kind: &'static Kind,
    /// Its objects.
    pub objects: Vec<Object>,
}

/// What each object is called among those of its kind: its name, or the names from the root joined by `/`. Of several with
/// one name the first has the bare one, the others `name #2`, `name #3` in their order. The only one of a kind has none.
#[must_use]
pub fn labels(kind: &Kind, objects: &[Object]) -> Vec<String> {
    let mut known: HashMap<Uuid, String> = HashMap::new();
    let mut labels = Labels::default();
    let label = |object: &Object| {
        let parent = object.document.get("parent").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let parent = parent.and_then(|parent| known.get(&parent).cloned());
        let label = labels.next(parent.as_deref(), object.document.get(kind.name).and_then(Value::as_str).unwrap_or_default());
        known.insert(object.id, label.clone());
        label
    };
    objects.iter().map(label).collect()
}

/// Gives out labels, each once.
#[derive(Debug, Default)]
pub(crate) struct Labels(HashSet<String>);

impl Labels {
    /// The label of the next object.
    pub(crate) fn next(&mut self, parent: Option<&str>, name: &str) -> String {
        let bare = parent.map_or_else(|| name.to_owned(), |parent| format!("{parent}/{name}"));
        let mut label = bare.clone();
        let mut number = 1;
        while !self.0.insert(label.clone()) {
            number += 1;
            label = format!("{bare} #{number}");
        }
        label
    }
}

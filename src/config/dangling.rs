//! 悬空引用: what documents name that is deleted, or is no part of the configuration. A file with one is refused elsewhere, and
//! here too once its object is made anew.

use crate::refs::Names;
use crate::section::{Section, labels};
use kernel::configured::Kind;
use kernel::lang::Lang;
use kernel::t;

/// One of them.
#[derive(Clone, Debug)]
pub struct Dangling {
    /// Kind of the object that has it.
    pub kind: &'static Kind,
    /// What that object is called; empty for the only one of its kind.
    pub name: String,
    /// Under which key.
    pub key: String,
}

/// Every one of a configuration, in its order.
#[must_use]
pub fn dangling(sections: &[Section], names: &Names) -> Vec<Dangling> {
    let mut found = Vec::new();
    for section in sections {
        let kind = section.kind;
        for (object, label) in section.objects.iter().zip(labels(kind, &section.objects)) {
            let name = if kind.is_single { String::new() } else { label };
            found.extend(names.dangling(&object.document).into_iter().map(|key| Dangling { kind, name: name.clone(), key }));
        }
    }
    found
}

impl Dangling {
    /// Where it stands, in words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (kind, key) = (self.kind.label(lang), self.kind.key(&self.key, lang));
        if self.name.is_empty() {
            format!("{kind} / {key}")
        } else {
            t!(lang, "{0}“{1}” / {2}", "{0} “{1}” / {2}", kind, self.name, key)
        }
    }
}

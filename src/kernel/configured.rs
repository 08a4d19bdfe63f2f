//! 配置: what administrators decide, as objects with a document each. A slice says how its objects are listed, written and
//! taken away; the kernel keeps every version of each (`record`), and history, export and import follow from that.
//!
//! Documents name other objects by their ids, so that a rename changes nothing but the object itself, and hold no secret.

pub mod order;
pub mod record;

use crate::error::{Error, Problem, Result};
use crate::lang::Lang;
use crate::permission::Permission;
use crate::setting::{self, Setting};
use crate::tx::Tx;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::pin::Pin;
use uuid::Uuid;

/// Two words, Chinese and English.
pub type Words = (&'static str, &'static str);

/// The word people read of a coded value; none of another one.
pub type Spell = fn(&str, Lang) -> Option<&'static str>;

/// What an id is called, as far as anybody knows; also one with a word before it, such as `own-choice-0192…`.
pub type Named<'a> = dyn Fn(&str) -> Option<String> + 'a;
/// The words for one line of a list, read as a whole; none of what cannot be read.
pub type Say = fn(&Value, &Named<'_>, Lang) -> Option<String>;
/// What the place in a list is called, counted from 0; none of one that has no name.
pub type Place = fn(usize, Lang) -> Option<String>;

/// 配置对象: the document of one kind of object that administrators set up.
pub trait Configured: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable word, which is the kind of its audit entries too: who audits, is recorded.
    const KIND: &'static str;
    /// What people call the kind.
    const LABEL: Words;
    /// The permission of its settings page: an import changes what its person could change by hand.
    const NEEDS: Permission;
    /// Its settings page.
    const PAGE: &'static str;
    /// The key of the document under which the object's name stands. An object whose document has a `parent` is named by the
    /// names from the root.
    const NAME: &'static str = "name";
    /// What the keys of the document are called; a key that is not here shows itself.
    const KEYS: &'static [(&'static str, Words)] = &[];
    /// Keys whose values are rows of a coded list, with what says them; a key of two lists stands here twice.
    const CODES: &'static [(&'static str, Spell)] = &[];
    /// Keys of lists whose lines people read as sentences, such as the conditions of a rule.
    const LINES: &'static [(&'static str, Say)] = &[];
    /// Keys of lists whose places have names, such as the days of a week.
    const PLACES: &'static [(&'static str, Place)] = &[];
    /// Keys whose list has no order of its own: it is kept by id, so that nothing but what is in it counts.
    const SETS: &'static [&'static str] = &[];
    /// Whether the order of the objects means something.
    const ORDERED: bool = false;
    /// Whether there is exactly one, which can be changed but neither made nor deleted.
    const SINGLE: bool = false;
    /// What people should know of one that an import makes.
    const WHEN_MADE: Option<Words> = None;

    /// Every object in force, in order, one above another before those below it. Takes no lock.
    fn all(tx: &mut Tx) -> impl Future<Output = Result<Vec<(Uuid, Self)>>> + Send;

    /// Makes the object, brings a deleted one back or changes it, with the checks and the audit entry of its form.
    fn put(tx: &mut Tx, id: Uuid, document: Self) -> impl Future<Output = Result> + Send;

    /// Deletes it as its settings page does.
    fn remove(tx: &mut Tx, id: Uuid) -> impl Future<Output = Result> + Send;

    /// Puts all objects in this order.
    fn arrange(_tx: &mut Tx, _order: &[Uuid]) -> impl Future<Output = Result> + Send {
        async { Ok(()) }
    }
}

/// 设置文档 that names other objects: that they are there, only the database knows.
pub trait Refers: Setting {
    /// Finds what it names and is not there.
    fn check_references(&self, tx: &mut Tx) -> impl Future<Output = Result> + Send;
}

/// One object of whichever kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Which; the company's or nobody's for what there is one of.
    pub id: Uuid,
    /// Its document.
    pub document: Value,
}

type Coming<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// 配置种类: one row of the table of everything that can be configured.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The stable word.
    pub key: &'static str,
    /// What people call it.
    pub label: Words,
    /// The permission that changing it needs.
    pub needs: Permission,
    /// Its settings page.
    pub page: &'static str,
    /// The key of the document under which the name stands.
    pub name: &'static str,
    /// What the keys of the document are called.
    pub keys: &'static [(&'static str, Words)],
    /// Keys whose values are rows of a coded list.
    pub codes: &'static [(&'static str, Spell)],
    /// The same, of lists that the slice of the kind does not know.
    foreign: &'static [(&'static str, Spell)],
    /// Keys of lists whose lines people read as sentences.
    pub lines: &'static [(&'static str, Say)],
    /// Keys of lists whose places have names.
    pub places: &'static [(&'static str, Place)],
    /// Keys whose list has no order of its own.
    pub sets: &'static [&'static str],
    /// Whether the order means something.
    pub is_ordered: bool,
    /// The key whose values keep groups apart, each with an order of its own.
    pub apart: &'static str,
    /// Whether there is exactly one.
    pub is_single: bool,
    /// What people should know of one that an import makes.
    when_made: Option<Words>,
    /// Kind of the audit entries that a change of it writes.
    subject: &'static str,
    check: for<'a> fn(&'a mut Tx, Value) -> Coming<'a, ()>,
    read: fn(Value) -> core::result::Result<Value, String>,
    all: for<'a> fn(&'a mut Tx) -> Coming<'a, Vec<Object>>,
    put: for<'a> fn(&'a mut Tx, Uuid, Value) -> Coming<'a, ()>,
    remove: for<'a> fn(&'a mut Tx, Uuid) -> Coming<'a, ()>,
    arrange: for<'a> fn(&'a mut Tx, &'a [Uuid]) -> Coming<'a, ()>,
}

impl Kind {
    /// The row of a kind of objects.
    #[must_use]
    pub const fn of<C: Configured>() -> Kind {
        Kind {
            key: C::KIND,
            label: C::LABEL,
            needs: C::NEEDS,
            page: C::PAGE,
            name: C::NAME,
            keys: C::KEYS,
            codes: C::CODES,
            foreign: &[],
            lines: C::LINES,
            places: C::PLACES,
            sets: C::SETS,
            is_ordered: C::ORDERED,
            apart: "parent",
            is_single: C::SINGLE,
            when_made: C::WHEN_MADE,
            subject: C::KIND,
            // Its command checks what it names.
            check: |_, _| Box::pin(async { Ok(()) }),
            read: |document| normal::<C>(document, C::SETS),
            all: |tx| {
                Box::pin(async move {
                    let found = C::all(tx).await?;
                    found.into_iter().map(|(id, document)| Ok(Object { id, document: value(&document, C::SETS)? })).collect()
                })
            },
            put: |tx, id, document| Box::pin(async move { C::put(tx, id, typed(document)?).await }),
            remove: |tx, id| Box::pin(C::remove(tx, id)),
            arrange: |tx, order| Box::pin(C::arrange(tx, order)),
        }
    }

    /// The row of a settings document.
    #[must_use]
    pub const fn setting<S: Setting + Sync + 'static>(key: &'static str, label: Words, needs: Permission, page: &'static str) -> Kind {
        Kind {
            key,
            label,
            needs,
            page,
            name: "",
            keys: S::KEYS,
            codes: S::CODES,
            foreign: &[],
            lines: &[],
            places: S::PLACES,
            sets: S::SETS,
            is_ordered: false,
            apart: "",
            is_single: true,
            when_made: None,
            subject: "settings",
            check: |_, _| Box::pin(async { Ok(()) }),
            read: |document| normal::<S>(document, S::SETS),
            all: |tx| {
                Box::pin(async move {
                    let document = value(&setting::in_force::<S>(tx).await?.value, S::SETS)?;
                    Ok(vec![Object { id: Uuid::nil(), document }])
                })
            },
            put: |tx, _, document| {
                Box::pin(async move {
                    let (value, version) = (typed::<S>(document)?, setting::in_force::<S>(tx).await?.version);
                    let reason = tx.reason().to_owned();
                    setting::save(tx, &value, version, &reason).await.map(drop)
                })
            },
            remove: |_, _| Box::pin(async { Err(Problem::BadChoice.into()) }),
            arrange: |_, _| Box::pin(async { Ok(()) }),
        }
    }

    /// The same, where the values of this key stand apart.
    #[must_use]
    pub const fn apart_by(self, key: &'static str) -> Kind {
        Kind { apart: key, ..self }
    }

    /// The same, where values of a slice above are handed on: who knows both says what they are called.
    #[must_use]
    pub const fn that_spells(self, foreign: &'static [(&'static str, Spell)]) -> Kind {
        Kind { foreign, ..self }
    }

    /// The same, where the settings document names other objects.
    #[must_use]
    pub const fn that_refers<S: Refers + Sync + 'static>(self) -> Kind {
        let check: for<'a> fn(&'a mut Tx, Value) -> Coming<'a, ()> = |tx, document| {
            Box::pin(async move {
                let value: S = typed(document)?;
                value.check_references(tx).await
            })
        };
        Kind { check, ..self }
    }

    /// What people call a key of its document.
    #[must_use]
    pub fn key<'a>(&self, key: &'a str, lang: Lang) -> &'a str {
        match (self.keys.iter().find(|(known, _)| *known == key), lang) {
            (Some((_, (zh, _))), Lang::Zh) => zh,
            (Some((_, (_, en))), Lang::En) => en,
            (None, _) => key,
        }
    }

    /// What people call a value under a key.
    #[must_use]
    pub fn value<'a>(&self, key: &str, value: &'a str, lang: Lang) -> &'a str {
        let mut codes = self.codes.iter().chain(self.foreign).filter(|(known, _)| *known == key);
        codes.find_map(|(_, spell)| spell(value, lang)).unwrap_or(value)
    }

    /// How a line of the list under a key is said.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<Say> {
        self.lines.iter().find(|(known, _)| *known == key).map(|(_, say)| *say)
    }

    /// How the places of the list under a key are called.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        self.places.iter().find(|(known, _)| *known == key).map(|(_, place)| *place)
    }

    /// What people call it, in the language.
    #[must_use]
    pub const fn label(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.label.0,
            Lang::En => self.label.1,
        }
    }

    /// What people should know of one that an import makes, in the language.
    #[must_use]
    pub fn when_made(&self, lang: Lang) -> Option<&'static str> {
        self.when_made.map(|(zh, en)| if lang == Lang::Zh { zh } else { en })
    }

    /// The document as its type writes it: what it leaves out is filled in.
    ///
    /// # Errors
    /// What is wrong with it, in the words of the reader: a key that is none, a value of another type.
    pub fn read(&self, document: Value) -> core::result::Result<Value, String> {
        (self.read)(document)
    }

    /// Every object in force.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all(&self, tx: &mut Tx) -> Result<Vec<Object>> {
        (self.all)(tx).await
    }

    /// Makes, brings back or changes an object.
    ///
    /// # Errors
    /// What its form would say.
    pub async fn put(&self, tx: &mut Tx, id: Uuid, document: Value) -> Result {
        tx.ctx.require(self.needs)?;
        (self.check)(tx, document.clone()).await?;
        (self.put)(tx, id, document).await
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// What its settings page would say.
    pub async fn remove(&self, tx: &mut Tx, id: Uuid) -> Result {
        tx.ctx.require(self.needs)?;
        (self.remove)(tx, id).await
    }

    /// Puts all objects in this order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn arrange(&self, tx: &mut Tx, order: &[Uuid]) -> Result {
        tx.ctx.require(self.needs)?;
        (self.arrange)(tx, order).await
    }
}

fn value(document: &impl Serialize, sets: &[&str]) -> Result<Value> {
    serde_json::to_value(document).map(|document| with_sorted(document, sets)).map_err(Error::internal)
}

/// A list without an order of its own has one here, so that equal documents are equal.
fn with_sorted(mut document: Value, sets: &[&str]) -> Value {
    for key in sets {
        if let Some(Value::Array(list)) = document.get_mut(*key) {
            list.sort_by_key(ToString::to_string);
            list.dedup();
        }
    }
    document
}

fn typed<T: DeserializeOwned>(document: Value) -> Result<T> {
    serde_json::from_value(document).map_err(|_| Problem::BadFormat.into())
}

fn normal<T: Serialize + DeserializeOwned>(document: Value, sets: &[&str]) -> core::result::Result<Value, String> {
    let typed: T = serde_json::from_value(document).map_err(|error| error.to_string())?;
    value(&typed, sets).map_err(|error| error.to_string())
}

//! 导入的问题: what is wrong with a file of configuration, in words that name the line or the object.

use crate::model::OBJECTS_MOST;
use kernel::configured::{Kind, Words};
use kernel::error::{Error, Problem};
use kernel::lang::Lang;
use kernel::t;

/// One object of a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its kind.
    pub kind: &'static Kind,
    /// What it is called; empty for the only one.
    pub name: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// More bytes than a configuration has.
    TooLarge,
    /// It is no such file, in the words of the reader, which name the line.
    Unreadable(String),
    /// It does not say `format = 1`.
    Format,
    /// A kind that there is not.
    UnknownKind(String),
    /// A kind of many objects that is no list of tables, or one of one that is no table.
    Shape(Words),
    /// More objects than a configuration has.
    TooMany,
    /// A text with the character that no text may have, under which key.
    Zero(Place, String),
    /// A reference to what is neither in the file nor in the company.
    UnknownReference(Place, String),
    /// A key or a value that the object does not take, in the words of the reader.
    Document(Place, String),
    /// What its form would say.
    Refused(Place, Vec<(String, Problem)>),
}

impl Place {
    fn words(&self, lang: Lang) -> String {
        let kind = self.kind.label(lang);
        if self.name.is_empty() { kind.to_owned() } else { t!(lang, "{}“{}”", "{} “{}”", kind, self.name) }
    }
}

impl Fault {
    /// What a command of the object was refused with; other errors stay what they are.
    ///
    /// # Errors
    /// What is nobody's mistake.
    pub fn of(place: Place, error: Error) -> Result<Fault, Error> {
        match error {
            Error::Problems(problems) => Ok(Fault::Refused(place, problems.0)),
            Error::NotFound | Error::Forbidden(_) => Ok(Fault::Refused(place, vec![(String::new(), error.problem())])),
            other => Err(other),
        }
    }

    /// What is wrong, as a sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Fault::TooLarge => t!(lang, "文件太大，最多 1 MB", "The file is too large: at most 1 MB").to_owned(),
            Fault::Unreadable(words) => t!(lang, "文件读不懂：{}", "The file cannot be read: {}", words),
            Fault::Format => t!(lang, "文件开头要有 format = 1", "The file must begin with format = 1").to_owned(),
            Fault::UnknownKind(key) => t!(lang, "没有“{}”这种配置", "There is no kind of configuration “{}”", key),
            Fault::Shape(kind) => {
                let kind = if lang == Lang::Zh { kind.0 } else { kind.1 };
                t!(lang, "{}：应写成表格", "{}: write it as a table", kind)
            }
            Fault::TooMany => t!(lang, "文件里的配置太多，最多 {} 项", "The file has too many objects: at most {}", OBJECTS_MOST),
            Fault::Zero(place, key) => {
                let key = place.kind.key(key, lang);
                t!(
                    lang,
                    "{0}：“{1}”里有不能保存的字符（\\u0000）",
                    "{0}: {1} has a character that cannot be kept (\\u0000)",
                    place.words(lang),
                    key
                )
            }
            Fault::UnknownReference(place, reference) => {
                t!(lang, "{0}：找不到 {1}", "{0}: there is no {1}", place.words(lang), reference)
            }
            Fault::Document(place, words) => t!(lang, "{0}：{1}", "{0}: {1}", place.words(lang), words),
            Fault::Refused(place, problems) => {
                let said = problems.iter().map(|(field, problem)| match field.as_str() {
                    "" => problem.text(lang).to_owned(),
                    field => t!(lang, "{0}：{1}", "{0}: {1}", place.kind.key(field, lang), problem.text(lang)),
                });
                t!(lang, "{0}：{1}", "{0}: {1}", place.words(lang), said.collect::<Vec<_>>().join(t!(lang, "；", "; ")))
            }
        }
    }
}

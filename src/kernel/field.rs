//! 自定义字段: what is common to the fields that a company defines, whatever they are about: what one holds, what can be
//! chosen, and how its answer travels in a form. `answer` checks and keeps what was filled in; `ui::form::own` draws it.

use crate::error::{Problem, Problems};
use crate::input::lines;
use core::fmt::Display;
use core::str::FromStr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

catalog! {
    /// 字段类型: what an own field holds (F§4.1, field type). It stays what it is for ever: answers are read by it.
    pub enum FieldKind {
        Line = 1, "line", "单行文本", "Single line";
        Text = 2, "text", "多行文本", "Multiple lines";
        Date = 3, "date", "日期", "Date";
        Time = 4, "time", "时间", "Time";
        Number = 5, "number", "数字", "Number";
        Choice = 6, "choice", "下拉列表", "Drop-down";
        Checks = 7, "checks", "复选框", "Checkboxes";
        Radio = 8, "radio", "单选框", "Radio buttons";
        Cascade = 9, "cascade", "级联", "Cascade";
    }
}

/// Options of a field at most.
pub const OPTIONS_MOST: usize = 50;
/// One option at most, in characters.
pub const OPTION_MOST: usize = 50;
/// 级联: paths of a field at most.
pub const PATHS_MOST: usize = 300;
/// 级联: levels of a path at most.
pub const LEVELS_MOST: usize = 4;
/// 级联: between the levels of a path.
pub const LEVEL: char = '/';

impl FieldKind {
    /// Whether the answer is picked from the field's options.
    #[must_use]
    pub const fn has_options(self) -> bool {
        matches!(self, FieldKind::Choice | FieldKind::Checks | FieldKind::Radio | FieldKind::Cascade)
    }

    /// The options as they were typed, one a line, each once; what is wrong with them is noted beside `options`. None for
    /// a kind that offers no choice.
    #[must_use]
    pub fn options(self, typed: &str, problems: &mut Problems) -> Vec<String> {
        if !self.has_options() {
            return Vec::new();
        }
        let mut options: Vec<String> = Vec::new();
        for line in lines(typed) {
            let option = if self == FieldKind::Cascade { path(&line) } else { Some(line) };
            match option {
                None if problems.0.iter().any(|(field, _)| field == "options") => {}
                None => problems.add("options", Problem::BadPaths),
                Some(option) if options.contains(&option) => {}
                Some(option) => options.push(option),
            }
        }
        problems.need(!options.is_empty(), "options", Problem::Required);
        let (most, length) = if self == FieldKind::Cascade { (PATHS_MOST, LEVELS_MOST * OPTION_MOST) } else { (OPTIONS_MOST, OPTION_MOST) };
        let is_short = options.len() <= most && options.iter().all(|option| option.chars().count() <= length);
        problems.need(is_short, "options", Problem::TooLong);
        options
    }
}

/// A path as it is kept: `一级/二级`, without blanks around its levels. Nothing when it has too many levels or an empty one.
fn path(line: &str) -> Option<String> {
    let levels: Vec<&str> = line.split(LEVEL).map(str::trim).collect();
    let is_whole = levels.len() <= LEVELS_MOST && levels.iter().all(|level| !level.is_empty());
    is_whole.then(|| levels.join(&LEVEL.to_string()))
}

/// What a form asks in one own field.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// 字段名称.
    pub label: &'a str,
    /// 提示, or nothing.
    pub hint: &'a str,
    /// What it holds.
    pub kind: FieldKind,
    /// What can be chosen, for the kinds that offer a choice.
    pub options: &'a [String],
}

/// What was typed into one own field: checkboxes give several values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// One text.
    One(String),
    /// The boxes that were ticked.
    Many(Vec<String>),
}

impl Answer {
    /// The values, trimmed, without empty ones.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        let all = match self {
            Answer::One(text) => std::slice::from_ref(text),
            Answer::Many(texts) => texts,
        };
        all.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }
}

/// Before the id in a name like `fields[f0192…]`: forms read a key that begins with a digit as the index of a list.
const KEY: char = 'f';

/// The form's name of the answer to one own field.
#[must_use]
pub fn answer_name(field: impl Display) -> String {
    format!("fields[{}]", key(field))
}

/// The key of one own field in a form or an address: `f0192…`.
#[must_use]
pub fn key(field: impl Display) -> String {
    format!("{KEY}{field}")
}

/// The own field with this key.
#[must_use]
pub fn of_key<K: FromStr>(key: &str) -> Option<K> {
    key.strip_prefix(KEY)?.parse().ok()
}

/// Answers of a form by the id of their field: `#[serde(default, with = "kernel::field::answers")]`.
pub mod answers {
    use super::{Answer, BTreeMap, Display, FromStr, key, of_key};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Reads `f0192… → answer`.
    ///
    /// # Errors
    /// When a key is no id.
    pub fn deserialize<'de, D: Deserializer<'de>, K: FromStr + Ord>(from: D) -> Result<BTreeMap<K, Answer>, D::Error> {
        let typed = BTreeMap::<String, Answer>::deserialize(from)?;
        let id = |key: String| of_key(&key).ok_or_else(|| D::Error::custom(format!("{key:?} is no own field")));
        typed.into_iter().map(|(key, answer)| Ok((id(key)?, answer))).collect()
    }

    /// Writes the same.
    ///
    /// # Errors
    /// None of its own.
    pub fn serialize<S: Serializer, K: Display>(fields: &BTreeMap<K, Answer>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(fields.iter().map(|(id, answer)| (key(id), answer)))
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldKind, Problem, Problems};

    fn options(kind: FieldKind, typed: &str) -> (Vec<String>, Vec<Problem>) {
        let mut problems = Problems::default();
        let options = kind.options(typed, &mut problems);
        (options, problems.0.into_iter().map(|(_, problem)| problem).collect())
    }

    #[test]
    fn options_are_lines_each_once() {
        assert_eq!(options(FieldKind::Choice, "月结\n 现结 \n\n月结"), (vec!["月结".to_owned(), "现结".to_owned()], Vec::new()));
        assert_eq!(options(FieldKind::Radio, " \n"), (Vec::new(), vec![Problem::Required]));
        assert_eq!(options(FieldKind::Line, "月结"), (Vec::new(), Vec::new()), "nothing to choose");
        let many: Vec<String> = (0..51).map(|number| number.to_string()).collect();
        assert_eq!(options(FieldKind::Checks, &many.join("\n")).1, [Problem::TooLong]);
    }

    #[test]
    fn a_cascade_has_paths_of_at_most_four_levels() {
        let (paths, wrong) = options(FieldKind::Cascade, "电器 / 冰箱\n电器/洗衣机\n其他\na/b/c/d");
        assert_eq!((paths.join(" "), wrong), ("电器/冰箱 电器/洗衣机 其他 a/b/c/d".to_owned(), Vec::new()));
        assert_eq!(options(FieldKind::Cascade, "a/b/c/d/e\nx").1, [Problem::BadPaths]);
        assert_eq!(options(FieldKind::Cascade, "a//b\nx").1, [Problem::BadPaths]);
    }
}

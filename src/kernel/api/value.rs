//! 字段类型 of the interface: how a value is read from what was sent, and how the document describes it. Forms and addresses send
//! texts, JSON sends numbers as well: both are read where a number is meant, and a text is a text (S28).

use super::FieldRow;
use crate::error::Problem;
use crate::id;
use crate::time::Stamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// Has a place in the document.
pub trait Described {
    /// The JSON schema (2020-12, as OpenAPI 3.1 has it).
    fn schema() -> Value;
}

/// Can be sent.
pub trait Taken: Described + Sized {
    /// Whether it must be sent.
    const REQUIRED: bool = true;

    /// Reads it; `None` when nothing was sent.
    ///
    /// # Errors
    /// What is wrong with it.
    fn take(sent: Option<&Value>) -> Result<Self, Problem>;
}

/// A row of a coded list: the macro of catalogs writes this for each of them.
pub trait Coded: Copy + 'static {
    /// Every row.
    const ROWS: &'static [Self];

    /// The code on the wire.
    fn number(self) -> i16;

    /// The word people read.
    fn words(self) -> super::Words;
}

/// 代码: a row of a coded list, as a text of its code: `"3"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<T>(pub T);

/// 时间: `2026-11-22 09:30:00`, in the company's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local(pub DateTime);

/// 页码: from 1; anything that is no page is the first (F§1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNo(pub i64);

/// 每页条数: 15 when nothing usable is said (F§1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize(pub i64);

/// Several values in one text, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commas<T>(pub Vec<T>);

impl Local {
    /// The point in time, in this zone.
    #[must_use]
    pub fn at(self, zone: &TimeZone) -> Option<Stamp> {
        let at = zone.to_ambiguous_timestamp(self.0).compatible().ok()?;
        crate::time::is_known(self.0.date()).then_some(Stamp(at))
    }
}

/// One object of the fields of two.
#[derive(Clone, Debug, Serialize)]
pub struct Both<A, B> {
    /// Its first fields.
    #[serde(flatten)]
    pub first: A,
    /// The others.
    #[serde(flatten)]
    pub second: B,
}

impl<A: Described, B: Described> Described for Both<A, B> {
    fn schema() -> Value {
        let (mut both, second) = (A::schema(), B::schema());
        if let (Some(Value::Object(into)), Some(Value::Object(from))) = (both.get_mut("properties"), second.get("properties")) {
            into.extend(from.clone());
        }
        if let (Some(Value::Array(into)), Some(Value::Array(from))) = (both.get_mut("required"), second.get("required")) {
            into.extend(from.clone());
        }
        both
    }
}

/// A point in time as it is answered: `2026-11-22 09:30:00` in the company's zone; empty for none.
#[must_use]
pub fn moment(at: Option<Stamp>, zone: &TimeZone) -> String {
    at.map(|at| zone.to_datetime(at.0).strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// The schema of an object of these fields.
#[must_use]
pub fn object(fields: &[FieldRow]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let mut schema = (field.schema)();
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), Value::from(format!("{} / {}", field.words.0, field.words.1)));
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A text that was sent, without what surrounds it; nothing for an empty one.
pub(super) fn text(sent: Option<&Value>) -> Result<Option<&str>, Problem> {
    match sent {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(Problem::BadFormat),
    }
}

fn number(sent: Option<&Value>) -> Result<Option<i64>, Problem> {
    match sent {
        Some(Value::Number(number)) => number.as_i64().map(Some).ok_or(Problem::BadNumber),
        other => text(other)?.map(|text| text.parse().map_err(|_| Problem::BadNumber)).transpose(),
    }
}

fn parsed<T: FromStr>(sent: Option<&Value>, problem: Problem) -> Result<T, Problem> {
    text(sent)?.ok_or(Problem::Required)?.parse().map_err(|_| problem)
}

impl Described for String {
    fn schema() -> Value {
        json!({ "type": "string" })
    }
}

impl Taken for String {
    fn take(sent: Option<&Value>) -> Result<String, Problem> {
        text(sent)?.map(str::to_owned).ok_or(Problem::Required)
    }
}

impl Described for i64 {
    fn schema() -> Value {
        json!({ "type": "integer" })
    }
}

impl Taken for i64 {
    fn take(sent: Option<&Value>) -> Result<i64, Problem> {
        number(sent)?.ok_or(Problem::Required)
    }
}

impl Described for f64 {
    fn schema() -> Value {
        json!({ "type": "number" })
    }
}

impl Described for bool {
    fn schema() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Described for Value {
    fn schema() -> Value {
        json!({})
    }
}

impl<T: Described> Described for Option<T> {
    fn schema() -> Value {
        let mut schema = T::schema();
        if let Some(kind) = schema.get("type").filter(|kind| kind.is_string()).cloned() {
            schema["type"] = json!([kind, "null"]);
            if let Some(Value::Array(rows)) = schema.get_mut("enum") {
                rows.push(Value::Null);
            }
        }
        schema
    }
}

impl<T: Taken> Taken for Option<T> {
    const REQUIRED: bool = false;

    fn take(sent: Option<&Value>) -> Result<Option<T>, Problem> {
        let is_nothing = match sent {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(_) => false,
        };
        if is_nothing { Ok(None) } else { T::take(sent).map(Some) }
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }
}

impl<T: Taken> Taken for Vec<T> {
    const REQUIRED: bool = false;

    fn take(sent: Option<&Value>) -> Result<Vec<T>, Problem> {
        let read = |items: &[Value]| items.iter().map(|item| T::take(Some(item))).collect();
        match sent {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => read(items),
            // A form sends a list as JSON in a text.
            Some(Value::String(text)) if text.trim().is_empty() => Ok(Vec::new()),
            Some(Value::String(text)) => match super::json::read(text) {
                Some(Value::Array(items)) => read(&items),
                _ => Err(Problem::BadFormat),
            },
            Some(_) => Err(Problem::BadFormat),
        }
    }
}

impl<T> Described for Commas<T> {
    fn schema() -> Value {
        json!({ "type": "string" })
    }
}

impl<T: FromStr> Taken for Commas<T> {
    fn take(sent: Option<&Value>) -> Result<Commas<T>, Problem> {
        let all = text(sent)?.unwrap_or_default();
        let one = |part: &str| part.parse().map_err(|_| Problem::BadChoice);
        all.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).map(one).collect::<Result<_, _>>().map(Commas)
    }
}

impl Described for PageNo {
    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 1, "default": 1 })
    }
}

impl Taken for PageNo {
    const REQUIRED: bool = false;

    fn take(sent: Option<&Value>) -> Result<PageNo, Problem> {
        Ok(PageNo(number(sent).ok().flatten().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)))
    }
}

impl Described for PageSize {
    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 1, "default": 15 })
    }
}

impl Taken for PageSize {
    const REQUIRED: bool = false;

    fn take(sent: Option<&Value>) -> Result<PageSize, Problem> {
        Ok(PageSize(number(sent).ok().flatten().filter(|size| (1..=1_000_000).contains(size)).unwrap_or(15)))
    }
}

impl Described for Local {
    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2})?$", "examples": ["2026-11-22 09:30:00"] })
    }
}

impl Taken for Local {
    fn take(sent: Option<&Value>) -> Result<Local, Problem> {
        parsed::<DateTime>(sent, Problem::BadFormat).map(Local)
    }
}

impl<T: Coded> Described for Code<T> {
    fn schema() -> Value {
        let codes: Vec<String> = T::ROWS.iter().map(|row| row.number().to_string()).collect();
        let words: Map<String, Value> = T::ROWS
            .iter()
            .map(|row| {
                let (zh, en) = row.words();
                (row.number().to_string(), json!([zh, en]))
            })
            .collect();
        json!({ "type": "string", "enum": codes, "x-codes": words })
    }
}

impl<T: Coded> Taken for Code<T> {
    fn take(sent: Option<&Value>) -> Result<Code<T>, Problem> {
        let code = number(sent).map_err(|_| Problem::BadChoice)?.ok_or(Problem::Required)?;
        T::ROWS.iter().copied().find(|row| i64::from(row.number()) == code).map(Code).ok_or(Problem::BadChoice)
    }
}

impl<T: Coded> Serialize for Code<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0.number().to_string())
    }
}

macro_rules! ids_of_the_interface {
    ($( $name:ident ),+) => { $(
        impl Described for id::$name {
            fn schema() -> Value {
                json!({ "type": "string", "format": "uuid" })
            }
        }

        impl Taken for id::$name {
            fn take(sent: Option<&Value>) -> Result<Self, Problem> {
                parsed(sent, Problem::BadChoice)
            }
        }
    )+ };
}

ids_of_the_interface!(
    AgentId,
    GroupId,
    DepartmentId,
    UnitId,
    CustomerId,
    CustomerFieldId,
    TicketId,
    MessageId,
    CategoryId,
    TicketFieldId,
    EventId
);

#[cfg(test)]
mod tests {
    use super::{Code, Commas, Local, PageNo, PageSize, Taken};
    use crate::error::Problem;
    use crate::permission::Role;
    use serde_json::{Value, json};

    fn take<T: Taken>(sent: impl Into<Value>) -> Result<T, Problem> {
        T::take(Some(&sent.into()))
    }

    #[test]
    fn a_text_is_a_text_and_a_number_may_be_one() {
        assert_eq!(take::<String>(" 退货 "), Ok("退货".to_owned()));
        assert_eq!(take::<String>(7), Err(Problem::BadFormat));
        assert_eq!(take::<String>(json!({ "$ne": 1 })), Err(Problem::BadFormat));
        assert_eq!((take::<i64>("7"), take::<i64>(7), take::<i64>("七")), (Ok(7), Ok(7), Err(Problem::BadNumber)));
        assert_eq!(String::take(None), Err(Problem::Required));
        assert_eq!((<Option<String> as Taken>::take(None), take::<Option<String>>(" ")), (Ok(None), Ok(None)));
    }

    #[test]
    fn codes_come_as_text_or_number_and_go_as_text() {
        assert_eq!((take::<Code<Role>>("4444"), take::<Code<Role>>(4444)), (Ok(Code(Role::FullAdmin)), Ok(Code(Role::FullAdmin))));
        assert_eq!(take::<Code<Role>>("1"), Err(Problem::BadChoice));
        assert_eq!(serde_json::to_value(Code(Role::FullAdmin)).unwrap(), json!("4444"));
    }

    #[test]
    fn a_page_that_is_none_is_the_first() {
        let pages = [json!("0"), json!(-3), json!("x"), json!([]), json!("4")].map(|sent| take::<PageNo>(sent).unwrap().0);
        assert_eq!(pages, [1, 1, 1, 1, 4]);
        assert_eq!((PageSize::take(None), take::<PageSize>("30")), (Ok(PageSize(15)), Ok(PageSize(30))));
    }

    #[test]
    fn times_and_lists() {
        let at = take::<Local>("2018-09-18 12:00:00").unwrap().at(&crate::time::zone("Asia/Shanghai").unwrap()).unwrap();
        assert_eq!(at.machine(), "2018-09-18T04:00:00Z");
        assert_eq!(take::<Local>("yesterday"), Err(Problem::BadFormat));
        assert_eq!(take::<Commas<i64>>("1, 2,,3"), Ok(Commas(vec![1, 2, 3])));
        assert_eq!(take::<Vec<String>>("[\"a\"]"), Ok(vec!["a".to_owned()]));
        assert_eq!(take::<Vec<String>>("a"), Err(Problem::BadFormat));
    }
}

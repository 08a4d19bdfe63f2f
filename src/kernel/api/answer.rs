//! 返回: what endpoints answer, and the envelope around it (F§1.2).

use super::Shape;
use super::value::{Described, PageNo, PageSize};
use crate::error::{Error, Problem, Problems, Result};
use crate::lang::Lang;
use serde::Serialize;
use serde_json::{Value, json};

/// The code of success.
pub const OK: &str = "000000";
/// What no code of the original product says: a rule refused the call, and `errors` says which. `999999` is for true
/// failures alone.
pub const REFUSED: &str = "400000";
/// A failure of the system.
pub const FAILED: &str = "999999";

/// What a call answers beside code and text.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing.
    Done,
    /// `item`.
    One(Value),
    /// `items` of one page.
    Many {
        /// The rows.
        items: Vec<Value>,
        /// Which page, from 1.
        page_no: i64,
        /// Rows of a page at most.
        page_size: i64,
        /// Rows of all pages.
        total_count: i64,
    },
}

/// What an endpoint's function gives: `Done`, `One<T>` or `Many<T>`.
pub trait Reply {
    /// How the document describes it.
    const SHAPE: Shape;

    /// As it is sent.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    fn answer(self) -> Result<Answer>;
}

/// It happened, and there is nothing to say about it.
#[derive(Clone, Copy, Debug)]
pub struct Done;

/// One thing.
#[derive(Clone, Debug)]
pub struct One<T>(pub T);

/// A page of things.
#[derive(Clone, Debug)]
pub struct Many<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Which page.
    pub page: Page,
    /// Rows of all pages.
    pub total: i64,
}

/// Rows that the pages of a list which grows for ever reach: what lies further behind is found by a narrower range.
const DEEPEST: i64 = 10_000;

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: i64,
    /// Rows of a page.
    pub size: i64,
}

impl Page {
    /// The page that was asked for, of at most so many rows.
    #[must_use]
    pub fn of(number: PageNo, size: PageSize, most: i64) -> Page {
        Page { number: number.0, size: size.0.min(most) }
    }

    /// The same page of a list that grows for ever: every page is read through from the first row.
    ///
    /// # Errors
    /// `Problem::PageTooDeep` beside `page_no`.
    pub fn near(self) -> Result<Page> {
        let is_near = self.number.saturating_mul(self.size) <= DEEPEST;
        if is_near { Ok(self) } else { Err(Error::Problems(Problems::one("page_no", Problem::PageTooDeep))) }
    }

    /// Rows before it.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }
}

impl<T> Many<T> {
    /// Everything there is, on one page.
    #[must_use]
    pub fn all(items: Vec<T>) -> Many<T> {
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Many { items, page: Page { number: 1, size: total.max(1) }, total }
    }
}

impl Reply for Done {
    const SHAPE: Shape = Shape::Done;

    fn answer(self) -> Result<Answer> {
        Ok(Answer::Done)
    }
}

impl<T: Serialize + Described> Reply for One<T> {
    const SHAPE: Shape = Shape::One(T::schema);

    fn answer(self) -> Result<Answer> {
        serde_json::to_value(self.0).map(Answer::One).map_err(Error::internal)
    }
}

impl<T: Serialize + Described> Reply for Many<T> {
    const SHAPE: Shape = Shape::Many(T::schema);

    fn answer(self) -> Result<Answer> {
        let items =
            self.items.into_iter().map(serde_json::to_value).collect::<core::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
        Ok(Answer::Many { items, page_no: self.page.number, page_size: self.page.size, total_count: self.total })
    }
}

/// A success as it is sent.
#[must_use]
pub fn success(answer: Answer, lang: Lang) -> Value {
    let said = crate::t!(lang, "成功", "OK");
    match answer {
        Answer::Done => json!({ "ret_code": OK, "ret_msg": said }),
        Answer::One(item) => json!({ "ret_code": OK, "ret_msg": said, "item": item }),
        Answer::Many { items, page_no, page_size, total_count } => {
            let page_count = if page_size > 0 { (total_count + page_size - 1) / page_size } else { 0 };
            json!({
                "ret_code": OK,
                "ret_msg": said,
                "items": items,
                "page_no": page_no,
                "page_size": page_size,
                "page_count": page_count,
                "total_count": total_count,
            })
        }
    }
}

/// The code a problem is answered with.
#[must_use]
pub fn code_of(problem: Problem) -> &'static str {
    match problem {
        Problem::Internal | Problem::Busy => FAILED,
        other if other.code() == FAILED => REFUSED,
        other => other.code(),
    }
}

/// A failure as it is sent: the code of the first problem, all of them as text, and each by the name of its parameter.
#[must_use]
pub fn failure(error: &Error, lang: Lang) -> Value {
    let problems = match error {
        Error::Problems(problems) if !problems.0.is_empty() => problems.0.clone(),
        other => vec![(String::new(), other.problem())],
    };
    let line = |(field, problem): &(String, Problem)| match field.as_str() {
        "" => problem.text(lang).to_owned(),
        field => format!("{field}: {}", problem.text(lang)),
    };
    let said = problems.iter().map(line).collect::<Vec<_>>().join("; ");
    let errors: Vec<Value> =
        problems.iter().map(|(field, problem)| json!({ "field": field, "reason": problem.key(), "message": problem.text(lang) })).collect();
    json!({ "ret_code": code_of(problems[0].1), "ret_msg": said, "errors": errors })
}

#[cfg(test)]
mod tests {
    use super::{Answer, Page, failure, success};
    use crate::error::{Error, Problem, Problems};
    use crate::lang::Lang;

    #[test]
    fn pages_are_counted_up() {
        let many = |total_count| Answer::Many { items: Vec::new(), page_no: 1, page_size: 15, total_count };
        let pages = |total| success(many(total), Lang::Zh)["page_count"].clone();
        assert_eq!([pages(0), pages(1), pages(15), pages(16)], [0, 1, 1, 2]);
        assert_eq!(Page { number: 3, size: 15 }.offset(), 30);
        assert!(Page { number: 100, size: 100 }.near().is_ok() && Page { number: 101, size: 100 }.near().is_err());
    }

    #[test]
    fn a_rule_without_a_code_is_no_failure_of_the_system() {
        let code = |error: Error| failure(&error, Lang::Zh)["ret_code"].as_str().unwrap_or_default().to_owned();
        assert_eq!(code(Problem::PartnerTaken.into()), "400000");
        assert_eq!(code(Problem::NameTaken.into()), "400000", "400217 is an empty guide text");
        assert_eq!(code(Error::Internal("x".to_owned())), "999999");
        assert_eq!(code(Error::Busy), "999999");
        assert_eq!(code(Error::NotFound), "400000");
        let both = Problems(vec![("title".to_owned(), Problem::Required), ("cc".to_owned(), Problem::BadEmail)]);
        let said = failure(&Error::Problems(both), Lang::En);
        assert_eq!((said["ret_code"].as_str(), said["errors"][1]["field"].as_str()), (Some("400004"), Some("cc")));
    }
}

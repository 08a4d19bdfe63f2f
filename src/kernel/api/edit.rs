//! 修改的值: what an edit says of one field. A field that is not sent stays, one that is sent empty is emptied: both have a place
//! in the type, so that no edit answers success and changes nothing.

use super::value::{Described, Taken};
use crate::error::{Error, Problem, Problems};
use serde_json::Value;

/// What an edit says of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit<T> {
    /// It was not sent, or as `null`: what there is stays.
    Kept,
    /// It was sent empty.
    Emptied,
    /// It is this from now on.
    Set(T),
}

impl<T> Edit<T> {
    /// What a text or a list is after the edit.
    #[must_use]
    pub fn over(self, before: T) -> T
    where
        T: Default,
    {
        match self {
            Edit::Kept => before,
            Edit::Emptied => T::default(),
            Edit::Set(value) => value,
        }
    }

    /// What something that may be missing is after the edit.
    #[must_use]
    pub fn over_optional(self, before: Option<T>) -> Option<T> {
        match self {
            Edit::Kept => before,
            Edit::Emptied => None,
            Edit::Set(value) => Some(value),
        }
    }

    /// The new value of something that cannot be empty.
    ///
    /// # Errors
    /// `Problem::Required` beside the field when it was sent empty.
    pub fn chosen(self, field: &str) -> Result<Option<T>, Error> {
        match self {
            Edit::Kept => Ok(None),
            Edit::Emptied => Err(Error::Problems(Problems::one(field, Problem::Required))),
            Edit::Set(value) => Ok(Some(value)),
        }
    }

    /// The same of what the value is made into.
    #[must_use]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Edit<U> {
        match self {
            Edit::Kept => Edit::Kept,
            Edit::Emptied => Edit::Emptied,
            Edit::Set(value) => Edit::Set(make(value)),
        }
    }
}

impl<T: Described> Described for Edit<T> {
    fn schema() -> Value {
        Option::<T>::schema()
    }
}

impl<T: Taken> Taken for Edit<T> {
    const REQUIRED: bool = false;

    fn take(sent: Option<&Value>) -> Result<Edit<T>, Problem> {
        match sent {
            None | Some(Value::Null) => Ok(Edit::Kept),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(Edit::Emptied),
            Some(_) => T::take(sent).map(Edit::Set),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Taken};
    use crate::error::Problem;
    use serde_json::json;

    #[test]
    fn what_is_not_sent_stays_and_what_is_sent_empty_is_emptied() {
        let take = |sent| <Edit<String> as Taken>::take(Some(&sent));
        assert_eq!((<Edit<String> as Taken>::take(None), take(json!(null))), (Ok(Edit::Kept), Ok(Edit::Kept)));
        assert_eq!((take(json!(" ")), take(json!("x"))), (Ok(Edit::Emptied), Ok(Edit::Set("x".to_owned()))));
        assert_eq!(take(json!(7)), Err(Problem::BadFormat));
        let before = || "v".to_owned();
        assert_eq!([Edit::Kept, Edit::Emptied, Edit::Set("n".to_owned())].map(|edit| edit.over(before())), ["v", "", "n"]);
        assert_eq!([Edit::Kept, Edit::Emptied, Edit::Set(2)].map(|edit| edit.over_optional(Some(1))), [Some(1), None, Some(2)]);
        assert!(Edit::<i64>::Emptied.chosen("status").is_err());
    }
}

//! 原文: texts that are taken as they were sent, such as a password (S28).

use super::value::{Described, Taken};
use crate::error::Problem;
use serde_json::Value;

/// 原文: a text that means what surrounds it too.
#[derive(Clone, PartialEq, Eq)]
pub struct Exact(pub String);

// What it holds is mostly a secret, which no log shows (S48).
impl core::fmt::Debug for Exact {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Exact")
    }
}

impl Described for Exact {
    fn schema() -> Value {
        String::schema()
    }
}

impl Taken for Exact {
    fn take(sent: Option<&Value>) -> Result<Exact, Problem> {
        match sent {
            Some(Value::String(text)) if !text.is_empty() => Ok(Exact(text.clone())),
            None | Some(Value::Null | Value::String(_)) => Err(Problem::Required),
            Some(_) => Err(Problem::BadFormat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Exact, Taken};
    use crate::error::Problem;
    use serde_json::json;

    #[test]
    fn nothing_is_cut_off() {
        let take = |sent| Exact::take(Some(&sent));
        assert_eq!(take(json!(" a ")), Ok(Exact(" a ".to_owned())));
        assert_eq!(
            (take(json!("")), take(json!(7)), Exact::take(None)),
            (Err(Problem::Required), Err(Problem::BadFormat), Err(Problem::Required))
        );
    }
}

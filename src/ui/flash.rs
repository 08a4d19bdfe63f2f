//! What one request leaves for the next page of the same person: a toast, or a form with what was typed and what is
//! wrong with it. It lies in the session, so a form of any size loses nothing, with scripting off too.

use kernel::error::{Problem, Problems};
use kernel::id::AgentId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;

const KEY: &str = "flash";
const HELD: &str = "held";

/// Bytes of a form that are kept for a signed-in person.
const LARGEST: usize = 2 * 1024 * 1024;
/// Bytes of a form that are kept for anybody else.
const LARGEST_ANONYMOUS: usize = 64 * 1024;

/// Left for the next page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Flash {
    /// Said once, at the bottom.
    pub toast: Option<Toast>,
    /// A form to show again.
    pub form: Option<Typed>,
}

/// 提示: one sentence, with an undo when there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Toast {
    /// The sentence.
    pub text: String,
    /// How to take it back.
    pub undo: Option<Undo>,
}

/// An undo button: a form post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undo {
    /// The button's words.
    pub label: String,
    /// The server function's path.
    pub path: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

/// A form that failed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Typed {
    /// Which form of the page.
    pub id: String,
    /// What was typed, by field; lists repeat their field. Passwords are not kept.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Problems,
}

impl Flash {
    /// Keeps it for the next page. A lost flash is no reason to fail: it is logged. What was typed is left out when it
    /// is longer than people type.
    pub async fn leave(mut self, session: &Session) {
        let is_known = session.get_value(crate::session::KEY).await.is_ok_and(|who| who.is_some());
        let most = if is_known { LARGEST } else { LARGEST_ANONYMOUS };
        if let Some(form) = &mut self.form
            && form.is_longer_than(most)
        {
            form.values.clear();
        }
        if let Err(error) = session.insert(KEY, self).await {
            tracing::warn!(%error, "a flash could not be kept");
        }
    }

    /// Takes what was left.
    pub async fn take(session: &Session) -> Flash {
        // Looking must not write: most pages have nothing waiting.
        match session.get::<Flash>(KEY).await {
            Ok(Some(flash)) => {
                let _ = session.remove_value(KEY).await;
                flash
            }
            _ => Flash::default(),
        }
    }
}

/// A form of somebody whose session had ended, until they are back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// Whose it is; nobody else is shown it.
    pub agent: AgentId,
    /// What was typed.
    pub form: Typed,
}

impl Held {
    /// Keeps it in the session of nobody; what is longer than people type is not kept.
    pub async fn leave(self, session: &Session) {
        if self.form.is_longer_than(LARGEST_ANONYMOUS) {
            return;
        }
        if let Err(error) = session.insert(HELD, self).await {
            tracing::warn!(%error, "a form could not be kept");
        }
    }

    /// Somebody signed in: their form is there for the next page, another's is gone.
    pub async fn give(session: &Session, agent: AgentId) {
        if let Ok(Some(held)) = session.get::<Held>(HELD).await {
            let _ = session.remove_value(HELD).await;
            if held.agent == agent {
                Flash { toast: None, form: Some(held.form) }.leave(session).await;
            }
        }
    }
}

impl Typed {
    fn is_longer_than(&self, most: usize) -> bool {
        self.values.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > most
    }

    /// What was typed into an input, and its problems.
    #[must_use]
    pub fn of(id: &str, input: &impl Serialize, problems: Problems) -> Typed {
        let mut values = Vec::new();
        flatten(&mut values, "", &serde_json::to_value(input).unwrap_or_default());
        Typed { id: id.to_owned(), values, problems }
    }

    /// Only a problem of the whole form.
    #[must_use]
    pub fn problem(id: &str, problem: Problem) -> Typed {
        Typed { id: id.to_owned(), values: Vec::new(), problems: Problems::one("", problem) }
    }
}

fn flatten(out: &mut Vec<(String, String)>, name: &str, value: &Value) {
    if name.split('[').any(|part| part.starts_with("password")) {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = if name.is_empty() { key.clone() } else { format!("{name}[{key}]") };
                flatten(out, &name, value);
            }
        }
        // Lines of a form have their number; several values of one field repeat its name.
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| match item {
            Value::Object(_) => flatten(out, &format!("{name}[{at}]"), item),
            _ => flatten(out, name, item),
        }),
        Value::String(text) => out.push((name.to_owned(), text.clone())),
        other => out.push((name.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Problems, Typed};

    #[test]
    fn everything_typed_is_kept_but_passwords() {
        let input = serde_json::json!({"email": "a@b.c", "password": "geheim", "groups": ["x", "y"], "level": {"zh": "好"}, "all": [{"values": ["1", "2"]}]});
        let typed = Typed::of("f", &input, Problems::default());
        let kept: Vec<(&str, &str)> = typed.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(
            kept,
            [("all[0][values]", "1"), ("all[0][values]", "2"), ("email", "a@b.c"), ("groups", "x"), ("groups", "y"), ("level[zh]", "好")]
        );
    }
}

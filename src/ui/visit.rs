//! A page request: who asks, for what, and what the last form left behind.

use crate::flash::{Flash, Typed};
use crate::form::FormState;
use crate::written::Written;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::time::Stamp;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

/// The address of a page request, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Path, without the query.
    pub path: String,
    /// Query, without the question mark.
    pub query: String,
    /// Parts of the path that the route names.
    pub params: HashMap<String, String>,
}

/// What the frame of the console shows of the signed-in person.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The name shown.
    pub name: String,
    /// The sign-in address.
    pub email: String,
    /// `auto`, `light`, `dark`.
    pub theme: String,
    /// `comfortable`, `compact`.
    pub density: String,
    /// 客服状态: its key, which the frame looks up.
    pub state: &'static str,
    /// Unread notices.
    pub unread: i64,
    /// How far the person's live stream was when the page was drawn: the page's own goes on from there.
    pub heard: i64,
    /// 电话条, as it is drawn; empty for whoever has no phone.
    pub phone: Written,
}

/// A page request of a signed-in agent.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who, where, what they may.
    pub ctx: Ctx,
    /// The person for the frame.
    pub viewer: Viewer,
    /// The address.
    pub place: Place,
    /// What the last request left.
    pub flash: Flash,
    /// The browser's session.
    pub session: tower_sessions::Session,
}

/// A page request of anybody.
#[derive(Clone, Debug)]
pub struct PublicVisit {
    /// The program.
    pub app: Arc<App>,
    /// Language, address.
    pub request: Request,
    /// The address.
    pub place: Place,
    /// What the last request left.
    pub flash: Flash,
    /// The browser's session, for pages that keep a step in it.
    pub session: tower_sessions::Session,
}

impl Place {
    fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    fn query<T: DeserializeOwned + Default>(&self) -> T {
        serde_qs::Config::new(5, false).deserialize_str(&self.query).unwrap_or_default()
    }

    /// The same page with some query fields replaced; an empty value removes its field.
    #[must_use]
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut pairs: Vec<(String, String)> = self
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| decoded(name) == *changed))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let set = changes.iter().filter(|(_, value)| !value.is_empty());
        pairs.extend(set.map(|(name, value)| (encoded(name), encoded(value))));
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query.join("&")) }
    }
}

/// A query field's name or value, percent-encoded.
#[must_use]
pub fn encoded(text: &str) -> String {
    use core::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~[]".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn decoded(name: &str) -> String {
    name.replace("%5B", "[").replace("%5D", "]")
}

impl Visit {
    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.ctx.lang()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.ctx.now()
    }

    /// A part of the path.
    ///
    /// # Errors
    /// `NotFound` when it cannot be read as what it should be.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        self.place.param(name)
    }

    /// The query; its default when it cannot be read.
    #[must_use]
    pub fn query<T: DeserializeOwned + Default>(&self) -> T {
        self.place.query()
    }

    /// What was typed into the form when its last post failed.
    #[must_use]
    pub fn form(&self, id: &'static str) -> FormState {
        FormState::new(id, &self.flash, self.lang())
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.place.path
    }
}

impl PublicVisit {
    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.request.lang
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Stamp {
        self.app.clock.now()
    }

    /// A part of the path.
    ///
    /// # Errors
    /// `NotFound` when it cannot be read as what it should be.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        self.place.param(name)
    }

    /// The query; its default when it cannot be read.
    #[must_use]
    pub fn query<T: DeserializeOwned + Default>(&self) -> T {
        self.place.query()
    }

    /// What was typed into the form when its last post failed.
    #[must_use]
    pub fn form(&self, id: &'static str) -> FormState {
        FormState::new(id, &self.flash, self.lang())
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// Shows a form again with a problem, as if its post had failed: for pages that find out by themselves.
    #[must_use]
    pub fn with_problem(mut self, typed: Typed) -> PublicVisit {
        self.flash.form = Some(typed);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_filter_changes_one_field_of_the_address() {
        let place = Place { path: "/t".into(), query: "a=1&status%5B%5D=x".into(), ..Place::default() };
        assert_eq!(place.with(&[("a", "2 3")]), "/t?status%5B%5D=x&a=2%203");
        assert_eq!(place.with(&[("a", ""), ("status[]", "")]), "/t");
    }
}

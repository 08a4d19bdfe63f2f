//! 开放接口: what one endpoint is. An endpoint is one typed function of its slice's `api.rs` and one row of that file's table; the
//! envelope, the token, scopes, limits, repeated requests, the log, the document and the reference page derive from the row.
//!
//! Names, codes and the envelope are those of the original product's v5 interfaces (F§1): codes and ids are texts, times are
//! `2026-11-22 09:30:00` in the company's zone, parameters that nobody knows are ignored.

pub mod answer;
pub mod edit;
pub mod exact;
pub mod json;
mod macros;
pub mod range;
pub mod value;

use crate::app::App;
use crate::ctx::{Ctx, Request};
use crate::error::Result;
use crate::lang::Lang;
use crate::scope::ApiScope;
use answer::Answer;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a client sent: parameters of the address or fields of the body, by name.
pub type Sent = Map<String, Value>;

/// Two texts, Chinese and English.
pub type Words = (&'static str, &'static str);

/// The text in the language.
#[must_use]
pub const fn word(words: Words, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => words.0,
        Lang::En => words.1,
    }
}

/// How an endpoint is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Parameters stand in the address.
    Get,
    /// Fields stand in the body, as JSON or as a form.
    Post,
}

impl Method {
    /// As OpenAPI writes it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
        }
    }
}

/// One parameter of an endpoint, or one field of what it answers.
#[derive(Clone, Copy, Debug)]
pub struct FieldRow {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it is.
    pub words: Words,
    /// Whether it must be sent; what is answered is always there.
    pub required: bool,
    /// Its JSON schema.
    pub schema: fn() -> Value,
}

/// What an endpoint answers beside `ret_code` and `ret_msg`.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Nothing.
    Done,
    /// `item` with this schema.
    One(fn() -> Value),
    /// `items` with this schema, and the paging names.
    Many(fn() -> Value),
}

/// Answers a call by a token.
pub type Known = fn(Ctx, Sent) -> BoxFuture<'static, Result<Answer>>;
/// Answers a call without one.
pub type Public = fn(Arc<App>, Request, Sent) -> BoxFuture<'static, Result<Answer>>;

/// Who may call, and what runs.
#[derive(Clone, Copy)]
pub enum Call {
    /// Whoever has a token with this scope.
    Known(ApiScope, Known),
    /// Anybody: the endpoints that give a token.
    Public(Public),
}

/// 接口: one endpoint.
#[derive(Clone, Copy)]
pub struct Endpoint {
    /// How it is asked.
    pub method: Method,
    /// Where.
    pub path: &'static str,
    /// 名称.
    pub title: Words,
    /// What it takes.
    pub input: &'static [FieldRow],
    /// What it answers.
    pub shape: Shape,
    /// Who may call, and what runs.
    pub call: Call,
}

impl Endpoint {
    /// The scope that a token needs.
    #[must_use]
    pub const fn scope(&self) -> Option<ApiScope> {
        match self.call {
            Call::Known(scope, _) => Some(scope),
            Call::Public(_) => None,
        }
    }
}

impl core::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.method.key(), self.path)
    }
}

/// What an endpoint takes; `api_input!` declares one.
pub trait Input: Sized {
    /// Its parameters.
    const FIELDS: &'static [FieldRow];

    /// Reads what was sent.
    ///
    /// # Errors
    /// Everything that is missing or cannot be read, each by its name.
    fn read(sent: &Sent) -> Result<Self>;
}

/// Takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Input for Nothing {
    const FIELDS: &'static [FieldRow] = &[];

    fn read(_: &Sent) -> Result<Nothing> {
        Ok(Nothing)
    }
}

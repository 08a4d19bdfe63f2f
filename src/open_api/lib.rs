//! 开放平台: programs of the company that call this one. Applications with their scopes, tokens, the limits of calls, posts that
//! are not done twice, the feed of changes, and the reference that is drawn from the endpoints themselves.
//!
//! Tables: `api_apps`, `api_tokens`, `api_posts`, `api_calls`.
//!
//! Invariants:
//! - An endpoint is one typed function in the `api.rs` of its slice and one row of that file's table; nothing about it is
//!   written down a second time (`kernel::api`). The whole table is put together in `web::api`, which hands it here.
//! - A call does what pages do, by the same commands and queries: an application with the permissions of the endpoint's
//!   scope, an agent with their own. The audit trail names the application, and the agent in whose name it acts.
//! - An application has one token, an agent one: a new one ends the one before (F§1.1, F§1.5). Only hashes are stored. A token
//!   of an agent ends with the password it was given for and when the account is disabled, and never opens the console.
//! - Nobody gives an application more than they have, since whoever has its key may do what it may.
//! - The `app_key` is sealed, since `sign` is computed with it; it is shown once, when it is made.
//! - A post with an `Idempotency-Key` happens once: its row is there before it runs. One whose end was never known is not
//!   done again under the same key. Its answer is sealed: a first password may stand in it.
//! - The feed of changes follows the order of transactions, not of ids, so that a late commit is never passed by (D21).
//!
//! Files: `model` forms and settings; `sign` the signature; `rate` the limit of calls; `commands` applications, tokens, posts,
//! the log; `document` the OpenAPI document; `pages` the applications and the reference.

extern crate self as open_api;

pub mod model;

#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod rate;
#[cfg(feature = "ssr")]
pub mod sign;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod queries;

#[cfg(feature = "ssr")]
pub mod api;

pub mod actions;

#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(all(test, feature = "ssr"))]
mod tests;

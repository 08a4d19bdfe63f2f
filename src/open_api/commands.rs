//! Writes of the open platform, each noun in its file.
//!
//! Public or system, without a permission of the actor: everything of `token`, which is how callers prove who they are, `post`
//! and `call`, which stand around a call that was let in.

pub mod app;
pub mod call;
pub mod post;
pub mod setting;
pub mod token;

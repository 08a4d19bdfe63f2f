//! 快捷回复与宏: what is written and done again and again. A preset reply (快捷回复) is words for the composer; a macro (宏)
//! changes a ticket in one go and may bring words too.
//!
//! Tables: `presets`, `preset_uses`.
//!
//! Invariants:
//! - A preset is everybody's, of some groups, or one's own. Whoever cannot use it gets the answer of one that does not
//!   exist.
//! - Words are sanitised when they are kept and once more after their places were filled; what a customer is called is
//!   text there.
//! - A macro acts as the person who uses it, with their rights, and all of it happens or nothing. It sends nothing: its
//!   words stand in the composer until somebody sends them.
//! - A use is counted in the transaction that it is part of, on a row of its own: the preset does not change by being used.
//!
//! Files: `model` the preset and its form; `find` what is offered for what was typed; `say` a macro as a sentence;
//! `commands::insert` the words, `commands::perform` the acts; `pages::tool` what of it stands on a ticket's page.

extern crate self as preset;

pub mod model;

#[cfg(feature = "ssr")]
pub mod find;
#[cfg(feature = "ssr")]
pub mod say;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod queries;

pub mod actions;

#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(all(test, feature = "ssr"))]
mod tests;

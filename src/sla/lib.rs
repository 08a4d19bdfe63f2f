//! 时效 (SLA): what we owe a customer by when, and how the clocks stand.
//!
//! Tables: `sla_policies`, `ticket_slas`, `sla_clocks`.
//!
//! Invariants:
//! - How a clock stands is worked out by `clock::clocks` alone, which is pure: from the ticket's order, the policy's terms
//!   and a calendar. Timer, page and report read what it says (R8).
//! - A ticket has one policy at a time: the first that fits, chosen anew when what was asked of the ticket changed. The
//!   policy and its hours are kept as they were then, so that an edit changes no clock that runs.
//! - What came to its end stays as it was, with who was responsible, also under another policy, until the ticket is opened
//!   again. In the recycle bin nobody waits.
//! - That a clock is nearly over or over is said once.
//!
//! Files: `model` the policy and its form; `clock` the arithmetic; `pick` which policy fits, and why; `commands::refresh`
//! the clocks of one ticket; `pages` the list, the editor, the ticket's card.

extern crate self as sla;

pub mod model;

#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod pick;

#[cfg(feature = "ssr")]
pub mod jobs;

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

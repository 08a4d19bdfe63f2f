//! 触发器: rules that look at tickets and act on them. Flow triggers look when something happens to a ticket, timed ones at
//! every full hour of the company's clock at all tickets that are not closed.
//!
//! Tables: `triggers`, `trigger_cursors`, `trigger_matches`, `trigger_runs`, `trigger_hours`.
//!
//! Invariants:
//! - Whether a rule matches is decided by `evaluate::evaluate` alone, which is pure and tells why (R8).
//! - What happened to a ticket is read from its own order: every place is looked at once, under the ticket's lock, whatever
//!   events were repeated, late or in another order. The cursor, the changes and the record of the run are one commit.
//! - Triggers look in their order, each at the ticket as the one before it left it. A trigger looks at nothing that happened
//!   before it was enabled.
//! - What a rule changes is looked at too; a chain of rules ends after ten, and a trigger acts on one ticket thirty times an
//!   hour at most: it is switched off then, and whoever writes triggers hears of it (S30).
//! - A timed trigger acts when a ticket begins to match, once, however often the hour is run again.
//! - A rule acts in its own name: histories and records name it.
//! - A trial changes nothing and asks the same `evaluate`: `replay` gives it the tickets as they stood then.
//!
//! Files: `model` the rule, its lists and the form's check; `field` what a condition can ask; `evaluate` the verdict with
//! its trace; `replay` tickets as they stood, `invent` one that never was; `review`
//! what a rule can never do; `say` the rule as a sentence; `commands::flow`
//! and `commands::timed` the runs, `commands::act` the actions, `queries::trial` what a rule would have done.

extern crate self as trigger;

pub mod field;
pub mod model;

#[cfg(feature = "ssr")]
pub mod evaluate;
#[cfg(feature = "ssr")]
pub mod invent;
#[cfg(feature = "ssr")]
pub mod replay;
#[cfg(feature = "ssr")]
pub mod review;
#[cfg(feature = "ssr")]
pub mod say;

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

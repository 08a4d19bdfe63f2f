//! 通话 (call): phone calls with their records, from what a switch tells of them.
//!
//! Tables: `switch_events`, `calls`, `call_legs`, `call_stretches`, `call_summaries`.
//!
//! Invariants:
//! - A call is worked out from the set of its events by one pure function, so that order of arrival, repeats and delays
//!   change nothing; whatever arrives later, the records are made anew (R8).
//! - One phone call has one main record, whose id is the call's, and child legs.
//! - Of whoever takes part each second belongs to exactly one bucket of the ledger.
//! - Which calls a person sees is one predicate, `scope`: lists, counts, exports, pages, recordings and the palette push it.
//! - Numbers are masked for whoever may not see them; showing one and beginning to hear a recording are audited (S53).
//! - A call has one summary, each save of which is a version that stays. Its problem types are the ticket categories, so that
//!   calls and tickets are told apart by the same words.
//! - Agent's name, group, unit and department are frozen when a leg begins (C2).

extern crate self as call;

pub mod model;

#[cfg(feature = "ssr")]
pub mod filter;
#[cfg(feature = "ssr")]
pub mod lineage;
#[cfg(feature = "ssr")]
mod scope;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod queries;

pub mod actions;

#[cfg(feature = "ssr")]
pub mod pages;

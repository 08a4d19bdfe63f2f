//! 通话 (call): phone calls with their records, from what a switch tells of them.
//!
//! Tables: `switches`, `switch_calls`, `switch_events`, `switch_refusals`, `switch_nonces`, `calls`, `call_legs`, `call_stretches`,
//! `call_summaries`, `call_recordings`, `recording_hearings`, `call_moves`; `phone_extensions`, `phone_accounts`, `phone_calls`,
//! `phone_orders`; `directory.switch_keys`.
//!
//! Invariants:
//! - A call is worked out from the set of its events by one pure function, so that order of arrival, repeats and delays
//!   change nothing; whatever arrives later, the records are made anew (R8).
//! - One phone call has one main record, whose id is the call's, and child legs.
//! - Of whoever takes part each second belongs to exactly one bucket of the ledger; each second in which the customer talks
//!   belongs to exactly one record.
//! - Which calls a person sees is one predicate, `scope`: lists, counts, exports, pages, recordings and the palette push it.
//! - Numbers are masked for whoever may not see them; showing one and beginning to hear a recording are audited (S53).
//! - A recording is fetched from its switch by the program, as `kernel::egress` allows, and heard from here.
//! - A call is the customer's whose number it has: it follows a merge, comes back when that is undone, and finds its customer
//!   when the number becomes known.
//! - A call has one summary, each save of which is a version that stays. Its problem types are the ticket categories with the
//!   own fields of their templates, so that calls and tickets are told apart by the same words.
//! - Agent's name, group, unit and department are frozen when a leg begins (C2).
//! - What a switch tells is stored before it is understood; what cannot be understood lies in quarantine, where people see it
//!   and can let it be taken again.
//! - A switch speaks for the company of its key, whatever the body says (S54).
//!
//! Files: `model` the words; `state` events → records, and `ledger` whose second is whose; `story` calls as scripts with the
//! records they come to; `ari` what Asterisk says, in our words; `commands::take` taking events in; `api` the door through which
//! switches speak; `pages` their settings and everything people read of calls; `filter` a list of records as its address says
//! it; `lineage` lanes, tree and balances of a call; `phone` the phone bar, accounts and states of agents; `simulated` a switch
//! on paper.

extern crate self as call;

pub mod model;

#[cfg(feature = "ssr")]
pub mod ari;
#[cfg(feature = "ssr")]
pub mod filter;
#[cfg(feature = "ssr")]
pub mod ledger;
#[cfg(feature = "ssr")]
pub mod lineage;
#[cfg(feature = "ssr")]
pub mod phone;
#[cfg(feature = "ssr")]
mod scope;
#[cfg(feature = "ssr")]
pub mod simulated;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod story;

#[cfg(feature = "ssr")]
pub mod jobs;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod queries;

pub mod actions;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(all(test, feature = "ssr"))]
mod tests;

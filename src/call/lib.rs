//! 通话 (call): phone calls with their records, from what a switch tells of them.
//!
//! Tables: `switch_events`, `calls`, `call_legs`, `call_stretches`.
//!
//! Invariants:
//! - A call is worked out from the set of its events by one pure function, so that order of arrival, repeats and delays
//!   change nothing; whatever arrives later, the records are made anew (R8).
//! - One phone call has one main record, whose id is the call's, and child legs.
//! - Of whoever takes part each second belongs to exactly one bucket of the ledger.
//! - Agent's name, group, unit and department are frozen when a leg begins (C2).

extern crate self as call;

pub mod model;

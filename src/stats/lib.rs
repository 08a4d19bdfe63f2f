//! 统计: reports whose every number can be opened. One static per metric is the only source of its SQL, tooltip,
//! definition, table column, export column and drill-down.
//!
//! Tables: none of its own; reads every table, writes none.
//!
//! Invariants: a number and the list behind it come from one relation and one predicate, only the final select differs
//! (`sql`). Ratios are computed from sums, so a total row is the ratio of sums; a zero denominator shows "–". A length of
//! time is milliseconds, and what a row adds to it stands beside the row. Figures stand where the fact stood: agent, group,
//! category and channel are those of the invitation, of the end of a clock, or of the beginning of a call record. Row scope
//! is by them, in reports, lists and exports alike. A report is data (`reports`): one page, one list and one file serve them
//! all; what it is about, tickets or calls, is its `subject`.

extern crate self as stats;

pub mod actions;
pub mod model;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod figure;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod metric;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
pub mod reports;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub mod subject;
#[cfg(feature = "ssr")]
pub mod worked;

#[cfg(all(test, feature = "ssr"))]
mod tests;

//! 工单: tickets, their messages and their history; the agent's ticket centre; what becomes of an incoming mail.
//!
//! Tables: `tickets`, `ticket_messages`, `ticket_changes`, `ticket_categories`, `ticket_followers`, `ticket_links`,
//! `ticket_drafts`, `ticket_presences`, `ticket_views`.
//!
//! Invariants:
//! - A ticket changes only under its row's lock. Every change takes the next `seq` of the ticket, raises its `version`
//!   and leaves a row that names the person, rule or mail behind it (D21, C3).
//! - Status moves along `model::state::transition` and nowhere else.
//! - Which tickets a person sees is one predicate, `scope`: lists, counts, detail, search, files and the live stream
//!   all push the same words (S05).
//! - A stale copy never overwrites (400057): edits compare the version, replies compare what their writer had seen.
//! - A mail joins a ticket by a keyed token only; the number in a subject makes a possible duplicate (S19).
//! - Numbers are counted per company and day and grant nothing (D2).

// Lets the paths of this member's macros resolve inside it too.
extern crate self as ticket;

pub mod model;

#[cfg(feature = "ssr")]
mod take;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod scope;

pub mod actions;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(all(test, feature = "ssr"))]
mod tests;

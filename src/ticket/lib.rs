//! 工单: tickets, their messages and their history; the agent's ticket centre; what becomes of an incoming mail.
//!
//! Tables: `tickets`, `ticket_messages`, `ticket_changes`, `ticket_categories`, `ticket_followers`, `ticket_links`,
//! `ticket_drafts`, `ticket_presences`, `ticket_views`, `ticket_fields`, `ticket_templates`, `ticket_forms`.
//!
//! Invariants:
//! - A ticket changes only under its row's lock. Every change takes the next `seq` of the ticket, raises its `version`
//!   and leaves a row that names the person, rule or mail behind it (D21, C3).
//! - Status moves along `model::state::transition` and nowhere else.
//! - Which tickets a person sees is one predicate, `scope`: lists, counts, detail, search, files and the live stream
//!   all push the same words (S05).
//! - A stale copy never overwrites (400057): edits compare the version, replies compare what their writer had seen.
//! - A mail joins a ticket by a keyed token only; the number in a subject makes a possible duplicate (S19).
//! - Whoever handles a ticket works in its group (400013). A scope of all is the right to see and change every ticket, not
//!   to be a member of every group: reports by group, notices to a group and who is asked when the agent is away all
//!   stand on that pair. So a person outside the group who takes a ticket over is told so (`Problem::NotYourGroup`), and
//!   how to go on: move the ticket to a group of theirs, which the history shows, or be added to the group. Replying and
//!   everything else stays open to them.
//! - Of a form that was opened before others saved, only what both changed to different values is asked about.
//! - What is typed is a draft until it is sent: of a reply one for each person and ticket, of a new ticket one for each
//!   person. A reply that is taken back and what was typed since both stay.
//! - Own fields (自定义字段) are asked for by the template (工单模板) of the ticket's category: its own, that of the nearest
//!   category above, or the default. What is demanded on creation or on closing is demanded of agents who create, solve or
//!   close a ticket by a form; mail, rules and merges fill in no form and are not held up by one. Whoever may not see a
//!   field neither sees its value anywhere nor changes it, and it is not demanded of them. Values stay when a field is
//!   switched off or another template holds.
//! - A customer fills in the fields of the template that are theirs behind a link (客户填写) and changes them until the link
//!   expires or the ticket is closed. The link is a random token of which the hash is looked up; sealed beside it, it is shown
//!   again to whoever may answer the ticket. A ticket has one, for the customer it has.
//! - Numbers are counted per company and day and grant nothing (D2).

// Lets the paths of this member's macros resolve inside it too.
extern crate self as ticket;

pub mod model;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod take;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod jobs;
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

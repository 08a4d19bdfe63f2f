//! 工单满意度: finished tickets ask their customers for a rating, by mail with one-tap links and a public page.
//!
//! Tables: `satisfaction_invitations` (邀评) and `satisfaction_ratings` (参评).
//!
//! Invariants: a ticket has one invitation a cycle. Group, agent, category and channel are frozen at the invitation
//! and no later reassignment moves a rating. A link is a random token of which only the hash is stored; opening it
//! changes nothing. An invitation has one rating in force; a change is a new revision, the old ones stay. Whether a
//! ticket invites is decided by `rule::decide` alone, for the live system and for the trial on the settings page.

extern crate self as satisfaction;

pub mod actions;
pub mod model;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod difference;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letter;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod rule;
#[cfg(feature = "ssr")]
mod setting;

#[cfg(all(test, feature = "ssr"))]
mod tests;

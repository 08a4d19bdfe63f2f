//! 工单满意度: finished tickets ask their customers for a rating, by mail with one-tap links or by a link that an agent
//! hands over, and a public page.
//!
//! Tables: `satisfaction_invitations` (邀评) and `satisfaction_ratings` (参评).
//!
//! Invariants: a ticket has one invitation a cycle. Group, agent, category and channel are frozen at the invitation
//! and no later reassignment moves a rating. A link is a random token of which only the hash is stored; opening it
//! changes nothing. An invitation has one rating in force; a change is a new revision, the old ones stay. Whether a
//! ticket invites is decided by `rule::decide` alone, for the live system and for the trial on the settings page.
//!
//! Decision, which way an invitation goes (F§12: by mail for tickets by mail, in the channel for the others). A mail goes
//! out where our answers reach the customer by mail: the ticket came by mail or from inside (ticket centre, customer
//! centre, calls), and the customer has an address. Everything else (web, H5, app, WeChat, mini program, and customers
//! without an address) has no cards of its own yet: the invitation is made ready, and an agent who may answer the ticket
//! takes its link and hands it over. Ready is not 邀评: nobody was asked. The invitation counts from the moment the link is
//! taken, which is also when its validity begins and when the rules are asked once more; a link that nobody takes stands
//! in no number and in no customer's limit. Agent, group, category and channel stay those of the end of the ticket
//! (C2): a ticket that is reassigned before somebody takes the link is still about who handled it. The token of such a
//! link is kept sealed beside its hash, since it must be shown again to whoever copies it later; links of mails are not.

extern crate self as satisfaction;

pub mod actions;
pub mod model;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod difference;
#[cfg(feature = "ssr")]
mod ending;
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

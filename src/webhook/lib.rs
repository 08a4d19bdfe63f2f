//! 消息转发 (message forwarding): other systems are told what happens here, by HTTP, in order, until they have it.
//!
//! Tables: `webhooks`, `webhook_lanes`, `webhook_deliveries`, `webhook_requests`, `webhook_attempts`, `webhook_receivers`,
//! `webhook_catches`.
//!
//! Invariants:
//! - A message is written when its event is handled, once for each subscription that asked for its topic, and never changes
//!   afterwards: each attempt sends the same bytes under the same id. It is delivered at least once.
//! - What is about one ticket or main call reaches a subscription in the order in which it happened: a later message waits
//!   until the one before it was taken or given up.
//! - Each subscription has a lane of its own. A receiver that hangs costs its own lane and nobody else's.
//! - A receiver's answer decides about a message, and nothing else does: a message whose bytes are not known to be taken is
//!   sent again.
//! - Secrets are sealed at rest, are shown once, and stand in no file and no log.
//!
//! Files: `model` topics, profiles and the form; `schedule` when it is tried again; `sign` the signatures of both profiles;
//! `envelope` the bodies; `commands::send` writes messages; `commands::lane` sends them; `commands::receive` the receiver of
//! the installation itself.

extern crate self as webhook;

pub mod model;

#[cfg(feature = "ssr")]
pub mod envelope;
#[cfg(feature = "ssr")]
pub mod schedule;
#[cfg(feature = "ssr")]
pub mod sign;

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

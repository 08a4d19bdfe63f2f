//! 账号: companies, agents, groups, activation, sign-in, permission groups and the audit trail.
//!
//! Tables: `companies units departments agents groups group_members permission_groups agent_tokens agent_imports`, and
//! of the schema `directory`: `companies sign_ins sessions throttles installation`.
//!
//! Invariants: an address signs in to one company (`directory.sign_ins`). A company has at least one enabled super
//! admin. Nobody gives away more than they have. A password is never stored, only its argon2id hash; a token of a link
//! is never stored, only its SHA-256. Who signs in, activates or resets learns the same from every failure. Whose last session
//! ended or ran out is offline from that moment on.

pub mod actions;
pub mod model;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod throttle;

#[cfg(all(test, feature = "ssr"))]
mod tests;

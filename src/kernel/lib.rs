//! The words that every slice speaks: coded lists, typed ids, languages, permissions, events, errors, own fields — and, on the
//! server, the context of a command, transactions that name their company, jobs, clock, randomness, files.
//!
//! Invariants: nothing here knows a feature. Time, randomness, environment and outbound connections enter the
//! program here and nowhere else, so a test can hold all of them.

// Lets the paths of `sqlx.toml` (`kernel::time::Stamp`) resolve inside this member too.
extern crate self as kernel;

#[macro_use]
mod catalog;
pub mod actor;
pub mod error;
pub mod event;
pub mod field;
pub mod id;
pub mod input;
pub mod lang;
pub mod page;
pub mod permission;
pub mod scope;
pub mod search;
pub mod step;

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod configured;
#[cfg(feature = "ssr")]
pub mod ctx;
#[cfg(feature = "ssr")]
pub mod egress;
#[cfg(feature = "ssr")]
pub mod html;
#[cfg(feature = "ssr")]
pub mod job;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod network;
#[cfg(feature = "ssr")]
pub mod rich;
#[cfg(feature = "ssr")]
pub mod rng;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
pub mod setting;
#[cfg(feature = "ssr")]
pub mod stop;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod time;
#[cfg(feature = "ssr")]
pub mod tx;

#[doc(hidden)]
pub mod macros {
    //! What the macros of this member name by path.
    pub use serde;
    #[cfg(feature = "ssr")]
    pub use sqlx;
    pub use uuid;
}

//! 工作时间: when groups are on duty. Routing and overflow join it with the chats; the clocks of tickets count in it already.
//!
//! Tables: `duty_calendars`, `duty_groups`.
//!
//! Invariants:
//! - A group works by one calendar: its own, or the company's default one, or day and night when there is none.
//! - Time on duty is worked out by `calendar` alone, which is pure and knows no clock (R8).
//!
//! Files: `model` the form, `calendar` the arithmetic with what people type, `commands`, `queries`, `pages`.

extern crate self as routing;

pub mod model;

#[cfg(feature = "ssr")]
pub mod calendar;

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

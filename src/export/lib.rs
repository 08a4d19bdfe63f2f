//! 导出: files of many rows, written in the background for whoever asked, with progress and a notice at the end. Which
//! rows and columns a file has is the business of the slice that offers it; that slice stands above this one.
//!
//! Tables: `exports`.
//!
//! Invariants: a file holds what its owner may see when it is written, not when it was asked for: rights, groups and
//! row scope are read again (S05). Asking is audited. A cell never becomes a formula, whoever typed it (S47). Only
//! whoever asked sees an export, and fetches its file only while they may still export its kind. A failure is told
//! once, after the last attempt; what another attempt cannot mend is told at once.

extern crate self as export;

pub mod model;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod queries;

#[cfg(all(test, feature = "ssr"))]
mod tests;

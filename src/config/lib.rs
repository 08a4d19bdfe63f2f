//! 配置历史: who changed what administrators set up, when and why; the whole configuration as of any time; one object back to
//! a version; and the configuration as a readable file, whose difference is shown before it is applied.
//!
//! Tables: `config_files`. The versions themselves, `config_versions`, are written by the kernel with the commits that make
//! them (`kernel::configured`); here they are read.
//!
//! Invariants:
//! - A file depends on the configuration only: written, applied to an emptied company and written again it is the same, byte
//!   by byte. It names what it refers to, holds no secret and no time, and no id but of what is
//!   deleted or no part of the configuration, which the export tells (`dangling`).
//! - An import is all or nothing, changes what its person could change by hand, and runs the checks of the forms. Accounts are
//!   never made or deleted by it, and what it does not name is deleted only when that is asked for.
//! - What is shown and what is applied come from one function (`commands::prepare`), over the same configuration.
//!
//! Files: `section` a configuration, `refs` names in place of ids, `file` the file, `plan` what leads from one to the other,
//! `difference` two documents side by side, `dangling` what a configuration names that is not in it, `fault` what is wrong with
//! a file; all pure.

extern crate self as config;

pub mod model;

#[cfg(feature = "ssr")]
pub mod dangling;
#[cfg(feature = "ssr")]
pub mod difference;
#[cfg(feature = "ssr")]
pub mod fault;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod plan;
#[cfg(feature = "ssr")]
pub mod refs;
#[cfg(feature = "ssr")]
pub mod section;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod queries;

pub mod actions;

#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(all(test, feature = "ssr"))]
mod tests;

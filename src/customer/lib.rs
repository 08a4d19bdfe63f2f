//! 客户: the people and companies that are served, how they are reached, and under which id the company's own system
//! knows them (对接ID).
//!
//! Tables: `customers`, `customer_contacts`, `customer_fields`, `customer_merges`.
//!
//! Invariants:
//! - A phone number or e-mail address belongs to one customer of a company: its normal form is unique.
//! - An integration id belongs to one customer that is not merged away.
//! - A merge loses nothing: what both customers were stands in `customer_merges`, and undoing puts it back. A customer
//!   that is merged away has no contacts and appears in no list; its page leads to the one that remains.
//! - Customers have no owner. The row scope of a permission group narrows tickets; every scope sees all customers, so
//!   that whoever takes a call or writes a ticket finds the person and makes no second record.
//! - The search terms of a customer are made here, from everything it can be found by, whenever it is written.

pub mod actions;
#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod config;
pub mod model;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod phone;
#[cfg(feature = "ssr")]
pub mod profile;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
mod terms;
#[cfg(all(test, feature = "ssr"))]
mod tests;

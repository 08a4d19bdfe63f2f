//! Tests from outside: HTTP through the whole router over a real PostgreSQL, a database per test. One binary.
//!
//! `bin/test` starts the database; `source bin/database; kefu_database start DIR` does it by hand.

#![expect(clippy::disallowed_methods, reason = "tests read from the environment where their servers are")]

mod app;
mod architecture;
mod browser;
mod call;
mod call_record;
mod call_report;
mod config;
mod customer;
mod duty;
mod every_page;
mod every_report;
mod export;
mod files;
mod flow;
mod identity;
mod isolation;
mod mail;
mod measure;
mod open_api;
mod permissions;
mod phone;
mod preset;
mod request;
mod satisfaction;
mod sla;
mod sla_report;
mod sweep;
mod tenancy;
mod ticket;
mod trigger;
mod typed;
mod upgrade;
mod webhook;
mod welcome;
mod worker;

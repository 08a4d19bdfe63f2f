//! 邮箱与邮件台账: mailboxes by IMAP and SMTP, and the ledger that has one row for every message ever seen or sent.
//!
//! Tables: `mailboxes`, `mails`, `mail_keys`, and `directory.mail_addresses` (which address is whose).
//!
//! Invariants:
//! - The raw source lies in the object store before the row that names it, and the row before anything is decided: a
//!   mail can be misunderstood, never lost (S23). Every row can be processed again from its source.
//! - The IMAP cursor moves in the transaction that stores the message (F24); one bad message is quarantined and the
//!   next one is fetched (F22).
//! - A mail joins a ticket only by our keyed token (S19); it is believed to come from an agent only when the mailbox's
//!   own server says so (S20).
//! - An outgoing mail gets its `Message-ID` when it is written down and keeps it through every retry (F03, F23).

// Lets the paths of this member's macros resolve inside it too.
extern crate self as mail;

pub mod actions;
pub mod model;

#[cfg(feature = "ssr")]
pub mod auth;
#[cfg(feature = "ssr")]
mod charset;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
mod compose;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
mod finding;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
pub mod imap;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod keys;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parse;
#[cfg(feature = "ssr")]
pub mod queries;
#[cfg(feature = "ssr")]
pub mod quote;
#[cfg(feature = "ssr")]
mod reach;
#[cfg(feature = "ssr")]
mod smtp;
#[cfg(feature = "ssr")]
pub mod thread;
#[cfg(feature = "ssr")]
mod transfer;
#[cfg(feature = "ssr")]
mod words;

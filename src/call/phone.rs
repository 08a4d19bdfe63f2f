//! 电话条 (phone bar): agents' phones. Accounts and extensions, how a phone is and what it can do, after-call work, and what
//! supervisors do about calls that run.
//!
//! - How a phone is, is worked out by `bar` from the call's events and the state the agent chose: it is kept nowhere.
//! - Whichever switch tells of a call, `commands::follow` brings its phones up to date in the same commit. Orders take only the
//!   simulated switch; with others the bar shows and no more.
//! - The mobile number of a phone account is the account's telephone number, which stands in one place: whoever changes it
//!   there has changed the phone account, in the same transaction.
//! - A press has an id: in two tabs, or sent twice, it is one press.

pub mod bar;
pub mod commands;
pub mod jobs;
pub mod pages;
pub mod port;
pub mod queries;
pub mod scene;
pub mod setting;

#[cfg(test)]
mod tests;

//! Server functions of calls and phones.

pub mod phone;

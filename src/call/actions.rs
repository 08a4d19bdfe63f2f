//! What forms of calls do.

pub mod record;

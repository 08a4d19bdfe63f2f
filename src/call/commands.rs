//! Writes of calls.

pub mod export;
pub mod recording;
pub mod reveal;
pub mod summary;

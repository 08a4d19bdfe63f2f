//! Reads of calls. Each narrows to what the actor may see (`scope`).

pub mod detail;
pub mod mine;
pub mod record;
pub mod recording;
pub mod summary;

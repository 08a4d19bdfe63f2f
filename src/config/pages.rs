//! Pages of the configuration: what changed, one object, the whole of it, and the plan of a file.

pub mod configuration;
pub mod history;
pub mod object;
pub mod part;
pub mod plan;

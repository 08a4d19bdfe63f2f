//! Islands: the parts of pages that live in the browser. Small props, no secrets; every page works without them.

pub mod bell;
pub mod busy;
pub mod copy;
mod ear;
pub mod finder;
pub mod fit;
pub mod keys;
mod look_up;
pub mod order;
pub mod palette;
pub mod parting;
pub mod rich_text;
mod ring;

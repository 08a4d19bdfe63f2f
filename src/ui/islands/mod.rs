//! Islands: the parts of pages that live in the browser. Small props, no secrets; every page works without them.

pub mod bell;
pub mod busy;
pub mod keys;
pub mod palette;
pub mod rich_text;

//! Islands: the parts of pages that live in the browser. Small props, no secrets; every page works without them.

pub mod palette;
pub mod rich_text;

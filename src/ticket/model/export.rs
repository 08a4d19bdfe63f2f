//! 导出工单: what the menu of a list posts.

use export::model::Format;
use serde::{Deserialize, Serialize};

/// 导出: the list on screen, as a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// The kind of file.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub format: Option<Format>,
    /// The address of the list, after the question mark.
    #[serde(default)]
    pub query: String,
}

//! 配置历史: inputs of its forms.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Bytes of a file of configuration at most.
pub const FILE_MOST: usize = 1_000_000;
/// Objects in a file of configuration at most.
pub const OBJECTS_MOST: usize = 5_000;

/// A version that an object goes back to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// Kind of the object.
    pub kind: String,
    /// Which object.
    pub object: Uuid,
    /// The version it goes back to.
    pub version: i32,
    /// The version that was the last when the page was opened.
    pub last: i32,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A plan that was looked at, to be applied.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyInput {
    /// The file that was uploaded.
    pub file: Uuid,
    /// Fingerprint of the configuration that the plan was worked out for.
    pub base: String,
    /// Whether what the file does not name is deleted.
    #[serde(default)]
    pub prune: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// The upload of a file, which carries nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadInput {
    /// Always true: a form with a file has a field besides.
    pub sure: bool,
}

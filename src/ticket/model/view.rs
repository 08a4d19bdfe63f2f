//! 视图: inputs of kept lists.

use kernel::error::{Problems, Result};
use kernel::id::ViewId;
use kernel::input::blank;
use serde::{Deserialize, Serialize};

/// 视图: a list to be kept under a name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewInput {
    /// The view being renamed or replaced; none creates one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<ViewId>,
    /// 名称, 1 to 20 characters.
    pub name: String,
    /// Whether every agent sees it; each sees only the rows that are theirs to see.
    #[serde(default)]
    pub shared: bool,
    /// The list's address, after the question mark.
    #[serde(default)]
    pub query: String,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl ViewInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", 20);
        problems.at_most(&self.query, "query", 2_000);
        problems.end()
    }
}

/// One view, to delete it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewChoice {
    /// Which.
    pub id: ViewId,
}

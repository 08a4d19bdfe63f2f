//! 工单分类: inputs of the tree's forms.

use kernel::error::{Problem, Problems, Result};
use kernel::id::{CategoryId, TemplateId};
use kernel::input::blank;
use kernel::step::Step;
use serde::{Deserialize, Serialize};

/// 工单分类: a new or edited category.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    /// The category being edited; none creates one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<CategoryId>,
    /// Under which one; none is the first level.
    #[serde(default, deserialize_with = "blank")]
    pub parent: Option<CategoryId>,
    /// 名称, 1 to 20 characters, without `/`, which joins the levels.
    pub name: String,
    /// 说明, at most 150 characters.
    #[serde(default)]
    pub description: String,
    /// 工单模板 of its tickets; that of the nearest category above, or the default, when none is chosen.
    #[serde(default, deserialize_with = "blank")]
    pub template: Option<TemplateId>,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

impl CategoryInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", 20);
        problems.need(!self.name.contains('/'), "name", Problem::BadFormat);
        problems.at_most(&self.description, "description", 150);
        problems.end()
    }
}

/// One category, to delete it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryChoice {
    /// Which.
    pub id: CategoryId,
}

/// A category moves among its siblings.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryStep {
    /// Which.
    pub id: CategoryId,
    /// Where to.
    pub step: Step,
}

//! 服务小结: what an agent writes of a call.

use export::model::Format;
use kernel::error::{Problem, Problems, Result};
use kernel::id::{CallId, CategoryId, UnitId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};
use ticket::model::field::Answers;

kernel::catalog! {
    /// 处理状态: whether what the call was about is done with.
    pub enum SummaryStatus {
        Pending = 0, "pending", "待处理", "Pending";
        Handled = 1, "handled", "已处理", "Handled";
    }
}

/// 备注 at most, in characters.
pub const REMARK_MOST: usize = 500;

/// 服务小结 as its form sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryInput {
    /// Which call.
    #[serde(default, deserialize_with = "blank")]
    pub call: Option<CallId>,
    /// The version that was on screen; 0 when there was none.
    #[serde(default)]
    pub version: i32,
    /// 业务单元.
    #[serde(default, deserialize_with = "blank")]
    pub unit: Option<UnitId>,
    /// 问题类型: a leaf of the ticket categories.
    #[serde(default, deserialize_with = "blank")]
    pub category: Option<CategoryId>,
    /// 处理状态.
    #[serde(default, deserialize_with = "blank")]
    pub status: Option<SummaryStatus>,
    /// 备注.
    #[serde(default)]
    pub remark: String,
    /// 自定义字段: those of the template of the problem type, as tickets of that category have them.
    #[serde(default, with = "kernel::field::answers")]
    pub fields: Answers,
}

impl SummaryInput {
    /// Everything that is wrong with it by itself.
    ///
    /// # Errors
    /// The problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.need(self.status.is_some(), "status", Problem::Required);
        problems.at_most(&self.remark, "remark", REMARK_MOST);
        problems.end()
    }
}

/// Which call a button is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallChoice {
    /// Which.
    #[serde(default, deserialize_with = "blank")]
    pub call: Option<CallId>,
}

/// What the palette looks for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberInput {
    /// What was typed.
    pub text: String,
}

/// 导出: the list on screen, as a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordExportInput {
    /// The kind of file.
    #[serde(default, deserialize_with = "blank")]
    pub format: Option<Format>,
    /// The list's line.
    #[serde(default, deserialize_with = "blank")]
    pub line: Option<super::BusinessLine>,
    /// The address of the list, after the question mark.
    #[serde(default)]
    pub query: String,
}

//! 批量操作: one change on many tickets.

use super::{BULK_MOST, Priority};
use kernel::error::{Problem, Problems, Result};
use kernel::id::{AgentId, CategoryId, GroupId, TicketId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};

kernel::catalog! {
    /// 批量操作: what can be done to many tickets at once.
    pub enum BulkAct {
        Group = 0, "group", "转给受理组", "Move to group";
        Agent = 1, "agent", "分配给客服", "Assign to agent";
        Take = 2, "take", "分配给我", "Assign to me";
        Priority = 3, "priority", "修改优先级", "Change priority";
        Category = 4, "category", "修改分类", "Change category";
        Solve = 5, "solve", "设为已解决", "Mark as solved";
        Close = 6, "close", "关闭", "Close";
        Follow = 7, "follow", "关注", "Follow";
        Delete = 8, "delete", "删除", "Delete";
        Restore = 9, "restore", "恢复", "Restore";
    }
}

/// 批量操作: many tickets and one change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// Which tickets, at most `BULK_MOST`.
    #[serde(default)]
    pub tickets: Vec<TicketId>,
    /// What is done.
    pub act: BulkAct,
    /// For `group`.
    #[serde(default, deserialize_with = "blank")]
    pub group: Option<GroupId>,
    /// For `agent`.
    #[serde(default, deserialize_with = "blank")]
    pub agent: Option<AgentId>,
    /// For `priority`.
    #[serde(default, deserialize_with = "blank")]
    pub priority: Option<Priority>,
    /// For `category`.
    #[serde(default, deserialize_with = "blank")]
    pub category: Option<CategoryId>,
    /// The list's address, after the question mark, to return to.
    #[serde(default)]
    pub back: String,
}

impl BulkInput {
    /// Finds everything that is wrong.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result {
        let mut problems = Problems::default();
        problems.need(!self.tickets.is_empty(), "tickets", Problem::Required);
        problems.need(self.tickets.len() <= BULK_MOST, "tickets", Problem::TooManyRows);
        match self.act {
            BulkAct::Group => problems.need(self.group.is_some(), "group", Problem::Required),
            BulkAct::Agent => problems.need(self.agent.is_some(), "agent", Problem::Required),
            BulkAct::Priority => problems.need(self.priority.is_some(), "priority", Problem::Required),
            BulkAct::Category => problems.need(self.category.is_some(), "category", Problem::Required),
            _ => {}
        }
        problems.end()
    }
}

/// 批量预览: what a bulk act would do, for the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPreview {
    /// Tickets that change.
    pub changed: usize,
    /// Tickets that are so already.
    pub same: usize,
    /// Tickets that do not, by reason.
    pub refused: Vec<BulkRefusal>,
}

/// Tickets that a bulk act does not change, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRefusal {
    /// Why.
    pub problem: Problem,
    /// How many.
    pub count: usize,
    /// 工单号 of those that are the reader's to see.
    pub numbers: Vec<i64>,
}

//! 选规则: the first policy that fits a ticket, and why those before it do not.

use crate::model::Policy;
use kernel::id::{CategoryId, GroupId};
use serde::{Deserialize, Serialize};
use ticket::model::{Priority, Source};

/// What policies ask of a ticket. While it stays as it was, so does the ticket's policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// 受理组.
    pub group: Option<GroupId>,
    /// 分类 and those above it.
    pub categories: Vec<CategoryId>,
    /// 来源.
    pub source: Source,
    /// VIP等级.
    pub vip: i16,
    /// 优先级.
    pub priority: Priority,
}

kernel::catalog! {
    /// 条件: one thing that a policy asks.
    pub enum Part {
        Group = 1, "group", "受理组", "Group";
        Category = 2, "category", "分类", "Category";
        Source = 3, "source", "来源", "Source";
        Vip = 4, "vip", "VIP等级", "VIP level";
        Goals = 5, "goals", "该优先级的目标时长", "Goals for the priority";
    }
}

/// What of a policy does not fit; nothing when it does.
#[must_use]
pub fn misfits(policy: &Policy, asked: &Asked) -> Vec<Part> {
    let goals = policy.goals(asked.priority);
    let fits = [
        (Part::Group, policy.groups.is_empty() || asked.group.is_some_and(|group| policy.groups.contains(&group))),
        (Part::Category, policy.categories.is_empty() || asked.categories.iter().any(|category| policy.categories.contains(category))),
        (Part::Source, policy.sources.is_empty() || policy.sources.contains(&asked.source)),
        (Part::Vip, asked.vip >= policy.vip_from),
        (Part::Goals, goals != crate::model::Goals::default()),
    ];
    fits.into_iter().filter(|(_, fits)| !fits).map(|(part, _)| part).collect()
}

/// 未采用的规则: a policy that stands before the ticket's, and why it is not the ticket's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// Its name then.
    pub name: String,
    /// What of it did not fit.
    pub misfits: Vec<Part>,
}

/// The place of the first policy that fits, with what did not fit of each before it.
#[must_use]
pub fn pick<'a>(policies: impl IntoIterator<Item = &'a Policy>, asked: &Asked) -> (Option<usize>, Vec<Vec<Part>>) {
    let mut trace = Vec::new();
    for (at, policy) in policies.into_iter().enumerate() {
        let misfits = misfits(policy, asked);
        if misfits.is_empty() {
            return (Some(at), trace);
        }
        trace.push(misfits);
    }
    (None, trace)
}

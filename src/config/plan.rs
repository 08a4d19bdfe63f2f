//! 变更计划: what leads from one configuration to another.

use crate::section::{Section, labels};
use kernel::configured::order::{Documents, by_group, group_of};
use kernel::configured::{Kind, Object};
use kernel::lang::Lang;
use kernel::t;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is made.
    Create,
    /// Its document changes.
    Change,
    /// The objects of the kind change places.
    Move,
    /// It is deleted.
    Delete,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Kind of the object.
    pub kind: &'static Kind,
    /// Which; nobody's id for a move.
    pub id: Uuid,
    /// What it is called; empty for the only one of its kind and for a move.
    pub name: String,
    /// What happens to it.
    pub act: Act,
    /// Its document before; for a move the names in their order.
    pub before: Value,
    /// Its document after; for a move the names in their order.
    pub after: Value,
}

/// The steps in the order in which they are taken, and where the objects of an ordered kind stand at last.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What is made and changed, what something needs before it; then moves; then what is deleted, backwards.
    pub steps: Vec<Step>,
    /// The order of each ordered kind of which something is made, moved or deleted.
    pub orders: Vec<(&'static Kind, Vec<Uuid>)>,
}

impl Act {
    /// What happens, in a word.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Act::Create => t!(lang, "新建", "Create"),
            Act::Change => t!(lang, "修改", "Change"),
            Act::Move => t!(lang, "排序", "Reorder"),
            Act::Delete => t!(lang, "删除", "Delete"),
        }
    }
}

impl Plan {
    /// How many steps do this.
    #[must_use]
    pub fn count(&self, act: Act) -> usize {
        self.steps.iter().filter(|step| step.act == act).count()
    }
}

/// What leads from `now` to `wanted`, which has the kinds of `now` in the same order and ids that say who is who. What `wanted`
/// does not name stays, unless `prune` says that it is deleted; the only one of a kind always stays.
#[must_use]
pub fn plan(now: &[Section], wanted: &[Section], prune: bool) -> Plan {
    let (mut plan, mut moves, mut deletes) = (Plan::default(), Vec::new(), Vec::new());
    for (now, wanted) in now.iter().zip(wanted) {
        let kind = now.kind;
        let of = |objects: &[Object], id: Uuid| objects.iter().find(|object| object.id == id).map(|object| object.document.clone());
        let before_plan = plan.steps.len();
        for (object, name) in wanted.objects.iter().zip(labels(kind, &wanted.objects)) {
            let before = of(&now.objects, object.id);
            if before.as_ref() == Some(&object.document) {
                continue;
            }
            let act = if before.is_some() { Act::Change } else { Act::Create };
            let (before, after) = (before.unwrap_or_default(), object.document.clone());
            plan.steps.push(Step { kind, id: object.id, name: shown(kind, name), act, before, after });
        }
        let is_gone = |object: &&Object| prune && !kind.is_single && of(&wanted.objects, object.id).is_none();
        let names = labels(kind, &now.objects);
        let mut gone: Vec<Step> = now
            .objects
            .iter()
            .zip(&names)
            .filter(|(object, _)| is_gone(object))
            .map(|(object, name)| {
                let (before, name) = (object.document.clone(), name.clone());
                Step { kind, id: object.id, name, act: Act::Delete, before, after: Value::Null }
            })
            .collect();
        if kind.is_ordered {
            // In which group an object stands at last, the file says.
            let documents: Documents<'_> = now.objects.iter().chain(&wanted.objects).map(|object| (object.id, &object.document)).collect();
            let order = merged(now, wanted, prune, &documents);
            let stays: Vec<Uuid> = now.objects.iter().map(|object| object.id).filter(|id| order.contains(id)).collect();
            let common: Vec<Uuid> = order.iter().copied().filter(|id| stays.contains(id)).collect();
            let is_moved = by_group(kind.apart, &stays, &documents) != by_group(kind.apart, &common, &documents);
            if is_moved {
                let name = |id: &Uuid| now.objects.iter().position(|object| object.id == *id).map(|at| names[at].clone());
                let list = |ids: &[Uuid]| Value::from(ids.iter().filter_map(name).collect::<Vec<_>>());
                let (before, after) = (list(&stays), list(&common));
                moves.push(Step { kind, id: Uuid::nil(), name: String::new(), act: Act::Move, before, after });
            }
            if is_moved || plan.steps.len() > before_plan || !gone.is_empty() {
                plan.orders.push((kind, order));
            }
        }
        gone.reverse();
        deletes.push(gone);
    }
    plan.steps.extend(moves);
    plan.steps.extend(deletes.into_iter().rev().flatten());
    plan
}

fn shown(kind: &Kind, name: String) -> String {
    if kind.is_single { String::new() } else { name }
}

/// The objects in the order of `wanted`; what it does not name and what stays, follows what it follows in its group now.
fn merged(now: &Section, wanted: &Section, prune: bool, documents: &Documents<'_>) -> Vec<Uuid> {
    let mut order: Vec<Uuid> = wanted.objects.iter().map(|object| object.id).collect();
    if prune {
        return order;
    }
    let mut last: HashMap<&str, Uuid> = HashMap::new();
    for object in &now.objects {
        let group = group_of(now.kind.apart, object.id, documents);
        if !order.contains(&object.id) {
            let at = last.get(group).and_then(|last| order.iter().position(|id| id == last)).map_or(0, |at| at + 1);
            order.insert(at, object.id);
        }
        last.insert(group, object.id);
    }
    order
}

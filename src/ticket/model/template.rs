//! 工单模板: own fields in order, when each has to be filled in, and which template holds for a category. Pure.

use super::field::FIELDS_MOST;
use kernel::error::{Problem, Problems, Result};
use kernel::id::{CategoryId, TemplateId, TicketFieldId};
use kernel::input::blank;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// 名称 at most, in characters.
pub const NAME_MOST: usize = 50;
/// 说明 at most, in characters.
pub const DESCRIPTION_MOST: usize = 150;
/// Templates of a company at most.
pub const TEMPLATES_MOST: usize = 50;

kernel::catalog! {
    /// 必填: when a field of a template has to be filled in. Solving counts as closing.
    pub enum Demand {
        Never = 0, "never", "选填", "Optional";
        Create = 1, "create", "创建时必填", "Required on creation";
        Close = 2, "close", "解决或关闭时必填", "Required on solving or closing";
        Both = 3, "both", "创建和关闭时都必填", "Required on creation and on closing";
    }
}

impl Demand {
    /// Whether a ticket cannot be created without it.
    #[must_use]
    pub const fn on_creation(self) -> bool {
        matches!(self, Demand::Create | Demand::Both)
    }

    /// Whether a ticket cannot be solved or closed without it.
    #[must_use]
    pub const fn on_closing(self) -> bool {
        matches!(self, Demand::Close | Demand::Both)
    }
}

/// One field of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Which field.
    pub field: TicketFieldId,
    /// 必填.
    pub demand: Demand,
}

/// 工单模板.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// 名称.
    pub name: String,
    /// 说明.
    pub description: String,
    /// Its fields, in the order of the form.
    pub slots: Vec<Slot>,
    /// 默认: it holds where no category names one.
    pub is_default: bool,
    /// Grows with every change.
    pub version: i32,
}

/// Where the template of a category comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The category names it.
    Own,
    /// A category above names it.
    Above,
    /// It is the default.
    Default,
}

/// The templates of a company and which categories name them.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    /// By name.
    pub all: Vec<Template>,
    /// Of each category the one above and the template it names.
    pub named: HashMap<CategoryId, (Option<CategoryId>, Option<TemplateId>)>,
}

impl Templates {
    /// The template of a ticket of this category and where it comes from: the category's own, that of the nearest category
    /// above, or the default.
    #[must_use]
    pub fn of(&self, category: Option<CategoryId>) -> Option<(&Template, Origin)> {
        let (mut at, mut from) = (category, Origin::Own);
        // A ring cannot be made, and would end here too.
        for _ in 0..=self.named.len() {
            let Some((above, named)) = at.and_then(|id| self.named.get(&id)) else { break };
            if let Some(template) = named.and_then(|named| self.all.iter().find(|template| template.id == named)) {
                return Some((template, from));
            }
            (at, from) = (*above, Origin::Above);
        }
        self.all.iter().find(|template| template.is_default).map(|template| (template, Origin::Default))
    }
}

/// A template as it is typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateInput {
    /// The template being edited; none makes one.
    #[serde(default, deserialize_with = "blank")]
    pub id: Option<TemplateId>,
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// 名称.
    pub name: String,
    /// 说明.
    #[serde(default)]
    pub description: String,
    /// 默认.
    #[serde(default)]
    pub is_default: bool,
    /// The fields that the form offered.
    #[serde(default)]
    pub slots: Vec<SlotInput>,
    /// Why it is changed, for the configuration history.
    #[serde(default)]
    pub reason: String,
}

/// One field of the template's form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotInput {
    /// Which field.
    pub field: TicketFieldId,
    /// 必填; nothing leaves the field out of the template.
    #[serde(default, deserialize_with = "blank")]
    pub demand: Option<Demand>,
    /// 顺序: its place, as it is typed; behind those with a place when empty.
    #[serde(default)]
    pub place: String,
}

impl TemplateInput {
    /// The fields in order, or everything that is wrong. Whether they exist is known to the command.
    ///
    /// # Errors
    /// All problems, each beside its field.
    pub fn check(&self) -> Result<Vec<Slot>> {
        let mut problems = Problems::default();
        problems.text(&self.name, "name", NAME_MOST);
        problems.at_most(&self.description, "description", DESCRIPTION_MOST);
        problems.need(self.slots.len() <= FIELDS_MOST, "slots", Problem::TooMany);
        let mut placed: Vec<(u32, Slot)> = Vec::new();
        for (at, slot) in self.slots.iter().take(FIELDS_MOST).enumerate() {
            let typed = slot.place.trim();
            let place = if typed.is_empty() { Some(u32::MAX) } else { typed.parse().ok() };
            problems.need(place.is_some(), &format!("slots[{at}][place]"), Problem::BadNumber);
            if let (Some(demand), Some(place)) = (slot.demand, place)
                && placed.iter().all(|(_, other)| other.field != slot.field)
            {
                placed.push((place, Slot { field: slot.field, demand }));
            }
        }
        problems.end()?;
        // The sort is stable: fields of one place stand as the form listed them.
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, slot)| slot).collect())
    }
}

/// One template, chosen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateChoice {
    /// Which.
    pub template: TemplateId,
}

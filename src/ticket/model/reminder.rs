//! 工单提醒设置: of which movements of a ticket who is reminded, and how (F§4.4).

use kernel::error::{Problem, Problems};
use kernel::event::Event;
use kernel::id::AgentId;
use serde::{Deserialize, Serialize};

kernel::catalog! {
    /// 提醒事件: a movement of a ticket that somebody is reminded of.
    pub enum ReminderEvent {
        Created = 1, "created", "工单新建", "Created";
        Assigned = 2, "assigned", "分配给客服", "Assigned";
        CustomerReplied = 3, "customer_replied", "客户回复", "The customer replied";
        AgentReplied = 4, "agent_replied", "同事回复", "A colleague replied";
        StatusChanged = 5, "status_changed", "状态变更", "Status changed";
        Urged = 6, "urged", "催单", "Urged";
        NearlyDue = 7, "nearly_due", "即将超时", "Nearly due";
        Overdue = 8, "overdue", "已超时", "Overdue";
    }
}

impl ReminderEvent {
    /// As what an event counts; nothing when no reminder waits for it.
    #[must_use]
    pub const fn of(event: &Event) -> Option<ReminderEvent> {
        match event {
            Event::TicketCreated { .. } => Some(ReminderEvent::Created),
            Event::TicketAssigned { .. } => Some(ReminderEvent::Assigned),
            Event::TicketRepliedByCustomer { .. } => Some(ReminderEvent::CustomerReplied),
            Event::TicketRepliedByAgent { .. } => Some(ReminderEvent::AgentReplied),
            Event::TicketStatusChanged { .. } => Some(ReminderEvent::StatusChanged),
            Event::TicketUrged { .. } => Some(ReminderEvent::Urged),
            Event::TicketNearlyDue { .. } => Some(ReminderEvent::NearlyDue),
            Event::TicketOverdue { .. } => Some(ReminderEvent::Overdue),
            _ => None,
        }
    }
}

kernel::catalog! {
    /// 提醒方式: how somebody is reminded.
    pub enum Way {
        Mail = 1, "mail", "邮件", "E-mail";
        PopUp = 2, "pop_up", "弹窗", "Pop-up";
        Sound = 3, "sound", "声音", "Sound";
    }
}

kernel::catalog! {
    /// 提示音: what a reminder sounds like.
    pub enum Tone {
        Soft = 1, "soft", "柔和", "Soft";
        Loud = 2, "loud", "洪亮", "Loud";
    }
}

/// 工单提醒设置. What ways an event has is kept as the events of each way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReminderSettings {
    /// Events with a mail: what happens within a minute comes in one.
    pub mail: Vec<ReminderEvent>,
    /// Events with a pop-up: the bell counts, the page says so.
    pub pop_up: Vec<ReminderEvent>,
    /// Events that sound.
    pub sound: Vec<ReminderEvent>,
    /// 受理客服 is reminded.
    pub to_agent: bool,
    /// While nobody handles the ticket, the members of its group who are signed in are.
    pub to_group: bool,
    /// 创建人 is, when an agent created it.
    pub to_creator: bool,
    /// 关注人 are.
    pub to_followers: bool,
    /// 指定客服 are, of every ticket that they may see.
    pub agents: Vec<AgentId>,
    /// 提示音.
    pub tone: Tone,
    /// Ways that an agent may do without, event by event.
    pub open: Vec<Way>,
    /// Whether an agent may name hours without mail, pop-up and sound.
    pub quiet_hours: bool,
}

impl Default for ReminderSettings {
    fn default() -> Self {
        ReminderSettings {
            mail: Vec::new(),
            pop_up: ReminderEvent::ALL.to_vec(),
            sound: Vec::new(),
            to_agent: true,
            to_group: true,
            to_creator: false,
            to_followers: true,
            agents: Vec::new(),
            tone: Tone::Soft,
            open: Way::ALL.to_vec(),
            quiet_hours: true,
        }
    }
}

/// What somebody has to do with a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// Handles it.
    pub handles: bool,
    /// Follows it.
    pub follows: bool,
    /// Created it.
    pub created: bool,
    /// Is signed in and works in its group, while nobody handles it.
    pub could_take: bool,
}

impl ReminderSettings {
    /// Every event has a way, or nobody would ever know why nothing rang.
    #[must_use]
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        for event in ReminderEvent::ALL {
            problems.need(Way::ALL.iter().any(|way| self.has(*event, *way)), event.key(), Problem::NoWay);
        }
        problems
    }

    /// Whether the event has this way.
    #[must_use]
    pub fn has(&self, event: ReminderEvent, way: Way) -> bool {
        match way {
            Way::Mail => self.mail.contains(&event),
            Way::PopUp => self.pop_up.contains(&event),
            Way::Sound => self.sound.contains(&event),
        }
    }

    /// How somebody who may see the ticket is reminded of the event.
    #[must_use]
    pub fn ways(&self, event: ReminderEvent, agent: AgentId, relation: Relation) -> Vec<Way> {
        let concerns = self.to_agent && relation.handles
            || self.to_followers && relation.follows
            || self.to_creator && relation.created
            || self.to_group && relation.could_take
            || self.agents.contains(&agent);
        Way::ALL.iter().copied().filter(|way| concerns && self.has(event, *way)).collect()
    }
}

/// A new version of the settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemindersInput {
    /// The version that the editor started from.
    #[serde(default)]
    pub version: i32,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub mail: Vec<ReminderEvent>,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub pop_up: Vec<ReminderEvent>,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub sound: Vec<ReminderEvent>,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub to_agent: bool,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub to_group: bool,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub to_creator: bool,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub to_followers: bool,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub agents: Vec<AgentId>,
    /// As in `ReminderSettings`.
    #[serde(default, deserialize_with = "kernel::input::blank")]
    pub tone: Option<Tone>,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub open: Vec<Way>,
    /// As in `ReminderSettings`.
    #[serde(default)]
    pub quiet_hours: bool,
}

#[cfg(test)]
mod tests {
    use super::{Relation, ReminderEvent, ReminderSettings, Way};
    use kernel::error::Problem;
    use kernel::id::AgentId;
    use uuid::Uuid;

    const ME: AgentId = AgentId(Uuid::from_u128(1));

    #[test]
    fn every_event_needs_a_way() {
        let settings =
            ReminderSettings { pop_up: vec![ReminderEvent::Created], sound: vec![ReminderEvent::Urged], ..ReminderSettings::default() };
        let wrong: Vec<(String, Problem)> = settings.problems().0;
        let missing = ["assigned", "customer_replied", "agent_replied", "status_changed", "nearly_due", "overdue"]
            .map(|key| (key.to_owned(), Problem::NoWay));
        assert_eq!(wrong, missing);
        assert!(ReminderSettings::default().problems().0.is_empty());
        assert_eq!(Problem::NoWay.code(), "400120", "F§4.4");
    }

    #[test]
    fn whoever_is_concerned_is_reminded_by_each_way_once() {
        let all = ReminderSettings { sound: vec![ReminderEvent::Urged], to_creator: true, ..ReminderSettings::default() };
        let none = ReminderSettings { to_agent: false, to_group: false, to_creator: false, to_followers: false, ..all.clone() };
        let relations = [
            (Relation { handles: true, ..Relation::default() }, ReminderSettings { to_agent: true, ..none.clone() }),
            (Relation { follows: true, ..Relation::default() }, ReminderSettings { to_followers: true, ..none.clone() }),
            (Relation { created: true, ..Relation::default() }, ReminderSettings { to_creator: true, ..none.clone() }),
            (Relation { could_take: true, ..Relation::default() }, ReminderSettings { to_group: true, ..none.clone() }),
        ];
        for (relation, only) in &relations {
            assert_eq!(all.ways(ReminderEvent::Urged, ME, *relation), [Way::PopUp, Way::Sound]);
            assert_eq!(all.ways(ReminderEvent::Assigned, ME, *relation), [Way::PopUp]);
            assert_eq!(only.ways(ReminderEvent::Urged, ME, *relation), [Way::PopUp, Way::Sound]);
            assert!(none.ways(ReminderEvent::Urged, ME, *relation).is_empty(), "{relation:?}");
            let others = relations.iter().filter(|(other, _)| other != relation);
            assert!(others.into_iter().all(|(other, _)| only.ways(ReminderEvent::Urged, ME, *other).is_empty()));
        }
        let chosen = ReminderSettings { agents: vec![ME], ..none };
        assert_eq!(chosen.ways(ReminderEvent::Created, ME, Relation::default()), [Way::PopUp]);
        assert!(chosen.ways(ReminderEvent::Created, AgentId(Uuid::from_u128(2)), Relation::default()).is_empty());
    }
}

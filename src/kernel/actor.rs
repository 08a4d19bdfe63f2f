//! Who does something.

use crate::id::{AgentId, AppId, CustomerId, TriggerId};
use serde::{Deserialize, Serialize};

catalog! {
    /// 操作者类型: what kind of actor stands behind a change.
    pub enum ActorKind {
        Agent = 0, "agent", "客服", "Agent";
        Customer = 1, "customer", "客户", "Customer";
        Rule = 2, "rule", "规则", "Rule";
        Api = 3, "api", "接口", "API client";
        System = 4, "system", "系统", "System";
    }
}

/// 操作者: the one behind a command, as it is written beside every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A signed-in agent.
    Agent {
        /// Whose account.
        id: AgentId,
        /// The name shown in histories.
        name: String,
    },
    /// A customer, by mail or by a public link.
    Customer {
        /// Which customer.
        id: CustomerId,
        /// The name shown in histories.
        name: String,
    },
    /// A trigger.
    Rule {
        /// Which.
        id: TriggerId,
        /// Its name at that moment.
        name: String,
        /// Whether the clock set it off, not an event.
        is_timed: bool,
    },
    /// An application of the open platform, 应用.
    App {
        /// Which.
        id: AppId,
        /// Its name at that moment.
        name: String,
    },
    /// The program itself: jobs, the command line.
    System,
}

impl Actor {
    /// The kind, as stored.
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        match self {
            Actor::Agent { .. } => ActorKind::Agent,
            Actor::Customer { .. } => ActorKind::Customer,
            Actor::Rule { .. } => ActorKind::Rule,
            Actor::App { .. } => ActorKind::Api,
            Actor::System => ActorKind::System,
        }
    }

    /// The id, as stored; the system has none.
    #[must_use]
    pub fn uuid(&self) -> Option<uuid::Uuid> {
        match self {
            Actor::Agent { id, .. } => Some(id.0),
            Actor::Customer { id, .. } => Some(id.0),
            Actor::Rule { id, .. } => Some(id.0),
            Actor::App { id, .. } => Some(id.0),
            Actor::System => None,
        }
    }

    /// The name written beside the change.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Actor::Agent { name, .. } | Actor::Customer { name, .. } | Actor::Rule { name, .. } | Actor::App { name, .. } => name,
            Actor::System => "系统",
        }
    }

    /// The agent, when it is one.
    #[must_use]
    pub fn agent(&self) -> Option<AgentId> {
        match self {
            Actor::Agent { id, .. } => Some(*id),
            _ => None,
        }
    }
}

//! 交换机端口: the commands that a switch takes. What comes of them it tells by events, like everything else that happens
//! there.

use crate::model::event::Party;
use crate::model::phone::Act;
use kernel::error::{Problem, Result};
use kernel::id::{AgentId, GroupId};
use kernel::tx::Tx;
use uuid::Uuid;

/// Who shall be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A colleague.
    Agent(AgentId),
    /// Whoever of a group is free longest.
    Group(GroupId),
    /// A number outside.
    Number(String),
}

/// 指令: what a phone is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// 拨号: a new call.
    Dial {
        /// To whom.
        to: Target,
    },
    /// A button in a call that takes nothing else: answer, hang up, hold, resume, confirm, cancel, three-way.
    Press {
        /// In which call.
        call: Uuid,
        /// Which.
        act: Act,
    },
    /// 转接 or 咨询.
    Ask {
        /// In which call.
        call: Uuid,
        /// `Transfer` or `Consult`.
        act: Act,
        /// Whom.
        to: Target,
    },
    /// 监听, 强插 or 强拆 by a supervisor.
    Supervise {
        /// In which call.
        call: Uuid,
        /// Which.
        act: Act,
        /// Whose leg.
        agent: AgentId,
    },
}

/// 交换机端口. Inside the caller's transaction: what was ordered and what the switch answers at once are one commit.
pub trait SwitchPort {
    /// Does what an agent orders, as far as it is possible now.
    ///
    /// # Errors
    /// `Problem::PhoneNotNow` when the call is past it; `Problem::PhoneEngaged` when whoever is called is not free;
    /// `Problem::SwitchTakesNoOrders` of a switch that only tells.
    fn order(&self, tx: &mut Tx, by: &Party, order: &Order) -> impl Future<Output = Result> + Send;

    /// 客服状态: the agent's state changed, so that the switch sends calls elsewhere.
    ///
    /// # Errors
    /// When it cannot be told.
    fn agent_state(&self, tx: &mut Tx, agent: AgentId) -> impl Future<Output = Result> + Send;
}

/// A switch that tells what happens and takes no orders: phones are operated at the switch itself.
#[derive(Clone, Copy, Debug)]
pub struct TellingSwitch;

impl SwitchPort for TellingSwitch {
    async fn order(&self, _: &mut Tx, _: &Party, _: &Order) -> Result {
        Err(Problem::SwitchTakesNoOrders.into())
    }

    async fn agent_state(&self, _: &mut Tx, _: AgentId) -> Result {
        Ok(())
    }
}

//! 通话记录: what the events of a call come to. Durations are milliseconds, times milliseconds since 1970.

use crate::model::{AnswerWay, Bucket, BusinessLine, CallResult, CallType, Ender, QueueState, TransferFlag};
use crate::model::event::{Direction, Party};
use kernel::id::{AgentId, GroupId};

/// 一通电话: the whole call with its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// In or out.
    pub direction: Direction,
    /// Call center or telemarketing.
    pub line: BusinessLine,
    /// 外呼任务.
    pub task: Option<String>,
    /// The number that called.
    pub caller: String,
    /// The number that was called.
    pub callee: String,
    /// 外显号码.
    pub shown: String,
    /// When it began.
    pub started_at: i64,
    /// When it ended; nothing while it runs (the end may also never be told).
    pub ended_at: Option<i64>,
    /// The wait, if there was one.
    pub queue: Option<Queue>,
    /// 留言: address and length.
    pub voicemail: Option<(String, i64)>,
    /// 满意度: levels and key.
    pub rated: Option<(i16, i16)>,
    /// The main record first, then the child legs in order of their beginning.
    pub legs: Vec<Leg>,
    /// 时间账: everybody's stretches; those of one person never overlap and leave no gap.
    pub ledger: Vec<Stretch>,
}

/// 排队: from, to, for which group, how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// 技能组 it waited for last.
    pub group: GroupId,
    /// 进入时间.
    pub entered_at: i64,
    /// 离开时间.
    pub left_at: Option<i64>,
    /// 排队状态.
    pub state: QueueState,
}

/// 通话记录: one record of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The switch's name of the leg; empty for a main record that reached nobody.
    pub name: String,
    /// 呼叫类型.
    pub call_type: CallType,
    /// The leg whose agent asked for this one; nothing for the main record.
    pub from: Option<String>,
    /// The other end: agent or third party; nothing for a main record that reached nobody.
    pub party: Option<Party>,
    /// 开始时间.
    pub started_at: i64,
    /// 振铃时间.
    pub rang_at: Option<i64>,
    /// 接听时间.
    pub answered_at: Option<i64>,
    /// 客户接听时间, when the customer was called.
    pub customer_answered_at: Option<i64>,
    /// 结束时间.
    pub ended_at: Option<i64>,
    /// 振铃时长.
    pub ring_ms: i64,
    /// 通话时长: with the customer, holds and consultations not counted.
    pub talk_ms: i64,
    /// 保持时长.
    pub hold_ms: i64,
    /// 保持次数.
    pub hold_count: i16,
    /// 通话结果; nothing while it runs.
    pub result: Option<CallResult>,
    /// 挂断方; nothing while it runs.
    pub ender: Option<Ender>,
    /// 是否转接.
    pub transfer: TransferFlag,
    /// 转接次数, of those that succeeded.
    pub transfer_count: i16,
    /// 咨询次数, of those that succeeded; 是否咨询 is whether there was one.
    pub consult_count: i16,
    /// 三方通话.
    pub three_way: bool,
    /// 录音: address and length.
    pub recording: Option<(String, i64)>,
}

/// 时间账 row: a stretch of one person's time, half open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The leg it belongs to; empty for the customer's time without an agent.
    pub leg: String,
    /// Whose time.
    pub who: Who,
    /// 时间归属.
    pub bucket: Bucket,
    /// From.
    pub from: i64,
    /// To; nothing while it runs.
    pub to: Option<i64>,
}

/// Whose time a stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The customer's.
    Customer,
    /// An agent's.
    Agent(AgentId),
    /// A third party's.
    Third,
}

impl Who {
    /// Its code in the ledger: 0 customer, 1 agent, 2 third party.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Who::Customer => 0,
            Who::Agent(_) => 1,
            Who::Third => 2,
        }
    }

    /// Which agent, where it is one.
    #[must_use]
    pub const fn agent(self) -> Option<AgentId> {
        match self {
            Who::Agent(agent) => Some(agent),
            Who::Customer | Who::Third => None,
        }
    }
}

impl Leg {
    /// 客服, where the other end is one.
    #[must_use]
    pub const fn agent(&self) -> Option<AgentId> {
        match self.party {
            Some(Party::Agent { agent, .. }) => Some(agent),
            _ => None,
        }
    }

    /// 技能组 through which the agent was chosen.
    #[must_use]
    pub const fn group(&self) -> Option<GroupId> {
        match self.party {
            Some(Party::Agent { group, .. }) => group,
            _ => None,
        }
    }

    /// 接听方式 of an agent's leg.
    #[must_use]
    pub const fn way(&self) -> Option<AnswerWay> {
        match self.party {
            Some(Party::Agent { way, .. }) => Some(way),
            _ => None,
        }
    }
}

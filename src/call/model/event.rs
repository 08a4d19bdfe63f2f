//! 交换机事件: what a switch tells of a call. Every switch port translates into these words; the state of a call is worked
//! out from the set of its events alone, so that order of arrival, repeats and delays change nothing.

use crate::model::{AnswerWay, BusinessLine, QueueState};
use kernel::id::{AgentId, GroupId};
use serde::{Deserialize, Serialize};

/// 交换机事件: one thing that happened to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchEvent {
    /// The switch's own id of the event: the same id is the same event.
    pub id: String,
    /// The switch's id of the call, one for everything that belongs to it.
    pub call: String,
    /// When it happened at the switch, in milliseconds since 1970.
    pub at: i64,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

/// What happened. A leg is named by the switch's id of it, unique within the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// 来电 or 外呼: the call came to be.
    Started {
        /// In or out.
        direction: Direction,
        /// The number that calls, as the switch writes it.
        caller: String,
        /// The number that is called.
        callee: String,
        /// 外显号码: the number the other side sees.
        shown: String,
        /// Call center or telemarketing.
        line: BusinessLine,
        /// 外呼任务, in telemarketing.
        task: Option<String>,
    },
    /// The customer listens to a menu.
    IvrEntered,
    /// 进入排队.
    QueueEntered {
        /// For which group.
        group: GroupId,
    },
    /// 离开排队.
    QueueLeft {
        /// Why.
        how: QueueState,
    },
    /// A further side is being called; its phone does not ring yet.
    Dialled {
        /// The new leg.
        leg: String,
        /// Who is called.
        party: Party,
        /// What for.
        purpose: Purpose,
        /// The leg of the agent who asked for it; of a supervisor's leg the one that is listened to.
        from: Option<String>,
    },
    /// 振铃.
    Ringing {
        /// Whose phone.
        leg: String,
    },
    /// 接听.
    Answered {
        /// Who picked up.
        leg: String,
    },
    /// 保持: this agent put the customer on hold.
    Held {
        /// Whose leg.
        leg: String,
    },
    /// 取回.
    Resumed {
        /// Whose leg.
        leg: String,
    },
    /// 确认转接: who consulted gives the call to the consulted leg.
    Confirmed {
        /// The leg that has the customer now.
        leg: String,
    },
    /// 三方通话: the leg hears, and is heard by, both others.
    Joined {
        /// Which.
        leg: String,
    },
    /// A leg is over.
    Left {
        /// Which.
        leg: String,
        /// Who ended it.
        by: Side,
        /// Why.
        cause: Cause,
    },
    /// 留言.
    Voicemail {
        /// Where it is kept.
        url: String,
        /// How long, in milliseconds.
        ms: i64,
    },
    /// 录音 of a leg is there.
    Recorded {
        /// Which.
        leg: String,
        /// Where it is kept.
        url: String,
        /// How long, in milliseconds.
        ms: i64,
    },
    /// 满意度按键: the customer pressed a key after the call.
    Rated {
        /// 2, 3 or 5 levels, 10 the company's own (F§3.1).
        levels: i16,
        /// Which key.
        key: i16,
    },
    /// The call is over for everybody.
    Ended {
        /// Who ended it.
        by: Side,
        /// Why.
        cause: Cause,
    },
}

impl Happening {
    /// Whether it is told when it is ready, which may be long after the call.
    #[must_use]
    pub const fn comes_later(&self) -> bool {
        matches!(self, Happening::Recorded { .. } | Happening::Voicemail { .. } | Happening::Rated { .. })
    }

    /// Which of two things that happened in one millisecond comes first: what makes a leg before what it does, and ends
    /// last.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Happening::Started { .. } => 0,
            Happening::IvrEntered => 1,
            Happening::QueueEntered { .. } => 2,
            Happening::QueueLeft { .. } => 3,
            Happening::Dialled { .. } => 4,
            Happening::Ringing { .. } => 5,
            Happening::Answered { .. } => 6,
            Happening::Joined { .. } => 7,
            Happening::Held { .. } => 8,
            Happening::Resumed { .. } => 9,
            Happening::Confirmed { .. } => 10,
            Happening::Left { .. } => 11,
            Happening::Voicemail { .. } => 12,
            Happening::Recorded { .. } => 13,
            Happening::Rated { .. } => 14,
            Happening::Ended { .. } => 15,
        }
    }
}

kernel::catalog! {
    /// 呼叫方向.
    pub enum Direction {
        Inbound = 0, "inbound", "呼入", "Inbound";
        Outbound = 1, "outbound", "呼出", "Outbound";
    }
}

/// The side a leg goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Party {
    /// 客服.
    Agent {
        /// Who.
        agent: AgentId,
        /// As a member of which group, when it was chosen by one.
        group: Option<GroupId>,
        /// On what.
        way: AnswerWay,
    },
    /// 客户.
    Customer {
        /// The number.
        number: String,
    },
    /// 第三方.
    Third {
        /// The number.
        number: String,
    },
}

impl Party {
    /// The number that is called; an agent has none.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Party::Agent { .. } => None,
            Party::Customer { number } | Party::Third { number } => Some(number),
        }
    }
}

kernel::catalog! {
    /// What a leg is made for.
    pub enum Purpose {
        Reception = 0, "reception", "接待", "Reception";
        Consult = 1, "consult", "咨询", "Consultation";
        TransferConsult = 2, "transfer_consult", "转接咨询", "Transfer after consultation";
        TransferDirect = 3, "transfer_direct", "直接转接", "Direct transfer";
        Monitor = 4, "monitor", "监听", "Monitoring";
        Barge = 5, "barge", "强插", "Barge-in";
        Force = 6, "force", "强拆", "Forced disconnect";
    }
}

kernel::catalog! {
    /// Who ended something, as a switch knows it.
    pub enum Side {
        System = 0, "system", "系统", "System";
        Agent = 1, "agent", "客服", "Agent";
        Customer = 2, "customer", "客户", "Customer";
        Third = 5, "third", "第三方", "Third party";
    }
}

kernel::catalog! {
    /// Why something ended, as a switch knows it (from the causes of ITU-T Q.850).
    pub enum Cause {
        Normal = 16, "normal", "正常挂断", "Normal clearing";
        Vacant = 1, "vacant", "空号", "Unallocated number";
        Busy = 17, "busy", "忙线", "User busy";
        NoAnswer = 19, "no_answer", "无应答", "No answer";
        PoweredOff = 20, "powered_off", "关机", "Subscriber absent";
        Rejected = 21, "rejected", "拒接", "Call rejected";
        Suspended = 27, "suspended", "停机", "Destination out of order";
        NetworkFault = 38, "network_fault", "网络异常", "Network out of order";
        Unreachable = 41, "unreachable", "暂时无法接通", "Temporary failure";
        PhoneFault = 127, "phone_fault", "话机异常", "Phone fault";
        OffDuty = 200, "off_duty", "非工作时间", "Out of service hours";
        Crashed = 201, "crashed", "未收到结束", "No end was told";
    }
}

//! 通话故事: calls as scripts, each with the records it comes to by F§3.3. The tests of the state machine, the simulated
//! switch and the demo play them.

// A story reads like the lines of a script, not like one verb a line.
#[rustfmt::skip]
mod inbound;
#[rustfmt::skip]
mod outbound;
mod script;
#[rustfmt::skip]
mod supervisor;
#[rustfmt::skip]
mod third;
#[rustfmt::skip]
mod transfer;

use crate::model::event::{Happening, Party, SwitchEvent};
use crate::model::{CallResult, CallType, Ender, TransferFlag};
use kernel::id::{AgentId, GroupId};
use kernel::lang::Lang;
use uuid::Uuid;

/// 剧本: what happens in a call, and what it comes to.
#[derive(Clone, Debug)]
pub struct Story {
    name: (&'static str, &'static str),
    /// What the switch tells, in order, from 0 milliseconds.
    events: Vec<SwitchEvent>,
    /// The records, the main one first.
    pub records: Vec<Expected>,
}

/// 应有的记录: what a record of a story must say; durations are seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The leg; empty for a main record that reached nobody.
    pub leg: &'static str,
    /// 呼叫类型.
    pub call_type: CallType,
    /// 通话结果; nothing while it runs.
    pub result: Option<CallResult>,
    /// 挂断方; nothing while it runs.
    pub ender: Option<Ender>,
    /// 振铃时长.
    pub ring: i64,
    /// 通话时长.
    pub talk: i64,
    /// 保持时长 and 保持次数.
    pub hold: (i64, i16),
    /// 是否转接 and 转接次数.
    pub transfer: (TransferFlag, i16),
    /// 咨询次数.
    pub consults: i16,
    /// 三方通话.
    pub is_three_way: bool,
}

/// 角色: who plays a story. A story has four agents at most, the fourth a supervisor, and two third parties.
#[derive(Clone, Debug)]
pub struct Cast {
    /// A, B, C and the supervisor M.
    pub agents: [AgentId; 4],
    /// The group that receives and the group to which calls are transferred.
    pub groups: [GroupId; 2],
    /// The customer's number.
    pub customer: String,
    /// The number that is called, or calls out.
    pub line: String,
    /// The numbers of the third parties T and U.
    pub thirds: [String; 2],
}

impl Default for Cast {
    fn default() -> Cast {
        Cast {
            agents: [0xa, 0xb, 0xc, 0xd].map(|number| AgentId(Uuid::from_u128(number))),
            groups: [0xf1, 0xf2].map(|number| GroupId(Uuid::from_u128(number))),
            customer: "13800138000".to_owned(),
            line: "4006001234".to_owned(),
            thirds: ["02161234567".to_owned(), "01061234567".to_owned()],
        }
    }
}

/// Every story.
#[must_use]
pub fn all() -> Vec<Story> {
    [inbound::stories(), outbound::stories(), transfer::stories(), third::stories(), supervisor::stories()].concat()
}

impl Story {
    /// What it is called.
    #[must_use]
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.name.0,
            Lang::En => self.name.1,
        }
    }

    /// Its events as a call of this name that begins at this time, in milliseconds since 1970, played by these people.
    #[must_use]
    pub fn played(&self, call: &str, at: i64, cast: &Cast) -> Vec<SwitchEvent> {
        let plain = Cast::default();
        let other = |event: &SwitchEvent| SwitchEvent {
            id: event.id.clone(),
            call: call.to_owned(),
            at: at + event.at,
            what: recast(event.what.clone(), &plain, cast),
        };
        self.events.iter().map(other).collect()
    }
}

fn recast(what: Happening, plain: &Cast, cast: &Cast) -> Happening {
    let group = |known: GroupId| cast.groups[usize::from(known == plain.groups[1])];
    let agent = |known: AgentId| cast.agents[plain.agents.iter().position(|one| *one == known).unwrap_or(0)];
    let number = |known: String| match known {
        known if known == plain.customer => cast.customer.clone(),
        known if known == plain.line => cast.line.clone(),
        known if known == plain.thirds[0] => cast.thirds[0].clone(),
        known if known == plain.thirds[1] => cast.thirds[1].clone(),
        other => other,
    };
    match what {
        Happening::Started { direction, caller, callee, shown, line, task } => {
            Happening::Started { direction, caller: number(caller), callee: number(callee), shown: number(shown), line, task }
        }
        Happening::QueueEntered { group: known } => Happening::QueueEntered { group: group(known) },
        Happening::Dialled { leg, party, purpose, from } => {
            let party = match party {
                Party::Agent { agent: known, group: own, way } => Party::Agent { agent: agent(known), group: own.map(group), way },
                Party::Customer { number: known } => Party::Customer { number: number(known) },
                Party::Third { number: known } => Party::Third { number: number(known) },
            };
            Happening::Dialled { leg, party, purpose, from }
        }
        other => other,
    }
}

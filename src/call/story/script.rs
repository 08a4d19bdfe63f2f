//! How a story is written: verbs in the order in which things happen, `wait` between them.

use super::{Cast, Expected, Story};
use crate::model::event::{Cause, Direction, Happening, Party, Purpose, Side, SwitchEvent};
use crate::model::{AnswerWay, BusinessLine, CallResult, CallType, Ender, QueueState, TransferFlag};

/// A story that is being written. Legs are named by letters: `a`, `b`, `c` agents, `m` a supervisor, `t`, `u` third parties,
/// `k` the customer who is called.
pub(super) struct Script {
    story: Story,
    now: i64,
    cast: Cast,
}

pub(super) fn story(zh: &'static str, en: &'static str) -> Script {
    let story = Story { name: (zh, en), events: Vec::new(), records: Vec::new() };
    Script { story, now: 0, cast: Cast::default() }
}

impl Script {
    /// Lets seconds pass.
    pub(super) fn wait(mut self, seconds: i64) -> Script {
        self.now += seconds * 1000;
        self
    }

    /// Lets milliseconds pass.
    pub(super) fn wait_ms(mut self, milliseconds: i64) -> Script {
        self.now += milliseconds;
        self
    }

    /// 来电.
    pub(super) fn calls_in(self) -> Script {
        let (caller, callee) = (self.cast.customer.clone(), self.cast.line.clone());
        self.starts(Direction::Inbound, caller, callee, BusinessLine::CallCenter)
    }

    /// 外呼 by an agent, whose own phone is on the line already.
    pub(super) fn calls_out(self, leg: &'static str) -> Script {
        self.starts_out(BusinessLine::CallCenter).dials(leg, Purpose::Reception, None).answers(leg)
    }

    /// 电销外呼.
    pub(super) fn sells(self, leg: &'static str) -> Script {
        self.starts_out(BusinessLine::Telemarketing).dials(leg, Purpose::Reception, None).answers(leg)
    }

    /// 外呼 of which nothing but the beginning has happened.
    pub(super) fn starts_out(self, line: BusinessLine) -> Script {
        let (caller, callee) = (self.cast.line.clone(), self.cast.customer.clone());
        self.starts(Direction::Outbound, caller, callee, line)
    }

    fn starts(self, direction: Direction, caller: String, callee: String, line: BusinessLine) -> Script {
        let task = (line == BusinessLine::Telemarketing).then(|| "task-1".to_owned());
        let shown = self.cast.line.clone();
        self.tell(Happening::Started { direction, caller, callee, shown, line, task })
    }

    pub(super) fn ivr(self) -> Script {
        self.tell(Happening::IvrEntered)
    }

    /// 进入排队, for the group that receives.
    pub(super) fn queues(self) -> Script {
        let group = self.cast.groups[0];
        self.tell(Happening::QueueEntered { group })
    }

    /// 进入排队, for the other group.
    pub(super) fn queues_elsewhere(self) -> Script {
        let group = self.cast.groups[1];
        self.tell(Happening::QueueEntered { group })
    }

    pub(super) fn leaves_queue(self, how: QueueState) -> Script {
        self.tell(Happening::QueueLeft { how })
    }

    /// An agent who is to receive the customer is called, and the phone rings.
    pub(super) fn rings(self, leg: &'static str) -> Script {
        self.dials(leg, Purpose::Reception, None).ring(leg)
    }

    /// 咨询: `from` calls `leg`.
    pub(super) fn consults(self, from: &'static str, leg: &'static str) -> Script {
        self.dials(leg, Purpose::Consult, Some(from))
    }

    /// 转接 with a word before it.
    pub(super) fn transfers(self, from: &'static str, leg: &'static str) -> Script {
        self.dials(leg, Purpose::TransferConsult, Some(from))
    }

    /// 直接转接.
    pub(super) fn transfers_straight(self, from: &'static str, leg: &'static str) -> Script {
        self.dials(leg, Purpose::TransferDirect, Some(from))
    }

    /// 监听, 强插 or 强拆 of a leg.
    pub(super) fn supervises(self, leg: &'static str, purpose: Purpose, of: &'static str) -> Script {
        self.dials(leg, purpose, Some(of))
    }

    pub(super) fn dials(self, leg: &'static str, purpose: Purpose, from: Option<&'static str>) -> Script {
        let party = self.party(leg);
        self.tell(Happening::Dialled { leg: leg.to_owned(), party, purpose, from: from.map(ToOwned::to_owned) })
    }

    fn party(&self, leg: &str) -> Party {
        let agent = |place: usize| Party::Agent { agent: self.cast.agents[place], group: Some(self.cast.groups[0]), way: AnswerWay::Web };
        match leg.chars().next() {
            Some('b') => agent(1),
            Some('c') => agent(2),
            Some('m') => agent(3),
            Some('t') => Party::Third { number: self.cast.thirds[0].clone() },
            Some('u') => Party::Third { number: self.cast.thirds[1].clone() },
            Some('k') => Party::Customer { number: self.cast.customer.clone() },
            _ => agent(0),
        }
    }

    pub(super) fn ring(self, leg: &'static str) -> Script {
        self.tell(Happening::Ringing { leg: leg.to_owned() })
    }

    pub(super) fn answers(self, leg: &'static str) -> Script {
        self.tell(Happening::Answered { leg: leg.to_owned() })
    }

    pub(super) fn holds(self, leg: &'static str) -> Script {
        self.tell(Happening::Held { leg: leg.to_owned() })
    }

    pub(super) fn resumes(self, leg: &'static str) -> Script {
        self.tell(Happening::Resumed { leg: leg.to_owned() })
    }

    pub(super) fn confirms(self, leg: &'static str) -> Script {
        self.tell(Happening::Confirmed { leg: leg.to_owned() })
    }

    pub(super) fn joins(self, leg: &'static str) -> Script {
        self.tell(Happening::Joined { leg: leg.to_owned() })
    }

    pub(super) fn leaves(self, leg: &'static str, by: Side) -> Script {
        self.fails(leg, by, Cause::Normal)
    }

    pub(super) fn fails(self, leg: &'static str, by: Side, cause: Cause) -> Script {
        self.tell(Happening::Left { leg: leg.to_owned(), by, cause })
    }

    pub(super) fn leaves_message(self, seconds: i64) -> Script {
        self.tell(Happening::Voicemail { url: "https://records.example/message.wav".to_owned(), ms: seconds * 1000 })
    }

    pub(super) fn recorded(self, leg: &'static str, seconds: i64) -> Script {
        self.tell(Happening::Recorded { leg: leg.to_owned(), url: "https://pbx.internal/call.wav".to_owned(), ms: seconds * 1000 })
    }

    pub(super) fn rates(self, levels: i16, key: i16) -> Script {
        self.tell(Happening::Rated { levels, key })
    }

    pub(super) fn ends(self, by: Side) -> Script {
        self.ends_with(by, Cause::Normal)
    }

    pub(super) fn ends_with(self, by: Side, cause: Cause) -> Script {
        self.tell(Happening::Ended { by, cause })
    }

    fn tell(mut self, what: Happening) -> Script {
        let id = format!("{:02}", self.story.events.len() + 1);
        self.story.events.push(SwitchEvent { id, call: "story".to_owned(), at: self.now, what });
        self
    }

    /// What it comes to.
    pub(super) fn comes_to<const N: usize>(mut self, records: [Expected; N]) -> Story {
        self.story.records = records.into();
        self.story
    }
}

/// A record of this type.
pub(super) fn record(leg: &'static str, call_type: CallType, result: CallResult, ender: Ender) -> Expected {
    Expected { result: Some(result), ender: Some(ender), ..running(leg, call_type) }
}

/// A record of this type that has no end yet.
pub(super) fn running(leg: &'static str, call_type: CallType) -> Expected {
    Expected {
        leg,
        call_type,
        result: None,
        ender: None,
        ring: 0,
        talk: 0,
        hold: (0, 0),
        transfer: (TransferFlag::None, 0),
        consults: 0,
        is_three_way: false,
    }
}

impl Expected {
    pub(super) fn rang(self, ring: i64) -> Expected {
        Expected { ring, ..self }
    }

    pub(super) fn talked(self, talk: i64) -> Expected {
        Expected { talk, ..self }
    }

    pub(super) fn held(self, seconds: i64, times: i16) -> Expected {
        Expected { hold: (seconds, times), ..self }
    }

    /// Gave the customer away so many times.
    pub(super) fn transferred(self, times: i16) -> Expected {
        Expected { transfer: (TransferFlag::Transferred, times), ..self }
    }

    /// Talked with the other side of a transfer that was not confirmed.
    pub(super) fn asked(self) -> Expected {
        Expected { transfer: (TransferFlag::Consult, 0), ..self }
    }

    pub(super) fn consulted(self, consults: i16) -> Expected {
        Expected { consults, ..self }
    }

    pub(super) fn three_way(self) -> Expected {
        Expected { is_three_way: true, ..self }
    }
}

//! Calls in which a supervisor takes part.

use super::Story;
use super::script::{Script, record, story};
use crate::model::CallResult::AgentAnswered;
use crate::model::CallType::{Barge, Forced, Inbound, Monitor, TransferAgent};
use crate::model::Ender;
use crate::model::event::{Purpose, Side};

/// A has talked with the customer for ten seconds.
fn talking(zh: &'static str, en: &'static str) -> Script {
    story(zh, en).calls_in().rings("a").wait(2).answers("a").wait(10)
}

pub(super) fn stories() -> Vec<Story> {
    vec![
        talking("监听", "Monitored")
            .supervises("m", Purpose::Monitor, "a").ring("m").wait(2).answers("m").wait(20).leaves("m", Side::Agent).wait(8)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(40),
                record("m", Monitor, AgentAnswered, Ender::Agent).rang(2),
            ]),
        talking("强插", "Barged in")
            .supervises("m", Purpose::Barge, "a").ring("m").wait(2).answers("m").wait(20).leaves("m", Side::Agent).wait(8)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(40).three_way(),
                record("m", Barge, AgentAnswered, Ender::Agent).rang(2).three_way(),
            ]),
        talking("监听后强插", "Monitored, then barged in")
            .supervises("m", Purpose::Monitor, "a").ring("m").wait(2).answers("m").wait(10).supervises("m2", Purpose::Barge, "a")
            .answers("m2").wait(20).leaves("m2", Side::Agent).leaves("m", Side::Agent).wait(8).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(50).three_way(),
                record("m", Monitor, AgentAnswered, Ender::Agent).rang(2),
                record("m2", Barge, AgentAnswered, Ender::Agent).three_way(),
            ]),
        talking("强插后客服离开，班长接着谈", "The agent leaves a barge-in; the supervisor goes on")
            .supervises("m", Purpose::Barge, "a").ring("m").wait(2).answers("m").wait(20).leaves("a", Side::Agent).wait(30)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Agent).rang(2).talked(32).three_way(),
                record("m", Barge, AgentAnswered, Ender::Customer).rang(2).talked(30).three_way(),
            ]),
        talking("强拆", "Forced disconnect")
            .supervises("m", Purpose::Monitor, "a").ring("m").wait(2).answers("m").wait(10).supervises("m2", Purpose::Force, "a").wait(1)
            .leaves("a", Side::System).leaves("m", Side::System).ends(Side::System)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Forced).rang(2).talked(23),
                record("m", Monitor, AgentAnswered, Ender::System).rang(2),
                record("m2", Forced, AgentAnswered, Ender::System),
            ]),
        talking("强拆后班长接着谈", "Forced disconnect; the supervisor goes on")
            .supervises("m", Purpose::Force, "a").answers("m").leaves("a", Side::System).wait(40).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Forced).rang(2).talked(10),
                record("m", Forced, AgentAnswered, Ender::Customer).talked(40),
            ]),
        talking("监听转接后的客服", "Monitoring the agent who got the call")
            .transfers("a", "b").ring("b").wait(2).answers("b").wait(3).confirms("b").wait(10).supervises("m", Purpose::Monitor, "b")
            .ring("m").wait(1).answers("m").wait(9).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Customer).rang(2).talked(20),
                record("m", Monitor, AgentAnswered, Ender::Customer).rang(1),
            ]),
    ]
}

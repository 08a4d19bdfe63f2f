//! Calls that come in and go no further than their first agent.

use super::Story;
use super::script::{record, running, story};
use crate::model::CallResult::{
    AgentAnswered, InboundNetworkFault, InboundPhoneFault, IvrAbandoned, OffDuty, QueueAbandoned, QueueTimeout, QuickHangup, RangOut,
};
use crate::model::CallType::Inbound;
use crate::model::QueueState::{Connected, Left, Timeout};
use crate::model::event::{Cause, Side};
use crate::model::Ender;

pub(super) fn stories() -> Vec<Story> {
    [received(), abandoned(), refused(), broken()].concat()
}

fn received() -> Vec<Story> {
    vec![
        story("呼入接听", "Inbound, answered")
            .calls_in().ivr().wait(10).queues().wait(5).leaves_queue(Connected).rings("a").wait(4).answers("a").wait(60)
            .ends(Side::Customer).recorded("a", 60).rates(5, 1)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(4).talked(60)]),
        story("呼入，客服挂断", "Inbound, the agent hangs up")
            .calls_in().rings("a").wait(3).answers("a").wait(20).leaves("a", Side::Agent).ends(Side::Agent)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Agent).rang(3).talked(20)]),
        story("排队中振铃直到接听", "Rung while still in the queue")
            .calls_in().queues().wait(6).rings("a").wait(4).answers("a").wait(30).ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(4).talked(30)]),
        story("保持两次", "Two holds")
            .calls_in().rings("a").wait(2).answers("a").wait(10).holds("a").wait(15).resumes("a").wait(20).holds("a").wait(5)
            .resumes("a").wait(10).ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(40).held(20, 2)]),
        story("保持中客户挂断", "The customer hangs up on hold")
            .calls_in().rings("a").wait(2).answers("a").wait(10).holds("a").wait(45).ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(10).held(45, 1)]),
        story("多人同振，一人接听", "Ring-all, one answers")
            .calls_in().queues().wait(3).leaves_queue(Connected).rings("a").rings("b").rings("c").wait(5).answers("b")
            .leaves("a", Side::System).leaves("c", Side::System).wait(40).ends(Side::Customer)
            .comes_to([record("b", Inbound, AgentAnswered, Ender::Customer).rang(5).talked(40)]),
        story("多人同振，两人同时接", "Ring-all, two pick up")
            .calls_in().rings("a").rings("b").wait(5).answers("a").wait(1).answers("b").leaves("b", Side::System).wait(9)
            .ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(5).talked(10)]),
        story("第一位未接，第二位接听", "The first does not answer, the second does")
            .calls_in().queues().rings("a").wait(20).fails("a", Side::System, Cause::NoAnswer).wait(2).rings("b").wait(3).answers("b")
            .wait(30).ends(Side::Agent)
            .comes_to([record("b", Inbound, AgentAnswered, Ender::Agent).rang(3).talked(30)]),
    ]
}

fn abandoned() -> Vec<Story> {
    vec![
        story("IVR放弃", "Left in IVR")
            .calls_in().ivr().wait(25).ends(Side::Customer)
            .comes_to([record("", Inbound, IvrAbandoned, Ender::Customer)]),
        story("客户速挂", "Hung up at once")
            .calls_in().ivr().wait(2).ends(Side::Customer)
            .comes_to([record("", Inbound, QuickHangup, Ender::Customer)]),
        story("排队放弃", "Left in the queue")
            .calls_in().ivr().wait(5).queues().wait(40).leaves_queue(Left).ends(Side::Customer)
            .comes_to([record("", Inbound, QueueAbandoned, Ender::Customer)]),
        story("刚排队就挂断", "Left the queue within seconds")
            .calls_in().queues().wait(2).ends(Side::Customer)
            .comes_to([record("", Inbound, QueueAbandoned, Ender::Customer)]),
        story("振铃中客户挂断", "Hung up while it rang")
            .calls_in().queues().wait(5).leaves_queue(Connected).rings("a").wait(8).ends(Side::Customer)
            .comes_to([record("a", Inbound, RangOut, Ender::Customer).rang(8)]),
        story("振铃未接，回到队列后放弃", "Rang out, queued again, left")
            .calls_in().queues().wait(5).leaves_queue(Connected).rings("a").wait(20).fails("a", Side::System, Cause::NoAnswer).queues()
            .wait(30).ends(Side::Customer)
            .comes_to([record("a", Inbound, QueueAbandoned, Ender::Customer).rang(20)]),
        story("排队超时后留言", "Queue timeout, then voicemail")
            .calls_in().queues().wait(60).leaves_queue(Timeout).wait(5).wait(20).leaves_message(20).wait(1).ends(Side::Customer)
            .comes_to([record("", Inbound, QueueTimeout, Ender::Customer)]),
    ]
}

fn refused() -> Vec<Story> {
    vec![
        story("非工作时间", "Out of service hours")
            .calls_in().ivr().wait(12).ends_with(Side::System, Cause::OffDuty)
            .comes_to([record("", Inbound, OffDuty, Ender::System)]),
        story("排队超时", "Queue timeout")
            .calls_in().queues().wait(120).leaves_queue(Timeout).ends(Side::System)
            .comes_to([record("", Inbound, QueueTimeout, Ender::System)]),
        story("振铃无人接听", "Rang, nobody answered")
            .calls_in().rings("a").wait(30).fails("a", Side::System, Cause::NoAnswer).ends(Side::System)
            .comes_to([record("a", Inbound, RangOut, Ender::System).rang(30)]),
        story("还在排队，振铃无人接听", "Rang out while still in the queue")
            .calls_in().queues().wait(5).rings("a").wait(30).fails("a", Side::System, Cause::NoAnswer).wait_ms(2).ends(Side::System)
            .comes_to([record("a", Inbound, RangOut, Ender::System).rang(30)]),
        story("话机异常", "Phone fault")
            .calls_in().rings("a").wait(1).fails("a", Side::System, Cause::PhoneFault).ends_with(Side::System, Cause::PhoneFault)
            .comes_to([record("a", Inbound, InboundPhoneFault, Ender::System).rang(1)]),
        story("网络异常", "Network fault")
            .calls_in().ivr().wait(3).ends_with(Side::System, Cause::NetworkFault)
            .comes_to([record("", Inbound, InboundNetworkFault, Ender::System)]),
    ]
}

fn broken() -> Vec<Story> {
    vec![
        story("通话中途没有结束", "No end is told")
            .calls_in().rings("a").wait(2).answers("a").wait(15).holds("a")
            .comes_to([running("a", Inbound).rang(2).talked(15).held(0, 1)]),
        story("没有结束，系统补记", "No end is told; it is taken to be the last word")
            .calls_in().rings("a").wait(2).answers("a").wait(15).holds("a").wait(10).resumes("a")
            .ends_with(Side::System, Cause::Crashed)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::System).rang(2).talked(15).held(10, 1)]),
        story("补记之后真的结束到了", "The real end comes after all")
            .calls_in().rings("a").wait(2).answers("a").ends_with(Side::System, Cause::Crashed).wait(100).ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(100)]),
    ]
}

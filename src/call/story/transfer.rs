//! Calls that go on to another agent.

use super::Story;
use super::script::{Script, record, story};
use crate::model::CallResult::{AgentAnswered, CustomerAnswered, RangOut};
use crate::model::CallType::{ConsultAgent, Inbound, Outbound, TransferAgent, TransferConsult};
use crate::model::Ender;
use crate::model::QueueState::Connected;
use crate::model::event::{Cause, Purpose, Side};

pub(super) fn stories() -> Vec<Story> {
    [consulted(), confirmed(), straight(), chained()].concat()
}

/// A has talked with the customer for ten seconds.
fn talking(zh: &'static str, en: &'static str) -> Script {
    story(zh, en).calls_in().rings("a").wait(2).answers("a").wait(10)
}

fn consulted() -> Vec<Story> {
    vec![
        talking("咨询客服", "An agent is consulted")
            .consults("a", "b").wait(1).ring("b").wait(3).answers("b").wait(20).leaves("b", Side::Agent).wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(40).consulted(1),
                record("b", ConsultAgent, AgentAnswered, Ender::Agent).rang(3),
            ]),
        talking("咨询的客服没接", "The consulted agent does not answer")
            .consults("a", "b").wait(1).ring("b").wait(15).fails("b", Side::System, Cause::NoAnswer).wait(5).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(15),
                record("b", ConsultAgent, RangOut, Ender::System).rang(15),
            ]),
        talking("咨询的客服没有振铃", "The consulted agent's phone does not ring")
            .consults("a", "b").wait(1).fails("b", Side::System, Cause::PhoneFault).wait(5).ends(Side::Customer)
            .comes_to([record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(15)]),
        talking("咨询两次", "Two consultations")
            .consults("a", "b").ring("b").wait(2).answers("b").wait(8).leaves("b", Side::Agent).wait(10)
            .consults("a", "c").ring("c").wait(3).answers("c").wait(7).leaves("c", Side::Agent).wait(10).ends(Side::Agent)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Agent).rang(2).talked(30).consulted(2),
                record("b", ConsultAgent, AgentAnswered, Ender::Agent).rang(2),
                record("c", ConsultAgent, AgentAnswered, Ender::Agent).rang(3),
            ]),
        talking("咨询中客户挂断", "The customer hangs up during a consultation")
            .consults("a", "b").ring("b").wait(2).answers("b").wait(8).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(10).consulted(1),
                record("b", ConsultAgent, AgentAnswered, Ender::Customer).rang(2),
            ]),
    ]
}

fn confirmed() -> Vec<Story> {
    vec![
        talking("转接已确认", "A transfer, confirmed")
            .transfers("a", "b").wait(1).ring("b").wait(3).answers("b").wait(15).confirms("b").leaves("a", Side::Agent).wait(50)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(50),
            ]),
        talking("转接未确认", "A transfer, not confirmed")
            .transfers("a", "b").ring("b").wait(3).answers("b").wait(15).leaves("b", Side::Agent).wait(20).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(30).asked(),
                record("b", TransferConsult, AgentAnswered, Ender::Agent).rang(3),
            ]),
        talking("转接的客服没接", "The other agent does not answer")
            .transfers("a", "b").ring("b").wait(15).fails("b", Side::System, Cause::NoAnswer).wait(20).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(30),
                record("b", TransferConsult, RangOut, Ender::System).rang(15),
            ]),
        talking("振铃中就确认转接", "Confirmed while it still rings")
            .transfers("a", "b").ring("b").wait(3).confirms("b").wait(4).answers("b").wait(30).ends(Side::Agent)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Agent).rang(7).talked(30),
            ]),
        talking("三方通话后A离开", "A leaves a three-way call")
            .transfers("a", "b").ring("b").wait(3).answers("b").wait(5).joins("b").wait(20).leaves("a", Side::Agent).wait(30)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(30).transferred(1).three_way(),
                record("b", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(30).three_way(),
            ]),
        talking("三方通话后B离开", "B leaves a three-way call")
            .consults("a", "b").ring("b").wait(3).answers("b").wait(5).joins("b").wait(20).leaves("b", Side::Agent).wait(30)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(60).consulted(1).three_way(),
                record("b", ConsultAgent, AgentAnswered, Ender::Agent).rang(3).three_way(),
            ]),
        story("外呼后转接", "An outbound call, transferred")
            .calls_out("a").dials("k", Purpose::Reception, None).ring("k").wait(5).answers("k").wait(10).transfers("a", "b").ring("b")
            .wait(2).answers("b").wait(8).confirms("b").wait(40).leaves("k", Side::Customer).ends(Side::Customer)
            .comes_to([
                record("a", Outbound, CustomerAnswered, Ender::Transfer).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Customer).rang(2).talked(40),
            ]),
    ]
}

fn straight() -> Vec<Story> {
    vec![
        talking("直接转接技能组", "Straight to a group")
            .queues_elsewhere().leaves("a", Side::Agent).wait(12).leaves_queue(Connected).transfers_straight("a", "b").ring("b").wait(4)
            .answers("b").wait(25).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Customer).rang(4).talked(25),
            ]),
        talking("直接转接技能组，无人接", "Straight to a group where nobody answers")
            .queues_elsewhere().leaves("a", Side::Agent).wait(12).leaves_queue(Connected).transfers_straight("a", "b").ring("b").wait(20)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Agent).rang(2).talked(10),
                record("b", TransferAgent, RangOut, Ender::Customer).rang(20),
            ]),
        talking("直接转接客服", "Straight to an agent")
            .transfers_straight("a", "b").ring("b").leaves("a", Side::Agent).wait(4).answers("b").wait(25).leaves("b", Side::Agent)
            .ends(Side::Agent)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Agent).rang(4).talked(25),
            ]),
    ]
}

fn chained() -> Vec<Story> {
    vec![
        talking("连续转接", "Transferred twice")
            .transfers("a", "b").ring("b").wait(2).answers("b").wait(8).confirms("b").wait(20)
            .transfers("b", "c").ring("c").wait(3).answers("c").wait(7).confirms("c").wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Transfer).rang(2).talked(20).transferred(1),
                record("c", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(30),
            ]),
        talking("转出又转回", "Transferred away and back")
            .transfers("a", "b").ring("b").wait(2).answers("b").wait(8).confirms("b").wait(20)
            .transfers("b", "a2").ring("a2").wait(3).answers("a2").wait(7).confirms("a2").wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("b", TransferAgent, AgentAnswered, Ender::Transfer).rang(2).talked(20).transferred(1),
                record("a2", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(30),
            ]),
        talking("先咨询，再转接另一位", "One is consulted, another gets the call")
            .consults("a", "b").ring("b").wait(2).answers("b").wait(8).leaves("b", Side::Agent).wait(5)
            .transfers("a", "c").ring("c").wait(3).answers("c").wait(7).confirms("c").wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(15).transferred(1).consulted(1),
                record("b", ConsultAgent, AgentAnswered, Ender::Agent).rang(2),
                record("c", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(30),
            ]),
        talking("转接未确认，再转接另一位", "One transfer not confirmed, another confirmed")
            .transfers("a", "b").ring("b").wait(2).answers("b").wait(8).leaves("b", Side::Agent).wait(5)
            .transfers("a", "c").ring("c").wait(3).answers("c").wait(7).confirms("c").wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(15).transferred(1),
                record("b", TransferConsult, AgentAnswered, Ender::Agent).rang(2),
                record("c", TransferAgent, AgentAnswered, Ender::Customer).rang(3).talked(30),
            ]),
    ]
}

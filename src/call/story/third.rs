//! Calls with somebody who is neither customer nor agent.

use super::Story;
use super::script::{Script, record, story};
use crate::model::CallResult::{AgentAnswered, ThirdAnswered, ThirdRangOut, ThirdUnreachable};
use crate::model::CallType::{ConsultThird, Inbound, TransferThird};
use crate::model::Ender;
use crate::model::event::{Cause, Side};

/// A has talked with the customer for ten seconds.
fn talking(zh: &'static str, en: &'static str) -> Script {
    story(zh, en).calls_in().rings("a").wait(2).answers("a").wait(10)
}

pub(super) fn stories() -> Vec<Story> {
    [consulted(), transferred()].concat()
}

fn consulted() -> Vec<Story> {
    vec![
        talking("咨询第三方", "A third party is consulted")
            .consults("a", "t").wait(1).ring("t").wait(3).answers("t").wait(20).leaves("t", Side::Third).wait(30).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(40).consulted(1),
                record("t", ConsultThird, ThirdAnswered, Ender::Third).rang(3),
            ]),
        talking("咨询第三方，振铃未接", "The consulted third party does not answer")
            .consults("a", "t").wait(1).ring("t").wait(30).fails("t", Side::System, Cause::NoAnswer).wait(5).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(15),
                record("t", ConsultThird, ThirdRangOut, Ender::System).rang(30),
            ]),
        talking("咨询第三方，无法接通", "The consulted third party is unreachable")
            .consults("a", "t").wait(3).fails("t", Side::System, Cause::Unreachable).wait(5).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(15),
                record("t", ConsultThird, ThirdUnreachable, Ender::System),
            ]),
        talking("第三方三方通话", "A three-way call with a third party")
            .consults("a", "t").ring("t").wait(3).answers("t").wait(5).joins("t").wait(30).leaves("t", Side::Third).wait(10)
            .ends(Side::Agent)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Agent).rang(2).talked(50).consulted(1).three_way(),
                record("t", ConsultThird, ThirdAnswered, Ender::Third).rang(3).three_way(),
            ]),
    ]
}

fn transferred() -> Vec<Story> {
    vec![
        talking("转接第三方，第三方挂断", "To a third party, which hangs up")
            .transfers_straight("a", "t").leaves("a", Side::Agent).wait(1).ring("t").wait(4).answers("t").wait(60).leaves("t", Side::Third)
            .ends(Side::Third)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("t", TransferThird, ThirdAnswered, Ender::Third).rang(4).talked(60),
            ]),
        talking("转接第三方，客户挂断", "To a third party; the customer hangs up")
            .transfers("a", "t").ring("t").wait(4).answers("t").wait(6).confirms("t").leaves("a", Side::Agent).wait(60)
            .ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(10).transferred(1),
                record("t", TransferThird, ThirdAnswered, Ender::Customer).rang(4).talked(60),
            ]),
        talking("转接第三方，未确认", "To a third party, not confirmed")
            .transfers("a", "t").ring("t").wait(4).answers("t").wait(6).leaves("t", Side::Agent).wait(20).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(30).asked(),
                record("t", ConsultThird, ThirdAnswered, Ender::Agent).rang(4),
            ]),
        talking("转接第三方，拒接", "To a third party, which rejects")
            .transfers_straight("a", "t").ring("t").wait(6).fails("t", Side::Third, Cause::Rejected).wait(20).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Customer).rang(2).talked(36),
                record("t", TransferThird, ThirdRangOut, Ender::Third).rang(6),
            ]),
        talking("转接第三方，空号", "To a number that does not exist")
            .transfers_straight("a", "t").wait(2).fails("t", Side::System, Cause::Vacant).wait(8).ends(Side::Agent)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Agent).rang(2).talked(20),
                record("t", TransferThird, ThirdUnreachable, Ender::System),
            ]),
        talking("第一个第三方不通，第二个接通", "The first third party is unreachable, the second answers")
            .transfers("a", "t").wait(2).fails("t", Side::System, Cause::Busy).wait(8).transfers("a", "u").ring("u").wait(3).answers("u")
            .wait(5).confirms("u").wait(40).ends(Side::Customer)
            .comes_to([
                record("a", Inbound, AgentAnswered, Ender::Transfer).rang(2).talked(18).transferred(1),
                record("t", ConsultThird, ThirdUnreachable, Ender::System),
                record("u", TransferThird, ThirdAnswered, Ender::Customer).rang(3).talked(40),
            ]),
    ]
}

//! Calls that agents make.

use super::Story;
use super::script::{record, story};
use crate::model::CallResult::{
    CustomerAnswered, CustomerNoAnswer, Engaged, OutboundNetworkFault, OutboundPhoneFault, PoweredOff, Rejected, Suspended, Unreachable,
    Vacant,
};
use crate::model::CallType::Outbound;
use crate::model::event::{Cause, Purpose, Side};
use crate::model::{BusinessLine, CallResult, Ender};

pub(super) fn stories() -> Vec<Story> {
    let failures = [
        ("客户未接听", "The customer does not answer", Cause::NoAnswer, CustomerNoAnswer),
        ("客户关机", "Phone off", Cause::PoweredOff, PoweredOff),
        ("客户停机", "Number suspended", Cause::Suspended, Suspended),
        ("客户暂时无法接通", "Temporarily unreachable", Cause::Unreachable, Unreachable),
        ("客户正在通话中", "The customer is talking", Cause::Busy, Engaged),
        ("空号", "Number does not exist", Cause::Vacant, Vacant),
        ("客户拒接", "The customer rejects", Cause::Rejected, Rejected),
        ("呼出网络异常", "Outbound network fault", Cause::NetworkFault, OutboundNetworkFault),
    ];
    let failed = failures.map(|(zh, en, cause, result)| fails(zh, en, cause, result));
    [succeeded(), failed.into()].concat()
}

fn fails(zh: &'static str, en: &'static str, cause: Cause, result: CallResult) -> Story {
    story(zh, en)
        .calls_out("a").dials("k", Purpose::Reception, None).wait(6).fails("k", Side::Customer, cause).ends_with(Side::System, cause)
        .comes_to([record("a", Outbound, result, Ender::System)])
}

fn succeeded() -> Vec<Story> {
    vec![
        story("外呼接听", "Outbound, answered")
            .calls_out("a").dials("k", Purpose::Reception, None).wait(2).ring("k").wait(8).answers("k").wait(90)
            .leaves("k", Side::Customer).ends(Side::Customer).recorded("a", 90)
            .comes_to([record("a", Outbound, CustomerAnswered, Ender::Customer).talked(90)]),
        story("电销外呼，客服挂断", "Telemarketing, the agent hangs up")
            .sells("a").dials("k", Purpose::Reception, None).wait(1).ring("k").wait(5).answers("k").wait(30).ends(Side::Agent)
            .comes_to([record("a", Outbound, CustomerAnswered, Ender::Agent).talked(30)]),
        story("手机接听方式：先振客服手机", "By mobile: the agent's phone rings first")
            .starts_out(BusinessLine::CallCenter).rings("a").wait(4).answers("a").dials("k", Purpose::Reception, None).wait(1).ring("k")
            .wait(7).answers("k").wait(25).ends(Side::Customer)
            .comes_to([record("a", Outbound, CustomerAnswered, Ender::Customer).rang(4).talked(25)]),
        story("客服自己的手机没接", "The agent's own mobile is not answered")
            .starts_out(BusinessLine::CallCenter).rings("a").wait(20).fails("a", Side::System, Cause::NoAnswer)
            .ends_with(Side::System, Cause::NoAnswer)
            .comes_to([record("a", Outbound, OutboundPhoneFault, Ender::System).rang(20)]),
        story("客服等不及挂断", "The agent gives up while it rings")
            .calls_out("a").dials("k", Purpose::Reception, None).ring("k").wait(15).ends(Side::Agent)
            .comes_to([record("a", Outbound, CustomerNoAnswer, Ender::Agent)]),
        story("外呼中保持", "Outbound with a hold")
            .calls_out("a").dials("k", Purpose::Reception, None).wait(3).answers("k").wait(10).holds("a").wait(20).resumes("a").wait(10)
            .ends(Side::Customer)
            .comes_to([record("a", Outbound, CustomerAnswered, Ender::Customer).talked(20).held(20, 1)]),
    ]
}

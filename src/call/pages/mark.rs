//! Marks of records: what each is as icon and word, lengths, numbers.

use crate::model::number::masked;
use crate::model::{CallResult, CallType};
use kernel::ctx::Ctx;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::t;
use maud::html;
use ui::icon;
use ui::tag::Tone;
use ui::written::Written;

/// Icon of a call type.
const fn picture(call_type: CallType) -> &'static str {
    match call_type {
        CallType::Inbound => "phone-incoming",
        CallType::Outbound => "phone-outgoing",
        CallType::TransferConsult | CallType::TransferAgent | CallType::TransferThird => "phone-forwarded",
        CallType::ConsultAgent | CallType::ConsultThird => "headset",
        CallType::Monitor => "ear",
        CallType::Barge => "mic",
        CallType::Forced => "phone-off",
    }
}

const fn tone(call_type: CallType) -> Tone {
    match call_type {
        CallType::Inbound | CallType::Outbound | CallType::TransferAgent | CallType::TransferThird => Tone::Info,
        CallType::ConsultAgent | CallType::ConsultThird | CallType::TransferConsult | CallType::Monitor => Tone::Violet,
        CallType::Barge => Tone::Warn,
        CallType::Forced => Tone::Bad,
    }
}

/// 呼叫类型.
pub(super) fn call_type(call_type: CallType, lang: Lang) -> Written {
    let class = format!("tag {}", tone(call_type).class());
    html! { span class=(class) { (icon::written(picture(call_type), "i")) (call_type.label(lang)) } }.into()
}

/// 通话结果; a call that still runs says so.
pub(super) fn result(result: Option<CallResult>, lang: Lang) -> Written {
    let (tone, picture, words) = match result {
        None => (Tone::Info, "phone", t!(lang, "进行中", "Running")),
        Some(result) => {
            let (tone, picture) = outcome(result);
            (tone, picture, result.label(lang))
        }
    };
    let class = format!("tag {}", tone.class());
    html! { span class=(class) { (icon::written(picture, "i")) (words) } }.into()
}

/// Green is answered, red is missed by us, amber is a fault; what lies with the other side is plain.
const fn outcome(result: CallResult) -> (Tone, &'static str) {
    match result {
        CallResult::AgentAnswered | CallResult::CustomerAnswered | CallResult::ThirdAnswered => (Tone::Ok, "check"),
        CallResult::RangOut | CallResult::QueueAbandoned | CallResult::QueueTimeout => (Tone::Bad, "phone-missed"),
        CallResult::InboundPhoneFault
        | CallResult::InboundNetworkFault
        | CallResult::OutboundPhoneFault
        | CallResult::OutboundNetworkFault => (Tone::Warn, "triangle-alert"),
        _ => (Tone::Plain, "phone-off"),
    }
}

/// `2:38` or `1:02:03`: whole seconds, the rest left out.
pub(super) fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A length, its milliseconds on hover.
pub(super) fn length(ms: i64, lang: Lang) -> Written {
    html! { span title=(t!(lang, "{} 毫秒", "{} ms", ms)) { (clock(ms)) } }.into()
}

/// Seconds as they are added up: `38.5`.
pub(super) fn seconds(ms: i64) -> String {
    let (whole, rest) = (ms / 1_000, ms % 1_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:03}").trim_end_matches('0').to_owned() }
}

/// Whether numbers stand there unmasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As they are.
    Whole,
    /// With their middle hidden.
    Masked,
}

impl Numbers {
    /// As the reader may see them.
    pub(crate) fn of(ctx: &Ctx) -> Numbers {
        if ctx.may(Permission::CallNumberView) { Numbers::Whole } else { Numbers::Masked }
    }

    /// A number.
    pub(crate) fn show(self, number: &str) -> String {
        match self {
            Numbers::Whole => number.to_owned(),
            Numbers::Masked => masked(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, seconds};

    #[test]
    fn lengths_as_people_read_them() {
        assert_eq!([clock(0), clock(59_999), clock(158_000), clock(3_723_000)], ["0:00", "0:59", "2:38", "1:02:03"]);
        assert_eq!([seconds(38_500), seconds(38_000), seconds(1_001)], ["38.5", "38", "1.001"]);
    }
}

//! 通话记录 from who was on the line: which legs make a record, of which type, with which result, ended by whom (F§3.1 to
//! F§3.3).

use super::floor::{End, Floor, Track};
use super::{QUICK_MS, SAME_MS};
use crate::ledger::{is_customer_talk, length};
use crate::model::event::{Cause, Direction, Happening, Party, Purpose, Side, SwitchEvent};
use crate::model::record::{Call, Leg, Stretch, Who};
use crate::model::{Bucket, CallResult, CallType, Ender, QueueState, TransferFlag};

/// The call with its records; nothing when it does not begin with its beginning.
pub(super) fn call(start: &SwitchEvent, floor: &Floor, ledger: Vec<Stretch>) -> Option<Call> {
    let Happening::Started { direction, caller, callee, shown, line, task } = &start.what else { return None };
    let main = main_track(floor);
    let mut legs = vec![main_record(start.at, floor, main, &ledger)];
    let is_main = |track: &Track| main.is_some_and(|main| main.name == track.name);
    let mut children: Vec<&Track> = floor.tracks.iter().filter(|track| !is_main(track)).collect();
    children.sort_by(|a, b| (a.dialled_at, &a.name).cmp(&(b.dialled_at, &b.name)));
    legs.extend(children.into_iter().filter_map(|track| child_record(floor, track, &ledger)));
    Some(Call {
        direction: *direction,
        line: *line,
        task: task.clone(),
        caller: caller.clone(),
        callee: callee.clone(),
        shown: shown.clone(),
        started_at: start.at,
        ended_at: floor.end.map(|end| end.at),
        queue: floor.queue.clone(),
        voicemail: floor.voicemail.clone(),
        rated: floor.rated,
        legs,
        ledger,
    })
}

/// Of the agents who were to receive the call the one who got it, or else who was rung last.
fn main_track(floor: &Floor) -> Option<&Track> {
    let received = || floor.tracks.iter().filter(|track| track.is_agent() && track.purpose == Purpose::Reception);
    let got = received().filter(|track| track.is_given).min_by_key(|track| track.answered_at);
    got.or_else(|| received().max_by_key(|track| (track.answered_at.is_some(), track.rang_at, track.dialled_at)))
}

fn main_record(started_at: i64, floor: &Floor, main: Option<&Track>, ledger: &[Stretch]) -> Leg {
    let call_type = match floor.direction {
        Direction::Inbound => CallType::Inbound,
        Direction::Outbound => CallType::Outbound,
    };
    // Whoever answered may leave long before the call ends; a record that nobody answered runs as long as the call.
    let answered = main.filter(|track| track.answered_at.is_some());
    let end = answered.map_or(floor.end, |track| track.end);
    let result = match floor.direction {
        Direction::Inbound => inbound_result(started_at, floor),
        Direction::Outbound => outbound_result(floor),
    };
    let blank = Track::nobody(started_at);
    let track = main.unwrap_or(&blank);
    Leg {
        party: main.map(|track| track.party.clone()),
        started_at,
        customer_answered_at: floor.customer_answered_at,
        ended_at: end.map(|end| end.at),
        result: end.map(|_| result),
        ender: end.map(|end| ender(floor, track, end)),
        ..record(floor, track, call_type, ledger)
    }
}

fn child_record(floor: &Floor, track: &Track, ledger: &[Stretch]) -> Option<Leg> {
    let call_type = call_type(track)?;
    Some(Leg {
        result: track.end.map(|end| if call_type.is_third() { third_result(track, end) } else { agent_result(track, end) }),
        ender: track.end.map(|end| ender(floor, track, end)),
        ..record(floor, track, call_type, ledger)
    })
}

/// What every record says in the same way.
fn record(floor: &Floor, track: &Track, call_type: CallType, ledger: &[Stretch]) -> Leg {
    let own =
        |bucket: Bucket| length(ledger.iter().filter(|row| row.who != Who::Customer && row.leg == track.name && row.bucket == bucket));
    let asked: Vec<&Track> =
        floor.tracks.iter().filter(|other| other.from.as_ref() == Some(&track.name) && other.answered_at.is_some()).collect();
    let transfers = asked.iter().filter(|other| is_transfer(other)).count();
    let transfer = match transfers {
        0 if asked.iter().any(|other| other.purpose == Purpose::TransferConsult) => TransferFlag::Consult,
        0 => TransferFlag::None,
        _ => TransferFlag::Transferred,
    };
    // A recording of the whole call stands with its main record.
    let whole = floor.recordings.get("").filter(|_| call_type.is_main());
    Leg {
        name: track.name.clone(),
        call_type,
        from: track.from.clone().filter(|_| !call_type.is_main()),
        party: Some(track.party.clone()),
        started_at: track.dialled_at,
        rang_at: track.rang_at,
        answered_at: track.answered_at,
        customer_answered_at: None,
        ended_at: track.end.map(|end| end.at),
        ring_ms: own(Bucket::Ring),
        talk_ms: length(ledger.iter().filter(|row| is_customer_talk(row) && row.leg == track.name)),
        hold_ms: own(Bucket::Hold),
        hold_count: track.hold_count,
        result: None,
        ender: None,
        transfer,
        transfer_count: small(transfers),
        consult_count: small(asked.iter().filter(|other| other.purpose == Purpose::Consult).count()),
        three_way: track.is_three_way,
        recording: floor.recordings.get(&track.name).or(whole).cloned(),
    }
}

/// Whether the customer went over to this side, which its asker gave the customer to.
fn is_transfer(track: &Track) -> bool {
    track.answered_at.is_some() && track.is_given && (track.is_consulted() || track.purpose == Purpose::TransferDirect)
}

/// 呼叫类型 of a child leg; nothing for one that makes no record.
fn call_type(track: &Track) -> Option<CallType> {
    let has_rung = track.rang_at.is_some() || track.answered_at.is_some();
    match (&track.party, track.purpose) {
        (Party::Customer { .. }, _) => None,
        (Party::Third { .. }, Purpose::Consult | Purpose::TransferConsult) if !track.is_given => Some(CallType::ConsultThird),
        (Party::Third { .. }, _) => Some(CallType::TransferThird),
        // What happened although nobody's phone rang.
        (Party::Agent { .. }, Purpose::Force) => Some(CallType::Forced),
        _ if !has_rung => None,
        (Party::Agent { .. }, Purpose::Monitor) => Some(CallType::Monitor),
        (Party::Agent { .. }, Purpose::Barge) => Some(CallType::Barge),
        (Party::Agent { .. }, Purpose::TransferDirect) => Some(CallType::TransferAgent),
        (Party::Agent { .. }, _) if track.is_given => Some(CallType::TransferAgent),
        (Party::Agent { .. }, Purpose::Consult) => Some(CallType::ConsultAgent),
        (Party::Agent { .. }, Purpose::TransferConsult) => Some(CallType::TransferConsult),
        (Party::Agent { .. }, Purpose::Reception) => None,
    }
}

fn third_result(track: &Track, end: End) -> CallResult {
    match end.cause {
        _ if track.answered_at.is_some() => CallResult::ThirdAnswered,
        Cause::NoAnswer | Cause::Rejected => CallResult::ThirdRangOut,
        Cause::Normal | Cause::Crashed if track.rang_at.is_some() => CallResult::ThirdRangOut,
        _ => CallResult::ThirdUnreachable,
    }
}

fn agent_result(track: &Track, end: End) -> CallResult {
    match end.cause {
        _ if track.answered_at.is_some() || track.purpose == Purpose::Force => CallResult::AgentAnswered,
        Cause::PhoneFault => CallResult::InboundPhoneFault,
        Cause::NetworkFault => CallResult::InboundNetworkFault,
        _ => CallResult::RangOut,
    }
}

/// 通话结果 of an inbound call: who answered, or else where the customer gave up.
fn inbound_result(started_at: i64, floor: &Floor) -> CallResult {
    let received = || floor.tracks.iter().filter(|track| track.purpose == Purpose::Reception);
    let was_answered = floor.tracks.iter().any(|track| track.is_given && track.answered_at.is_some());
    let (Some(end), false) = (floor.end, was_answered) else { return CallResult::AgentAnswered };
    let last_rang = received().filter_map(|track| track.rang_at).max();
    let rang_at_the_end = received().any(|track| track.rang_at.is_some() && track.end.is_some_and(|own| own.at + SAME_MS >= end.at));
    match (end.cause, &floor.queue) {
        (Cause::OffDuty, _) => CallResult::OffDuty,
        (Cause::PhoneFault, _) => CallResult::InboundPhoneFault,
        (Cause::NetworkFault, _) => CallResult::InboundNetworkFault,
        _ if rang_at_the_end => CallResult::RangOut,
        (_, Some(queue)) if last_rang.is_none_or(|rang| rang < queue.left_at.unwrap_or(end.at)) && queue.state != QueueState::Connected => {
            if queue.state == QueueState::Timeout {
                CallResult::QueueTimeout
            } else {
                CallResult::QueueAbandoned
            }
        }
        _ if last_rang.is_some() => CallResult::RangOut,
        _ if end.by == Side::Customer && end.at - started_at <= QUICK_MS => CallResult::QuickHangup,
        _ => CallResult::IvrAbandoned,
    }
}

/// 通话结果 of an outbound call: whether the customer answered, or else why not.
fn outbound_result(floor: &Floor) -> CallResult {
    if floor.customer_answered_at.is_some() {
        return CallResult::CustomerAnswered;
    }
    let called = floor.tracks.iter().rev().find(|track| track.is_customer());
    let cause = called.and_then(|track| track.end).or(floor.end).map_or(Cause::Normal, |end| end.cause);
    match cause {
        Cause::NetworkFault => CallResult::OutboundNetworkFault,
        Cause::PhoneFault => CallResult::OutboundPhoneFault,
        // The agent's own phone was to ring first and did not get as far as the customer.
        _ if called.is_none() => CallResult::OutboundPhoneFault,
        Cause::PoweredOff => CallResult::PoweredOff,
        Cause::Suspended => CallResult::Suspended,
        Cause::Unreachable => CallResult::Unreachable,
        Cause::Busy => CallResult::Engaged,
        Cause::Vacant => CallResult::Vacant,
        Cause::Rejected => CallResult::Rejected,
        Cause::Normal | Cause::NoAnswer | Cause::OffDuty | Cause::Crashed => CallResult::CustomerNoAnswer,
    }
}

/// 挂断方. Whoever gave the call away, or was cut off, did not hang up, whatever the switch says of the phone.
fn ender(floor: &Floor, track: &Track, end: End) -> Ender {
    let gave_away = || floor.tracks.iter().any(|other| other.from.as_ref() == Some(&track.name) && is_transfer(other));
    match end.by {
        Side::Agent | Side::System if gave_away() => Ender::Transfer,
        Side::Agent | Side::System if was_forced(floor, track, end) => Ender::Forced,
        Side::Third if matches!(track.party, Party::Third { .. }) => Ender::Third,
        Side::System | Side::Third => Ender::System,
        Side::Agent => Ender::Agent,
        Side::Customer => Ender::Customer,
    }
}

/// 强拆: a supervisor's leg that disconnects was there when this one, which had the customer, ended.
fn was_forced(floor: &Floor, track: &Track, end: End) -> bool {
    let is_served = track.is_given && !matches!(track.purpose, Purpose::Monitor | Purpose::Barge | Purpose::Force);
    let mut supervisors = floor.tracks.iter().filter(|other| other.purpose == Purpose::Force);
    is_served
        && supervisors.any(|other| {
            let is_about = other.from.is_none() || other.from.as_ref() == Some(&track.name);
            is_about && other.dialled_at <= end.at && other.end.is_none_or(|own| own.at >= end.at)
        })
}

fn small(count: usize) -> i16 {
    i16::try_from(count).unwrap_or(i16::MAX)
}

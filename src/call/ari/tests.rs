//! Asterisk's events, in the shapes of its documentation, come to the records of their calls.

use crate::ari::Translator;
use crate::ledger::length;
use crate::model::event::{Happening, SwitchEvent};
use crate::model::record::{Call, Leg};
use crate::model::{AnswerWay, Bucket, BusinessLine, CallResult, CallType, Ender};
use crate::state::call;
use serde_json::Value;

const INBOUND: &str = include_str!("../fixtures/ari-inbound.jsonl");
const TRANSFER: &str = include_str!("../fixtures/ari-transfer.jsonl");
const OUTBOUND: &str = include_str!("../fixtures/ari-outbound.jsonl");

fn told(transcript: &str) -> Vec<SwitchEvent> {
    let mut translator = Translator::new("https://pbx.example/ari/");
    let lines = transcript.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.flat_map(|line| translator.take(&line)).collect()
}

fn heard(transcript: &str) -> Call {
    call(&told(transcript)).expect("it begins")
}

fn said(leg: &Leg) -> (CallType, Option<CallResult>, Option<Ender>, i64, i64, i64) {
    (leg.call_type, leg.result, leg.ender, leg.ring_ms, leg.talk_ms, leg.hold_ms)
}

#[test]
fn an_inbound_call_with_a_hold() {
    let call = heard(INBOUND);
    let [main] = call.legs.as_slice() else { panic!("one record: {:#?}", call.legs) };
    assert_eq!(said(main), (CallType::Inbound, Some(CallResult::AgentAnswered), Some(Ender::Customer), 4_000, 50_000, 10_000));
    assert_eq!((call.caller.as_str(), call.callee.as_str(), main.way()), ("13800138000", "4006001234", Some(AnswerWay::Sip)));
    assert_eq!(length(call.ledger.iter().filter(|row| row.bucket == Bucket::Queue)), 5_000);
    let recording = ("https://pbx.example/ari/recordings/stored/kefu-1763775000/file".to_owned(), 60_000);
    assert_eq!(main.recording, Some(recording));
}

#[test]
fn a_transfer_is_confirmed_by_the_bridge() {
    let call = heard(TRANSFER);
    let [main, other] = call.legs.as_slice() else { panic!("two records: {:#?}", call.legs) };
    assert_eq!(said(main), (CallType::Inbound, Some(CallResult::AgentAnswered), Some(Ender::Transfer), 4_000, 10_000, 0));
    assert_eq!(said(other), (CallType::TransferAgent, Some(CallResult::AgentAnswered), Some(Ender::Agent), 3_000, 40_000, 0));
}

#[test]
fn an_outbound_call_to_somebody_who_is_talking() {
    let call = heard(OUTBOUND);
    let [main] = call.legs.as_slice() else { panic!("one record: {:#?}", call.legs) };
    assert_eq!((main.call_type, main.result, main.ring_ms, main.way()), (CallType::Outbound, Some(CallResult::Engaged), 3_000, Some(AnswerWay::Mobile)));
    assert_eq!((call.line, call.callee.as_str(), call.ended_at.is_some()), (BusinessLine::Telemarketing, "13800138000", true));
}

#[test]
fn what_is_told_again_after_a_lost_connection_is_the_same() {
    for transcript in [INBOUND, TRANSFER, OUTBOUND] {
        let lines: Vec<&str> = transcript.lines().collect();
        let half = lines.len() / 2;
        let again = [&lines[..half], &lines[half / 2..]].concat().join("\n");
        assert_eq!(heard(&again), heard(transcript));
    }
}

#[test]
fn what_is_none_of_ours_tells_nothing() {
    let mut translator = Translator::new("https://pbx.example/ari");
    for text in [
        "5",
        "{}",
        r#"{"type": "ChannelHold", "timestamp": "never", "channel": {"id": "1"}}"#,
        r#"{"type": "ChannelHold", "timestamp": "2026-11-22T09:30:00.000+0800", "channel": {"id": "unknown"}}"#,
        r#"{"type": "RecordingFinished", "timestamp": "2026-11-22T09:30:00.000+0800", "recording": {"name": "x", "target_uri": "bridge:1"}}"#,
    ] {
        assert_eq!(translator.take(&serde_json::from_str(text).expect("JSON")), [], "{text}");
    }
    assert!(told(INBOUND).iter().all(|event| !matches!(event.what, Happening::Joined { .. })), "nobody made a three-way call");
}

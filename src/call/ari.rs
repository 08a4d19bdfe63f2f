//! Asterisk (ARI): the events of Asterisk's REST interface in our words.
//!
//! The dialplan, or whichever program steers the calls, says by channel variables what Asterisk does not know; `channelvars` in
//! `ari.conf` names them, so that every event of a channel carries them:
//!
//! | variable | is |
//! |---|---|
//! | `KEFU_CALL` | the name of the call, on every channel of it; the channel's own id where it is not set |
//! | `KEFU_PARTY` | `customer`, `agent` or `third` |
//! | `KEFU_AGENT`, `KEFU_GROUP`, `KEFU_WAY` | id of the agent and of the group that chose them; `web`, `sip` or `mobile` |
//! | `KEFU_PURPOSE`, `KEFU_FROM` | what the channel is for (`Purpose`), and the id of the channel that asked for it |
//! | `KEFU_OUT` | the number that is called, on the agent's channel with which an outbound call begins |
//! | `KEFU_LINE`, `KEFU_TASK` | `call_center` or `telemarketing`, and the task; on the channel that begins the call |
//! | `KEFU_SURVEY` | levels of the satisfaction survey, while the customer is asked |
//!
//! A leg is a channel and has its id. What no channel shows, such as waiting in a queue, is told by a `ChannelUserevent` named
//! `kefu` whose `userevent` is a `Happening`. The id of an event is made of what it says, so that one that is told again after a
//! connection was lost is the same event.
//!
//! A bridge says who talks to whom: a side that was consulted and is alone with the customer has the call (confirmed); one that
//! comes to two others makes a three-way call. Who hung up is whose channel asked for it; what a program asks for (`soft`) says
//! nothing of that.

#[cfg(test)]
mod tests;

use crate::model::event::{Cause, Direction, Happening, Party, Purpose, Side, SwitchEvent};
use crate::model::{AnswerWay, BusinessLine};
use jiff::fmt::strtime;
use serde_json::Value;
use std::collections::HashMap;

/// 翻译: remembers the channels of running calls. After a restart it knows them again by their next event.
#[derive(Debug, Default)]
pub struct Translator {
    /// `https://pbx.example.com:8089/ari`, where recordings are fetched.
    address: String,
    channels: HashMap<String, Channel>,
    /// Who hung up, and with which channel, by call.
    hung_up: HashMap<String, (String, Side)>,
}

/// What is known of a channel.
#[derive(Clone, Debug)]
struct Channel {
    call: String,
    side: Side,
    purpose: Purpose,
    from: Option<String>,
    /// Whether it called in: its state is that of the call, not of a leg.
    is_caller: bool,
}

impl Translator {
    /// One that knows no channel yet, of the Asterisk whose REST interface has this address.
    #[must_use]
    pub fn new(address: &str) -> Translator {
        Translator { address: address.trim_end_matches('/').to_owned(), ..Translator::default() }
    }

    /// What an event of Asterisk tells; nothing when it is none of ours.
    pub fn take(&mut self, told: &Value) -> Vec<SwitchEvent> {
        let Some(at) = time(told) else { return Vec::new() };
        let kind = told["type"].as_str().unwrap_or_default();
        let body = if kind == "Dial" { &told["peer"] } else { &told["channel"] };
        match kind {
            "RecordingFinished" => return self.recorded(at, &told["recording"]).into_iter().collect(),
            _ if body["id"].as_str().is_none() => return Vec::new(),
            _ => {}
        }
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        let begun = self.meet(&id, kind, body);
        let Some(channel) = self.channels.get(&id).cloned() else { return Vec::new() };
        let tell = |name: &str, what: Happening| SwitchEvent { id: format!("{id}:{name}"), call: channel.call.clone(), at, what };
        let mut events: Vec<SwitchEvent> = begun.into_iter().map(|(name, what)| tell(name, what)).collect();
        let leg = id.clone();
        let state = match kind {
            "ChannelStateChange" | "StasisStart" => body["state"].as_str().unwrap_or_default(),
            "Dial" => told["dialstatus"].as_str().unwrap_or_default(),
            _ => "",
        };
        match state {
            "Ringing" | "RINGING" if !channel.is_caller => events.push(tell("ringing", Happening::Ringing { leg: leg.clone() })),
            "Up" | "ANSWER" if !channel.is_caller => events.push(tell("answered", Happening::Answered { leg: leg.clone() })),
            _ => {}
        }
        match kind {
            "ChannelHold" => events.push(tell(&format!("held:{at}"), Happening::Held { leg })),
            "ChannelUnhold" => events.push(tell(&format!("resumed:{at}"), Happening::Resumed { leg })),
            "ChannelEnteredBridge" => events.extend(self.bridged(&id, &channel, &told["bridge"]).map(|(name, what)| tell(name, what))),
            "ChannelDtmfReceived" => events.extend(rated(told, body).map(|what| tell(&format!("rated:{at}"), what))),
            "ChannelUserevent" if told["eventname"] == "kefu" => {
                let what: Option<Happening> = serde_json::from_value(told["userevent"].clone()).ok();
                events.extend(what.map(|what| tell(&format!("told:{}:{at}", what.rank()), what)));
            }
            "ChannelHangupRequest" if told["soft"] != true => {
                self.hung_up.insert(channel.call.clone(), (id.clone(), channel.side));
            }
            "ChannelDestroyed" => events.extend(self.over(&id, &channel, told).into_iter().map(|(name, what)| tell(name, what))),
            _ => {}
        }
        events
    }

    /// Learns of a channel; what its appearance tells, with the name of each event.
    fn meet(&mut self, id: &str, kind: &str, body: &Value) -> Vec<(&'static str, Happening)> {
        let text = |name: &str| body["channelvars"][name].as_str().filter(|value| !value.is_empty());
        let side = match text("KEFU_PARTY") {
            Some("agent") => Side::Agent,
            Some("third") => Side::Third,
            // A channel that says nothing and calls in is a customer's.
            Some(_) => Side::Customer,
            None if kind == "StasisStart" && !self.channels.contains_key(id) => Side::Customer,
            None => return Vec::new(),
        };
        let purpose = text("KEFU_PURPOSE").and_then(Purpose::from_key).unwrap_or(Purpose::Reception);
        let is_caller = side == Side::Customer && text("KEFU_PURPOSE").is_none();
        let call = text("KEFU_CALL").unwrap_or(id).to_owned();
        let from = text("KEFU_FROM").map(ToOwned::to_owned);
        let is_new = self.channels.insert(id.to_owned(), Channel { call, side, purpose, from: from.clone(), is_caller }).is_none();
        if !is_new && kind != "StasisStart" {
            return Vec::new();
        }
        let number = |name: &str| body[name]["number"].as_str().unwrap_or_default().to_owned();
        let line = text("KEFU_LINE").and_then(BusinessLine::from_key).unwrap_or(BusinessLine::CallCenter);
        let task = text("KEFU_TASK").map(ToOwned::to_owned);
        let callee = body["dialplan"]["exten"].as_str().unwrap_or_default().to_owned();
        let start =
            |direction, caller, callee: String, shown| Happening::Started { direction, caller, callee, shown, line, task: task.clone() };
        if is_caller {
            return vec![("started", start(Direction::Inbound, number("caller"), callee.clone(), callee))];
        }
        let party = match side {
            Side::Agent => {
                let Some(agent) = text("KEFU_AGENT").and_then(|agent| agent.parse().ok()) else { return Vec::new() };
                let way = text("KEFU_WAY").and_then(AnswerWay::from_key).unwrap_or(AnswerWay::Sip);
                Party::Agent { agent, group: text("KEFU_GROUP").and_then(|group| group.parse().ok()), way }
            }
            Side::Customer => Party::Customer { number: number("caller") },
            Side::Third | Side::System => Party::Third { number: number("caller") },
        };
        let dialled = ("dialled", Happening::Dialled { leg: id.to_owned(), party, purpose, from });
        // Who is called out to stands on the agent's own channel, with which an outbound call begins.
        match text("KEFU_OUT") {
            Some(callee) => vec![("started", start(Direction::Outbound, number("caller"), callee.to_owned(), number("caller"))), dialled],
            None => vec![dialled],
        }
    }

    /// What it means that a channel is in a bridge with others.
    fn bridged(&self, id: &str, channel: &Channel, bridge: &Value) -> Option<(&'static str, Happening)> {
        let inside: Vec<&str> = bridge["channels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let customer = inside
            .iter()
            .any(|other| self.channels.get(*other).is_some_and(|known| known.side == Side::Customer && known.call == channel.call));
        let is_consulted = matches!(channel.purpose, Purpose::Consult | Purpose::TransferConsult);
        let asker = channel.from.as_deref().is_some_and(|from| inside.contains(&from));
        match (customer, inside.len()) {
            (true, 2) if is_consulted => Some(("confirmed", Happening::Confirmed { leg: id.to_owned() })),
            (true, 3..) if is_consulted && asker => Some(("joined", Happening::Joined { leg: id.to_owned() })),
            _ => None,
        }
    }

    /// A channel is gone: a leg is over, and with the customer's the call.
    fn over(&mut self, id: &str, channel: &Channel, told: &Value) -> Vec<(&'static str, Happening)> {
        self.channels.remove(id);
        let cause = told["cause"].as_i64().map_or(Cause::Normal, cause);
        let hung_up = self.hung_up.get(&channel.call).cloned();
        let by = match (&hung_up, cause) {
            (Some((_, side)), _) => *side,
            (None, Cause::Rejected | Cause::Busy) => channel.side,
            (None, _) => Side::System,
        };
        let mut left = self.channels.values().filter(|other| other.call == channel.call).peekable();
        let is_last = left.peek().is_none();
        // Others go on with the customer: what this one did says nothing of how the call will end.
        let has_others = channel.side != Side::Customer && left.any(|other| other.side != Side::Customer);
        let goes_on = has_others && hung_up.is_some_and(|(by, _)| by == id);
        if is_last || goes_on {
            self.hung_up.remove(&channel.call);
        }
        let left = ("left", Happening::Left { leg: id.to_owned(), by, cause });
        let ended = ("ended", Happening::Ended { by, cause });
        match (channel.side, channel.is_caller) {
            (Side::Customer, true) => vec![ended],
            (Side::Customer, false) => vec![left, ended],
            _ => vec![left],
        }
    }

    /// A recording is ready.
    fn recorded(&self, at: i64, recording: &Value) -> Option<SwitchEvent> {
        let name = recording["name"].as_str()?;
        let target = recording["target_uri"].as_str()?.strip_prefix("channel:")?;
        let channel = self.channels.get(target)?;
        let ms = recording["duration"].as_i64().unwrap_or_default().saturating_mul(1000);
        let leg = if channel.is_caller { String::new() } else { target.to_owned() };
        let what = Happening::Recorded { leg, url: format!("{}/recordings/stored/{name}/file", self.address), ms };
        Some(SwitchEvent { id: format!("{target}:recorded:{name}"), call: channel.call.clone(), at, what })
    }
}

/// 满意度按键, while the customer is asked.
fn rated(told: &Value, body: &Value) -> Option<Happening> {
    let levels: i16 = body["channelvars"]["KEFU_SURVEY"].as_str()?.parse().ok()?;
    let key: i16 = told["digit"].as_str()?.parse().ok()?;
    Some(Happening::Rated { levels, key })
}

/// When it happened, in milliseconds since 1970: `2026-11-22T09:30:00.250+0800`.
fn time(told: &Value) -> Option<i64> {
    let text = told["timestamp"].as_str()?;
    Some(strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text).ok()?.to_timestamp().ok()?.as_millisecond())
}

/// The causes of ITU-T Q.850 that Asterisk gives.
const fn cause(code: i64) -> Cause {
    match code {
        1 | 28 => Cause::Vacant,
        17 => Cause::Busy,
        18 | 19 => Cause::NoAnswer,
        20 => Cause::PoweredOff,
        21 => Cause::Rejected,
        27 => Cause::Suspended,
        34 | 38 | 42 => Cause::NetworkFault,
        3 | 31 | 41 => Cause::Unreachable,
        58 | 66 | 88 | 127 => Cause::PhoneFault,
        _ => Cause::Normal,
    }
}

//! 报文: the request that carries messages, by profile. Pure but for the random code of the original one, which is handed in.

use crate::model::{Fault, Profile, Topic};
use crate::sign;
use kernel::egress::{Answer, Post, Refusal};
use kernel::id::{CompanyId, DeliveryId};
use kernel::time::Stamp;
use serde_json::Value;

/// Messages of one request of the original profile at most (F§1.6).
pub const BATCH: usize = 20;
/// What the original profile's receivers answer.
const TAKEN: &str = "000000";

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which; receivers know one that comes twice by it.
    pub id: DeliveryId,
    /// 消息类型.
    pub topic: Topic,
    /// When it happened.
    pub happened_at: Stamp,
    /// The payload, JSON.
    pub data: String,
    /// Attempts so far.
    pub attempt: i32,
    /// From when its 72 hours count.
    pub since: Stamp,
}

/// Where messages go and who signs.
#[derive(Clone, Debug)]
pub struct Target {
    /// The company.
    pub company: CompanyId,
    /// 接收地址.
    pub url: String,
    /// 推送方式.
    pub profile: Profile,
    /// 启用: a lane sends nothing to one that is switched off.
    pub is_on: bool,
    /// The secret, and the one before while both are valid.
    pub secrets: Vec<Vec<u8>>,
}

/// The request for these messages, which are of one topic; of the standard profile there is one.
#[must_use]
pub fn request(target: &Target, messages: &[Message], now: Stamp, random: &str) -> Post {
    let mut headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
    let body = match target.profile {
        Profile::Standard => {
            let body = messages.first().map(standard_body).unwrap_or_default();
            let id = messages.first().map(|message| message.id.to_string()).unwrap_or_default();
            let seconds = now.micros().div_euclid(1_000_000);
            let signatures: Vec<String> = target.secrets.iter().map(|secret| sign::standard(secret, &id, seconds, &body)).collect();
            add("webhook-id", id);
            add("webhook-timestamp", seconds.to_string());
            add("webhook-signature", signatures.join(" "));
            body
        }
        Profile::Original => {
            let millis = now.micros().div_euclid(1_000);
            let key = target.secrets.first().map(|secret| sign::written(Profile::Original, secret)).unwrap_or_default();
            add("X-Log-TimeStamp", millis.to_string());
            add("X-Log-RandomCode", random.to_owned());
            add("X-Log-Sign", sign::original(target.company, millis, random, &key));
            original_body(target.company, messages)
        }
    };
    Post { url: target.url.clone(), headers, body }
}

/// `{"type", "timestamp", "data"}`, as Standard Webhooks recommends.
#[must_use]
pub fn standard_body(message: &Message) -> String {
    format!(r#"{{"type":"{}","timestamp":"{}","data":{}}}"#, message.topic, message.happened_at.machine(), message.data)
}

/// `{"companyId", "type", "items": [{"id", "time", "data"}]}`; times are milliseconds since 1970.
#[must_use]
pub fn original_body(company: CompanyId, messages: &[Message]) -> String {
    let items: Vec<String> = messages
        .iter()
        .map(|one| format!(r#"{{"id":"{}","time":{},"data":{}}}"#, one.id, one.happened_at.micros().div_euclid(1_000), one.data))
        .collect();
    let topic = messages.first().map_or("", |message| message.topic.key());
    format!(r#"{{"companyId":"{company}","type":"{topic}","items":[{}]}}"#, items.join(","))
}

/// What is wrong with an answer; nothing when the messages were taken.
#[must_use]
pub fn verdict(profile: Profile, answer: &core::result::Result<Answer, Refusal>) -> Option<Fault> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(refusal) => return Some(fault(*refusal)),
    };
    match (answer.status, profile) {
        (200..=299, Profile::Standard) => None,
        (200..=299, Profile::Original) => (!acknowledges(&answer.body)).then_some(Fault::NotAcknowledged),
        (300..=399, _) => Some(Fault::Redirect),
        _ => Some(Fault::Status),
    }
}

fn acknowledges(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|answer| answer["ret_code"] == TAKEN)
}

const fn fault(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::BadUrl => Fault::BadUrl,
        Refusal::Forbidden => Fault::Forbidden,
        Refusal::Unresolved => Fault::Unresolved,
        Refusal::Unreachable => Fault::Unreachable,
        Refusal::Tls => Fault::Tls,
        Refusal::TimedOut => Fault::TimedOut,
        Refusal::Broken => Fault::Broken,
    }
}

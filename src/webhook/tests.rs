//! Pure tests of the slice; what needs the database and a receiver stands in `src/tests/webhook.rs` of the root package.

use crate::envelope::{Message, Target, original_body, request, standard_body, verdict};
use crate::model::{Fault, Order, Profile, Topic, WebhookInput};
use crate::schedule::{PATIENCE, WAITS, next, pause};
use crate::sign;
use jiff::SignedDuration;
use kernel::egress::{Answer, Refusal};
use kernel::error::{Error, Problem};
use kernel::id::{CompanyId, DeliveryId};
use kernel::time::Stamp;
use proptest::prelude::{any, prop_assert, proptest};
use uuid::Uuid;

/// The secret of the test vector that Standard Webhooks publishes.
const SECRET: &str = "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0";

fn secret() -> Vec<u8> {
    kernel::rng::from_hex(SECRET).expect("hexadecimal")
}

fn company() -> CompanyId {
    CompanyId(Uuid::from_u128(0x0193_5c1a_7b00_7000_8000_0000_0000_0001))
}

fn at(text: &str) -> Stamp {
    Stamp(text.parse().expect("a time"))
}

fn message(last: u128) -> Message {
    Message {
        id: DeliveryId(Uuid::from_u128(last)),
        topic: Topic::TicketCreated,
        happened_at: at("2026-11-22T01:42:10.5Z"),
        data: r#"{"ticketId":"退款"}"#.to_owned(),
        attempt: 0,
        since: at("2026-11-22T01:42:11Z"),
    }
}

#[test]
fn standard_webhooks_signs_as_its_published_vector() {
    let signed = sign::standard(&secret(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_eq!(sign::written(Profile::Standard, &secret()), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let both = format!("v1,wrong {signed}");
    let check = |header: &str, body: &str| sign::is_standard(header, &[secret()], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
    assert!(check(&both, r#"{"test": 2432232314}"#));
    assert!(!check(&both, r#"{"test": 2432232315}"#), "a changed body");
    assert!(!check("v1,wrong", r#"{"test": 2432232314}"#));
}

#[test]
fn the_original_profile_signs_with_md5_of_what_is_lower_case_already() {
    let signed = sign::original(company(), 1_795_311_730_000, "0a1b2c3d4e5f6071", SECRET);
    assert_eq!(signed, "4352f58bef7d9389879efd32f510b404");
    assert_eq!(sign::written(Profile::Original, &secret()), SECRET);
    assert!(sign::is_original(&signed, &[vec![1; 24], secret()], company(), 1_795_311_730_000, "0a1b2c3d4e5f6071"));
    assert!(!sign::is_original(&signed, &[secret()], company(), 1_795_311_730_001, "0a1b2c3d4e5f6071"));
}

#[test]
fn both_bodies_are_json_and_the_same_at_every_attempt() {
    let later = Message { attempt: 3, ..message(7) };
    assert_eq!(standard_body(&message(7)), standard_body(&later));
    let body: serde_json::Value = serde_json::from_str(&standard_body(&message(7))).expect("JSON");
    assert_eq!((&body["type"], &body["data"]["ticketId"]), (&"ticket.created".into(), &"退款".into()));
    assert_eq!(body["timestamp"], message(7).happened_at.machine());
    let body: serde_json::Value = serde_json::from_str(&original_body(company(), &[message(7), message(8)])).expect("JSON");
    assert_eq!(body["companyId"], company().to_string());
    assert_eq!(body["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(body["items"][1]["id"], DeliveryId(Uuid::from_u128(8)).to_string());
    assert_eq!(body["items"][0]["time"], 1_795_311_730_500_i64);
}

#[test]
fn while_a_secret_is_replaced_both_sign() {
    let target = |profile| Target {
        company: company(),
        url: "https://a.example/".to_owned(),
        profile,
        is_on: true,
        secrets: vec![vec![9; 24], secret()],
    };
    let now = at("2026-11-22T01:42:12.345Z");
    let post = request(&target(Profile::Standard), &[message(7)], now, "r");
    let header = |name: &str| post.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).expect("a header");
    let seconds: i64 = header("webhook-timestamp").parse().expect("a number");
    assert_eq!(seconds, now.micros() / 1_000_000);
    for secret in [vec![9; 24], secret()] {
        assert!(sign::is_standard(&header("webhook-signature"), &[secret], &header("webhook-id"), seconds, &post.body));
    }
    let post = request(&target(Profile::Original), &[message(7)], now, "r");
    assert!(post.headers.iter().any(|(name, value)| name == "X-Log-TimeStamp" && *value == (now.micros() / 1_000).to_string()));
}

#[test]
fn what_an_answer_is_worth() {
    let answer = |status, body: &str| Ok(Answer { status, body: body.as_bytes().to_vec(), ..Answer::default() });
    for (profile, answered, fault) in [
        (Profile::Standard, answer(200, ""), None),
        (Profile::Standard, answer(204, ""), None),
        (Profile::Standard, answer(301, ""), Some(Fault::Redirect)),
        (Profile::Standard, answer(404, ""), Some(Fault::Status)),
        (Profile::Standard, answer(500, ""), Some(Fault::Status)),
        (Profile::Standard, Err(Refusal::TimedOut), Some(Fault::TimedOut)),
        (Profile::Original, answer(200, r#"{"ret_code":"000000"}"#), None),
        (Profile::Original, answer(200, r#"{"ret_code":"000001"}"#), Some(Fault::NotAcknowledged)),
        (Profile::Original, answer(200, "ok"), Some(Fault::NotAcknowledged)),
        (Profile::Original, answer(200, ""), Some(Fault::NotAcknowledged)),
        (Profile::Original, answer(500, r#"{"ret_code":"000000"}"#), Some(Fault::Status)),
        (Profile::Original, Err(Refusal::Tls), Some(Fault::Tls)),
    ] {
        assert_eq!(verdict(profile, &answered), fault, "{profile} {answered:?}");
    }
}

#[test]
fn waits_grow_to_seventy_two_hours() {
    let total: i64 = WAITS.iter().map(|wait| wait.as_secs()).sum();
    assert!(total <= PATIENCE.as_secs() && total > 71 * 3_600, "{total} seconds");
    let begin = at("2026-11-22T00:00:00Z");
    assert_eq!(next(1, begin, begin, 0), Some(begin.plus(SignedDuration::from_secs(5))));
    assert_eq!(next(12, begin, begin, 0), None, "the twelfth attempt is the last");
    let late = begin.plus(SignedDuration::from_hours(71));
    assert_eq!(next(3, begin, late, 0).map(|at| at.since(late).as_mins()), Some(30));
    assert_eq!(next(4, begin, late, 0), None, "two hours later would be too late");
    let tried_late = begin.plus(SignedDuration::from_hours(100));
    assert!((1..=3).all(|attempt| next(attempt, begin, tried_late, 0).is_some()), "what could not be tried before has three tries");
    assert_eq!(next(4, begin, tried_late, 0), None);
    assert_eq!([1, 2, 3, 7, 99].map(|failures| pause(failures).as_secs()), [5, 10, 20, 300, 300]);
}

proptest! {
    #[test]
    fn every_message_is_tried_twelve_times_and_given_up_in_time(chances in proptest::collection::vec(any::<u8>(), 12), took in 0_i64..15) {
        let begin = at("2026-11-22T00:00:00Z");
        let (mut now, mut attempts) = (begin, 0);
        for chance in chances {
            // The receiver takes its time before it refuses.
            now = now.plus(SignedDuration::from_secs(took));
            attempts += 1;
            match next(attempts, begin, now, chance) {
                Some(at) => {
                    prop_assert!(at > now, "it waits");
                    prop_assert!(at.since(begin) <= PATIENCE);
                    now = at;
                }
                None => break,
            }
        }
        prop_assert!((11..=12).contains(&attempts), "{attempts} attempts");
    }
}

#[test]
fn every_topic_has_its_place() {
    let offered: Vec<Topic> = Topic::offered().collect();
    assert!(!offered.contains(&Topic::Test) && !offered.contains(&Topic::TriggerMatched));
    assert!(offered.iter().all(|topic| topic.order() == Order::Ticket));
    let wrong = WebhookInput { name: " ".to_owned(), url: String::new(), topics: vec![Topic::Test], ..WebhookInput::default() };
    let Err(Error::Problems(problems)) = wrong.check() else { panic!("it is not refused") };
    let fields: Vec<(&str, Problem)> = problems.0.iter().map(|(field, problem)| (field.as_str(), *problem)).collect();
    assert_eq!(fields, [("name", Problem::Required), ("url", Problem::Required), ("topics", Problem::BadChoice)]);
}

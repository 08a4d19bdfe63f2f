//! 交换机事件接入: `POST /switch/events`, where a switch of any make tells us of calls.
//!
//! The body is one event, an array of them, or `{"companyId": …, "events": […]}`; an event is `model::event::SwitchEvent`. Headers:
//!
//! | header | is |
//! |---|---|
//! | `x-kefu-key` | the key of the switch, from its settings page |
//! | `x-kefu-timestamp` | seconds since 1970, within five minutes of our clock |
//! | `x-kefu-nonce` | 1 to 64 characters that no other request has |
//! | `x-kefu-signature` | HMAC-SHA256 with the switch's secret over `timestamp.nonce.body`, in hexadecimal |
//!
//! The company is the key's; a `companyId` that says otherwise is refused with 403 (S54). The answer to a request that was
//! understood is 200 with what became of each event, in their order, after everything accepted is committed: whoever got no
//! answer sends the same events again, with another nonce. An event that could not be understood is `refused` and lies in
//! quarantine; once that is full, further ones are `dropped`: nothing of them is kept.

use crate::commands::credential::{self, NONCE_MOST, TOLERANCE};
use crate::commands::take::{Outcome, take_bodies};
use crate::model::switch::Refusal;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::app::App;
use kernel::ctx::Ctx;
use kernel::error::Error;
use kernel::id::SwitchId;
use kernel::lang::Lang;
use kernel::rng;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// Where it stands.
pub const PATH: &str = "/switch/events";
/// Bytes of a body at most.
pub const BODY_MOST: usize = 1024 * 1024;
/// Events of one request at most.
const EVENTS_MOST: usize = 1_000;
/// Events of one switch in a minute at most: 3,000 a second.
const A_MINUTE_MOST: usize = 180_000;

/// Why a request is refused as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Key,
    Signature,
    Clock,
    Nonce,
    Company,
    Body,
    TooLarge,
    TooMany,
    TooFast,
    Busy,
    Internal,
}

impl Fault {
    const fn said(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Fault::Key => (StatusCode::UNAUTHORIZED, "unknown_key", "x-kefu-key is missing, or no switch has it"),
            Fault::Signature => {
                (StatusCode::UNAUTHORIZED, "bad_signature", "x-kefu-signature is not that of timestamp.nonce.body, or the switch is off")
            }
            Fault::Clock => {
                (StatusCode::UNAUTHORIZED, "bad_timestamp", "x-kefu-timestamp must be seconds within five minutes of our clock")
            }
            Fault::Nonce => (StatusCode::CONFLICT, "repeated_nonce", "x-kefu-nonce must be 1 to 64 characters and is taken once"),
            Fault::Company => (StatusCode::FORBIDDEN, "company_mismatch", "companyId is not the company of the key"),
            Fault::Body => (StatusCode::BAD_REQUEST, "bad_json", "the body must be an event, an array of events or {companyId, events}"),
            Fault::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "at most 1 MB"),
            Fault::TooMany => (StatusCode::PAYLOAD_TOO_LARGE, "too_many_events", "at most 1,000 events in a request"),
            Fault::TooFast => (StatusCode::TOO_MANY_REQUESTS, "too_fast", "at most 180,000 events in a minute"),
            Fault::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "nothing was taken: send it again in a moment"),
            Fault::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "nothing was taken: send it again"),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        if error.is_passing() {
            return Fault::Busy;
        }
        tracing::error!(%error, "events of a switch could not be taken");
        Fault::Internal
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, error, message) = self.said();
        let mut response = (status, Json(json!({ "error": error, "message": message }))).into_response();
        if matches!(self, Fault::TooFast | Fault::Busy) {
            response.headers_mut().insert("retry-after", axum::http::HeaderValue::from_static("5"));
        }
        response
    }
}

/// Takes the events of a request.
pub async fn events(State(app): State<Arc<App>>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let Ok(body) = body else { return Fault::TooLarge.into_response() };
    match taken(&app, &headers, &body).await {
        Ok(answer) => Json(answer).into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// What a request says of itself.
struct Envelope<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    signature: Vec<u8>,
}

async fn taken(app: &Arc<App>, headers: &HeaderMap, body: &[u8]) -> Result<Value, Fault> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (company, switch) = credential::owner(app, header("x-kefu-key")).await?.ok_or(Fault::Key)?;
    let ctx = app.system(company).await?;
    let timestamp = header("x-kefu-timestamp");
    let seconds = ctx.now().micros().div_euclid(1_000_000);
    if timestamp.parse::<i64>().ok().is_none_or(|told| told.abs_diff(seconds) > TOLERANCE.as_secs().unsigned_abs()) {
        return Err(Fault::Clock);
    }
    let signature = rng::from_hex(header("x-kefu-signature")).ok_or(Fault::Signature)?;
    let envelope = Envelope { timestamp, nonce: header("x-kefu-nonce"), signature };
    match attempt(&ctx, switch, &envelope, body).await {
        // Two transactions were in each other's way and this one was given up: done again, it works (D13).
        Err(Fault::Busy) => attempt(&ctx, switch, &envelope, body).await,
        done => done,
    }
}

/// Signature, nonce and events are one transaction: a request that failed may come again as it is.
async fn attempt(ctx: &Ctx, switch: SwitchId, envelope: &Envelope<'_>, body: &[u8]) -> Result<Value, Fault> {
    let mut tx = ctx.begin().await?;
    let signed: [&[u8]; 5] = [envelope.timestamp.as_bytes(), b".", envelope.nonce.as_bytes(), b".", body];
    if !credential::is_signed(&mut tx, switch, &signed, &envelope.signature).await? {
        return Err(Fault::Signature);
    }
    let is_nonce = (1..=NONCE_MOST).contains(&envelope.nonce.len());
    if !is_nonce || !credential::remember(&mut tx, switch, envelope.nonce).await? {
        return Err(Fault::Nonce);
    }
    let bodies = bodies(body, &ctx.company.to_string())?;
    if !has_room(ctx, switch, bodies.len()) {
        return Err(Fault::TooFast);
    }
    let outcomes = take_bodies(&mut tx, switch, &bodies).await?;
    tx.commit().await?;
    Ok(answer(&bodies, &outcomes))
}

/// The events of a body, all of which are this company's.
fn bodies(body: &[u8], company: &str) -> Result<Vec<Value>, Fault> {
    let read: Value = serde_json::from_slice(body).map_err(|_| Fault::Body)?;
    let is_foreign = |value: &Value| value.get("companyId").is_some_and(|told| told.as_str() != Some(company));
    let is_envelope_foreign = read.is_object() && is_foreign(&read);
    let bodies = match read {
        Value::Array(events) => events,
        Value::Object(mut fields) => match fields.remove("events") {
            Some(Value::Array(events)) => events,
            Some(_) => return Err(Fault::Body),
            None => vec![Value::Object(fields)],
        },
        _ => return Err(Fault::Body),
    };
    if is_envelope_foreign || bodies.iter().any(is_foreign) {
        return Err(Fault::Company);
    }
    if bodies.len() > EVENTS_MOST {
        return Err(Fault::TooMany);
    }
    Ok(bodies)
}

fn answer(bodies: &[Value], outcomes: &[Outcome]) -> Value {
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    let events: Vec<Value> = bodies
        .iter()
        .zip(outcomes)
        .map(|(body, outcome)| match outcome {
            Outcome::Accepted => json!({ "id": body.get("id"), "outcome": "accepted" }),
            Outcome::Repeated => json!({ "id": body.get("id"), "outcome": "repeated" }),
            Outcome::Refused(reason, detail) => wrong(body, "refused", *reason, detail),
            Outcome::Dropped(reason, detail) => wrong(body, "dropped", *reason, detail),
        })
        .collect();
    json!({
        "accepted": count(|outcome| *outcome == Outcome::Accepted),
        "repeated": count(|outcome| *outcome == Outcome::Repeated),
        "refused": count(|outcome| matches!(outcome, Outcome::Refused(..))),
        "dropped": count(|outcome| matches!(outcome, Outcome::Dropped(..))),
        "events": events,
    })
}

/// What is said of an event that could not be understood.
fn wrong(body: &Value, outcome: &str, reason: Refusal, detail: &str) -> Value {
    json!({
        "id": body.get("id"),
        "outcome": outcome,
        "reason": reason.key(),
        "message": format!("{}: {detail}", reason.label(Lang::En)),
    })
}

/// The present minute and how many events each switch told in it, in this process (S45).
static TOLD: LazyLock<Mutex<(i64, HashMap<SwitchId, usize>)>> = LazyLock::new(Mutex::default);

fn has_room(ctx: &Ctx, switch: SwitchId, events: usize) -> bool {
    let minute = ctx.now().micros() / 60_000_000;
    let Ok(mut told) = TOLD.lock() else { return true };
    if told.0 != minute {
        *told = (minute, HashMap::new());
    }
    let count = told.1.entry(switch).or_default();
    let has_room = *count + events <= A_MINUTE_MOST;
    *count += if has_room { events } else { 0 };
    has_room
}

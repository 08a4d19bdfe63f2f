//! 开放接口, as HTTP: the table of all endpoints, and what stands around each call — parameters, token, scope, limit, posts that are
//! not done twice, envelope and log.

use crate::web::router::PageResult;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use identity::throttle::FIRST;
use jiff::SignedDuration;
use kernel::api::answer::{FAILED, failure, success};
use kernel::api::{Call, Endpoint, Method, Sent, json};
use kernel::app::App;
use kernel::ctx::Request as Facts;
use kernel::error::{Error, Problem, Problems, Result};
use kernel::lang::Lang;
use open_api::commands::call;
use open_api::commands::post::{self as posts, KEY_MOST, Post};
use open_api::commands::token::{Caller, admit, read};
use open_api::rate::{is_over, wait_for};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;
use ui::visit::PublicVisit;

/// Every endpoint, slice by slice: what is not here is not mounted, and what is here is documented.
pub const TABLES: &[&[Endpoint]] =
    &[open_api::api::ENDPOINTS, identity::api::ENDPOINTS, customer::api::ENDPOINTS, ticket::api::ENDPOINTS, stats::api::ENDPOINTS];

/// Largest body of a call, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Every endpoint of the table.
pub fn endpoints() -> Vec<Endpoint> {
    TABLES.iter().flat_map(|table| table.iter().copied()).collect()
}

/// The routes; they stand outside the sessions of browsers.
pub fn router() -> Router<Arc<App>> {
    let mut router = Router::new().route("/openapi.json", get(document));
    for endpoint in TABLES.iter().flat_map(|table| table.iter()) {
        let handle = move |state: State<Arc<App>>, facts: Extension<Facts>, request: Request<Body>| handle(endpoint, state, facts, request);
        router = router.route(
            endpoint.path,
            match endpoint.method {
                Method::Get => get(handle),
                Method::Post => post(handle),
            },
        );
    }
    router
}

/// 接口文档, `/developers`.
pub async fn developers_page(visit: PublicVisit) -> PageResult {
    open_api::pages::reference::page(visit, endpoints()).await
}

async fn document() -> Response {
    axum::Json(open_api::document::document(&endpoints())).into_response()
}

/// What a call is answered: the status, the envelope, and when to come again.
struct Said {
    status: StatusCode,
    body: Value,
    wait: Option<i64>,
}

/// What was asked of an endpoint.
struct Asked {
    app: Arc<App>,
    facts: Facts,
    token: String,
    key: Result<String>,
    sent: Result<Sent>,
    begun: Instant,
}

async fn handle(
    endpoint: &'static Endpoint,
    State(app): State<Arc<App>>,
    Extension(facts): Extension<Facts>,
    request: Request<Body>,
) -> Response {
    let begun = Instant::now();
    let [token, language] = ["token", "language"].map(|name| header_of(request.headers(), name));
    let facts = Facts { lang: Lang::from_key(&language).unwrap_or_default(), ..facts };
    let key = key_of(request.headers());
    let sent = sent(endpoint.method, request).await;
    let asked = Asked { app, facts: facts.clone(), token, key, sent, begun };
    // On its own, so that a client that hangs up leaves neither half a call behind nor a key that nobody gives back.
    let said = match tokio::spawn(answered(endpoint, asked)).await {
        Ok(said) => said,
        Err(broken) => told(Err(Error::internal(broken)), &facts),
    };
    let mut response = (said.status, axum::Json(said.body)).into_response();
    if let Some(seconds) = said.wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

async fn answered(endpoint: &'static Endpoint, asked: Asked) -> Said {
    let Asked { app, facts, token, key, sent, begun } = asked;
    if let Call::Public(run) = &endpoint.call {
        let done = match sent {
            Ok(sent) => run(app, facts.clone(), sent).await,
            Err(error) => Err(error),
        };
        return told(done.map(|answer| success(answer, facts.lang)), &facts);
    }
    // Whoever calls too often is told so before the database is asked, and leaves no row.
    if let Some(wait) = read(&token).and_then(|(_, token_hash)| is_over(&token_hash, app.clock.now())) {
        return too_many(wait, &facts);
    }
    let caller = match admit(&app, facts.clone(), &token).await {
        Ok(caller) => caller,
        Err(error) => return told(Err(error), &facts),
    };
    if let Some(wait) = wait_for(caller.id, &caller.token_hash, caller.ctx.now()) {
        return too_many(wait, &facts);
    }
    let said = told(known(endpoint, &caller, sent, key, &facts).await, &facts);
    let ret_code = said.body["ret_code"].as_str().unwrap_or(FAILED);
    // A call that was answered stays answered, whatever becomes of its row.
    if let Err(error) = call::note(&caller, endpoint.path, ret_code, begun.elapsed()).await {
        crate::web::errors::log(&error, &facts);
    }
    said
}

fn too_many(wait: SignedDuration, facts: &Facts) -> Said {
    let body = failure(&Problem::TooManyCalls.into(), facts.lang);
    Said { status: StatusCode::TOO_MANY_REQUESTS, body, wait: Some(wait.as_secs() + 1) }
}

/// A call by a token that is good.
async fn known(endpoint: &Endpoint, caller: &Caller, sent: Result<Sent>, key: Result<String>, facts: &Facts) -> Result<Value> {
    let sent = sent?;
    if endpoint.method == Method::Get {
        return run(endpoint, caller, sent, facts).await;
    }
    match key?.as_str() {
        "" => run(endpoint, caller, sent, facts).await,
        key => once(endpoint, caller, sent, key, facts).await,
    }
}

async fn run(endpoint: &Endpoint, caller: &Caller, sent: Sent, facts: &Facts) -> Result<Value> {
    let Call::Known(scope, run) = endpoint.call else { return Err(Error::NotFound) };
    let ctx = caller.by(scope)?;
    let answer = match run(ctx.clone(), sent.clone()).await {
        // Nothing of the first try is left, and the other transaction is through (D13).
        Err(Error::Contended) => run(ctx, sent).await?,
        done => done?,
    };
    Ok(success(answer, facts.lang))
}

/// A post that is not done twice: what is refused gives its key back. Of a failure nobody knows what happened before it, so its key
/// stays taken.
async fn once(endpoint: &Endpoint, caller: &Caller, sent: Sent, key: &str, facts: &Facts) -> Result<Value> {
    if key.chars().count() > KEY_MOST {
        return Err(Problem::TooLong.into());
    }
    if let Post::Answered(answer) = posts::begin(caller, key, &posts::fingerprint(endpoint.path, &sent)).await? {
        return Ok(answer);
    }
    match run(endpoint, caller, sent, facts).await {
        Ok(answer) => {
            posts::finish(caller, key, &answer).await?;
            Ok(answer)
        }
        Err(error) => {
            if is_refusal(&error) {
                posts::release(caller, key).await?;
            }
            Err(error)
        }
    }
}

/// Whether the post was refused: nothing of it is left.
const fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Problems(_) | Error::NotFound | Error::Forbidden(_) | Error::SignInFirst | Error::Contended => true,
        Error::Busy | Error::Internal(_) => false,
    }
}

/// The original product answers every refusal with 200; only what a client must treat otherwise has another status.
fn told(done: Result<Value>, facts: &Facts) -> Said {
    match done {
        Ok(body) => Said { status: StatusCode::OK, body, wait: None },
        Err(error) => {
            crate::web::errors::log(&error, facts);
            let (status, wait) = match &error {
                Error::Busy | Error::Contended => (StatusCode::SERVICE_UNAVAILABLE, Some(5)),
                Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
                refused if refused.problem() == Problem::TooFrequent => (StatusCode::TOO_MANY_REQUESTS, Some(FIRST.as_secs())),
                _ => (StatusCode::OK, None),
            };
            Said { status, body: failure(&error, facts.lang), wait }
        }
    }
}

/// What was sent: the query of a GET; the body of a POST, and what its address says besides.
async fn sent(method: Method, request: Request<Body>) -> Result<Sent> {
    let query = pairs(request.uri().query().unwrap_or(""))?;
    if method == Method::Get {
        return Ok(query);
    }
    let kind = content_type(request.headers());
    let body = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| Error::from(Problem::TooLong))?;
    let text = core::str::from_utf8(&body).map_err(|_| Error::from(Problem::BadFormat))?;
    let mut sent = match text.trim() {
        "" => Sent::new(),
        text if kind == "application/x-www-form-urlencoded" => pairs(text)?,
        text => match json::read(text) {
            Some(Value::Object(sent)) => sent,
            _ => return Err(Problem::BadFormat.into()),
        },
    };
    if Value::Object(sent.clone()).to_string().contains("\\u0000") {
        // It cannot be stored, and nobody types it (S28).
        return Err(Problem::BadFormat.into());
    }
    for (name, value) in query {
        sent.entry(name).or_insert(value);
    }
    Ok(sent)
}

/// A header as text; empty when it is not there.
fn header_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").trim().to_owned()
}

/// The key of a post that is not done twice. One that cannot be read is refused: without it, the post would be done again.
fn key_of(headers: &HeaderMap) -> Result<String> {
    let wrong = |_| Error::Problems(Problems::one("Idempotency-Key", Problem::BadFormat));
    headers.get("idempotency-key").map_or(Ok(String::new()), |key| key.to_str().map(|key| key.trim().to_owned()).map_err(wrong))
}

fn content_type(headers: &HeaderMap) -> String {
    header_of(headers, "content-type").split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Names and values of an address or a form; a name that comes twice is refused (S28).
fn pairs(text: &str) -> Result<Sent> {
    let mut sent = Sent::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        if value.contains('\0') || sent.insert(name, Value::String(value)).is_some() {
            return Err(Problem::BadFormat.into());
        }
    }
    Ok(sent)
}

/// Percent-decoded, as forms encode.
fn decoded(text: &str) -> Result<String> {
    let bad = || Error::from(Problem::BadFormat);
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(bad);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).map_err(|_| bad())?
            }
            other => other,
        });
    }
    String::from_utf8(out).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::{is_refusal, key_of};
    use axum::http::{HeaderMap, HeaderValue};
    use kernel::error::{Error, Problem};

    #[test]
    fn a_key_that_cannot_be_read_is_refused_and_not_left_out() {
        let mut headers = HeaderMap::new();
        assert_eq!(key_of(&headers).ok().as_deref(), Some(""));
        headers.insert("idempotency-key", HeaderValue::from_static(" k1 "));
        assert_eq!(key_of(&headers).ok().as_deref(), Some("k1"));
        headers.insert("idempotency-key", HeaderValue::from_bytes("订单".as_bytes()).expect("a value"));
        assert_eq!(key_of(&headers).map_err(|error| error.problem()), Err(Problem::BadFormat));
    }

    #[test]
    fn only_what_was_refused_gives_its_key_back() {
        assert!(is_refusal(&Error::NotFound) && is_refusal(&Error::Contended) && is_refusal(&Problem::Required.into()));
        assert!(!is_refusal(&Error::Busy) && !is_refusal(&Error::Internal(String::new())));
    }
}

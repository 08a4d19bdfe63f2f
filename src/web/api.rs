//! 开放接口, as HTTP: the table of all endpoints, and what stands around each call — parameters, token, scope, limit, posts that are
//! not done twice, envelope and log.

use crate::web::router::PageResult;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use kernel::api::answer::{FAILED, failure, success};
use kernel::api::{Call, Endpoint, Method, Sent};
use kernel::app::App;
use kernel::ctx::Request as Facts;
use kernel::error::{Error, Problem, Result};
use kernel::lang::Lang;
use open_api::commands::call;
use open_api::commands::post::{self as posts, KEY_MOST, Post};
use open_api::commands::token::{Caller, admit};
use open_api::rate::wait_for;
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

async fn handle(
    endpoint: &'static Endpoint,
    State(app): State<Arc<App>>,
    Extension(facts): Extension<Facts>,
    request: Request<Body>,
) -> Response {
    let begun = Instant::now();
    let [token, key, language] = ["token", "idempotency-key", "language"].map(|name| header_of(request.headers(), name));
    let lang = Lang::from_key(&language).unwrap_or_default();
    let facts = Facts { lang, ..facts };
    let sent = sent(endpoint.method, request).await;
    let (said, caller) = match &endpoint.call {
        Call::Public(run) => {
            let done = match sent {
                Ok(sent) => run(app, facts.clone(), sent).await,
                Err(error) => Err(error),
            };
            (told(done.map(|answer| success(answer, lang)), &facts), None)
        }
        Call::Known(..) => match admit(&app, facts.clone(), &token).await {
            Err(error) => (told(Err(error), &facts), None),
            Ok(caller) => (known(endpoint, &caller, sent, &key, &facts).await, Some(caller)),
        },
    };
    if let Some(caller) = caller {
        let ret_code = said.body["ret_code"].as_str().unwrap_or(FAILED);
        // A call that was answered stays answered, whatever becomes of its row.
        if let Err(error) = call::note(&caller, endpoint.path, ret_code, begun.elapsed()).await {
            crate::web::errors::log(&error, &facts);
        }
    }
    let mut response = (said.status, axum::Json(said.body)).into_response();
    if let Some(seconds) = said.wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A call by a token that is good.
async fn known(endpoint: &Endpoint, caller: &Caller, sent: Result<Sent>, key: &str, facts: &Facts) -> Said {
    if let Some(wait) = wait_for(&caller.token_hash, caller.ctx.now()) {
        let body = failure(&Problem::TooManyCalls.into(), facts.lang);
        return Said { status: StatusCode::TOO_MANY_REQUESTS, body, wait: Some(wait.as_secs() + 1) };
    }
    let done = match sent {
        Ok(sent) if endpoint.method == Method::Post && !key.is_empty() => once(endpoint, caller, sent, key, facts).await,
        Ok(sent) => run(endpoint, caller, sent, facts).await,
        Err(error) => Err(error),
    };
    told(done, facts)
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

/// A post that is not done twice: what is refused gives its key back.
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
            posts::release(caller, key).await?;
            Err(error)
        }
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
        text => match serde_json::from_str(text) {
            Ok(Value::Object(sent)) => sent,
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

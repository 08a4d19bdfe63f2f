//! What stands before every request: its facts, the origin check of everything that changes something (S42), the log
//! line, and the catch of a panic (S50).

use crate::measure;
use crate::web::{errors, who};
use axum::body::Body;
use axum::extract::{MatchedPath, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use kernel::app::App;
use kernel::egress::OWN_PATH;
use kernel::error::Problem;
use std::sync::Arc;
use std::time::Instant;

/// Works out the request's facts, refuses foreign origins, logs the outcome. What comes to the receiver of forwarded messages is
/// sent by programs and reads no cookie: it has no origin.
pub async fn guard(State(app): State<Arc<App>>, request: Request<Body>, next: Next) -> Response {
    let begun = Instant::now();
    let (mut parts, body) = request.into_parts();
    let facts = who::request_of(&app, &parts);
    parts.extensions.insert(facts.clone());
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (method, path, query) = (parts.method.clone(), parts.uri.path().to_owned(), parts.uri.query().unwrap_or("").to_owned());
    let mut response = if is_signed(&path) || path.starts_with(OWN_PATH) || is_allowed(&app, &method, &path, &parts.headers) {
        next.run(Request::from_parts(parts, body)).await
    } else {
        errors::plain(StatusCode::FORBIDDEN, Problem::Forbidden, &facts)
    };
    if chooses_language(&query) {
        // A language asked for in an address is kept: a form on that page is answered in it.
        let cookie = format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", who::LANG_COOKIE, facts.lang.key());
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().append("set-cookie", cookie);
        }
    }
    if let Ok(id) = facts.id.to_string().parse() {
        response.headers_mut().insert("x-request-id", id);
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert("retry-after", HeaderValue::from_static("5"));
    }
    let took = begun.elapsed();
    measure::request(&method, route.as_deref(), response.status(), took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request = %facts.id, %method, path, status = response.status().as_u16(), millis, "request");
    response
}

fn chooses_language(query: &str) -> bool {
    query.split('&').any(|pair| pair == "lang=zh" || pair == "lang=en")
}

/// Where each request is signed and carries no cookie: whose page it came from means nothing.
fn is_signed(path: &str) -> bool {
    path == call::api::PATH
}

/// Reading is free; changing must come from a page of ours: same `Origin`, or a fetch of the same site. Browsers send
/// both on every form post; a client that sends neither is no browser and carries no cookie by itself. The open platform looks at
/// no cookie: its programs bring a token, and name no origin.
fn is_allowed(app: &App, method: &Method, path: &str, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) || path.starts_with("/api/") {
        return true;
    }
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match header("origin") {
        Some(origin) => is_own(app, origin, header("host")),
        None => header("sec-fetch-site") == Some("same-origin"),
    }
}

/// Whether an origin is the public address, or the very host the request went to.
fn is_own(app: &App, origin: &str, host: Option<&str>) -> bool {
    let public = app.config.public_url.trim_end_matches('/');
    let same_host = origin.split_once("://").is_some_and(|(_, rest)| host == Some(rest));
    origin.eq_ignore_ascii_case(public) || same_host
}

//! Headers of every answer (S11, S52).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use axum::middleware::Next;
use axum::response::Response;
use kernel::app::App;
use std::sync::Arc;

/// The policy of a page with this nonce.
#[must_use]
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; frame-src 'self'; form-action 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// The policy of everything that is no page.
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Adds what an answer does not say itself.
pub async fn headers(State(app): State<Arc<App>>, request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let https = app.config.is_https();
    let headers = response.headers_mut();
    add(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(headers, header::REFERRER_POLICY, "same-origin");
    add(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    add(headers, header::CONTENT_SECURITY_POLICY, BARE_POLICY);
    add(headers, header::CACHE_CONTROL, "no-store");
    if https {
        add(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

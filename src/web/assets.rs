//! Assets of `public/`: inside the binary in a release build, from the folder in a debug build.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use memory_serve::CacheControl;

/// `/kefu.css`, `/icons.svg`, `/pkg/…`, `/sounds/…`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    memory_serve::load!().index_file(None).cache_control(CacheControl::Short).into_router::<S>().layer(from_fn(policy))
}

/// An asset may be shown, and nothing in it may run.
async fn policy(request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'self'");
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

//! 试收地址, `/hook/{token}`: takes what this installation forwards to itself. Its caller is a program: there is no session, no
//! origin, and the token in the address is the right.

use crate::web::errors;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use kernel::app::App;
use kernel::ctx::Request;
use kernel::error::{Error, Result};
use kernel::rng::read_link_token;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use webhook::commands::receive::{Arrival, take};
use webhook::model::Reply;

/// Bytes of a request at most: twenty messages and more.
const BODY_MOST: usize = 2 * 1024 * 1024;
/// Longer than anybody waits for an answer.
const SLOW: Duration = Duration::from_secs(20);

/// The one address.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/hook/{token}", post(receive)).layer(DefaultBodyLimit::max(BODY_MOST))
}

async fn receive(
    State(app): State<Arc<App>>,
    Extension(request): Extension<Request>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reply = match answer(&app, &token, &headers, &body).await {
        Ok(reply) => reply,
        Err(error) => return errors::bare(&error, &request).await,
    };
    if reply == Reply::Slow {
        tokio::time::sleep(SLOW).await;
    }
    match reply {
        Reply::Error => (StatusCode::INTERNAL_SERVER_ERROR, "told to fail once\n").into_response(),
        Reply::NotAcknowledged => Json(json!({ "ret_code": "999999", "ret_msg": "told to refuse once" })).into_response(),
        Reply::Taken | Reply::Slow => Json(json!({ "ret_code": "000000", "ret_msg": "ok" })).into_response(),
    }
}

async fn answer(app: &Arc<App>, token: &str, headers: &HeaderMap, body: &[u8]) -> Result<Reply> {
    let (company, hash) = read_link_token(token).ok_or(Error::NotFound)?;
    let ctx = app.system(company).await?;
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    take(&ctx, &hash, &Arrival { headers, body: String::from_utf8_lossy(body).into_owned() }).await
}

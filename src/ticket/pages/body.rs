//! 邮件正文: what a mail in a ticket says, for its frame in the timeline, or by itself.

use crate::queries;
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::error::Result;
use ui::frame;
use ui::visit::Visit;

/// The words of one message; `?part=fresh` or `?part=quoted` alone.
pub async fn body(visit: Visit, _headers: HeaderMap) -> Result<Response> {
    let letter = queries::body::body(&visit.ctx, visit.param("id")?, visit.param("message")?).await?;
    frame::document(&letter, &visit)
}

//! 附件下载: each download asks its owner whether the person may read it, and nothing in a file may run (S15, S16).

use crate::web::{errors, who};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::FileId;
use kernel::permission::Permission;
use kernel::store;
use std::sync::Arc;
use tower_sessions::Session;

/// `/files/{id}`.
pub async fn download(
    State(app): State<Arc<App>>,
    Extension(request): Extension<Request>,
    session: Session,
    Path(id): Path<String>,
) -> Response {
    let answer = async {
        let (ctx, _) = who::signed_in(&app, &session, &request).await?.ok_or(Error::SignInFirst)?;
        send(&ctx, id.parse().map_err(|_| Error::NotFound)?).await
    };
    match answer.await {
        Ok(response) => response,
        Err(error) => errors::bare(&error, &request).await,
    }
}

async fn send(ctx: &Ctx, id: FileId) -> Result<Response> {
    let mut tx = ctx.read().await?;
    let file = store::find(&mut tx, id).await?;
    drop(tx);
    may_read(ctx, &file).await?;
    let content = store::read(ctx, &file.sha256).await?;
    let is_inline = store::shows_inline(&file.media_type);
    let headers = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::CONTENT_DISPOSITION, store::disposition(&file.name, is_inline)),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// Whose rights decide: the ticket's, the ledger's, the exporter's own.
async fn may_read(ctx: &Ctx, file: &store::StoredFile) -> Result {
    match file.owner_kind.as_str() {
        "ticket_message" | "draft" | "picture" => ticket::queries::file_for(ctx, file.id).await.map(|_| ()),
        "mail" => ctx.require(Permission::MailLedger),
        "export" => export::queries::file_for(ctx, file.id).await,
        _ => Err(Error::NotFound),
    }
}

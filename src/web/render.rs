//! Draws a page through Leptos: the document, the nonce, the island scripts.

use crate::web::{headers, shell};
use axum::body::Body;
use axum::http::{HeaderValue, Request as HttpRequest, StatusCode, header};
use axum::response::Response;
use kernel::ctx::Request;
use leptos::nonce::use_nonce;
use leptos::prelude::RenderHtml;
use leptos::tachys::html::InertElement;
use std::sync::{Arc, Mutex};
use ui::flash::Toast;
use ui::page::Page;
use ui::visit::Visit;

/// Draws the page; with a visit, inside the console.
pub async fn render(page: Page, request: Request, visit: Option<Visit>, toast: Option<Toast>) -> Response {
    let status = page.status;
    // Leptos asks for a function that could be called again; a page is drawn once.
    let once = Arc::new(Mutex::new(Some((page, visit, toast))));
    let policy = Arc::new(Mutex::new(String::new()));
    let app = {
        let policy = policy.clone();
        move || {
            let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
            if let Ok(mut policy) = policy.lock() {
                *policy = headers::page_policy(&nonce);
            }
            let taken = once.lock().ok().and_then(|mut once| once.take());
            // Everything is read by now, so it is drawn at once: pieces that could wait for data cost twice as much.
            taken.map(|(page, visit, toast)| InertElement::new(shell::document(page, &request, visit, toast).to_html()))
        }
    };
    let draw = leptos_axum::render_app_async_with_context(|| (), app);
    let mut response = draw(HttpRequest::builder().uri("/").body(Body::empty()).unwrap_or_default()).await;
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let policy = policy.lock().map(|policy| policy.clone()).unwrap_or_default();
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

//! 服务端函数: what a form or an island posts. Who asks and how much may be sent is settled here, before the function
//! reads anything.

use crate::web::{errors, rate, who};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use kernel::app::App;
use kernel::ctx::Request as Facts;
use kernel::error::{Error, Problem, Wire};
use leptos::prelude::provide_context;
use rate::Costly;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_sessions::Session;
use ui::act::Call;
use ui::form::path_of;

/// Largest body of a form with files that is read to its end, in bytes, so that the browser hears what is wrong with it;
/// far less of it is kept.
const LARGEST_UPLOAD: usize = 512 * 1024 * 1024;
/// Largest body of any other form of somebody who is signed in.
const LARGEST_FORM: usize = 10 * 1024 * 1024;
/// Largest body of a form that anybody may post.
const LARGEST_PUBLIC: usize = 256 * 1024;

/// Server functions that take files; every other one takes a plain form.
fn takes_files(path: &str) -> bool {
    [
        path_of::<identity::actions::ImportAgents>(),
        path_of::<ticket::actions::CreateTicket>(),
        path_of::<ticket::actions::ReplyTicket>(),
        path_of::<ticket::actions::KeepPicture>(),
        path_of::<config::actions::UploadConfiguration>(),
    ]
    .contains(&path)
}

/// A server function: the request's facts and person are put beside it, the function does the rest.
pub async fn server_function(
    State(app): State<Arc<App>>,
    Extension(facts): Extension<Facts>,
    session: Session,
    request: Request<Body>,
) -> Response {
    let [accept, referer, user_agent] = ["accept", "referer", "user-agent"]
        .map(|name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned());
    let is_form = accept.contains("text/html");
    let ctx = match who::signed_in(&app, &session, &facts).await {
        Ok(found) => found.map(|(ctx, _)| ctx),
        Err(error) if is_form => return errors::bare(&error, &facts).await,
        Err(error) => {
            errors::log(&error, &facts);
            return errors::plain(errors::status(&error), error.problem(), &facts);
        }
    };
    // Whose session ended meanwhile is read as well, so that what they typed waits for them.
    let was = match ctx {
        Some(_) => None,
        None => who::cookie(request.headers(), ui::act::WAS_COOKIE).and_then(|cookie| ui::act::who_was(&app, &cookie)),
    };
    let costly = Costly::function(request.uri().path());
    let wait = match (costly, &ctx, facts.ip) {
        (Some(Costly::PublicForm), _, Some(ip)) => rate::wait_for_visitor(ip, Costly::PublicForm, app.clock.now()),
        (Some(costly), Some(ctx), _) => rate::wait_for(ctx, costly),
        _ => None,
    };
    // What somebody typed into a page is not lost for it: the form is there again, as long as that is no flood of its own.
    let is_public = costly == Some(Costly::PublicForm) && is_form && wait.is_some();
    let is_too_often = is_public && facts.ip.is_some_and(|ip| rate::wait_for_visitor(ip, Costly::PublicAgain, app.clock.now()).is_none());
    if let Some(seconds) = wait.filter(|_| !is_too_often) {
        return errors::wait(seconds, &facts);
    }
    let request = match within_limits(request, ctx.is_some() || was.is_some()).await {
        Ok(request) => request,
        Err((status, problem)) => return errors::plain(status, problem, &facts),
    };
    let is_away = Arc::new(AtomicBool::new(false));
    let request_facts = ctx.as_ref().map_or_else(|| facts.clone(), |ctx| ctx.request.clone());
    let (back, is_away_too) = (back(&referer), is_away.clone());
    let call = Call { app, ctx, was, request: request_facts, session, back, is_form, is_too_often, user_agent, is_away: is_away_too };
    let response = leptos_axum::handle_server_fns_with_context(move || provide_context(call.clone()), request).await.into_response();
    if is_away.load(Ordering::Relaxed) {
        if is_form {
            return errors::bare(&Error::Busy, &facts).await;
        }
        let mut response = response;
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return response;
    }
    match response.status() {
        StatusCode::FOUND => {
            // After a post the browser must ask for the next page with GET, whatever it posted.
            let mut response = response;
            *response.status_mut() = StatusCode::SEE_OTHER;
            response
        }
        StatusCode::BAD_REQUEST if is_form => errors::plain(StatusCode::BAD_REQUEST, Problem::BadFormat, &facts),
        StatusCode::INTERNAL_SERVER_ERROR if !is_form => with_status(response).await,
        _ => response,
    }
}

/// A refusal with the status of its first problem: the framework calls every one an error of the server's own.
async fn with_status(response: Response) -> Response {
    /// More problems than a form has fields.
    const LONGEST: usize = 1024 * 1024;
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let first = serde_json::from_slice::<Wire>(&body).ok().and_then(|wire| wire.problems.0.first().map(|(_, problem)| *problem));
    parts.status = errors::status_of(first.unwrap_or(Problem::Internal));
    Response::from_parts(parts, Body::from(body))
}

/// The request with a body of the right kind and no more of it than whoever asks may send.
async fn within_limits(request: Request<Body>, is_signed_in: bool) -> std::result::Result<Request<Body>, (StatusCode, Problem)> {
    let (mut parts, body) = request.into_parts();
    if takes_files(parts.uri.path()) {
        if !is_signed_in {
            // Nobody's files are read: the function asks to sign in.
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=none"));
            return Ok(Request::from_parts(parts, Body::empty()));
        }
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !is_multipart(kind) {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, Problem::BadFormat));
        }
        let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > LARGEST_UPLOAD) {
            return Err((StatusCode::PAYLOAD_TOO_LARGE, Problem::FileTooLarge));
        }
        let mut room = LARGEST_UPLOAD;
        let counted = body.into_data_stream().map(move |chunk| {
            let chunk = chunk.map_err(std::io::Error::other)?;
            room = room.checked_sub(chunk.len()).ok_or_else(|| std::io::Error::other("too large"))?;
            Ok::<_, std::io::Error>(chunk)
        });
        return Ok(Request::from_parts(parts, Body::from_stream(counted)));
    }
    let most = if is_signed_in { LARGEST_FORM } else { LARGEST_PUBLIC };
    match axum::body::to_bytes(body, most).await {
        Ok(form) => {
            let form = with_plain_lines(&form);
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(form.len()));
            Ok(Request::from_parts(parts, Body::from(form)))
        }
        Err(_) => Err((StatusCode::PAYLOAD_TOO_LARGE, Problem::TooLong)),
    }
}

/// A posted form with line ends as people count and programs keep them: browsers send two characters for each.
fn with_plain_lines(form: &[u8]) -> Vec<u8> {
    const SENT: &[u8] = b"%0D%0A";
    let mut out = Vec::with_capacity(form.len());
    let mut rest = form;
    while let Some((first, after)) = rest.split_first() {
        if rest.len() >= SENT.len() && rest[..SENT.len()].eq_ignore_ascii_case(SENT) {
            out.extend_from_slice(b"%0A");
            rest = &rest[SENT.len()..];
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

/// Whether a form with files says where its parts end, as browsers do; whoever reads it takes that for granted.
fn is_multipart(kind: &str) -> bool {
    let Some(boundary) = kind.strip_prefix("multipart/form-data").and_then(|rest| rest.trim_start().strip_prefix(';')) else {
        return false;
    };
    let Some(boundary) = boundary.trim().strip_prefix("boundary=") else { return false };
    (1..=70).contains(&boundary.len()) && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Path and query of the page that was left; only ever of this site, since the origin was checked before.
fn back(referer: &str) -> String {
    let rest = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/");
    ui::act::local(rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{back, is_multipart, with_plain_lines};

    #[test]
    fn line_ends_of_a_form_are_one_character() {
        assert_eq!(with_plain_lines(b"a=1%0D%0A2%0d%0a&b=%250D%250A%0D"), b"a=1%0A2%0A&b=%250D%250A%0D");
    }

    #[test]
    fn forms_with_files_name_their_boundary() {
        assert!(is_multipart("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"));
        for other in
            ["", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a b", "text/plain; boundary=a"]
        {
            assert!(!is_multipart(other), "{other}");
        }
    }

    #[test]
    fn the_page_that_was_left() {
        assert_eq!(back("http://127.0.0.1:8080/tickets?view=mine"), "/tickets?view=mine");
        assert_eq!(back("http://127.0.0.1:8080"), "/");
        assert_eq!(back("http://a//evil"), "/");
        assert_eq!(back(""), "/");
    }
}

//! Puts the tables together: pages, server functions, live stream, files, assets, health.

use crate::web::{assets, errors, files, guard, headers, health, live, rate, render, routes, session, who};
use axum::body::Body;
use axum::extract::{RawPathParams, State};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use futures_util::StreamExt;
use kernel::app::App;
use kernel::ctx::{Ctx, Request as Facts};
use kernel::error::{Error, Problem, Result};
use kernel::permission::{Module, Permission};
use leptos::prelude::provide_context;
use rate::Costly;
use routes::{Access, Draw, Route};
use session::Requests;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_sessions::Session;
use ui::act::Call;
use ui::flash::Flash;
use ui::form::path_of;
use ui::visit::{Place, PublicVisit, Visit};

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
    ]
    .contains(&path)
}

/// The whole web side.
pub fn router(app: Arc<App>) -> Router {
    // Leptos draws on tokio; a second router of one process finds it chosen already.
    let _ = any_spawner::Executor::init_tokio();
    let mut router: Router<Arc<App>> = Router::new();
    for route in routes::ROUTES {
        router = router.route(
            route.path,
            get(move |state, facts, session, params, uri, headers| page(route, state, facts, session, params, uri, headers)),
        );
    }
    let compression = CompressionLayer::new()
        .br(true)
        .gzip(true)
        .compress_when(SizeAbove::new(512).and(NotForContentType::const_new("text/event-stream")));
    // What open pages ask by themselves keeps nobody signed in.
    let asked = Router::new()
        .route("/live", get(live::stream))
        .route(path_of::<ticket::actions::BePresent>(), post(server_function))
        .layer(session::layer(&app, Requests::Asked));
    router
        .route("/do/{*name}", post(server_function))
        .route("/files/{id}", get(files::download))
        .merge(health::router())
        .merge(assets::router())
        .fallback(any(nothing_here))
        .layer(session::layer(&app, Requests::Acted))
        .merge(asked)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(from_fn_with_state(app.clone(), headers::headers))
        .layer(compression)
        .with_state(app)
}

/// One page: who asks, may they, what does the page function answer.
async fn page(
    route: &'static Route,
    State(app): State<Arc<App>>,
    Extension(facts): Extension<Facts>,
    session: Session,
    params: RawPathParams,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let place = Place {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or("").to_owned(),
        params: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    };
    match route.draw {
        Draw::Public(draw) => {
            public_page(draw, PublicVisit { app, request: facts, place, flash: Flash::take(&session).await, session }).await
        }
        Draw::Console(draw) => {
            let visit = match console_visit(&app, &session, &facts, place, route).await {
                Ok(visit) => visit,
                Err(answer) => return *answer,
            };
            console_page(draw, visit, facts).await
        }
        Draw::Answer(answer) => {
            let visit = match console_visit(&app, &session, &facts, place, route).await {
                Ok(visit) => visit,
                Err(answer) => return *answer,
            };
            match answer(visit, headers).await {
                Ok(response) => response,
                Err(error) => errors::bare(&error, &facts).await,
            }
        }
    }
}

async fn public_page(draw: routes::DrawPublic, visit: PublicVisit) -> Response {
    let (facts, toast, session) = (visit.request.clone(), visit.flash.toast.clone(), visit.session.clone());
    match draw(visit).await {
        Ok(page) => render::render(page, facts, None, toast).await,
        // A public page that turns out to be for signed-in people only, such as the first visit of a set-up place.
        Err(Error::SignInFirst) => match ui::session::signed_in(&session).await {
            Ok(Some(_)) => Redirect::to("/").into_response(),
            Ok(None) => Redirect::to("/sign-in").into_response(),
            Err(error) => errors::bare(&error, &facts).await,
        },
        Err(error) => errors::bare(&error, &facts).await,
    }
}

async fn console_visit(
    app: &Arc<App>,
    session: &Session,
    facts: &Facts,
    place: Place,
    route: &Route,
) -> std::result::Result<Visit, Box<Response>> {
    match who::signed_in(app, session, facts).await {
        Ok(Some((ctx, viewer))) => {
            let mut visit = Visit { ctx, viewer, place, flash: Flash::take(session).await, session: session.clone() };
            match standing(&visit.ctx).await {
                Ok(standing) => (visit.viewer.unread, visit.viewer.heard) = (standing.unread, standing.head),
                Err(error) => return Err(Box::new(errors::bare(&error, facts).await)),
            }
            match route.access {
                Access::Needs(item) if !visit.ctx.may(item) => {
                    let facts = visit.ctx.request.clone();
                    let page = errors::page(&Error::Forbidden(item), &facts);
                    Err(Box::new(render::render(page, facts, Some(visit), None).await))
                }
                _ => match Costly::page(route.path).and_then(|costly| rate::wait_for(&visit.ctx, costly)) {
                    Some(seconds) => Err(Box::new(errors::wait(seconds, facts))),
                    None => Ok(visit),
                },
            }
        }
        Ok(None) => Err(Box::new(ask_to_sign_in(app, facts, &place).await)),
        Err(error) => Err(Box::new(errors::bare(&error, facts).await)),
    }
}

async fn console_page(draw: routes::DrawConsole, visit: Visit, facts: Facts) -> Response {
    let (frame, toast) = (visit.clone(), visit.flash.toast.clone());
    let page = match draw(visit).await {
        Ok(page) => page,
        Err(error) => {
            errors::log(&error, &facts);
            errors::page(&error, &frame.ctx.request)
        }
    };
    let page = with_menu(page, &frame).await;
    render::render(page, frame.ctx.request.clone(), Some(frame), toast).await
}

/// The ticket lists stand in their module's menu on every page of it, also where the page itself shows none.
async fn with_menu(mut page: ui::page::Page, frame: &Visit) -> ui::page::Page {
    let is_ticket = crate::web::nav::module_of(frame.path()) == Some(Module::Ticket);
    if is_ticket && page.side.is_none() && frame.ctx.may(Permission::TicketView) {
        match ticket::pages::part::menu(&frame.ctx).await {
            Ok(menu) => page.side = Some(Box::new(menu)),
            // The page is worth more than its menu.
            Err(error) => errors::log(&error, &frame.ctx.request),
        }
    }
    page
}

/// The number on the bell, and where the page's stream goes on.
async fn standing(ctx: &Ctx) -> Result<kernel::live::Standing> {
    let mut tx = ctx.read().await?;
    kernel::live::standing(&mut tx, ctx.agent()?).await
}

/// Signed-out people go to the sign-in page and come back; an installation without a company of its own shows its first
/// visit.
async fn ask_to_sign_in(app: &Arc<App>, facts: &Facts, place: &Place) -> Response {
    match identity::queries::company::installation(app).await {
        Ok(found) if !found.has_company => return Redirect::to("/welcome").into_response(),
        Ok(_) => {}
        Err(error) => return errors::bare(&error, facts).await,
    }
    let next = if place.query.is_empty() { place.path.clone() } else { format!("{}?{}", place.path, place.query) };
    if next == "/" {
        Redirect::to("/sign-in").into_response()
    } else {
        Redirect::to(&format!("/sign-in?next={}", ui::visit::encoded(&next))).into_response()
    }
}

/// A server function: the request's facts and person are put beside it, the function does the rest.
async fn server_function(
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
    if let Some(seconds) = ctx.as_ref().zip(costly).and_then(|(ctx, costly)| rate::wait_for(ctx, costly)) {
        return errors::wait(seconds, &facts);
    }
    let request = match within_limits(request, ctx.is_some() || was.is_some()).await {
        Ok(request) => request,
        Err((status, problem)) => return errors::plain(status, problem, &facts),
    };
    let is_away = Arc::new(AtomicBool::new(false));
    let request_facts = ctx.as_ref().map_or_else(|| facts.clone(), |ctx| ctx.request.clone());
    let call = Call { app, ctx, was, request: request_facts, session, back: back(&referer), is_form, user_agent, is_away: is_away.clone() };
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
        _ => response,
    }
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

/// An address of no page: in the frame for whoever is signed in and asked for a page.
async fn nothing_here(
    State(app): State<Arc<App>>,
    Extension(facts): Extension<Facts>,
    session: Session,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let wants_page = headers.get("accept").and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if method != Method::GET || !wants_page {
        return errors::bare(&Error::NotFound, &facts).await;
    }
    let place = Place { path: uri.path().to_owned(), query: uri.query().unwrap_or("").to_owned(), params: HashMap::new() };
    match who::signed_in(&app, &session, &facts).await {
        Ok(Some((ctx, viewer))) => {
            let facts = ctx.request.clone();
            let visit = Visit { ctx, viewer, place, flash: Flash::default(), session };
            render::render(errors::page(&Error::NotFound, &facts), facts, Some(visit), None).await
        }
        _ => errors::bare(&Error::NotFound, &facts).await,
    }
}

fn panicked(cause: Box<dyn std::any::Any + Send>) -> axum::http::Response<Body> {
    let text = cause.downcast_ref::<String>().cloned().or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    tracing::error!(cause = text.unwrap_or_default(), "a request panicked");
    let mut response = Response::new(Body::from("Something went wrong and was recorded. 出错了，我们已记录下来。\n"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The result of page functions, named here for the table.
pub type PageResult = Result<ui::page::Page>;

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

//! Puts the tables together: pages, server functions, live stream, files, assets, health.

use crate::web::function::server_function;
use crate::web::{api, assets, errors, files, guard, headers, health, hook, live, rate, render, routes, session, who};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, RawPathParams, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use kernel::app::App;
use kernel::ctx::{Ctx, Request as Facts};
use kernel::error::{Error, Result};
use kernel::permission::{Module, Permission};
use rate::Costly;
use routes::{Access, Draw, Route};
use session::Requests;
use std::collections::HashMap;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_sessions::Session;
use ui::flash::Flash;
use ui::form::path_of;
use ui::visit::{Place, PublicVisit, Visit};

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
    // The script of a release is compressed when it is built; that of a debug build is megabytes, and never leaves the machine.
    let worth_it =
        SizeAbove::new(512).and(NotForContentType::const_new("text/event-stream")).and(NotForContentType::const_new("application/wasm"));
    // Parts of a recording are parts of its bytes, and sound is compressed already.
    let worth_it = worth_it.and(NotForContentType::const_new("audio/"));
    let compression = CompressionLayer::new().br(true).gzip(true).compress_when(worth_it);
    // What open pages ask by themselves keeps nobody signed in.
    let asked = Router::new()
        .route("/live", get(live::stream))
        .route(path_of::<ticket::actions::BePresent>(), post(server_function))
        .route(path_of::<call::actions::phone::PhoneBar>(), post(server_function))
        .layer(session::layer(&app, Requests::Asked));
    router
        .route("/do/{*name}", post(server_function))
        .route("/files/{id}", get(files::download))
        .merge(health::router())
        .merge(assets::router())
        .fallback(any(nothing_here))
        .layer(session::layer(&app, Requests::Acted))
        .merge(asked)
        // A switch has no session: it signs each request.
        .route(call::api::PATH, post(call::api::events).layer(DefaultBodyLimit::max(call::api::BODY_MOST)))
        .merge(hook::router())
        // Programs bring a token, never a browser's session.
        .merge(api::router())
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
    match who::reader(app, session, facts).await {
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
    let (mut frame, toast) = (visit.clone(), visit.flash.toast.clone());
    let page = match draw(visit).await {
        Ok(page) => page,
        Err(error) => {
            errors::log(&error, &facts);
            // A query that failed took the page's transaction with it.
            end_reading(&frame.ctx).await;
            errors::page(&error, &frame.ctx.request)
        }
    };
    let page = with_menu(page, &frame).await;
    match call::phone::pages::bar::slot(&frame.ctx).await {
        Ok(phone) => frame.viewer.phone = phone.unwrap_or_default(),
        // The page is worth more than its phone bar.
        Err(error) => errors::log(&error, &frame.ctx.request),
    }
    // What follows is drawing: the connection is for others.
    end_reading(&frame.ctx).await;
    render::render(page, frame.ctx.request.clone(), Some(frame), toast).await
}

async fn end_reading(ctx: &Ctx) {
    if let Some(reading) = &ctx.reading {
        reading.end().await;
    }
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

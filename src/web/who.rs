//! Who asks: request facts, and the signed-in person behind a session. Pages, server functions and the live stream all
//! come through here (S03).

use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, request::Parts};
use jiff::SignedDuration;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Error, Result};
use kernel::id::RequestId;
use kernel::lang::Lang;
use kernel::network::contains;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tower_sessions::Session;
use ui::visit::Viewer;

/// Cookie of the language somebody chose before signing in.
pub const LANG_COOKIE: &str = "kefu_lang";

/// The request's facts, made once by the first middleware and kept in its extensions.
#[must_use]
pub fn request_of(app: &App, parts: &Parts) -> Request {
    Request { id: RequestId(kernel::rng::uuid_at(app.clock.now())), ip: client_ip(app, parts), lang: lang_of(parts), through: None }
}

/// The signed-in person and the frame's facts, when the session is somebody's whose account is enabled.
///
/// # Errors
/// When the database refuses.
pub async fn signed_in(app: &Arc<App>, session: &Session, request: &Request) -> Result<Option<(Ctx, Viewer)>> {
    let found = reader(app, session, request).await?;
    Ok(found.map(|(ctx, viewer)| (Ctx { reading: None, ..ctx }, viewer)))
}

/// As `signed_in`, for a page, which reads in one transaction.
///
/// # Errors
/// When the database refuses.
pub async fn reader(app: &Arc<App>, session: &Session, request: &Request) -> Result<Option<(Ctx, Viewer)>> {
    let Some(who) = ui::session::signed_in(session).await? else { return Ok(None) };
    if app.clock.now().since(who.at) > SignedDuration::from_hours(app.config.session_hours.into()) {
        ui::session::sign_out(session).await?;
        // Whoever it was signs in first, also when this could not be written down.
        if let Err(error) = identity::commands::state::end(app, who.company, who.agent).await {
            tracing::warn!(%error, "whose session reached its longest age is not offline yet");
        }
        return Ok(None);
    }
    let person = match identity::queries::reader(app, who.company, who.agent, request.clone()).await {
        Ok(person) => person,
        Err(Error::NotFound | Error::SignInFirst) => {
            ui::session::sign_out(session).await?;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut ctx = person.ctx;
    if let Some(lang) = person.lang {
        ctx.request.lang = lang;
    }
    let viewer = Viewer {
        name: person.name,
        email: person.email,
        theme: person.theme.key().to_owned(),
        density: person.density.key().to_owned(),
        state: person.state.key(),
        unread: 0,
        heard: 0,
        phone: ui::written::Written::default(),
    };
    Ok(Some((ctx, viewer)))
}

/// The address of the client: the right-most hop that is no trusted proxy (S46).
fn client_ip(app: &App, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    let trusted = |ip: IpAddr| app.config.trusted_proxies.iter().any(|network| contains(network, ip));
    if !trusted(peer) {
        return Some(peer);
    }
    let hops = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let hops: Vec<IpAddr> = hops.split(',').filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.iter().rev().copied().find(|hop| !trusted(*hop)).or(Some(peer))
}

/// The language: asked for in the address, chosen before, or the browser's.
fn lang_of(parts: &Parts) -> Lang {
    let asked = parts.uri.query().and_then(|query| query.split('&').find_map(|pair| Lang::from_key(pair.strip_prefix("lang=")?)));
    let chosen = || cookie(&parts.headers, LANG_COOKIE).and_then(|value| Lang::from_key(&value));
    let browser = || Lang::from_accept_language(parts.headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or(""));
    asked.or_else(chosen).unwrap_or_else(browser)
}

/// A cookie of the request.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| Some(pair.trim().strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

//! The route table: every page, what it needs, and the function that draws it. A test walks this table as every role.

use crate::web::home;
use crate::web::router::PageResult;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use kernel::error::Result;
use kernel::permission::Permission;
use ui::visit::{PublicVisit, Visit};

/// One page.
pub struct Route {
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// What it needs.
    pub access: Access,
    /// What draws it.
    pub draw: Draw,
}

/// What a page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody signed in.
    Anybody,
    /// Any signed-in agent; the page itself shows only what they may see.
    SignedIn,
    /// This item.
    Needs(Permission),
}

/// Draws a page outside the console.
pub type DrawPublic = fn(PublicVisit) -> BoxFuture<'static, PageResult>;
/// Draws a page of the console.
pub type DrawConsole = fn(Visit) -> BoxFuture<'static, PageResult>;
/// Answers with something that is no page: a mail's body for its frame, a download.
pub type DrawAnswer = fn(Visit, HeaderMap) -> BoxFuture<'static, Result<Response>>;

/// What draws a page.
#[derive(Clone, Copy)]
pub enum Draw {
    /// Outside the console.
    Public(DrawPublic),
    /// In the console.
    Console(DrawConsole),
    /// No page.
    Answer(DrawAnswer),
}

macro_rules! public {
    ($path:literal, $draw:path) => {
        Route { path: $path, access: Access::Anybody, draw: Draw::Public(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! signed_in {
    ($path:literal, $draw:path) => {
        Route { path: $path, access: Access::SignedIn, draw: Draw::Console(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! console {
    ($path:literal, $item:ident, $draw:path) => {
        Route { path: $path, access: Access::Needs(Permission::$item), draw: Draw::Console(|visit| Box::pin($draw(visit))) }
    };
}

macro_rules! answer {
    ($path:literal, $item:ident, $draw:path) => {
        Route { path: $path, access: Access::Needs(Permission::$item), draw: Draw::Answer(|visit, headers| Box::pin($draw(visit, headers))) }
    };
}

/// Every page.
pub const ROUTES: &[Route] = &[
    signed_in!("/", home::home_page),
    public!("/welcome", home::welcome_page),
    signed_in!("/shortcuts", home::shortcuts_page),
    signed_in!("/notices", home::notices_page),
];

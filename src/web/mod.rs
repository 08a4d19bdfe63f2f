//! The web side: one route table, one menu table, the frame around every page, and what stands before every request —
//! session, origin check, limits, headers.

pub mod actions;
pub mod api;
pub mod assets;
pub mod desk;
pub mod detail;
pub mod errors;
pub mod files;
pub mod first_visit;
pub mod function;
pub mod guard;
pub mod headers;
pub mod health;
pub mod home;
pub mod hook;
pub mod keys;
pub mod live;
pub mod nav;
pub mod rate;
pub mod render;
pub mod router;
pub mod routes;
pub mod session;
pub mod shell;
pub mod who;

use kernel::app::App;
use kernel::error::{Error, Result};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves until the program is asked to stop; requests that are running are finished.
///
/// # Errors
/// When an address cannot be listened on.
pub async fn serve(app: Arc<App>) -> Result {
    let listener = listen(app.config.listen).await?;
    let admin = match app.config.admin_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    if let Some(listener) = admin {
        let (router, stop) = (health::admin_router(app.clone()), app.stopping.clone());
        tokio::spawn(async move {
            let done = axum::serve(listener, router).with_graceful_shutdown(async move { stop.raised().await }).await;
            if let Err(error) = done {
                tracing::error!(%error, "the admin listener ended");
            }
        });
    }
    let stop = app.stopping.clone();
    let router = router::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router).with_graceful_shutdown(async move { stop.raised().await }).await.map_err(Error::from)
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| Error::internal(format!("cannot listen on {address}: {error}")))
}

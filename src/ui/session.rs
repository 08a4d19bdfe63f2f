//! Who a browser's session belongs to. The id changes when somebody signs in or out (S37).

use kernel::error::{Error, Result};
use kernel::id::{AgentId, CompanyId};
use kernel::time::Stamp;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// Under which key the session holds it; the store copies it into the row's columns.
pub const KEY: &str = "signed_in";

/// 登录会话: a signed-in person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    /// The company.
    pub company: CompanyId,
    /// The account.
    pub agent: AgentId,
    /// Since when: a session ends a day later whatever happens.
    pub at: Stamp,
    /// From where, as text.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
}

/// Signs a person in, under a new session id.
///
/// # Errors
/// When the session cannot be kept.
pub async fn sign_in(session: &Session, signed_in: SignedIn) -> Result {
    session.cycle_id().await.map_err(unkept)?;
    session.insert(KEY, signed_in).await.map_err(unkept)
}

/// Signs out: the session and everything in it is gone.
///
/// # Errors
/// When the session cannot be deleted.
pub async fn sign_out(session: &Session) -> Result {
    session.flush().await.map_err(unkept)
}

/// Who is signed in, if anybody. What cannot be read signs nobody in.
///
/// # Errors
/// `Busy` when the database does not answer: nobody is signed out by that (F04).
pub async fn signed_in(session: &Session) -> Result<Option<SignedIn>> {
    match session.get(KEY).await.map_err(unkept) {
        Ok(found) => Ok(found),
        Err(Error::Busy) => Err(Error::Busy),
        Err(error) => {
            tracing::warn!(%error, "a session cannot be read");
            Ok(None)
        }
    }
}

fn unkept(error: tower_sessions::session::Error) -> Error {
    match error {
        tower_sessions::session::Error::Store(tower_sessions::session_store::Error::Backend(cause)) => {
            tracing::warn!(cause, "sessions cannot be reached");
            Error::Busy
        }
        other => Error::internal(other),
    }
}

/// The hash under which the store keeps this browser's session; none before anything was kept (S37).
#[must_use]
pub fn hash(session: &Session) -> Option<Vec<u8>> {
    session.id().map(|id| kernel::rng::sha256(&id.0.to_be_bytes()))
}

//! Sessions in our own table: the id is stored as its SHA-256, so a copy of the database signs nobody in (S37). The
//! ids of tower-sessions are 128 random bits.

use async_trait::async_trait;
use jiff::SignedDuration;
use kernel::app::App;
use kernel::time::Stamp;
use std::sync::Arc;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore, cookie::SameSite};

/// How long the session of somebody who is not signed in lasts: it holds a form until the next page shows it.
const ANONYMOUS: SignedDuration = SignedDuration::from_mins(15);

/// The store behind every session.
#[derive(Clone, Debug)]
pub struct Sessions {
    app: Arc<App>,
    request: Requests,
}

/// What requests say about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requests {
    /// Somebody did something: the session goes on from here.
    Acted,
    /// An open page asked by itself: it does not keep a session alive that nobody uses.
    Asked,
}

/// The layer that reads and writes session cookies.
#[must_use]
pub fn layer(app: &Arc<App>, request: Requests) -> SessionManagerLayer<Sessions> {
    let https = app.config.is_https();
    SessionManagerLayer::new(Sessions { app: app.clone(), request })
        .with_name(if https { "__Host-kefu" } else { "kefu" })
        .with_secure(https)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

fn hash(id: &Id) -> Vec<u8> {
    kernel::rng::sha256(&id.0.to_be_bytes())
}

fn backend(error: impl core::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

fn owner(record: &Record) -> Option<ui::session::SignedIn> {
    record.data.get(ui::session::KEY).and_then(|value| serde_json::from_value(value.clone()).ok())
}

impl Sessions {
    /// How long a session lasts without a request.
    fn lasts(&self, is_signed_in: bool) -> SignedDuration {
        if is_signed_in { SignedDuration::from_hours(self.app.config.session_idle_hours.into()) } else { ANONYMOUS }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let (now, signed_in) = (self.app.clock.now(), owner(record));
        let expires = now.plus(self.lasts(signed_in.is_some()));
        let document = serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let (company, agent) = (signed_in.as_ref().map(|who| who.company), signed_in.as_ref().map(|who| who.agent));
        let ip = signed_in.as_ref().map(|who| who.ip.clone()).filter(|ip| !ip.is_empty());
        let user_agent = signed_in.map(|who| who.user_agent).unwrap_or_default();
        sqlx::query!(
            "insert into directory.sessions (id_hash, record, company_id, agent_id, user_agent, ip, created_at, seen_at, expires_at)
            values ($1, $2, $3, $4, $5, $6::text::inet, $7, $7, $8)",
            hash(&record.id),
            document,
            company as _,
            agent as _,
            user_agent,
            ip,
            now,
            expires,
        )
        .execute(&self.app.write)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (now, signed_in) = (self.app.clock.now(), owner(record));
        let expires = now.plus(self.lasts(signed_in.is_some()));
        let document = serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let (company, agent) = (signed_in.as_ref().map(|who| who.company), signed_in.as_ref().map(|who| who.agent));
        // Nothing is inserted: a request that was under way must not bring an ended session back.
        sqlx::query!(
            "update directory.sessions
            set record = $2, company_id = $3, agent_id = $4, seen_at = $5, expires_at = $6
            where id_hash = $1",
            hash(&record.id),
            document,
            company as _,
            agent as _,
            now,
            expires,
        )
        .execute(&self.app.write)
        .await
        .map_err(backend)?;
        Ok(())
    }

    #[expect(clippy::disallowed_types, reason = "the record of tower-sessions is in that type")]
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.app.clock.now();
        let row = sqlx::query!(
            r#"select record, agent_id is not null as "is_signed_in!", seen_at, expires_at
            from directory.sessions
            where id_hash = $1
            and expires_at > $2"#,
            hash(id),
            now
        )
        .fetch_optional(&self.app.read)
        .await
        .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        // Seen is written once a minute, not with every request.
        if self.request == Requests::Acted && now.since(row.seen_at) > SignedDuration::from_mins(1) {
            let expires: Stamp = now.plus(self.lasts(row.is_signed_in));
            sqlx::query!("update directory.sessions set seen_at = $2, expires_at = $3 where id_hash = $1", hash(id), now, expires)
                .execute(&self.app.write)
                .await
                .map_err(backend)?;
        }
        let data = serde_json::from_value(row.record).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date =
            tower_sessions::cookie::time::OffsetDateTime::from_unix_timestamp(row.expires_at.0.as_second()).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!("delete from directory.sessions where id_hash = $1", hash(id)).execute(&self.app.write).await.map_err(backend)?;
        Ok(())
    }
}

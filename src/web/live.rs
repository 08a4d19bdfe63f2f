//! 实时流: one server-sent-events stream per page in sight of a signed-in person. Rows are the truth and carry a
//! sequence; a page names the last one it knows, where it was drawn or what it heard, and misses nothing.

use crate::web::{errors, who};
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use kernel::app::App;
use kernel::ctx::{Ctx, Request};
use kernel::error::{Problem, Result};
use kernel::id::AgentId;
use kernel::live::LiveEvent;
use serde::Deserialize;
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tower_sessions::Session;

/// How often a stream looks by itself: other nodes wake only their own streams, and rights are worked out anew (S08).
const LOOK: Duration = Duration::from_secs(2);

/// Streams that one person may have open.
const MOST: usize = 20;

/// How many streams of this process each person has open.
static OPEN: LazyLock<Mutex<HashMap<AgentId, usize>>> = LazyLock::new(Mutex::default);

/// A person's place among the open streams, given back when the stream ends.
struct Seat(AgentId);

impl Seat {
    fn take(agent: AgentId) -> Option<Seat> {
        let mut open = OPEN.lock().ok()?;
        let count = open.entry(agent).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Seat(agent))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Ok(mut open) = OPEN.lock() else { return };
        if let Some(count) = open.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.0);
            }
        }
    }
}

/// Where a stream begins: after the row that its page knows, or with what comes from now on.
#[derive(Debug, Default, Deserialize)]
pub struct Since {
    since: Option<i64>,
}

/// The stream of the signed-in person. `Last-Event-ID`, which a browser names when it connects again, is younger than
/// the `since` of the address.
pub async fn stream(
    State(app): State<Arc<App>>,
    Extension(request): Extension<Request>,
    session: Session,
    from: std::result::Result<Query<Since>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let ctx = match who::signed_in(&app, &session, &request).await {
        Ok(Some((ctx, _))) => ctx,
        Ok(None) => return errors::plain(StatusCode::UNAUTHORIZED, Problem::SignInFirst, &request),
        Err(error) => return errors::plain(errors::status(&error), error.problem(), &request),
    };
    let Ok(agent) = ctx.agent() else { return errors::plain(StatusCode::FORBIDDEN, Problem::Forbidden, &request) };
    let named = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("").parse::<i64>());
    let seen = match (named, from) {
        (Some(Ok(seen)), _) | (None, Ok(Query(Since { since: Some(seen) }))) => seen,
        (Some(Err(_)), _) | (None, Err(_)) => return errors::plain(StatusCode::BAD_REQUEST, Problem::BadFormat, &request),
        (None, Ok(Query(Since { since: None }))) => match head(&ctx, agent).await {
            Ok(seen) => seen,
            Err(error) => return errors::plain(errors::status(&error), error.problem(), &request),
        },
    };
    let Some(seat) = Seat::take(agent) else { return errors::wait(60, &request) };
    let wakes = app.live.listen();
    let state = Following { ctx, session, request, agent, seen, wakes, waiting: VecDeque::new(), is_first: true, _seat: seat };
    let events = stream::unfold(state, |state| state.next());
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}

struct Following {
    ctx: Ctx,
    session: Session,
    request: Request,
    agent: AgentId,
    seen: i64,
    wakes: Receiver<(kernel::id::CompanyId, AgentId)>,
    waiting: VecDeque<LiveEvent>,
    is_first: bool,
    _seat: Seat,
}

impl Following {
    /// The next event; ends when the person may not listen any more or the program stops.
    async fn next(mut self) -> Option<(std::result::Result<Event, Infallible>, Following)> {
        if self.is_first {
            self.is_first = false;
            // Tells the page where it starts, so that its first reconnect already has an id to name.
            let hello = Event::default().event("hello").id(self.seen.to_string()).retry(Duration::from_millis(1500)).data("{}");
            return Some((Ok(hello), self));
        }
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.seen = event.seq;
                let data = serde_json::to_string(&event.payload).unwrap_or_default();
                return Some((Ok(Event::default().event(event.kind).id(event.seq.to_string()).data(data)), self));
            }
            if self.ctx.app.stopping.is_raised() || !self.may_still_listen().await {
                return None;
            }
            match self.look().await {
                Ok(found) if found > 0 => continue,
                Ok(_) => {}
                Err(error) => errors::log(&error, &self.request),
            }
            self.wait().await;
        }
    }

    async fn look(&mut self) -> Result<usize> {
        let mut tx = self.ctx.read().await?;
        self.waiting = kernel::live::after(&mut tx, self.agent, self.seen).await?.into();
        Ok(self.waiting.len())
    }

    /// Waits for a wake of this person, or until it is time to look anyway.
    async fn wait(&mut self) {
        let me = (self.ctx.company, self.agent);
        let stopping = self.ctx.app.stopping.clone();
        let woken = async {
            loop {
                match self.wakes.recv().await {
                    Ok(woken) if woken != me => {}
                    _ => break,
                }
            }
        };
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stopping.raised() => {}
        }
    }

    async fn may_still_listen(&mut self) -> bool {
        // The session of this request was read once: a revoked one is found by asking the account again.
        match self.session.load().await {
            Ok(()) => matches!(who::signed_in(&self.ctx.app, &self.session, &self.request).await, Ok(Some(_))),
            Err(_) => false,
        }
    }
}

async fn head(ctx: &Ctx, agent: AgentId) -> Result<i64> {
    let mut tx = ctx.read().await?;
    kernel::live::head(&mut tx, agent).await
}

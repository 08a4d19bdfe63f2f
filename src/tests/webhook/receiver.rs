//! A receiver on this machine that keeps what it gets and answers as it is told.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How it answers.
#[derive(Clone, Copy, Debug)]
pub enum Mood {
    /// With this status.
    Status(u16),
    /// With 200 and these words.
    Words(&'static str),
    /// With a redirect to here.
    Away(&'static str),
    /// After a minute.
    Hang,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Caught {
    headers: HeaderMap,
    pub body: String,
}

impl Caught {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_else(|| panic!("no header {name}"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub fn topic(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }

    pub fn title(&self) -> String {
        self.json()["data"]["ticket"]["title"].as_str().unwrap_or_default().to_owned()
    }
}

#[derive(Clone, Debug)]
struct Inside {
    caught: Arc<Mutex<Vec<Caught>>>,
    mood: Arc<Mutex<Mood>>,
}

/// The receiver.
pub struct Catcher {
    pub url: String,
    inside: Inside,
}

impl Catcher {
    pub async fn start() -> Catcher {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/in", listener.local_addr().expect("an address"));
        let inside = Inside { caught: Arc::default(), mood: Arc::new(Mutex::new(Mood::Status(200))) };
        let router = Router::new().route("/in", post(take)).with_state(inside.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Catcher { url, inside }
    }

    pub fn answer(&self, mood: Mood) {
        *self.inside.mood.lock().expect("not poisoned") = mood;
    }

    pub fn caught(&self) -> Vec<Caught> {
        self.inside.caught.lock().expect("not poisoned").clone()
    }
}

async fn take(State(inside): State<Inside>, headers: HeaderMap, body: String) -> Response {
    inside.caught.lock().expect("not poisoned").push(Caught { headers, body });
    let mood = *inside.mood.lock().expect("not poisoned");
    match mood {
        Mood::Status(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Mood::Words(words) => words.into_response(),
        Mood::Away(to) => (StatusCode::MOVED_PERMANENTLY, [("location", to)]).into_response(),
        Mood::Hang => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
    }
}

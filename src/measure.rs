//! 度量: how many requests came and how long they took, how long jobs waited and ran, how far mail lags behind. Kept for
//! the process; labels are routes, kinds and classes, never ids.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::LazyLock;
use std::time::Duration;

/// Seconds at which the time of requests and jobs is divided.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0];

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Routed {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ran {
    kind: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Waited {
    kind: String,
}

struct Measures {
    requests: Family<Answered, Counter>,
    request_seconds: Histograms<Routed>,
    jobs: Family<Ran, Counter>,
    job_seconds: Histograms<Waited>,
    job_wait_seconds: Histograms<Waited>,
    mail_lag_seconds: Histogram,
}

static MEASURES: LazyLock<Measures> = LazyLock::new(|| Measures {
    requests: Family::default(),
    request_seconds: Family::new_with_constructor(histogram),
    jobs: Family::default(),
    job_seconds: Family::new_with_constructor(histogram),
    job_wait_seconds: Family::new_with_constructor(histogram),
    mail_lag_seconds: histogram(),
});

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

/// A request was answered. `route` is the pattern of its address; what matches none is counted together.
pub fn request(method: &axum::http::Method, route: Option<&str>, status: axum::http::StatusCode, took: Duration) {
    let class = match status.as_u16() {
        ..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500.. => "5xx",
    };
    // Methods are the client's words.
    let method = if matches!(method.as_str(), "GET" | "HEAD" | "POST") { method.as_str() } else { "other" };
    let route = route.unwrap_or("none").to_owned();
    MEASURES.requests.get_or_create(&Answered { method: method.to_owned(), route: route.clone(), status: class }).inc();
    MEASURES.request_seconds.get_or_create(&Routed { route }).observe(took.as_secs_f64());
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did its work.
    Done,
    /// It failed; it may be tried again.
    Failed,
    /// Its lease was lost on the way.
    Lost,
}

/// A job was run: how long it had been due, how long it took.
pub fn job(kind: &str, outcome: Outcome, waited: Duration, took: Duration) {
    let outcome = match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Lost => "lost",
    };
    MEASURES.jobs.get_or_create(&Ran { kind: kind.to_owned(), outcome }).inc();
    MEASURES.job_wait_seconds.get_or_create(&Waited { kind: kind.to_owned() }).observe(waited.as_secs_f64());
    MEASURES.job_seconds.get_or_create(&Waited { kind: kind.to_owned() }).observe(took.as_secs_f64());
}

/// A mail was taken this long after it had come.
pub fn mail(lag: Duration) {
    MEASURES.mail_lag_seconds.observe(lag.as_secs_f64());
}

/// Puts everything beside what is measured at the moment it is asked for.
pub fn register(registry: &mut Registry) {
    let all = &*MEASURES;
    registry.register("requests", "Requests by route and class of status", all.requests.clone());
    registry.register("request_seconds", "How long requests took", all.request_seconds.clone());
    registry.register("jobs", "Jobs by kind and outcome", all.jobs.clone());
    registry.register("job_seconds", "How long jobs ran", all.job_seconds.clone());
    registry.register("job_wait_seconds", "How long jobs had been due when they began", all.job_wait_seconds.clone());
    registry.register("mail_lag_seconds", "From the receipt of a mail to what became of it", all.mail_lag_seconds.clone());
}

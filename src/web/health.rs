//! Health: `/healthz` says the process lives, `/readyz` that it can serve, `/metrics` on its own listener (S57).

use crate::measure;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::app::App;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;

/// What everybody may ask.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

/// What only the operator may ask, on its own address.
pub fn admin_router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(metrics)).merge(router()).with_state(app)
}

/// Ready means: not stopping, and the database takes a write within two seconds.
async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.stopping.is_raised() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    let probe = sqlx::query!("update directory.installation set only_row = true").execute(&app.write);
    match tokio::time::timeout(Duration::from_secs(2), probe).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Gauges of pools and queues, counts and times of requests, jobs and mails. Their labels hold no ids (cardinality).
async fn metrics(State(app): State<Arc<App>>) -> Response {
    let mut registry = Registry::with_prefix("kefu");
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let idle = |pool: &sqlx::PgPool| i64::try_from(pool.num_idle()).unwrap_or(0);
    gauge("write_connections", "Connections of the write pool", i64::from(app.write.size()));
    gauge("write_connections_idle", "Idle connections of the write pool", idle(&app.write));
    gauge("read_connections", "Connections of the read pool", i64::from(app.read.size()));
    gauge("read_connections_idle", "Idle connections of the read pool", idle(&app.read));
    let ready = sqlx::query!(
        r#"select count(*) as "companies!", coalesce(extract(epoch from max($1::timestamptz - next_at)), 0)::bigint as "late!"
        from directory.ready_companies
        where next_at <= $1"#,
        app.clock.now(),
    )
    .fetch_one(&app.read)
    .await;
    if let Ok(ready) = ready {
        gauge("ready_companies", "Companies with jobs that are due", ready.companies);
        gauge("oldest_due_job_seconds", "How long the most patient company has waited for its due job", ready.late);
    }
    measure::register(&mut registry);
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

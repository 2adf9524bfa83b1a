//! What the service does, counted: for the log, and for Prometheus. Nothing of it is about a person: routes are patterns,
//! clusters are names.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State as With};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, http::StatusCode};
use giaouoc_store::{Store, upkeep};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::Folder;
use crate::upkeep::look;

/// Names with their values.
type Labels = Vec<(&'static str, String)>;
/// Upper edges of the times of requests, in seconds.
const REQUEST: [f64; 9] = [0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];
/// Upper edges of the times of jobs, in seconds.
const JOB: [f64; 8] = [0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0];

/// Everything that is counted.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    requests: Family<Labels, Histogram, fn() -> Histogram>,
    jobs: Family<Labels, Histogram, fn() -> Histogram>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            requests: Family::new_with_constructor(|| Histogram::new(REQUEST)),
            jobs: Family::new_with_constructor(|| Histogram::new(JOB)),
        }
    }
}

/// A stretch of time that is being measured.
#[derive(Clone, Copy, Debug)]
pub struct Since(Instant);

impl Since {
    /// From now on.
    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: how long it takes is told to who runs it"
    )]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// How long it was.
    pub fn long(self) -> Duration {
        self.0.elapsed()
    }

    /// In milliseconds, for the log.
    pub fn ms(self) -> u64 {
        u64::try_from(self.long().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Methods have few names; whatever else somebody sends is counted as one.
fn method(of: &Method) -> &'static str {
    match *of {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Counts and logs a request.
pub async fn watched(With(watch): With<Watch>, request: Request, next: Next) -> Response {
    let since = Since::now();
    let method = method(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let route = route.unwrap_or_else(|| "none".to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::info!(target: "giaouoc::request", method, route, status, ms = since.ms());
    let class = format!("{}xx", status / 100);
    let labels = vec![("method", method.to_owned()), ("route", route), ("status", class)];
    watch.0.requests.get_or_create(&labels).observe(since.long().as_secs_f64());
    response
}

impl Watch {
    /// Counts and logs a job.
    pub fn job(&self, id: i64, work: &'static str, cluster: &str, failed: bool, since: Since) {
        let result = if failed { "failed" } else { "done" };
        tracing::info!(target: "giaouoc::job", job = id, work, cluster, result, ms = since.ms());
        let labels = vec![("work", work.to_owned()), ("result", result.to_owned())];
        self.0.jobs.get_or_create(&labels).observe(since.long().as_secs_f64());
    }

    /// Everything as Prometheus reads it. What the database and the journals know is asked for at this moment.
    async fn text(&self, store: &Store, folder: &Folder) -> Result<String, String> {
        let mut all = Registry::with_prefix("giaouoc");
        all.register("request_seconds", "Requests by route and status", self.0.requests.clone());
        all.register("job_seconds", "Jobs that were done, by work and result", self.0.jobs.clone());
        let gauge = |all: &mut Registry, name: &str, help: &str| {
            let family = Family::<Labels, Gauge>::default();
            all.register(name, help, family.clone());
            family
        };
        let build = gauge(&mut all, "build", "The program's version");
        build.get_or_create(&vec![("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
        let up = gauge(&mut all, "database_up", "Whether the database answers");
        let size = gauge(&mut all, "database_bytes", "What the database takes on the disk");
        let jobs = gauge(&mut all, "jobs", "Jobs in the database by work and state");
        let asked = async {
            Ok::<_, giaouoc_store::StoreError>((store.size().await?, upkeep::jobs(store.read()).await?))
        };
        let asked = tokio::time::timeout(Duration::from_secs(5), asked).await;
        let answers = matches!(asked, Ok(Ok(_)));
        up.get_or_create(&Vec::new()).set(i64::from(answers));
        if let Ok(Ok((bytes, counted))) = asked {
            size.get_or_create(&Vec::new()).set(bytes);
            for (work, state, number) in counted {
                jobs.get_or_create(&vec![("work", work), ("state", state)]).set(number);
            }
        }
        let entries = gauge(&mut all, "journal_entries", "Entries of each cluster's journal");
        for name in names(folder) {
            let bundle = folder.cluster(&name);
            let looked = tokio::task::spawn_blocking({
                let name = name.clone();
                move || look::head(&bundle, &name)
            });
            if let Ok(Ok(head)) = looked.await {
                entries
                    .get_or_create(&vec![("cluster", name)])
                    .set(i64::try_from(head.entries).unwrap_or(i64::MAX));
            }
        }
        #[cfg(unix)]
        if let Ok(stat) = rustix::fs::statvfs(folder.path()) {
            let free = gauge(&mut all, "disk_free_bytes", "Free on the disk of the service's folder");
            free.get_or_create(&Vec::new())
                .set(i64::try_from(stat.f_bavail * stat.f_frsize).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &all).map_err(|error| error.to_string())?;
        Ok(text)
    }
}

/// The clusters whose bundles lie in the folder.
fn names(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(folder.clusters()).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.starts_with('.')).collect()
}

/// The second listener's only page.
pub fn router(watch: Watch, store: Store, folder: Folder) -> Router {
    let page = move || {
        let (watch, store, folder) = (watch.clone(), store.clone(), folder.clone());
        async move {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            match watch.text(&store, &folder).await {
                Ok(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
                Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, why).into_response(),
            }
        }
    };
    Router::new().route("/metrics", get(page))
}

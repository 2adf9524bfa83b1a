//! The log: one line for each request and each job, on the error stream. No addresses, no query strings, no names: a route's
//! pattern, numbers, times.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::config::Log;

/// Begins to log. What libraries have to say is left out: they would quote what people send.
pub fn begin(log: Log) {
    let level = if log == Log::Errors { Level::WARN } else { Level::INFO };
    let ours = Targets::new().with_target("giaouoc", level);
    let registry = tracing_subscriber::registry().with(ours);
    // Somebody who has begun already goes on.
    let _ = match log {
        Log::Json => {
            registry.with(fmt::layer().json().flatten_event(true).with_writer(io::stderr)).try_init()
        }
        _ => registry.with(fmt::layer().with_ansi(false).with_writer(io::stderr)).try_init(),
    };
}

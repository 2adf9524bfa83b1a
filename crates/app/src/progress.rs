//! A progress bar for long work: on a terminal only, and only once it has taken a moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen::Screen;

/// Shows how far reading has come. Shared between threads.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    rows: AtomicU64,
}

impl Progress {
    /// A bar that a person sees, or none in a pipe.
    pub fn new(screen: &Screen) -> Self {
        let bar = screen.watched.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            let template = screen.say(
                "{spinner} {msg} {bar:30} {percent} % · còn {eta}",
                "{spinner} {msg} {bar:30} {percent} % · {eta} left",
            );
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(screen.say("đọc hồ sơ", "reading records"));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, rows: AtomicU64::new(0) }
    }

    /// Bytes done of the total.
    pub fn bytes(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    /// Rows done of the total of the file, told by one of its threads.
    pub fn rows(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.rows.fetch_add(rows, Ordering::Relaxed) + rows);
        }
    }

    /// Rows done so far, of a number that is not known.
    pub fn seen(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(rows);
        }
    }

    /// How many rows [`Progress::rows`] counts up to.
    pub fn expect(&self, rows: u64) {
        self.rows.store(0, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_length(rows);
        }
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

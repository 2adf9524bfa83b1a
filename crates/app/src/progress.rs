//! A progress bar for long work: on a terminal only, and only once it has taken a moment.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use giaouoc_agreement::text::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::screen::Screen;

/// Shows how far reading has come. Shared between threads.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    rows: AtomicU64,
    /// What is counted: rows, or bytes of a file.
    rows_only: Arc<AtomicBool>,
}

impl Progress {
    /// A bar that a person sees, or none in a pipe.
    pub fn new(screen: &Screen) -> Self {
        let rows_only = Arc::new(AtomicBool::new(false));
        let bar = screen.watched.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            let template = screen.say(
                "{spinner} {msg} {bar:20} {percent} % · {rate} · còn {left}",
                "{spinner} {msg} {bar:20} {percent} % · {rate} · {left} left",
            );
            if let Ok(style) = ProgressStyle::with_template(template) {
                let (unit, lang) = (Arc::clone(&rows_only), screen.lang);
                let rate = move |state: &ProgressState, out: &mut dyn Write| {
                    // A rate is for the eye: whole numbers do.
                    let _ = out.write_str(&rate(state.per_sec() as u64, unit.load(Ordering::Relaxed), lang));
                };
                let left = |state: &ProgressState, out: &mut dyn Write| {
                    let _ = out.write_str(&clock(state.eta().as_secs()));
                };
                bar.set_style(style.with_key("rate", rate).with_key("left", left));
            }
            bar.set_message(screen.say("đọc hồ sơ", "reading records"));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { bar, rows: AtomicU64::new(0), rows_only }
    }

    /// Bytes done of the total.
    pub fn bytes(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            self.rows_only.store(false, Ordering::Relaxed);
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
            self.rows_only.store(true, Ordering::Relaxed);
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

/// Shows the cursor that a bar hides: for a program that is interrupted. Nothing where nobody watches.
pub fn show_cursor() {
    use std::io::IsTerminal;
    if std::io::stderr().is_terminal() {
        // The bar's line is cleared, and the cursor shown.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"\r\x1b[2K\x1b[?25h");
    }
}

/// A rate, in rows or in megabytes a second.
fn rate(per_second: u64, rows: bool, lang: Lang) -> String {
    let (vi, en, point) = if rows { (" dòng/giây", " rows/s", 0) } else { (" MB/giây", " MB/s", 1) };
    let number = if point == 0 {
        grouped(per_second)
    } else {
        let tenths = per_second / 100_000;
        let comma = if lang == Lang::Vi { ',' } else { '.' };
        format!("{}{comma}{}", tenths / 10, tenths % 10)
    };
    format!("{number}{}", if lang == Lang::Vi { vi } else { en })
}

/// A number with spaces between thousands, which both languages read.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Seconds as `M:SS` or `H:MM:SS`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_times_for_the_eye() {
        assert_eq!(rate(12_345_678, false, Lang::Vi), "12,3 MB/giây");
        assert_eq!(rate(99_999, false, Lang::En), "0.0 MB/s");
        assert_eq!(rate(1_234_567, true, Lang::En), "1 234 567 rows/s");
        assert_eq!(rate(999, true, Lang::Vi), "999 dòng/giây");
        assert_eq!((clock(0), clock(75), clock(3_723)), ("0:00".into(), "1:15".into(), "1:02:03".into()));
    }
}

//! Looking after an installation: a service's folder backed up, restored, looked through, and written out for others.
//!
//! Nothing here needs the service to be stopped: what is copied is held still for the moment that it takes to give every
//! file a second name ([`stage`]).

pub mod archive;
pub mod backup;
pub mod doctor;
pub mod export;
pub mod home;
mod links;
pub mod look;
mod postgres;
pub mod restore;
pub mod site;
mod stage;

use giaouoc_agreement::text::Lang;

use crate::fault::Outcome;
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// Prints a sentence, wrapped.
fn say(screen: &Screen, vi: &str, en: &str) -> Outcome {
    let text = paragraph(screen.say(vi, en), "", "  ", screen.width);
    screen.print(&text).map_err(|error| crate::score::unprinted(&error))
}

/// A size as people read it: `12,3 MB`, `12.3 MB`.
fn size(bytes: u64, lang: Lang) -> String {
    let point = if lang == Lang::Vi { ',' } else { '.' };
    let tenths = |unit: u64| {
        let tenths = bytes / (unit / 10);
        format!("{}{point}{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// An instant as people read it, in UTC: `2026-11-25 14:46:59Z`.
fn instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(999, Lang::En), "999 B");
        assert_eq!(size(1_250_000, Lang::Vi), "1,2 MB");
        assert_eq!(size(2_000_000_000, Lang::En), "2.0 GB");
    }
}

//! Calendar files and a bundle's calendar.toml: refused or resolved, never a panic.
#![no_main]

use giaouoc_worktime::{CalendarChoice, CalendarFile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(file) = CalendarFile::parse(text) {
        let _ = CalendarChoice::default().resolve_over(&file);
    }
    if let Ok(choice) = CalendarChoice::parse(text) {
        let _ = choice.resolve();
    }
});

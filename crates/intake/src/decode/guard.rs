//! Decoders of others' making, kept from taking the program down with them.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use crate::errors::FileError;

thread_local! {
    /// Whether this thread is inside [`unless_it_panics`].
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder of others' making; should a hostile file make it panic, the file is damaged and the
/// program lives on.
pub(crate) fn guarded<T>(
    format: &'static str,
    work: impl FnOnce() -> Result<T, FileError>,
) -> Result<T, FileError> {
    unless_it_panics(work).unwrap_or_else(|| Err(FileError::damaged(format, "decoder stopped")))
}

/// Runs a decoder of others' making on this thread; nothing when it panics. What it worked on must be thrown
/// away then.
pub fn unless_it_panics<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.ok()
}

/// Silences the message of a panic that the guard around a decoder is about to turn into an error with the
/// file's name; every other panic, of this or another thread, is still told as before.
///
/// The hook belongs to the whole process, so a program calls this once, at its start; a library does not.
pub fn silence_guarded_panics() {
    let told = take_hook();
    set_hook(Box::new(move |panic| {
        // A thread that is being torn down has no guard any more.
        if !GUARDED.try_with(Cell::get).unwrap_or(false) {
            told(panic);
        }
    }));
}

#[cfg(test)]
#[allow(clippy::panic, clippy::unwrap_used, reason = "panics are what is tested")]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// One test, since the hook is the whole process's: it puts back what it found.
    #[test]
    fn a_guarded_panic_is_an_error_and_is_not_told_but_others_are() {
        let told = Arc::new(AtomicUsize::new(0));
        let before = take_hook();
        let count = Arc::clone(&told);
        // Other tests may panic at the same time; only what this one does is counted.
        set_hook(Box::new(move |panic| {
            if panic.payload().downcast_ref::<&str>().is_some_and(|text| text.starts_with("guard test")) {
                count.fetch_add(1, Ordering::SeqCst);
            } else {
                before(panic);
            }
        }));
        silence_guarded_panics();

        let result: Result<(), _> = guarded("Parquet", || panic!("guard test: inside"));
        assert_eq!(result.unwrap_err().code(), "damaged");
        assert_eq!(told.load(Ordering::SeqCst), 0);

        let inner: Result<(), _> = guarded("Parquet", || {
            let _: Result<(), _> = guarded("XLSX", || panic!("guard test: twice inside"));
            // Another thread is not guarded, nor is this one silenced for it.
            assert!(std::thread::spawn(|| panic!("guard test: beside")).join().is_err());
            panic!("guard test: still inside")
        });
        assert!(inner.is_err());
        assert_eq!(told.load(Ordering::SeqCst), 1);

        assert!(catch_unwind(|| panic!("guard test: outside")).is_err());
        assert_eq!(told.load(Ordering::SeqCst), 2);
    }
}

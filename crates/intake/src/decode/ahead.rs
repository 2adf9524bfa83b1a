//! A source that is read by a thread of its own, some rows ahead of those who ask: taking a text file apart and
//! checking its cells are about as much work.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::scope;

use super::{Facts, Row, Source};
use crate::errors::FileError;

/// Rows that are handed over at once: some hundred keep two threads from waiting for each other at every row.
const ROWS: usize = 256;
/// As soon as they have so many bytes of text there need not be more of them.
const BYTES: usize = 256 << 10;
/// Runs of rows that may wait.
const RUNS: usize = 4;

/// Rows in the order of the file.
#[derive(Default)]
struct Run {
    /// The first of them are filled; the others are what earlier rows stood in.
    rows: Vec<Row>,
    filled: usize,
    /// Where in the file the source was after them.
    position: u64,
    /// How the file ends after them: with a fault or without.
    end: Option<Result<(), FileError>>,
}

/// Lets a thread read a source whose names of columns stand in its rows and whose facts are known from the start,
/// and hands its rows to `work`.
///
/// # Errors
/// What `work` says; it is told the faults of the source after the rows before them.
pub(crate) fn read_ahead<R>(
    mut source: impl Source + Send,
    work: impl FnOnce(&mut dyn Source) -> Result<R, FileError>,
) -> Result<R, FileError> {
    let (full, runs) = sync_channel(RUNS);
    let (used, free) = channel();
    let facts = source.facts();
    scope(|scope| {
        scope.spawn(move || fill(&mut source, &full, &free));
        // It goes with the end of this scope, by which the thread knows that nobody asks for more.
        work(&mut Ahead { runs, used, run: Run::default(), at: 0, position: 0, facts })
    })
}

/// Reads until the end, or until nobody takes rows any more.
fn fill(source: &mut dyn Source, full: &SyncSender<Run>, free: &Receiver<Run>) {
    loop {
        let mut run = free.try_recv().unwrap_or_default();
        (run.filled, run.end) = (0, None);
        let mut bytes = 0;
        while run.filled < ROWS && bytes < BYTES && run.end.is_none() {
            if run.filled == run.rows.len() {
                run.rows.push(Row::default());
            }
            let row = &mut run.rows[run.filled];
            row.shrink();
            match source.next_row(row) {
                Ok(true) => {
                    bytes += row.bytes();
                    run.filled += 1;
                }
                Ok(false) => run.end = Some(Ok(())),
                Err(error) => run.end = Some(Err(error)),
            }
        }
        run.position = source.position();
        let ended = run.end.is_some();
        if full.send(run).is_err() || ended {
            return;
        }
    }
}

/// What the asking side sees.
struct Ahead {
    runs: Receiver<Run>,
    used: Sender<Run>,
    run: Run,
    /// The next row of the run.
    at: usize,
    position: u64,
    facts: Facts,
}

impl Source for Ahead {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        while self.at == self.run.filled {
            match self.run.end.take() {
                Some(Err(error)) => {
                    self.run.end = Some(Ok(()));
                    return Err(error);
                }
                Some(Ok(())) => {
                    self.run.end = Some(Ok(()));
                    return Ok(false);
                }
                None => {}
            }
            // The thread ends without an end of the file only when it panics, which this scope passes on.
            let Ok(next) = self.runs.recv() else { return Ok(false) };
            let used = std::mem::replace(&mut self.run, next);
            // Nobody waits for it when the thread is at its end.
            let _ = self.used.send(used);
            self.at = 0;
            self.position = self.run.position;
        }
        std::mem::swap(row, &mut self.run.rows[self.at]);
        self.at += 1;
        Ok(true)
    }

    fn position(&self) -> u64 {
        self.position
    }

    fn facts(&self) -> Facts {
        self.facts.clone()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use super::*;
    use crate::decode::Cell;

    /// So many rows of a text, and a fault after them or none.
    struct Counting {
        rows: u64,
        of: u64,
        text: String,
        fault: bool,
    }

    impl Source for Counting {
        fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
            if self.rows == self.of {
                return if self.fault { Err(FileError::Cut { row: self.rows }) } else { Ok(false) };
            }
            self.rows += 1;
            row.clear(self.rows);
            row.push_text(&self.text);
            row.push_text(&self.rows.to_string());
            Ok(true)
        }

        fn position(&self) -> u64 {
            self.rows
        }

        fn facts(&self) -> Facts {
            Facts { delimiter: Some('|'), ..Facts::default() }
        }
    }

    fn counting(of: u64, width: usize, fault: bool) -> Counting {
        Counting { rows: 0, of, text: "x".repeat(width), fault }
    }

    #[test]
    fn every_row_comes_once_and_in_order() {
        for (of, width) in
            [(0, 1), (1, 1), (255, 1), (256, 1), (257, 1), (5_000, 3), (40, 100_000), (3, 1 << 20)]
        {
            let numbers = read_ahead(counting(of, width, false), |source| {
                assert_eq!(source.facts().delimiter, Some('|'));
                let (mut row, mut numbers) = (Row::default(), Vec::new());
                while source.next_row(&mut row)? {
                    assert_eq!(row.cell(0).text().len(), width);
                    assert_eq!(row.cell(1), Cell::Text(&row.number.to_string()));
                    assert!(source.position() >= row.number, "what is read is behind it");
                    numbers.push(row.number);
                }
                assert!(!source.next_row(&mut row)?, "an end is an end");
                assert_eq!(source.position(), of);
                Ok(numbers)
            });
            assert_eq!(numbers.unwrap(), (1..=of).collect::<Vec<_>>(), "{width}");
        }
    }

    #[test]
    fn a_fault_comes_after_the_rows_before_it_and_once() {
        for of in [0, 7, 256, 600] {
            let rows = read_ahead(counting(of, 1, true), |source| {
                let (mut row, mut rows) = (Row::default(), 0);
                let error = loop {
                    match source.next_row(&mut row) {
                        Ok(true) => rows += 1,
                        Ok(false) => panic!("the fault was lost"),
                        Err(error) => break error,
                    }
                };
                assert!(matches!(error, FileError::Cut { row } if row == of));
                assert!(!source.next_row(&mut row)?);
                Ok(rows)
            });
            assert_eq!(rows.unwrap(), of);
        }
    }

    #[test]
    fn who_has_enough_need_not_read_to_the_end() {
        // Without an end it would not come back if the thread read on.
        let first = read_ahead(counting(u64::MAX, 10, false), |source| {
            let mut row = Row::default();
            source.next_row(&mut row)?;
            Ok(row.number)
        });
        assert_eq!(first.unwrap(), 1);
        let refused: Result<(), FileError> =
            read_ahead(counting(u64::MAX, 10, false), |_| Err(FileError::Empty));
        assert!(matches!(refused, Err(FileError::Empty)));
    }
}

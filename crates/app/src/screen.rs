//! The terminal: width, language, and the only place that prints.

use std::io::{self, IsTerminal, Write};

use giaouoc_agreement::text::Lang;

/// How the program talks in this run.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// The language of everything said.
    pub lang: Lang,
    /// Columns of the terminal; 100 in a pipe.
    pub width: usize,
    /// Whether a person is watching the error stream: progress is shown only then.
    pub watched: bool,
}

impl Screen {
    /// Looks at the environment: the locale decides the language unless it was named.
    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: the environment is read here and nowhere else"
    )]
    pub fn look(lang: Option<Lang>) -> Self {
        let by_locale = || {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
                .unwrap_or_default();
            // `C`, `POSIX` and nothing say no preference; the product's first language is Vietnamese.
            if locale.starts_with("en") { Lang::En } else { Lang::Vi }
        };
        let stated = std::env::var("COLUMNS").ok().and_then(|value| value.parse().ok());
        let width = stated
            .or_else(|| terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0)))
            .unwrap_or(100);
        Self {
            lang: lang.unwrap_or_else(by_locale),
            width: width.clamp(40, 400),
            watched: io::stderr().is_terminal(),
        }
    }

    /// One of two texts.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// Prints a result. Colours vanish in a pipe and under `NO_COLOR`; a closed pipe ends quietly.
    pub fn print(&self, text: &str) -> io::Result<()> {
        quiet_pipe(anstream::stdout().lock().write_all(text.as_bytes()))
    }

    /// Prints a result for programs, such as CSV or JSON, as it is: there is nothing in it to colour.
    pub fn print_plain(&self, text: &str) -> io::Result<()> {
        quiet_pipe(io::stdout().lock().write_all(text.as_bytes()))
    }

    /// Prints a result that is a file, as it is.
    pub fn print_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        quiet_pipe(io::stdout().lock().write_all(bytes))
    }

    /// Prints a remark to the error stream.
    pub fn remark(&self, text: &str) {
        // Nothing sensible is left to do when even the error stream is closed.
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }
}

fn quiet_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

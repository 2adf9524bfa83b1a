//! Lines of a mapping file under way: comments that are broken and harmless, strings that are quoted.

use std::fmt::Write;

use giaouoc_agreement::text::Lang;

/// Characters of a comment line.
const WIDTH: usize = 80;

/// A page under way.
pub(super) struct Page {
    pub(super) lang: Lang,
    pub(super) out: String,
}

impl Page {
    pub(super) fn say<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    pub(super) fn note(&mut self, vi: &str, en: &str) {
        let text = self.say(vi, en).to_owned();
        self.comment(&text);
    }

    /// A comment behind a line.
    pub(super) fn tail(&mut self, vi: &str, en: &str) {
        let text = self.say(vi, en);
        let _ = writeln!(self.out, "    # {}", safe(text));
    }

    /// A comment of its own, broken into lines.
    pub(super) fn comment(&mut self, text: &str) {
        let text = safe(text);
        let indent = if text.starts_with("  ") { "#      " } else { "# " };
        let mut line = String::from(if text.starts_with("  ") { "#  " } else { "#" });
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.trim_end() != "#" {
                let _ = writeln!(self.out, "{}", line.trim_end());
                line = indent.trim_end_matches(' ').to_owned();
                line.extend(std::iter::repeat_n(' ', indent.len() - 2));
            }
            if !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
        let _ = writeln!(self.out, "{}", line.trim_end());
    }
}

/// A comment's text without what TOML forbids there or what would deceive the eye.
pub(super) fn safe(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !turns(*c)).collect()
}

fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || turns(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

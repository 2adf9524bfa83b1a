//! What the doctor has found, and how it is said.

use giaouoc_agreement::text::Text;

use crate::fault::Outcome;
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something is wrong: figures, files or people may suffer.
    Wrong,
    /// Something is to be known.
    Note,
    /// It was looked at and is as it should be.
    Fine,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Findings(Vec<(Weight, Text, Text)>);

impl Findings {
    /// Something is as it should be.
    pub fn fine(&mut self, vi: impl Into<String>, en: impl Into<String>) {
        self.0.push((Weight::Fine, Text::new(vi, en), Text::default()));
    }

    /// Something is to be known: what, and what to do.
    pub fn note(
        &mut self,
        vi: impl Into<String>,
        en: impl Into<String>,
        do_vi: impl Into<String>,
        do_en: impl Into<String>,
    ) {
        self.0.push((Weight::Note, Text::new(vi, en), Text::new(do_vi, do_en)));
    }

    /// Something is wrong: what, and what to do.
    pub fn wrong(
        &mut self,
        vi: impl Into<String>,
        en: impl Into<String>,
        do_vi: impl Into<String>,
        do_en: impl Into<String>,
    ) {
        self.0.push((Weight::Wrong, Text::new(vi, en), Text::new(do_vi, do_en)));
    }

    /// What was found so far: how much it weighs, and what it is.
    #[cfg(test)]
    pub fn all(&self) -> impl Iterator<Item = (Weight, &Text)> {
        self.0.iter().map(|(weight, what, _)| (*weight, what))
    }

    /// Prints what is wrong first; says how much that is.
    pub fn print(mut self, screen: &Screen) -> Outcome<usize> {
        self.0.sort_by_key(|finding| finding.0);
        let mut text = String::new();
        let mut add = |line: &str, first: &str, further: &str| {
            text.push_str(&paragraph(line, first, further, screen.width));
        };
        for (weight, what, todo) in &self.0 {
            let sign = match weight {
                Weight::Wrong => "✗ ",
                Weight::Note => "! ",
                Weight::Fine => "✓ ",
            };
            add(what.get(screen.lang).trim_end(), sign, "  ");
            if !todo.get(screen.lang).is_empty() {
                add(todo.get(screen.lang), "  → ", "    ");
            }
        }
        let count = |wanted: Weight| self.0.iter().filter(|finding| finding.0 == wanted).count();
        let (wrong, notes) = (count(Weight::Wrong), count(Weight::Note));
        let (vi, en) = match (wrong, notes) {
            (0, 0) => ("Hệ thống ổn.".to_owned(), "The service is well.".to_owned()),
            (0, _) => (
                format!("Không có gì sai; {notes} điều cần biết (dấu !)."),
                format!("Nothing is wrong; {notes} to know (marked !)."),
            ),
            _ => (
                format!("{wrong} điều sai (dấu ✗), {notes} điều cần biết (dấu !)."),
                format!("{wrong} wrong (marked ✗), {notes} to know (marked !)."),
            ),
        };
        add(screen.say(&vi, &en), "", "");
        screen.print(&text).map_err(|error| crate::score::unprinted(&error))?;
        Ok(wrong)
    }
}

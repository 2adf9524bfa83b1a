//! A table of labelled rows that fits the terminal: when the columns do not fit side by side, they go on
//! in further bands below, each with the row labels again. Nothing is ever cut off.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// One cell: lines of text in one style.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The text; never holds a line break.
    pub text: String,
    /// Its style; dropped where colour is not wanted.
    pub style: Style,
}

impl Cell {
    /// A plain cell.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    /// A styled cell.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

/// A column: its header lines and one cell a row.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Header, one or more lines.
    pub head: Vec<String>,
    /// One cell for each row.
    pub cells: Vec<Cell>,
    /// Figures stand at the right, words at the left.
    pub right: bool,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Header of the labels.
    pub label_head: String,
    /// Row labels.
    pub labels: Vec<Cell>,
    /// Columns.
    pub columns: Vec<Column>,
    /// A rule is drawn above these rows (the cluster's line).
    pub rule_above: Vec<usize>,
}

const GAP: usize = 2;
/// Labels are wrapped beyond this share of a narrow terminal.
const LABEL_SHARE: usize = 3;
/// Narrower labels are hard to read.
const LEAST_LABEL: usize = 12;

/// Display width of a text in terminal columns.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

impl Grid {
    /// The table for a terminal of `columns` columns.
    pub fn render(&self, terminal: usize) -> String {
        let longest = self
            .labels
            .iter()
            .map(|label| width(&label.text))
            .chain([width(&self.label_head)])
            .max()
            .unwrap_or(0);
        // Labels give way when that keeps all columns side by side.
        let columns: usize = (0..self.columns.len()).map(|at| GAP + self.column_width(at)).sum();
        let label_width = match terminal.checked_sub(columns) {
            Some(room) if room >= LEAST_LABEL => longest.min(room),
            _ => longest.min((terminal / LABEL_SHARE).max(LEAST_LABEL)),
        };
        let mut out = String::new();
        let mut first = 0;
        while first < self.columns.len() || (first == 0 && self.columns.is_empty()) {
            let mut used = label_width;
            let mut last = first;
            while last < self.columns.len() {
                let more = GAP + self.column_width(last);
                if last > first && used + more > terminal {
                    break;
                }
                used += more;
                last += 1;
            }
            if first > 0 {
                out.push('\n');
            }
            self.band(&mut out, first..last, label_width, used);
            if self.columns.is_empty() {
                break;
            }
            first = last;
        }
        out
    }

    fn column_width(&self, index: usize) -> usize {
        let column = &self.columns[index];
        let head = column.head.iter().map(|line| width(line)).max().unwrap_or(0);
        column.cells.iter().map(|cell| width(&cell.text)).max().unwrap_or(0).max(head)
    }

    fn band(&self, out: &mut String, range: std::ops::Range<usize>, label_width: usize, used: usize) {
        let lines =
            self.columns[range.clone()].iter().map(|column| column.head.len()).max().unwrap_or(1).max(1);
        let bold = Style::new().bold();
        for line in 0..lines {
            let label = if line + 1 == lines { self.label_head.as_str() } else { "" };
            let mut text = pad(label, label_width, false);
            for index in range.clone() {
                let column = &self.columns[index];
                // Short headers sit on the last line, next to their figures.
                let skip = lines - column.head.len().min(lines);
                let head =
                    line.checked_sub(skip).and_then(|at| column.head.get(at)).map_or("", String::as_str);
                text.push_str(&" ".repeat(GAP));
                text.push_str(&pad(head, self.column_width(index), column.right));
            }
            out.push_str(&format!("{bold}{}{bold:#}\n", text.trim_end()));
        }
        out.push_str(&format!("{}\n", "─".repeat(used)));
        for (row, label) in self.labels.iter().enumerate() {
            if self.rule_above.contains(&row) {
                out.push_str(&format!("{}\n", "─".repeat(used)));
            }
            let wrapped = wrap(&label.text, label_width);
            for (line, part) in wrapped.iter().enumerate() {
                let mut text = styled(part, label.style, label_width, false);
                if line == 0 {
                    for index in range.clone() {
                        let column = &self.columns[index];
                        let empty = Cell::default();
                        let cell = column.cells.get(row).unwrap_or(&empty);
                        text.push_str(&" ".repeat(GAP));
                        text.push_str(&styled(
                            &cell.text,
                            cell.style,
                            self.column_width(index),
                            column.right,
                        ));
                    }
                }
                out.push_str(text.trim_end());
                out.push('\n');
            }
        }
    }
}

/// Text in its style, padded outside it so that spaces at a line's end can be cut.
fn styled(text: &str, style: Style, to: usize, right: bool) -> String {
    if text.is_empty() {
        return " ".repeat(to);
    }
    let space = " ".repeat(to.saturating_sub(width(text)));
    if right { format!("{space}{style}{text}{style:#}") } else { format!("{style}{text}{style:#}{space}") }
}

/// Pads to a display width.
pub fn pad(text: &str, to: usize, right: bool) -> String {
    let space = " ".repeat(to.saturating_sub(width(text)));
    if right { format!("{space}{text}") } else { format!("{text}{space}") }
}

/// Breaks a text at spaces into lines of at most `to` columns; a single longer word stays whole, and a
/// per-cent sign stays with its number.
pub fn wrap(text: &str, to: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(number) if word.starts_with('%') => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let mut lines = vec![String::new()];
    for word in &words {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= to {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.clone());
        }
    }
    lines
}

/// A paragraph with a first and a further indent, wrapped to the terminal.
pub fn paragraph(text: &str, first: &str, further: &str, terminal: usize) -> String {
    let room = terminal.saturating_sub(width(further).max(width(first))).max(20);
    let mut out = String::new();
    for (index, line) in wrap(text, room).iter().enumerate() {
        out.push_str(if index == 0 { first } else { further });
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: usize) -> Grid {
        Grid {
            label_head: "Đơn vị".into(),
            labels: vec![Cell::plain("Văn phòng UBND thành phố"), Cell::plain("Sở Nội vụ")],
            columns: (0..columns)
                .map(|at| Column {
                    head: vec![format!("{at}"), ">= 95 %".into()],
                    cells: vec![Cell::plain("94,96 % ✗"), Cell::plain("✓")],
                    right: true,
                })
                .collect(),
            rule_above: vec![1],
        }
    }

    #[test]
    fn a_number_keeps_its_per_cent_sign() {
        assert_eq!(wrap("đạt 94,96 %; hết", 10), ["đạt", "94,96 %;", "hết"]);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_cell_is_lost() {
        for terminal in [40, 60, 80, 200] {
            let text = anstream::adapter::strip_str(&grid(9).render(terminal)).to_string();
            for line in text.lines() {
                assert!(width(line) <= terminal, "{terminal}: {line}");
            }
            assert_eq!(text.matches("94,96 % ✗").count(), 9);
            for word in "Văn phòng UBND thành phố Sở Nội vụ".split(' ') {
                assert!(text.contains(word), "{terminal}: {word}");
            }
        }
    }
}

//! The proposal as a mapping file: TOML that is read as it stands, with comments for the person.

use std::fmt::Write;

use giaouoc_agreement::kind::{Column, ColumnType};
use giaouoc_agreement::text::Lang;

use super::evidence::Dates;
use super::page::{Page, quoted, safe};
use super::{Choice, Detail, Found, Proposal, Sampled, Seen, Why, is_dated};
use crate::fold::cut;

impl Proposal {
    /// The mapping file, with comments in one language. What is not decided is a line that begins with `#`
    /// and holds a `?`.
    pub fn toml(&self, lang: Lang) -> String {
        let mut page = Page { lang, out: String::new() };
        self.head(&mut page);
        page.out.push_str("\n[columns]\n");
        let mut tables = Page { lang, out: String::new() };
        for (column, choice) in self.kind.columns.iter().zip(&self.columns) {
            match choice {
                Choice::Nothing => {}
                Choice::From(found) => page.found(column, found, &mut tables),
                Choice::Ask { headers, required } => page.ask(column, headers, *required),
            }
        }
        page.out.push_str(&tables.out);
        self.foot(&mut page);
        page.out
    }

    /// What a person must still decide before the file can be loaded whole: ids of columns.
    pub fn open(&self) -> Vec<&str> {
        let columns = self.kind.columns.iter().zip(&self.columns);
        let open = columns.filter(|(_, choice)| match choice {
            Choice::Nothing => false,
            Choice::Ask { required, .. } => *required,
            Choice::From(found) => found.is_open(),
        });
        open.map(|(column, _)| column.id.as_str()).collect()
    }

    fn head(&self, page: &mut Page) {
        let (kind, file, rows) = (&self.kind, cut(&self.file, 60), self.rows);
        let sheet = self.sheet.as_ref().map(|sheet| format!(", {}", cut(sheet, 40))).unwrap_or_default();
        page.note(
            &format!(
                "Ánh xạ đề xuất: {file} ({}{sheet}), {rows} dòng, thành loại dữ liệu “{}” ({}).",
                self.format, kind.id, kind.name.vi
            ),
            &format!(
                "Proposed mapping: {file} ({}{sheet}), {rows} rows, as the kind “{}” ({}).",
                self.format, kind.id, kind.name.en
            ),
        );
        page.note(
            "Đọc từng dòng rồi sửa. Dòng bắt đầu bằng # chưa có hiệu lực; chỗ có dấu ? cần người quyết định.",
            "Read and edit. Lines that begin with # have no effect; those with a ? wait for a person's decision.",
        );
        let _ = write!(page.out, "\nkind    = {}\nunnamed = \"ignore\"", quoted(&kind.id));
        page.tail("chỉ lấy các cột nêu dưới đây", "only the columns named below are taken");
        if let Some(sheet) = &self.sheet {
            let _ = writeln!(page.out, "sheet   = {}", quoted(sheet));
        }
        if let Some(row) = self.header_row {
            let _ = write!(page.out, "header_row = {row}");
            if self.header_known {
                page.tail("dòng tiêu đề tìm thấy", "where the header was found");
            } else {
                page.tail(
                    "? không nhận ra tiêu đề nào; đây là dòng nhiều ô nhất",
                    "? no heading is known; this row has the most cells",
                );
            }
        }
        if !self.zoneless.is_empty() {
            let columns = self.zoneless.join(", ");
            page.note(
                &format!("Giờ trong tệp không kèm múi giờ ({columns}): đọc theo múi giờ của lịch, như dòng dưới. Nơi khác thì sửa."),
                &format!("Times in the file have no offset ({columns}): read in the calendar's zone, as below. Change it for another place."),
            );
            let _ = writeln!(page.out, "# zone = {}", quoted(&self.zone));
        }
    }

    fn foot(&self, page: &mut Page) {
        let columns = self.kind.columns.iter().zip(&self.columns);
        let derived = |column: &Column| {
            column.working_days_of.is_some_and(|limit| matches!(self.columns[limit], Choice::From(_)))
        };
        let absent: Vec<&str> = columns
            .filter(|(column, choice)| {
                matches!(choice, Choice::Nothing) && !column.personal && !derived(column)
            })
            .map(|(column, _)| column.id.as_str())
            .collect();
        page.out.push('\n');
        if !self.personal.is_empty() {
            let list = self
                .personal
                .iter()
                .map(|name| format!("“{}”", cut(name, 40)))
                .collect::<Vec<_>>()
                .join(", ");
            page.note(
                &format!("Cột dữ liệu cá nhân, không nạp: {list}."),
                &format!("Personal columns, not loaded: {list}."),
            );
        }
        if !absent.is_empty() {
            let list = absent.join(", ");
            page.note(
                &format!("Không thấy trong tệp (giá trị chưa biết): {list}."),
                &format!("Not found in the file (their values stay unknown): {list}."),
            );
        }
        if self.unused.is_empty() {
            return;
        }
        page.note(
            "Tiêu đề chưa dùng, kèm ví dụ. Cần thì thêm dòng cột = \"tiêu đề\" vào [columns]:",
            "Headers that are not used, with samples. To use one, add column = \"header\" to [columns]:",
        );
        for unused in &self.unused {
            let header = &unused.header;
            let mut line = format!("  {}: {}", quoted(&header.name), page.samples(header));
            if let Some(near) = &unused.near {
                let near = cut(near, 40);
                line += &match page.lang {
                    Lang::Vi => format!(" · gần giống “{near}”"),
                    Lang::En => format!(" · near to “{near}”"),
                };
            }
            if !unused.could_be.is_empty() {
                let list = unused.could_be.join(", ");
                line += &match page.lang {
                    Lang::Vi => format!(" · có thể là {list}?"),
                    Lang::En => format!(" · could be {list}?"),
                };
            }
            page.comment(&line);
        }
    }
}

impl Found {
    fn is_open(&self) -> bool {
        self.missing > 0
            || match &self.detail {
                Detail::Plain => false,
                Detail::Values { values, more, keep } => {
                    !keep && (*more || values.iter().any(|seen| seen.meaning.is_none()))
                }
                Detail::Dates(dates) => dates.day_first > 0 && dates.month_first > 0 || dates.other > 0,
                Detail::Limits { other, .. } => *other > 0,
                Detail::Numbers { bad, .. } => *bad > 0,
            }
    }
}

impl Page {
    fn samples(&self, header: &Sampled) -> String {
        if header.filled == 0 {
            return self.say("không có giá trị nào", "no value at all").to_owned();
        }
        let list: Vec<String> = header.samples.iter().map(|sample| format!("“{sample}”")).collect();
        let filled = header.filled;
        match self.lang {
            Lang::Vi => format!("{filled} giá trị, ví dụ {}", list.join(", ")),
            Lang::En if filled == 1 => format!("1 value, {}", list.join(", ")),
            Lang::En => format!("{filled} values, such as {}", list.join(", ")),
        }
    }

    fn found(&mut self, column: &Column, found: &Found, tables: &mut Self) {
        let why = match found.why {
            Why::Id => self.say("tiêu đề là mã cột", "the header is the column's id"),
            Why::Label => self.say("tiêu đề là tên cột", "the header is the column's name"),
            Why::Alias => self.say("tiêu đề đã gặp", "a header seen before"),
            Why::Content => self.say("nhận ra theo nội dung; hãy xem lại", "by its content; look at it"),
        };
        let label = column.label.get(self.lang);
        let about = format!("{label}: {why}; {}.", self.samples(&found.header));
        let header = quoted(&found.header.name);
        if let Detail::Values { values, more, keep } = &found.detail {
            tables.values(column, found, &about, (values, *more, *keep));
            return;
        }
        self.comment(&about);
        if found.missing > 0 {
            let missing = found.missing;
            self.note(
                &format!(
                    "? {missing} dòng không có giá trị bắt buộc này: sẽ bị từ chối. Có tiêu đề khác không?"
                ),
                &format!(
                    "? Rows that lack this required value and will be rejected: {missing}. Is there another header?"
                ),
            );
        }
        let id = &column.id;
        match &found.detail {
            Detail::Dates(dates) => {
                let format = self.dates(dates);
                let _ = match format {
                    Some(format) => writeln!(self.out, "{id} = {{ from = {header}, format = \"{format}\" }}"),
                    None => writeln!(self.out, "{id} = {header}"),
                };
            }
            Detail::Limits { read, other, example } if *other > 0 => {
                let example = example.as_deref().unwrap_or_default();
                self.note(
                    &format!("? {other} ô không phải một thời hạn (như “{example}”), {read} ô đọc được. Dòng dưới để trống các ô ấy; bỏ others thì dòng bị từ chối."),
                    &format!("? Cells that are not one time limit: {other} (such as “{example}”); read: {read}. The line below leaves them unknown; without others their rows are rejected."),
                );
                let _ = writeln!(self.out, "{id} = {{ from = {header}, others = \"unknown\" }}");
            }
            Detail::Numbers { bad, example } if *bad > 0 => {
                let example = example.as_deref().unwrap_or_default();
                self.note(
                    &format!("? {bad} ô không phải số nguyên (như “{example}”): các dòng ấy sẽ bị từ chối."),
                    &format!("? Cells that are no whole number: {bad} (such as “{example}”). Their rows will be rejected."),
                );
                let _ = writeln!(self.out, "{id} = {header}");
            }
            _ => {
                let _ = writeln!(self.out, "{id} = {header}");
            }
        }
    }

    /// What the dates of a column prove, said; the format to be stated, if any.
    fn dates(&mut self, dates: &Dates) -> Option<&'static str> {
        if dates.other > 0 {
            let (other, example) = (dates.other, dates.other_example.as_deref().unwrap_or_default());
            self.note(
                &format!("? {other} ô không phải ngày tháng (như “{example}”): các dòng ấy sẽ bị từ chối."),
                &format!(
                    "? Cells that are no date: {other} (such as “{example}”). Their rows will be rejected."
                ),
            );
        }
        let Dates { day_first, month_first, either, .. } = *dates;
        if day_first > 0 && month_first > 0 {
            self.note(
                &format!("? {day_first} ô chỉ có thể là ngày/tháng, {month_first} ô chỉ có thể là tháng/ngày: cần sửa tệp, hoặc chọn format."),
                &format!("? Cells that can only be day/month: {day_first}, only month/day: {month_first}. Mend the file, or choose a format."),
            );
            return Some("dd/mm/yyyy");
        }
        if month_first > 0 {
            self.note(
                &format!("{month_first} ô chỉ có thể là tháng/ngày/năm."),
                &format!("Cells that can only be month/day/year: {month_first}."),
            );
            return Some("mm/dd/yyyy");
        }
        if day_first > 0 {
            self.note(
                &format!("{day_first} ô chỉ có thể là ngày/tháng/năm."),
                &format!("Cells that can only be day/month/year: {day_first}."),
            );
            return Some("dd/mm/yyyy");
        }
        if either > 0 {
            self.note(
                &format!("? {either} ô có thể là ngày/tháng hoặc tháng/ngày; đọc là ngày/tháng. Nếu ngược lại: \"mm/dd/yyyy\"."),
                &format!("? Cells that could be day/month or month/day: {either}; read as day/month. If it is the other way: \"mm/dd/yyyy\"."),
            );
            return Some("dd/mm/yyyy");
        }
        let plain = dates.year_first > 0 && dates.compact == 0 && dates.cells == 0 && dates.numbers == 0;
        plain.then_some("iso")
    }

    /// A column with a table of values.
    fn values(
        &mut self,
        column: &Column,
        found: &Found,
        about: &str,
        (values, more, keep): (&[Seen], bool, bool),
    ) {
        self.out.push('\n');
        self.comment(about);
        let codes: Vec<&str> = match &column.ty {
            ColumnType::Code(list) => list.codes.iter().map(|code| code.code.as_str()).collect(),
            _ => Vec::new(),
        };
        if more {
            self.note(
                &format!(
                    "? Quá {} giá trị khác nhau: có lẽ không phải cột này. Bỏ # nếu đúng.",
                    values.len()
                ),
                &format!(
                    "? More than {} different values: hardly this column. Take off the # if it is.",
                    values.len()
                ),
            );
            let _ = writeln!(self.out, "# [columns.{}]\n# from = {}", column.id, quoted(&found.header.name));
            return;
        }
        let _ = writeln!(self.out, "[columns.{}]\nfrom = {}", column.id, quoted(&found.header.name));
        let unknown = values.iter().filter(|seen| seen.meaning.is_none()).count();
        if keep {
            self.out.push_str("others = \"keep\"");
            self.tail("giá trị khác được giữ nguyên", "other values are kept as they are");
        } else if unknown > 0 {
            self.note(
                &format!("? {unknown} giá trị chưa rõ nghĩa: điền vào dưới đây, hoặc bỏ # ở dòng sau để coi là chưa biết; nếu không, dòng bị từ chối."),
                &format!("? Values without a known meaning: {unknown}. Give one below, or take off the # to make them unknown; else their rows are rejected."),
            );
            self.out.push_str("# others = \"unknown\"\n");
        }
        let _ = writeln!(self.out, "[columns.{}.values]", column.id);
        let shown = values.iter().map(|seen| quoted(&seen.value).chars().count()).max().unwrap_or(0).min(40);
        for Seen { value, count, meaning } in values {
            let left = format!("{:shown$}", quoted(value));
            let _ = match meaning {
                Some(code) => writeln!(self.out, "{left} = {:16} # {count}", quoted(code)),
                None if keep => writeln!(self.out, "# {left} = \"?\"  # {count}"),
                None => {
                    let list = safe(&cut(&codes.join(" | "), 60));
                    writeln!(self.out, "# {left} = \"?\"  # {count} · {list}")
                }
            };
        }
    }

    /// A line that a person must complete.
    fn ask(&mut self, column: &Column, headers: &[Sampled], required: bool) {
        let label = column.label.get(self.lang);
        if required && headers.is_empty() {
            self.note(
                &format!("{label}: BẮT BUỘC, không có tiêu đề nào hợp. Điền vào chỗ ? và bỏ #:"),
                &format!("{label}: REQUIRED, and no header fits. Fill in the ? and take off the #:"),
            );
        } else if required && headers.len() != 1 {
            self.note(
                &format!("{label}: BẮT BUỘC, chưa rõ cột nào. Chọn một dòng và bỏ #:"),
                &format!(
                    "{label}: REQUIRED, and it is not clear which header. Choose one line and take off its #:"
                ),
            );
        } else if required {
            self.note(
                &format!("{label}: BẮT BUỘC, không có tiêu đề quen thuộc. Bỏ # nếu đúng:"),
                &format!("{label}: REQUIRED, and no header is known. Take off the # if this is it:"),
            );
        } else {
            self.note(
                &format!("{label}: nhiều tiêu đề cùng hợp. Chọn một dòng và bỏ #:"),
                &format!("{label}: several headers fit. Choose one line and take off its #:"),
            );
        }
        let id = &column.id;
        if headers.is_empty() {
            let same = self.say("cho mọi dòng", "for every row").to_owned();
            let _ = match &column.ty {
                ty if is_dated(ty) => {
                    writeln!(self.out, "# {id} = {{ constant = ? }}    # {same}: 2020-12-31")
                }
                ColumnType::Code(list) => {
                    let codes: Vec<&str> = list.codes.iter().map(|code| code.code.as_str()).collect();
                    let codes = safe(&cut(&codes.join(" | "), 60));
                    writeln!(self.out, "# {id} = {{ constant = \"?\" }}    # {same}: {codes}")
                }
                _ => writeln!(self.out, "# {id} = \"?\""),
            };
        }
        for header in headers {
            let samples = safe(&self.samples(header));
            let _ = writeln!(self.out, "# {id} = {}    # ? {samples}", quoted(&header.name));
        }
    }
}

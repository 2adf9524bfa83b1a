//! The mapping file, with every mistake in it at its place.

use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};
use giaouoc_agreement::problem::{Problem, nearest};
use giaouoc_agreement::text::Text;
use giaouoc_agreement::toml_read::{At, Document, Field, Table, text_of};
use giaouoc_worktime::zone::Zone;

use super::{DateFormat, Encoding, Mapping, Numbers, Others, Rule, Skip, Values};
use crate::fold::{clean_name, fold};

/// A tab is written as a word: a file's blanks are trimmed.
const DELIMITERS: [(&str, u8); 7] =
    [(",", b','), (";", b';'), ("tab", b'\t'), ("|", b'|'), (":", b':'), ("^", b'^'), ("~", b'~')];

impl Mapping {
    /// Reads a mapping file for a kind; `file` is its name in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(file: &str, bytes: &[u8], kind: &Kind) -> Result<Self, Vec<Problem>> {
        let text = text_of(file, bytes).map_err(|problem| vec![*problem])?;
        let doc = Document::parse(file, text);
        let mapping = read(&doc, kind);
        if doc.has_errors() { Err(doc.into_problems()) } else { Ok(mapping) }
    }
}

fn read(doc: &Document<'_>, kind: &Kind) -> Mapping {
    let root = doc.root();
    if let Some(id) = root.need("kind").string()
        && id.value != kind.id
    {
        doc.error(
            "other-kind",
            id.span.clone(),
            Text::new(
                format!("Ánh xạ này dành cho loại dữ liệu \"{}\", không phải \"{}\".", id.value, kind.id),
                format!("This mapping is for the kind \"{}\", not \"{}\".", id.value, kind.id),
            ),
            None,
        );
    }
    let mut mapping = Mapping {
        zone: zone(doc, &root.may("zone")),
        sheet: root.may("sheet").string().map(|at| at.value),
        header_row: root.may("header_row").integer(1..=1_000).and_then(|at| u64::try_from(at.value).ok()),
        delimiter: root.may("delimiter").one_of(&DELIMITERS).map(|at| at.value),
        encoding: encoding(doc, &root.may("encoding")),
        numbers: root.may("numbers").one_of(&Numbers::NAMES).map(|at| at.value),
        short_rows: root
            .may("short_rows")
            .one_of(&[("reject", false), ("blank", true)])
            .is_some_and(|at| at.value),
        only_named: root
            .may("unnamed")
            .one_of(&[("match", false), ("ignore", true)])
            .is_some_and(|at| at.value),
        ..Mapping::default()
    };
    if let Some(columns) = root.may("columns").table() {
        for (id, field) in columns.entries() {
            let Some(column) = kind.column(&id.value) else {
                unknown_column(doc, &id, kind);
                continue;
            };
            if let Some(rule) = rule(doc, &field, &kind.columns[column]) {
                mapping.columns.push((column, rule));
            }
        }
    }
    if let Some(skip) = root.may("skip").table() {
        mapping.skip = read_skip(skip);
    }
    if let Some(events) = root.may("events").table() {
        mapping.events = Some(crate::events::parse(doc, events, kind, &mapping));
    }
    root.finish();
    mapping
}

fn unknown_column(doc: &Document<'_>, id: &At<String>, kind: &Kind) {
    let ids = || kind.columns.iter().map(|column| column.id.as_str());
    let help = match nearest(&id.value, ids()) {
        Some(near) => Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?")),
        None => {
            let known = ids().collect::<Vec<_>>().join(", ");
            Text::new(format!("Các cột: {known}."), format!("Columns: {known}."))
        }
    };
    doc.error(
        "unknown-column",
        id.span.clone(),
        Text::new(
            format!("Loại dữ liệu \"{}\" không có cột \"{}\".", kind.id, id.value),
            format!("The kind \"{}\" has no column \"{}\".", kind.id, id.value),
        ),
        Some(help),
    );
}

/// One entry of `[columns]`: a header, or a table.
pub(crate) fn rule(doc: &Document<'_>, field: &Field<'_>, column: &Column) -> Option<Rule> {
    let ty = &column.ty;
    if !field.is_table() {
        let from = one_or_many(field)?;
        return Some(Rule { from, ..Rule::default() });
    }
    let span = field.span().unwrap_or_default();
    let table = field.table()?;
    let from = table.may("from");
    let constant = table.may("constant");
    let format = table.may("format");
    let numbers = table.may("numbers");
    let filled = table.may("filled");
    let values = table.may("values");
    let others = table.may("others").one_of(&[
        ("reject", Others::Reject),
        ("keep", Others::Keep),
        ("unknown", Others::Unknown),
    ]);
    if from.is_there() == constant.is_there() {
        doc.error(
            "from-or-constant",
            span,
            Text::new(
                "Cần đúng một trong hai: from hoặc constant.",
                "Exactly one of from and constant is needed.",
            ),
            None,
        );
    }
    let dated =
        matches!(ty, ColumnType::Date | ColumnType::Moment | ColumnType::Intervals | ColumnType::Changes);
    if format.is_there() && !dated {
        misplaced(doc, &format, "format", "ngày tháng", "dates");
    }
    if numbers.is_there() && *ty != ColumnType::Integer {
        misplaced(doc, &numbers, "numbers", "số", "whole numbers");
    }
    if filled.is_there() && *ty != ColumnType::Flag {
        misplaced(doc, &filled, "filled", "có/không", "flags");
    }
    // Values of a time limit are read as limits when the mapping does not list them.
    let limit = column.form == Some(TextForm::Limit);
    let others = others.map(|at| at.value).unwrap_or_default();
    let rule = Rule {
        unread: limit && others == Others::Unknown,
        from: if from.is_there() { one_or_many(&from).unwrap_or_default() } else { Vec::new() },
        constant: constant.cell().map(|at| at.value),
        format: format.one_of(&DateFormat::NAMES).map(|at| at.value).unwrap_or_default(),
        numbers: numbers.one_of(&Numbers::NAMES).map(|at| at.value),
        zone: zone(doc, &table.may("zone")),
        filled: filled.flag().is_some_and(|at| at.value),
        values: values
            .table()
            .map(|table| read_values(doc, &table, if limit { Others::Keep } else { others })),
    };
    table.finish();
    Some(rule)
}

fn misplaced(doc: &Document<'_>, field: &Field<'_>, key: &str, vi: &str, en: &str) {
    doc.error(
        "misplaced-key",
        field.span().unwrap_or_default(),
        Text::new(
            format!("\"{key}\" chỉ dùng cho cột {vi}."),
            format!("\"{key}\" is only for columns that hold {en}."),
        ),
        None,
    );
}

fn one_or_many(field: &Field<'_>) -> Option<Vec<String>> {
    if field.is_list() {
        let many: Vec<String> = field.strings().into_iter().map(|at| at.value).collect();
        return (!many.is_empty()).then_some(many);
    }
    field.string().map(|at| vec![at.value])
}

fn read_values(doc: &Document<'_>, table: &Table<'_>, others: Others) -> Values {
    let mut values = Values { others, ..Values::default() };
    let mut unclear = Vec::new();
    for (from, to) in table.entries() {
        let Some(to) = to.cell() else { continue };
        let exact = clean_name(&from.value).into_owned();
        let folded = fold(&exact);
        if values.exact.insert(exact, to.value.clone()).is_some() {
            doc.error(
                "doubled-value",
                from.span,
                Text::new(
                    format!("Giá trị \"{}\" được ghi hai lần.", from.value),
                    format!("The value \"{}\" is given twice.", from.value),
                ),
                None,
            );
            continue;
        }
        // Values that differ only in case or marks are told apart exactly, or not at all.
        if !folded.is_empty()
            && values.folded.insert(folded.clone(), to.value.clone()).is_some_and(|old| old != to.value)
        {
            unclear.push(folded);
        }
    }
    for folded in unclear {
        values.folded.remove(&folded);
    }
    values
}

fn read_skip(table: Table<'_>) -> Skip {
    let mut skip = Skip {
        when_blank: table.may("when_blank").strings().into_iter().map(|at| at.value).collect(),
        when: Vec::new(),
    };
    for when in table.may("when").tables() {
        let column = when.need("column").string();
        let is = when.need("is");
        let values = if is.is_there() { one_or_many(&is) } else { None };
        if let (Some(column), Some(values)) = (column, values) {
            skip.when.push((column.value, values));
        }
        when.finish();
    }
    table.finish();
    skip
}

fn zone(doc: &Document<'_>, field: &Field<'_>) -> Option<Zone> {
    let name = field.string()?;
    match Zone::get(&name.value) {
        Ok(zone) => Some(zone),
        Err(error) => {
            doc.error("unknown-zone", name.span, Text::new(error.vi(), error.en()), None);
            None
        }
    }
}

fn encoding(doc: &Document<'_>, field: &Field<'_>) -> Option<Encoding> {
    let name = field.string()?;
    if let Some(found) = Encoding::named(&name.value) {
        return Some(found);
    }
    let known = Encoding::NAMES.map(|(name, _)| name).join(", ");
    doc.error(
        "refused-encoding",
        name.span,
        Text::new(
            format!("Bảng mã \"{}\" không đọc được. Hãy lưu tệp dạng UTF-8 hoặc .xlsx.", name.value),
            format!("The encoding \"{}\" is not read. Save the file as UTF-8 or .xlsx.", name.value),
        ),
        Some(Text::new(format!("Hãy chọn: {known}."), format!("Choose one of: {known}."))),
    );
    None
}

//! Reads a kind from its TOML file and refuses one that does not hold together.

use std::collections::HashMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Code, CodeList, Column, ColumnType, Kind, TextForm};
use crate::bundle::refs;
use crate::problem::{Problem, nearest};
use crate::text::{Text, fold};
use crate::toml_read::{At, Document, Field, Table, shown};

/// The format of kind files that this program reads.
const FORMAT: i64 = 1;
/// More columns than this are a mistake: the widest export seen has about sixty.
const MOST_COLUMNS: usize = 500;

impl Kind {
    /// Reads a kind.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in its order.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let doc = Document::parse(file, text);
        let kind = read(&doc);
        let failed = doc.broken() || doc.has_errors();
        let mut problems = doc.into_problems();
        match kind {
            Some(kind) if !failed => Ok(kind),
            _ => {
                problems.sort_by_key(|problem| problem.span.start);
                Err(problems)
            }
        }
    }
}

/// A column and the references to other columns that it was written with.
struct Raw {
    column: Column,
    id: At<String>,
    hangs_on: Option<At<String>>,
    working_days_of: Option<At<String>>,
    aliases: Vec<At<String>>,
}

fn read(doc: &Document<'_>) -> Option<Kind> {
    let root = doc.root();
    root.need("format").integer(FORMAT..=FORMAT);
    let id = root.need("id").id();
    let name = root.need("name").text();
    let meaning = root.need("meaning").text();
    let (key, unit, date) =
        (root.need("key").string(), root.need("unit").string(), root.need("date").string());
    let closes = root.may("closes").string();
    let standing = root.may("standing").flag();
    if let (Some(_), Some(at)) = (&closes, standing.as_ref().filter(|standing| standing.value)) {
        doc.error(
            "standing-and-closes",
            at.span.clone(),
            Text::new(
                "Loại có closes (xử lý dần) thì không thể là standing (danh sách có sẵn).",
                "A kind with closes (worked off) cannot be standing (a list that is put right).",
            ),
            None,
        );
    }
    let source = root.need("source").string();
    let tables = root.need("column").few_tables(MOST_COLUMNS);
    let count = tables.len();
    let columns: Vec<Raw> = tables.into_iter().filter_map(column).collect();
    root.finish();
    // A column that could not be read is not missed by those who refer to it.
    let whole = columns.len() == count;

    refs::unique(doc, columns.iter().map(|raw| (raw.id.value.as_str(), raw.id.span.clone())));
    headers(doc, &columns);
    let find = |name: &At<String>, types: Text, fits: fn(&ColumnType) -> bool| {
        let index = columns.iter().position(|raw| *raw.id == **name);
        let Some(index) = index else {
            if !whole {
                return None;
            }
            unknown_column(doc, name, columns.iter().map(|raw| raw.id.value.as_str()));
            return None;
        };
        if columns.get(index).is_some_and(|raw| fits(&raw.column.ty)) {
            return Some(index);
        }
        doc.error(
            "wrong-column-type",
            name.span.clone(),
            Text::new(
                format!("Cột \"{}\" không phải kiểu {}.", shown(name), types.vi),
                format!("The column \"{}\" is not of type {}.", shown(name), types.en),
            ),
            None,
        );
        None
    };
    let textual = |ty: &ColumnType| matches!(ty, ColumnType::Text | ColumnType::Code(_));
    let dated = |ty: &ColumnType| matches!(ty, ColumnType::Date | ColumnType::Moment);
    let textual_name = || Text::new("text hoặc code", "text or code");
    let dated_name = || Text::new("date hoặc moment", "date or moment");
    let key = key.and_then(|name| find(&name, textual_name(), textual));
    let unit = unit.and_then(|name| find(&name, textual_name(), textual));
    let date = date.and_then(|name| find(&name, dated_name(), dated));
    let closes = closes.and_then(|name| find(&name, dated_name(), dated));
    let hangs_on: Vec<Option<usize>> = columns
        .iter()
        .map(|raw| raw.hangs_on.as_ref().and_then(|name| find(name, dated_name(), dated)))
        .collect();
    for index in [key, unit].into_iter().flatten() {
        let Some(raw) = columns.get(index).filter(|raw| !raw.column.required || raw.column.personal) else {
            continue;
        };
        doc.error(
            "key-not-required",
            raw.id.span.clone(),
            Text::new(
                format!("Cột \"{}\" là khoá hoặc đơn vị nên phải có required = true và không được là personal.", *raw.id),
                format!("The column \"{}\" is the key or the unit: it needs required = true and must not be personal.", *raw.id),
            ),
            None,
        );
    }
    let working_days_of: Vec<Option<usize>> = columns
        .iter()
        .map(|raw| {
            let wanted = Text::new("text với form = \"limit\"", "text with form = \"limit\"");
            let name = raw.working_days_of.as_ref()?;
            let limits = columns.iter().any(|raw| *raw.id == **name && raw.column.form.is_some());
            find(name, wanted, if limits { |ty| *ty == ColumnType::Text } else { |_| false })
        })
        .collect();
    let columns = columns
        .into_iter()
        .zip(hangs_on.into_iter().zip(working_days_of))
        .map(|(raw, (hangs_on, working_days_of))| Column { hangs_on, working_days_of, ..raw.column })
        .collect();
    let kind = Kind {
        id: id?.value,
        name: name?.value,
        meaning: meaning?.value,
        key: key?,
        unit: unit?,
        date: date?,
        closes,
        standing: standing.is_some_and(|standing| standing.value),
        source: source?.value,
        columns,
        digest: String::new(),
    };
    Some(Kind { digest: digest(&kind), ..kind })
}

fn column(table: Table<'_>) -> Option<Raw> {
    let doc = table.doc();
    let id = table.need("id").name();
    let ty = table.need("type").one_of(&[
        ("text", ColumnName::Text),
        ("code", ColumnName::Code),
        ("integer", ColumnName::Integer),
        ("flag", ColumnName::Flag),
        ("date", ColumnName::Date),
        ("moment", ColumnName::Moment),
        ("intervals", ColumnName::Intervals),
        ("changes", ColumnName::Changes),
    ]);
    let label = table.need("label").text();
    let meaning = table.need("meaning").text();
    let required = table.may("required").flag().is_some_and(|at| at.value);
    let personal = table.may("personal").flag().is_some_and(|at| at.value);
    let hangs_on = table.may("hangs_on").string();
    let aliases = table.may("aliases").strings();
    let (min, max) = (table.may("min"), table.may("max"));
    let open = table.may("open");
    let (form, working_days_of) = (table.may("form"), table.may("working_days_of"));
    let codes = table.may("codes");
    let list: Vec<_> = codes.tables().into_iter().filter_map(code).collect();
    let limits = [min.integer(i64::MIN..=i64::MAX), max.integer(i64::MIN..=i64::MAX)];
    let is_open = open.flag().is_some_and(|at| at.value);
    let text_form = form.one_of(&[("limit", TextForm::Limit)]).map(|at| at.value);
    let limit_column = working_days_of.string();
    table.finish();

    let ty = ty?;
    let only = |field: &Field<'_>, name: &str, wanted: ColumnName, type_name: &str| {
        if let Some(span) = field.span().filter(|_| ty.value != wanted) {
            doc.error(
                "misplaced-key",
                span,
                Text::new(
                    format!("\"{name}\" chỉ dùng cho cột kiểu {type_name}."),
                    format!("\"{name}\" is only for columns of type {type_name}."),
                ),
                None,
            );
        }
    };
    only(&min, "min", ColumnName::Integer, "integer");
    only(&max, "max", ColumnName::Integer, "integer");
    only(&open, "open", ColumnName::Code, "code");
    only(&codes, "codes", ColumnName::Code, "code");
    only(&form, "form", ColumnName::Text, "text");
    only(&working_days_of, "working_days_of", ColumnName::Integer, "integer");
    let [min, max] = limits;
    if let (Some(min), Some(max)) = (&min, &max)
        && min.value > max.value
    {
        let (vi, en) = ("max nhỏ hơn min.", "max is less than min.");
        doc.error("out-of-range", max.span.clone(), Text::new(vi, en), None);
    }
    if ty.value == ColumnName::Code && !codes.is_there() && !is_open {
        doc.error(
            "missing-key",
            ty.span.clone(),
            Text::new("Cột kiểu code cần [[column.codes]].", "A column of type code needs [[column.codes]]."),
            Some(Text::new(
                "Hoặc ghi open = true nếu mã nào cũng được.",
                "Or write open = true if any code will do.",
            )),
        );
    }
    code_list(doc, &list);
    let codes = list.into_iter().map(|(code, ..)| code).collect();
    let id = id?;
    let column = Column {
        id: id.value.clone(),
        ty: match ty.value {
            ColumnName::Text => ColumnType::Text,
            ColumnName::Code => ColumnType::Code(CodeList { open: is_open, codes }),
            ColumnName::Integer => ColumnType::Integer,
            ColumnName::Flag => ColumnType::Flag,
            ColumnName::Date => ColumnType::Date,
            ColumnName::Moment => ColumnType::Moment,
            ColumnName::Intervals => ColumnType::Intervals,
            ColumnName::Changes => ColumnType::Changes,
        },
        label: label?.value,
        meaning: meaning?.value,
        required,
        personal,
        hangs_on: None,
        aliases: aliases.iter().map(|at| at.value.clone()).collect(),
        min: min.map(|at| at.value),
        max: max.map(|at| at.value),
        form: text_form,
        working_days_of: None,
    };
    Some(Raw { column, id, hangs_on, working_days_of: limit_column, aliases })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ColumnName {
    Text,
    Code,
    Integer,
    Flag,
    Date,
    Moment,
    Intervals,
    Changes,
}

type RawCode = (Code, At<String>, Vec<At<String>>);

fn code(table: Table<'_>) -> Option<RawCode> {
    let doc = table.doc();
    let code = table.need("code").string();
    let name = table.need("name").text();
    let seen = table.may("seen").strings();
    let (from, to) = (table.may("from").day(), table.may("to").day());
    table.finish();
    if let (Some(from), Some(to)) = (&from, &to)
        && from.value > to.value
    {
        let (vi, en) = ("Ngày cuối trước ngày đầu.", "The last day lies before the first.");
        doc.error("dates-reversed", to.span.clone(), Text::new(vi, en), None);
    }
    let code = code?;
    let value = Code {
        code: code.value.clone(),
        name: name?.value,
        seen: seen.iter().map(|at| at.value.clone()).collect(),
        from: from.map(|at| at.value),
        to: to.map(|at| at.value),
    };
    Some((value, code, seen))
}

/// Codes differ; a value of a foreign system means one code only (compared as intake compares).
fn code_list(doc: &Document<'_>, list: &[RawCode]) {
    refs::unique(doc, list.iter().map(|(_, code, _)| (code.value.as_str(), code.span.clone())));
    let mut meant: HashMap<String, &Code> = HashMap::new();
    for (code, _, seen) in list {
        for value in seen {
            match *meant.entry(fold(value)).or_insert(code) {
                other if other.code != code.code => doc.error(
                    "ambiguous-value",
                    value.span.clone(),
                    Text::new(
                        format!("\"{}\" đã có nghĩa là mã \"{}\".", shown(value), shown(&other.code)),
                        format!("\"{}\" already means the code \"{}\".", shown(value), shown(&other.code)),
                    ),
                    None,
                ),
                _ => {}
            }
        }
    }
}

/// Headers, as they are compared, lead to one column only.
fn headers(doc: &Document<'_>, columns: &[Raw]) {
    let mut meant: HashMap<String, &str> =
        columns.iter().map(|raw| (fold(&raw.id), raw.id.value.as_str())).collect();
    for raw in columns {
        for alias in &raw.aliases {
            match *meant.entry(fold(alias)).or_insert(&raw.id.value) {
                other if other != raw.id.value => doc.error(
                    "ambiguous-header",
                    alias.span.clone(),
                    Text::new(
                        format!("Tiêu đề \"{}\" đã thuộc cột \"{other}\".", shown(alias)),
                        format!("The header \"{}\" already belongs to the column \"{other}\".", shown(alias)),
                    ),
                    None,
                ),
                _ => {}
            }
        }
    }
}

fn unknown_column<'a>(doc: &Document<'_>, name: &At<String>, known: impl Iterator<Item = &'a str>) {
    let near = nearest(name, known);
    doc.error(
        "unknown-column",
        name.span.clone(),
        Text::new(
            format!("Không có cột \"{}\".", shown(name)),
            format!("There is no column \"{}\".", shown(name)),
        ),
        near.map(|near| Text::new(format!("Có phải là \"{near}\"?"), format!("Did you mean \"{near}\"?"))),
    );
}

/// SHA-256 (hex) over the canonical JSON (RFC 8785) of everything the file says; spacing, key order and
/// comments of the file do not change it.
fn digest(kind: &Kind) -> String {
    let text = |text: &Text| json!({ "vi": text.vi, "en": text.en });
    let name = |index: usize| kind.columns.get(index).map(|column| column.id.clone());
    let columns: Vec<_> = kind
        .columns
        .iter()
        .map(|column| {
            let mut said = json!({
                "id": column.id,
                "type": column.ty.name(),
                "codes": match &column.ty {
                    ColumnType::Code(list) => json!({
                        "open": list.open,
                        "list": list.codes.iter().map(|code| json!({
                            "code": code.code,
                            "name": text(&code.name),
                            "seen": code.seen,
                            "from": code.from.map(|day| day.to_string()),
                            "to": code.to.map(|day| day.to_string()),
                        })).collect::<Vec<_>>(),
                    }),
                    _ => json!(null),
                },
                "label": text(&column.label),
                "meaning": text(&column.meaning),
                "required": column.required,
                "personal": column.personal,
                "hangs_on": column.hangs_on.and_then(name),
                "aliases": column.aliases,
                // As text: JSON's numbers are exact up to 2^53 only.
                "min": column.min.map(|n| n.to_string()),
                "max": column.max.map(|n| n.to_string()),
            });
            // Absent where a file does not say them, so that kinds without them keep their digests.
            if let Some(TextForm::Limit) = column.form {
                said["form"] = json!("limit");
            }
            if let Some(limit) = column.working_days_of {
                said["working_days_of"] = json!(name(limit));
            }
            said
        })
        .collect();
    let mut canonical = json!({
        "format": FORMAT,
        "id": kind.id,
        "name": text(&kind.name),
        "meaning": text(&kind.meaning),
        "key": name(kind.key),
        "unit": name(kind.unit),
        "date": name(kind.date),
        "closes": kind.closes.map(name),
        "source": kind.source,
        "columns": columns,
    });
    if kind.standing {
        canonical["standing"] = json!(true);
    }
    // A tree of strings, flags and nulls always serialises; `Value`'s own form would be the same text.
    let bytes =
        serde_json_canonicalizer::to_vec(&canonical).unwrap_or_else(|_| canonical.to_string().into_bytes());
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

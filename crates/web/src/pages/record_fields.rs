//! The form of a kind: which fields, what stands in them, what is wrong with them, what somebody else wrote meanwhile.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_worktime::time::Moment;
use giaouoc_worktime::zone::Zone;

use super::cluster;
use super::record_form::Begun;
use super::records::{list_address, ours, record_address};
use crate::access::{self, Doing};
use crate::base::{Base, shown};
use crate::error::Failed;
use crate::form::Filled;
use crate::records::{Near, Record, Rejected};
use crate::state::State;
use crate::who::Who;

/// A form being filled in.
pub(crate) struct Filling {
    kind: &'static Kind,
    /// The key of the record that is corrected.
    corrected: Option<String>,
    /// The number of the draft that it is kept as.
    pub draft: Option<i64>,
    pub begun: Begun,
}

/// What is said besides.
#[derive(Default)]
pub(crate) struct Showing {
    /// What is wrong with the form as a whole.
    pub notices: Vec<Text>,
    /// What is wrong with values.
    pub rejected: Vec<Rejected>,
    /// Records that may be the same.
    pub near: Vec<Near>,
    /// Whether it was just kept as a draft.
    pub kept: bool,
    /// What somebody else wrote into a column meanwhile.
    pub theirs: BTreeMap<String, String>,
    /// Whether somebody else wrote meanwhile.
    pub met: Option<Text>,
}

/// Whether a value differs from what stood there at first.
pub(crate) fn edited(begun: &Begun) -> bool {
    begun.version.is_none() || begun.values != begun.was
}

impl Filling {
    /// A blank form, or one with a record in it.
    pub fn new(kind: &'static Kind, record: Option<&Record>) -> Self {
        let mut begun = Begun::default();
        if let Some(record) = record {
            begun.values = values(kind, record);
            begun.was.clone_from(&begun.values);
            begun.version = Some(record.version.clone());
        }
        Self { kind, corrected: record.map(|record| record.key.clone()), draft: None, begun }
    }

    /// What a form brought.
    pub fn of_form(kind: &'static Kind, key: Option<&str>, form: &Filled) -> Self {
        let mut begun =
            Begun { reason: form.field("reason").chars().take(500).collect(), ..Begun::default() };
        for column in kind.columns.iter().filter(|column| !column.personal) {
            let text = |name: String| form.field(&name).replace("\r\n", "\n");
            begun.values.insert(column.id.clone(), text(format!("v.{}", column.id)));
            if key.is_some() {
                begun.was.insert(column.id.clone(), text(format!("was.{}", column.id)));
            }
        }
        if let Some(key) = key {
            begun.values.insert(kind.columns[kind.key].id.clone(), key.to_owned());
            begun.was.insert(kind.columns[kind.key].id.clone(), key.to_owned());
            begun.version = Some(form.field("version").to_owned());
        }
        Self { kind, corrected: key.map(str::to_owned), draft: None, begun }
    }

    /// Goes on with a draft.
    pub fn begin(&mut self, id: i64, begun: Begun) {
        self.draft = Some(id);
        self.begun = begun;
    }

    /// The record's key as it stands in the form.
    pub fn key(&self) -> String {
        self.begun.values.get(&self.kind.columns[self.kind.key].id).cloned().unwrap_or_default()
    }

    /// The row as one line of JSON.
    pub fn row(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(&self.begun.values)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Somebody else has written meanwhile: what this person did not touch takes the other's value; where both changed the
    /// same, this person's stays in the field and the other's stands beside it. Nobody's work is lost.
    pub fn meet(&mut self, stands: Option<&Record>, zone: &Zone, showing: &mut Showing) {
        let Some(record) = stands else {
            showing.met = Some(Text::new(
                "Trong lúc bạn sửa, bản ghi này đã được rút. Nếu vẫn cần, hãy thêm bản ghi mới.",
                "While you were correcting it, this record was withdrawn. If it is needed, add a new one.",
            ));
            return;
        };
        if self.corrected.is_none() {
            showing.rejected.push(Rejected {
                row: 1,
                columns: vec![self.kind.columns[self.kind.key].id.clone()],
                reason: Text::new(
                    "Mã này đã có bản ghi. Hãy dùng mã khác, hoặc mở bản ghi đó để sửa.",
                    "There is a record with this key. Use another key, or open that record to correct it.",
                ),
            });
            return;
        }
        let theirs = values(self.kind, record);
        for (id, theirs) in &theirs {
            let Some(column) = self.kind.column(id).map(|at| &self.kind.columns[at]) else { continue };
            // The form has moments as people write them, the record as files do.
            let same = |one: &str, other: &str| easy(column, one, zone) == easy(column, other, zone);
            let was = self.begun.was.get(id).cloned().unwrap_or_default();
            let mine = self.begun.values.entry(id.clone()).or_default();
            if same(mine, &was) {
                mine.clone_from(theirs);
            } else if !same(theirs, &was) && !same(theirs, mine) {
                showing.theirs.insert(id.clone(), theirs.clone());
            }
        }
        self.begun.was = theirs;
        self.begun.version = Some(record.version.clone());
        showing.met = Some(if showing.theirs.is_empty() {
            Text::new(
                "Trong lúc bạn sửa, người khác đã sửa những chỗ khác của bản ghi này; phần của họ đã có trong biểu mẫu, phần của bạn còn nguyên. Hãy xem lại rồi lưu.",
                "While you were correcting it, somebody else corrected other parts of this record; theirs stand in the form now, yours are as you left them. Look and save again.",
            )
        } else {
            Text::new(
                "Trong lúc bạn sửa, người khác cũng sửa đúng những chỗ này. Giá trị của họ ghi dưới từng ô; hãy chọn rồi lưu. Chưa có gì bị ghi đè.",
                "While you were correcting it, somebody else corrected the same places. Theirs stand below each field; choose and save. Nothing was overwritten.",
            )
        });
    }
}

/// What stands in the fields of a record's form.
fn values(kind: &Kind, record: &Record) -> BTreeMap<String, String> {
    let open = kind.columns.iter().filter(|column| !column.personal);
    open.map(|column| (column.id.clone(), record.text(&column.id).to_owned())).collect()
}

/// A moment as people write it, where nothing of it is lost by that.
fn easy(column: &Column, text: &str, zone: &Zone) -> String {
    if column.ty != ColumnType::Moment {
        return text.to_owned();
    }
    match zone.parse_moment(text) {
        Ok(Moment::Day(day)) => day.dmy(),
        Ok(Moment::Instant(at)) if at.0 % 60_000_000 == 0 => {
            let seconds = zone.local_time_of_day(at);
            format!("{} {:02}:{:02}", zone.day_of(at).dmy(), seconds / 3600, seconds / 60 % 60)
        }
        _ => text.to_owned(),
    }
}

/// A field of the form.
pub(crate) struct Field {
    id: String,
    label: String,
    hint: String,
    required: bool,
    /// `text`, `area`, `date`, `number`, `choice`, `list`, `key`.
    widget: &'static str,
    value: String,
    was: String,
    options: Vec<(String, String)>,
    problem: Option<String>,
    theirs: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/record_form.html")]
struct FormPage {
    base: Base,
    at: String,
    back: String,
    kind: String,
    fields: Vec<Field>,
    personal: Vec<String>,
    correcting: bool,
    version: String,
    draft: Option<i64>,
    reason: String,
    files: Vec<String>,
    notices: Vec<String>,
    near: Vec<(String, String, Option<String>)>,
    kept: bool,
    met: Option<String>,
    behalf: bool,
    problems: Vec<(String, String)>,
}

fn options(column: &Column, who: &Who) -> Vec<(String, String)> {
    match &column.ty {
        ColumnType::Code(list) => {
            list.codes.iter().map(|code| (code.code.clone(), code.name.get(who.lang).to_owned())).collect()
        }
        ColumnType::Flag => vec![
            ("true".to_owned(), who.say("có", "yes").to_owned()),
            ("false".to_owned(), who.say("không", "no").to_owned()),
        ],
        _ => Vec::new(),
    }
}

fn widget(column: &Column) -> &'static str {
    match &column.ty {
        ColumnType::Code(list) if list.open => "list",
        ColumnType::Code(_) | ColumnType::Flag => "choice",
        ColumnType::Date => "date",
        ColumnType::Integer => "number",
        ColumnType::Intervals | ColumnType::Changes => "area",
        ColumnType::Text if matches!(column.id.as_str(), "title" | "content" | "goal" | "activity") => "area",
        ColumnType::Text | ColumnType::Moment => "text",
    }
}

/// What a field holds, and how it is written where that is not plain.
fn hint(column: &Column, who: &Who) -> String {
    let meaning = column.meaning.get(who.lang);
    let how = match (&column.ty, column.form) {
        (_, Some(TextForm::Limit)) => who.say("Ví dụ: 15 ngày làm việc", "For example: 15 ngày làm việc"),
        (ColumnType::Moment, _) => who
            .say("Ghi ngày/tháng/năm giờ:phút, hoặc chỉ ngày", "Day/month/year hour:minute, or the day only"),
        (ColumnType::Intervals, _) => {
            who.say("Mỗi khoảng: TỪ/ĐẾN, cách nhau bằng ;", "Each: FROM/TO, with ; between")
        }
        (ColumnType::Changes, _) => who.say(
            "Mỗi lần: LÚC -> HẠN MỚI (lý do), cách nhau bằng ;",
            "Each: AT -> NEW (reason), with ; between",
        ),
        _ => "",
    };
    [meaning, how].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Shows the form.
pub(crate) async fn page(
    state: &State,
    who: &Who,
    slug: &str,
    code: &str,
    filling: Filling,
    showing: Showing,
) -> Result<Response, Failed> {
    let cluster = cluster(state, slug).await?;
    let (_, sheet) = state.newest(slug).await?.ok_or(Failed::NotFound)?;
    sheet.unit(code).ok_or(Failed::NotFound)?;
    let (kind, lang) = (filling.kind, who.lang);
    let begun = &filling.begun;
    let problem = |id: &str| {
        let mine: Vec<&str> = showing
            .rejected
            .iter()
            .filter(|rejected| rejected.columns.iter().any(|column| column == id))
            .map(|rejected| rejected.reason.get(lang))
            .collect();
        (!mine.is_empty()).then(|| mine.join(" "))
    };
    let fields =
        kind.columns.iter().enumerate().filter(|(_, column)| !column.personal).map(|(at, column)| {
            let mut options = options(column, who);
            let mut widget = widget(column);
            if at == kind.unit {
                let units = sheet.units.iter();
                options = units.map(|unit| (unit.code.clone(), unit.name.get(lang).to_owned())).collect();
                widget = "choice";
            } else if at == kind.key && filling.corrected.is_some() {
                widget = "key";
            }
            let value = |held: &BTreeMap<String, String>| {
                let text = held.get(&column.id).map_or("", String::as_str);
                easy(column, text, &state.zone)
            };
            let named = |text: &String| {
                let option = options.iter().find(|(code, _)| code == text);
                option.map_or_else(|| easy(column, text, &state.zone), |(_, name)| name.clone())
            };
            Field {
                theirs: showing.theirs.get(&column.id).map(named),
                label: column.label.get(lang).to_owned(),
                hint: hint(column, who),
                required: column.required,
                value: value(&begun.values),
                was: value(&begun.was),
                problem: problem(&column.id),
                id: column.id.clone(),
                widget,
                options,
            }
        });
    let fields: Vec<Field> = fields.collect();
    let mut notices: Vec<String> = showing.notices.iter().map(|text| text.get(lang).to_owned()).collect();
    let whole = showing.rejected.iter().filter(|rejected| rejected.columns.is_empty());
    notices.extend(whole.map(|rejected| rejected.reason.get(lang).to_owned()));
    let problems = fields.iter().filter(|field| field.problem.is_some());
    let problems = problems.map(|field| (field.id.clone(), field.label.clone())).collect();
    let near = showing.near.iter().map(|near| {
        let href = ours(&near.record, code).then(|| record_address(slug, code, &kind.id, &near.record.key));
        (near.record.key.clone(), near.why.get(lang).to_owned(), href)
    });
    let name = kind.name.get(lang);
    let (title, at, back) = match &filling.corrected {
        None => (
            match lang {
                Lang::Vi => format!("Thêm: {name}"),
                Lang::En => format!("Add: {name}"),
            },
            format!("{}new", list_address(slug, code, &kind.id)),
            list_address(slug, code, &kind.id),
        ),
        Some(key) => {
            let at = record_address(slug, code, &kind.id, key);
            let title = match lang {
                Lang::Vi => format!("Sửa {key}"),
                Lang::En => format!("Correct {key}"),
            };
            (title, format!("{at}edit"), at)
        }
    };
    let personal = kind.columns.iter().filter(|column| column.personal);
    let base = Base::within(state, who, &cluster, title).await?;
    shown(&FormPage {
        behalf: access::on_behalf(&who.roles, Doing::Bring, slug, code),
        kind: name.to_owned(),
        personal: personal.map(|column| column.label.get(lang).to_owned()).collect(),
        correcting: filling.corrected.is_some(),
        version: begun.version.clone().unwrap_or_default(),
        draft: filling.draft,
        reason: begun.reason.clone(),
        files: begun.files.iter().map(|file| file.name.clone()).collect(),
        near: near.collect(),
        kept: showing.kept,
        met: showing.met.as_ref().map(|text| text.get(lang).to_owned()),
        fields,
        notices,
        problems,
        at,
        back,
        base,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Field as Held;

    fn record(version: &str, fields: &[(&str, &str)]) -> Record {
        let field = |(column, text): &(&str, &str)| Held {
            column: (*column).to_owned(),
            text: (*text).to_owned(),
            shown: Text::same(*text),
        };
        Record {
            key: "DT-1".into(),
            version: version.into(),
            fields: fields.iter().map(field).collect(),
            ..Record::default()
        }
    }

    fn dialogue() -> &'static Kind {
        super::super::records::kind("dialogue").unwrap_or_else(|_| panic!("dialogue"))
    }

    #[test]
    fn of_two_who_correct_nobody_loses_anything() {
        let first = record("1.0", &[("code", "DT-1"), ("place", "A"), ("questions", "3"), ("answered", "1")]);
        let mut filling = Filling::new(dialogue(), Some(&first));
        filling.begun.values.insert("place".into(), "B".into());
        filling.begun.values.insert("questions".into(), "5".into());
        // Somebody else changed the questions too, and what was answered.
        let stands =
            record("2.0", &[("code", "DT-1"), ("place", "A"), ("questions", "4"), ("answered", "2")]);
        let mut showing = Showing::default();
        filling.meet(Some(&stands), &Zone::utc(), &mut showing);
        let value = |id: &str| filling.begun.values[id].as_str();
        assert_eq!((value("place"), value("questions"), value("answered")), ("B", "5", "2"));
        assert_eq!(showing.theirs, BTreeMap::from([("questions".to_owned(), "4".to_owned())]));
        assert_eq!(filling.begun.version.as_deref(), Some("2.0"));
        assert!(showing.met.is_some_and(|text| text.en.contains("same places")));
    }

    #[test]
    fn a_moment_is_written_easily_where_nothing_is_lost() {
        let zone = Zone::get("Asia/Ho_Chi_Minh").unwrap();
        let dossier = super::super::records::kind("dossier").unwrap_or_else(|_| panic!("dossier"));
        let column = &dossier.columns[dossier.column("received_at").unwrap()];
        assert_eq!(easy(column, "2020-03-05T16:00:00+07:00", &zone), "05/03/2020 16:00");
        assert_eq!(easy(column, "2020-03-05", &zone), "05/03/2020");
        assert_eq!(easy(column, "2020-03-05T16:00:01+07:00", &zone), "2020-03-05T16:00:01+07:00");
        assert_eq!(easy(column, "", &zone), "");
    }
}

//! NDJSON: one flat object a line, streaming. Lists of pauses and changes may be arrays or their text form.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Cursor, Read};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::text::{self, TextReader};
use super::{Cell, Facts, Names, Row, Source, nested, sniff, within};
use crate::errors::{FileError, LimitKind};
use crate::limits::Limits;
use crate::map::Encoding;
use crate::reason::Reason;

type Body<'a> = TextReader<std::io::Chain<Cursor<Vec<u8>>, Box<dyn Read + 'a>>>;

/// Rows of a file of JSON lines. Columns are numbered in the order in which their names are first seen.
pub(crate) struct Lines<'a> {
    reader: BufReader<Body<'a>>,
    line: Vec<u8>,
    number: u64,
    names: Vec<String>,
    places: HashMap<String, usize>,
    limits: Limits,
    encoding: Encoding,
}

impl<'a> Lines<'a> {
    pub(crate) fn open(
        mut inner: impl Read + 'a,
        encoding: Option<Encoding>,
        limits: &Limits,
    ) -> Result<Self, FileError> {
        let mut sample = Vec::new();
        (&mut inner).take(sniff::SAMPLE as u64).read_to_end(&mut sample)?;
        let (found, mark) = text::encoding_of(&sample, sample.len() < sniff::SAMPLE, encoding)?;
        let encoding = encoding.map_or(found, |given| given.or_found(found));
        let body = Cursor::new(sample).chain(Box::new(inner) as Box<dyn Read + 'a>);
        Ok(Self {
            reader: BufReader::new(TextReader::new(body, encoding, mark, false)),
            line: Vec::new(),
            number: 0,
            names: Vec::new(),
            places: HashMap::new(),
            limits: limits.clone(),
            encoding,
        })
    }

    fn place(&mut self, name: &str) -> Result<usize, FileError> {
        if let Some(at) = self.places.get(name) {
            return Ok(*at);
        }
        let at = self.names.len();
        if at == self.limits.columns {
            let limit = self.limits.columns as u64;
            return Err(FileError::Limit { what: LimitKind::Columns, limit, row: self.number });
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), at);
        Ok(at)
    }
}

impl Source for Lines<'_> {
    fn next_row(&mut self, row: &mut Row) -> Result<bool, FileError> {
        self.line.clear();
        self.reader.get_mut().allow(self.limits.row_bytes);
        let next = self.number + 1;
        let read = self
            .reader
            .read_until(b'\n', &mut self.line)
            .map_err(|error| text::file_error(error, next, self.limits.row_bytes, self.encoding))?;
        if read == 0 {
            return Ok(false);
        }
        self.number = next;
        row.clear(next);
        let line = match std::str::from_utf8(&self.line) {
            Ok(line) => line.trim_matches(crate::fold::is_space),
            Err(_) => return Err(text::not_utf8(&self.line, next)),
        };
        if line.is_empty() {
            return Ok(true);
        }
        match serde_json::from_str::<Object>(line) {
            Ok(object) => {
                for (name, value) in object.0 {
                    let at = self.place(&name)?;
                    match value {
                        Json::Null => row.set(at, Cell::Blank),
                        Json::Flag(flag) => row.set(at, Cell::Flag(flag)),
                        Json::Number(number) => row.set(at, Cell::Number(&number)),
                        Json::Text(text) => row.set(at, Cell::Text(&text)),
                        Json::List(items) => match list(&items) {
                            Some(text) => row.set(at, Cell::Text(&text)),
                            None => row.set(at, Cell::Fault("[…]")),
                        },
                        Json::Object(_) => row.set(at, Cell::Fault("{…}")),
                    }
                }
                within(row, &self.limits)?;
                // An empty line is none; an object that says nothing is a record that lacks everything.
                if row.is_blank() {
                    row.push_text("{}");
                    row.broken = Some(Reason::bad_json("{}"));
                }
            }
            Err(error) => {
                let whole: String = line.to_owned();
                row.push_text(&whole);
                row.broken = Some(Reason::bad_json(&format!("{error}")));
            }
        }
        Ok(true)
    }

    fn naming(&self) -> Names {
        Names::Known
    }

    fn names(&self) -> &[String] {
        &self.names
    }

    fn position(&self) -> u64 {
        self.reader.get_ref().consumed()
    }

    fn facts(&self) -> Facts {
        Facts { encoding: Some(self.encoding.name()), ..Facts::default() }
    }
}

/// The text form of an array of pauses or changes: of objects `{from, to}` and `{at, new, why}`, of pairs,
/// or of texts that are in that form already.
fn list(items: &[Json]) -> Option<String> {
    let mut text = String::new();
    for item in items {
        match item {
            Json::Object(fields) => {
                let field = |name: &str| match fields.iter().find(|(n, _)| n == name) {
                    None | Some((_, Json::Null)) => Some(""),
                    Some((_, Json::Text(value))) => Some(value.as_str()),
                    Some(_) => None,
                };
                let known = |names: &[&str]| fields.iter().all(|(name, _)| names.contains(&name.as_str()));
                if known(&["from", "to"]) {
                    nested::interval(&mut text, field("from")?, field("to")?);
                } else if known(&["at", "new", "why"]) {
                    nested::change(&mut text, field("at")?, field("new")?, field("why")?);
                } else {
                    return None;
                }
            }
            Json::List(pair) => match pair.as_slice() {
                [Json::Text(from), Json::Text(to)] => nested::interval(&mut text, from, to),
                [Json::Text(from)] | [Json::Text(from), Json::Null] => nested::interval(&mut text, from, ""),
                _ => return None,
            },
            Json::Text(one) => {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                text.push_str(one);
            }
            _ => return None,
        }
    }
    Some(text)
}

/// A JSON value, its objects with doubled names seen.
enum Json {
    Null,
    Flag(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// A JSON object with its fields in order.
struct Object(Vec<(String, Json)>);

fn fields<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<(String, Json)>, A::Error> {
    let mut fields: Vec<(String, Json)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while let Some(name) = map.next_key::<String>()? {
        if !seen.insert(name.clone()) {
            let shown = crate::fold::cut(&name, 40);
            return Err(serde::de::Error::custom(format!("\"{shown}\" twice")));
        }
        fields.push((name, map.next_value()?));
    }
    Ok(fields)
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
        fields(map).map(Json::Object)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object, A::Error> {
        fields(map).map(Object)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test should stop")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<(Vec<String>, Vec<Row>), FileError> {
        let mut source = Lines::open(bytes, None, &Limits::default())?;
        let mut rows = Vec::new();
        let mut row = Row::default();
        while source.next_row(&mut row)? {
            rows.push(row.clone());
        }
        Ok((source.names, rows))
    }

    #[test]
    fn objects_become_rows() {
        let text = "{\"code\":\"A\",\"n\":12,\"on\":true}\n\n{\"n\":1.5,\"code\":null,\"late\":\"x\"}\n";
        let (names, rows) = read(text.as_bytes()).unwrap();
        assert_eq!(names, ["code", "n", "on", "late"]);
        assert_eq!(rows[0].cell(0), Cell::Text("A"));
        assert_eq!(rows[0].cell(1), Cell::Number("12"));
        assert_eq!(rows[0].cell(2), Cell::Flag(true));
        assert!(rows[1].is_blank());
        assert_eq!(rows[2].number, 3);
        assert_eq!(rows[2].cell(1), Cell::Number("1.5"));
        assert_eq!(rows[2].cell(3), Cell::Text("x"));
    }

    #[test]
    fn lists_take_their_text_form() {
        let text = concat!(
            r#"{"p":[{"from":"2020-03-05T16:00:00+07:00","to":null},["a","b"]],"#,
            r#""c":[{"at":"x","new":"y","why":"chờ (bổ sung)"},{"at":"x","new":"z"}],"q":["a/b","c/"],"bad":[1]}"#
        );
        let (_, rows) = read(text.as_bytes()).unwrap();
        assert_eq!(rows[0].cell(0), Cell::Text("2020-03-05T16:00:00+07:00/; a/b"));
        assert_eq!(rows[0].cell(1), Cell::Text("x -> y (chờ (bổ sung\\)); x -> z"));
        assert_eq!(rows[0].cell(2), Cell::Text("a/b; c/"));
        assert!(matches!(rows[0].cell(3), Cell::Fault(_)));
    }

    #[test]
    fn a_line_that_is_no_object_is_one_rejected_row() {
        let text = "{\"a\":1}\n{\"a\":1\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":1e999}\n{\"a\":2}\n";
        let (_, rows) = read(text.as_bytes()).unwrap();
        let broken: Vec<bool> = rows.iter().map(|row| row.broken.is_some()).collect();
        assert_eq!(broken, [false, true, true, true, true, false]);
        assert!(rows[3].broken.as_ref().unwrap().text.en.contains("\"a\" twice"));
    }

    #[test]
    fn too_many_names_are_refused() {
        let many: Vec<String> = (0..3000).map(|i| format!("\"k{i}\":1")).collect();
        let error = read(format!("{{{}}}", many.join(",")).as_bytes()).unwrap_err();
        assert_eq!(error.code(), "over-limit");
        let endless = b"{\"a\":\"".chain(std::io::repeat(b'x').take(100 << 20));
        let mut source = Lines::open(endless, None, &Limits::default()).unwrap();
        assert_eq!(source.next_row(&mut Row::default()).unwrap_err().code(), "over-limit");
    }

    proptest! {
        #[test]
        fn any_bytes_give_rows_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_json_gives_rows(text in r#"[{}\[\]":,a0-9.e\n -]{0,80}"#) {
            read(text.as_bytes()).unwrap();
        }
    }
}

//! The tables of a board as files: CSV, JSON, Parquet. What is in them is `giaouoc-web`'s; here it is written.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use giaouoc_agreement::text::Text;
use giaouoc_web::sheet::Sheet;
use giaouoc_web::small::Reader;
use giaouoc_web::tables::{Data, Type, Value, tables};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value as Json};

use crate::fault::{Fault, Outcome};
use giaouoc_report::table::inert;

/// All files of a sheet's tables, by the name they are kept under: `months.csv`, and `public-months.csv` as the public sees it.
pub fn files(sheet: &Sheet) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for (reader, before) in [(Reader::Inside, ""), (Reader::Public, "public-")] {
        for data in tables(sheet, reader) {
            let name = |end: &str| format!("{before}{}.{end}", data.name);
            files.push((name("csv"), csv(&data)?));
            files.push((name("json"), json(&data, sheet)?));
            files.push((name("parquet"), parquet(&data)?));
        }
    }
    Ok(files)
}

fn wrong(error: impl std::fmt::Display) -> Fault {
    let error = error.to_string();
    Fault::System(Text::new(
        format!("không ghi được bảng: {error}"),
        format!("a table cannot be written: {error}"),
    ))
}

fn csv(data: &Data) -> Outcome<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(data.columns.iter().map(|(name, _)| *name)).map_err(wrong)?;
    for row in &data.rows {
        let cells = row.iter().map(|value| match value {
            Value::None => String::new(),
            Value::Text(text) => inert(text).into_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
        });
        writer.write_record(cells).map_err(wrong)?;
    }
    // Spreadsheets read UTF-8 when it is said at the beginning.
    let rows = writer.into_inner().map_err(wrong)?;
    Ok([b"\xef\xbb\xbf".as_slice(), &rows].concat())
}

fn json(data: &Data, sheet: &Sheet) -> Outcome<Vec<u8>> {
    let value = |value: &Value| match value {
        Value::None => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Integer(number) => Json::from(*number),
        Value::Flag(flag) => Json::from(*flag),
    };
    let rows = data.rows.iter().map(|row| {
        let pairs = data.columns.iter().zip(row).map(|((name, _), one)| ((*name).to_owned(), value(one)));
        Json::Object(pairs.collect::<Map<_, _>>())
    });
    let all = serde_json::json!({
        "format": 1,
        "table": data.name,
        "agreement": sheet.agreement,
        "year": sheet.year,
        "as_of": sheet.as_of,
        "known_entries": sheet.head,
        "rows": rows.collect::<Vec<_>>(),
    });
    serde_json::to_vec_pretty(&all).map_err(wrong)
}

fn parquet(data: &Data) -> Outcome<Vec<u8>> {
    let kind = |of: Type| match of {
        Type::Text => DataType::Utf8,
        Type::Integer => DataType::Int64,
        Type::Flag => DataType::Boolean,
    };
    let fields = data.columns.iter().map(|(name, of)| Field::new(*name, kind(*of), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let columns = data.columns.iter().enumerate().map(|(at, (_, of))| {
        let values = data.rows.iter().map(|row| row.get(at));
        let array: ArrayRef = match of {
            Type::Text => Arc::new(StringArray::from_iter(values.map(|value| match value {
                Some(Value::Text(text)) => Some(text.as_str()),
                _ => None,
            }))),
            Type::Integer => Arc::new(Int64Array::from_iter(values.map(|value| match value {
                Some(Value::Integer(number)) => Some(*number),
                _ => None,
            }))),
            Type::Flag => Arc::new(BooleanArray::from_iter(values.map(|value| match value {
                Some(Value::Flag(flag)) => Some(*flag),
                _ => None,
            }))),
        };
        array
    });
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect()).map_err(wrong)?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(wrong)?;
    writer.write(&batch).map_err(wrong)?;
    writer.into_inner().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array as _, AsArray as _};
    use arrow::datatypes::Int64Type;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    #[test]
    fn the_three_forms_say_the_same() {
        let data = Data {
            name: "months",
            columns: &[("unit", Type::Text), ("value", Type::Integer), ("short", Type::Flag)],
            rows: vec![
                vec![Value::Text("=Sở, “A”".into()), Value::Integer(1_234), Value::Flag(true)],
                vec![Value::Text("B".into()), Value::None, Value::None],
            ],
        };
        let text = String::from_utf8(csv(&data).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}unit,value,short\n\"'=Sở, “A”\",1234,true\nB,,\n");
        let read: Json = serde_json::from_slice(&json(&data, &Sheet::default()).unwrap()).unwrap();
        let rows = serde_json::json!([
            {"unit": "=Sở, “A”", "value": 1234, "short": true}, {"unit": "B", "value": null, "short": null}
        ]);
        assert_eq!(read["rows"], rows);
        let bytes = bytes_of(parquet(&data).unwrap());
        let mut reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
        let batch = reader.next().unwrap().unwrap();
        assert_eq!(
            batch.column(0).as_string::<i32>().iter().collect::<Vec<_>>(),
            [Some("=Sở, “A”"), Some("B")]
        );
        let values = batch.column(1).as_primitive::<Int64Type>();
        assert_eq!((values.value(0), values.is_null(1)), (1_234, true));
        assert_eq!(batch.column(2).as_boolean().iter().collect::<Vec<_>>(), [Some(true), None]);
    }

    /// A file on disk, since that is what a reader takes.
    fn bytes_of(bytes: Vec<u8>) -> std::fs::File {
        use std::io::{Seek as _, Write as _};
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        file.rewind().unwrap();
        file
    }
}

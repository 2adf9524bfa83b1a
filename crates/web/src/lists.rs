//! Lists as people want them: in the order of the Vietnamese alphabet, and as a file for a spreadsheet.

use std::cmp::Ordering;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use giaouoc_report::table::inert;
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

use crate::error::Failed;

/// How two names stand to each other in a Vietnamese list: `a ă â b … d đ …`, tones after letters.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    static COLLATOR: std::sync::LazyLock<Option<CollatorBorrowed<'static>>> =
        std::sync::LazyLock::new(|| {
            // The data are compiled in; without them lists are sorted by code points.
            Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok()
        });
    match &*COLLATOR {
        Some(collator) => collator.compare(one, other),
        None => one.cmp(other),
    }
}

/// A list as CSV that spreadsheets open as what it is: UTF-8 with its mark, no cell a formula.
pub(crate) fn csv(
    name: &str,
    head: &[String],
    lines: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Failed> {
    let failed = |error: csv::Error| Failed::Internal(error.to_string());
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head).map_err(failed)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| inert(cell).into_owned())).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| Failed::Internal(error.to_string()))?;
    let shown = format!("attachment; filename=\"{name}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, shown)];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn vietnamese_is_sorted_by_its_own_alphabet() {
        let sorted = [
            "1 cửa", "an", "ăn", "ân", "ba", "bà", "bả", "bã", "bá", "bạ", "da", "đa", "em", "êm", "on",
            "ôn", "ơn", "um", "ưm", "ý",
        ];
        let mut again = sorted;
        again.reverse();
        again.sort_by(|one, other| compare(one, other));
        assert_eq!(again, sorted);
    }
}

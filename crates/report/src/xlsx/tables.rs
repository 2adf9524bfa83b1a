//! The tables of the workbook.

use giaouoc_agreement::figure::Amount;
use giaouoc_agreement::scoreboard::{Figure, Line, Row, State, Subject};
use giaouoc_agreement::text::Lang;

use super::sheet::{Sheet, Value};
use crate::model::Report;
use crate::words::say;

/// Names of sheets in both languages.
fn name(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

fn heads(lang: Lang, heads: &[(&str, &str, f64)]) -> Vec<(String, f64)> {
    heads.iter().map(|(vi, en, width)| (say(lang, vi, en).to_owned(), *width)).collect()
}

/// A figure as one typed cell.
fn value(amount: Option<&Amount>) -> Value {
    match amount {
        Some(Amount::Share { met, of }) => Value::Share(*met, *of),
        Some(Amount::Count(count)) => Value::integer(*count),
        Some(Amount::Sum(sum)) => Value::Integer(*sum),
        Some(Amount::Mean { sum, of }) => Value::Ratio(*sum, *of),
        Some(Amount::Percentile { value: Some(value), .. }) => Value::integer(*value),
        Some(Amount::Percentile { value: None, .. }) | None => Value::Empty,
    }
}

/// Its two integers.
fn integers(amount: Option<&Amount>) -> [Value; 2] {
    match amount {
        Some(Amount::Share { met, of }) => [Value::integer(*met), Value::integer(*of)],
        Some(Amount::Mean { sum, of }) => [Value::Integer(*sum), Value::integer(*of)],
        Some(Amount::Percentile { of, .. }) => [Value::Empty, Value::integer(*of)],
        Some(Amount::Count(_) | Amount::Sum(_)) | None => [Value::Empty, Value::Empty],
    }
}

fn target(at: usize, line: &Line, lang: Lang) -> Value {
    Value::text(format!("{}. {}", at + 1, line.name.get(lang)))
}

/// What is said of all figures while the agreement is not in force: a sheet of its own, the first one, for a note beside a table
/// would be sorted with it.
pub fn by_draft(report: &Report) -> Sheet {
    let lang = report.lang;
    Sheet {
        name: name(lang, "Theo dự thảo", "By the draft"),
        heads: heads(lang, &[("Cần biết khi đọc tệp này", "To know when reading this file", 100.0)]),
        fixed: 0,
        rows: report.by_draft.iter().map(|said| vec![Value::text(said)]).collect(),
    }
}

/// Unit by target, as on the first page.
pub fn scores(report: &Report) -> Sheet {
    let lang = report.lang;
    let board = &report.board;
    let mut columns = heads(lang, &[("Mã", "Code", 12.0), ("Đơn vị", "Unit", 34.0)]);
    for (at, line) in board.targets.iter().enumerate() {
        let goal = line.goal.goal.signs(lang);
        columns.push((format!("{}. {} ({goal})", at + 1, line.name.get(lang)), 16.0));
        columns.push((say(lang, "Kết quả", "Verdict").to_owned(), 14.0));
    }
    let cells = |figure: Option<&Figure>| match figure {
        Some(figure) => {
            let verdict = figure.verdict;
            [
                value(figure.amount.as_ref()),
                Value::text(format!("{} {}", verdict.sign(), verdict.words().get(lang))),
            ]
        }
        None => [Value::Empty, Value::Empty],
    };
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (at, unit) in board.units.iter().enumerate() {
        let mut row = vec![Value::text(&unit.code), Value::text(unit.name.get(lang))];
        let figures = board.targets.iter().map(|line| line.figures.get(at).and_then(Option::as_ref));
        row.extend(figures.flat_map(cells));
        rows.push(row);
    }
    if board.targets.iter().any(|line| line.together.is_some()) {
        let mut row = vec![Value::Empty, Value::text(say(lang, "Cả cụm", "Whole cluster"))];
        row.extend(board.targets.iter().flat_map(|line| cells(line.together.as_ref())));
        rows.push(row);
    }
    if board.targets.iter().any(|line| line.units_share.is_some()) {
        let mut row = vec![Value::Empty, Value::text(say(lang, "Tỷ lệ đơn vị đạt", "Share of units"))];
        row.extend(board.targets.iter().flat_map(|line| match &line.units_share {
            Some(share) => {
                let word = share.verdict.words();
                [
                    Value::Share(share.met, share.of),
                    Value::text(format!("{} {}", share.verdict.sign(), word.get(lang))),
                ]
            }
            None => [Value::Empty, Value::Empty],
        }));
        rows.push(row);
    }
    Sheet { name: name(lang, "Bảng điểm", "Scoreboard"), heads: columns, fixed: 2, rows }
}

/// The figures of a line with their rows of the board; the cluster has none.
fn each<'a>(
    report: &'a Report,
    line: &'a Line,
) -> impl Iterator<Item = (Option<usize>, Option<&'a Row>, &'a Figure)> {
    let units = report.board.units.iter().enumerate().zip(&line.figures);
    units
        .filter_map(|((at, row), figure)| Some((Some(at), Some(row), figure.as_ref()?)))
        .chain(line.together.iter().map(|figure| (None, None, figure)))
}

fn unit(row: Option<&Row>, subject: &Subject, lang: Lang) -> [Value; 2] {
    match (row, subject) {
        (Some(row), _) => [Value::text(&row.code), Value::text(row.short.get(lang))],
        (None, Subject::Unit(code)) => [Value::text(code), Value::Empty],
        (None, Subject::All) => [Value::Empty, Value::text(say(lang, "Cả cụm", "Whole cluster"))],
    }
}

/// A number of records, or the words that stand for a small one.
fn records(report: &Report, line: &Line, count: i64) -> Value {
    if report.hides(&line.kind, count) {
        Value::text(report.count(&line.kind, count))
    } else {
        Value::integer(count)
    }
}

/// One line a figure.
pub fn figures(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Chỉ tiêu", "Target", 36.0),
            ("Mã đơn vị", "Unit's code", 12.0),
            ("Đơn vị", "Unit", 28.0),
            ("Từ ngày", "From", 12.0),
            ("Đến ngày", "To", 12.0),
            ("Tính đến hết", "As of", 12.0),
            ("Số liệu", "Figure", 12.0),
            ("Tử số", "Met (sum)", 12.0),
            ("Mẫu số", "Of", 12.0),
            ("Khoảng 95 %: từ", "95 % interval: from", 12.0),
            ("đến", "to", 12.0),
            ("Mức", "Goal", 16.0),
            ("Kết quả", "Verdict", 18.0),
            ("Căn cứ", "Rests on", 22.0),
            ("Bản ghi", "Records", 12.0),
            ("Được tính", "Counted", 12.0),
            ("Chưa rõ có được tính", "Unknown whether counted", 12.0),
            ("Chưa rõ có đạt", "Unknown whether met", 12.0),
            ("Bản ghi mới nhất", "Latest record", 12.0),
            ("Ghi chú", "Note", 60.0),
        ],
    );
    let mut rows = Vec::new();
    for (at, line) in report.board.targets.iter().enumerate() {
        let intervals = report.details.get(at).and_then(|detail| detail.comparison.as_ref());
        for (place, row, figure) in each(report, line) {
            let [code, name] = unit(row, &figure.subject, lang);
            let [met, of] = integers(figure.amount.as_ref());
            let interval = place.and_then(|place| intervals?.intervals.get(place).copied().flatten());
            let ends = interval.map_or([Value::Empty, Value::Empty], |(low, high)| {
                [Value::TenThousandths(low), Value::TenThousandths(high)]
            });
            let [low, high] = ends;
            let tally = &figure.tally;
            rows.push(vec![
                target(at, line, lang),
                code,
                name,
                Value::Day(figure.period.first),
                Value::Day(figure.period.last),
                Value::Day(figure.as_of),
                value(figure.amount.as_ref()),
                met,
                of,
                low,
                high,
                Value::text(line.goal.words.get(lang)),
                Value::text(figure.verdict.words().get(lang)),
                Value::text(figure.grade.words().get(lang)),
                records(report, line, tally.seen),
                records(report, line, tally.counted),
                records(report, line, tally.counted_unknown),
                records(report, line, tally.met_unknown),
                tally.latest.map_or(Value::Empty, Value::Day),
                Value::text(report.remark(line, figure)),
            ]);
        }
    }
    Sheet { name: name(lang, "Số liệu", "Figures"), heads: columns, fixed: 3, rows }
}

/// One line a figure of a rival definition.
pub fn lenses(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Chỉ tiêu", "Target", 36.0),
            ("Mã đơn vị", "Unit's code", 12.0),
            ("Đơn vị", "Unit", 28.0),
            ("Cách tính đối chiếu", "Rival definition", 44.0),
            ("Số liệu", "Figure", 12.0),
            ("Tử số", "Met (sum)", 12.0),
            ("Mẫu số", "Of", 12.0),
            ("Mức", "Goal", 16.0),
            ("Kết quả sẽ là", "The verdict would be", 18.0),
            ("Kết quả theo giao ước", "As agreed", 18.0),
            ("Đổi kết quả", "Turns it", 10.0),
        ],
    );
    let mut rows = Vec::new();
    for (at, line) in report.board.targets.iter().enumerate() {
        for (_, row, figure) in each(report, line) {
            for lens in &figure.lenses {
                let [code, name] = unit(row, &figure.subject, lang);
                let [met, of] = integers(Some(&lens.amount));
                rows.push(vec![
                    target(at, line, lang),
                    code,
                    name,
                    Value::text(lens.name.get(lang)),
                    value(Some(&lens.amount)),
                    met,
                    of,
                    Value::text(lens.goal.words.get(lang)),
                    Value::text(lens.would_be.words().get(lang)),
                    Value::text(figure.verdict.words().get(lang)),
                    Value::text(if lens.flips { say(lang, "có", "yes") } else { "" }),
                ]);
            }
        }
    }
    Sheet {
        name: name(lang, "Cách tính đối chiếu", "Rival definitions"), heads: columns, fixed: 3, rows
    }
}

/// One line a month of a unit.
pub fn months(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Chỉ tiêu", "Target", 36.0),
            ("Mã đơn vị", "Unit's code", 12.0),
            ("Đơn vị", "Unit", 28.0),
            ("Từ ngày", "From", 12.0),
            ("Đến ngày", "To", 12.0),
            ("Số liệu", "Figure", 12.0),
            ("Tử số", "Met (sum)", 12.0),
            ("Mẫu số", "Of", 12.0),
            ("Vì sao chưa có", "Why there is none", 22.0),
        ],
    );
    let mut rows = Vec::new();
    for (at, line) in report.board.targets.iter().enumerate() {
        let Some(months) = report.details.get(at).and_then(|detail| detail.months.as_ref()) else { continue };
        for (unit, cells) in report.board.units.iter().zip(&months.units) {
            for (part, cell) in months.parts.iter().zip(cells.iter().flatten()) {
                let [met, of] = integers(cell.amount.as_ref());
                let left = report.left_out(cell.left);
                let why = match cell.state {
                    _ if left.is_some() => left.unwrap_or_default(),
                    State::Figure => "",
                    State::NoCases => say(lang, "không phát sinh", "no cases"),
                    State::NoData => say(lang, "chưa có số liệu", "no data"),
                    State::NotYetDue => say(lang, "chưa đến hạn", "not yet due"),
                    State::Exempt => say(lang, "miễn", "exempt"),
                };
                rows.push(vec![
                    target(at, line, lang),
                    Value::text(&unit.code),
                    Value::text(unit.short.get(lang)),
                    Value::Day(part.first),
                    Value::Day(part.last),
                    value(cell.amount.as_ref()),
                    met,
                    of,
                    Value::text(why),
                ]);
            }
        }
    }
    Sheet { name: name(lang, "Theo tháng", "By month"), heads: columns, fixed: 3, rows }
}

/// One line a group.
pub fn groups(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Chỉ tiêu", "Target", 36.0),
            ("Theo", "By", 22.0),
            ("Mã", "Code", 18.0),
            ("Nhóm", "Group", 44.0),
            ("Được tính", "Counted", 12.0),
            ("Đạt yêu cầu", "Met", 12.0),
            ("Tỷ lệ", "Share", 12.0),
        ],
    );
    let mut rows = Vec::new();
    for ((at, line), detail) in report.board.targets.iter().enumerate().zip(&report.details) {
        for groups in &detail.groups {
            let unknown = Some(&groups.unknown).filter(|group| group.counted > 0);
            for group in groups.rows.iter().chain(unknown) {
                rows.push(vec![
                    target(at, line, lang),
                    Value::text(&groups.label),
                    Value::text(group.code.as_deref().unwrap_or_default()),
                    Value::text(&group.name),
                    Value::integer(group.counted),
                    group.met.map_or(Value::Empty, |met| records(report, line, met)),
                    group
                        .met
                        .filter(|met| !report.hides(&line.kind, *met))
                        .map_or(Value::Empty, |met| Value::Share(met, group.counted)),
                ]);
            }
        }
    }
    Sheet { name: name(lang, "Theo nhóm", "By group"), heads: columns, fixed: 1, rows }
}

/// One line a day.
pub fn days(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns =
        heads(lang, &[("Chỉ tiêu", "Target", 36.0), ("Ngày", "Day", 12.0), ("Số bản ghi", "Records", 12.0)]);
    let mut rows = Vec::new();
    for ((at, line), detail) in report.board.targets.iter().enumerate().zip(&report.details) {
        for (day, count) in detail.days.iter().flat_map(|days| &days.days) {
            rows.push(vec![target(at, line, lang), Value::Day(*day), records(report, line, *count)]);
        }
    }
    Sheet { name: name(lang, "Theo ngày", "By day"), heads: columns, fixed: 1, rows }
}

/// One line a pair of terms: the time allowed, the time used, and how many records.
pub fn terms(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Chỉ tiêu", "Target", 36.0),
            ("Thời hạn", "Allowed", 12.0),
            ("Đã dùng", "Used", 12.0),
            ("Tính bằng", "Counted in", 18.0),
            ("Số bản ghi", "Records", 12.0),
        ],
    );
    let mut rows = Vec::new();
    for ((at, line), detail) in report.board.targets.iter().enumerate().zip(&report.details) {
        if let Some(terms) = &detail.terms {
            rows.extend(terms.pairs.iter().map(|(allowed, used, records)| {
                vec![
                    target(at, line, lang),
                    Value::integer(*allowed),
                    Value::integer(*used),
                    Value::text(&terms.unit),
                    self::records(report, line, *records),
                ]
            }));
        }
    }
    Sheet { name: name(lang, "Thời hạn", "Terms"), heads: columns, fixed: 1, rows }
}

/// Targets, named conditions, kinds and calendars, exactly.
pub fn definitions(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Là", "What", 16.0),
            ("Mã", "Id", 24.0),
            ("Nội dung", "Words", 80.0),
            ("Từ ngày", "From", 12.0),
            ("SHA-256", "SHA-256", 68.0),
        ],
    );
    let mut rows = Vec::new();
    for (line, detail) in report.board.targets.iter().zip(&report.details) {
        for rule in &detail.rules {
            let exact: Vec<String> =
                rule.exact.iter().map(|(name, text)| format!("{name} = {text}")).collect();
            rows.push(vec![
                Value::text(say(lang, "chỉ tiêu", "target")),
                Value::text(&line.target),
                Value::text(format!("{}\n{}", line.name.get(lang), exact.join("\n"))),
                Value::Empty,
                Value::text(&line.digest),
            ]);
        }
    }
    for definition in &report.definitions {
        rows.push(vec![
            Value::text(say(lang, "định nghĩa", "definition")),
            Value::text(&definition.id),
            Value::text(&definition.text),
            definition.from.map_or(Value::Empty, Value::Day),
            Value::Empty,
        ]);
    }
    for kind in &report.kinds {
        rows.push(vec![
            Value::text(say(lang, "loại dữ liệu", "kind")),
            Value::text(&kind.id),
            Value::text(format!("{}: {}", kind.name, kind.meaning)),
            Value::Empty,
            Value::text(&kind.digest),
        ]);
    }
    for calendar in &report.calendars {
        rows.push(vec![
            Value::text(say(lang, "lịch làm việc", "calendar")),
            Value::text(&calendar.id),
            Value::text(&calendar.version),
            Value::Empty,
            Value::text(&calendar.digest),
        ]);
    }
    Sheet { name: name(lang, "Định nghĩa", "Definitions"), heads: columns, fixed: 2, rows }
}

/// Record files and what became of their rows.
pub fn files(report: &Report) -> Sheet {
    let lang = report.lang;
    let columns = heads(
        lang,
        &[
            ("Tệp", "File", 44.0),
            ("Loại dữ liệu", "Kind", 16.0),
            ("Dòng đọc", "Rows read", 12.0),
            ("Nhận", "Accepted", 12.0),
            ("Từ chối", "Rejected", 12.0),
            ("Không phải bản ghi", "No records", 12.0),
        ],
    );
    let rows = report.files.iter().map(|file| {
        let mut row = vec![Value::text(&file.path), Value::text(&file.kind)];
        row.extend([file.read, file.accepted, file.rejected, file.skipped].map(Value::integer));
        row
    });
    Sheet { name: name(lang, "Tệp dữ liệu", "Files"), heads: columns, fixed: 1, rows: rows.collect() }
}
